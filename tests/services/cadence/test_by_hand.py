"""Beats made by hand: of a past period as of its own moment, mailed with its label or told to nobody, and never twice."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from tests.support.beats import plain
from tests.support.makers import Town
from tracker.domain.cadence.beats import beat_named
from tracker.domain.cadence.telling import Telling
from tracker.domain.house.errors import Invalid
from tracker.domain.rules.periods import period_named
from tracker.services.cadence import beats, gaps
from tracker.services.reports import reports
from tracker.storage.cadence.beats import BeatRecord, ReminderRow
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.reports.stored import StoredReport

pytestmark = pytest.mark.one_engine

OFFICE = ZoneInfo("Asia/Shanghai")


def record(cadence: str, period: str) -> BeatRecord:
    return db.session.scalars(select(BeatRecord).where(BeatRecord.cadence == cadence, BeatRecord.period == period)).one()


def mails() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def test_by_hand_is_the_same_record_and_a_second_time_sends_nothing(town: Town) -> None:
    town.registered()
    before, (_, table) = len(mails()), plain([town.people["lead"], town.people["dispatcher"]])
    assert beats.run("daily-morning", "2026-03-02", with_composers=table).was_run  # before go-live, because a person asked
    again = beats.run("daily-morning", "2026-03-02", with_composers=table)
    assert (again.was_run, again.outcome, len(mails()) - before) == (False, "这一期已完成，或正由另一进程办理", 2)


def test_of_a_time_before_the_ledger_nothing_is_made(town: Town) -> None:
    with pytest.raises(Invalid, match="日巡查·晨间清单 2026年2月27日 没有可以补办的内容：账本还没有任何记录。"):
        beats.run("daily-morning", "2026-02-27")
    town.registered()
    with pytest.raises(Invalid, match="月通报 2026年2月 没有可以补办的内容：账本从 2026年3月2日 开始记录。"):
        beats.run("monthly-circular", "2026-02")
    assert db.session.scalars(select(BeatRecord)).all() == []


def test_a_period_by_hand_is_mailed_with_its_label_or_kept_and_told_to_nobody(town: Town) -> None:
    town.registered()
    town.clock.move_to(datetime(2026, 3, 9, 10, 0, tzinfo=OFFICE))
    before = len(mails())
    kept = beats.run("weekly-review", "2026-W10", telling=Telling.silent)
    assert kept.outcome.endswith("；按办理人的选择只作记录，不发邮件；应于 2026年3月6日 15:00，补发于 2026年3月9日 10:00")
    row = record("weekly-review", "2026-W10")
    assert (len(mails()), row.recipient_count, row.is_caught_up) == (before, 0, True)
    report = db.session.get_one(StoredReport, row.report_id)
    assert report.as_of == row.due_at
    assert reports.rerun(report).digest() == report.digest
    told = beats.run("daily-evening", "2026-03-06", telling=Telling.mailed)
    fresh = mails()[before:]
    assert len(fresh) == record("daily-evening", "2026-03-06").recipient_count > 0
    assert told.outcome.endswith(f"；发给 {len(fresh)} 人；应于 2026年3月6日 18:00，补发于 2026年3月9日 10:00")
    assert all("应于 2026年3月6日 18:00，补发于 2026年3月9日 10:00" in mail.text for mail in fresh)
    for period, choice in (("2026-03-06", Telling.silent), ("2026-03-06", Telling.mailed)):
        assert not beats.run("daily-evening", period, telling=choice).was_run
    assert len(mails()) == before + len(fresh)


def test_who_asks_for_the_mails_of_a_hushed_period_gets_them(town: Town) -> None:
    town.registered()
    gaps.hush_until({("daily-evening", "360103"): datetime(2026, 3, 5, tzinfo=OFFICE)})
    town.clock.move_to(datetime(2026, 3, 5, 10, 0, tzinfo=OFFICE))
    assert "补记，不再发送" in beats.run("daily-evening", "2026-03-02").outcome
    assert beats.foresee(gaps.beat_of(beat_named("daily-evening"), period_named("2026-03-03"), "360103")).readers > 0
    assert "补记" not in beats.run("daily-evening", "2026-03-03", telling=Telling.mailed).outcome
    assert record("daily-evening", "2026-03-03").recipient_count > 0


def test_a_silent_morning_tells_no_rung_so_that_the_next_one_tells_it(town: Town) -> None:
    town.registered()
    town.clock.move_to(datetime(2026, 3, 23, 10, 0, tzinfo=OFFICE))
    before = len(mails())
    assert beats.foresee(gaps.beat_of(beat_named("daily-morning"), period_named("2026-03-23"), "360103")).readers > 0
    ran = beats.run("daily-morning", "2026-03-23", telling=Telling.silent)
    assert ran.outcome == "按办理人的选择只作记录，不发邮件；应于 08:30，补发于 10:00"
    assert (len(mails()), db.session.scalars(select(ReminderRow)).all()) == (before, [])
    past = beats.foresee(gaps.beat_of(beat_named("daily-morning"), period_named("2026-03-20"), "360103"))
    assert (past.readers, past.silence) == (0, "2026年3月20日 已过，不补发当日清单；未完事项并入之后的清单")
