"""One fixed district, and what each builder says of it."""

from datetime import date

from tests.support.lives import LATER, UNREAD, lives, stories_of
from tests.support.stories import inputs_for
from tracker.domain.reports.document import Document
from tracker.domain.reports.kinds import Report
from tracker.domain.rules.periods import PeriodKind

PERIODS = {PeriodKind.day: "2026-03-25", PeriodKind.week: "2026-W12", PeriodKind.month: "2026-03", PeriodKind.quarter: "2026-Q1",
           PeriodKind.year: "2026"}
DISTRICT = lives(7, 240, [date(2026, 1, 1), date(2025, 2, 10)], 90, UNREAD | LATER)
MET = ({"unit": 1, "due": 12, "on_time": 10, "waived": 1}, {"unit": 2, "due": 3, "on_time": 3, "waived": 0},
       {"section": "JJ-01", "name": "京九线JJ-01段", "due": 8, "on_time": 7, "waived": 0},
       {"programme": "GH-2026-0001", "plan": "40.0", "actual": "32.5", "drift": "-7.5", "red": 1})
# Of a meeting what a case, an act and an item without a number waits for; the second stands on an agenda.
WAITING = tuple({"key": key, "since_on": "2026-03-02", "days": 18, "listed": listed,
                 "reasons": [{"why": why, "position": position, "unit_id": position} for why, position in reasons]}
                for key, listed, reasons in (("case:X0001", "", (("disputed", 0), ("deferred", 0))),
                                             ("act:HY-2026-0001", "HY-2026-0002", (("overdue", 1), ("overdue", 2))),
                                             ("HY-2026-0001/3", "", (("deferred", 0),))))
HERE = {f"X{index:04d}": (28.66 + index % 7 / 100, 115.88) for index in range(240)}


def of_the_district(report: Report) -> Document:
    """The report of the fixed district; the places and reporters are few, so that there are hot spots."""
    inputs = inputs_for(
        PERIODS[report.beat.kind], report.beat.id, points=HERE, reporters={f"X{index:04d}": index % 9 for index in range(60)},
        met=MET if report.tells_met else (), appraised=("1", "2", "3"), seal=("2026-03-31", "0" * 64),
        dispute_until=date(2026, 3, 20), backlog=WAITING)
    builder = report.make(inputs)
    for each in stories_of(DISTRICT, inputs.window.cuts):
        if report.is_with_withdrawn or not each.is_withdrawn:
            builder.add(each)
    return builder.document({number: (f"{number}餐饮油烟扰民", "桃花河边3栋502室") for number in builder.wanted()})
