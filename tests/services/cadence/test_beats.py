"""The cadences as records: once for each period and area, caught up and labelled, failing aloud, never replayed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import event, select

from tests.support.beats import PlainComposer, plain
from tests.support.makers import Town
from tracker.domain.cadence.beats import BEATS, beat_named
from tracker.domain.house.errors import Conflict, Invalid
from tracker.domain.rules.periods import period_named
from tracker.services.cadence import beats, gaps, records
from tracker.services.house.work import Work, wiring
from tracker.services.reports import reports
from tracker.services.rules import book
from tracker.services.upkeep import jobs
from tracker.storage.cadence.beats import BeatRecord
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.house.preferences import Preference
from tracker.storage.mail.outbox import Message

OFFICE = ZoneInfo("Asia/Shanghai")


class Desk:
    """The clock's desk: a town on a set clock, with plain composers for every cadence."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.composer, self.table = plain([town.people["lead"], town.people["dispatcher"]])

    def at(self, text: str) -> list[str]:
        """Set the office clock, tick once, and name what was made."""
        self.town.clock.move_to(datetime.fromisoformat(text).replace(tzinfo=OFFICE))
        return self.tick()

    def tick(self) -> list[str]:
        return [f"{ran.cadence} {ran.period}" for ran in beats.run_due(with_composers=self.table)]

    def records(self) -> list[BeatRecord]:
        db.session.rollback()
        return list(db.session.scalars(select(BeatRecord).order_by(BeatRecord.id).execution_options(populate_existing=True)))

    def record(self, cadence: str, period: str) -> BeatRecord:
        return next(row for row in self.records() if (row.cadence, row.period) == (cadence, period))

    def mails(self) -> list[Message]:
        db.session.rollback()
        return list(db.session.scalars(select(Message).order_by(Message.id)))


@pytest.fixture
def desk(town: Town) -> Desk:
    """Books opened on Monday 2 March 2026 at 09:00."""
    found = Desk(town)
    assert found.tick() == []
    return found


def test_the_first_tick_opens_the_books_and_replays_nothing(desk: Desk) -> None:
    assert desk.tick() == []
    assert desk.records() == []
    kept = {row.key: row.value for row in db.session.scalars(select(Preference).where(Preference.key.like("supervision_since%")))}
    assert set(kept) == {"supervision_since", *(f"supervision_since/{cadence.id}/360103" for cadence in BEATS)}
    assert set(kept.values()) == {desk.town.clock.now().isoformat()}
    desk.at("2026-03-02 18:00")
    assert db.session.get_one(Preference, "supervision_since").value == kept["supervision_since"]


def test_every_beat_of_two_weeks_is_made_once_and_mailed_once(desk: Desk) -> None:
    made = [name for day in range(3, 16) for hour in ("08:30", "18:00") for name in desk.at(f"2026-03-{day:02d} {hour}")]
    days = [f"2026-03-{day:02d}" for day in range(2, 16)]
    assert sorted(made) == sorted([*(f"daily-evening {day}" for day in days), *(f"daily-morning {day}" for day in days[1:]),
                                   "weekly-review 2026-W10", "weekly-review 2026-W11"])
    assert desk.tick() == []
    assert {row.state for row in desk.records()} == {"done"}
    assert len({mail.dedupe_key for mail in desk.mails()}) == len(desk.mails())
    row = desk.record("weekly-review", "2026-W10")
    assert (row.case_count, row.recipient_count, row.tries, row.outcome) == (7, 2, 1, "案件 7 件；发给 2 人；应于 15:00，补发于 18:00")
    assert [mail.record_id for mail in desk.mails()].count(row.id) == 2


def test_a_finished_beat_is_a_fact_of_its_own_stream(desk: Desk) -> None:
    desk.at("2026-03-03 08:31")
    (fact,) = ledger.stream_of(db.session(), "cadence:daily-morning/2026-03-03/360103")
    assert (fact.kind, fact.actor_id, fact.payload["recipients"]) == ("cadence:finished", 0, 2)


def test_a_late_beat_says_when_it_was_due_and_when_it_was_made(desk: Desk) -> None:
    desk.at("2026-03-03 10:12")
    row = desk.record("daily-morning", "2026-03-03")
    assert (row.is_caught_up, row.outcome) == (True, "案件 7 件；发给 2 人；应于 08:30，补发于 10:12")
    assert any("应于 08:30，补发于 10:12" in mail.text for mail in desk.mails() if mail.record_id == row.id)
    desk.at("2026-03-03 18:29")
    assert not desk.record("daily-evening", "2026-03-03").is_caught_up


def test_a_day_off_has_its_record_and_no_mail(desk: Desk) -> None:
    desk.at("2026-03-07 18:00")  # a Saturday
    row = desk.record("daily-evening", "2026-03-07")
    assert (row.state, row.recipient_count, row.outcome) == ("done", 0, "案件 7 件；休息日，不发邮件")
    assert row.id not in {mail.record_id for mail in desk.mails()}


def test_what_was_missed_is_caught_up_oldest_first(desk: Desk) -> None:
    desk.at("2026-03-05 12:00")
    due = [row.due_at for row in desk.records()]
    assert due == sorted(due)
    assert [row.period for row in desk.records() if row.cadence == "daily-evening"] == ["2026-03-02", "2026-03-03", "2026-03-04"]
    assert desk.record("daily-evening", "2026-03-02").outcome.endswith("应于 2026年3月2日 18:00，补发于 2026年3月5日 12:00")


def test_after_a_very_long_silence_only_the_newest_is_mailed_even_when_the_catching_up_is_cut_short(desk: Desk) -> None:
    desk.composer.faults = [KeyboardInterrupt()]  # type: ignore[list-item]  # the process dies at its first beat
    with pytest.raises(KeyboardInterrupt):
        desk.at("2026-05-15 18:40")
    desk.town.clock.advance(hours=1)
    desk.tick()
    evenings = [row for row in desk.records() if row.cadence == "daily-evening"]
    assert len(evenings) == 75
    assert {row.state for row in evenings} == {"done"}
    assert [row.period for row in evenings if row.recipient_count] == ["2026-05-15"]
    workdays = [row for row in evenings if "补记，不再发送" in row.outcome]
    assert len(workdays) == 74
    # in Labour Day's week it is due on Thursday
    assert sum(row.recipient_count for row in desk.records() if row.cadence == "weekly-review") == 2 * 11


def test_a_beat_cannot_be_made_before_it_is_due_nor_where_there_is_none(desk: Desk) -> None:
    with pytest.raises(Invalid, match="日巡查·晨间清单 2026年3月3日 应于 2026年3月3日 08:30，时间未到"):
        beats.run("daily-morning", "2026-03-03", with_composers=desk.table)
    with pytest.raises(Invalid, match="没有“2026-03”这一期"):
        beats.run("weekly-review", "2026-03", with_composers=desk.table)
    with pytest.raises(Invalid, match="没有“2025-Q4”这一期"):
        beats.run("quarterly-appraisal", "2025-Q4", with_composers=desk.table)


def test_an_area_without_cadences_of_its_own_is_refused_and_nobody_is_written_to(desk: Desk) -> None:
    for area in ("99", "36010", "360102"):
        with pytest.raises(Invalid, match=f"区域“{area}”没有单独的调度；有调度的：360103"):
            beats.run("daily-morning", "2026-02-27", area, with_composers=desk.table)
    assert not desk.mails() and not desk.records()


def test_a_failure_is_kept_tried_again_with_patience_and_at_once_by_hand(desk: Desk) -> None:
    desk.composer.faults = [Invalid("没有数据。"), ValueError("x"), Invalid("还是没有。")]
    assert desk.at("2026-03-03 08:30") == []
    row = desk.records()[0]
    assert (row.state, row.error) == ("failed", "没有数据。")
    assert (row.cadence, row.tries) == ("daily-evening", 1)
    desk.town.clock.advance(minutes=1)
    desk.composer.faults = [Invalid("还是没有。")]
    desk.tick()
    assert (desk.records()[0].tries, desk.records()[0].error) == (2, "还是没有。")
    desk.tick()
    assert desk.records()[0].tries == 2  # its rest is five minutes now
    assert beats.run("daily-evening", "2026-03-02", with_composers=desk.table).was_run
    assert (desk.records()[0].state, desk.records()[0].error) == ("done", "")


def test_what_keeps_failing_is_left_to_a_person_and_shown(desk: Desk) -> None:
    class Hopeless(PlainComposer):
        def prepare(self, *args: object, **named: object) -> tuple[object, ...]:  # type: ignore[override]
            raise Invalid("读不出来。")

    desk.table["daily-evening"] = Hopeless([])
    desk.town.clock.move_to(datetime(2026, 3, 2, 18, 0, tzinfo=OFFICE))
    for pause in (timedelta(), *records.BACK_OFF, timedelta(days=3)):
        desk.town.clock.advance(pause)
        desk.tick()
    row = desk.record("daily-evening", "2026-03-02")
    assert (row.state, row.tries) == ("failed", len(records.BACK_OFF) + 1)
    assert gaps.alarm(desk.town.clock.now())[0] == (
        "日巡查·日志与小结 2026年3月2日 应于 2026年3月2日 18:00，尚未完成（第 7 次失败：读不出来。）")
    assert jobs.last_runs()["daily-evening"].state == "failed"


def test_a_beat_whose_process_died_is_taken_over_and_the_dead_hand_is_fenced_off(desk: Desk) -> None:
    desk.town.clock.move_to(datetime(2026, 3, 3, 8, 30, tzinfo=OFFICE))
    beat = gaps.beat_of(beat_named("daily-morning"), period_named("2026-03-03"), "360103")
    dead = records.claim(beat, is_by_hand=False)
    assert dead is not None
    assert records.claim(beat, is_by_hand=True) is None
    assert "daily-morning 2026-03-03" not in desk.tick()
    desk.town.clock.advance(records.LEASE + timedelta(seconds=1))
    heir = records.claim(beat, is_by_hand=False)
    assert heir is not None
    assert (heir.record_id, heir.tries) == (dead.record_id, 2)
    with pytest.raises(Conflict, match="另一进程接手"), Work(wiring()) as work:
        records.held(work, dead)
    records.fail(dead, "太晚了")
    assert desk.record("daily-morning", "2026-03-03").state == "running"
    desk.town.clock.advance(records.LEASE * 2 + timedelta(seconds=1))
    assert "daily-morning 2026-03-03" in desk.tick()
    assert desk.record("daily-morning", "2026-03-03").tries == 3


def test_a_report_that_was_frozen_without_its_record_is_taken_as_it_is(desk: Desk) -> None:
    desk.town.registered()
    desk.town.clock.move_to(datetime(2026, 3, 2, 18, 5, tzinfo=OFFICE))
    frozen = reports.publish(reports.build("daily", period_named("2026-03-02"), "360103"))
    ran = beats.run("daily-evening", "2026-03-02")
    row = desk.record("daily-evening", "2026-03-02")
    assert (ran.was_run, row.report_id, row.case_count) == (True, frozen.id, frozen.case_count)
    mails = [mail for mail in desk.mails() if mail.record_id == row.id]
    assert {mail.dedupe_key for mail in mails} == {
        f"cadence/daily-evening/2026-03-02/360103/person:{mail.person_id}" for mail in mails}
    assert (len(mails), row.recipient_count) == (row.recipient_count, len(mails))
    assert all(frozen.digest in mail.text for mail in mails)


def test_a_record_that_lost_its_report_is_mended_by_hand_and_nobody_is_told_twice(desk: Desk) -> None:
    desk.at("2026-03-02 18:05")  # made by the plain composer, which freezes nothing
    told = {mail.person_id for mail in desk.mails()}
    assert beats.run("daily-evening", "2026-03-02").was_run
    row = desk.record("daily-evening", "2026-03-02")
    assert row.report_id is not None
    assert len({mail.person_id for mail in desk.mails()}) == len(desk.mails())
    assert told < {mail.person_id for mail in desk.mails()}
    assert not beats.run("daily-evening", "2026-03-02").was_run


def test_the_next_mail_says_at_its_head_what_is_missing(desk: Desk) -> None:
    desk.composer.faults = [Invalid("读不出来。")]
    desk.at("2026-03-02 18:00")
    desk.composer.faults = [Invalid("读不出来。")]
    desk.at("2026-03-03 08:35")
    (mail, _) = [mail for mail in desk.mails() if "daily-morning/2026-03-03" in mail.dedupe_key]
    assert "【注意】日巡查·日志与小结 2026年3月2日 应于 2026年3月2日 18:00，尚未完成（第 2 次失败：读不出来。）" in mail.text
    assert "日巡查·日志与小结 2026年3月2日" in (mail.html or "")


def test_a_second_area_begins_its_own_books_and_replays_nothing(desk: Desk) -> None:
    desk.at("2026-03-03 08:30")
    book.set_value(None, "supervision_areas", '["360102"]', desk.town.clock.today(), "调度会议纪要")
    assert gaps.books().areas == ("360103", "360102")
    assert desk.tick() == []
    assert sorted(desk.at("2026-03-03 18:00")) == ["daily-evening 2026-03-03"] * 2
    rows = [row for row in desk.records() if row.period == "2026-03-03" and row.cadence == "daily-evening"]
    assert {row.area_code for row in rows} == {"360103", "360102"}


def test_records_that_a_restore_lost_are_made_again_by_a_running_process(desk: Desk) -> None:
    desk.at("2026-03-04 18:00")
    lost = desk.record("daily-evening", "2026-03-03")
    db.session.query(Message).filter_by(record_id=lost.id).delete()
    db.session.delete(lost)
    db.session.commit()
    assert desk.tick() == ["daily-evening 2026-03-03"]


def test_an_idle_minute_costs_few_statements(desk: Desk) -> None:
    desk.at("2026-03-04 18:00")
    jobs.run_due()
    seen: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    desk.town.clock.advance(minutes=1)
    jobs.run_due()
    assert desk.tick() == []
    assert len([each for each in seen if not each.startswith("BEGIN")]) <= 10


def test_the_dead_mans_switch_names_what_is_missing_after_its_grace(desk: Desk) -> None:
    desk.town.clock.move_to(datetime(2026, 3, 6, 15, 30, tzinfo=OFFICE))
    names = [gap.beat.cadence.id for gap in beats.overdue(desk.town.clock.now())]
    assert "weekly-review" not in names
    desk.town.clock.advance(minutes=1)
    said = beats.alarm(desk.town.clock.now())
    assert (len(said), said[-1]) == (6, "另有 4 项调度尚未完成")
    assert "周调度 2026年第10周 应于 2026年3月6日 15:00，尚未完成" in [gap.sentence for gap in beats.overdue(desk.town.clock.now())]
    desk.tick()
    assert beats.alarm(desk.town.clock.now()) == ()


def test_a_day_names_the_period_that_it_makes_due(desk: Desk) -> None:
    named = {cadence.id: beats.period_on(cadence, desk.town.clock.today()).key for cadence in BEATS}
    assert named == {"daily-morning": "2026-03-02", "daily-evening": "2026-03-02", "weekly-review": "2026-W09",
                     "monthly-circular": "2026-02", "quarterly-appraisal": "2025-Q3", "annual-appraisal": "2025"}


def test_the_operator_lists_what_is_kept_and_what_is_missing(app: Flask, desk: Desk) -> None:
    desk.at("2026-03-03 10:12")
    db.session.remove()
    told = (cli := app.test_cli_runner()).invoke(args=["supervision", "list", "--cadence", "daily-morning"]).output
    assert told == "daily-morning\t2026-03-03\t360103\t2026-03-03 08:30\t完成\t案件 7 件；发给 2 人；应于 08:30，补发于 10:12\n"
    assert cli.invoke(args=["supervision", "list", "--missing"]).output == ""
    desk.town.clock.advance(hours=8)
    assert cli.invoke(args=["supervision", "list", "--missing"]).output == "日巡查·日志与小结 2026年3月3日 应于 2026年3月3日 18:00，尚未完成\n"
    silent = cli.invoke(args=["supervision", "run", "daily-evening", "2026-03-03", "--silent"]).output
    assert "按办理人的选择只作记录，不发邮件" in silent
    early = cli.invoke(args=["jobs", "run", "daily-morning", "--on", "2026-03-03"])
    assert (early.exit_code, early.output) == (0, "daily-morning 2026-03-03：这一期已完成，或正由另一进程办理\n")
