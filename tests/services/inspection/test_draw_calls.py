"""A quarter without a draw is called for: those who prepare on its first working day, those who lead on its tenth."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.support.acts import act_in
from tests.support.makers import Town
from tracker.services.inspection.calls import call_for_draws
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message

pytestmark = pytest.mark.one_engine
PREPARE, LEAD = {"dispatcher", "dispatcher2", "many_hats"}, {"lead", "lead2", "many_hats"}


def called(town: Town, on: date) -> set[str]:
    town.clock.move_to(datetime(on.year, on.month, on.day, 1, tzinfo=UTC))
    before = {row.id for row in db.session.scalars(select(Message).where(Message.mail == "draw_called"))}
    call_for_draws(on)
    names = {person: login for login, person in town.people.items()}
    return {names[row.person_id] for row in db.session.scalars(select(Message).where(Message.mail == "draw_called"))
            if row.id not in before}


def test_who_prepares_is_told_first_who_leads_ten_working_days_in_and_nobody_twice(town: Town) -> None:
    assert called(town, date(2026, 4, 1)) == PREPARE
    assert called(town, date(2026, 4, 1)) == set()
    assert called(town, date(2026, 4, 2)) == called(town, date(2026, 4, 5)) == set()
    assert called(town, date(2026, 4, 15)) == PREPARE | LEAD  # 清明 is a day off
    (row,) = {row.subject for row in db.session.scalars(select(Message).where(Message.mail == "draw_called"))}
    assert "2026Q2 双随机抽取还没有封存名录" in row


def test_where_the_list_is_committed_nobody_is_called(town: Town) -> None:
    act_in(town, "draw", "committed", quarter="2026Q2")
    assert called(town, date(2026, 4, 1)) == set()
