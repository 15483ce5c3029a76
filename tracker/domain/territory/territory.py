"""Territory （属地）: areas with their dates, and names turned into codes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from tracker.domain.house.errors import Invalid
from tracker.domain.house.identifiers import squeeze
from tracker.domain.rules.area_codes import AreaLevel, bare_code, covers, is_code, typed_code
from tracker.domain.territory.provinces import PROVINCES


class AreaKind(StrEnum):
    """Whose area it is: the state's, a functional zone's, one that the office made itself, or one outside that a case lies in."""

    official = "official"
    zone = "zone"
    local = "local"
    outside = "outside"


@dataclass(frozen=True, slots=True)
class Area:
    """One division as it stood from `valid_from` to `valid_to`, both included; None leaves that end open. `formal_code` is the
    statutory code of a town that a functional zone runs; `document_no` the paper by which it began or ended."""

    code: str
    name: str
    level: AreaLevel
    parent_code: str | None
    valid_from: date | None = None
    valid_to: date | None = None
    successor_codes: tuple[str, ...] = ()
    kind: AreaKind = AreaKind.official
    formal_code: str = ""
    document_no: str = ""

    def exists_on(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


def _place_of(area: Area) -> tuple[str, date]:
    """Where it stands among all: by code, then by its first day."""
    return area.code, area.valid_from or date.min


_SUFFIXES = ("街道办事处", "街道办", "街道", "管理处", "镇", "乡", "地区", "区", "县", "市", "省", "盟")
# 广西壮族自治区 is 广西, 延边朝鲜族自治州 is 延边; some are known by their peoples alone (鄂温克族自治旗) and keep their names.
_AUTONOMY = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:(?:壮|回|藏|羌|彝|苗|侗|傣|白|黎|瑶|畲|土家|哈尼|景颇|傈僳|布依|朝鲜|维吾尔|哈萨克|柯尔克孜|"
                       r"蒙古|满|土|撒拉|东乡|保安|裕固|纳西|怒|独龙|普米|佤|拉祜|布朗|仡佬|水|仫佬|毛南|锡伯|塔吉克|达斡尔|各)族?)*自治[区州县]$")
_SEVERAL = re.compile(r"^[、,;/和及与域]")
_CITY = 4  # digits of a city's code


@dataclass(frozen=True)
class Gazetteer:
    """All areas the product knows, old and new, and how people write their names. Where a name could be two, one of `home`'s own
    city is meant."""

    areas: tuple[Area, ...]
    home: str = ""

    def amended(self, old: Sequence[Area], new: Sequence[Area]) -> Gazetteer:
        """The same with some areas in place of others; what is known by code is not sorted anew."""
        gone = {(area.code, area.valid_from) for area in old}
        kept = (area for area in self.areas if (area.code, area.valid_from) not in gone)
        made, codes = Gazetteer(tuple(sorted((*kept, *new), key=_place_of)), self.home), dict(self._by_code)
        for code in {area.code for area in (*old, *new)}:
            codes[code] = sorted((*(area for area in codes.get(code, ()) if (code, area.valid_from) not in gone),
                                  *(area for area in new if area.code == code)), key=_place_of)
        made.__dict__["_by_code"] = codes
        return made

    def area(self, code: str, on: date | None = None) -> Area | None:
        """The area with this code as it stood on a day; without one, as it stood last."""
        found = self._by_code.get(bare_code(code), ())
        if on is None:
            return found[-1] if found else None
        return next((area for area in found if area.exists_on(on)), None)

    def areas_with(self, code: str) -> tuple[Area, ...]:
        """Everything that has had this code, the oldest first."""
        return tuple(self._by_code.get(bare_code(code), ()))

    def parts(self, code: str, on: date) -> tuple[Area, ...]:
        """The areas directly below one, on a day."""
        return tuple(area for area in self.areas if area.parent_code == code and area.exists_on(on))

    def everything_in(self, code: str) -> tuple[Area, ...]:
        """All areas below one, old and new: by the prefix, which is the only containment."""
        return tuple(area for area in self.areas if area.code != code and covers(code, area.code))

    def existing_on(self, on: date) -> tuple[Area, ...]:
        return tuple(area for area in self.areas if area.exists_on(on))

    def run_by(self, code: str, on: date) -> str:
        """The code by which a place is handled: that of the functional zone's town where a zone runs it, else its own."""
        return next((area.code for area in self._by_formal_code.get(bare_code(code), ()) if area.exists_on(on)), code)

    def statutory(self, code: str) -> str:
        """The code that the state gave a place which a functional zone runs; "" for any other."""
        area = self.area(code)
        return area.formal_code if area is not None else ""

    def successors(self, code: str, on: date) -> tuple[Area, ...]:
        """The areas that stand for `code` on a day: itself while it exists, else whatever took it over, step by step."""
        found: dict[str, Area] = {}
        waiting, seen = [bare_code(code)], set[str]()
        while waiting:
            asked = waiting.pop(0)
            if asked in seen:
                continue
            seen.add(asked)
            area = self.area(asked, on)
            if area is not None:
                found[area.code] = area
            else:
                waiting.extend(each for before in self._by_code.get(asked, ()) for each in before.successor_codes)
        return tuple(found.values())

    def resolve(self, text: str, on: date) -> Area | None:
        """The one area that `text` names on a day: a code, a full or short name, with or without the names above it. A town that
        a functional zone runs is the zone's.

        None when it is not ours, or could be two; guessing is left to people.
        """
        bare = squeeze(text)
        if is_code(typed_code(bare)):
            return self.area(self.run_by(typed_code(bare), on), on)
        spellings = tuple(self._ways_to_read(bare))
        for spelling, within in spellings:
            hits = self._those_meant(area for area in self._by_name.get(spelling, ())
                               if area.exists_on(on) and area.code.startswith(within))
            if hits:
                return hits[0] if len(hits) == 1 else None
        return self._of_address(spellings, on)

    def _of_address(self, spellings: Sequence[tuple[str, str]], on: date) -> Area | None:
        """The area an address begins with, when it begins with a county's full name and names no second county."""
        for spelling, within in spellings:
            counties = self._those_meant(area for area in self._county_areas
                                   if area.exists_on(on) and area.name in spelling and area.code.startswith(within))
            if len(counties) != 1 or not spelling.startswith(counties[0].name):
                continue
            ends = range(len(spelling), len(counties[0].name) - 1, -1)
            hits = next((hit for end in ends if (hit := self._full_name_on(spelling[:end], counties[0].code, on))), None)
            if hits is None or len(hits) > 1:
                return None
            rest = spelling[len(counties[0].name) :] if hits[0] is counties[0] else ""
            return None if _SEVERAL.match(rest) else hits[0]
        return None

    def _ways_to_read(self, bare: str) -> Iterator[tuple[str, str]]:
        """The text as it is, and without the names of a city's own ancestors: then only areas of that city are meant."""
        yield bare, ""
        for prefix, root in self._known_prefixes:
            if bare.startswith(prefix):
                yield bare.removeprefix(prefix), root

    def _those_meant(self, hits: Iterable[Area]) -> list[Area]:
        """Of areas with one name: not those that a functional zone runs by its own code, and those of the home city if any."""
        found = list(hits)
        formal = {area.formal_code for area in found}
        found = [area for area in found if area.code not in formal]
        own = [area for area in found if self.home and area.code.startswith(self.home[:_CITY])]
        return own or found

    def _full_name_on(self, name: str, county: str, on: date) -> list[Area]:
        return self._those_meant(area for area in self._by_full_name.get(name, ())
                           if area.exists_on(on) and area.code.startswith(county))

    @cached_property
    def _known_prefixes(self) -> tuple[tuple[str, str], ...]:
        """What an address may begin with before it comes to a county, and of which city that speaks; the longest first."""
        found = [(prefix, root) for root, names in self._names_above.items() for prefix in prefixes_of(names)]
        return tuple(sorted(found, key=lambda pair: (-len(pair[0]), pair)))

    @cached_property
    def _names_above(self) -> dict[str, tuple[str, ...]]:
        """The cities, municipalities and groups of counties that a province runs, with the names down to them."""
        found: dict[str, tuple[str, ...]] = {}
        for area in self.areas:
            province = PROVINCES[area.code[:2]].name if area.code[:2] in PROVINCES else ""
            if area.level is AreaLevel.province:
                found[area.code] = (area.name,)
            elif area.level is AreaLevel.city:
                found[area.code] = (province, area.name)
            elif area.level is AreaLevel.county and not area.parent_code and area.kind is not AreaKind.outside:
                found[area.code[:_CITY]] = (province,)
        return found

    @cached_property
    def _county_areas(self) -> tuple[Area, ...]:
        return tuple(area for area in self.areas if area.level is AreaLevel.county)

    @cached_property
    def _by_code(self) -> dict[str, list[Area]]:
        codes: dict[str, list[Area]] = defaultdict(list)
        for area in sorted(self.areas, key=lambda area: area.valid_from or date.min):
            codes[area.code].append(area)
        return dict(codes)

    @cached_property
    def _by_formal_code(self) -> dict[str, list[Area]]:
        codes: dict[str, list[Area]] = defaultdict(list)
        for area in self.areas:
            if area.formal_code:
                codes[area.formal_code].append(area)
        return dict(codes)

    @cached_property
    def _by_full_name(self) -> dict[str, list[Area]]:
        names: dict[str, list[Area]] = defaultdict(list)
        for area in self.areas:
            parent = self.area(area.parent_code or "")
            above = parent.name if parent is not None and parent.level is AreaLevel.county else ""
            names[above + area.name].append(area)
        return names

    @cached_property
    def _by_name(self) -> dict[str, list[Area]]:
        names: dict[str, list[Area]] = defaultdict(list)
        for area in self.areas:
            for spelling in self._all_spellings(area):
                names[spelling].append(area)
        return names

    def _all_spellings(self, area: Area) -> set[str]:
        own = own_spellings(area.name)
        parent = self.area(area.parent_code or "")
        if area.level is AreaLevel.county:
            return own - {prefix for prefix, _ in self._known_prefixes}
        if parent is None or parent.level is not AreaLevel.county:
            return own
        return own | {above + name for above in own_spellings(parent.name) for name in own}


def prefixes_of(names: Iterable[str]) -> set[str]:
    """How an address may begin with these names, the widest first, each in full, short or left out."""
    found = {""}
    for name in names:
        found |= {before + spelling for before in found for spelling in own_spellings(name)}
    return found - {""}


def own_spellings(name: str) -> set[str]:
    """A name in full, without its rank, and with the office spelled out; a single character alone names nothing."""
    stem = _AUTONOMY.sub("", name)
    if stem == name:
        stem = next((name.removesuffix(suffix) for suffix in _SUFFIXES if name.endswith(suffix)), name)
    spellings = {name}
    if name.endswith("街道"):
        spellings |= {name + "办事处", name + "办"}
    if len(stem) >= 2:
        spellings.add(stem)
    return spellings


def areas_from(rows: Iterable[Mapping[str, str]]) -> tuple[Area, ...]:
    """Reads table rows (code, name, level, parent_code, valid_from, valid_to, successor_codes); the heading is row 1."""
    return tuple(read_area(number, row) for number, row in enumerate(rows, start=2))


def read_area(number: int, row: Mapping[str, str]) -> Area:
    """One row of such a table. Raises `Invalid` naming it."""
    try:
        return Area(
            row["code"],
            row["name"],
            AreaLevel(row["level"]),
            row.get("parent_code") or None,
            _optional_date(row.get("valid_from")),
            _optional_date(row.get("valid_to")),
            tuple((row.get("successor_codes") or "").split()),
        )
    except (KeyError, ValueError) as error:
        raise Invalid(f"行政区划表第 {number} 行无法识别：{error}。", field="area") from None


def _optional_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
