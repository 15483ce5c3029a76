"""What changes of somebody in office: their name, title and telephone, and their unit."""

from collections.abc import Mapping

from sqlalchemy import select

from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Conflict, Invalid
from tracker.domain.house.say import Say
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.people.kinds import AccountState, LinkPurpose, SessionEnd
from tracker.services.house.caching import rules_changed
from tracker.services.house.work import Work, deed
from tracker.services.people.persons import person_named, require_human, stream_of
from tracker.services.people.signing import links, news, sessions
from tracker.services.people.signing.links import PasswordLink
from tracker.services.people.succession import goes_on, hand_over, open_work, require_no_open_work
from tracker.services.people.units import checked_phone, manager, unit_in_being
from tracker.storage.people.account_states import account_states
from tracker.storage.people.accounts import Person

LONGEST_NAME, LONGEST_TITLE = 200, 100


@deed
def change_person(work: Work, actor: Actor | None, *, login: str, name: str, title: str, phone: str | None,
                  told: Mapping[str, object]) -> None:
    """Another name, title or telephone. `told` names what changed; the fact says no more."""
    by, person = manager(actor), person_named(work.session, login)
    person.name, person.title, person.phone = checked_name(name), checked_title(title), checked_phone(phone)
    rules_changed(work.session)
    work.record(stream_of(person.id), PersonFacts.changed, by, told)


@deed
def move_person(work: Work, actor: Actor | None, *, login: str, unit: str | None, heir: str | None = None) -> int:
    """To another unit from today on; returns how many sponsorships went to the heir. Open work needs an heir, as when somebody is
    deactivated: what the unit leads stays with it. Who headed the old unit heads the new one only when it is said."""
    by, person = manager(actor), person_named(work.session, login)
    require_human(person, "unit")
    found = unit_in_being(work, unit) if unit else None
    if (found.id if found else None) == person.unit_id:
        return 0
    successor = person_named(work.session, heir) if heir else None
    if successor is None:
        require_no_open_work(work, person, moving=True)
    elif successor.id == person.id:
        raise Invalid("继任者不能是本人。", field="heir")
    elif open_work(work, person).unit_cases and not goes_on(work, person, successor):
        raise Invalid(Say("“{heir_name}”不是同一单位的责任单位经办人，接不了该单位的案件。", heir_name=successor.name), field="heir")
    person.unit_id, person.is_head = found.id if found else None, False
    sessions.end_all(work, person.id, SessionEnd.new_roles, keep=by.sign_in)
    rules_changed(work.session)
    fact = work.record(stream_of(person.id), PersonFacts.changed, by, {
        "unit_id": person.unit_id, "heir_id": successor.id if successor else None})
    count = hand_over(work, person, successor, f"{fact.stream}#{fact.seq}") if successor is not None else 0
    called = found.name if found else Say("无")
    news.tell_of_change(work, person, by, fact, Say("单位改为“{unit}”", unit=called))
    return count


@deed
def invite_again(work: Work, actor: Actor | None, *, login: str) -> PasswordLink:
    """A new link for somebody who never set a password; older ones open no more. Mailed, or a slip where there is no address."""
    by, person = manager(actor), person_named(work.session, login)
    require_human(person, "login")
    if person.password_hash:
        raise Conflict(Say("“{login}”已启用，不用再发；忘了密码请用“重置密码”。", login=person.login), code="enabled")
    return links.give(work, by, person, LinkPurpose.invite)


@deed
def invite_expired(work: Work, actor: Actor | None) -> int:
    """A new link by mail for everybody with an address whose link ran out before they set a password; returns how many."""
    by, states = manager(actor), account_states(work.session, work.clock.now())
    late = sorted(person for person, state in states.items() if state is AccountState.expired)
    people = work.session.scalars(select(Person).where(Person.id.in_(late), Person.email.is_not(None)).order_by(Person.id)
                                  .with_for_update(of=Person)).all()
    for person in people:
        links.give(work, by, person, LinkPurpose.invite)
    return len(people)


def checked_name(text: str) -> str:
    """A name that somebody can have. Raises `Invalid`."""
    name = " ".join(text.split())
    if not any(sign.isalnum() for sign in name) or len(name) > LONGEST_NAME:
        raise Invalid("姓名应为 1 至 200 字。", field="name")
    return name


def checked_title(text: str) -> str:
    """A title, or none. Raises `Invalid`."""
    title = " ".join(text.split())
    if len(title) > LONGEST_TITLE:
        raise Invalid(Say("职务最多 {longest} 字。", longest=LONGEST_TITLE), field="title")
    return title
