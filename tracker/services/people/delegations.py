"""Standing in: made by who goes away or by an administrator, revoked by either, and asked again at every request.

A person's facts carry ids and dates; the reason lies apart, where it can be erased, for it may say that somebody is ill.
"""

from dataclasses import replace
from datetime import date

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from tracker.domain.house.say import Say
from tracker.domain.people.delegation import Term, acting, check_pair, check_term
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.people import access
from tracker.services.people.access import PersonStanding
from tracker.services.people.persons import person_named, require_human, stream_of
from tracker.storage.people.accounts import Person
from tracker.storage.people.delegations import Delegation, holds_on

LONGEST_REASON = 200


@deed
def delegate(work: Work, actor: Actor | None, *, login: str, substitute: str, from_on: date, to_on: date,
             reason: str = "") -> int:
    """From `from_on` to `to_on`, both included, `substitute` may act for `login`; returns the delegation's id.

    `actor` None is the operator at the machine's own command line.
    """
    by, principal = actor or OPERATOR, person_named(work.session, login)
    _require_right(by, principal.id)
    other = person_named(work.session, substitute)
    require_human(principal, "login")
    require_human(other, "substitute")
    if by.id == other.id != principal.id:
        raise NotAllowed("管理员不能把他人的职责委托给自己，请由另一名管理员办理。", code="self", field="substitute")
    term, reason = Term(from_on, to_on), " ".join(reason.split())
    check_term(term, work.clock.today())
    check_pair(access.actor_for(principal.id), access.actor_for(other.id))
    if len(reason) > LONGEST_REASON:
        raise Invalid(Say("事由最多 {longest_reason} 字。", longest_reason=LONGEST_REASON), field="reason")
    _refuse_overlap(work.session, principal, other, term)
    row = Delegation(principal_id=principal.id, substitute_id=other.id, from_on=from_on, to_on=to_on, reason=reason,
                     made_by_id=by.id if by.id > 0 else None, made_at=work.clock.now())
    work.session.add(row)
    work.session.flush()
    work.record(stream_of(principal.id), PersonFacts.delegated, by, {
        "delegation_id": row.id, "substitute_id": other.id, "from_on": from_on, "to_on": to_on, "reason": reason})
    return row.id


@deed
def revoke(work: Work, actor: Actor | None, delegation_id: int) -> None:
    """End a delegation at once, or before it begins. Raises `NotFound` when there is none that is current or coming."""
    row = work.session.scalar(select(Delegation).where(Delegation.id == delegation_id).with_for_update())
    if row is None or row.revoked_at is not None or row.to_on < work.clock.today():
        raise NotFound("没有这项委托，或它已经结束。")
    by = actor or OPERATOR
    _require_right(by, row.principal_id)
    _end_delegation(work, by, row)


def end_all(work: Work, by: Actor, person: Person) -> int:
    """End whatever somebody who leaves gave and was given; returns how many delegations that were."""
    theirs = or_(Delegation.principal_id == person.id, Delegation.substitute_id == person.id)
    query = select(Delegation).where(theirs, Delegation.revoked_at.is_(None), Delegation.to_on >= work.clock.today())
    rows = list(work.session.scalars(query.order_by(Delegation.id).with_for_update()))
    for row in rows:
        _end_delegation(work, by, row)
    return len(rows)


def standing_in(own: PersonStanding, delegation_id: int) -> PersonStanding | None:
    """How somebody stands while acting under this delegation; None when it does not hold (any more)."""
    principal_id = reading().scalar(_held_by(own.actor.id, Delegation.principal_id).where(Delegation.id == delegation_id))
    principal = access.standing(principal_id) if principal_id is not None else None
    if principal is None:
        return None
    try:
        return replace(own, actor=acting(own.actor, principal.actor), unit=principal.unit)
    except Refusal:
        return None


def acting_for(actor: Actor, login: str) -> Actor:
    """The actor standing in for the person with this login. Raises `NotAllowed` without a delegation that holds today."""
    principal = access.actor_by_login(login)
    held = _held_by(actor.id, Delegation.id).where(Delegation.principal_id == principal.id)
    if reading().scalar(held.limit(1)) is None:
        raise NotAllowed(Say("“{principal_name}”今天没有委托您代办。", principal_name=principal.name), code="no_delegation")
    return acting(actor, principal)


def _held_by(substitute_id: int, column: InstrumentedAttribute[int]) -> Select[int]:
    """The delegations to somebody that hold today."""
    return select(column).where(Delegation.substitute_id == substitute_id, holds_on(wiring().clock.today()))


def _require_right(by: Actor, principal_id: int) -> None:
    """Only the principal in person, or an administrator in person; who stands in passes nothing on."""
    if by is OPERATOR:
        return
    if by.acting_for is not None:
        raise NotAllowed("代人办事时不能再作委托，请先以本人身份办理。", code="no_chain")
    if by.id != principal_id and not by.has(Permission.account_manage):
        raise NotAllowed("只能委托或收回本人的职责。", code="not_own")


def _refuse_overlap(session: Session, principal: Person, other: Person, term: Term) -> None:
    same = and_(Delegation.principal_id == principal.id, Delegation.substitute_id == other.id, Delegation.revoked_at.is_(None))
    found = session.scalar(select(Delegation).where(same, Delegation.from_on <= term.to_on, Delegation.to_on >= term.from_on)
                           .limit(1))
    if found is not None:
        raise Conflict(Say("已有 {from_on} 至 {to_on} 委托“{other_name}”的记录，期限重叠；如要更改，请先收回原来的。", from_on=found.from_on,
                           to_on=found.to_on, other_name=other.name),
                       code="overlap", field="from_on")


def _end_delegation(work: Work, by: Actor, row: Delegation) -> None:
    row.revoked_at = work.clock.now()
    work.record(stream_of(row.principal_id), PersonFacts.delegation_revoked, by, {
        "delegation_id": row.id, "substitute_id": row.substitute_id})
