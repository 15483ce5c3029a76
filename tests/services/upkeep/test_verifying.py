"""The ledger is verified by itself, its result is a fact, and that nobody does so is heard of."""

from datetime import UTC, datetime

from sqlalchemy import update

from tests.support.makers import Town
from tests.support.tampering import tamper
from tracker.domain.house.log.verifying import VerifyKind
from tracker.services.mail.ledger_foot import ledger_foot, verification_late
from tracker.services.upkeep import jobs, verifying
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.log import LogRow


def late(town: Town) -> str:
    return verification_late(db.session(), town.clock.now())


def test_the_first_night_and_every_sunday_look_at_all_and_other_nights_at_what_changed(town: Town) -> None:
    town.registered()
    kinds = []
    for _ in range(8):
        jobs.run("daily-ledger-verify")
        kinds.append((town.clock.today().weekday(), verifying.past_runs(db.session())[0].kind))
        town.days_pass(1)
    assert kinds[0] == (0, VerifyKind.full)
    assert [kind for weekday, kind in kinds[1:] if weekday != 6] == [VerifyKind.nightly] * 6
    assert [kind for weekday, kind in kinds if weekday == 6] == [VerifyKind.full]


def test_that_nobody_verifies_is_said_after_two_nights_and_after_eight_days(town: Town) -> None:
    assert late(town) == ""
    town.registered()
    town.clock.advance(days=2, hours=1)
    assert late(town) == "已超过 2 天没有核验账本"
    jobs.run("daily-ledger-verify")
    assert late(town) == ""
    town.clock.advance(days=8, hours=1)
    assert late(town) == "已超过 8 天没有完整核验账本"
    assert ledger_foot(db.session(), town.clock.now()).endswith("已超过 8 天没有完整核验账本")


def test_a_past_that_was_written_today_is_not_late_today(town: Town) -> None:
    """A demo of thirteen months, or a ledger that has just been upgraded."""
    town.registered()
    told = db.session.query(LogRow.fact_id).join(FactRow, FactRow.id == LogRow.fact_id)
    first = told.filter(FactRow.stream != "ledger").first()
    tamper(update(FactRow).where(FactRow.id == first[0]).values(at=datetime(2025, 1, 1, tzinfo=UTC)))
    assert late(town) == ""


def test_what_a_run_found_stands_in_the_ledger(town: Town) -> None:
    number = town.registered()
    tamper(f"UPDATE cases SET title = 'x' WHERE number = '{number}'")
    verifying.verify_and_note(verifying.VerifyScope())
    run = verifying.past_runs(db.session())[0]
    assert run.troubles >= 1
    assert number in run.first
