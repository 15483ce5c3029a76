"""Reports over a whole register beside the bare SQL that counts the same rows, each in a process of its own, with its peak of
memory.

The bare statements count from the case rows as they stand; a report counts from the ledger as it stood, so it may never be as
quick.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import create_engine, text

from bench import child
from bench.tables import Race

MORNING = "morning"
# What the tables of these reports count, as a clerk with a database console would ask it: the rows of the ledger and of the
# register.
STATEMENTS = (
    "SELECT kind, count(*) FROM facts WHERE at >= :opens AND at < :cuts GROUP BY kind",
    "SELECT lead_unit_id, state, count(*) FROM cases GROUP BY lead_unit_id, state",
    "SELECT source_id, state, count(*) FROM cases GROUP BY source_id, state",
    "SELECT area_code, state, count(*) FROM cases GROUP BY area_code, state",
    "SELECT t.category, c.state, count(*) FROM case_categories AS t JOIN cases AS c ON c.id = t.case_id GROUP BY t.category, "
    "c.state",
    "SELECT lead_unit_id, count(*) FROM cases WHERE due_on < :today AND state IN ('registered', 'assigned', 'disputed', "
    "'rectifying', 'phased') "
    "GROUP BY lead_unit_id",
    "SELECT stream, max(seq), count(*) FROM facts WHERE stream LIKE 'case:%' GROUP BY stream",
)


@dataclass(frozen=True)
class ReportRace(Race):
    """A race whose seconds begin after the start of the process; beside them the seconds of the processor."""

    cpu: tuple[float, float]


def races(folder: Path, environment: Mapping[str, str], count: int) -> list[ReportRace]:
    """The morning list and each report of a month or less, of the last period that is over, after their bare count."""
    from tracker.domain.reports.kinds import REPORTS
    from tracker.domain.rules.periods import PeriodKind

    found, kinds = [], (PeriodKind.day, PeriodKind.week, PeriodKind.month)
    for name in (MORNING, *(each.name for each in REPORTS if each.beat.kind in kinds)):
        left = child.run(folder / "plain.json", environment, "reports", "counted", environment["DATABASE_URL"])
        right = child.run(folder / "ours.json", environment, "reports", *(("told",) if name == MORNING else ("built", name)))
        (left_said, right_said) = (json.loads(each.said.splitlines()[-1]) for each in (left, right))
        plain, product = replace(left, seconds=left_said["seconds"]), replace(right, seconds=right_said["seconds"])
        found.append(ReportRace(f"{name}, {count:,} cases", count, plain, product, (0, right_said["bytes"] / 1e6),
                                (left_said["cpu"], right_said["cpu"])))
    return found


@contextmanager
def _timed() -> Iterator[dict[str, float]]:
    """Seconds on the wall and in this process, without its start; said as JSON at the end."""
    said: dict[str, float] = {"bytes": 0}
    wall, cpu = perf_counter(), process_time()
    yield said
    print(json.dumps(said | {"seconds": perf_counter() - wall, "cpu": process_time() - cpu}))


def counted(url: str) -> None:
    """The bare statements, one after the other, every row fetched."""
    now = datetime.combine(date.today(), time())
    values = {"opens": now - timedelta(days=30), "cuts": now, "today": now.date()}
    with _timed(), create_engine(url).connect() as connection:
        for statement in STATEMENTS:
            rows = connection.execute(text(statement), {name: value for name, value in values.items() if f":{name}" in statement})
            rows.all()


def built(name: str) -> None:
    """The report as its cadence builds it; says how long its text is."""
    from config import Settings
    from tracker import create_app
    from tracker.domain.reports.kinds import report_named
    from tracker.domain.rules.periods import period_of
    from tracker.services.house.work import wiring
    from tracker.services.reports import reports

    with create_app(Settings.from_env()).app_context():
        kind = report_named(name).beat.kind
        with _timed() as said:
            made = reports.build(name, period_of(kind, wiring().clock.today()).before(), wiring().home_area)
            said["bytes"] = len(made.document.text().encode())


def told() -> None:
    """The morning list with every rung new, from reading the open cases to the mails in the outbox; says how long those are."""
    from bench import reminders
    from config import Settings
    from tracker import create_app
    from tracker.domain.house.clock import SetClock, SystemClock

    clock = SetClock(SystemClock().now())
    with create_app(Settings.from_env(), clock=clock).app_context():
        on = reminders.next_morning(clock)
        with _timed() as said:
            reminders.ours(on)
            said["bytes"] = sum(map(sum, reminders.lengths().values()))
