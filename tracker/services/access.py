"""The only fetchers: who somebody is, and a record together with their right to see it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, select

from tracker.domain.actor import Actor, Grant, Permission
from tracker.domain.case_facts import CaseFacts
from tracker.domain.errors import Conflict, NotAllowed, NotFound
from tracker.domain.wording import PERMISSIONS
from tracker.services.work import Work, plant
from tracker.storage.accounts import Person, RoleGrant, Unit
from tracker.storage.base import db
from tracker.storage.cases import Case
from tracker.storage.queries.scope import visible

_PEOPLE = (
    select(Person.id, Person.name, Person.unit_id, Person.login, Person.deactivated_on, RoleGrant.role, RoleGrant.area_code)
    .outerjoin(RoleGrant, and_(RoleGrant.person_id == Person.id, RoleGrant.revoked_at.is_(None))).order_by(RoleGrant.id)
)
_BY_LOGIN = _PEOPLE.where(Person.login == bindparam("wanted"))
_BY_ID = _PEOPLE.where(Person.id == bindparam("wanted"))


def actor_by_login(login: str) -> Actor:
    """The active person with this login. Raises `NotFound`."""
    rows = db.session.execute(_BY_LOGIN, {"wanted": login}).all()
    if not rows or rows[0].deactivated_on is not None:
        raise NotFound(f"没有登录名为“{login}”的在岗人员。")
    return _actor(rows)


def actor_for(person_id: int) -> Actor:
    """The active person with this id. Raises `NotFound`."""
    rows = db.session.execute(_BY_ID, {"wanted": person_id}).all()
    if not rows or rows[0].deactivated_on is not None:
        raise NotFound("该人员不存在或已停用。")
    return _actor(rows)


def require(actor: Actor, permission: Permission) -> None:
    """Raise `NotAllowed` unless the actor holds the permission anywhere."""
    if not actor.has(permission):
        raise NotAllowed(f"您没有“{PERMISSIONS[permission]}”的权限。", code="no_permission")


def case_for(work: Work, actor: Actor, number: str, *, seen: int | None = None) -> Case:
    """The case, locked until the work ends. Raises `NotFound` when absent or not the actor's to see, `Conflict` when
    somebody moved it since the actor saw `seen`."""
    query = select(Case).where(Case.number == number.strip().upper())
    if not actor.is_clock:
        query = query.where(visible(actor.scope()))
    case = work.session.scalar(query.with_for_update(of=Case).execution_options(populate_existing=True))
    if case is None:
        raise no_such_case(number)
    if seen is not None and seen != case.seq:
        raise Conflict(f"您看到的是第 {seen} 条记录，本案已有第 {case.seq} 条；请核对最新情况后再办，您填写的内容已保留。", code="stale")
    return case


def no_such_case(number: str) -> NotFound:
    """The one answer for absent and forbidden alike."""
    return NotFound(f"没有找到案件“{number}”，或您无权查看。")


def facts_of(case: Case, closing_gaps: Iterable[str] = ()) -> CaseFacts:
    """The case as the law sees it, today."""
    return CaseFacts(
        state=case.state, today=plant().clock.today(), area_code=case.jurisdiction, lead_unit_id=case.lead_unit_id,
        supporting_unit_ids=case.supporting_unit_ids, sponsor_id=case.sponsor_id, submitted_by_id=case.submitted_by_id,
        submitted_unit_id=case.submitted_unit_id, verified_by_id=case.verified_by_id,
        is_verification_begun=case.verification_begun_at is not None, is_designated=case.is_designated, pending=case.pending,
        pending_by_id=case.pending_by_id, due_on=case.due_on, return_until_on=case.return_until_on,
        return_count=case.return_count, extension_count=case.extension_count, phase_next_on=case.phase_next_on,
        is_notice_required=case.source.is_notice_required and case.history == "own", notice_to_on=case.notice_to_on,
        is_supervised=case.supervision_level is not None, is_look_back_failed=case.is_look_back_failed,
        is_work_reported=case.work_reported_at is not None, closing_gaps=tuple(closing_gaps),
    )


def _actor(rows: Sequence[Any]) -> Actor:
    """One row for each grant, or one without any."""
    person = rows[0]
    grants = tuple(Grant(row.role, row.area_code) for row in rows if row.role is not None)
    above, below = _line(person.unit_id)
    return Actor(id=person.id, name=person.name, unit_id=person.unit_id, unit_line=above, units_below=below, grants=grants,
                 login=person.login)


def _line(unit_id: int | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The unit and all above it; and all below it."""
    if unit_id is None:
        return (), ()
    parents: dict[int, int | None] = {row.id: row.parent_id for row in db.session.execute(select(Unit.id, Unit.parent_id))}

    def line(start: int) -> tuple[int, ...]:
        found: list[int] = []
        here: int | None = start
        while here is not None and here not in found:
            found.append(here)
            here = parents.get(here)
        return tuple(found)

    return line(unit_id), tuple(u for u in parents if u != unit_id and unit_id in line(u))


def grants_now(person_id: int) -> list[RoleGrant]:
    """The unrevoked grants of a person."""
    return list(db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == person_id, RoleGrant.revoked_at.is_(None))))
