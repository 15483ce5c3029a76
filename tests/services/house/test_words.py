"""What people wrote lies apart from the facts, which commit themselves to it: it is read as before, and no other text fits."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from tests.support.makers import Town
from tests.support.older import make_older
from tests.support.tampering import tamper
from tests.support.visitors import counted_statements
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.house.actor import EVERYTHING
from tracker.domain.house.fields import FieldKind
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.say import Say
from tracker.domain.house.words import ERASED, commitment, told_apart, told_with
from tracker.services.upkeep import integrity
from tracker.services.upkeep.checks.words import words_troubles
from tracker.storage.cases import search
from tracker.storage.cases.page import case_page
from tracker.storage.house.base import db
from tracker.storage.house.words import WordRow

REASON = "涉及两个街道的下水道"


def kept(number: str, name: str) -> Any:
    db.session.rollback()
    return db.session.scalars(select(WordRow).where(WordRow.stream == f"case:{number}", WordRow.name == name)
                              .order_by(WordRow.seq.desc()).execution_options(populate_existing=True)).first()


def test_every_free_text_that_a_step_asks_for_is_one_of_its_fact_s_words() -> None:
    for step in CASE_FLOW.steps.values():
        asked = {field.name for field in step.given if field.kind in (FieldKind.text, FieldKind.long_text)}
        of_works = {"remarks"} if step.checks_works else set()  # one for each item of the list that judges the works
        assert set(step.fact.words) == asked | of_works, step.name


def test_a_reason_is_in_no_fact_and_read_by_everybody_who_reads_the_fact(town: Town) -> None:
    number = town.case_in(CaseState.assigned)
    town.do(number, "dispute", reason=REASON)
    fact = town.facts(number)[-1]
    assert REASON not in fact.body
    assert json.loads(fact.body)["words"]["reason"] == commitment(kept(number, "reason").salt, REASON)
    assert fact.payload["reason"] == REASON
    assert case_page(db.session(), EVERYTHING, number).facts[-1].details["reason"] == REASON
    assert integrity.verify().first is None


def test_a_message_of_ours_and_an_empty_text_stay_in_the_fact() -> None:
    kind = FactKind("case:disputed", "reason", "text")
    body, texts = told_apart(kind.words, {"reason": Say("第 {n} 条", n=3), "text": "", "level": "key"})
    assert (texts, body["reason"], body["text"]) == ({}, "第 3 条", "")


def test_several_texts_together_are_one_and_say_what_they_were_when_erased() -> None:
    published = {"measures": "已清运", "extra": {"主办科室": "二科"}}
    body, texts = told_apart(["published"], {"published": published, "set": {}})
    assert "已清运" not in str(body) and "主办科室" not in str(body)
    assert told_with(dict(body), texts) == {"published": published, "set": {}}
    assert told_with(dict(body), {"published.json": None})["published"] == {"measures": ERASED, "extra": {}}


@pytest.mark.parametrize("statement", [
    "UPDATE words SET text = 'x' WHERE name = 'title'", "DELETE FROM words WHERE name = 'title'",
    "UPDATE words SET text = 'x', erased_at = CURRENT_TIMESTAMP WHERE name = 'title'",
    "UPDATE words SET text = '', salt = zeroblob(0), erased_at = CURRENT_TIMESTAMP, seq = 9 WHERE name = 'title'",
])
def test_the_database_lets_words_be_erased_and_nothing_else(town: Town, engine_name: str, statement: str) -> None:
    number = town.registered(title="河边垃圾")
    if engine_name != "sqlite":
        statement = statement.replace("zeroblob(0)", "''")
    with pytest.raises(DatabaseError), db.engine.begin() as connection:
        connection.execute(text(statement))
    assert kept(number, "title").text == "河边垃圾"


@pytest.mark.parametrize(("statement", "sentence"), [
    ("UPDATE words SET text = '不是这句' WHERE name = 'reason'", "第 3 条的文字被改动：reason"),
    ("DELETE FROM words WHERE name = 'reason'", "第 3 条的文字不见了：reason"),
    ("INSERT INTO words (stream, seq, name, salt, text) SELECT stream, seq, 'more', salt, text FROM words WHERE name = 'reason'",
     "第 3 条多出没有登记的文字：more"),
])
def test_a_text_changed_taken_away_or_added_behind_the_product_s_back_is_named(town: Town, statement: str, sentence: str) -> None:
    number = town.case_in(CaseState.assigned)
    town.do(number, "dispute", reason=REASON)
    tamper(statement)
    (trouble,) = words_troubles(db.session(), town.facts(number))
    assert (trouble.where, trouble.reason) == (f"case:{number}#3 case:disputed", sentence)
    assert str(integrity.verify().first) == str(trouble)


def test_a_title_changed_with_its_text_does_not_fit_its_fact(town: Town) -> None:
    number = town.registered(title="河边垃圾")
    tamper("UPDATE cases SET title = '没有事'", "UPDATE words SET text = '没有事' WHERE name = 'title'")
    assert str(integrity.verify().first) == f"case:{number}#1 case:registered：第 1 条的文字被改动：title"


def test_a_place_where_none_was_given_is_named(town: Town) -> None:
    town.registered(place="")
    tamper("UPDATE cases SET place = '别处'")
    assert "place" in str(integrity.verify().first)


def test_facts_of_before_are_read_as_they_are(town: Town) -> None:
    number = town.case_in(CaseState.assigned)
    town.do(number, "dispute", reason=REASON)
    make_older(town, number)
    fact = town.facts(number)[-1]
    assert REASON in fact.body
    assert fact.payload["reason"] == REASON
    assert case_page(db.session(), EVERYTHING, number).facts[-1].details["reason"] == REASON
    assert integrity.verify().first is None
    town.do(number, "correct_field", field="title", value="新标题")
    assert integrity.verify().first is None
    tamper("UPDATE cases SET title = 'x'")
    assert "title" in str(integrity.verify().first)


def test_a_step_costs_one_statement_more_for_its_words_and_a_page_none(town: Town, app: Flask) -> None:
    number = town.case_in(CaseState.assigned)
    with counted_statements(app) as sent:
        town.do(number, "dispute", reason=REASON)
    assert [s.split()[0] for s in sent if " words" in s] == ["INSERT"]
    with counted_statements(app) as sent:
        town.registered()
    assert [s.split()[0] for s in sent if "INTO words" in s] == ["INSERT"]
    db.session.rollback()
    with counted_statements(app) as sent:
        case_page(db.session(), EVERYTHING, number)
    assert sum("words" in s for s in sent) == 1
    assert not any(s.startswith("SELECT words") for s in sent)


def test_a_case_is_found_by_what_its_facts_say_in_public_also_after_the_index_was_made_anew(town: Town) -> None:
    number = town.case_in(CaseState.rectifying)
    town.do(number, "submit", measures="已安装静电油烟净化器")
    before = search.texts_of(db.session(), town.row(number).id)
    assert "已安装静电油烟净化器" in before
