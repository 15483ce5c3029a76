"""The drill: clock processes killed at any moment, on a clock that jumps; nothing is missing, nothing is there twice.

They send by SMTP to a mail server of the drill, which notes what it took: what a kill between message and mark makes arrive again
bears the same Message-ID, and the count of its deliveries says so.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from tests.support import databases
from tests.support.district import settle
from tests.support.drill import Drill
from tracker import create_app
from tracker.domain.cadence.beats import BEATS, due_periods
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.domain.rules.periods import PeriodKind
from tracker.gateways.mail.sending import mail_sender
from tracker.services.cadence import gaps
from tracker.services.cadence.gaps import GO_LIVE
from tracker.services.house.work import Work, wiring
from tracker.services.rules import rules
from tracker.services.upkeep import integrity
from tracker.storage.cadence.beats import BeatRecord
from tracker.storage.house.base import db
from tracker.storage.house.preferences import Preference
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person
from tracker.storage.reports.stored import StoredReport

OFFICE = ZoneInfo("Asia/Shanghai")
PROCESSES = {"sqlite": 2, "postgres": 8}
READERS = ("lead", "dispatcher", "officer")
SEED = int(os.environ.get("XIAOHAO_DRILL_SEED", "20261123"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE)


class Observed(Drill):
    """A drill that looks into the database from outside."""

    def is_caught_up(self) -> bool:
        db.session.rollback()
        return not gaps.missing(self.clock.now())

    def is_sent(self) -> bool:
        db.session.rollback()
        return not db.session.scalar(select(func.count()).where(Message.state != "sent"))

    def has_begun(self) -> bool:
        db.session.rollback()
        return db.session.get(Preference, GO_LIVE) is not None

    def days(self, first: str, last: str) -> None:
        """Live from day to day, stopping where the day's lists and reports are due, with a kill now and then."""
        day, end = at(f"{first} 00:00"), at(f"{last} 00:00")
        while day <= end:
            for hour, minute in ((8, 31), (9, 1), (15, 1), (18, 1)):
                moment = day.replace(hour=hour, minute=minute)
                if moment > self.clock.now():
                    self.pass_until(moment)
                    self.trickle(self.is_caught_up, with_kills=True)
            day += timedelta(days=1)


def _leave_readers_alone() -> None:
    """Nobody else has an address; the ledger is told of it."""
    with Work(wiring()) as work:
        for person in work.session.scalars(select(Person).where(Person.login.not_in(READERS))):
            person.email = None
        work.record(LEDGER, LedgerFacts.rows_stated, OPERATOR, {"migration": "tests", "tables": {}})


@pytest.fixture
def drill(engine_name: str, database_url: str, tmp_path: Path) -> Iterator[Observed]:
    """Clock processes on a small district with three readers, from 6 October 2026 on."""
    found = Observed(at("2026-10-06 08:00"), SEED)
    mailer = mail_sender(found.open_office(tmp_path / "delivered"), "xiaohao@localhost")
    app = create_app(databases.settings_for(database_url, tmp_path), clock=found.clock, mailer=mailer)
    with app.app_context():
        settle()
        _leave_readers_alone()
        found.start(PROCESSES[engine_name])
        try:
            yield found
        finally:
            found.close()
    databases.close(app)


@pytest.mark.slow
@pytest.mark.timeout(420)
def test_killed_at_any_moment_on_a_clock_that_jumps_every_period_is_made_once(drill: Observed, tmp_path: Path,
                                                                              engine_name: str) -> None:
    drill.trickle(drill.has_begun, with_kills=False)
    drill.days("2026-10-06", "2026-10-06")
    drill.jump(timedelta(hours=-3))
    drill.days("2026-10-07", "2026-10-07")
    drill.jump(timedelta(hours=26))  # taken back before it is believed
    drill.pass_time(timedelta(minutes=3))
    drill.jump(timedelta(hours=-26))
    drill.days("2026-10-08", "2026-10-08")
    believe_and_return(drill)
    drill.days("2026-10-10", "2026-10-12")
    down_until(drill, at("2026-12-29 12:00"), PROCESSES[engine_name])  # more than sixty days missed
    drill.days("2026-12-30", "2026-12-31")
    believe_and_return(drill)  # over the year end
    drill.jump(timedelta(hours=-3))
    drill.days("2027-01-02", "2027-01-09")
    for _ in range(8):  # what the daily cap put off, what a dead sender had in hand
        drill.pass_time(timedelta(hours=6))
        drill.trickle(drill.is_caught_up, with_kills=False)
    drill.trickle(drill.is_sent, with_kills=False)
    again = told(tmp_path).total() - len(told(tmp_path))
    sys.stdout.write(
        f"seed {SEED}, {drill.kills} kills, {drill.kills_at_data} of them between the message and its answer; "
        f"{again} delivered again\n")
    assert drill.kills_at_data > 0
    assert again >= drill.kills_at_data  # each of those arrived once more, under the same Message-ID
    each_period_has_one_record(drill)
    each_reader_has_one_letter(told(tmp_path))
    assert integrity.verify().first is None


def believe_and_return(drill: Observed) -> None:
    """The clock stands 26 hours ahead until everybody believes it, then it is put right, and lives on behind its heartbeat."""
    drill.jump(timedelta(hours=26))
    for _ in range(15):
        drill.pass_time(timedelta(minutes=1))
        drill.trickle(lambda: True, with_kills=False)
    drill.trickle(drill.is_caught_up, with_kills=True)
    drill.jump(timedelta(hours=-26))
    drill.pass_time(timedelta(hours=27))


def down_until(drill: Observed, moment: datetime, count: int) -> None:
    """Everybody is killed, and months later started anew."""
    drill.kill()
    drill.pass_until(moment)
    drill.start(count)
    drill.trickle(drill.is_caught_up, with_kills=True)


def told(folder: Path) -> Counter[str]:
    """How often each message was delivered."""
    return Counter((folder / "delivered").read_text().splitlines())


def each_period_has_one_record(drill: Observed) -> None:
    db.session.rollback()
    known = gaps.books()
    for cadence in BEATS:
        since = known.since_of(cadence, "360103")
        assert since is not None
        due = [period.key for period in due_periods(cadence, since, drill.clock.now(), rules.calendar(), OFFICE)]
        rows = db.session.execute(select(BeatRecord.period, BeatRecord.state).where(BeatRecord.cadence == cadence.id)).all()
        assert sorted(row.period for row in rows) == sorted(due), cadence.id
        assert {row.state for row in rows} == {"done"}
        if cadence.kind is not PeriodKind.day:
            assert sorted(db.session.scalars(select(StoredReport.period)
                                             .where(StoredReport.name == cadence.report))) == sorted(due)
    assert {cadence.id for cadence in BEATS} == set(db.session.scalars(select(BeatRecord.cadence).distinct()))


def each_reader_has_one_letter(delivered: Counter[str]) -> None:
    mails = list(db.session.scalars(select(Message)))
    counted = Counter(mail.record_id for mail in mails)
    records = {row.id: row for row in db.session.scalars(select(BeatRecord))}
    assert {row.id: row.recipient_count for row in records.values() if row.recipient_count} == dict(counted)
    assert len({(mail.record_id, mail.person_id) for mail in mails}) == len(mails)
    assert {row.recipient_count for row in records.values() if row.cadence == "annual-appraisal"} == {3}
    assert sum(1 for row in records.values() if "补记，不再发送" in row.outcome) > 60
    addresses = {person.id: person.email for person in db.session.scalars(select(Person))}
    for mail in mails:
        times = delivered.pop(f"<{mail.message_id}> {addresses[mail.person_id or 0]}", 0)
        assert 1 <= times <= mail.deliveries, mail.dedupe_key
    assert not delivered
