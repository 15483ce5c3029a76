"""The only fetchers: who somebody is, and a record together with their right to see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, select
from sqlalchemy.orm import Session, joinedload

from tracker.domain.cases.belonging.candidates import UNASKED, Belonging, Post, belonging_of, read_posts
from tracker.domain.cases.columns import facts_of_columns
from tracker.domain.cases.facts import CaseFacts
from tracker.domain.cases.works.items import CheckSheet
from tracker.domain.evidence.sources import asks_notice
from tracker.domain.house.actor import NEEDS_FACTOR, OPERATOR, Actor, Grant, Scope
from tracker.domain.house.errors import Conflict, NotAllowed, NotFound
from tracker.domain.house.say import Say
from tracker.domain.people.kinds import PersonKind
from tracker.services.house.caching import until_a_rule_changes, version_column, version_noted
from tracker.services.house.work import Work, reading, wiring
from tracker.services.rules import values
from tracker.storage.cases.belonging.chiefs import posts_column
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import visible
from tracker.storage.house.preferences import Preference
from tracker.storage.people.accounts import Person, RoleGrant, Unit
from tracker.storage.people.delegations import Delegation, holds_on
from tracker.storage.people.sign_ins import SecondFactor, SignInSession

_P, _G, _U, _D = Person.__table__.c, RoleGrant.__table__.c, Unit.__table__.c, Delegation.__table__.c
_S, _F, _PREFERENCES = SignInSession.__table__.c, SecondFactor.__table__.c, Preference.__table__.c
FACTOR_SINCE = "second_factor_since"
_STANDS_IN = exists().where(_D.substitute_id == _P.id, holds_on(bindparam("today")))
_PEOPLE = (
    select(_P.id, _P.name, _P.unit_id, _P.is_head, _P.login, _P.email, _P.kind, _P.deactivated_on, _U.name.label("unit"),
           _G.role, _G.area_code, _STANDS_IN.label("is_substitute"), version_column.label("rules"))
    .select_from(Person.__table__).outerjoin(Unit.__table__, _U.id == _P.unit_id)
    .outerjoin(RoleGrant.__table__, and_(_G.person_id == _P.id, _G.revoked_at.is_(None))).order_by(_G.id)
)
_BY_LOGIN = _PEOPLE.where(_P.login == bindparam("wanted"))
_BY_ID = _PEOPLE.where(_P.id == bindparam("wanted"))
_HUMAN_BY_ID = _BY_ID.where(_P.kind == PersonKind.person)
_FACTOR_SINCE = select(_PREFERENCES.value).where(_PREFERENCES.key == FACTOR_SINCE).scalar_subquery().label("factor_since")
_IN_SESSION = (
    _PEOPLE.add_columns(_S.id.label("session_id"), _S.sign_in, _S.made_at, _S.seen_at, _S.fresh_until, _S.is_renewal_due,
                        _S.is_own_device, _S.second_at, _F.confirmed_at.label("factor_at"), _G.granted_at,
                        _FACTOR_SINCE)
    .join(SignInSession.__table__, _S.person_id == _P.id).outerjoin(SecondFactor.__table__, _F.person_id == _P.id)
    .where(_S.digest == bindparam("wanted"), _S.ended_at.is_(None), _S.ends_at > bindparam("now"), _P.kind == PersonKind.person)
)


@dataclass(frozen=True)
class SessionStanding:
    """The session in which somebody is here. `is_renewal_due` until they have a better password, `is_code_due` until it showed
    the second factor that they have. `owes_factor_since` is when a role was given, or could first be secured, that asks for
    one which they do not have."""

    id: int
    made_at: datetime
    seen_at: datetime
    fresh_until: datetime | None
    is_renewal_due: bool
    is_own_device: bool = False
    has_factor: bool = False
    is_code_due: bool = False
    owes_factor_since: datetime | None = None

    def is_fresh(self, now: datetime) -> bool:
        """Whether the password was typed a short while ago."""
        return self.fresh_until is not None and self.fresh_until > now


@dataclass(frozen=True)
class PersonStanding:
    """A person as the head of every page names them. `is_substitute` when somebody's delegation to them holds today; the unit is
    the one in whose name they act. `session` where they came in by one."""

    actor: Actor
    unit: str | None
    is_substitute: bool = False
    email: str = ""
    session: SessionStanding | None = None


def standing(person_id: int) -> PersonStanding | None:
    """How a person stands at this moment, in one statement; None when unknown or deactivated, and for a service."""
    rows = _active_rows(_HUMAN_BY_ID, person_id)
    return _standing_of(rows) if rows else None


def in_session(digest: str) -> PersonStanding | None:
    """Whose session this is, and how they stand, in one statement; None when it is over, or they are deactivated."""
    rows = _active_rows(_IN_SESSION, digest, now=wiring().clock.now())
    if not rows:
        return None
    stands, row = _standing_of(rows), rows[0]
    session = SessionStanding(row.session_id, row.made_at, row.seen_at, row.fresh_until, row.is_renewal_due,
                              row.is_own_device, row.factor_at is not None,
                              row.factor_at is not None and row.second_at is None, _owed_since(rows))
    return replace(stands, actor=replace(stands.actor, sign_in=row.sign_in), session=session)


def _owed_since(rows: Sequence[Any]) -> datetime | None:
    """When the days of grace of who needs a second factor and has none began."""
    given = [row.granted_at for row in rows if row.role in NEEDS_FACTOR]
    if not given or rows[0].factor_at is not None:
        return None
    since = datetime.fromisoformat(rows[0].factor_since) if rows[0].factor_since else None
    began: datetime = min(given)
    return began if since is None else max(began, since)


def everybody() -> tuple[PersonStanding, ...]:
    """How everybody in office stands, by unit and name, in one statement."""
    in_office = _PEOPLE.where(_P.deactivated_on.is_(None), _P.kind == PersonKind.person)
    query = in_office.order_by(None).order_by(_U.code, _P.name, _P.id, _G.id)
    rows: dict[int, list[Any]] = {}
    for row in reading().execute(query, {"today": wiring().clock.today()}):
        rows.setdefault(row.id, []).append(row)
    return tuple(_standing_of(theirs) for theirs in rows.values())


def _standing_of(rows: Sequence[Any]) -> PersonStanding:
    person = rows[0]
    return PersonStanding(actor_from(rows), person.unit, bool(person.is_substitute), person.email or "")


def actor_by_login(login: str) -> Actor:
    """The active person with this login. Raises `NotFound`, and `NotAllowed` for a service: nobody acts in its name."""
    rows = _active_rows(_BY_LOGIN, login)
    if not rows:
        raise NotFound(Say("没有登录名为“{login}”的在岗人员。", login=login))
    if rows[0].kind is PersonKind.service:
        raise NotAllowed(Say("“{login}”是服务账号，不能以它的名义办理。", login=login), code="service")
    return actor_from(rows)


def at_command_line(login: str) -> Actor:
    """The same, for whom the machine's operator acts: no session of theirs, and their facts say so. Raises the same."""
    return replace(actor_by_login(login), sign_in=OPERATOR.sign_in)


def actor_for(person_id: int) -> Actor:
    """The active person with this id. Raises `NotFound`."""
    rows = _active_rows(_BY_ID, person_id)
    if not rows:
        raise NotFound("该人员不存在或已停用。")
    return actor_from(rows)


def _active_rows(query: Select[Any], wanted: object, **given: object) -> Sequence[Any]:
    """The rows of somebody who is active. The version of the rules comes along with them."""
    session = reading()
    rows = session.execute(query, {"wanted": wanted, "today": wiring().clock.today(), **given}).all()
    if not rows or rows[0].deactivated_on is not None:
        return ()
    version_noted(session, rows[0].rules)
    return rows


def case_for(work: Work, actor: Actor, number: str, *, seen: int | None = None) -> Case:
    """The case, locked until the work ends. Raises `NotFound` when absent or not the actor's to see, `Conflict` when
    somebody moved it since the actor saw `seen`."""
    query = _case_query(None if actor.is_clock else actor.scope())
    case: Case | None = work.session.scalar(query, {"wanted": number.strip().upper()})
    if case is None:
        raise no_such_case(number)
    if seen is not None and seen != case.seq:
        raise Conflict(Say("您看到的是第 {seen} 条记录，本案已有第 {seq} 条；请核对最新情况后再办，您填写的内容已保留。", seen=seen, seq=case.seq), code="stale")
    return case


def _case_query(scope: Scope | None) -> Select[Any]:
    """The statement for a reader. Its units are read after the lock is held: somebody may have changed them while it waited."""
    query = select(Case).where(Case.number == bindparam("wanted")).options(joinedload(Case.source, innerjoin=True))
    query = query if scope is None else query.where(visible(scope))
    return query.with_for_update(of=Case).execution_options(populate_existing=True)


def no_such_case(number: str) -> NotFound:
    """The one answer for absent and forbidden alike."""
    return NotFound(Say("没有找到案件“{number}”，或您无权查看。", number=number))


def facts_of(case: Case, closing_gaps: Iterable[str] = (), member_count: int = 0, sheet: CheckSheet | None = None,
             posts: Iterable[Post] | None = None) -> CaseFacts:
    """The case as the law sees it, today. `sheet` where a step needs to know what its works are judged by; `posts` are those of
    its section where they are at hand."""
    today = wiring().clock.today()
    return facts_of_columns(
        case, today, case.supporting_unit_ids, support_days=case.support_days, is_noticed=notice_asked(case),
        closing_gaps=closing_gaps,
        member_count=member_count, most_returns=values.number("most_returns", today),
        most_extensions=values.number("most_extensions", today), sheet=sheet, belonging=_belonging_now(case, posts))


def _belonging_now(case: Case, posts: Iterable[Post] | None) -> Belonging:
    """Whose it may be. Where it lies is looked up only while that is asked."""
    if not case.source.needs_confirmation and case.confirm_due_on is None:
        return UNASKED
    is_asked = bool(case.candidates)
    if is_asked and posts is None:
        posts = read_posts(reading().scalar(select(posts_column).where(Case.id == case.id)))
    return belonging_of(case, is_needed=case.source.needs_confirmation, answers=case.candidates,
                        place=case.place_beside if is_asked else {}, posts=posts or (), informed=case.informed_unit_ids)


def notice_asked(case: Case) -> bool:
    """Whether the source of the case asks for a public notice of it."""
    return asks_notice(case.source.is_notice_required, case.source.notice_since, case.verified_at)


def actor_from(rows: Sequence[Any]) -> Actor:
    """A person as the law sees them, from one row for each grant, or one without any."""
    person = rows[0]
    grants = tuple(Grant(row.role, row.area_code) for row in rows if row.role is not None)
    above, below = _lines_around(person.unit_id)
    return Actor(id=person.id, name=person.name, unit_id=person.unit_id, unit_line=above, units_below=below, grants=grants,
                 login=person.login, is_head=bool(person.is_head))


def _lines_around(unit_id: int | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The unit and all above it; and all below it."""
    if unit_id is None:
        return (), ()
    lines = _lines_with(unit_id)
    return lines[unit_id], tuple(u for u, line in lines.items() if u != unit_id and unit_id in line)


def unit_line(unit_id: int | None) -> tuple[int, ...]:
    """A unit and all above it, nearest first; nothing for none."""
    return _lines_with(unit_id)[unit_id] if unit_id is not None else ()


def _lines_with(unit_id: int) -> dict[int, tuple[int, ...]]:
    lines = until_a_rule_changes("unit_lines", _read_lines)
    return lines if unit_id in lines else _read_lines(reading())  # a unit that came by a way that tells nobody


def _read_lines(session: Session) -> dict[int, tuple[int, ...]]:
    """Every unit with all above it, nearest first."""
    parents: dict[int, int | None] = {row.id: row.parent_id for row in session.execute(select(_U.id, _U.parent_id))}

    def line(start: int) -> tuple[int, ...]:
        found: list[int] = []
        here: int | None = start
        while here is not None and here not in found:
            found.append(here)
            here = parents.get(here)
        return tuple(found)

    return {unit: line(unit) for unit in parents}


def grants_now(person_id: int) -> list[RoleGrant]:
    """The unrevoked grants of a person."""
    return list(reading().scalars(select(RoleGrant).where(RoleGrant.person_id == person_id, RoleGrant.revoked_at.is_(None))))
