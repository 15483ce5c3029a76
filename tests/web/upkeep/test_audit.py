"""The auditor's room: what is taken out is on record before it leaves, within the area, and what is odd stands on top."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.support.visitors import check_page, found_town, in_town, send, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import Grant, Role
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.services.people import accounts
from tracker.services.upkeep import ledger_jobs, standing
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow
from tracker.storage.people.accounts import Unit

pytestmark = pytest.mark.one_engine


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


def facts_of(app: Flask, kind: str) -> list[dict[str, Any]]:
    with app.app_context():
        return [dict(row.fact().payload) for row in db.session.scalars(select(FactRow).where(FactRow.kind == kind))]


def audit(app: Flask, login: str = "auditor", **asked: str) -> str:
    page = visitor(app, login).get("/audit", query_string=asked)
    check_page(page)
    return text_of(page)


def test_an_export_is_one_line_though_nobody_reads_the_file(town_app: Flask) -> None:
    with in_town(town_app) as town:
        for _ in range(3):
            town.registered()
    answer = visitor(town_app, "lead").get("/cases/export.xlsx?state=registered&q=油烟某某")
    answer.close()
    (told,) = facts_of(town_app, PersonFacts.exported)
    assert (told["what"], told["format"], told["filters"]) == ("register", "xlsx", {"state": ["registered"], "q_length": 4})
    assert "油烟某某" not in str(told)
    shown = audit(town_app, heading="export")
    assert "案件登记表" in shown and "赵" not in shown.partition("导出")[0]


def test_what_somebody_types_into_an_address_stands_in_no_fact(town_app: Flask) -> None:
    visitor(town_app, "lead").get("/cases/export.csv?unit=欧阳告密13912345678").close()
    assert "欧阳告密" not in str(facts_of(town_app, PersonFacts.exported))


def test_dossiers_and_originals_are_told_and_the_same_original_once_in_ten_minutes(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = town.case_in(CaseState.closed, "PATROL")
        originals = [row[0] for row in db.session.execute(select(db.metadata.tables["evidence"].c.id).where(
            ~db.metadata.tables["evidence"].c.is_original_sealed))]
    clerk = visitor(town_app, "clerk")
    assert clerk.get(f"/cases/{number}/dossier.docx").status_code == 200
    for _ in range(3):
        assert clerk.get(f"/evidence/{originals[0]}/original").status_code == 200
    with in_town(town_app) as town:
        town.clock.advance(minutes=11)
    assert clerk.get(f"/evidence/{originals[0]}/original").status_code == 200
    assert [told["case"] for told in facts_of(town_app, PersonFacts.dossier_made)] == [number]
    read = facts_of(town_app, PersonFacts.original_read)
    assert [told["evidence"] for told in read] == [originals[0]] * 2
    assert all(len(told["digest"]) == 64 for told in read)
    shown = audit(town_app, object=number.lower())
    assert "打开原件" in shown and "导出卷宗" in shown


def test_five_wrong_passwords_are_five_lines_and_a_word_on_slowing_down(town_app: Flask) -> None:
    for _ in range(7):
        send(town_app.test_client(), "/login", {"login": "clerk", "password": "wrong-" + "x" * 8})
    outcomes = [told["outcome"] for told in facts_of(town_app, PersonFacts.sign_in_failed)]
    assert outcomes.count("throttled") == 1
    assert outcomes.count("wrong_password") >= 3
    shown = audit(town_app, heading="sign-in", person="clerk")
    assert "限速：失败过多" in shown and "密码不对" in shown


def test_what_is_out_of_the_ordinary_stands_on_top(town_app: Flask) -> None:
    with in_town(town_app) as town:
        number = town.case_in(CaseState.closed, "PATROL")
        town.clock.advance(hours=(23 - town.clock.local(town.clock.now()).hour) % 24)
    visitor(town_app, "lead").get("/cases/export.csv").close()
    shown = audit(town_app)
    assert "异常情况" in shown and "在夜间" in shown
    assert number not in shown.partition("筛选")[0]


def test_only_auditors_come_in_and_only_within_their_area(town_app: Flask) -> None:
    for login in ("clerk", "lead", "admin", "custodian"):
        assert visitor(town_app, login).get("/audit").status_code == 403
        assert visitor(town_app, login).get("/audit/export.xlsx").status_code == 403
    visitor(town_app, "lead").get("/cases/export.csv").close()
    assert "导出" in audit(town_app, heading="export").partition("清除")[2]
    with in_town(town_app) as town:
        accounts.add_person(None, login="auditor9", name="邻区审计", unit="XH", roles=(Grant(Role.auditor, "360111"),))
        assert town.clock
    assert "这段时间里没有这样的记录" in audit(town_app, "auditor9", heading="export")


def test_the_audit_s_own_export_is_recorded_once_and_holds_every_line(town_app: Flask, tmp_path: Path) -> None:
    visitor(town_app, "lead").get("/cases/export.csv").close()
    answer = visitor(town_app, "auditor").get("/audit/export.csv?heading=export")
    assert "案件登记表" in answer.data.decode("utf-8-sig")
    answer.close()
    assert [told["what"] for told in facts_of(town_app, PersonFacts.exported)] == ["register", "audit"]


@pytest.mark.parametrize(("asked", "said"), [
    ({"from_on": "2020-01-01", "to_on": "2026-01-01"}, "不超过 366 天"), ({"from_on": "昨天"}, "不是日期"), ({"heading": "x"}, "没有“x”这一类"),
    ({"person": "nobody-here"}, "没有登录名为“nobody-here”"), ({"role": "king"}, "没有“king”这个角色"), ({"before": "1"}, "不是这个列表里的位置"),
    ({"from_on": "0001-01-01"}, "不是日期"), ({"to_on": "9999-12-31"}, "不是日期"), ({"to_on": "0001-01-05"}, "不是日期"),
    ({"before": "2026-01-01T00:00:00~1"}, "不是这个列表里的位置"),
    ({"before": f"2026-01-01T00:00:00+00:00~{10**30}"}, "不是这个列表里的位置"),
])
def test_what_means_nothing_is_one_sentence(town_app: Flask, asked: dict[str, str], said: str) -> None:
    page = visitor(town_app, "auditor").get("/audit", query_string=asked)
    assert page.status_code == 422
    assert said in text_of(page)


def test_older_lines_stand_on_further_pages(town_app: Flask) -> None:
    auditor, seen, address = visitor(town_app, "auditor"), 0, "/audit?heading=export"
    for _ in range(60):
        visitor(town_app, "lead").get("/cases/export.csv").close()
    while address:
        page = auditor.get(address)
        seen += page.text.count("案件登记表")
        address = page.text.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert seen == 60


def test_an_auditor_asks_for_a_verification_and_the_clock_does_it_once(town_app: Flask) -> None:
    auditor = visitor(town_app, "auditor")
    assert "现在完整核验" in auditor.get("/ledger").text
    assert "现在完整核验" not in visitor(town_app, "clerk").get("/ledger").text
    assert send(visitor(town_app, "clerk"), "/ledger/verify", {}).status_code == 403
    assert send(auditor, "/ledger/verify", {}).status_code == 302
    assert "正在后台办理" in auditor.get("/ledger").text
    send(auditor, "/ledger/verify", {})
    with in_town(town_app) as town:
        assert "没有人" not in str(ledger_jobs.verify_when_asked(town.clock.today()))
        assert str(ledger_jobs.verify_when_asked(town.clock.today())) == "没有人申请核验"
        assert [run.kind for run in standing.standing().runs] == ["full"]
    assert len(facts_of(town_app, "ledger:verification_asked")) == 1


def test_units_without_an_area_are_not_seen_by_an_auditor_of_an_area(town_app: Flask) -> None:
    with town_app.app_context():
        db.session.execute(update(Unit).values(area_code=""))
        db.session.commit()
    visitor(town_app, "lead").get("/cases/export.csv").close()
    assert "这段时间里没有这样的记录" in audit(town_app, heading="export")


SETTINGS = ("", "/limits", "/rules", "/rules/ladder", "/calendar", "/offices", "/map", "/doctor", "/backups", "/jobs", "/mail",
            "/start")


@pytest.mark.parametrize("page", SETTINGS)
def test_an_auditor_reads_every_settings_page_and_writes_none(town_app: Flask, page: str) -> None:
    auditor = visitor(town_app, "auditor")
    shown = auditor.get(f"/settings{page}", follow_redirects=True)
    assert shown.status_code == 200, page
    assert "您以审计员身份查看" in shown.text and '<fieldset class="reading-only" disabled>' in shown.text
    for login in ("lead", "dispatcher"):
        assert visitor(town_app, login).get(f"/settings{page}").status_code in (403, 404)
    assert "您以审计员身份查看" not in visitor(town_app, "admin").get(f"/settings{page}", follow_redirects=True).text


@pytest.mark.parametrize("address", ["/settings/backups", "/settings/jobs/daily-seal", "/settings/rules/ladder",
                                     "/settings/offices/360103"])
def test_what_an_auditor_sends_to_a_settings_page_is_refused(town_app: Flask, address: str) -> None:
    assert send(visitor(town_app, "auditor"), address, {}).status_code in (403, 405)


@pytest.mark.parametrize("table", ["sources", "offices", "units", "people", "limits", "routing"])
def test_an_auditor_reads_master_data_and_its_history_and_edits_none(town_app: Flask, table: str) -> None:
    auditor = visitor(town_app, "auditor")
    assert auditor.get("/settings/master").status_code == 200
    shown = auditor.get(f"/settings/master/{table}")
    assert shown.status_code == 200 and "您以审计员身份查看" in shown.text
    for address in (f"/settings/master/{table}/new", f"/settings/master/{table}/export", f"/settings/master/{table}/load"):
        assert auditor.get(address).status_code == 404
        assert address not in shown.text
    assert visitor(town_app, "lead").get(f"/settings/master/{table}").status_code == 404


def test_an_auditor_reads_the_history_of_a_source(town_app: Flask) -> None:
    assert visitor(town_app, "auditor").get("/settings/master/sources/history?key=H12345").status_code == 200
