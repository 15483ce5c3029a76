"""The responsibility list as people look at it: matters against places and units, one line, one unit's share, and a try."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import NotFound
from tracker.domain.house.say import Say
from tracker.domain.territory.responsibility import MatrixCell, matrix_cell, matters_of
from tracker.domain.territory.routing import WORK, Routed, RoutingFacts, RoutingRule, route
from tracker.services.rules import rules
from tracker.services.rules.categories import categories
from tracker.services.territory.lists import versions
from tracker.services.territory.lists.previews import matter_said, places_on
from tracker.storage.people.accounts import Unit
from tracker.storage.territory.territory import RuleList

JUDGES = (Permission.list_manage, Permission.list_activate, Permission.audit_read)


@dataclass(frozen=True)
class UnitShare:
    """What a unit has to do with a matter, wherever it lies."""

    lead: tuple[RoutingRule, ...]
    supporting: tuple[RoutingRule, ...]


@dataclass(frozen=True)
class MatrixRow:
    """One matter: a cell for each place, a part for each unit."""

    matter: str
    word: Say
    cells: tuple[MatrixCell, ...]
    parts: tuple[UnitShare, ...]


@dataclass(frozen=True)
class ListMatrix:
    """A version as it holds on a day. `units` are those that have to do with a matter, and not with a place alone."""

    version: RuleList
    on: date
    lines: tuple[RoutingRule, ...]
    places: tuple[tuple[str, str], ...]
    units: tuple[tuple[str, str], ...]
    rows: tuple[MatrixRow, ...]

    @property
    def named(self) -> tuple[str, ...]:
        """Every unit that a line names, by code."""
        return tuple(sorted({code for rule in self.lines for code in (rule.lead_unit_code, *rule.supporting_unit_codes)}))

    @property
    def usual(self) -> tuple[str, ...]:
        """Who leads most matters in each place, "" where nobody leads any."""
        leads = [Counter(lead.lead_unit_code for row in self.rows if (lead := row.cells[at].lead) is not None)
                 for at in range(len(self.places))]
        return tuple(found.most_common(1)[0][0] if found else "" for found in leads)

    @property
    def gap_count(self) -> int:
        """How many cells have nobody."""
        return sum(cell.lead is None for row in self.rows for cell in row.cells)


def may_judge(actor: Actor) -> bool:
    """Whether somebody sees drafts, and what comes of the list."""
    return any(actor.has(permission) for permission in JUDGES)


def version_for(actor: Actor, session: Session, number: int | None, on: date) -> RuleList | None:
    """The version with a number, else the one in force on a day. A draft is there for those alone who work on it: raises
    `NotFound` for everybody else, as for one that is not there."""
    if number is None:
        return versions.in_force(session, on)
    found = versions.version_named(session, number)
    if found.activated_at is None and not may_judge(actor):
        raise NotFound(Say("没有责任清单第 {number} 版。", number=number))
    return found


def versions_for(actor: Actor, session: Session) -> list[RuleList]:
    """The versions that somebody may see, the newest first."""
    return [each for each in versions.all_versions(session) if each.activated_at is not None or may_judge(actor)]


def own_unit(actor: Actor, session: Session) -> str:
    """The code of somebody's unit, "" where they have none."""
    found = session.get(Unit, actor.unit_id) if actor.unit_id is not None else None
    return found.code if found is not None else ""


def unit_names(session: Session) -> dict[str, str]:
    """Every unit by its code, old ones too."""
    return {row.code: row.name for row in session.execute(select(Unit.code, Unit.name))}


def matrix(session: Session, version: RuleList, on: date, *, side: str = "", place: str = "", unit: str = "") -> ListMatrix:
    """The whole table, or what is asked of it: one side of the fence, one place, one unit."""
    lines, names = versions.rules_of(session, version), unit_names(session)
    places = tuple(each for each in places_on(on) if not place or each[0] == place)
    holding = tuple(rule for rule in lines if rule.holds_on(on) and (not side or rule.side in (None, side)))
    units = tuple((code, names.get(code, code)) for code in dict.fromkeys(
        code for rule in holding if rule.category or rule.work or rule.area_code is None
        for code in (rule.lead_unit_code, *rule.supporting_unit_codes)) if not unit or code == unit)
    rows = [_matrix_row(holding, matter, on, side, [code for code, _ in places], [code for code, _ in units])
            for matter in matters_of(dict(categories().open_on(on)), holding)]
    if unit:
        rows = [row for row in rows if any(part.lead or part.supporting for part in row.parts)
                or any(cell.lead is not None and cell.lead.lead_unit_code == unit for cell in row.cells)]
    return ListMatrix(version, on, lines, places, units, tuple(rows))


def _matrix_row(lines: Sequence[RoutingRule], matter: str, on: date, side: str, places: Sequence[str], units: Sequence[str]
                ) -> MatrixRow:
    touching = [rule for rule in lines if _speaks_of(rule, matter)]
    return MatrixRow(matter, matter_said(matter), tuple(matrix_cell(lines, matter, code, on, side) for code in places),
                     tuple(UnitShare(tuple(rule for rule in touching if rule.lead_unit_code == code),
                                    tuple(rule for rule in touching if code in rule.supporting_unit_codes)) for code in units))


def _speaks_of(rule: RoutingRule, matter: str) -> bool:
    """Whether a line is about a matter; one that asks only where a case lies is about none."""
    if rule.category is None and rule.work is None:
        return rule.area_code is None
    return matter == (f"{WORK}:{rule.work}" if rule.work else rule.category)


def share_of(session: Session, version: RuleList, on: date, code: str) -> UnitShare:
    """What a unit leads and supports."""
    lines = [rule for rule in versions.rules_of(session, version) if rule.holds_on(on)]
    return UnitShare(tuple(rule for rule in lines if rule.lead_unit_code == code),
                    tuple(rule for rule in lines if code in rule.supporting_unit_codes))


def tried(session: Session, version: RuleList, on: date, category: str, area_code: str, text: str,
          answers: Mapping[str, object]) -> Routed | None:
    """Whom a case would go to, and why, in the sentence that its assignment would keep. Nothing is written."""
    names = {area.code: area.name for area in rules.gazetteer().areas} | dict(categories().names) | unit_names(session)
    facts = RoutingFacts(frozenset({category} if category else ()), area_code or None, text, answers)
    return route(versions.rules_of(session, version), facts, on, names)
