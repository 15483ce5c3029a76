"""信访热点: places and targets that several people complained about within some days. The method is stated beside every list."""

from __future__ import annotations

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from math import cos, floor, radians
from typing import Any
from unicodedata import normalize

from tracker.domain.evidence.photo_pairs import metres_between
from tracker.domain.reports.counting import CaseCount

Point = tuple[float, float]  # latitude and longitude, WGS-84
Key = tuple[str, str]  # street, and the place or the target in it
SAME_POINT, SAME_PLACE, SAME_TARGET = "same_point", "same_place", "same_target"
GROUNDS = {SAME_POINT: "同一点位", SAME_PLACE: "同一地点", SAME_TARGET: "同一对象"}
METRES_PER_DEGREE = 111_195.0
A_LITTLE_MORE = 1.02  # a sphere is no plane, and the meridians draw together
LONGEST_LABEL = 30


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Within how many metres and days how many complaints, of how many people, make a hot spot."""

    metres: int = 200
    reports: int = 3
    days: int = 30
    people: int = 2

    @property
    def needed(self) -> int:
        """A repeat reporter counts once, so that complaints and people are counted alike."""
        return max(self.reports, self.people)


def thresholds(rules: Mapping[str, Any]) -> Thresholds:
    """As the rule book has them; where it says nothing, the ones shipped here."""
    return Thresholds(**{name: int(value) for name, value in (rules.get("hot_spot") or {}).items()
                         if name in Thresholds.__slots__})


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint as a hot spot sees it. `voice` tells one reporter from another; `closed_on` is its first closing."""

    number: str
    received_on: date
    street: str
    point: Point | None
    voice: str
    categories: tuple[str, ...]
    closed_on: date | None
    place: str = ""  # key of the place, "" when it is not known
    target: str = ""  # key of whom it is about
    label: str = ""  # the place in words


@dataclass(frozen=True, slots=True)
class Spot:
    """One hot spot: the complaints of its fullest stretch of days, and how many there were in the months compared."""

    street: str
    label: str
    ground: str  # why they are one: SAME_POINT, SAME_PLACE or SAME_TARGET
    reports: tuple[Complaint, ...]
    voices: int
    this_month: CaseCount
    month_before: CaseCount
    year_before: CaseCount
    is_after_closing: bool

    @property
    def categories(self) -> tuple[str, ...]:
        """Its problem types, the most frequent first."""
        counted = Counter(each for report in self.reports for each in report.categories)
        return tuple(sorted(counted, key=lambda each: (-counted[each], each)))


@dataclass(frozen=True, slots=True)
class Months:
    """First and last day of the month reported, of the one before, and of the same one a year before."""

    now: tuple[date, date]
    before: tuple[date, date]
    year_before: tuple[date, date]


@dataclass
class _Group:
    """Complaints that could be one spot."""

    ground: str
    near: list[Complaint]
    centre: Point | None = None
    keys: frozenset[Key] = field(default_factory=frozenset)


def is_near(one: Point, other: Point, metres: int) -> bool:
    """Whether two points are at most so far apart. Most that are not lie too far north or south already, or too far east or
    west."""
    most = metres * A_LITTLE_MORE
    return (abs(one[0] - other[0]) * METRES_PER_DEGREE <= most
            and abs(one[1] - other[1]) * cos(radians(one[0])) * METRES_PER_DEGREE <= most
            and metres_between(*one, *other) <= metres)


def find(complaints: Iterable[Complaint], months: Months, limits: Thresholds) -> tuple[Spot, ...]:
    """The hot spots of a month, the gravest first. A complaint belongs to one spot only: the one that has the most voices."""
    known = sorted(complaints, key=lambda each: (each.received_on, each.number))
    since = months.now[0] - timedelta(days=limits.days - 1)
    candidates = [each for each in known if since <= each.received_on <= months.now[1]]
    index = _Index(known, limits.metres)
    spots = [_spot_of(group, members, index, months, limits)
             for group, members in _greedy_groups(_candidate_groups(candidates, limits), months, limits)]
    return tuple(sorted(spots, key=lambda spot: (-spot.voices, -len(spot.reports), -spot.this_month, spot.reports[0].number)))


def method(limits: Thresholds) -> str:
    """How hot spots are found, with the numbers in force."""
    return (f"热点认定方法：连续 {limits.days} 日内，同一点位（坐标换算为WGS-84后以某一件为中心半径 {limits.metres} 米以内；没有坐标的按同一街道（镇）且地点相同）"
            f"或同一街道（镇）的同一反映对象，被不同反映人投诉 {limits.needed} 件以上，且其中有本月受理的。同一反映人多次投诉只计一次，"
            "反映人不明的各计一人；已并案的案件照计，作废的和撤回导入的不计。件数为达到认定标准的连续时段内的投诉件数，本月、上月、去年同月为同一点位、地点"
            "或对象当月受理的投诉件数。此前同一处案件销号后又有新投诉的，标注“销号后再投诉”。")


def place_key(text: str, areas: Iterable[str] = ()) -> str:
    """A place as it is compared: without area names, room numbers and words such as 附近; "" when too little is left."""
    bare = _ROOM.sub("", _strip_areas(_squeeze_text(text), areas))
    while (shorter := _AROUND.sub("", bare)) != bare:
        bare = shorter
    return bare if len(bare) >= 2 else ""


def place_label(text: str, areas: Iterable[str] = ()) -> str:
    """A place as it is printed beside its street: no area names, nobody's room, and not too long."""
    return _ROOM.sub("", _strip_areas(" ".join(text.split()), areas)).strip()[:LONGEST_LABEL]


def target_key(title: str) -> str:
    """Whom a complaint names: a company, a shop, a site with a name of its own; "" when it names none."""
    for match in _TARGET.finditer(_LEAD.sub("", _squeeze_text(title))):
        stem = match["stem"]
        if not _GENERIC.fullmatch(stem):
            return match[0]
    return ""


def compared_words(title: str, place: str) -> tuple[str, str]:
    """Of what was written about a complaint all that is compared: whom it names, and the place without anybody's room."""
    return target_key(title), _ROOM.sub("", place)


_ROOM = re.compile(r"第?[0-9一二三四五六七八九十]+(?:栋|幢|号楼|单元|室|层|楼).*$")
_AROUND = re.compile(r"(?:附近|旁边|门口|门前|对面|周边|一带|里面|旁|处)$")
_LEAD = re.compile(r"^(?:关于|反映|投诉|举报|请求|希望|位于|来电|市民|群众|我们|有人|我)+")
_TARGET = re.compile(
    r"(?P<stem>[\u4e00-\u9fffA-Za-z0-9]{2,18}?)"
    r"(?:有限责任公司|股份有限公司|有限公司|公司|工业园|家具厂|修理厂|养殖场|搅拌站|加油站|汽修店|洗车店|烧烤店|大酒店|酒店|宾馆|饭店|餐馆|餐厅|农贸市场|市场|医院|小学|中学|幼儿园|小区|项目部|工地|厂)")
_GENERIC = re.compile(r"(?:[某一多几]家?|附近|周边|旁边|夜间|建筑|施工|在建|露天|物业|居民|住宅|老旧|农贸|食品|加工|化工|不明|无名|[东西南北]边)+的?")


def _strip_areas(text: str, areas: Iterable[str]) -> str:
    """Without the area names in front."""
    return _in_front(tuple(areas)).sub("", text)


@lru_cache(maxsize=8)
def _in_front(areas: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the names, the longest first, again and again."""
    names = sorted(filter(None, areas), key=len, reverse=True)
    return re.compile(rf"\A(?:{'|'.join(map(re.escape, names))})+" if names else r"\A")


def _squeeze_text(text: str) -> str:
    return re.sub(r"[\s\W_]+", "", normalize("NFKC", text))


class _Index:
    """Complaints by where they are, by what their place is called, and by whom they name."""

    def __init__(self, known: Iterable[Complaint], metres: int) -> None:
        self.metres = metres
        self.grid: dict[tuple[int, int], list[Complaint]] = defaultdict(list)
        self.places: dict[Key, list[Complaint]] = defaultdict(list)
        self.targets: dict[Key, list[Complaint]] = defaultdict(list)
        for each in known:
            if each.point is not None:
                self.grid[self._cell_of(each.point)].append(each)
            if each.street and each.place:
                self.places[each.street, each.place].append(each)
            if each.street and each.target:
                self.targets[each.street, each.target].append(each)

    def near(self, point: Point) -> list[Complaint]:
        """Those within the metres. Two columns to either side: a column is no constant width of degrees."""
        row, column = self._cell_of(point)
        around = (each for down in (-1, 0, 1) for aside in (-2, -1, 0, 1, 2)
                  for each in self.grid.get((row + down, column + aside), ()))
        return [each for each in around if each.point is not None and is_near(point, each.point, self.metres)]

    def pointless(self, key: Key) -> list[Complaint]:
        """Those of a place that have no point: where both have one, the points decide."""
        return [each for each in self.places.get(key, ()) if each.point is None]

    def alike(self, group: _Group) -> list[Complaint]:
        """Those that belong to the same spot, whenever they came."""
        if group.centre is not None:
            return self.near(group.centre) + [each for key in sorted(group.keys) for each in self.pointless(key)]
        named = self.targets if group.ground == SAME_TARGET else self.places
        return [each for key in sorted(group.keys) for each in named.get(key, ())]

    def _cell_of(self, point: Point) -> tuple[int, int]:
        scale = METRES_PER_DEGREE / self.metres
        return floor(point[0] * scale), floor(point[1] * scale * cos(radians(point[0])))


def _candidate_groups(candidates: Sequence[Complaint], limits: Thresholds) -> list[_Group]:
    """Around every point what is near it; of those without a point what has the same place; of all what has the same target."""
    index = _Index(candidates, limits.metres)
    stars = [_group_around(point, index) for point in dict.fromkeys(each.point for each in candidates) if point is not None]
    places = [_Group(SAME_PLACE, index.pointless(key), keys=frozenset({key})) for key in index.places]
    targets = [_Group(SAME_TARGET, group, keys=frozenset({key})) for key, group in index.targets.items()]
    return [group for group in (*stars, *places, *targets) if len(group.near) >= limits.needed]


def _group_around(point: Point, index: _Index) -> _Group:
    near = index.near(point)
    keys = frozenset((each.street, each.place) for each in near if each.place and each.street)
    return _Group(SAME_POINT, near + [each for key in sorted(keys) for each in index.pointless(key)], point, keys)


def _greedy_groups(groups: list[_Group], months: Months, limits: Thresholds) -> Iterable[tuple[_Group, list[Complaint]]]:
    """Again and again the group with the most voices among what is not taken yet, as long as there are enough."""
    taken: set[str] = set()
    heap = [entry for at, group in enumerate(groups) if (entry := _heap_entry(at, group, taken, months, limits))]
    heapq.heapify(heap)
    while heap:
        said = heapq.heappop(heap)
        group = groups[said[-1]]
        fresh = _heap_entry(said[-1], group, taken, months, limits)
        if fresh is None:
            continue
        if fresh != said:
            heapq.heappush(heap, fresh)
            continue
        members = [each for each in group.near if each.number not in taken]
        taken.update(each.number for each in members)
        yield group, members


def _heap_entry(at: int, group: _Group, taken: set[str], months: Months, limits: Thresholds) -> tuple[int, int, str, int] | None:
    window = _fullest_window([each for each in group.near if each.number not in taken], months.now, limits.days)
    voices = len({each.voice for each in window})
    return (-voices, -len(window), window[0].number, at) if voices >= limits.needed else None


def _fullest_window(members: Iterable[Complaint], month: tuple[date, date], days: int) -> list[Complaint]:
    """The stretch of days, ending with a complaint of the month, that has the most voices; of equal ones the latest."""
    ordered = sorted(members, key=lambda each: (each.received_on, each.number))
    best, best_size, first, heard = (0, 0), (0, 0), 0, Counter[str]()
    for last, each in enumerate(ordered):
        heard[each.voice] += 1
        while (each.received_on - ordered[first].received_on).days >= days:
            gone = ordered[first].voice
            heard[gone] -= 1
            if not heard[gone]:
                del heard[gone]
            first += 1
        size = (len(heard), last + 1 - first)
        if month[0] <= each.received_on <= month[1] and size >= best_size:
            best, best_size = (first, last + 1), size
    return ordered[best[0]:best[1]]


def _spot_of(group: _Group, members: list[Complaint], index: _Index, months: Months, limits: Thresholds) -> Spot:
    window = _fullest_window(members, months.now, limits.days)
    same = {each.number: each for each in (*members, *index.alike(group))}.values()

    def within(span: tuple[date, date], among: Iterable[Complaint]) -> CaseCount:
        return CaseCount(each.number for each in among if span[0] <= each.received_on <= span[1])

    is_again = any(old.closed_on is not None and old.closed_on < new.received_on and old.number != new.number for old in same
                   for new in window)
    labels = Counter(each.label for each in window if each.label)
    label = min(labels, key=lambda each: (-labels[each], each)) if labels else f"{window[0].number}所在点位"
    if group.ground == SAME_TARGET:
        label = next(iter(group.keys))[1]
    return Spot(window[0].street, label, group.ground, tuple(window), len({each.voice for each in window}),
                within(months.now, members), within(months.before, same), within(months.year_before, same), is_again)
