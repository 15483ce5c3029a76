"""Territory （属地）: areas with their dates, names turned into codes, and the rules that route a case to a unit."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tracker.domain.house.errors import Invalid
from tracker.domain.house.identifiers import squeeze
from tracker.domain.rules.area_codes import AreaLevel, bare_code


@dataclass(frozen=True, slots=True)
class Area:
    """One division as it stood from `valid_from` to `valid_to`, both included; None leaves that end open."""

    code: str
    name: str
    level: AreaLevel
    parent_code: str | None
    valid_from: date | None = None
    valid_to: date | None = None
    successor_codes: tuple[str, ...] = ()

    def exists_on(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


_SUFFIXES = ("街道办事处", "街道办", "街道", "管理处", "镇", "乡", "地区", "区", "县", "市", "省", "盟")
# 广西壮族自治区 is 广西, 延边朝鲜族自治州 is 延边; some are known by their peoples alone (鄂温克族自治旗) and keep their names.
_AUTONOMY = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:(?:壮|回|藏|羌|彝|苗|侗|傣|白|黎|瑶|畲|土家|哈尼|景颇|傈僳|布依|朝鲜|维吾尔|哈萨克|柯尔克孜|"
                       r"蒙古|满|土|撒拉|东乡|保安|裕固|纳西|怒|独龙|普米|佤|拉祜|布朗|仡佬|水|仫佬|毛南|锡伯|塔吉克|达斡尔|各)族?)*自治[区州县]$")
_SEVERAL = re.compile(r"^[、,;/和及与域]")


@dataclass(frozen=True)
class Gazetteer:
    """All areas the product knows, old and new, and how people write their names."""

    areas: tuple[Area, ...]
    city_prefixes: tuple[str, ...] = ("江西省南昌市", "江西南昌市", "江西省南昌", "江西南昌", "江西省", "南昌市", "南昌", "江西")

    def area(self, code: str) -> Area | None:
        return self._by_code.get(bare_code(code))

    def existing_on(self, on: date) -> tuple[Area, ...]:
        return tuple(area for area in self.areas if area.exists_on(on))

    def successors(self, code: str, on: date) -> tuple[Area, ...]:
        """The areas that stand for `code` on a day: itself while it exists, else whatever took it over, step by step."""
        found: dict[str, Area] = {}
        waiting, seen = [bare_code(code)], set[str]()
        while waiting:
            area = self._by_code.get(waiting.pop(0))
            if area is None or area.code in seen:
                continue
            seen.add(area.code)
            if area.exists_on(on):
                found[area.code] = area
            else:
                waiting.extend(area.successor_codes)
        return tuple(found.values())

    def resolve(self, text: str, on: date) -> Area | None:
        """The one area that `text` names on a day: a code, a full or short name, with or without the names above it.

        None when it is not ours, or could be two; guessing is left to people.
        """
        bare = squeeze(text)
        if bare.isdigit():
            area = self.area(bare)
            return area if area is not None and area.exists_on(on) else None
        spellings = [bare] + [bare.removeprefix(prefix) for prefix in self.city_prefixes if bare.startswith(prefix)]
        for spelling in spellings:
            hits = [area for area in self._by_name.get(spelling, ()) if area.exists_on(on)]
            if hits:
                return hits[0] if len(hits) == 1 else None
        return self._of_address(spellings, on)

    def _of_address(self, spellings: list[str], on: date) -> Area | None:
        """The area an address begins with, when it begins with a county's full name and names no second county."""
        for spelling in spellings:
            counties = [area for area in self._county_areas if area.exists_on(on) and area.name in spelling]
            if len(counties) != 1 or not spelling.startswith(counties[0].name):
                continue
            ends = range(len(spelling), len(counties[0].name) - 1, -1)
            hits = next((hit for end in ends if (hit := self._full_name_on(spelling[:end], on))), None)
            if hits is None or len(hits) > 1:
                return None
            rest = spelling[len(counties[0].name) :] if hits[0] is counties[0] else ""
            return None if _SEVERAL.match(rest) else hits[0]
        return None

    def _full_name_on(self, name: str, on: date) -> list[Area]:
        return [area for area in self._by_full_name.get(name, ()) if area.exists_on(on)]

    @cached_property
    def _county_areas(self) -> tuple[Area, ...]:
        return tuple(area for area in self.areas if area.level is AreaLevel.county)

    @cached_property
    def _by_code(self) -> dict[str, Area]:
        return {area.code: area for area in self.areas}

    @cached_property
    def _by_full_name(self) -> dict[str, list[Area]]:
        names: dict[str, list[Area]] = defaultdict(list)
        for area in self.areas:
            parent = self._by_code.get(area.parent_code or "")
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
        parent = self._by_code.get(area.parent_code or "")
        if area.level is AreaLevel.county:
            return own - set(self.city_prefixes)
        if parent is None or parent.level is not AreaLevel.county:
            return own
        return own | {above + name for above in own_spellings(parent.name) for name in own}


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
