"""Decisions and cards made public: drafted by one, reviewed by another who had no hand in it, withdrawn within three days."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from tests.services.enforcement.conftest import Refused
from tests.support.acts import act_in, do, opened
from tests.support.makers import Town
from tracker.domain.house.errors import Invalid, NotAllowed, NotFound
from tracker.services.acts import access
from tracker.services.publications import publishing
from tracker.services.upkeep.integrity import verify
from tracker.storage.acts.acts import ClockRow
from tracker.storage.house.base import db
from tracker.storage.publications.publications import Publication


def clock_of(number: str, stage: str) -> ClockRow:
    db.session.expire_all()
    query = select(ClockRow).where(ClockRow.subject == f"act:{number}", ClockRow.stage == stage)
    return db.session.scalars(query.order_by(ClockRow.id.desc())).first() or pytest.fail(f"no limit {stage}")


def made_public(town: Town, kind: str, number: str, by: str = "lead") -> int:
    row = publishing.draft(town.actor("enforcer"), kind, f"act:{number}")
    publishing.publish(town.actor(by), row, 1)
    return row


@pytest.mark.one_engine
def test_a_revoked_penalty_and_its_card_are_withdrawn_within_three_working_days(town: Town, at: Callable[..., None]) -> None:
    at(2026, 9, 1, 9)
    penalty = act_in(town, "penalty", "served")
    card = opened(town, "card", site="S-000001", colour="yellow", ground=None, target=penalty)
    rows = [made_public(town, kind, number) for kind, number in (("penalty", penalty), ("card", card))]
    assert clock_of(penalty, "publish").outcome == "met"
    at(2026, 9, 30, 9)
    do(town, penalty, "penalty", "revoke")
    do(town, card, "card", "revoke")
    for number in (penalty, card):
        head = access.page_for(town.actor("lead"), number).head
        assert (head.is_over, head.list_due_on, clock_of(number, "unpublish").due_on) == (
            True, date(2026, 10, 10), date(2026, 10, 10)), "it is looked after although its act is over"
    for row in rows:
        publishing.withdraw(town.actor("dispatcher"), row, 2, "处罚决定已被撤销")
    assert {clock_of(number, "unpublish").outcome for number in (penalty, card)} == {"met"}
    assert access.page_for(town.actor("lead"), penalty).head.list_due_on.year == 9999
    assert [str(each) for each in verify().troubles] == []


@pytest.mark.one_engine
def test_before_it_is_decided_nothing_of_it_is_drafted(town: Town) -> None:
    number = act_in(town, "penalty", "notified")
    for login in ("enforcer", "dispatcher", "clerk"):
        with pytest.raises(NotFound):
            publishing.draft(town.actor(login), "penalty", f"act:{number}")


def test_the_database_makes_no_undecided_penalty_public(town: Town) -> None:
    served = act_in(town, "penalty", "served")
    row, other = made_public(town, "penalty", served), act_in(town, "penalty", "filed")
    with pytest.raises(IntegrityError, match="once it is decided"):
        db.session.execute(text("UPDATE publications SET subject = :other WHERE id = :id"), {"other": f"act:{other}", "id": row})
    db.session.rollback()


@pytest.mark.one_engine
def test_the_steps_of_publishing_are_not_taken_by_hand(town: Town, refused: Refused) -> None:
    number = act_in(town, "penalty", "served")
    assert refused(number, "penalty", "publish").code == "not_published"
    assert refused(number, "penalty", "withdraw_publication").code == "not_published"
    made_public(town, "penalty", number)
    assert refused(number, "penalty", "withdraw_publication").code == "still_published"


@pytest.mark.one_engine
def test_a_late_publication_says_so_and_no_hand_of_the_penalty_reviews_it(
        town: Town, grant: Callable[[str, str], None]) -> None:
    number = act_in(town, "penalty", "decided")
    grant("principal", "lead")
    town.clock.move_to(town.clock.now() + timedelta(days=20))
    row = publishing.draft(town.actor("dispatcher"), "penalty", f"act:{number}")
    for login in ("dispatcher", "enforcer2", "principal"):
        with pytest.raises(NotAllowed):
            publishing.publish(town.actor(login), row, 1)
    publishing.publish(town.actor("lead"), row, 1)
    assert clock_of(number, "publish").outcome == "late"


@pytest.mark.one_engine
def test_a_person_is_called_by_the_surname_and_the_full_name_never_leaves(town: Town) -> None:
    number = opened(town, "penalty", site=None, person_party="万小明", violation="Q118B")
    do(town, number, "penalty", "decide_on_spot", kinds="warning", fine=None, amount_basis=None)
    row = publishing.draft(town.actor("enforcer"), "penalty", f"act:{number}")
    kept = db.session.get(Publication, row)
    assert kept is not None
    assert kept.body["texts"]["party"] == "万某"
    assert "万小明" not in f"{kept.body} {kept.title}"
    named = publishing.Wording("处罚万小明", kept.body["texts"], town.clock.today())
    publishing.edit(town.actor("enforcer"), row, named, 1)
    with pytest.raises(Invalid, match="个人姓名"):
        publishing.publish(town.actor("lead"), row, 2, "就要写全名")
