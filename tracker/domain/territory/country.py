"""Every division of the country by code: what the statistics bureau has published, and what has changed beside it, each change
with its paper."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from tracker.domain.house.errors import Invalid
from tracker.domain.house.identifiers import squeeze
from tracker.domain.house.say import Say
from tracker.domain.rules.area_codes import LENGTHS, bare_code, beyond, codes_above, is_code, level_of, typed_code
from tracker.domain.territory.territory import Area, own_spellings, prefixes_of, read_area


@dataclass(frozen=True)
class Country:
    """All divisions as published on one day, by bare code, and the dated changes to them."""

    names: Mapping[str, str]
    changes: tuple[Area, ...] = ()

    def area(self, code: str) -> Area | None:
        """The division with this code, however it is written: as it stands, else as it last stood. None for what is none."""
        bare = typed_code(code)
        if bare in self.names:
            return self._standing_area(bare)
        found = self._changes_by_code.get(bare)
        return found[-1] if found else None

    def above(self, code: str) -> tuple[Area, ...]:
        """The divisions that contain this one, the widest first."""
        return tuple(found for above in codes_above(code) if (found := self.area(above)) is not None)

    def full_name(self, code: str) -> str:
        """江西省南昌市西湖区; "" for no division."""
        own = self.area(code)
        return "" if own is None else "".join(each.name for each in (*self.above(own.code), own))

    def title(self, code: str) -> str:
        """西湖区（江西省南昌市）: the name, and where it is; "" for no division."""
        own = self.area(code)
        within = "".join(each.name for each in self.above(typed_code(code)))
        if own is None or not within:
            return own.name if own is not None else ""
        return Say("{name}（{within}）", name=own.name, within=within)

    def parts(self, code: str, on: date | None = None) -> tuple[Area, ...]:
        """The divisions directly below one, by code, on a day or as they stand. "" asks for the provinces."""
        if not code:
            return tuple(self._standing_area(each) for each in self._sorted_codes if len(each) == LENGTHS[0])
        return tuple(each for each in self.everything_in(code) if each.parent_code == bare_code(code)
                     and (each.valid_to is None if on is None else each.exists_on(on)))

    def everything_in(self, code: str) -> tuple[Area, ...]:
        """One division and all below it, old and new, by code and then by time."""
        bare = bare_code(code)
        published = (self._standing_area(each) for each in self._codes_in(bare))
        former = (each for each in self.changes if each.code.startswith(bare) and each.valid_to is not None)
        return tuple(sorted((*published, *former), key=lambda area: (area.code, area.valid_from or date.min)))

    def slice_of(self, code: str) -> str:
        """The code whose areas a product loads for a place: its city; the whole of a municipality; the counties that a province
        runs itself, by their first four digits. Raises `Invalid` for no division, and for a province of cities."""
        bare = typed_code(code)
        city, province = bare[:4], bare[:2]
        if not is_code(bare) or not self._begins_any(bare):
            raise unknown_code(code)
        has_cities = any(len(each) == len(city) for each in self._codes_in(province))
        if not has_cities:
            return province
        if len(bare) == len(province):
            raise Invalid(Say("{name}有多个市，请逐市装入，如 {example}。", name=self.names[province],
                              example=next(each for each in self._codes_in(province) if len(each) == len(province) + 2)),
                          field="area")
        return city

    def slice(self, root: str) -> tuple[Area, ...]:
        """Everything in the root of a slice, as a product has it: what hangs on something outside hangs on nothing."""
        return tuple(area if (area.parent_code or "").startswith(root) else replace(area, parent_code=None)
                     for area in self.everything_in(root))

    def candidates(self, text: str) -> tuple[Area, ...]:
        """Every division that a code or a name could mean, with or without the names above it; the widest first. 鼓楼区 has four."""
        bare = squeeze(text)
        if is_code(typed_code(bare)):
            found = self.area(bare)
            return (found,) if found is not None else ()
        for start in range(len(bare) - 1):
            hits = [area for code in self._by_spelling.get(bare[start:], ()) if (area := self.area(code)) is not None
                    and self._are_above(bare[:start], area)]
            if hits:
                return tuple(sorted(hits, key=lambda area: (len(area.code), area.code)))
        return ()

    def at_start_of(self, address: str) -> tuple[Area, ...]:
        """The divisions that the beginning of an address could mean by their full names: as far as it reaches."""
        bare = squeeze(address)
        for end in range(min(len(bare), 40), 1, -1):
            hits = tuple(area for area in self.candidates(bare[:end]) if bare[:end].endswith(area.name))
            if hits:
                return hits
        return ()

    def address_prefixes(self, code: str) -> tuple[str, ...]:
        """How an address may begin before it comes to this division: 江西省南昌市, 江西南昌, 南昌市 …, the longest first."""
        found = prefixes_of(each.name for each in self.above(code))
        return tuple(sorted(found, key=lambda prefix: (-len(prefix), prefix)))

    def _codes_in(self, code: str) -> Sequence[str]:
        codes = self._sorted_codes
        return codes[bisect_left(codes, code):bisect_left(codes, beyond(code))]

    def _begins_any(self, code: str) -> bool:
        return bool(self._codes_in(code)) or code in self._changes_by_code

    def _are_above(self, text: str, area: Area) -> bool:
        return not text or text in self.address_prefixes(area.code)

    def _standing_area(self, code: str) -> Area:
        begun = next((each for each in self._changes_by_code.get(code, ()) if each.valid_to is None), None)
        parent = next((above for above in reversed(codes_above(code)) if above in self.names), None)
        return Area(code, self.names[code], level_of(code), parent, begun.valid_from if begun else None)

    @cached_property
    def _sorted_codes(self) -> Sequence[str]:
        return sorted(self.names)

    @cached_property
    def _changes_by_code(self) -> dict[str, list[Area]]:
        found: dict[str, list[Area]] = defaultdict(list)
        for each in self.changes:
            found[each.code].append(each)
        return found

    @cached_property
    def _by_spelling(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        former = ((each.code, each.name) for each in self.changes if each.code not in self.names)
        for code, name in (*self.names.items(), *former):
            for spelling in own_spellings(name):
                found[spelling].append(code)
        return found


def country_of(lines: Iterable[str], changes: Iterable[Mapping[str, str]]) -> Country:
    """The country from the lines of `divisions-cn.csv`, of which those of the head begin with #, and the rows of the changes:
    what began later is there, what has ended since is not."""
    names = dict(line.rstrip("\n").split(",", 1) for line in lines if line[:1].isdigit())
    found = tuple(_read_change(number, row, names) for number, row in enumerate(changes, start=2))
    begun = {each.code: each.name for each in found if each.valid_to is None}
    ended = {each.code for each in found if each.valid_to is not None} - set(begun)
    return Country({code: name for code, name in (names | begun).items() if code not in ended}, found)


def unknown_code(code: str) -> Invalid:
    """The refusal of a code that no division of the country has."""
    return Invalid(Say("没有区划代码“{code}”。", code=code), field="area")


def _read_change(number: int, row: Mapping[str, str], names: Mapping[str, str]) -> Area:
    above = next((each for each in reversed(codes_above(row["code"])) if each in names), "")
    return read_area(number, {**row, "level": level_of(row["code"]).value, "parent_code": above,
                              "successor_codes": row["successors"]})
