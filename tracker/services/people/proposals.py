"""Roles that need a second person: an administrator proposes, another confirms within three days; a lead where there is no other
administrator. Nobody confirms what they proposed, or what is about themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.cases.wording import ROLES
from tracker.domain.house.actor import Actor, Grant, Permission, Role
from tracker.domain.house.errors import Conflict, NotAllowed, NotFound
from tracker.domain.house.links import Link, Place
from tracker.domain.house.say import Say
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.people.kinds import ProposalOutcome
from tracker.services.house import permits
from tracker.services.house.work import Work, deed
from tracker.services.people import roles
from tracker.services.people.persons import stream_of
from tracker.services.people.signing import news
from tracker.storage.people.accounts import Person, RoleGrant
from tracker.storage.people.proposal_lines import ProposalLine
from tracker.storage.people.sign_ins import RoleProposal

TERM = timedelta(hours=72)
ABSENT = "没有这项待确认的授权，或它已过期、已办过。"


@dataclass(frozen=True)
class Decided:
    """Whose proposed role was decided, and which."""

    login: str
    name: str
    role: Role


def propose(work: Work, by: Actor, person: Person, wanted: Grant) -> bool:
    """A role for somebody that another must confirm; False when they hold it. Raises `Conflict` while it waits."""
    if not roles.is_news(person, wanted):
        return False
    now = work.clock.now()
    waiting = select(RoleProposal.id).where(
        RoleProposal.person_id == person.id, RoleProposal.role == wanted.role, RoleProposal.area_code == wanted.area_code,
        RoleProposal.outcome.is_(None), RoleProposal.expires_at > now)
    if work.session.scalar(waiting.limit(1)) is not None:
        raise Conflict("这项授权已在等待另一人确认。", code="proposed", field="role")
    row = RoleProposal(person_id=person.id, role=wanted.role, area_code=wanted.area_code, proposed_by_id=by.id, proposed_at=now,
                       expires_at=now + TERM)
    work.session.add(row)
    work.session.flush()
    fact = work.record(stream_of(person.id), PersonFacts.role_proposed, by, {
        "proposal": row.id, "role": wanted.role, "area_code": wanted.area_code})
    words = {"login": person.login, "role": Say(ROLES[wanted.role]), "by": by.name, "link": Link(Place.people),
             "until": f"{work.clock.local(row.expires_at):%Y-%m-%d %H:%M}"}
    news.put_letters(work, "role_proposed", fact, words, _who_confirms(work.session, row))
    news.tell_of_change(work, person, by, fact, Say("提请授予角色“{role}”，待另一人确认", role=Say(ROLES[wanted.role])))
    return True


@deed
def confirm(work: Work, actor: Actor, proposal_id: int) -> Decided:
    """The second person says yes: the role is granted."""
    row, person = _locked_proposal(work, actor, proposal_id)
    row.outcome, row.decided_at, row.decided_by_id = ProposalOutcome.confirmed, work.clock.now(), actor.id
    wanted = Grant(row.role, row.area_code)
    fact = roles.give_role(work, actor, person, wanted, proposal=row.id, proposed_by_id=row.proposed_by_id)
    if fact is None:  # they got it meanwhile by another way
        work.record(stream_of(person.id), PersonFacts.role_confirmed, actor, {"proposal": row.id, "role": row.role})
    else:
        news.tell_of_change(work, person, actor, fact, Say("增加了角色“{role}”", role=Say(ROLES[row.role])))
    return Decided(person.login, person.name, row.role)


@deed
def refuse(work: Work, actor: Actor, proposal_id: int) -> Decided:
    """The second person says no."""
    row, person = _locked_proposal(work, actor, proposal_id)
    row.outcome, row.decided_at, row.decided_by_id = ProposalOutcome.refused, work.clock.now(), actor.id
    fact = work.record(stream_of(person.id), PersonFacts.role_refused, actor, {"proposal": row.id, "role": row.role})
    news.tell_of_change(work, person, actor, fact, Say("授予角色“{role}”未获确认", role=Say(ROLES[row.role])))
    return Decided(person.login, person.name, row.role)


def waiting_for(session: Session, actor: Actor, lines: Sequence[ProposalLine]) -> tuple[ProposalLine, ...]:
    """Those that this person may decide."""
    if not lines or not actor.has(Permission.account_confirm):
        return ()
    return tuple(line for line in lines if _trouble_of(session, actor, line) is None)


def _locked_proposal(work: Work, actor: Actor, proposal_id: int) -> tuple[RoleProposal, Person]:
    permits.require(actor, Permission.account_confirm)
    row = work.session.scalar(select(RoleProposal).where(RoleProposal.id == proposal_id).with_for_update())
    if row is None or row.outcome is not None or row.expires_at <= work.clock.now():
        raise NotFound(ABSENT)
    person = work.session.get_one(Person, row.person_id, with_for_update=True)
    if person.deactivated_on is not None:
        raise NotFound(ABSENT)
    if trouble := _trouble_of(work.session, actor, row):
        raise NotAllowed(trouble, code="second_person")
    return row, person


def _trouble_of(session: Session, actor: Actor, row: RoleProposal | ProposalLine) -> str | None:
    """Why this person may not decide it."""
    if actor.acting_for is not None:
        return "代人办事时不能确认授权，请以本人身份办理。"
    if actor.id == row.proposed_by_id:
        return "自己提请的授权须由另一人确认。"
    if actor.id == row.person_id:
        return "不能确认对自己的授权。"
    if actor.id not in _who_confirms(session, row):
        return "还有其他管理员，应由管理员确认。"
    return None


def _who_confirms(session: Session, row: RoleProposal | ProposalLine) -> list[int]:
    """The administrators, without who proposed and whom it is about; the leads where none is left."""
    for role in (Role.admin, Role.lead):
        held = select(RoleGrant.person_id).join(Person).where(
            RoleGrant.role == role, RoleGrant.revoked_at.is_(None), Person.deactivated_on.is_(None),
            Person.id.not_in((row.proposed_by_id, row.person_id)))
        if found := sorted(set(session.scalars(held))):
            return found
    return []
