"""Who is told of an act, of what, and who is not."""

from datetime import datetime

from sqlalchemy import delete

from tests.support.acts import act_in, do, opened
from tests.support.makers import Town
from tracker.services.acts import access, duties
from tracker.services.house.work import wiring
from tracker.services.mail.choices import choose
from tracker.storage.house.base import db
from tracker.storage.mail.bodies import MailBody
from tracker.storage.mail.outbox import Message


def told(town: Town, mail: str) -> set[str]:
    """Who got this mail since it was last asked."""
    logins = {person: login for login, person in town.people.items()}
    rows = db.session.query(Message).filter_by(mail=mail).all()
    found = {logins[row.person_id] for row in rows}
    db.session.execute(delete(Message))
    db.session.commit()
    return found


def test_units_that_are_called_are_told_and_nobody_else(town: Town) -> None:
    number = opened(town, "meeting", title="铁路沿线三月例会")
    do(town, number, "meeting", "add_item", question="请核实王女士所说")
    assert told(town, "act_step") == set()
    do(town, number, "meeting", "call", units="TL-NC")
    (row,) = db.session.query(Message).filter_by(mail="act_step").all()
    assert row.subject == f"【销号】联席会议 {number}：通知开会"
    text = db.session.query(MailBody).filter_by(digest=row.body_digest).one().text
    assert f"/acts/{number}" in text and "2026年3月10日 09:30" in text and "区政府三楼" in text
    assert "例会" not in text and "王女士" not in text
    assert told(town, "act_step") == {"railman"}


def test_of_a_duty_who_owes_it_is_told_then_who_checks_it_and_never_who_did_it(town: Town) -> None:
    number = act_in(town, "meeting", "held")
    told(town, "act_step")
    do(town, number, "meeting", "decide_item", outcome="measure", text="联合清运", units="XH-CYZ", due_on="2026-03-20")
    assert told(town, "duty_step") == {"officer", "officer2", "many_hats"}
    duties.take(town.actor("officer"), number, 1, "answer", {"text": "已清运"})
    checkers = told(town, "duty_step")
    assert {"verifier", "verifier2", "inspector"} <= checkers
    assert not checkers & {"officer", "other_verifier"}
    duties.take(town.actor("verifier"), number, 1, "send_back", {"reason": "照片不全"})
    assert told(town, "duty_step") == {"officer", "officer2", "many_hats"}


def test_who_is_told_may_open_it(town: Town) -> None:
    number = act_in(town, "meeting", "called")
    do(town, number, "meeting", "cancel")
    for login in told(town, "act_step"):
        assert access.page_for(town.actor(login), number).head.number == number


def test_a_step_that_is_refused_mails_nobody_and_whoever_wants_a_digest_gets_it_there(town: Town) -> None:
    choose(None, "railman", {"informed": "in_digest"})
    town.clock.move_to(datetime(2026, 3, 3, 10, tzinfo=wiring().zone))
    number = opened(town, "meeting")
    do(town, number, "meeting", "add_item")
    do(town, number, "meeting", "call", units="TL-NC")
    (row,) = db.session.query(Message).filter_by(mail="act_step").all()
    assert row.bundle
