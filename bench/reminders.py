"""The morning list beside its floor: `python -m bench.reminders --cases 20000`.

Ours: gather, climb the ladder, write the rungs, render and write every mail, commit. The floor, in the same process on the same
SQLite file: SQLAlchemy Core reads the overdue cases and the readers in two statements, Jinja renders a text and a page for each
reader, as long as the product's, and the same number of rungs and mails is inserted in one transaction. Both are undone after
each round; rounds alternate, and medians are compared.
"""

import argparse
import gc
import statistics
import tempfile
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import flask_migrate
from jinja2 import Environment
from sqlalchemy import Date, Row, delete, event, func, insert, select, text

from bench.register import fill
from config import Settings
from tracker import create_app
from tracker.domain.cadence.beats import beat_named
from tracker.domain.house.clock import SetClock, SystemClock
from tracker.domain.rules.periods import period_of
from tracker.services.cadence import morning
from tracker.services.house.work import Work, wiring
from tracker.services.mail import letters
from tracker.storage.cadence.beats import ReminderRow
from tracker.storage.house.base import db
from tracker.storage.mail.bodies import MailBody, MailText
from tracker.storage.mail.outbox import Message

OVERDUE = text("""
SELECT c.id, c.number, c.round, c.due_on, c.jurisdiction, u.name AS unit_name, c.lead_unit_id,
       (SELECT group_concat(category) FROM case_categories WHERE case_id = c.id) AS kinds
FROM cases AS c JOIN units AS u ON u.id = c.lead_unit_id
WHERE c.state IN ('assigned', 'rectifying', 'disputed', 'phased') AND c.list_due_on < :on ORDER BY c.list_due_on, c.id
""").columns(due_on=Date)
READERS = text("""
SELECT p.id, p.unit_id, g.role FROM people AS p JOIN role_grants AS g ON g.person_id = p.id
WHERE p.deactivated_on IS NULL AND g.revoked_at IS NULL AND g.role IN ('officer', 'dispatcher', 'lead')
""")
MOST, AT = 40, datetime(2026, 1, 1, tzinfo=UTC)
CELL = (
    "text-align: left;vertical-align: top;padding: 6px 8px 6px 0;border-bottom: 1px solid #e9e6df;font-size: 15px;font-weight: "
    "normal;")
SMALL = "color: #56626c;font-size: 14px;"
TEXT_PAGE = """{% for _ in sections %}{% for c in rows %}
{{ loop.index }}. {{ c.number }} {{ c.kinds }}|{{ c.jurisdiction }}|{{ c.unit_name }}|{{ c.due_on }} {{ (on - c.due_on).days }}
   https://bench.invalid/cases/{{ c.number }}
{% endfor %}{% endfor %}"""
HTML_PAGE = """{% for _ in sections %}<table>{% for c in rows %}
<tr><td style="{{ cell }}"><a href="https://bench.invalid/cases/{{ c.number }}">{{ c.number }}</a> {{ c.due_on }}
{{ (on - c.due_on).days }}<br>
<span style="{{ small }}">{{ c.kinds }}|{{ c.jurisdiction }}|{{ c.unit_name }}</span></td></tr>
{% endfor %}</table>{% endfor %}"""
TEXTS, PAGES = Environment().from_string(TEXT_PAGE), Environment(autoescape=True).from_string(HTML_PAGE)  # compiled once


def ours(on: date) -> int:
    """One whole morning; how many letters."""
    cadence = beat_named(morning.ID)
    prepared = morning.prepare(cadence, period_of(cadence.kind, on), wiring().home_area)
    with Work(wiring()) as work:
        composed = morning.commit(work, prepared, None)
        return letters.put(work, composed.letters)


def bare(on: date, passed: int, most: Mapping[int, tuple[int, int]]) -> int:
    """The floor; how many letters. `passed` is how many more rungs the ladder writes for each case on such a morning, -1 for none
    at all; `most` is how long the product's mails to each reader are, text and page, and ours are made as long."""
    with db.engine.begin() as connection:
        rows = connection.execute(OVERDUE, {"on": on.isoformat()}).all()
        lists: dict[int, list[Row[Any]]] = defaultdict(list)
        officers: dict[int, list[int]] = defaultdict(list)
        above: list[int] = []
        for person, unit, role in connection.execute(READERS):
            officers[unit].append(person) if role == "officer" else above.append(person)
        for row in rows:
            for person in (*officers[row.lead_unit_id], *above):
                lists[person].append(row)
        rungs = [{"stream": f"case:{row.number}", "round": row.round, "lap": row.due_on.isoformat(), "rung": f"rung_{n}",
                  "on_date": on, "due_on": row.due_on,
                  "made_at": AT, "is_told": n == 0} for row in rows for n in range(passed + 1)]
        if rungs:
            connection.execute(insert(ReminderRow.__table__), rungs)
        sections = range(2 if passed >= 0 else 1)  # what was told, and what is late
        mails = [_mail(person, lines[:MOST], sections, on, most.get(person, (0, 0))) for person, lines in lists.items()]
        connection.execute(insert(MailBody.__table__), list({words["digest"]: words for words, _ in mails}.values()))
        connection.execute(insert(Message.__table__), [mail for _, mail in mails])
        return len(mails)


def _mail(person: int, lines: Sequence[Row[Any]], sections: range, on: date,
          most: tuple[int, int]) -> tuple[dict[str, object], dict[str, object]]:
    words = {"rows": lines, "sections": sections, "on": on, "cell": CELL, "small": SMALL}
    text_part, page = TEXTS.render(words), PAGES.render(words)
    said = MailText(text_part.ljust(most[0], "·"), page.ljust(most[1], "·"))
    return said.row, {
            "dedupe_key": f"bench/{person}", "person_id": person, "mail": "morning", "subject": "bench",
            "body_digest": said.digest, "message_id": f"{person}@bench", "state": "waiting", "due_at": AT, "tries": 0}


def lengths() -> dict[int, tuple[int, int]]:
    """How long the product's mails are, by reader: text and page."""
    with db.engine.connect() as connection:
        rows = connection.execute(select(Message.person_id, MailBody.text, MailBody.packed).join_from(Message, MailBody))
        return {row.person_id: (len(row.text), len(zlib.decompress(row.packed)) if row.packed else 0)
                for row in rows if row.person_id is not None}


def undone(keeps_rungs: bool = False) -> None:
    """No mails, and no rungs unless this is to be an ordinary morning."""
    with Work(wiring()) as work:
        work.session.execute(delete(Message))
        work.session.execute(delete(MailBody))
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
            _measure(clock, options.rounds)
            db.session.remove()
            db.engine.dispose()


def next_morning(clock: SetClock) -> date:
    """Set the clock to the moment at which the next morning list is due; its day."""
    from tracker.services.rules import rules

    on, cadence = rules.calendar().workday_from(clock.today()), beat_named(morning.ID)
    clock.move_to(cadence.due_at(period_of(cadence.kind, on), rules.calendar(), wiring().zone))
    return on


def _measure(clock: SetClock, rounds: int) -> None:
    on = next_morning(clock)
    sent: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda c, cursor, statement, *rest: sent.append(statement))
    ours(on)
    most = lengths()
    with db.engine.connect() as connection:
        late = len(connection.execute(OVERDUE, {"on": on.isoformat()}).all())
        rungs = connection.scalar(select(func.count()).select_from(ReminderRow)) or 0
    for word, keeps_rungs, passed in (("every rung new", False, round(rungs / late) - 1), ("an ordinary morning", True, -1)):
        if keeps_rungs:
            undone()
            ours(on)
            undone(keeps_rungs)
            ours(on)
            most = lengths()
        pairs = [(timed(lambda: ours(on), keeps_rungs=keeps_rungs),
                  timed(lambda: bare(on, passed, most), keeps_rungs=keeps_rungs))  # noqa: B023
                 for _ in range(rounds)]
        own, floor = (statistics.median(column) for column in zip(*pairs, strict=True))
        undone(keeps_rungs)
        sent.clear()
        written = ours(on)
        print(f"{word}: {late} overdue cases, {written} letters: {own:.3f} s of CPU, floor {floor:.3f} s, {own / floor:.1f} x; "
              f"per 1,000 overdue {own / late * 1000:.3f} s, floor {floor / late * 1000:.3f} s; {len(sent)} statements")


if __name__ == "__main__":
    main()
