"""What an act's facts say is held to its flow, its rows, and its number; whoever takes a step past the deeds is found."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from tests.support.acts import act_in, do, opened
from tests.support.makers import Town
from tracker.domain.house.ledger import FactKind
from tracker.services.acts import duties
from tracker.services.house.work import Work, wiring
from tracker.services.upkeep.integrity import verify
from tracker.storage.acts.acts import Act, ActHand, Duty
from tracker.storage.house.base import db


def troubles(town: Town) -> list[str]:
    return [str(each) for each in verify().troubles]


def forged(town: Town, number: str, kind: str, login: str, payload: dict[str, Any], **columns: object) -> None:
    """A fact written past the deeds, with everything recomputed: by whoever holds the product's own code."""
    with Work(wiring()) as work:
        act = work.session.query(Act).filter_by(number=number).one()
        for name, value in columns.items():
            setattr(act, name, value)
        act.seq += 1
        work.record(act.stream, FactKind(kind), town.actor(login), payload)


def test_what_the_deeds_write_holds(town: Town) -> None:
    number = act_in(town, "meeting", "held")
    do(town, number, "meeting", "decide_item", outcome="measure", text="联合清运", units="XH-CYZ", due_on="2026-03-20")
    duties.take(town.actor("officer"), number, 1, "answer", {"text": "已清运"})
    duties.take(town.actor("verifier"), number, 1, "pass", {"text": "看过"})
    do(town, number, "meeting", "issue")
    act_in(town, "meeting", "cancelled")
    assert troubles(town) == []


def test_a_step_by_the_wrong_hand_is_found(town: Town) -> None:
    number = opened(town, "control")
    do(town, number, "control", "add_site")
    forged(town, number, "control:issued", "dispatcher", {"starts_at": "2026-03-02T23:00"}, state="issued")
    assert any("control:issued" in each and "不同的人" in each for each in troubles(town))


def test_a_chair_who_recorded_is_found(town: Town) -> None:
    number = act_in(town, "meeting", "held")
    forged(town, number, "meeting:item_decided", "lead", {"position": 1, "outcome": "none", "text": "不需处理"}, state="held")
    assert any("meeting:item_decided" in each and "不能作记录" in each for each in troubles(town))


def test_a_step_from_a_wrong_state_and_a_row_that_went_elsewhere_are_found(town: Town) -> None:
    number = opened(town, "meeting")
    forged(town, number, "meeting:held", "dispatcher", {}, state="held")
    other = act_in(town, "meeting", "called")
    forged(town, other, "meeting:postponed", "dispatcher", {}, state="held")
    found = troubles(town)
    assert any("meeting:held" in each and "不能从当时的状态发生" in each for each in found)
    assert any("meeting:postponed" in each and "不能从当时的状态发生" in each for each in found)


def test_a_duty_passed_by_who_answered_it_is_found(town: Town) -> None:
    number = act_in(town, "meeting", "held")
    do(town, number, "meeting", "decide_item", outcome="measure", text="联合清运", units="XH-CYZ", due_on="2026-03-20")
    duties.take(town.actor("officer"), number, 1, "answer", {"text": "已清运"})
    with Work(wiring()) as work:
        act = work.session.query(Act).filter_by(number=number).one()
        duty = work.session.query(Duty).filter_by(act_id=act.id).one()
        duty.state, duty.result, act.seq = "met", "passed", act.seq + 1  # type: ignore[assignment]
        work.record(act.stream, FactKind("duty:passed"), town.actor("street_verifier"), {"position": 1})
    assert any("duty:passed" in each and "承办单位以外" in each for each in troubles(town))


def test_a_state_changed_by_sql_and_an_act_erased_are_found(town: Town) -> None:
    number = act_in(town, "meeting", "called")
    db.session.execute(text("UPDATE acts SET state = 'held'"))
    db.session.commit()
    assert any(each == "acts 1 被改动：state" for each in troubles(town))
    db.session.execute(text("UPDATE acts SET state = 'called'"))
    db.session.commit()
    assert troubles(town) == []
    assert number == "HY-2026-0001"


def test_nobody_gets_two_parts_in_one_round_not_even_by_sql(town: Town) -> None:
    number = act_in(town, "meeting", "held")
    do(town, number, "meeting", "decide_item")
    row = db.session.query(ActHand).one()
    with pytest.raises(Exception, match=r"UNIQUE|duplicate key"):
        db.session.execute(text("INSERT INTO act_hands (act_id, round, person_id, part, at) "
                                "SELECT act_id, round, person_id, 'chair', at FROM act_hands"))
    db.session.rollback()
    assert row.part == "recorder"


def test_a_missing_number_is_told(town: Town) -> None:
    opened(town, "meeting")
    db.session.execute(text("UPDATE counters SET last = 2 WHERE key = 'act:HY:2026'"))
    db.session.commit()
    assert any("HY-2026-0002" in each for each in troubles(town))


def test_no_text_of_an_act_stands_in_the_body_of_a_fact(town: Town) -> None:
    number = opened(town, "meeting", title="铁路沿线三月例会")
    do(town, number, "meeting", "add_item", question="请现场核实王女士反映的问题，电话13812345678")
    bodies = " ".join(db.session.scalars(text("SELECT body FROM facts WHERE stream LIKE 'act:%'")))
    assert "例会" not in bodies
    assert "王女士" not in bodies
    words = " ".join(db.session.scalars(text("SELECT text FROM words WHERE stream LIKE 'act:%'")))
    assert "13812345678" not in words
    assert "王女士" in words
    assert json.loads(db.session.scalars(text("SELECT body FROM facts WHERE kind = 'meeting:opened'")).one())["series"] == "rail"
