"""A natural person who is asked to an interview: kept sealed, shown to few on request, and each reading is told."""

import io
import json

import docx
import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.support.acts import act_in, do, opened, site_of
from tests.support.visitors import check_page, found_town, in_town, send, visitor
from tracker.domain.house.errors import Broken, Invalid
from tracker.services.acts import access, parties
from tracker.services.house.work import wiring
from tracker.services.upkeep import doctor, integrity
from tracker.storage.acts.acts import Act
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow

pytestmark = pytest.mark.one_engine
WHO = "钱万里"


@pytest.fixture
def town_app(app: Flask) -> Flask:
    found_town(app)
    return app


@pytest.fixture
def number(town_app: Flask) -> str:
    with in_town(town_app) as town:
        return opened(town, "interview", person_party=WHO, role="person", text=f"{WHO}的烧烤摊油烟扰民")


def readings() -> list[str]:
    db.session.rollback()
    return [json.loads(body)["act"] for body in db.session.scalars(select(FactRow.body).where(FactRow.kind == "party:read"))]


def notice_text(app: Flask, login: str, number: str) -> str:
    paper = docx.Document(io.BytesIO(visitor(app, login).get(f"/acts/{number}/notice.docx").data))
    return "\n".join([each.text for each in paper.paragraphs] + [cell.text for table in paper.tables for row in table.rows
                                                                 for cell in row.cells])


def test_the_name_is_sealed_and_its_texts_do_not_say_it(town_app: Flask, number: str) -> None:
    with in_town(town_app) as town:
        row = db.session.scalars(select(Act).where(Act.number == number)).one()
        assert row.person_party and WHO not in row.person_party and WHO not in row.title
        assert wiring().cipher.open(row.person_party, f"act:{number}") == WHO
        body = json.loads(db.session.scalars(select(FactRow.body).where(FactRow.stream == f"act:{number}")).one())
        assert body["party_digest"] == wiring().cipher.keyed_digest(f"name:{WHO}") and "person_party" not in body
        assert WHO not in json.dumps(body, ensure_ascii=False)
        do(town, number, "interview", "hold", came=WHO, demands=f"{WHO}限期整改")
        assert WHO not in access.page_for(town.actor("dispatcher"), number).duties[0].title
        assert integrity.verify().troubles == []
    assert WHO not in visitor(town_app, "dispatcher").get(f"/acts/{number}").text


@pytest.mark.parametrize("login", ["dispatcher", "dispatcher2", "lead"])
def test_who_runs_acts_there_reads_the_name_on_request_and_a_fact_tells_it(town_app: Flask, number: str, login: str) -> None:
    client = visitor(town_app, login)
    before = check_page(client.get(f"/acts/{number}")).text_content()
    assert "个人（姓名保密）" in before and "查看姓名" in before and WHO not in before
    shown = send(client, f"/acts/{number}/person", {}, at=f"/acts/{number}")
    assert shown.status_code == 200 and WHO in check_page(shown).text_content()
    assert "no-store" in shown.headers["Cache-Control"]
    with in_town(town_app):
        assert readings() == [number]
    assert WHO not in client.get(f"/acts/{number}").text, "for once"


@pytest.mark.parametrize("login", ["officer", "verifier", "supervisor", "auditor", "admin"])
def test_who_reads_the_act_alone_does_not_learn_the_name(town_app: Flask, number: str, login: str) -> None:
    client = visitor(town_app, login)
    assert "查看姓名" not in client.get(f"/acts/{number}").text
    assert send(client, f"/acts/{number}/person", {}, at=f"/acts/{number}").status_code == 403
    assert WHO not in notice_text(town_app, login, number) and "当事人" in notice_text(town_app, login, number)
    with in_town(town_app):
        assert readings() == []


def test_the_notice_names_the_person_for_who_may_know_and_that_is_told_too(town_app: Flask, number: str) -> None:
    assert WHO in notice_text(town_app, "dispatcher", number)
    with in_town(town_app):
        assert readings() == [number]


def test_who_may_not_open_the_act_is_told_that_there_is_none(town_app: Flask, number: str) -> None:
    client = visitor(town_app, "neighbour")
    assert send(client, f"/acts/{number}/person", {}, at="/acts").status_code == 404


def test_of_an_act_without_a_person_nothing_is_opened(town_app: Flask) -> None:
    with in_town(town_app) as town:
        other = act_in(town, "interview", "held")
        page = access.page_for(town.actor("dispatcher"), other)
        assert not parties.may_know(town.actor("dispatcher"), page)
    assert send(visitor(town_app, "dispatcher"), f"/acts/{other}/person", {}, at="/acts").status_code == 404


@pytest.mark.parametrize("beside", [{"site": "S-000001"}, {"party": "桃花烧烤店"}])
def test_a_firm_and_a_person_are_not_asked_in_one_notice(town_app: Flask, beside: dict[str, object]) -> None:
    with in_town(town_app) as town:
        site_of(town)
        with pytest.raises(Invalid, match="只能填一个") as told:
            opened(town, "interview", person_party=WHO, **beside)
        assert told.value.field == "person_party"
        assert db.session.scalars(select(Act)).all() == []


def test_a_name_sealed_with_a_key_that_is_not_here_turns_the_doctor_red_and_stops_no_work(town_app: Flask, number: str) -> None:
    with in_town(town_app) as town:
        assert next(each for each in doctor.examine() if each.name == "举报人信息").is_well
        db.session.execute(update(Act).values(person_party="deadbeef:xxxx"))
        db.session.commit()
        check = next(each for each in doctor.examine() if each.name == "举报人信息")
        assert not check.is_well and "指纹不符" in check.sentence
        do(town, number, "interview", "hold")
        with pytest.raises(Broken):
            parties.reveal(town.actor("dispatcher"), number)
        assert readings() == []


def erased(app: Flask, number: str, seq: int = 1) -> None:
    """A custodian asks and a lead decides."""
    order = {"basis": "personal_information", "document": "西环函〔2026〕9号", "which": f"{seq}/person_party"}
    custodian, lead = visitor(app, "custodian"), visitor(app, "lead")
    assert send(custodian, "/erasures", {"number": number}).location.endswith(f"/erasures/acts/{number}")
    page = check_page(custodian.get(f"/erasures/acts/{number}")).text_content()
    assert "个人姓名（密封保存，这里不显示）" in page and WHO not in page
    asked = send(custodian, f"/erasures/acts/{number}", order)
    assert send(custodian, asked.location, {"decision": "erase"}).status_code == 403
    check_page(lead.get(asked.location))
    assert send(lead, asked.location, {"decision": "erase"}).status_code == 302
    assert "（已依法删除）" in lead.get(asked.location).text


def test_two_persons_erase_the_name_and_the_act_with_its_facts_stays(town_app: Flask, number: str) -> None:
    with in_town(town_app) as town:
        do(town, number, "interview", "hold", came=WHO, demands=f"{WHO}限期整改")
        before = [(row.seq, row.digest) for row in db.session.scalars(select(FactRow).where(FactRow.stream == f"act:{number}"))]
    erased(town_app, number)
    dispatcher = visitor(town_app, "dispatcher")
    shown = check_page(dispatcher.get(f"/acts/{number}")).text_content()
    assert "个人（姓名已依法删除）" in shown and "查看姓名" not in shown
    assert send(dispatcher, f"/acts/{number}/person", {}, at=f"/acts/{number}").status_code == 404
    assert number not in dispatcher.get(f"/acts?q={WHO}").text and number not in dispatcher.get(f"/cases?q={WHO}").text
    for path in ("/acts", f"/acts/{number}", "/acts/export.xlsx", f"/acts/{number}/notice.docx"):
        with visitor(town_app, "lead").get(path) as answer:
            assert WHO.encode() not in answer.data, path
    assert "当事人" in notice_text(town_app, "dispatcher", number)
    with in_town(town_app):
        row = db.session.scalars(select(Act).where(Act.number == number)).one()
        assert row.person_party == ""
        after = [(row.seq, row.digest) for row in db.session.scalars(select(FactRow).where(FactRow.stream == f"act:{number}"))]
        assert after == before and integrity.verify().troubles == []
        assert next(each for each in doctor.examine() if each.name == "举报人信息").is_well
        for table in db.metadata.sorted_tables:
            assert not any(WHO in str(cell) for row in db.session.execute(table.select()) for cell in row), table.name


def test_what_was_erased_is_not_asked_for_again_and_no_other_s_act_is(town_app: Flask, number: str) -> None:
    erased(town_app, number)
    custodian = visitor(town_app, "custodian")
    order = {"basis": "personal_information", "document": "西环函〔2026〕9号", "which": "1/person_party"}
    assert send(custodian, f"/erasures/acts/{number}", order).status_code == 422
    assert custodian.get("/erasures/acts/YT-2026-0099").status_code == 404
    with in_town(town_app) as town:
        hidden = act_in(town, "referral", "suspected")
    assert custodian.get(f"/erasures/acts/{hidden}").status_code == 404, "only a few may read it"
