"""What a desk is chosen from: the cases of a few lists, each walked along an index and stopped, all in one statement."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, literal_column, not_, or_, select, union, union_all
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from tracker.domain.cases.belonging.candidates import Post, read_posts
from tracker.domain.cases.facts import ACTIVE, CLOCK_RUNS, IN_HAND, OPEN, CaseState
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.step_rows import Among, CaseStep
from tracker.domain.house.actor import Scope
from tracker.domain.rules.lights import LightBounds
from tracker.storage.cases.belonging.chiefs import posts_column
from tracker.storage.cases.belonging.parts import CasePart, UnitPart
from tracker.storage.cases.cases import Case
from tracker.storage.cases.register.filters import NOBODY, Filters
from tracker.storage.cases.register.register import conditions
from tracker.storage.cases.scope import visible
from tracker.storage.cases.waiting import asks_confirmation, is_assignable, waits_since
from tracker.storage.house.statements import kept_statement
from tracker.storage.people.accounts import Unit
from tracker.storage.territory.territory import Source

S = CaseState
CASES, PARTS, UNITS, SOURCES = Case.__table__.c, CasePart.__table__.c, Unit.__table__.c, Source.__table__.c
MINE, LATE, SPONSORED, SUPERVISED, LOGGED = "mine", "late", "sponsored", "supervised", "logged"
# How many cases of each list are looked at; the register has the rest.
MOST = {MINE: 60, LATE: 16, SPONSORED: 6, SUPERVISED: 6, LOGGED: 8}
LOGGED_DAYS = timedelta(days=30)
MOST_UNITS = 5
# What a desk shows of a case, what the law asks of it, and what its closing lacks; anything else raises.
_COLUMNS = (
    Case.number, Case.title, Case.state, Case.round, Case.history, Case.due_on, Case.list_due_on, Case.is_due_provisional,
    Case.is_key, Case.place, Case.area_code, Case.jurisdiction, Case.supervision_level, Case.lead_unit_id, Case.sponsor_id,
    Case.registered_by_id, Case.source_id, Case.is_designated, Case.pending, Case.pending_by_id, Case.pending_for_id,
    Case.channel, Case.confirm_due_on, Case.confirmed_on,
    Case.return_until_on, Case.return_count, Case.extension_count, Case.phase_next_on, Case.work_reported_at, Case.finding,
    Case.has_no_work_basis, Case.submitted_by_id, Case.submitted_unit_id, Case.submitted_for_id, Case.submitted_for_unit_id,
    Case.verification_begun_at, Case.verified_at, Case.verified_by_id, Case.verified_for_id, Case.notice_to_on,
    Case.undecided_objections, Case.is_look_back_failed, Case.supervision_due_on, Case.matter_since_on,
)
_NARROW = (
    load_only(*_COLUMNS, raiseload=True), selectinload(Case.parts), joinedload(Case.place_row),
    joinedload(Case.source, innerjoin=True).load_only(Source.key, Source.is_notice_required, Source.notice_since,
                                                      Source.needs_confirmation,
                                                      Source.close_gate, raiseload=True),
    joinedload(Case.lead_unit).load_only(Unit.name, raiseload=True),
)
_IS_CHANGED = SOURCES.notice_since.is_not(None)  # some of its cases need a notice, and some do not: the law is asked of each
_NOTICED_SOURCES = select(SOURCES.id).where(SOURCES.is_notice_required.is_(True) | _IS_CHANGED)
_UNNOTICED_SOURCES = select(SOURCES.id).where(SOURCES.is_notice_required.is_(False) | _IS_CHANGED)


@dataclass(frozen=True)
class DeskQuestion:
    """What a person's desk may hold: the steps that are theirs to take, the lists beside them, and the units they work for."""

    steps: tuple[str, ...]
    lists: tuple[str, ...]
    unit_line: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LateUnit:
    """A unit with its overdue cases; `NOBODY` stands for the cases that nobody was given."""

    code: str
    name: str
    count: int


def candidates(session: Session, scope: Scope, wanted: DeskQuestion, bounds: LightBounds) -> dict[str, tuple[int, ...]]:
    """The ids of the cases of each list that the law is to be asked about, nearest date first, one more than `MOST` where there
    are more: in one statement that costs the same however many closed ones there are."""
    ids: dict[str, list[tuple[date, int]]] = {}
    query = _desk_query(scope, wanted, bounds)
    for name, case_id, due in session.execute(query) if query is not None else ():
        ids.setdefault(name, []).append((due, case_id))
    return {name: tuple(case_id for _, case_id in sorted(pairs)) for name, pairs in ids.items()}


def cases_of(session: Session, scope: Scope, ids: Iterable[int]
             ) -> tuple[dict[int, Case], dict[int, datetime], dict[int, tuple[Post, ...]]]:
    """The cases of these ids that the reader may see, with no more of each than a desk shows and the law asks; since when those
    wait that wait to be assigned; and who is chief where those lie that are being checked. Two statements."""
    query = select(Case, waits_since, posts_column).where(CASES.id.in_(sorted(ids)), visible(scope)).options(*_NARROW)
    found = [(case, since, posts) for case, since, posts in session.execute(query)]
    return ({case.id: case for case, _, _ in found}, {case.id: since for case, since, _ in found if since is not None},
            {case.id: read_posts(posts) for case, _, posts in found if posts})


def late_units(session: Session, scope: Scope, bounds: LightBounds) -> tuple[LateUnit, ...]:
    """Who has the most overdue cases, in one statement."""
    # `+ 0` keeps SQLite from walking the units' index through every closed case to have the groups in order.
    unit, count = (CASES.lead_unit_id + literal_column("0")).label("unit"), func.count().label("count")
    late = select(unit, count).where(*conditions(scope, Filters(is_overdue=True), bounds)).group_by(unit).subquery()
    query = (
        select(UNITS.code, UNITS.name, late.c.count).select_from(late.outerjoin(Unit.__table__, UNITS.id == late.c.unit))
        .order_by(late.c.count.desc(), UNITS.code).limit(MOST_UNITS)
    )
    return tuple(LateUnit(code or NOBODY, name or "", count) for code, name, count in session.execute(query))


@kept_statement
def _desk_query(scope: Scope, wanted: DeskQuestion, bounds: LightBounds) -> Select[Any] | None:
    """The statement of a desk, kept: to put it together would take longer than to run it."""
    walks = {name: _list_walks(name, scope, wanted, bounds) for name in (MINE, *wanted.lists)}
    lists = [_merge_walks(name, found) for name, found in walks.items() if found]
    if not lists:
        return None
    found = union_all(*(select(each) for each in lists)).subquery("found")
    return select(found.c.list, found.c.id, found.c.list_due_on)


def _list_walks(name: str, scope: Scope, wanted: DeskQuestion, bounds: LightBounds) -> list[Select[Any]]:
    seen, limit = visible(scope), MOST[name] + 1
    if name == LOGGED:
        own = (CASES.received_on >= bounds.today - LOGGED_DAYS) & (CASES.registered_by_id == scope.person_id)
        return [select(CASES.id, CASES.list_due_on).where(own, seen).order_by(CASES.received_on.desc(), CASES.id.desc())
                .limit(limit)]
    if name == MINE:
        found = [(state, more) for step in wanted.steps for state, more in _lying_for(step, scope, wanted)]
    elif name == LATE:
        found = [(state, CASES.list_due_on < bounds.today) for state in CLOCK_RUNS if state in IN_HAND]
    elif name == SPONSORED:
        found = [(state, CASES.sponsor_id == scope.person_id) for state in ACTIVE]
    else:
        found = [(state, CASES.supervision_level.is_not(None)) for state in OPEN]
    return [select(CASES.id, CASES.list_due_on).where(CASES.state == state, more, seen).order_by(CASES.list_due_on, CASES.id)
            .limit(limit)
            for state, more in found]


def _merge_walks(name: str, walks: Sequence[Select[Any]]) -> Any:
    merged = union(*(select(walk.subquery()) for walk in walks)).subquery()
    query = select(literal(name).label("list"), merged.c.id, merged.c.list_due_on)
    return query.order_by(merged.c.list_due_on, merged.c.id).limit(MOST[name] + 1).subquery()


# --- where each step's cases lie: a little more than the law lets through, never less -------------------------------------------

Lying = list[tuple[CaseState, ColumnElement[bool]]]


def _lying_anywhere(step: CaseStep, scope: Scope, wanted: DeskQuestion) -> Lying:
    return [(state, CASES.id.is_not(None)) for state in step.waits_in]


def _asked_by_others(step: CaseStep, scope: Scope, wanted: DeskQuestion) -> Lying:
    """A request of another person."""
    asked = (CASES.pending == step.decides) & (CASES.pending_by_id != scope.person_id)
    return [(state, asked) for state in step.waits_in]


def _of_own_units(step: CaseStep, scope: Scope, wanted: DeskQuestion) -> Lying:
    """One walk for each unit: an index has them in order."""
    return [(state, CASES.lead_unit_id == unit) for unit in wanted.unit_line for state in step.waits_in]


def _to_answer(step: CaseStep, scope: Scope, wanted: DeskQuestion) -> Lying:
    """Where a supervision order waits for the answer of the unit that leads."""
    return [(state, own & CASES.supervision_due_on.is_not(None)) for state, own in _of_own_units(step, scope, wanted)]


def _of_supported(step: CaseStep, scope: Scope, wanted: DeskQuestion) -> Lying:
    """Where one of the units still owes its opinion; an index of its own has these."""
    owing = select(PARTS.case_id).where(PARTS.unit_id.in_(wanted.unit_line), PARTS.answer_due_on.is_not(None),
                                        PARTS.answered_on.is_(None))
    return [(state, CASES.id.in_(owing)) for state in step.waits_in] if wanted.unit_line else []


def _of_others(step: CaseStep, scope: Scope, wanted: DeskQuestion) -> Lying:
    """Neither submitted by this person nor rectified by their units."""
    of_others = (CASES.submitted_by_id != scope.person_id) & not_(CASES.lead_unit_id.in_(wanted.unit_line))
    return [(state, of_others) for state in step.waits_in]


def _to_notice(step: CaseStep, scope: Scope, wanted: DeskQuestion) -> Lying:
    return [(state, CASES.source_id.in_(_NOTICED_SOURCES) & (CASES.history == "own")) for state in step.waits_in]


def _to_close(step: CaseStep, scope: Scope, wanted: DeskQuestion) -> Lying:
    """Past its notice, or without one; by a third person."""
    third = (CASES.submitted_by_id.is_(None) | (CASES.submitted_by_id != scope.person_id)) & (
        CASES.verified_by_id.is_(None) | (CASES.verified_by_id != scope.person_id))
    return [(S.noticed, third), (S.verified, third & or_(CASES.source_id.in_(_UNNOTICED_SOURCES), CASES.history != "own"))]


def _looked_back(step: CaseStep, scope: Scope, wanted: DeskQuestion) -> Lying:
    """A closed case is looked at again only where a look-back failed; these few have an index of their own."""
    return [(state, CASES.is_look_back_failed.is_(True)) for state in step.waits_in]


def _objected_to(step: CaseStep, scope: Scope, wanted: DeskQuestion) -> Lying:
    return [(state, CASES.undecided_objections > 0) for state in step.waits_in]


def _to_assign(step: CaseStep, scope: Scope, wanted: DeskQuestion) -> Lying:
    return [(state, is_assignable) for state in step.waits_in]


def _to_send_down(step: CaseStep, scope: Scope, wanted: DeskQuestion) -> Lying:
    return [(state, asks_confirmation) for state in step.waits_in]


def _of_asked_units(step: CaseStep, scope: Scope, wanted: DeskQuestion) -> Lying:
    """Where one of the units was asked and has not answered."""
    asked = select(PARTS.case_id).where(PARTS.unit_id.in_(wanted.unit_line), PARTS.part == UnitPart.candidate.value,
                                        PARTS.answer.is_(None))
    return [(state, CASES.id.in_(asked)) for state in step.waits_in] if wanted.unit_line else []


def _to_confirm(step: CaseStep, scope: Scope, wanted: DeskQuestion) -> Lying:
    """Of a unit, only what everybody has answered: a section chief confirms no sooner."""
    silent = select(PARTS.case_id).where(PARTS.part == UnitPart.candidate.value, PARTS.answer.is_(None))
    return [(state, CASES.id.is_not(None) if scope.areas else CASES.id.not_in(silent)) for state in step.waits_in]


LYING: dict[Among, Callable[[CaseStep, Scope, DeskQuestion], Lying]] = {
    Among.everything: _lying_anywhere, Among.asked_by_others: _asked_by_others, Among.own_units: _of_own_units,
    Among.to_answer: _to_answer,
    Among.rectified_by_others: _of_others, Among.to_notice: _to_notice, Among.to_close: _to_close,
    Among.look_back_failed: _looked_back, Among.objected_to: _objected_to, Among.supported: _of_supported,
    Among.to_assign: _to_assign, Among.to_send_down: _to_send_down, Among.asked_units: _of_asked_units,
    Among.to_confirm: _to_confirm,
}


def _lying_for(name: str, scope: Scope, wanted: DeskQuestion) -> Lying:
    step = CASE_FLOW.steps[name]
    return LYING[step.waits.among](step, scope, wanted) if step.waits else []
