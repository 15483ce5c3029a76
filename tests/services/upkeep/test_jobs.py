"""The clock's jobs: once per date whatever number of processes, catching up, isolating what fails."""

import threading
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.makers import Town
from tests.support.tampering import tamper
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import Broken, Invalid
from tracker.services.house.jobs import Frequency
from tracker.services.upkeep import jobs, seals
from tracker.storage.house.base import db
from tracker.storage.house.runs import JobRun
from tracker.wiring import JOBS


def runs() -> list[tuple[str, str]]:
    db.session.rollback()
    query = select(JobRun).order_by(JobRun.id).execution_options(populate_existing=True)
    return [(r.job, r.state) for r in db.session.scalars(query)]


def due_at_nine() -> list[str]:
    """The daily jobs whose time has come at 09:00 and is not too long ago, in the order of the table."""
    return [job.id for job in jobs.all_jobs() if job.frequency is Frequency.daily and not job.is_beat and job.at <= time(9, 0)
            and 9 * 60 - job.at.hour * 60 - job.at.minute <= job.grace_minutes]


def test_a_notice_ends_on_the_day_after_its_last_one_and_only_once(town: Town) -> None:
    number = town.case_in(CaseState.noticing, "D2JX")
    last = town.row(number).notice_to_on
    assert last is not None
    town.clock.move_to(town.clock.end_of(last) - timedelta(minutes=1))
    assert jobs.run("daily-notice-end").outcome == "公示期满 0 件"
    assert town.row(number).state is CaseState.noticing
    town.clock.advance(minutes=2)
    assert jobs.run("daily-notice-end").outcome == "公示期满 1 件"
    assert town.row(number).state is CaseState.noticed
    assert (town.facts(number)[-1].kind, town.facts(number)[-1].actor_id) == ("case:notice_ended", 0)
    again = jobs.run("daily-notice-end")
    assert (again.was_run, len(town.facts(number))) == (False, town.row(number).seq)


def test_a_phase_goes_back_to_rectifying_on_its_next_date(town: Town) -> None:
    number = town.case_in(CaseState.phased)
    next_on = town.row(number).phase_next_on
    assert next_on is not None
    assert jobs.run("daily-phase-resume").outcome == "恢复整改 0 件"
    town.clock.move_to(datetime(next_on.year, next_on.month, next_on.day, 1, tzinfo=UTC))
    assert jobs.run("daily-phase-resume").outcome == "恢复整改 1 件"
    assert town.row(number).state is CaseState.rectifying


def test_a_job_can_be_asked_for_a_past_date_but_not_for_the_future(town: Town) -> None:
    today = town.clock.today()
    assert jobs.run("daily-seal", today - timedelta(days=3)).was_run
    with pytest.raises(Invalid, match="将来"):
        jobs.run("daily-seal", today + timedelta(days=1))
    with pytest.raises(Invalid, match="minutely-outbox"):
        jobs.run("daily-tea")
    assert seals.sealed_days(db.session()) == {today - timedelta(days=3)}


def test_a_failed_run_says_so_raises_and_may_be_run_again(town: Town) -> None:
    number = town.registered()
    tamper(f"UPDATE cases SET title = 'x' WHERE number = '{number}'")
    with pytest.raises(Broken, match=rf"case:{number}#1 case:registered"):
        jobs.run("daily-ledger-verify")
    assert runs() == [("daily-ledger-verify", "failed")]
    assert number in jobs.last_runs()["daily-ledger-verify"].outcome
    tamper(f"UPDATE cases SET title = '河边垃圾' WHERE number = '{number}'")
    assert jobs.run("daily-ledger-verify").was_run
    assert runs() == [("daily-ledger-verify", "done")]


def test_one_bad_case_does_not_stop_the_others_and_fails_the_run(town: Town) -> None:
    first, second = town.case_in(CaseState.noticing, "D2JX"), town.case_in(CaseState.noticing, "D2JX")
    last = town.row(second).notice_to_on
    assert last is not None
    tamper(f"UPDATE cases SET seq = 1 WHERE number = '{first}'")  # its next fact would be a second number 2
    town.clock.move_to(town.clock.end_of(last))
    with pytest.raises(Broken, match=f"办成 1 件，1 件未成，第一件 {first}"):
        jobs.run("daily-notice-end")
    assert (town.row(first).state, town.row(second).state) == (CaseState.noticing, CaseState.noticed)
    assert runs() == [("daily-notice-end", "failed")]


def test_the_clock_runs_what_is_due_once_a_day_and_catches_up(town: Town) -> None:
    # it is 09:00
    assert [r.job for r in jobs.run_due()] == due_at_nine()
    assert jobs.run_due() == []
    assert jobs.clock_seen_at() == town.clock.now()
    town.clock.advance(hours=14, minutes=51)
    assert [r.job for r in jobs.run_due()] == ["daily-disclaimed", "daily-unknown-logins", "daily-seal",
                                                 "daily-circular-issue"]
    town.clock.advance(minutes=9)  # midnight: nothing is due before five past
    assert jobs.run_due() == []
    town.clock.advance(minutes=5)
    assert [r.job for r in jobs.run_due()] == ["daily-notice-end"]


def test_the_clock_leaves_a_failed_run_to_a_person(town: Town) -> None:
    tamper(f"UPDATE cases SET title = 'x' WHERE number = '{town.registered()}'")
    assert [r.job for r in jobs.run_due()] == [job for job in due_at_nine() if job != "daily-ledger-verify"]
    assert jobs.run_due() == []
    assert ("daily-ledger-verify", "failed") in runs()


def test_a_run_that_a_dead_process_left_is_taken_over_when_its_lease_runs_out(town: Town) -> None:
    now = town.clock.now()
    db.session.add(JobRun(job="daily-seal", on_date=town.clock.today(), state="running", claimed_by="dead/1",
                          lease_until=now + jobs.LEASE, started_at=now, outcome=""))
    db.session.commit()
    assert not jobs.run("daily-seal").was_run
    town.clock.advance(jobs.LEASE + timedelta(seconds=1))
    assert jobs.run("daily-seal").was_run


def test_four_clocks_at_once_run_each_job_once(town: Town, app: Flask) -> None:
    town.case_in(CaseState.rectifying)
    ran: list[str] = []

    def tick() -> None:
        with app.app_context():
            ran.extend(r.job for r in jobs.run_due())
            db.session.remove()

    threads = [threading.Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ran) == sorted(due_at_nine())
    assert sorted(runs()) == [(job, "done") for job in sorted(ran)]


def test_sealing_by_the_job_and_by_hand_is_one_seal(town: Town) -> None:
    town.registered()
    made = seals.seal()
    assert made.sentence() == jobs.run("daily-seal").outcome


@pytest.mark.one_engine
def test_every_job_has_a_cadence_in_its_name_and_a_reason_in_words() -> None:
    assert len({job.id for job in JOBS}) == len(JOBS)
    for job in JOBS:
        assert job.id.startswith(f"{job.frequency.value}-")
        assert job.what_for
