"""Who holds which office on a day, as far as mails need it: read once, then every question is answered from memory.

Who left office, or has no address, is told nothing. Whoever stands in for somebody is told beside them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from tracker.domain.house.actor import AREA_READERS, Actor, Role
from tracker.domain.house.errors import Refusal
from tracker.domain.people.delegation import acting
from tracker.services.house.work import reading
from tracker.services.people import access
from tracker.storage.mail import staff
from tracker.storage.mail.staff import Staffer, StaffReach


@dataclass(frozen=True, slots=True)
class Addressee:
    """One who is told. `for_name` is whom they stand in for, "" where it is their own affair."""

    id: int
    for_name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class AudienceWay:
    """One way in which somebody comes to be told; `actor` is who they are to the law in it."""

    reader: Addressee
    actor: Actor


class Offices:
    """The people of these rows. Ways in are worked out when they are first asked for."""

    def __init__(self, rows: Iterable[Staffer]) -> None:
        self.reachable: set[int] = set()
        self._rows: dict[int, list[Staffer]] = {}
        self._substitutes: dict[int, tuple[int, ...]] = {}
        self._officers: dict[int, list[int]] = defaultdict(list)
        self._heads: dict[int, list[int]] = defaultdict(list)
        self._holders: dict[Role, list[tuple[str, int]]] = defaultdict(list)
        for person_id, theirs in groupby(rows, key=lambda row: row.id):
            self._enter_person(person_id, list(theirs))
        self._actors: dict[int, Actor] = {}
        self._known: dict[tuple[int, int | None], AudienceWay | None] = {}
        self._found: dict[Hashable, list[AudienceWay]] = {}

    def is_in_office(self, person_id: int) -> bool:
        """Whether somebody still works here."""
        return person_id in self._rows

    def officers(self, unit_id: int | None) -> Sequence[int]:
        """The officers of a unit, with or without an address."""
        return self._officers.get(unit_id, ()) if unit_id is not None else ()

    def over(self, role: Role, area_code: str) -> list[int]:
        """Who holds a role over the whole of an area."""
        return [person for code, person in self._holders[role] if area_code.startswith(code)]

    def holding(self, roles: Collection[Role], area_code: str) -> list[int]:
        """Who holds one of the roles over an area, or over a part of it."""
        found = [person for role in roles for code, person in self._holders[role]
                 if area_code.startswith(code) or code.startswith(area_code)]
        return list(dict.fromkeys(found))

    def nearest_heads(self, unit_id: int | None, area_code: str) -> list[int]:
        """The head of a unit, or of the nearest unit above that has one who may see what happens in the area."""
        for unit in access.unit_line(unit_id):
            if found := [person for person in self._heads.get(unit, ()) if self._may_see(person, area_code)]:
                return found
        return []

    def actor(self, person_id: int) -> Actor:
        """Somebody in office as the law sees them."""
        found = self._actors.get(person_id)
        if found is None:
            found = self._actors[person_id] = access.actor_from(self._rows[person_id])
        return found

    def ways(self, key: Hashable, find: Callable[[], Iterable[int]]) -> list[AudienceWay]:
        """The ways to the people that `find` finds, remembered by what the answer depends on."""
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self.ways_to(find())
        return found

    def ways_to(self, concerned: Iterable[int]) -> list[AudienceWay]:
        """How these people and their substitutes come to be told, as far as a mail reaches them; in their own right first."""
        own = [person for person in dict.fromkeys(concerned) if person in self._rows]
        pairs: list[tuple[int, int | None]] = [(person, None) for person in own]
        pairs += [(human, person) for person in own for human in self._substitutes[person]]
        ways = (self._find_way(human, principal) for human, principal in pairs if human in self.reachable)
        return [way for way in ways if way is not None]

    def _find_way(self, human: int, principal: int | None) -> AudienceWay | None:
        key = (human, principal)
        if key not in self._known:
            self._known[key] = self._make_way(human, principal)
        return self._known[key]

    def _make_way(self, human: int, principal: int | None) -> AudienceWay | None:
        """None for a substitute who may not stand in any more, an administrator by now."""
        if principal is None:
            return AudienceWay(Addressee(human), self.actor(human))
        try:
            return AudienceWay(Addressee(human, self.actor(principal).name), acting(self.actor(human), self.actor(principal)))
        except Refusal:
            return None

    def _may_see(self, person: int, area_code: str) -> bool:
        return any(grant.role is Role.officer or (grant.role in AREA_READERS and grant.covers(area_code))
                   for grant in self.actor(person).grants)

    def _enter_person(self, person_id: int, rows: list[Staffer]) -> None:
        first, grants = rows[0], {(row.role, row.area_code): row for row in rows}
        self._rows[person_id] = list(grants.values())
        self._substitutes[person_id] = tuple(dict.fromkeys(row.substitute_id for row in rows if row.substitute_id is not None))
        if first.email:
            self.reachable.add(person_id)
        if first.is_head and first.unit_id is not None:
            self._heads[first.unit_id].append(person_id)
        for role, code in grants:
            if role is not None:
                self._holders[role].append((code or "", person_id))
        if first.unit_id is not None and any(role is Role.officer for role, _ in grants):
            self._officers[first.unit_id].append(person_id)


def each_once(ways: Iterable[AudienceWay]) -> tuple[AudienceWay, ...]:
    """One way for each reader: in their own right before standing in for another, else the first."""
    found: dict[int, AudienceWay] = {}
    for way in sorted(ways, key=lambda way: way.reader.for_name != ""):
        found.setdefault(way.reader.id, way)
    return tuple(found.values())


def offices(on: date, reach: StaffReach | None = None) -> Offices:
    """The offices as they are held now, with the substitutes of a day; one statement. `reach` reads no more than it asks for."""
    return Offices(staff.staff(reading(), on, reach))
