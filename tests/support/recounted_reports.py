"""Every frozen weekly and monthly report and every appraisal of a database counted again from its facts, number by number.

Nothing of the product is used: the file is read with sqlite3, states and marks come from `recount`, sums and scores from here.

    python -m tests.support.recounted_reports instance/xiaohao.db
"""

import json
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.support.lives import Fact, Lives
from tests.support.recount import CAN_BE_LATE, DONE, Life, known, month, week
from tests.support.recounted_scores import Scored, scores_of, weighed

MOVED = {"新增": "new", "销号": "closed", "并案": "merged", "移送": "transferred", "不予受理": "declined", "作废": "voided",
         "重开": "reopened", "撤销并案": "unmerged"}
NOBODY, NO_STREET, NO_TYPE = "未交办", "未填街道（镇）", "未分类"
EVENTS = {"submitted": "本周报送", "verified": "本周核查通过", "rejected": "本周核查不通过"}


@dataclass(frozen=True)
class Frozen:
    """One stored report: its text as JSON, its inputs as JSON, and the facts that were there."""

    name: str
    period: str
    area: str
    last_fact: int
    inputs: Mapping[str, Any]
    document: Mapping[str, Any]

    @property
    def cuts(self) -> datetime:
        """The end of what it counts."""
        return datetime.fromisoformat(self.inputs["window"][1])

    @property
    def opens(self) -> datetime:
        """The beginning of what it counts."""
        return datetime.fromisoformat(self.inputs["window"][0])

    def table(self, title: str) -> tuple[list[str], list[list[Any]], list[Any]]:
        """Heads, rows and total of a table; empty where the report has none of the title."""
        for section in self.document["sections"]:
            for each in section["tables"]:
                if each["title"] == title:
                    return [column["head"] for column in each["columns"]], each["rows"], each["total"]
        return [], [], []

    def by_name(self, title: str, at: int = 0) -> dict[str, dict[str, Any]]:
        """The rows of a table by what stands in one column, each as head and cell."""
        heads, rows, total = self.table(title)
        return {str(row[at]): dict(zip(heads, row, strict=True)) for row in [*rows, *([total] if total else [])]}

    def figures(self) -> dict[str, Mapping[str, Any]]:
        """The figures by their keys."""
        return {figure["key"]: figure for section in self.document["sections"] for figure in section["figures"]}


@dataclass
class Recount:
    """What was compared, and what differs."""

    compared: Counter[str] = field(default_factory=Counter)
    differing: list[str] = field(default_factory=list)

    def same(self, where: str, what: str, printed: Any, counted: Any) -> None:
        """Compare one number."""
        said = tuple(printed["rate"][:2]) if isinstance(printed, dict) and "rate" in printed else printed
        self.compared[where.partition(" ")[0]] += 1
        if said != counted:
            self.differing.append(f"{where}: {what} says {said}, the facts {counted}")


def stored(path: Path) -> tuple[dict[str, list[tuple[int, Fact]]], list[Frozen]]:
    """The facts of the cases with their places in the ledger, and the reports, as the file has them."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as opened:
        facts: dict[str, list[tuple[int, Fact]]] = defaultdict(list)
        for place, stream, seq, kind, at, body in opened.execute(
                "SELECT id, stream, seq, kind, at, body FROM facts WHERE stream LIKE 'case:%' ORDER BY stream, seq"):
            moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
            facts[stream.removeprefix("case:")].append((place, Fact(seq, kind, moment, json.loads(body))))
        reports = [Frozen(name, period, area, last, json.loads(inputs), json.loads(body)["document"])
                   for name, period, area, last, inputs, body in opened.execute(
                       "SELECT name, period, area_code, last_fact_id, inputs, body FROM reports ORDER BY id")]
    return facts, reports


def lives_of(facts: Mapping[str, list[tuple[int, Fact]]], report: Frozen) -> Lives:
    """What the ledger knew of the area's cases when the report was made."""
    told = {number: tuple(fact for place, fact in each if place <= report.last_fact) for number, each in facts.items()}
    return {number: each for number, each in told.items()
            if each and str(Life(number, each).value("jurisdiction")).startswith(report.area)}


def recounted(path: Path) -> Recount:
    """Every weekly and monthly report and every appraisal of a file."""
    found, (facts, reports) = Recount(), stored(path)
    for report in reports:
        counting = {"weekly": recount_week, "monthly": recount_month, "quarterly": recount_year,
                    "annual": recount_year}.get(report.name)
        if counting is not None:
            counting(found, report, lives_of(facts, report))
    return found


# --- the week -------------------------------------------------------------------------------------------------------------


def recount_week(found: Recount, report: Frozen, lives: Lives) -> None:
    """The balance, what each unit has to do, and the splits."""
    where, figures = f"weekly {report.period}", report.figures()
    district, units = week(lives, report.opens, report.cuts)
    for key in ("opening", *MOVED.values(), "closing"):
        found.same(where, key, figures[key]["value"], district[key])
    names = {int(key): unit[1] for key, unit in report.inputs["units"].items()} | {0: NOBODY}
    balance = report.by_name("存量平衡表（件）")
    for unit, name in names.items():
        row = balance.get(name, {"上周存量": 0, "本周存量": 0})
        found.same(where, f"{name} opening", row["上周存量"], units["opening"][unit])
        found.same(where, f"{name} closing", row["本周存量"], units["closing"][unit])
    stock = [case for case in known(lives, report.cuts) if case.is_stock()]
    _compare_work(found, report, where, stock, known(lives, report.cuts), names)
    _compare_splits(found, report, where, stock)


def _light_of(case: Life, report: Frozen) -> str:
    due, today = case.on("due_on"), date.fromisoformat(report.inputs["today"])
    if due is None or case.state() not in CAN_BE_LATE or due > date.fromisoformat(report.inputs["due_soon_until"]):
        return ""
    return "超期" if due < today else "临期"


def _compare_work(found: Recount, report: Frozen, where: str, stock: list[Life], every: list[Life],
                  names: dict[int, str]) -> None:
    work: dict[str, Counter[int]] = defaultdict(Counter)
    for case in stock:
        lead, state = case.value("lead_unit_id") or 0, case.state()
        work["阶段性办结" if state == "阶段性" else "已办结待销号" if state in DONE else "未办结"][lead] += 1
        work[_light_of(case, report)][lead] += 1
        work["协办（按单位计）"].update(case.value("supporting_unit_ids") or ())
    for case in every:
        for at, fact in enumerate(case.facts):
            if fact.at >= report.opens and (head := EVENTS.get(fact.kind.removeprefix("case:"))):
                work[head][Life(case.number, case.facts[:at + 1]).value("lead_unit_id") or 0] += 1
    table = report.by_name("分单位办理情况")
    for head in ("未办结", "阶段性办结", "已办结待销号", "临期", "超期", *EVENTS.values(), "协办（按单位计）"):
        for unit, name in names.items():
            found.same(where, f"{name} {head}", table.get(name, {}).get(head, 0), work[head][unit])
        found.same(where, f"合计 {head}", table.get("合计", {}).get(head, 0), sum(work[head].values()))


def _compare_splits(found: Recount, report: Frozen, where: str, stock: list[Life]) -> None:
    inputs = report.inputs
    of: dict[str, Any] = {
        "按来源": lambda case: [inputs["sources"][str(case.value("source_id"))][1]],
        "按区域": lambda case: [inputs["areas"].get(code, code or "未填区域") for code in [(case.value("area_code") or "")[:9]]],
        "按问题类型": lambda case: [inputs["categories"].get(each, NO_TYPE) for each in case.value("categories") or [""]],
    }
    for title, names in of.items():
        closing, late = (Counter(name for case in cases for name in names(case))
                         for cases in (stock, [case for case in stock if _light_of(case, report) == "超期"]))
        table = report.by_name(title)
        for name in {*closing, *table} - {"案件数"}:
            found.same(where, f"{title} {name} stock", table.get(name, {}).get("本周存量", 0), closing[name])
            found.same(where, f"{title} {name} late", table.get(name, {}).get("超期", 0), late[name])


# --- the month ------------------------------------------------------------------------------------------------------------


def recount_month(found: Recount, report: Frozen, lives: Lives) -> None:
    """Every figure beside those of the month before and the year before, the splits, the units, the late ones, the ranking."""
    where, first = f"monthly {report.period}", date.fromisoformat(f"{report.period}-01")
    months = [month(lives, report.cuts, begun, last) for begun, last in _months_of(first)]
    figures, now = report.figures(), months[0]
    counted = [each.figures() for each in months]
    for key, value in counted[0].items():
        found.same(where, key, figures[key]["value"], value)
        found.same(where, f"{key} before", figures[key]["before"], counted[1][key])
        found.same(where, f"{key} a year before", figures[key]["year_before"], counted[2][key])
    areas, types = report.inputs["areas"], report.inputs["categories"]
    streets = {"按街道（镇）": lambda case: [areas.get(code, code) if code else NO_STREET for code in [_street_of(case)]],
               "按问题类型": lambda case: [types.get(each, NO_TYPE) for each in case.value("categories") or [""]]}
    for title, of in streets.items():
        parts = [each.split(of) for each in months]
        for name, row in report.by_name(title).items():
            for head, part in zip(("本月", "上月", "去年同月"), parts, strict=True):
                if name != "案件数":
                    found.same(where, f"{title} {name} {head}", row[head], part[name])
    late = {case.number: (now.last - day).days for case in now.cases if now.is_overdue(case)
            and (day := now.at_end(case).on("due_on"))}
    found.same(where, "late by name and days", {number: row["超期天数"] for number, row in
                                                 report.by_name("超期案件名单").items()}, late)
    _compare_units(found, report, where, now)


def _months_of(first: date) -> Iterator[tuple[date, date]]:
    for begun in (first, (first - timedelta(days=1)).replace(day=1), first.replace(year=first.year - 1)):
        yield begun, (begun + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _street_of(case: Life) -> str:
    code = case.value("area_code") or ""
    return code[:9] if len(code) >= 9 else ""


def _compare_units(found: Recount, report: Frozen, where: str, now: Any) -> None:
    heads = ("主办", "月末已办结", "阶段性办结", "月末已销号", "另列", "月末超期")
    table, ranked = report.by_name("责任单位办理情况"), dict[str, list[tuple[str, str, str, int]]]()
    for key, (_, name, kind) in report.inputs["units"].items():
        for head, value in zip(heads, now.of_unit(int(key)), strict=True):
            if name in table:
                found.same(where, f"{name} {head}", table[name][head], value)
        rates = _figures_of_unit(now, int(key))
        group = next((row for row in report.inputs["rules"]["ranking_groups"] if row["kind"] == kind), None)
        score, measured = weighed(rates, report.inputs["rules"]["ranking_weights"])
        if group and rates["on_time"][1] >= group["due"] and measured * 2 >= 1:
            ranked.setdefault(group["group"], []).append((name, score, "", rates["on_time"][1]))
    for group, units in ranked.items():
        printed = {name: (row["本月到期"], row["得分"]) for name, row in report.by_name(f"{group}排名", 1).items()}
        found.same(where, f"{group} ranked", printed, {name: (due, score) for name, score, _, due in units})


def _figures_of_unit(now: Any, unit: int) -> dict[str, Any]:
    led = tuple(case for case in now.cases if (now.at_end(case).value("lead_unit_id") or 0) == unit)
    figures: dict[str, Any] = type(now)(led, now.first, now.last).figures()
    return figures


# --- the year -------------------------------------------------------------------------------------------------------------


def recount_year(found: Recount, report: Frozen, lives: Lives) -> None:
    """What every unit led, lost and earned, its score, and its place."""
    where = f"{report.name} {report.period}"
    scores = scores_of(report.inputs, known(lives, report.cuts), report.opens, report.cuts)
    names = {int(key): unit[1] for key, unit in report.inputs["units"].items()}
    printed: dict[str, dict[str, Any]] = {}
    for section in report.document["sections"]:
        for table in section["tables"]:
            if table["title"].startswith("得分汇总") or table["title"] == "不排名的单位":
                printed |= report.by_name(table["title"], [column["head"] for column in table["columns"]].index("单位"))
    for unit, each in scores.items():
        row = printed.get(names[unit], {})
        found.same(where, f"{names[unit]} led", row.get("主办件数"), len(each.led))
        if "名次" in row:
            found.same(where, f"{names[unit]} points", (row["加分"], row["得分"], row["扣分"]), (each.earned, each.total, each.lost))
            parts = [row[f"{part['word']}（{part['points']:.2f}）"]
                     for part in report.inputs["rules"]["appraisal_rules"]["components"]]
            found.same(where, f"{names[unit]} parts", parts, each.parts)
            found.same(where, f"{names[unit]} place", row["名次"],
                       _place_of(each, [other for key, other in scores.items() if "名次" in printed.get(names[key], {})]))
    listed = {(row[1], row[3], row[4], row[5], row[6]) for row in report.table("扣分清单")[1]}
    for line in listed | set(_lines_of(report, scores, names)):
        found.same(where, f"{line} listed", line in listed, line in set(_lines_of(report, scores, names)))


def _place_of(each: Scored, ranked: Iterable[Scored]) -> int:
    """One more than there are better ones in the same group."""
    return 1 + sum(float(other.total) > float(each.total) for other in ranked if other.group == each.group)


def _lines_of(report: Frozen, scores: Mapping[int, Scored], names: Mapping[int, str]) -> Iterator[tuple[Any, ...]]:
    words = {row["code"]: row["word"] for row in report.inputs["rules"]["appraisal_rules"]["deductions"]}
    for unit, each in scores.items():
        yield from ((words[rule], names[unit], number, seq, str(on)) for on, number, seq, rule in each.lines if rule in words)


if __name__ == "__main__":
    result = recounted(Path(sys.argv[1]))
    sys.stdout.writelines(f"{line}\n" for line in result.differing)
    told = ", ".join(f"{name} {number}" for name, number in result.compared.items())
    sys.stdout.write(f"{told} numbers compared, {len(result.differing)} differ\n")
    sys.exit(bool(result.differing))
