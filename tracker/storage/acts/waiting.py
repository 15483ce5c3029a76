"""What waits for somebody beside the cases: duties that their unit owes, duties that they may check, acts whose next step may be
theirs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, and_, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from tracker.domain.acts.facts import DutyKind, DutyState
from tracker.domain.acts.sight import ActScope
from tracker.storage.acts.acts import Act, ActForce, ActHand, Duty
from tracker.storage.acts.scope import ACTS, in_area, readable

_OWED = Duty.__table__.alias("owed")  # the fence of acts looks into the same table
_D, _H, _F = _OWED.c, ActHand.__table__.c, ActForce.__table__.c
ANSWER, CHECK, STEP = "answer", "check", "step"


@dataclass(frozen=True)
class WaitingQuestion:
    """Of whom it is asked: the units whose duties are theirs, the areas in which they check, who they are; and the states of each
    kind in which a step may be theirs. Patrols stand on the desk by themselves."""

    unit_ids: tuple[int, ...]
    check_areas: tuple[str, ...]
    persons: tuple[int, ...]
    own_units: tuple[int, ...]
    states: tuple[tuple[str, str], ...]


class WaitingRow(NamedTuple):
    """One thing that waits. `position` and `title` are of a duty."""

    way: str
    act_id: int
    number: str
    kind: str
    act_title: str
    position: int | None
    title: str | None
    due_on: date


class ActHands(NamedTuple):
    """What the law asks of an act besides its row."""

    hands: tuple[tuple[int, str], ...]
    units: tuple[int, ...]
    duties: tuple[DutyState, ...]


def waiting(session: Session, scope: ActScope, asked: WaitingQuestion, most: int) -> list[WaitingRow]:
    """The most urgent of what waits, in one statement."""
    parts = [part for part in (_to_answer(asked), _to_check(asked), _to_step(asked)) if part is not None]
    if not parts:
        return []
    found = union_all(*[part.where(readable(scope)) for part in parts]).subquery()
    query = select(found).order_by(found.c.due_on, found.c.act_id, found.c.position).limit(most)
    return [WaitingRow(*row) for row in session.execute(query).all()]


def hands_of(session: Session, rounds: Iterable[tuple[int, int]]) -> dict[int, ActHands]:
    """What the law asks of these acts, each with its present round: as many statements as for one."""
    present = dict(rounds)
    hands = session.execute(select(_H.act_id, _H.round, _H.person_id, _H.part).where(_H.act_id.in_(present))).all()
    duties = session.execute(select(_D.act_id, _D.unit_id, _D.state).where(_D.act_id.in_(present)).order_by(_D.position)).all()
    forces = session.execute(select(_F.act_id, _F.unit_id).where(_F.act_id.in_(present))).all()
    return {act: ActHands(tuple((row.person_id, row.part) for row in hands if (row.act_id, row.round) == (act, round_)),
                          tuple(row.unit_id for rows in (forces, duties) for row in rows if row.act_id == act),
                          tuple(DutyState(row.state) for row in duties if row.act_id == act))
            for act, round_ in present.items()}


def _owed_duties(way: str) -> Select[tuple[object, ...]]:
    return select(literal(way).label("way"), ACTS.id.label("act_id"), ACTS.number, ACTS.kind, ACTS.title.label("act_title"),
                  _D.position, _D.title, _D.due_on).join_from(Act.__table__, _OWED,
                                                              _D.act_id == ACTS.id).where(_D.kind != DutyKind.patrol)


def _to_answer(asked: WaitingQuestion) -> Select[tuple[object, ...]] | None:
    if not asked.unit_ids:
        return None
    return _owed_duties(ANSWER).where(_D.state == DutyState.open, _D.unit_id.in_(asked.unit_ids), ACTS.is_over.is_(False))


def _to_check(asked: WaitingQuestion) -> Select[tuple[object, ...]] | None:
    if not asked.check_areas:
        return None
    query = _owed_duties(CHECK).where(_D.state == DutyState.answered, or_(*map(in_area, asked.check_areas)),
                                 _D.answered_by_id.not_in(asked.persons))
    return query.where(_D.unit_id.not_in(asked.own_units), or_(
        _D.answered_unit_id.is_(None), _D.answered_unit_id.not_in(asked.own_units))) if asked.own_units else query


def _to_step(asked: WaitingQuestion) -> Select[tuple[object, ...]] | None:
    if not asked.states:
        return None
    kinds: dict[str, list[str]] = {}
    for kind, state in asked.states:
        kinds.setdefault(kind, []).append(state)
    return select(literal(STEP).label("way"), ACTS.id.label("act_id"), ACTS.number, ACTS.kind, ACTS.title.label("act_title"),
                  null().label("position"), null().label("title"), ACTS.list_due_on.label("due_on")).where(
        or_(*(and_(ACTS.kind == kind, ACTS.state.in_(states)) for kind, states in kinds.items())))


def heads_of(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, str, int | None, int, dict[str, object]]]:
    """State, area, unit, round and details of acts."""
    rows = session.execute(select(ACTS.id, ACTS.state, ACTS.area_code, ACTS.unit_id, ACTS.round, ACTS.details)
                           .where(ACTS.id.in_(ids))).all()
    return {row[0]: (row[1], row[2], row[3], row[4], row[5]) for row in rows}
