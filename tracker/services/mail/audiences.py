"""Who is told of a case: officers, heads, dispatchers, sponsors and the others of its ladder, with whoever stands in for them
today.

Read once for a run; then every question is answered from memory. Who left office, or has no address, is told nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tracker.domain.cadence.ladder import To
from tracker.domain.house.actor import AREA_READERS, Grant, Role
from tracker.storage.cadence import reminders as rows
from tracker.storage.cadence.reminders import OpenCase, Staffer, UnitRow

ROLE_OF: dict[To, Role] = {
    To.dispatcher: Role.dispatcher, To.lead: Role.lead, To.supervisor: Role.supervisor, To.verifier: Role.verifier,
}


@dataclass(frozen=True, slots=True)
class Addressee:
    """One who is told. `for_name` is whom they stand in for, "" where it is their own affair."""

    id: int
    for_name: str = ""


@dataclass(frozen=True, slots=True)
class Barred:
    """Who must not do what a case waits for: these persons, and everybody of these units or below. The law asks substitutes
    too."""

    persons: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()


NOBODY_BARRED = Barred()


@dataclass(frozen=True, slots=True)
class AudienceWay:
    """One way in which somebody comes to be told: everybody who answers for it, and all their units."""

    reader: Addressee
    persons: frozenset[int]
    units: frozenset[int]

    def is_free(self, barred: Barred) -> bool:
        """Whether nobody who answers is barred."""
        return self.persons.isdisjoint(barred.persons) and self.units.isdisjoint(barred.units)


def _each_once(ways: Iterable[AudienceWay]) -> tuple[Addressee, ...]:
    found: dict[int, Addressee] = {}
    for way in ways:
        found.setdefault(way.reader.id, way.reader)
    return tuple(found.values())


class Offices:
    """Who holds which office on a day."""

    def __init__(self, staff: Iterable[Staffer], substitutes: Iterable[tuple[int, int]], units: dict[int, UnitRow]) -> None:
        self.units = units
        self.names: dict[int, str] = {}
        self.reachable: set[int] = set()
        self._unit_of: dict[int, int | None] = {}
        self._grants: dict[int, list[Grant]] = defaultdict(list)
        self._officers: dict[int, list[int]] = defaultdict(list)
        self._heads: dict[int, list[int]] = defaultdict(list)
        self._holders: dict[Role, list[tuple[str, int]]] = defaultdict(list)
        for row in staff:
            self._enter_staffer(row)
        self._substitutes: dict[int, list[int]] = defaultdict(list)
        for principal, substitute in substitutes:
            self._substitutes[principal].append(substitute)
        self._known: dict[tuple[int, int | None], AudienceWay] = {}
        self._persons: dict[object, tuple[int, ...]] = {}
        self._ways: dict[object, tuple[AudienceWay, ...]] = {}
        self._told: dict[object, tuple[Addressee, ...]] = {}

    def is_in_office(self, person_id: int) -> bool:
        """Whether somebody still works here."""
        return person_id in self.names

    def officers(self, unit_id: int) -> list[int]:
        """The officers of a unit, with or without an address."""
        return self._officers.get(unit_id, [])

    def holding(self, role: Role, area_code: str) -> list[int]:
        """Who holds a role over an area, or over a part of it."""
        return [person for code, person in self._holders[role] if area_code.startswith(code) or code.startswith(area_code)]

    def readers(self, case: OpenCase, to: tuple[To, ...], barred: Barred = NOBODY_BARRED) -> tuple[Addressee, ...]:
        """Who is told of this case, each once: in their own right before standing in for another."""
        key = (to, case.lead_unit_id, case.jurisdiction, case.sponsor_id)
        ways = self._ways.get(key)
        if ways is None:
            ways = self._ways[key] = self._expand_persons([person for each in to for person in self._persons_for(each, case)])
        if barred is not NOBODY_BARRED:
            return _each_once(way for way in ways if way.is_free(barred))
        found = self._told.get(key)
        if found is None:
            found = self._told[key] = _each_once(ways)
        return found

    def expanded(self, concerned: Iterable[int]) -> tuple[Addressee, ...]:
        """These people and their substitutes, as far as a mail reaches them."""
        return _each_once(self._expand_persons(concerned))

    def _expand_persons(self, concerned: Iterable[int]) -> tuple[AudienceWay, ...]:
        own = [person for person in dict.fromkeys(concerned) if person in self.names]
        ways = [self._way_to(person, None) for person in own if person in self.reachable]
        return (*ways, *(self._way_to(other, person) for person in own for other in self._substitutes.get(person, ())
                         if other in self.reachable))

    def _way_to(self, human: int, principal: int | None) -> AudienceWay:
        known = self._known.get((human, principal))
        if known is not None:
            return known
        persons = frozenset((human,) if principal is None else (human, principal))
        units = frozenset(unit for person in persons for unit in self._unit_line(self._unit_of[person]))
        name = self.names[principal] if principal is not None else ""
        found = self._known[human, principal] = AudienceWay(Addressee(human, name), persons, units)
        return found

    def _persons_for(self, to: To, case: OpenCase) -> Iterable[int]:
        """The same as `_find_persons`, remembered by what the answer depends on."""
        key = (to, case.sponsor_id if to in (To.sponsor, To.closer) else None, None if to in ROLE_OF else case.lead_unit_id,
               case.jurisdiction)
        found = self._persons.get(key)
        if found is None:
            found = self._persons[key] = tuple(self._find_persons(to, case))
        return found

    def _find_persons(self, to: To, case: OpenCase) -> Iterable[int]:
        if to in ROLE_OF:
            return [person for code, person in self._holders[ROLE_OF[to]] if case.jurisdiction.startswith(code)]
        if to is To.officer:
            return self.officers(case.lead_unit_id) if case.lead_unit_id is not None else ()
        if to is To.head:
            return self._nearest_head(case)
        if case.sponsor_id is not None:
            return (case.sponsor_id,)
        return self._find_persons(To.lead, case) if to is To.closer else ()

    def _nearest_head(self, case: OpenCase) -> list[int]:
        """The head of the lead unit, or of the nearest unit above that has one who may see the case."""
        for unit in self._unit_line(case.lead_unit_id):
            if found := [person for person in self._heads.get(unit, ()) if self._may_see(person, case.jurisdiction)]:
                return found
        return []

    def _may_see(self, person: int, jurisdiction: str) -> bool:
        return any(g.role is Role.officer or (g.role in AREA_READERS and g.covers(jurisdiction)) for g in self._grants[person])

    def _unit_line(self, unit_id: int | None) -> list[int]:
        """The unit and all above it, nearest first."""
        found: list[int] = []
        while unit_id is not None and unit_id not in found and unit_id in self.units:
            found.append(unit_id)
            unit_id = self.units[unit_id].parent_id
        return found

    def _enter_staffer(self, row: Staffer) -> None:
        is_new = row.id not in self.names
        self.names[row.id], self._unit_of[row.id] = row.name, row.unit_id
        if row.email:
            self.reachable.add(row.id)
        if is_new and row.is_head and row.unit_id is not None:
            self._heads[row.unit_id].append(row.id)
        if row.role is None:
            return
        self._grants[row.id].append(Grant(row.role, row.area_code or ""))
        self._holders[row.role].append((row.area_code or "", row.id))
        if row.role is Role.officer and row.unit_id is not None and row.id not in self._officers[row.unit_id]:
            self._officers[row.unit_id].append(row.id)


def offices(on: date) -> Offices:
    """The offices as they are held now, with the substitutes of a day; three statements."""
    return Offices(rows.staff(), rows.substitutes(on), rows.units())
