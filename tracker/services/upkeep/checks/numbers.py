"""Has every running number its first fact, and has the counter counted them all?"""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from tracker.domain.cases.fact_kinds import NumberFacts
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.identifiers import format_case_number
from tracker.domain.house.say import Say
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.domain.upkeep.series import Range, holes, unexplained
from tracker.services.house.faults import Fault, RowFault
from tracker.services.house.work import Work
from tracker.storage.upkeep import numbers
from tracker.storage.upkeep.numbers import ACT, FILING, PAPER

WORDS = {"case": "案件", "import": "导入批次", ACT: "联动事项", FILING: "销号文号", PAPER: "发文字号"}


def number_troubles(session: Session) -> Iterator[Fault]:
    """Every number of a series that nothing begins with, and every counter that stands behind what was given out."""
    given, lasts, skipped = numbers.first_facts(session), numbers.last_numbers(session), numbers.skipped(session)
    for series in sorted(given.keys() | lasts.keys()):
        known, last = given.get(series, set()), lasts.get(series, 0)
        for number in unexplained(holes(known, last), skipped.get(series, ())):
            yield RowFault(_number_text(series, number), "没有登记记录")
        kind, _, year = series.partition(":")
        if kind != FILING and max(known, default=0) > last:  # the number of a closing may also be typed
            yield Fault(Say("{word} {year}", word=Say(WORDS[kind]), year=year.rpartition(":")[2]),
                        Say("{count} 件，编号到 {last}", count=len(known), last=last))


def state_skipped_numbers(work: Work, migration: str) -> None:
    """What is missing of the series by the day of an upgrade was given out elsewhere: from then on nothing may be missing."""
    given, lasts, skipped = numbers.first_facts(work.session), numbers.last_numbers(work.session), numbers.skipped(work.session)
    for series, last in lasts.items():
        for first, end in _ranges_of(unexplained(holes(given.get(series, set()), last), skipped.get(series, ()))):
            work.record("numbers", NumberFacts.skipped, OPERATOR,
                        {"series": series, "first": first, "last": end, "migration": migration})


def _ranges_of(missing: Iterator[int]) -> Iterator[Range]:
    first = end = 0
    for number in missing:
        if first and number != end + 1:
            yield first, end
        first, end = (number if not first or number != end + 1 else first), number
    if first:
        yield first, end


def _digits_of(prefix: str) -> int:
    return next((flow.digits for flow in ACT_FLOWS.values() if flow.prefix == prefix), 4)


def _number_text(series: str, number: int) -> str:
    kind, _, year = series.partition(":")
    if kind == ACT:
        prefix, _, year = year.partition(":")
        return f"{prefix}-{year}-{number:0{_digits_of(prefix)}d}"
    if kind in (FILING, PAPER):
        area, _, year = year.partition(":")
        return Say("{word}（{area}）{year} 年第 {number} 号", word=Say(WORDS[kind]), area=area, year=year, number=number)
    return format_case_number(int(year), number) if kind == "case" else f"IMP-{year}-{number:04d}"
