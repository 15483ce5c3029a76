"""Who forgot their password: a link to their own box; or, for a colleague without one, a request by the head of the unit, who
never sees the link."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from tracker.domain.house.actor import Actor, Role
from tracker.domain.house.errors import Conflict, NotAllowed, NotFound
from tracker.domain.house.links import Link, Place
from tracker.domain.house.say import Say
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.people.kinds import LinkPurpose, PersonKind
from tracker.services.house.work import Work, deed
from tracker.services.people.persons import stream_of
from tracker.services.people.signing import links, news
from tracker.storage.house.ledger import FactRow
from tracker.storage.people.accounts import Person
from tracker.storage.people.sign_ins import SignInLink

APART, MOST_A_DAY = timedelta(minutes=10), 5
A_DAY = timedelta(days=1)


@deed
def ask_for_own(work: Work, login: str) -> None:
    """A link to the box of whoever has this login. Nothing tells whether there is such a person, whether they have a box, or
    whether they asked too often; the old password stays good until another is set."""
    query = select(Person).where(Person.login == login.strip().lower()[:60], Person.kind == PersonKind.person,
                                 Person.deactivated_on.is_(None), Person.email.is_not(None))
    person = work.session.scalar(query.with_for_update())
    if person is not None and _may_have_one(work, person):
        links.give(work, Actor(person.id, person.name), person, LinkPurpose.reset)


@deed
def ask_for_colleague(work: Work, actor: Actor, login: str) -> bool:
    """The head of a unit asks for a colleague: a link goes to the colleague's box, or, where there is none, the administrators
    are asked for a slip. Returns whether it was mailed. Raises `NotFound` for whoever is no colleague of theirs."""
    person = _colleague_of(work, actor, login)
    if person.email:
        if not _may_have_one(work, person):
            raise Conflict(Say("{name} 刚刚已申请过，请先看邮箱；还是没有收到，过十分钟再试。", name=person.name), code="asked_lately")
        links.give(work, actor, person, LinkPurpose.reset)
        return True
    _require_not_asked_today(work, person)
    fact = work.record(stream_of(person.id), PersonFacts.link_asked, actor, {})
    news.put_letters(work, "link_asked", fact, {"login": person.login, "name": person.name, "by": actor.name,
                                                "link": Link(Place.person, (person.login,))},
                     news.holders(work, (Role.admin,)))
    return False


def colleagues_of(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Login and name of everybody in the unit that this person heads, but themselves; nobody for who heads none."""
    head = aliased(Person)
    query = (select(Person.login, Person.name).join(head, head.unit_id == Person.unit_id)
             .where(head.id == actor.id, head.is_head, Person.id != actor.id, Person.kind == PersonKind.person,
                    Person.deactivated_on.is_(None)).order_by(Person.name, Person.id))
    return [(row.login, row.name) for row in session.execute(query)] if actor.acting_for is None else []


def _colleague_of(work: Work, actor: Actor, login: str) -> Person:
    if actor.acting_for is not None:
        raise NotAllowed("代人办理时不能为同事申请，请先换回本人身份。", code="acting")
    head = work.session.get_one(Person, actor.id)
    query = select(Person).where(Person.login == login, Person.kind == PersonKind.person, Person.deactivated_on.is_(None),
                                 Person.unit_id == head.unit_id, Person.id != head.id)
    person = work.session.scalar(query.with_for_update()) if head.is_head and head.unit_id is not None else None
    if person is None:
        raise NotFound("本单位没有这个人，或您不是单位负责人。", field="colleague")
    return person


def _may_have_one(work: Work, person: Person) -> bool:
    """Not while a slip of paper is under way, not twice in ten minutes, not more than some a day."""
    now = work.clock.now()
    made = select(SignInLink).where(SignInLink.person_id == person.id)
    slip = made.where(SignInLink.is_slip, SignInLink.used_at.is_(None), SignInLink.expires_at > now)
    if work.session.scalar(slip.limit(1)) is not None:
        return False
    count, last = work.session.execute(
        select(func.count(), func.max(SignInLink.made_at))
        .where(SignInLink.person_id == person.id, SignInLink.made_at > now - A_DAY)).one()
    return count < MOST_A_DAY and (last is None or now - last >= APART)


def _require_not_asked_today(work: Work, person: Person) -> None:
    asked = select(FactRow.at).where(FactRow.stream == stream_of(person.id), FactRow.kind == PersonFacts.link_asked)
    last = work.session.scalar(asked.order_by(FactRow.seq.desc()).limit(1))
    if last is not None and work.clock.local(last).date() == work.clock.today():
        raise Conflict(Say("{name} 今天已申请过，管理员会出一张交接单。", name=person.name), code="asked_lately")
