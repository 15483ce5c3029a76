"""What an appraisal prints: the scores, what was taken and why, what was earned, what bars a grade, what appeals corrected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tracker.domain.house.links import to_case
from tracker.domain.reports.appraisal.groups import RankingGroups
from tracker.domain.reports.appraisal.lines import AppraisalLine
from tracker.domain.reports.appraisal.scores import ZERO, PlacedUnit, Placing, Taken, UnitScore
from tracker.domain.reports.appraisal.scoring_rules import MEANINGS, AppraisalRules
from tracker.domain.reports.beside.duties import owed_sections
from tracker.domain.reports.counting import NO_RATE, CaseCount
from tracker.domain.reports.document import Cell, Chart, Column, Document, Figure, Section, Table
from tracker.domain.reports.imprint import counted_between, foot, leader
from tracker.domain.reports.inputs import Inputs
from tracker.domain.rules.periods import Period

LISTED = 10  # so many numbers stand in the summary; all of them stand in the list
# The tables that an appeal may cite a line of; they begin with the same columns.
DEDUCTIONS, VETOES = "扣分清单", "一票否决清单"
SCORES, UNRANKED = "得分汇总", "不排名的单位"
CITED = (Column("条款", width=6), Column("规则", width=14), Column("单位代码", width=10), Column("单位", width=16),
         Column("案件编号", "case", 16), Column("记录序号", "number", 6), Column("事实日期", "date", 10))


@dataclass(frozen=True)
class Quarter:
    """A quarter's scores beside the year's, by unit."""

    period: Period
    totals: Mapping[int, Decimal]


@dataclass(frozen=True)
class Corrected:
    """An upheld appeal against an earlier report, as the inputs have it."""

    period: str
    appeal: Mapping[str, Any]


@dataclass(frozen=True)
class Appraised:
    """All that was counted."""

    rules: AppraisalRules
    groups: RankingGroups
    scores: Mapping[int, UnitScore]
    placing: Placing
    quarters: tuple[Quarter, ...]
    notes: tuple[str, ...]
    corrected: tuple[Corrected, ...]
    marked: Callable[[str], str]


def document(name: str, inputs: Inputs, found: Appraised) -> Document:
    """The whole appraisal."""
    printed = _Printed(inputs, found)
    word = f"{inputs.period.word}{'度考核' if name == 'annual' else '考核'}"
    return Document(
        name=name, period=inputs.period.key, area_code=inputs.area_code, title=f"{inputs.area_name}生态环境问题整改{word}",
        subtitle=counted_between(inputs), as_of=inputs.window.cuts.isoformat(),
        sections=(printed.summary(), printed.deductions(), printed.bonus(), printed.vetoes(), printed.appeals(),
                  *owed_sections(inputs), printed.method()),
        cases=printed.cases(), foot=(*foot(inputs), f"考核规则版本：{found.rules.version}"))


class _Printed:
    """The parts of one document."""

    def __init__(self, inputs: Inputs, found: Appraised) -> None:
        self.inputs, self.found, self.rules = inputs, found, found.rules
        self.ordered = sorted(found.scores.values(), key=lambda each: self.code(each.unit_id))
        self.numbers = {clause.code: place for place, clause in enumerate(self.rules.clauses.values())}

    def code(self, unit_id: int) -> str:
        """A unit's code."""
        return self.inputs.units[str(unit_id)][0]

    def unit(self, unit_id: int) -> str:
        """A unit's name."""
        return self.inputs.units[str(unit_id)][1]

    # --- the scores -------------------------------------------------------------------------------------------------------

    def summary(self) -> Section:
        """Head figures, the table of scores, and who had nothing to be scored by."""
        paragraphs = ["满分 100 分；得分 = 各部分剩余分之和 + 加分，保留两位小数，最多 100 分；本期没有可计分事项的部分不计，其余部分折算成百分。"
                      f"本次参加排名的单位 {len(self.found.placing.ranked)} 个，分组排名。只给单位计分，不给个人计分。"]
        if self.found.quarters:
            paragraphs.append("第一至第三季度得分按现行规则和已成立的申诉由账本重算，列在年度得分旁供对照；第四季度计入年度，不单列。")
        return Section("考核结果", (*paragraphs, *self.found.notes), self._case_figures(),
                       (*self._score_tables(), self._unranked_table()), self._deduction_charts())

    def _case_figures(self) -> tuple[Figure, ...]:
        cases = self.cases()
        words = {
            "scored": ("参评案件", "本期内由单位主办、未销号的案件；一件先后由两个单位主办的，只计一次。并案件随主案，移送、不予受理、作废的和导入的历史案件不参评"),
            "deducted": ("有扣分的案件", "扣分清单中的案件，一件多次扣分的只计一次"),
            "earned": ("有加分的案件", "加分清单中的案件"), "vetoed": ("一票否决涉及案件", "一票否决清单中的案件"),
            "waived": ("申诉成立免扣的案件", "申诉成立，本期不再扣分的案件"),
        }
        return tuple(Figure(key, word, len(cases[key]), meaning) for key, (word, meaning) in words.items())

    def _score_tables(self) -> Iterator[Table]:
        """A table for each group; one without rows where nobody is ranked."""
        for word, placed in self.found.placing.groups.items():
            yield self._score_table(f"{SCORES}：{word}", placed)
        if not self.found.placing.groups:
            yield self._score_table(SCORES, ())

    def _score_table(self, title: str, placed: tuple[PlacedUnit, ...]) -> Table:
        parts = tuple(Column(f"{part.word}（{part.points:f}）", "score", 10) for part in self.rules.components)
        quarters = tuple(Column(f"第{(each.period.first.month + 2) // 3}季度", "score", 8) for each in self.found.quarters)
        columns = (Column("名次", "number", 5), Column("单位代码", width=10), Column("单位", width=16), Column("主办件数", "number", 8),
                   *parts,
                   Column("加分", "score", 7), Column("得分", "score", 8), Column("扣分", "score", 8), Column("等次", width=8), *quarters)
        rows = tuple(self._score_row(each) for each in placed)
        return Table(title, columns, rows, note="得分相同的名次并列；“—”为没有可计分事项的部分。主办件数按单位分别计，一件先后由两个单位主办的各计一次。")

    def _score_row(self, each: PlacedUnit) -> tuple[Cell, ...]:
        score = each.score
        quarters = [_points_text(quarter.totals.get(score.unit_id)) for quarter in self.found.quarters]
        grade = score.grade.word + ("（否决）" if score.vetoes else "")
        return (each.place, self.code(score.unit_id), self.unit(score.unit_id), CaseCount(score.led),
                *map(_points_text, score.parts),
                _points_text(score.bonus), _points_text(score.total), _points_text(score.lost), grade, *quarters)

    def _unranked_table(self) -> Table:
        """Units that are listed and not ranked, each with its reason; the score is told, no grade."""
        columns = (Column("单位代码", width=10), Column("单位", width=18), Column("主办件数", "number", 8), Column("得分", "score", 8),
                   Column("不排名的原因", width=18))
        rows = tuple((self.code(each.unit_id), self.unit(each.unit_id), CaseCount(each.score.led if each.score else ()),
                      _points_text(each.score.total if each.score and each.score.led else None), each.why)
                     for each in self.found.placing.unranked)
        return Table(UNRANKED, columns, rows, note="得分供参考，不评等次。" if rows else "")

    def _deduction_charts(self) -> tuple[Chart, ...]:
        counts = {clause.word: 0 for clause in self.rules.deductions}
        for taken in self._taken_lines():
            counts[taken.clause.word] += 1
        rows = [(word, number) for word, number in counts.items() if number]
        if not rows:
            return ()
        return (Chart(leader("扣分条数", rows, "条"), "bars", tuple(word for word, _ in rows), (("条数", tuple(n for _, n in rows)),)),)

    # --- what was taken and earned ----------------------------------------------------------------------------------------

    def deductions(self) -> Section:
        """The sums by unit and clause, then every line with its case, date and number of record."""
        lines = sorted(self._taken_lines(), key=lambda each: (self.code(each.line.unit_id), self.numbers[each.clause.code],
                                                              each.line.order))
        rows = tuple((*self._cited_cells(each.line), _points_text(each.points), "本部分已扣完" if each.is_cut else "")
                     for each in lines)
        total: tuple[Cell, ...] = ("合计", "", "", "", "", None, "", _points_text(sum((each.points for each in lines), ZERO)), "")
        listed = Table(DEDUCTIONS, (*CITED, Column("扣分", "score", 7), Column("说明", width=12)), rows, total if rows else (),
                       "记录序号是案件账本中该事实的序号；案件中途换单位的，扣事实发生时的主办单位。", tuple(to_case(e.line.number) for e in lines))
        paragraphs = () if rows else ("本期没有扣分。",)
        return Section("扣分", paragraphs, tables=(self._sums_table(lines), listed))

    def _sums_table(self, lines: Iterable[Taken]) -> Table:
        groups: dict[tuple[int, str], list[Taken]] = defaultdict(list)
        for each in lines:
            groups[each.line.unit_id, each.clause.code].append(each)
        rows = []
        for (unit_id, _), group in groups.items():
            clause, numbers = group[0].clause, list(dict.fromkeys(each.line.number for each in group))
            shown = "、".join(numbers[:LISTED]) + (f"等 {len(numbers)} 件，见扣分清单" if len(numbers) > LISTED else "")
            rows.append((self.code(unit_id), self.unit(unit_id), clause.number, clause.word,
                         CaseCount(each.line.number for each in group),
                         _points_text(group[0].due),
                         _points_text(sum((each.points for each in group), ZERO)), shown))
        columns = (Column("单位代码", width=10), Column("单位", width=16), Column("条款", width=6), Column("规则", width=14),
                   Column("条数", "number", 6),
                   Column("每条扣分", "score", 8), Column("扣分", "score", 8), Column("案件", width=40))
        return Table("扣分汇总", columns, tuple(rows))

    def bonus(self) -> Section:
        """Every case that earned something."""
        lines = [taken for score in self.ordered for taken in score.earned]
        rows = tuple((*self._cited_cells(each.line), _points_text(each.points), "加分已到上限" if each.is_cut else "")
                     for each in lines)
        table = Table("加分清单", (*CITED, Column("加分", "score", 7), Column("说明", width=12)), rows,
                      links=tuple(to_case(e.line.number) for e in lines))
        return Section("加分", () if rows else ("本期没有加分。",), tables=(table,) if rows else ())

    def vetoes(self) -> Section:
        """What bars a grade, whatever the score."""
        lines = [line for score in self.ordered for line in score.vetoes]
        caps = {veto.clause.code: self.rules.grade_named(veto.cap).word for veto in self.rules.vetoes}
        rows = tuple((*self._cited_cells(line), f"不高于{caps[line.rule]}", line.told or self.found.marked(line.number))
                     for line in lines)
        table = Table(VETOES, (*CITED, Column("等次", width=10), Column("依据", width=24)), rows)
        return Section("一票否决", () if rows else ("本期没有一票否决事项。",), tables=(table,) if rows else ())

    def appeals(self) -> Section:
        """Lines that are not held against the unit any more, and corrections of earlier reports."""
        rows = [(*self._cited_cells(line), self.inputs.period.word, self._waived_told(line)) for line in self._waived_lines()]
        for each in self.found.corrected:
            said = each.appeal
            effect = f"该期应加回{said['points']}分" if said["points"] else "该期不应作否决"
            rows.append((said["clause"], said["word"], self.code(said["unit_id"]), self.unit(said["unit_id"]), said["number"],
                         said["seq"] or None,
                         said["on"], each.period, effect))
        table = Table("申诉更正", (*CITED, Column("所属期", width=12), Column("更正", width=16)), tuple(rows), note="已公布的考核不改动，更正列入下一期。")
        return Section("申诉更正", () if rows else ("截至统计时没有成立的申诉。",), tables=(table,) if rows else ())

    def method(self) -> Section:
        """The rules themselves, as they were in force."""
        parts = {part.code: part for part in self.rules.components}
        rows: list[tuple[Cell, ...]] = [(clause.number, parts[clause.component].word, clause.word, clause.told,
                                         MEANINGS[clause.code])
                                        for clause in self.rules.deductions]
        if bonus := self.rules.bonus:
            rows.append((bonus.clause.number, "加分", bonus.clause.word, f"每件加{bonus.clause.points}分，最多{bonus.most}分",
                         f"{MEANINGS[bonus.clause.code]}：{bonus.days}日"))
        rows += [(v.clause.number, "一票否决", v.clause.word, f"等次不高于{self.rules.grade_named(v.cap).word}", MEANINGS[v.clause.code])
                 for v in self.rules.vetoes]
        columns = (Column("条款", width=6), Column("部分", width=10), Column("规则", width=14), Column("分值", width=14),
                   Column("口径", width=40))
        grades = "；".join(f"{grade.word} {grade.least} 分起" for grade in self.rules.grades)
        said = (f"等次：{grades}。各部分扣完为止，按事实日期先后扣。按比例扣的，每条所占比例 = 1 ÷ 该单位主办件数，每条扣分保留两位小数。"
                "同一事实申诉成立后不再扣分。")
        return Section("计分规则", (said, self.found.groups.method("本期主办", "led"), f"规则版本：{self.rules.version}"),
                       tables=(Table("计分规则", columns, tuple(rows)),))

    # --- the cases behind the figures -------------------------------------------------------------------------------------

    def cases(self) -> dict[str, tuple[str, ...]]:
        """The numbers behind every figure, and behind every sum of a unit and a clause."""
        found: dict[str, list[str]] = {key: [] for key in ("scored", "deducted", "earned", "vetoed", "waived")}
        for score in self.ordered:
            code = self.code(score.unit_id)
            found["scored"] += found.setdefault(f"led:{code}", list(score.led))
            for key, taken in (("deducted", score.deducted), ("earned", score.earned)):
                for each in taken:
                    found[key].append(each.line.number)
                    found.setdefault(f"{key}:{code}:{each.clause.code}", []).append(each.line.number)
            for key, lines in (("vetoed", score.vetoes), ("waived", score.waived)):
                found[key] += [line.number for line in lines if line.number]
        return {key: tuple(sorted(set(numbers))) for key, numbers in found.items()}

    def _taken_lines(self) -> Iterator[Taken]:
        return (taken for score in self.ordered for taken in score.deducted)

    def _waived_lines(self) -> Iterator[AppraisalLine]:
        return (line for score in self.ordered for line in score.waived)

    def _waived_told(self, line: AppraisalLine) -> str:
        clause = self.rules.clauses[line.rule]
        if not clause.component:
            return "本期不作否决"
        return f"本期不扣{_points_text(clause.cost(len(self.found.scores[line.unit_id].led)))}分"

    def _cited_cells(self, line: AppraisalLine) -> tuple[Cell, ...]:
        clause = self.rules.clauses[line.rule]
        return (clause.number, clause.word, self.code(line.unit_id), self.unit(line.unit_id), line.number, line.seq or None,
                line.on.isoformat())


def _points_text(points: Decimal | None) -> str:
    return NO_RATE if points is None else f"{points:.2f}"
