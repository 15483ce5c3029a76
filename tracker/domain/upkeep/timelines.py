"""Who could do what, and by which rules, at each position of the log: the rows that facts tell of, as they were then."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, TypeVar

from tracker.domain.house.actor import CLOCK, OPERATOR, Actor, Grant, Role
from tracker.domain.house.errors import Refusal
from tracker.domain.house.folds import ToldRow, after
from tracker.domain.people.delegation import acting

TABLES = ("people", "role_grants", "units", "delegations", "sources", "limits", "rule_values", "calendar_days", "own_days",
          "chiefs")
OF_PEOPLE = ("people", "units", "role_grants")
LONG_AGO = datetime.min.replace(tzinfo=UTC)
Row = Mapping[str, Any]
Made = TypeVar("Made")


class RowHistory:
    """One row through the log. What was there before facts told of rows stood there from the beginning."""

    def __init__(self) -> None:
        self._positions: list[int] = []
        self._rows: list[ToldRow] = []

    def add(self, position: int, told: ToldRow, *, is_found: bool) -> None:
        """What one more fact tells; `is_found` when it was there before and is told of for the first time."""
        before = self._rows[-1] if self._rows else None
        self._positions.append(0 if is_found and not self._rows else position)
        self._rows.append(after(before, told))

    def at(self, position: int) -> Row | None:
        """The row as it stood just before a position; None when it was not there."""
        place = bisect_right(self._positions, position - 1)
        return self._rows[place - 1] if place else None


@dataclass(frozen=True)
class HeldGrant:
    """A grant with the instants between which it held."""

    grant: Grant
    granted_at: datetime
    revoked_at: datetime | None

    def holds_at(self, at: datetime) -> bool:
        """Whether it held then."""
        return self.granted_at <= at and (self.revoked_at is None or at < self.revoked_at)


@dataclass(frozen=True)
class StandingThen:
    """Somebody in one stretch of the log: since each of these instants with the rights of that place."""

    deactivated_on: str | None
    starts: Sequence[datetime]
    actors: Sequence[Actor]

    def at(self, instant: datetime) -> Actor:
        """With the rights of an instant."""
        return self.actors[bisect_right(self.starts, instant)]


@dataclass
class Timelines:
    """The histories of all rows of some tables, and what the law makes of them."""

    rows: dict[str, dict[str, RowHistory]] = field(default_factory=lambda: {table: {} for table in TABLES})
    made: dict[Any, Any] = field(default_factory=dict)
    _positions: list[int] = field(default_factory=list)
    _stretches: list[dict[str, int]] = field(default_factory=lambda: [dict.fromkeys(TABLES, 0)])
    _at: int = -1
    _stretch: dict[str, int] = field(default_factory=dict)
    _spaces: dict[tuple[str, ...], dict[Any, Any]] = field(default_factory=dict)

    def add(self, position: int, told: Mapping[str, ToldRow], *, is_found: bool) -> None:
        """What a fact tells of rows, in the order of the log."""
        for name, row in told.items():
            table, _, key = name.partition("/")
            if table in self.rows:
                self.rows[table].setdefault(key, RowHistory()).add(position, row, is_found=is_found)
                if not self._positions or self._positions[-1] != position:
                    self._positions.append(position)
                    self._stretches.append(dict(self._stretches[-1]))
                self._stretches[-1][table] += 1

    def all_at(self, table: str, position: int) -> Iterable[Row]:
        """The rows of a table as they stood just before a position."""
        every = (history.at(position) for history in self.rows[table].values())
        return (row for row in every if row is not None)

    def kept(self, tables: tuple[str, ...], key: object, position: int, make: Callable[[], Made]) -> Made:
        """What `make` makes, once for each stretch of the log in which none of these tables changes."""
        if position != self._at:
            self._go_to(position)
        space = self._spaces.get(tables)
        if space is None:
            mark = (tables, *(self._stretch[table] for table in tables))
            space = self._spaces[tables] = self.made.setdefault(mark, {})
        if key not in space:
            space[key] = make()
        found: Made = space[key]
        return found

    def _go_to(self, position: int) -> None:
        stretch = self._stretches[bisect_right(self._positions, position - 1)]
        if stretch is not self._stretch:
            self._stretch, self._spaces = stretch, {}
        self._at = position

    def standing(self, person_id: int, position: int) -> StandingThen | None:
        """Somebody as they stood then; None for nobody."""
        return self.kept(OF_PEOPLE, person_id, position, partial(self._read_standing, person_id, position))

    def actor(self, person_id: int, position: int, at: datetime) -> Actor | None:
        """Somebody with the rights and units that they had then; None for nobody."""
        if person_id in (CLOCK.id, OPERATOR.id):
            return CLOCK if person_id == CLOCK.id else OPERATOR
        standing = self.standing(person_id, position)
        return None if standing is None else standing.at(at)

    def acting(self, person_id: int, principal_id: int, position: int, at: datetime, on: date) -> Actor | None:
        """Somebody standing in for another; None without a delegation that held then."""
        own, principal = self.actor(person_id, position, at), self.actor(principal_id, position, at)
        held = any(row["substitute_id"] == person_id and row["principal_id"] == principal_id and row["from_on"] <= on.isoformat()
                   and on.isoformat() <= row["to_on"] and (row["revoked_at"] is None or instant(row["revoked_at"]) > at)
                   for row in self.all_at("delegations", position))
        if own is None or principal is None or not held:
            return None
        try:
            return acting(own, principal)
        except Refusal:
            return None

    def _read_standing(self, person_id: int, position: int) -> StandingThen | None:
        history = self.rows["people"].get(str(person_id))
        person = history.at(position) if history else None
        if person is None:
            return None
        held = self._grants_of(person_id, position)
        starts = sorted({at for each in held for at in (each.granted_at, each.revoked_at) if at is not None})
        grants = (tuple(each.grant for each in held if each.holds_at(at)) for at in (LONG_AGO, *starts))
        actors = [self._made_actor(person, each, position) for each in grants]
        return StandingThen(person["deactivated_on"], starts, actors)

    def _grants_of(self, person_id: int, position: int) -> Iterable["HeldGrant"]:
        held = self.kept(("role_grants",), "grants", position, partial(self._grants_by_person, position))
        return held.get(person_id, ())

    def _grants_by_person(self, position: int) -> dict[int, list["HeldGrant"]]:
        found: dict[int, list[HeldGrant]] = defaultdict(list)
        for row in self.all_at("role_grants", position):
            found[row["person_id"]].append(HeldGrant(
                Grant(Role(row["role"]), row["area_code"]), instant(row["granted_at"]),
                instant(row["revoked_at"]) if row["revoked_at"] else None))
        return found

    def _made_actor(self, person: Row, grants: tuple[Grant, ...], position: int) -> Actor:
        unit_id: int | None = person["unit_id"]
        lines = self.kept(("units",), "lines", position, partial(self._unit_lines, position))
        above = lines.get(unit_id, ()) if unit_id else ()
        below = tuple(unit for unit, line in lines.items() if unit != unit_id and unit_id in line) if unit_id else ()
        return Actor(person["id"], "", unit_id, above, below, grants, is_head=bool(person.get("is_head")))

    def _unit_lines(self, position: int) -> dict[int, tuple[int, ...]]:
        parents: dict[int, int | None] = {row["id"]: row["parent_id"] for row in self.all_at("units", position)}
        return {unit: _line_above(unit, parents) for unit in parents}


def instant(text: str) -> datetime:
    """An instant out of a fact."""
    return datetime.fromisoformat(text)


def _line_above(start: int, parents: Mapping[int, int | None]) -> tuple[int, ...]:
    found: list[int] = []
    here: int | None = start
    while here is not None and here not in found:
        found.append(here)
        here = parents.get(here)
    return tuple(found)
