"""Which roles one person may hold together, which need a second person, and which must never be without anybody."""

from collections.abc import Iterable

from sqlalchemy import select

from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.wording import ROLES
from tracker.domain.house.actor import NEEDS_SECOND, ROLE_GRANTS, Actor, Grant, Permission, Role
from tracker.domain.house.errors import Invalid, NotAllowed
from tracker.domain.house.ledger import Fact
from tracker.domain.house.say import Listed, Say
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.people.kinds import SessionEnd
from tracker.services.house.caching import rules_changed
from tracker.services.house.work import Work
from tracker.services.people import access
from tracker.services.people.persons import require_human, stream_of
from tracker.services.people.signing import sessions
from tracker.storage.cases.identities import Identity
from tracker.storage.people.accounts import Person, RoleGrant

STEP_PERMISSIONS = frozenset(who.permission for step in CASE_FLOW.steps.values() for who in step.who) | {
    Permission.case_register, Permission.case_import, Permission.identity_reveal,
    Permission.penalty_work, Permission.penalty_review, Permission.penalty_decide,
}
# Whoever holds one of these may act on a case, and so may not be an administrator; and the other way round.
STEP_ROLES = frozenset(role for role in Role if ROLE_GRANTS[role] & STEP_PERMISSIONS)
MANAGING_ROLES = frozenset(role for role in Role if Permission.account_manage in ROLE_GRANTS[role])


def give_role(work: Work, by: Actor, person: Person, wanted: Grant, **more: object) -> Fact | None:
    """One more role for a person, whose sessions end with it; None when they hold it already. `more` stands in the fact."""
    if not is_news(person, wanted):
        return None
    work.session.add(RoleGrant(person_id=person.id, role=wanted.role, area_code=wanted.area_code, granted_at=work.clock.now()))
    work.session.flush()
    if wanted.role is Role.lead:
        rules_changed(work.session)  # the register offers leads as sponsors to filter by
    sessions.end_all(work, person.id, SessionEnd.new_roles, keep=by.sign_in)
    return work.record(stream_of(person.id), PersonFacts.granted, by, {
        "role": wanted.role, "area_code": wanted.area_code, **more})


def is_news(person: Person, wanted: Grant) -> bool:
    """Whether the person does not hold this yet. Raises where they may never hold it."""
    require_human(person, "role")
    held = access.grants_now(person.id)
    if any(g.role is wanted.role and g.area_code == wanted.area_code for g in held):
        return False
    require_separation({wanted.role, *(g.role for g in held)})
    return True


def require_separation(roles: Iterable[Role]) -> None:
    """Raise `NotAllowed` when one person would manage accounts and act on cases, or watch over themselves."""
    held = set(roles)
    if held & MANAGING_ROLES and held & STEP_ROLES:
        both = Listed(Say(ROLES[role]) for role in Role if role in held & STEP_ROLES)
        raise NotAllowed(Say("管理员不得参与办案：同一人不能既是管理员，又是{both}。", both=both), code="admin_takes_no_step", field="role")
    if held & MANAGING_ROLES and Role.auditor in held:
        raise NotAllowed("管理员不得自己监督自己：同一人不能既是管理员，又是审计员。", code="admin_is_no_auditor", field="role")


def keep_holders(work: Work, leaving: Person, roles: Iterable[Role]) -> None:
    """Raise `Invalid` where nobody would be left with a role that somebody must hold; a custodian while there are reporters.
    The grants are locked, so two who leave at once do not both go."""
    for role in sorted(NEEDS_SECOND & set(roles)):
        if role is Role.custodian and work.session.scalar(select(Identity.id).limit(1)) is None:
            continue
        held = select(RoleGrant.person_id).join(Person).where(
            RoleGrant.role == role, RoleGrant.revoked_at.is_(None), Person.deactivated_on.is_(None))
        if set(work.session.scalars(held.order_by(RoleGrant.id).with_for_update())) <= {leaving.id}:
            raise Invalid(Say("至少要留一名{role}，请先指定另一名。", role=Say(ROLES[role])), code="last_holder")
