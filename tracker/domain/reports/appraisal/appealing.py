"""Appeals against the lines of a published appraisal: which lines there are, who may say what against them, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tracker.domain.house.actor import Actor, Permission, Role
from tracker.domain.house.lifecycle import StepName
from tracker.domain.reports.appraisal.lines import key_of
from tracker.domain.reports.appraisal.pages import CITED, DEDUCTIONS, VETOES
from tracker.domain.reports.appraisal.scoring_rules import read_rules
from tracker.domain.reports.document import Document
from tracker.domain.reports.inputs import Inputs
from tracker.domain.rules.workdays import WorkCalendar

DECIDE = StepName("decide")  # the one step of an appeal
APPEAL_WORKDAYS = 10
DECIDERS = (Permission.case_decide, Permission.case_close)  # a dispatcher, or a lead, of the area


@dataclass(frozen=True, slots=True)
class Citable:
    """One line of a published appraisal as it was printed; a veto has no points."""

    unit_id: int
    unit: str
    rule: str
    clause: str
    word: str
    number: str
    seq: int
    on: date
    points: str

    @property
    def key(self) -> str:
        """The key of the line, the same in every report that has it."""
        return key_of(self.unit_id, self.rule, self.number, self.seq, self.on)


def citable(document: Document, inputs: Inputs) -> Iterator[Citable]:
    """The lines of a stored appraisal that can be appealed against, in its own order, read by the rules stored with it."""
    tables = [table for section in document.sections for table in section.tables if table.title in (DEDUCTIONS, VETOES)]
    rules = {clause.number: clause.code
             for clause in read_rules(inputs.rules.get("appraisal_rules")).clauses.values()} if tables else {}
    ids = {unit[0]: int(key) for key, unit in inputs.units.items()}
    for table in tables:
        for row in table.rows:
            clause, word, code, unit, number, seq, on = (str(row[place] or "") for place in range(len(CITED)))
            points = str(row[len(CITED)]) if table.title == DEDUCTIONS else ""
            yield Citable(ids[code], unit, rules[clause], clause, word, number, int(seq or 0), date.fromisoformat(on), points)


def last_day(published_on: date, calendar: WorkCalendar) -> date:
    """The last day on which an appeal may be raised."""
    return calendar.add_workdays(published_on, APPEAL_WORKDAYS).on


def own_units(actor: Actor) -> frozenset[int]:
    """The units for which this person may raise an appeal: the own one and those below it, for an officer."""
    is_officer = Role.officer in actor.roles and actor.has(Permission.case_rectify)
    return frozenset((*([actor.unit_id] if actor.unit_id else []), *actor.units_below)) if is_officer else frozenset()


def reads_all(actor: Actor, area_code: str) -> bool:
    """Whether the scope of this person's lists holds the whole area."""
    return any(area_code.startswith(code) for code in actor.scope().areas)


def may_decide(actor: Actor, area_code: str) -> bool:
    """A dispatcher or a lead of the area."""
    return any(actor.has_in(permission, area_code) for permission in DECIDERS)
