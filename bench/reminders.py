"""The morning list beside its floor: `python -m bench.reminders --cases 20000`.

Ours: gather, climb the ladder, write the rungs, render and write every mail, commit. The floor, in the same process on the same
SQLite file: one SELECT of the overdue cases, one text for each reader put together with f-strings, the same rungs and mails inserted
with the sqlite3 module, commit. Both are undone after each round; rounds alternate, and medians are compared.
"""

import argparse
import contextlib
import gc
import sqlite3
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import escape
from pathlib import Path

import flask_migrate
from sqlalchemy import delete, event

from bench.register import fill
from config import Settings
from tracker import create_app
from tracker.domain.cadence import cadence_named, period_of
from tracker.domain.clock import SetClock, SystemClock
from tracker.services import letters, morning
from tracker.services.work import Work, plant
from tracker.storage.base import db
from tracker.storage.outbox import Message
from tracker.storage.supervision import ReminderRow

OVERDUE = """
SELECT c.id, c.number, c.round, c.due_on, c.jurisdiction, u.name, c.lead_unit_id,
       (SELECT group_concat(category) FROM case_categories WHERE case_id = c.id)
FROM cases AS c JOIN units AS u ON u.id = c.lead_unit_id
WHERE c.state IN ('assigned', 'rectifying', 'disputed', 'phased') AND c.list_due_on < ? ORDER BY c.list_due_on, c.id
"""
READERS = """
SELECT p.id, p.unit_id, g.role FROM people AS p JOIN role_grants AS g ON g.person_id = p.id
WHERE p.deactivated_on IS NULL AND g.revoked_at IS NULL AND g.role IN ('officer', 'dispatcher', 'lead')
"""
MOST = 40
CELL = "text-align: left;vertical-align: top;padding: 6px 8px 6px 0;border-bottom: 1px solid #e9e6df;font-size: 15px;font-weight: normal;"
SMALL = "color: #56626c;font-size: 14px;"


def ours(on: date) -> int:
    """One whole morning; how many letters."""
    cadence = cadence_named(morning.ID)
    prepared = morning.prepare(cadence, period_of(cadence.kind, on), plant().home_area)
    with Work(plant()) as work:
        composed = morning.commit(work, prepared, None)
        return letters.put(work, composed.letters)


def bare(database: Path, on: date, passed: int) -> int:
    """The floor; how many letters. `passed` is how many more rungs the ladder writes for each case on such a morning, -1 for none at all."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        lists: dict[int, list[tuple[str, str]]] = defaultdict(list)
        rows, rungs = connection.execute(OVERDUE, (on.isoformat(),)).fetchall(), []
        officers: dict[int, list[int]] = defaultdict(list)
        above = []
        for person, unit, role in connection.execute(READERS):
            officers[unit].append(person) if role == "officer" else above.append(person)
        for case_id, number, round_, due_on, area, unit_name, unit, kinds in rows:
            late = (on - date.fromisoformat(due_on)).days
            about, link = f"{kinds}|{area}|{unit_name}", f"https://bench.invalid/cases/{number}"
            line = (f"{number} {about}|{due_on} {late}\n   {link}\n",
                    f'<tr><td style="{CELL}"><a href="{link}">{number}</a> {due_on} {late}<br><span style="{SMALL}">{escape(about)}</span></td></tr>')
            for person in (*officers[unit], *above):
                lists[person].append(line)
            rungs += [(case_id, round_, due_on, f"rung_{n}", on.isoformat(), due_on, on.isoformat()) for n in range(passed + 1)]
        connection.executemany("INSERT INTO reminders (case_id, round, lap, rung, on_date, due_on, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)", rungs)
        sections = 2 if passed >= 0 else 1  # what was told, and what is late
        connection.executemany(
            "INSERT INTO outbox (dedupe_key, person_id, notice, subject, text, html, message_id, state, due_at, tries) "
            "VALUES (?, ?, 'morning', 'bench', ?, ?, ?, 'waiting', ?, 0)",
            [(f"bench/{p}", p, "".join(text for text, _ in lines[:MOST]) * sections, "".join(html for _, html in lines[:MOST]) * sections,
              f"{p}@bench", on.isoformat()) for p, lines in lists.items()])
        connection.execute("COMMIT")
        return len(lists)


def undone(keeps_rungs: bool = False) -> None:
    """No mails, and no rungs unless this is to be an ordinary morning."""
    with Work(plant()) as work:
        work.session.execute(delete(Message))
        if not keeps_rungs:
            work.session.execute(delete(ReminderRow))


def timed(deed: Callable[[], int], *, keeps_rungs: bool) -> float:
    """Seconds of CPU of one run: what else the machine does is no part of it."""
    undone(keeps_rungs)
    begin = time.process_time()
    deed()
    return time.process_time() - begin


def main() -> None:
    """Make a register, measure both, print the ratio and the statements of the gathering."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xiaohao-bench-") as name:
        folder, database = Path(name), Path(name) / "bench.db"
        settings = replace(Settings.from_env(), database_url=f"sqlite:///{database}", instance_dir=folder,
                           evidence_url=(folder / "evidence").as_uri(), mail_url=(folder / "outbox").as_uri())
        clock = SetClock(SystemClock().now())
        app = create_app(settings, clock=clock)
        with app.app_context():
            flask_migrate.upgrade()
            fill(options.cases)
            gc.collect()
            gc.freeze()  # what the filling left behind is no part of a morning
            _measure(database, clock, options.rounds)
            db.session.remove()
            db.engine.dispose()


def _measure(database: Path, clock: SetClock, rounds: int) -> None:
    from tracker.services import rules

    on = rules.calendar().workday_from(clock.today())
    clock.move_to(cadence_named(morning.ID).due_at(period_of(cadence_named(morning.ID).kind, on), rules.calendar(), plant().zone))
    sent: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda c, cursor, statement, *rest: sent.append(statement))
    ours(on)
    with contextlib.closing(sqlite3.connect(database)) as connection:
        late = len(connection.execute(OVERDUE, (on.isoformat(),)).fetchall())
        rungs = connection.execute("SELECT count(*) FROM reminders").fetchone()[0]
    for word, keeps_rungs, passed in (("every rung new", False, round(rungs / late) - 1), ("an ordinary morning", True, -1)):
        if keeps_rungs:
            undone()
            ours(on)
        pairs = [(timed(lambda: ours(on), keeps_rungs=keeps_rungs), timed(lambda: bare(database, on, passed), keeps_rungs=keeps_rungs))  # noqa: B023
                 for _ in range(rounds)]
        own, floor = (statistics.median(column) for column in zip(*pairs, strict=True))
        undone(keeps_rungs)
        sent.clear()
        written = ours(on)
        print(f"{word}: {late} overdue cases, {written} letters: {own:.3f} s of CPU, floor {floor:.3f} s, {own / floor:.1f} x; "
              f"per 1,000 overdue {own / late * 1000:.3f} s, floor {floor / late * 1000:.3f} s; {len(sent)} statements")


if __name__ == "__main__":
    main()
