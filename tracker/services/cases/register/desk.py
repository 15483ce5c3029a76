"""What waits for a person: the candidates of the register, each asked of the law's own predicate before it is shown."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.cases.facts import FINAL, CaseFacts, CaseState, Request
from tracker.domain.cases.flow import CASE_FLOW, Steps, steps_on_desks
from tracker.domain.house.actor import Actor, Role
from tracker.domain.rules.lights import LightBounds
from tracker.services.acts.waiting import WaitingAct, waiting_for
from tracker.services.cases.assign_clock import assign_due
from tracker.services.evidence import evidence
from tracker.services.house.caching import until_next_fact
from tracker.services.house.work import reading
from tracker.services.people import access
from tracker.storage.cases.cases import Case
from tracker.storage.cases.register import desk, register
from tracker.storage.cases.register.desk import LATE, LOGGED, MINE, MOST, SPONSORED, SUPERVISED, DeskQuestion, LateUnit
from tracker.storage.cases.register.register import Filters

# What a desk shows beside what waits: for whom, which list.
BESIDE: dict[Role, tuple[str, ...]] = {
    Role.dispatcher: (LATE,), Role.lead: (SPONSORED,), Role.supervisor: (SUPERVISED,), Role.inspector: (LOGGED,),
}
LEADING = frozenset({Role.lead, Role.supervisor})
NUDGE = Steps.urge.name
KEPT, KEPT_DESK = "desk_numbers", "desk"  # under which its figures, and all of it, are kept
# A closed case comes to a desk only when its look-back failed: what was called done is not.
URGENCY = {light: rank for rank, light in enumerate(("red", "blue", "yellow", "none", "green"))}


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One case on a desk. `due_on` is the date that comes first, that of assigning included. `steps` are open to this person now,
    the one that waits for them first; none where others are to act."""

    number: str
    title: str
    state: CaseState
    light: str
    due_on: date | None
    list_due_on: date
    is_due_provisional: bool
    is_key: bool
    place: str
    area_code: str
    unit: str
    request: Request | None
    supervision_level: str | None
    supervision_due_on: date | None
    round: int
    steps: tuple[str, ...]

    @property
    def step(self) -> str:
        """The step that waits."""
        return self.steps[0] if self.steps else ""


@dataclass(frozen=True)
class DeskFigures:
    """The heading numbers in the order in which they were asked for, and which units are late the most."""

    numbers: tuple[int, ...]
    late_units: tuple[LateUnit, ...] = ()


@dataclass(frozen=True)
class Desk:
    """What waits for a person, by urgency; what is late with others; what they watch over; what they logged lately; the figures
    above it; what waits beside the cases."""

    mine: tuple[DeskRow, ...]
    is_more: bool
    late: tuple[DeskRow, ...]
    watched: tuple[DeskRow, ...]
    logged: tuple[DeskRow, ...]
    figures: DeskFigures
    acts: tuple[WaitingAct, ...] = ()


def duties_of(actor: Actor) -> tuple[str, ...]:
    """The steps that may be waiting for this person somewhere, by the flow's own column of permissions."""
    return tuple(step.name for step in steps_on_desks() if any(actor.has(who.permission) for who in step.who))


def states_of(steps: Sequence[str]) -> tuple[CaseState, ...]:
    """The states in which these steps wait: of the final ones nearly all cases wait for nobody any more."""
    found = {state for step in steps for state in CASE_FLOW.steps[step].froms} - set(FINAL)
    return tuple(state for state in CaseState if state in found)


def desk_of(actor: Actor, views: Sequence[Filters], bounds: LightBounds) -> Desk:
    """The desk of one person, in as many statements for one case as for a hundred thousand; in one while nothing happens."""
    last_fact = register.last_fact(reading())
    return until_next_fact(KEPT_DESK, (actor, tuple(views), bounds), last_fact,
                           lambda: _read_desk(actor, tuple(views), bounds, last_fact))


def _read_desk(actor: Actor, views: tuple[Filters, ...], bounds: LightBounds, last_fact: int) -> Desk:
    session = reading()
    lists = tuple(dict.fromkeys(name for role in actor.roles for name in BESIDE.get(role, ())))
    wanted = DeskQuestion(duties_of(actor), lists, actor.unit_line)
    found = desk.candidates(session, actor.scope(), wanted, bounds)
    asked = {case_id for ids in found.values() for case_id in ids}
    cases, since, posts = desk.cases_of(session, actor.scope(), asked) if asked else ({}, {}, {})
    weighed = {state for name in wanted.steps if (step := CASE_FLOW.steps[name]).weighs_evidence for state in step.froms}
    done = [case for case in cases.values() if case.state in weighed]
    gaps = evidence.closing_gaps_of(done) if done else {}
    dates = _dates_of(cases.values(), since)
    facts = {case.id: access.facts_of(case, gaps.get(case.id, ()), posts=posts.get(case.id, ())) for case in cases.values()}

    def rows(name: str, steps: Sequence[str]) -> list[DeskRow]:
        chosen = [cases[case_id] for case_id in found.get(name, ())[:MOST[name]] if case_id in cases]
        return sorted((_desk_row(case, dates[case.id], bounds, _open_steps(actor, facts[case.id], steps)) for case in chosen),
                      key=_urgency_key)

    mine = [row for row in rows(MINE, wanted.steps) if row.steps]
    watched = {row.number: row for name in (SPONSORED, SUPERVISED) for row in rows(name, (NUDGE,))}
    known = {row.number for row in mine}
    late = [row for row in rows(LATE, (NUDGE,)) if row.number not in known]
    logged = sorted(rows(LOGGED, ()), key=lambda row: row.number, reverse=True)
    return Desk(tuple(mine), len(found.get(MINE, ())) > MOST[MINE], tuple(late), tuple(watched.values()), tuple(logged),
                _desk_figures(actor, views, bounds, last_fact), waiting_for(actor))


def is_on_desks(step: str) -> bool:
    """Whether this step, or its other answer, waits on anybody's desk."""
    return any(step in (each.name, each.twin) for each in steps_on_desks())


def next_of(actor: Actor, step: str, bounds: LightBounds, but: str) -> str:
    """The number of the most urgent other case on whose desk row this step waits, or its other answer; empty where there is
    none."""
    return next((row.number for row in desk_of(actor, (), bounds).mine if step in row.steps and row.number != but), "")


def _open_steps(actor: Actor, facts: CaseFacts, steps: Sequence[str]) -> tuple[str, ...]:
    """The first of the steps that the law lets this person take now, with its other answer."""
    for name in steps:
        step = CASE_FLOW.steps[name]
        if _is_open(actor, facts, name) and (step.waits is None or step.waits.when(facts)):
            twin = step.twin
            return (name, twin) if twin and _is_open(actor, facts, twin) else (name,)
    return ()


def _is_open(actor: Actor, facts: CaseFacts, step: str) -> bool:
    return CASE_FLOW.refusal(CASE_FLOW.steps[step], actor, facts) is None


def _order_of(name: str) -> int:
    step = CASE_FLOW.steps.get(name)
    return step.waits.order if step and step.waits else 0


def _urgency_key(row: DeskRow) -> tuple[int, int, date, str]:
    return URGENCY[row.light], _order_of(row.step), row.list_due_on, row.number


def _dates_of(cases: Collection[Case], since: Mapping[int, datetime]) -> dict[int, date | None]:
    """The date of each case that comes first: of the rectification, of the answer to a supervision order, or of assigning where
    the case waits for that."""
    waiting = {case.id: assign_due(case.source.key, case.jurisdiction, since[case.id]) for case in cases if case.id in since}
    dates = {case.id: (case.due_on, case.supervision_due_on, case.confirm_due_on, waiting.get(case.id)) for case in cases}
    return {case_id: min(filter(None, found), default=None) for case_id, found in dates.items()}


def _desk_row(case: Case, due_on: date | None, bounds: LightBounds, steps: tuple[str, ...]) -> DeskRow:
    return DeskRow(
        number=case.number, title=case.title, state=case.state, light=register.light_of(case.state, due_on, bounds),
        due_on=due_on, list_due_on=min(case.list_due_on, due_on or case.list_due_on), is_key=case.is_key,
        is_due_provisional=case.is_due_provisional and due_on == case.due_on,
        place=case.place, area_code=case.area_code or "", unit=case.lead_unit.name if case.lead_unit else "",
        request=case.pending,
        supervision_level=case.supervision_level, supervision_due_on=case.supervision_due_on,
        round=case.round, steps=steps,
    )


# --- figures, kept while nothing happens ----------------------------------------------------------------------------------------


def _desk_figures(actor: Actor, views: tuple[Filters, ...], bounds: LightBounds, last_fact: int) -> DeskFigures:
    session = reading()
    scope = actor.scope()
    is_leading = bool(LEADING & set(actor.roles))

    def read() -> DeskFigures:
        late = desk.late_units(session, scope, bounds) if is_leading else ()
        return DeskFigures(tuple(register.numbers(session, scope, views, bounds)), late)

    return until_next_fact(KEPT, (scope, views, bounds, is_leading), last_fact, read)
