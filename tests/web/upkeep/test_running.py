"""Running the product from its pages: asked for there, done by the clock, told again there."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests.support.visitors import check_page, found_town, in_town, send, text_of, visitor
from tracker.services.house.work import reading
from tracker.services.upkeep import backup, doctor
from tracker.services.upkeep.running import asked_runs, backups
from tracker.storage.cases.identities import Identity
from tracker.storage.house.base import db

PAGES = ("doctor", "backups", "jobs", "mail")


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_are_for_who_runs_the_product(town_app: Flask, page: str) -> None:
    check_page(visitor(town_app, "admin").get(f"/settings/{page}"))
    for login in ("lead", "dispatcher", "custodian"):
        assert visitor(town_app, login).get(f"/settings/{page}").status_code == 403


def test_a_backup_asked_for_on_the_page_is_made_by_the_clock_once(town_app: Flask, tmp_path: Path) -> None:
    admin = visitor(town_app, "admin")
    assert "还没有备份过" in admin.get("/settings/backups").text
    assert send(admin, "/settings/backups", {}).status_code == 302
    assert "时钟进程正在备份" in admin.get("/settings/backups").text
    send(admin, "/settings/backups", {})
    with in_town(town_app) as town:
        assert "1 次" in str(asked_runs.run_asked(town.clock.today()))
        assert "没有人申请" in str(asked_runs.run_asked(town.clock.today()))
        (made,) = backups.past_backups()
        assert made.is_here and backup.check(tmp_path / "backups" / made.name).digests is not None
    shown = text_of(admin.get("/settings/backups"))
    assert made.name in shown and "flask backup restore" in shown and "指纹" in shown


def test_seven_days_and_four_weeks_of_nightly_backups_stay() -> None:
    today = date(2026, 3, 31)
    names = [f"xiaohao-{today - timedelta(days=n)}.tar.gz" for n in range(60)]
    gone = backups.outworn(names, today)
    kept = sorted(set(names) - set(gone), reverse=True)
    assert kept[:7] == names[:7]
    assert len(kept) == 7 + 2  # of the four weeks, this and the last one end within the seven days
    assert backups.outworn(kept, today) == []


def test_a_job_runs_for_a_date_that_was_asked_for_and_says_what_came_of_it(town_app: Flask) -> None:
    admin = visitor(town_app, "admin")
    assert send(admin, "/settings/jobs/daily-notice-end", {"on": "2026-03-01"}).status_code == 302
    assert "等待时钟进程" in text_of(admin.get("/settings/jobs"))
    with in_town(town_app) as town:
        asked_runs.run_asked(town.clock.today())
    assert "公示期满 0 件" in text_of(admin.get("/settings/jobs"))


def test_a_beat_made_silently_mails_nobody(town_app: Flask) -> None:
    admin = visitor(town_app, "admin")
    send(admin, "/settings/jobs/weekly-review", {"on": "2026-03-02", "silent": "1"})
    with in_town(town_app) as town:
        asked_runs.run_asked(town.clock.today())
        (asked,) = asked_runs.recent(reading())
    assert (asked.is_done, asked.is_silent) == (True, True)


@pytest.mark.parametrize(("job", "on", "said"), [
    ("daily-notice-end", "2099-01-01", "不能为将来的日期"), ("minutely-outbox", "", "不用补跑"), ("daily-tea", "", "没有任务"),
])
def test_what_cannot_be_run_is_one_sentence(town_app: Flask, job: str, on: str, said: str) -> None:
    admin = visitor(town_app, "admin")
    send(admin, f"/settings/jobs/{job}", {"on": on})
    assert said in text_of(admin.get("/settings/jobs"))
    with in_town(town_app):
        assert asked_runs.recent(reading()) == []


def test_of_two_clocks_one_does_what_was_asked_and_a_dead_one_is_followed(town_app: Flask) -> None:
    send(visitor(town_app, "admin"), "/settings/jobs/daily-notice-end", {"on": "2026-03-01"})
    with in_town(town_app) as town:
        (asked,) = asked_runs.waiting(reading())
        assert asked_runs._claim_run(asked.number) and not asked_runs._claim_run(asked.number)
        assert "没有人申请" in str(asked_runs.run_asked(town.clock.today()))
        town.clock.advance(hours=4)
        assert "1 次" in str(asked_runs.run_asked(town.clock.today()))
        assert not asked_runs._claim_run(asked.number)


def test_the_same_run_is_asked_for_once(town_app: Flask) -> None:
    admin = visitor(town_app, "admin")
    for _ in range(2):
        send(admin, "/settings/jobs/daily-notice-end", {"on": "2026-03-01"})
    with in_town(town_app):
        assert len(asked_runs.recent(reading())) == 1


def test_a_reporter_sealed_with_a_key_that_is_not_here_turns_the_doctor_red(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = town.registered()
        assert number
        db.session.add(Identity(case_id=1, sealed="deadbeef:xxxx", created_at=town.clock.now()))
        db.session.commit()
        (check,) = [each for each in doctor.examine() if each.name == "举报人信息"]
    assert not check.is_well and "指纹不符" in check.sentence
