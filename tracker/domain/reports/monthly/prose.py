"""月通报: what an office writes in it – who is praised and who is criticised and why, what is wrong, and what is asked for next.

Composed from what was counted, and naming no case and no place: the text is mailed. A dispatcher may word it otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.domain.reports.appraisal.groups import RankingGroups
from tracker.domain.reports.counting import Rate
from tracker.domain.reports.monthly import ranking
from tracker.domain.reports.monthly.hot_spots import Spot
from tracker.domain.reports.monthly.matters import Named
from tracker.domain.reports.monthly.units import LAST_PLACES, Units
from tracker.domain.reports.rates import Mark

M = Mark
MOST_PRAISED, MOST_NAMED = 3, 5
ORDINALS = "一二三四五六七八九十"
NOBODY_JUDGED = "本月没有参加排名的单位，不作表扬和批评。"
NO_PROBLEM = "本月未发现突出问题。"
TO_CONTINUE = "抓紧办理在办案件。月末未销号的 {stock} 件，各责任单位要对照整改时限倒排工期，办结后及时报送核查、销号。"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, and what is asked for because of it."""

    problem: str
    demand: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What was counted of a month that the text speaks of."""

    counts: Mapping[Mark, int]
    overdue: Sequence[Named]
    spots: Sequence[Spot]
    spot_streets: Sequence[str]
    for_the_city: int

    def found(self) -> Iterator[Finding]:
        """What is wrong, the gravest first."""
        counts, complaints = self.counts, sum(len(spot.reports) for spot in self.spots)
        if self.overdue:
            named = _units_by_count(line.cells[2] for line in self.overdue)
            told, names = _listed_units([f"{unit} {count} 件" for unit, count in named]), _listed_units([unit for unit, _
                                                                                                        in named])
            yield Finding(f"超期未办结 {len(self.overdue)} 件，最长超期 {max(each.days for each in self.overdue)} 天，涉及{told}",
                          f"限期清理超期案件。{names}要逐件说明原因、倒排工期，整改完成前每周报送进展。")
        if missed := counts[M.due] - counts[M.on_time]:
            yield Finding(f"本月到期的 {counts[M.due]} 件中 {missed} 件没有按期办结，按期办结率 {_rate_told(counts, M.on_time, M.due)}",
                          "严守整改时限。确有困难的在到期前申请延期，不得逾期不报。")
        if counts[M.reworked]:
            yield Finding(f"整改质量不高，返工 {counts[M.reworked]} 件，返工率 {_rate_told(counts, M.reworked, M.concluded)}",
                          "提高整改质量。报送前对照整改标准逐项自查，不达标的不得报送。")
        if counts[M.reopened]:
            yield Finding(f"销号后反弹 {counts[M.reopened]} 件，已重开办理", "巩固整改成效。对已销号案件开展回头看，发现反弹的立即重开。")
        if self.spots:
            again = sum(spot.is_after_closing for spot in self.spots)
            more = f"，其中销号后再投诉 {again} 处" if again else ""
            yield Finding(f"投诉集中的点位和对象 {len(self.spots)} 处，涉及投诉 {complaints} 件{more}，"
                          f"主要在{'、'.join(self.spot_streets[:MOST_NAMED])}",
                          "化解投诉热点。有关街道（镇）和责任单位要到现场查明原因，一处一策，办理结果向反映人回访。")
        if self.for_the_city:
            yield Finding(f"需提请市级协调或正在督办 {self.for_the_city} 件", "用好协调和督办。承办单位要主动对接，逐件明确下一步措施。")


def problems(findings: Sequence[Finding]) -> str:
    """三、存在问题, in one paragraph."""
    if not findings:
        return NO_PROBLEM
    return "；".join(f"{ORDINALS[at]}是{each.problem}" for at, each in enumerate(findings)) + "。"


def demands(findings: Sequence[Finding], stock: int) -> tuple[str, ...]:
    """四、下一步要求, a paragraph for each."""
    asked = [each.demand for each in findings] + [TO_CONTINUE.format(stock=stock)] * bool(stock)
    return tuple(f"（{ORDINALS[at]}）{text}" for at, text in enumerate(asked)) or ("各责任单位要继续做好问题发现、整改和销号工作。",)


def verdicts(units: Units) -> tuple[str, ...]:
    """二、表扬与批评: of each group of the ranking the first and the last, each with the reasons; who lost nothing is not
    criticised."""
    parts = ranking.components(units.inputs.rules)
    ranked, _ = units.placed(parts, RankingGroups(units.inputs.rules))
    praised, blamed = list[str](), list[str]()
    for word, in_order in ranked.items():
        first = [each for each in in_order if each.place == 1 and not units.counts[_unit_of(each)][M.overdue]]
        praised += [_praise_words(units, word, first, parts)] if first else []
        blamed += [f"{each.contender.name}得 {each.score} 分，列{word}第 {each.place} 名，{why}"
                   for each in reversed(_last_of(units, in_order)) if (why := _faults_of(units, each, parts))]
    said = (f"表扬：{'；'.join(praised)}。" if praised else "", f"批评：{'；'.join(blamed)}。" if blamed else "")
    return tuple(filter(None, said)) or (NOBODY_JUDGED,)


def _last_of(units: Units, in_order: Sequence[ranking.PlacedContender]) -> list[ranking.PlacedContender]:
    """The last three of a group that is large enough for it; of a small one who is late."""
    last = [each for each in in_order[-LAST_PLACES:] if each.place != 1]
    return last if len(in_order) > 2 * LAST_PLACES else [each for each in last if units.counts[_unit_of(each)][M.overdue]]


def _units_by_count(units: Iterator[object]) -> list[tuple[str, int]]:
    """Units with how many each has, the one with most first."""
    return sorted(Counter(map(str, units)).items(), key=lambda pair: (-pair[1], pair[0]))


def _listed_units(told: Sequence[str]) -> str:
    return "、".join(told[:MOST_NAMED]) + ("等单位" if len(told) > MOST_NAMED else "")


def _praise_words(units: Units, word: str, first: Sequence[ranking.PlacedContender],
                  parts: Sequence[ranking.RankingComponent]) -> str:
    """Those in the first place, with how much they had to do and what they did in full."""
    names = "、".join(each.contender.name for each in first[:MOST_PRAISED])
    many = f"等 {len(first)} 个单位" if len(first) > MOST_PRAISED else ""
    rates = {part.word: [units.unit_rate(_unit_of(each), part.key) for each in first] for part in parts}
    full = [name for name, each in rates.items() if all(rate.numerator == rate.denominator for rate in each) and any(
        rate.denominator for rate in each)]
    due = sum(units.counts[_unit_of(each)][M.due] for each in first)
    why = f"本月到期 {due} 件，" + (f"{'、'.join(full)}{'均' if len(full) > 1 else ''}为 100%" if full else "没有超期")
    return f"{names}{many}得 {first[0].score} 分，{'并列' if len(first) > 1 else '列'}{word}第 1 名，{why}"


def _faults_of(units: Units, each: ranking.PlacedContender, parts: Sequence[ranking.RankingComponent]) -> str:
    """The parts of the score in which the unit lost points, those that cost most first, and what is late."""
    unit = _unit_of(each)
    rates = [(part, units.unit_rate(unit, part.key)) for part in parts]
    lost = [(part.weight * (100 - points), part.word, rate) for part, rate in rates
            if (points := rate.percent()) is not None and points < 100]
    said = [f"{word} {_rate_words(rate)}" for _, word, rate in sorted(lost, key=lambda each: -each[0])]
    if late := units.counts[unit][M.overdue]:
        said.append(f"月末超期 {late} 件")
    return "，".join(said)


def _unit_of(each: ranking.PlacedContender) -> int:
    return int(each.contender.key)


def _rate_words(rate: Rate) -> str:
    return f"{rate.text()}（{rate.numerator}/{rate.denominator}）"


def _rate_told(counts: Mapping[Mark, int], of: Mark, out_of: Mark) -> str:
    return _rate_words(Rate(counts[of], counts[out_of], ""))
