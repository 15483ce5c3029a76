"""Figures of the six works."""

from sqlalchemy.orm import Session

from tracker.domain.cases.works.counting import FailedItem, FirstPass, WorkLine, WorksCount
from tracker.domain.cases.works.items import STANDARDS
from tracker.domain.reports.measures.counted import CASE, Asked, Behind, Found, Part, Reckoned, number_of, rate_of
from tracker.domain.territory.routing import WORKS
from tracker.services.cases.works.counts import counted_works

BY_WORK, BY_ITEM = "按整治内容", "按项目"


def count_works(session: Session, asked: Asked) -> Found:
    """Of the verifications in the area."""
    found = counted_works(asked.first, asked.last, asked.area_code, asked.on)
    if not found.has_records:
        return {}
    lines = {_line_name(line): line for line in found.lines}
    return {
        "works.cases": number_of(_streams_of(found.whole.numbers), parts=tuple(
            Part(BY_WORK, name, number_of(_streams_of(line.first_pass.numbers))) for name, line in lines.items())),
        "works.first_pass": _passed_at_once(found.whole, tuple(
            Part(BY_WORK, name, _passed_at_once(line.first_pass)) for name, line in lines.items())),
        "works.score": Reckoned(None, parts=tuple(Part(BY_WORK, name, _mean_score(line)) for name, line in lines.items()),
                               behind=tuple(Behind(each) for each in sorted({
                                   CASE + case for line in found.lines for case in line.scored_cases}))),
        "works.failed": number_of(_failing_cases(found), parts=tuple(
            Part(BY_ITEM, f"{name} {each.item.text}", _failed_item(each))
            for name, line in lines.items() for each in line.failed))}


def _failing_cases(found: WorksCount) -> list[str]:
    """The cases in which an item failed, once for each time."""
    return [CASE + case for line in found.lines for each in line.failed for case in each.cases]


def _line_name(line: WorkLine) -> str:
    return f"{STANDARDS[line.standard]} {WORKS[line.work]}"


def _streams_of(numbers: frozenset[str]) -> list[str]:
    return [CASE + number for number in sorted(numbers)]


def _passed_at_once(found: FirstPass, parts: tuple[Part, ...] = ()) -> Reckoned:
    return rate_of(_streams_of(found.passed_numbers), _streams_of(found.numbers), parts=parts)


def _mean_score(line: WorkLine) -> Reckoned:
    return Reckoned(line.mean, tuple(Behind(CASE + case) for case in line.scored_cases))


def _failed_item(found: FailedItem) -> Reckoned:
    return Reckoned(found.failed, tuple(Behind(CASE + case) for case in found.cases), found.asked)
