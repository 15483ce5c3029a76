"""Who knows of a draw before it is closed, and of what it drew: nobody whom it would warn, by no way out."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.services.inspection.test_draws import KIND, ONE, drawn_in
from tests.support.acts import act_in, do, ready_for_draw
from tests.support.makers import Town
from tests.support.mornings import morning_of
from tracker.domain.house.actor import Actor, Grant, Role
from tracker.domain.house.errors import Invalid, NotFound
from tracker.services.acts import access, steps
from tracker.services.house.work import reading
from tracker.services.inspection import jobs
from tracker.services.upkeep import seals
from tracker.storage.acts import register
from tracker.storage.acts.register import ActFilters
from tracker.storage.house.base import db
from tracker.storage.inspection.inspections import Inspection
from tracker.storage.mail.outbox import Message

KNOW = {"dispatcher", "dispatcher2", "many_hats", "lead", "lead2", "supervisor", "auditor"}


@ONE
@pytest.mark.parametrize("state", ["preparing", "committed", "drawn", "abandoned"])
def test_before_it_is_closed_nobody_else_learns_of_a_draw_or_of_its_sites(town: Town, state: str) -> None:
    ready_for_draw(town)
    number = act_in(town, KIND, state, roster_on="2026-03-02")
    later = (town.clock.today() + timedelta(days=9)).isoformat()
    if state == "drawn":
        for inspection, _, _, _ in drawn_in(number):
            do(town, inspection, "inspection", "reschedule", planned_on=later)
    for login in town.people:
        actor, session = town.actor(login), reading()
        scope = access.scope_of(actor)
        for is_over in (False, True):
            seen = [line.number for line in register.page(session, scope, ActFilters(is_over=is_over)).lines]
            assert login in KNOW or all(not each.startswith(("SJ", "JC")) for each in seen if login not
                                        in _sent(town, number)), login
        assert bool(register.titles_of(session, scope, [f"act:{number}"])) is (login in KNOW), login
        assert login in KNOW or not register.found_by(session, scope, "抽取", 9), login
        if login not in KNOW:
            with pytest.raises(NotFound):
                access.page_for(actor, number)
    morning = morning_of(town)
    assert all(number not in said for login, said in morning.texts.items() if login not in KNOW)


def _sent(town: Town, number: str) -> set[str]:
    people = {hand.person_id for inspection, _, _, _ in drawn_in(number)
              for hand in access.page_for(town.actor("lead"), inspection).hands}
    return {login for login, person in town.people.items() if person in people}


@ONE
def test_inspectors_learn_of_what_was_drawn_a_day_before_and_not_sooner(town: Town) -> None:
    number = act_in(town, KIND, "committed")
    seals.seal(town.clock.today())
    town.clock.advance(timedelta(days=1))
    do(town, number, KIND, "draw", planned_on="2026-03-10", due_on="2026-03-20")
    (inspection, _, _, _), = drawn_in(number)
    page = access.page_for(town.actor("lead"), inspection)
    assert page.hands == () and page.head.details["reveal_on"] == "2026-03-09"
    sent = [login for login, person in town.people.items() if person in page.head.details["assigned_ids"]]
    for login in sent:
        with pytest.raises(NotFound):
            access.page_for(town.actor(login), inspection)
    assert db.session.scalars(select(Message).where(Message.dedupe_key.startswith(f"act:{inspection}"))).all() == []
    assert "0" in jobs.reveal_tasks(date(2026, 3, 8))
    town.clock.advance(timedelta(days=6))
    assert "1" in jobs.reveal_tasks(town.clock.today()) and "0" in jobs.reveal_tasks(town.clock.today())
    for login in sent:
        assert access.page_for(town.actor(login), inspection).head.state == "planned"
    sent_out = select(Message).where(Message.dedupe_key.startswith(f"act:{inspection}"))
    told = {row.person_id for row in db.session.scalars(sent_out)}
    assert told == {town.people[login] for login in sent}
    other = Actor(town.people["officer2"], "另一检查员", None, (), (), (Grant(Role.inspector, "360103"),))
    with pytest.raises(NotFound):
        access.page_for(other, inspection)


@ONE
def test_no_other_door_begins_an_inspection_as_drawn(town: Town) -> None:
    number = act_in(town, KIND, "preparing")
    with pytest.raises(Invalid, match="不是正在进行的抽取"):
        steps.begin(town.actor("dispatcher"), "inspection",
                    {"site": "S-000001", "mode": "on_site", "inspectors": ["inspector"], "planned_on": "2026-03-03",
                     "target": number}, by="receive_drawn")
    assert db.session.scalars(select(Inspection.act_id)).all() == []
