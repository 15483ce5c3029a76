"""Figures of operations, interviews, controls and meetings."""

from sqlalchemy.orm import Session

from tracker.domain.reports.measures.counted import ACT, CASE, Asked, Behind, Found, Reckoned
from tracker.services.coordination import counts
from tracker.services.coordination.counts import ActCounts


def count_acts(session: Session, asked: Asked) -> Found:
    """By the facts of the day that is asked about."""
    return of_counts(counts.counted(session, asked.first, asked.last, area_code=asked.area_code, on=asked.on))


def of_counts(found: ActCounts) -> Found:
    """The same of what was counted already."""
    return {each.row.key: Reckoned(each.count, tuple(
        Behind(f"{CASE if each.row.counts_cases else ACT}{number}", amount) for number, amount in each.behind), each.out_of)
        for each in found.figures if each.count is not None}
