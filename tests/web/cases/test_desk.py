"""My desk in the browser: every verb leads to its form, every number to its rows; light, sound, and with a way back."""

import gzip
import re
from typing import Any

import pytest
from flask import Flask
from lxml import html

from tests.support import visitors
from tests.support.busy import make_busy
from tests.support.district import HOME
from tests.support.visitors import ROLES, check_page, counted_statements, found_town, in_town, send, text_of, token_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import CASE_FLOW
from tracker.services.cases import intake
from tracker.services.cases.identities import Reporter
from tracker.services.cases.intake import RegisterOrder
from tracker.services.cases.register import saved_views
from tracker.web.cases.register import desk
from tracker.web.house import undoing

pytestmark = pytest.mark.one_engine
S = CaseState
EVERYBODY = (*ROLES, "many_hats")
LEAD_BYTES = 100_000
REPORTER, PHONE = "桑桔柏", "13970001234"


@pytest.fixture
def busy(app: Flask) -> Flask:
    """A busy day."""
    found_town(app)
    with in_town(app) as town:
        make_busy(town)
    return app


def links_of(page: Any, path: str) -> list[str]:
    return [href for href in page.xpath("//main//a/@href") if re.search(path, href)]


def test_every_verb_on_every_desk_leads_to_its_form(busy: Flask) -> None:
    followed: set[str] = set()
    for login in EVERYBODY:
        client = visitor(busy, login)
        page = check_page(client.get("/"))
        for href in links_of(page, r"/steps/"):
            answer = client.get(href)
            assert answer.status_code == 200, f"{login} {href}"
            followed.add(href.rpartition("/")[2])
    assert followed >= {"assign", "acknowledge", "submit", "verify", "reject", "close", "designate", "open_notice", "urge",
                        "grant_return", "refuse_return", "grant_extension", "grant_phase", "reopen"}


def test_every_number_counts_the_rows_it_leads_to(busy: Flask) -> None:
    for login in EVERYBODY:
        client = visitor(busy, login)
        page = check_page(client.get("/"))
        numbers = page.xpath("//ul[contains(@class, 'numbers')]//a")
        assert len(numbers) <= desk.MOST_NUMBERS
        assert bool(numbers) == (login not in visitors.WITHOUT_CASES)
        for number in numbers:
            rows = html.fromstring(client.get(number.get("href"))
                                   .data).xpath("//input[@name='n'] | //table/tbody/tr/td[@class='title']")
            count = int(number.xpath("string(strong)"))
            assert f"共 {count} 件" in text_of(client.get(number.get("href"))), (login, number.text_content())
            assert bool(rows) == bool(count)


def test_who_has_nothing_to_do_is_told_what_would_stand_here(app: Flask) -> None:
    found_town(app)
    told = {login: text_of(visitor(app, login).get("/")) for login in ROLES}
    assert "现在没有等您办理的案件" in told["officer"]
    assert "登记问题" in told["inspector"]
    assert "您的角色没有待办步骤" in told["auditor"]
    assert "核查通过、公示期满、证据齐全的案件会列在这里" in told["lead"]
    for login in ROLES:
        check_page(visitor(app, login).get("/"))


def test_rows_stand_under_their_light_with_how_many_wait_for_each_step(busy: Flask) -> None:
    page = html.fromstring(visitor(busy, "officer").get("/").data)
    groups = page.xpath("//table[contains(@class, 'desk')]/tbody")
    lights = [group.xpath("normalize-space(.//th//span[contains(@class, 'light')])")[:1] for group in groups]
    assert lights == sorted(lights, key="■▲○●".index)
    assert len(lights) > 1
    for group in groups:
        counted = [int(word.rpartition(" ")[2]) for word in group.xpath(".//span[@class='step-count']/text()")]
        assert sum(counted) == len(group.xpath("./tr[contains(@class, 'of-case')]"))


def test_the_price_of_a_desk_does_not_depend_on_its_length(busy: Flask) -> None:
    def price(login: str) -> int:
        client = visitor(busy, login)
        client.get("/cases" if login != "custodian" else "/")
        with counted_statements(busy) as sent:
            assert client.get("/").status_code == 200
        return len(sent)

    def again(login: str) -> int:
        client = visitor(busy, login)
        client.get("/")
        with counted_statements(busy) as sent:
            assert client.get("/").status_code == 200
        return len(sent)

    few = {login: price(login) for login in EVERYBODY}
    # One asks whether anything happened, two for the dead man's switch, which only dispatchers and leads are told of.
    # One asks what waits beside the cases, one which patrols the own posts owe.
    assert max(few.values()) <= 13
    assert max(again(login) for login in EVERYBODY) <= 6  # who is here, whether anything happened, the switch, patrols
    with in_town(busy) as town:
        make_busy(town)
    assert {login: price(login) for login in EVERYBODY} == few


def test_many_are_acknowledged_from_the_desk_at_once(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        numbers = [town.case_in(S.assigned) for _ in range(3)]
        town.case_in(S.rectifying)
    client = visitor(app, "officer")
    page = check_page(client.get("/"))
    assert sorted(page.xpath("//input[@form='bulk']/@value")) == numbers
    (press,) = page.xpath("//button[@formaction]")
    preview = client.get(press.get("formaction"), query_string={"n": numbers})
    rows = html.fromstring(preview.data).xpath("//input[@name='row']/@value")
    answer = client.post("/cases/bulk/acknowledge", data={"csrf_token": token_of(preview), "row": rows})
    assert "3 件中已办 3 件" in text_of(answer)


def test_one_tap_leads_a_leader_to_the_weekly_close_out(busy: Flask) -> None:
    client = visitor(busy, "lead")
    page = check_page(client.get("/"))
    (tap,) = page.xpath("//a[contains(@class, 'btn-wide')]")
    preview = client.get(tap.get("href"))
    check_page(preview)
    closing = len(re.findall(r"n=XH", tap.get("href")))
    assert f"{closing} 件可以办理" in text_of(preview)
    assert "件不能" not in text_of(preview)


def weight_of(client: Any, address: str) -> int:
    """What a file weighs packed."""
    with client.get(address) as answer:
        assert answer.status_code == 200, address
        return len(gzip.compress(answer.data, 6))


def test_the_desk_of_a_leader_weighs_less_than_a_hundred_kilobytes(busy: Flask) -> None:
    """All that a first visit carries, packed as it travels; the framework's style sheet is the most of it."""
    for login in ("lead", "supervisor"):
        client = visitor(busy, login)
        answer = client.get("/")
        page = html.fromstring(answer.data)
        files = set(page.xpath("//link/@href | //script/@src | //img/@src"))
        weights = {name: weight_of(client, name) for name in files}
        assert len(files) > 5
        assert len(gzip.compress(answer.data, 6)) + sum(weights.values()) < LEAD_BYTES, weights


def test_no_desk_knows_who_reported(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        order = RegisterOrder(source="H12345", title="河边垃圾", description="堆放生活垃圾", categories=("garbage",), area_code=HOME)
        number = intake.register(town.actor("clerk"), order, reporter=Reporter(REPORTER, PHONE, f"{REPORTER}路1号", "")).number
    for step in ("assign", "acknowledge", "submit", "verify", "close"):
        for login in EVERYBODY:
            said = visitor(app, login).get("/").text
            assert REPORTER not in said and PHONE not in said
        with in_town(app) as town:
            town.walk(number, step)


# --- the way back --------------------------------------------------------------------------------------------------------------


def undo_in(answer: Any) -> list[Any]:
    return list(html.fromstring(answer.data).xpath("//*[contains(@class, 'notice')]//*[contains(@class, 'undo')]"))


def test_a_submission_is_followed_by_the_way_to_withdraw_it(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(S.rectifying)
    client = visitor(app, "officer")
    path = f"/cases/{number}/steps/submit"
    answer = send(client, path, {"finding": "true", "measures": "已清运垃圾", "no_work_basis": "现场复核，未见垃圾"})
    assert answer.status_code in (302, 422), answer.status_code
    if answer.status_code == 422:
        pytest.fail(text_of(answer))
    told = client.get(answer.headers["Location"])
    check_page(told)
    (link,) = undo_in(told)
    assert link.get("href") == f"/cases/{number}/steps/withdraw"
    assert client.get(link.get("href")).status_code == 200
    assert not undo_in(client.get(f"/cases/{number}"))
    assert send(client, link.get("href")).status_code == 302
    with in_town(app) as town:
        assert town.row(number).state is S.rectifying


def test_what_cannot_be_taken_back_offers_no_way_back(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(S.assigned)
    client = visitor(app, "officer")
    answer = send(client, f"/cases/{number}/steps/acknowledge")
    told = client.get(answer.headers["Location"])
    assert "应于" in text_of(told)
    assert not undo_in(told)
    assert [name for name in ("verify", "close", "acknowledge") if CASE_FLOW.steps[name].undone_by] == []


def test_a_leader_may_open_supervision_and_lift_it_again(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(S.rectifying)
    client = visitor(app, "lead")
    answer = send(client, f"/cases/{number}/steps/open_supervision", {"level": "ordinary", "reason": "群众反映强烈"})
    (link,) = undo_in(client.get(answer.headers["Location"]))
    assert client.get(link.get("href")).status_code == 200


def view_dropped(app: Flask, client: Any) -> tuple[Any, dict[str, str]]:
    """The page after a view was deleted, and the fields of its button."""
    with in_town(app) as town:
        view = saved_views.save(town.actor("lead"), "本周到期", "light=yellow", is_shared=True)
    answer = client.get(send(client, f"/cases/views/{view}/delete").headers["Location"])
    check_page(answer)
    (form,) = undo_in(answer)
    return answer, {i.get("name"): i.get("value") for i in form.iter("input")}


def test_a_deleted_view_comes_back_as_it_was(app: Flask) -> None:
    found_town(app)
    client = visitor(app, "lead")
    answer, fields = view_dropped(app, client)
    assert "本周到期" in text_of(answer)
    back = client.post("/cases/views/restore", data=fields)
    assert back.status_code == 302
    assert "light=yellow" in back.headers["Location"]
    assert "视图“本周到期”已恢复" in text_of(client.get(back.headers["Location"]))
    assert client.post("/cases/views/restore", data=fields | {"form_id": "another"}).status_code == 409


def test_a_view_comes_back_only_soon_and_only_to_its_owner(app: Flask, clock: Any) -> None:
    found_town(app)
    client = visitor(app, "lead")
    _, fields = view_dropped(app, client)
    other = visitor(app, "dispatcher")
    stolen = fields | {"csrf_token": token_of(other.get("/"))}
    assert other.post("/cases/views/restore", data=stolen).status_code in (400, 422)
    made_up = client.post("/cases/views/restore", data=fields | {"view": fields["view"] + "x"})
    assert made_up.status_code in (400, 422)
    clock.advance(undoing.RESTORE_WITHIN * 2)
    assert client.post("/cases/views/restore", data=fields).status_code in (400, 422)


def test_a_role_taken_away_is_given_back_with_one_press(app: Flask) -> None:
    found_town(app)
    client = visitor(app, "admin")
    page = client.get("/people/officer2")
    fields = {"csrf_token": token_of(page), "role": "officer", "area_code": "360103"}
    told = client.get(client.post("/people/officer2/revoke", data=fields).headers["Location"])
    (form,) = undo_in(told)
    assert "责任单位经办人" not in text_of(visitor(app, "officer2").get("/")).partition("退出")[0]
    again = client.post(form.get("action"), data={i.get("name"): i.get("value") for i in form.iter("input")})
    assert again.status_code == 302
    (taken,) = undo_in(client.get(again.headers["Location"]))
    assert taken.get("action").endswith("/revoke")


def test_a_failed_look_back_says_why_a_finished_case_is_here_again(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(S.closed, "PATROL")
        town.do(number, "look_back", result="failed")
    page = check_page(visitor(app, "dispatcher").get("/"))
    (row,) = page.xpath(f"//tr[.//a[contains(@href, '{number}')]]")
    assert "回头看有反弹" in row.text_content()
    assert "超期" not in row.text_content()
    assert row.xpath(".//a[contains(@href, '/steps/reopen')]")
    waiting = page.xpath("//a[contains(@href, 'state=')]/@href")
    assert not [href for href in waiting if "state=closed" in href]


def test_work_handed_in_on_time_is_not_called_late_on_the_desk_of_its_verifier(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(S.submitted, "PATROL")
        town.days_pass(20)
    page = check_page(visitor(app, "verifier").get("/"))
    (due,) = page.xpath(f"//tr[.//a[contains(@href, '{number}')]]/td[@class='due']")
    assert "超期" not in due.text_content() and "月" in due.text_content()
