"""The queue of a dispatcher: every case that waits to be assigned with what the rules propose, and many assigned at once, each to
its own unit.

Nothing here decides: the proposal is that of the rules, and every case goes the one road of `steps.take`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.cases.flow import CASE_FLOW, Steps
from tracker.domain.house.actor import Actor
from tracker.services.cases import assigning
from tracker.services.cases.assign_clock import assign_due
from tracker.services.cases.register import bulk
from tracker.services.cases.register.bulk import CaseOrder, Result
from tracker.services.house.work import reading
from tracker.services.people import access
from tracker.services.rules.categories import categories
from tracker.services.territory.shapes.places import Suggested
from tracker.storage.cases.cases import Case
from tracker.storage.cases.register import triage
from tracker.storage.cases.register.triage import UnitChoice
from tracker.storage.cases.waiting import waiting_since

ASSIGN = Steps.assign.name
MOST = 500  # how far the queue is looked at
PAGE = 30
PHOTOS = 6


@dataclass(frozen=True)
class TriageLine:
    """One case of the queue. `lead` is empty where no rule proposes a unit; `wait_until` is the last day on which it may wait."""

    number: str
    seq: int
    title: str
    description: str
    place: str
    area_code: str
    source: str
    received_on: date
    categories: tuple[str, ...]
    photos: tuple[int, ...]
    wait_until: date | None
    is_key: bool
    needs_sponsor: bool
    lead: str
    supporting: tuple[str, ...]
    why: str
    due_on: date


@dataclass(frozen=True)
class Queue:
    """Some of the cases that wait, and the units among which one chooses. `numbers` are all that wait, as far as is looked."""

    lines: tuple[TriageLine, ...]
    numbers: tuple[str, ...]
    units: tuple[UnitChoice, ...]

    @property
    def is_more(self) -> bool:
        """Whether there may be more than were looked at."""
        return len(self.numbers) >= MOST

    def unit(self, code: str) -> UnitChoice | None:
        """The unit with this code."""
        return next((each for each in self.units if each.code == code), None)

    def beside(self, number: str) -> tuple[str, str]:
        """The numbers before and after one; empty where there is none. After one that has left the queue comes its first."""
        if number not in self.numbers:
            return "", next(iter(self.numbers), "")
        at = self.numbers.index(number)
        return self.numbers[at - 1] if at else "", self.numbers[at + 1] if at + 1 < len(self.numbers) else ""


def queue(actor: Actor, on: date, wanted: Sequence[str] = ()) -> Queue:
    """The head of the queue, or those of these numbers that stand in it; in as many statements for thirty as for one."""
    session = reading()
    numbers = triage.waiting(session, actor.scope(), MOST)
    shown = [number for number in numbers if number in wanted] if wanted else numbers[:PAGE]
    units = triage.units_in_being(session, on)
    return Queue(_lines_of(actor, on, shown, units) if shown else (), numbers, units)


def assign_each(actor: Actor, orders: Sequence[CaseOrder]) -> tuple[Result, ...]:
    """Assign each case as its own order says, every one in a transaction of its own."""
    return bulk.take_orders(actor, bulk.bulk_step(ASSIGN), orders)


def _lines_of(actor: Actor, on: date, numbers: Sequence[str], units: Sequence[UnitChoice]) -> tuple[TriageLine, ...]:
    session, step = reading(), CASE_FLOW.steps[ASSIGN]
    cases = triage.cases_of(session, actor.scope(), numbers)
    types = triage.types_of(session, [case.id for case in cases.values()])
    photos, since = triage.photos_of(session, cases), waiting_since(session, cases.values())
    known, found = {unit.code for unit in units}, list[TriageLine]()
    for number in numbers:
        case = cases.get(number)
        if case is None or CASE_FLOW.refusal(step, actor, access.facts_of(case)) is not None:
            continue
        of_case = types.get(case.id, ())
        routed = assigning.suggested_for(case, of_case, on)
        wait_until = assign_due(case.source.key, case.jurisdiction, since[case.id]) if case.id in since else None
        found.append(_triage_line(case, of_case, photos.get(number, ()), wait_until,
                                  routed if routed and routed.lead in {"", *known} else None, known, on))
    return tuple(found)


def _triage_line(case: Case, types: Sequence[str], photos: Sequence[int], wait_until: date | None, routed: Suggested | None,
                 known: set[str], on: date) -> TriageLine:
    return TriageLine(
        case.number, case.seq, case.title, case.description, case.place, case.area_code or "", case.source.name, case.received_on,
        tuple(categories().names.get(each, each) for each in types), tuple(photos[:PHOTOS]), wait_until, case.is_key,
        case.is_key and case.sponsor_id is None, routed.lead if routed else "",
        tuple(code for code in routed.supporting if code in known) if routed else (), routed.why if routed else "",
        assigning.due_by_rule(case.source.key, case.jurisdiction, case.due_on, on))


def given_of(raw: Mapping[str, object]) -> dict[str, object]:
    """What was given for one case, without what was left empty; the unit that leads is not asked to support itself."""
    supporting = raw.get("supporting_units")
    others = [code for code in supporting if code != raw.get("lead_unit")] if isinstance(supporting, list) else []
    return {name: value for name, value in {**raw, "supporting_units": others}.items() if value not in (None, "", [])}
