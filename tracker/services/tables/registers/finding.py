"""Which site a row is of: by its code, by the number of its entry, by credit code and plant, by its name in the county; never by
likeness."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from tracker.domain.house.errors import Refusal
from tracker.domain.house.say import Listed, Say
from tracker.domain.sites.names import normalised_name
from tracker.domain.sites.register_columns import EntryColumn
from tracker.domain.sites.registers import REGISTERS, Exclusive, SiteRegister
from tracker.domain.tables.registers.rows import BadCell, IncomingEntry
from tracker.storage.sites.sites import Site, SiteEntry, SiteName

COUNTY = 6  # digits of a code that name it
MOST_NAMED = 5
C = EntryColumn
_S, _N, _E = Site.__table__.c, SiteName.__table__.c, SiteEntry.__table__.c


class KnownSite(NamedTuple):
    """A site of the registry."""

    id: int
    code: str
    name: str
    normalised: str
    credit_code: str
    plant_no: int
    area_code: str


@dataclass(slots=True)
class NewSite:
    """A site that the file brings along; several rows may be of it. `id` is given when it is written."""

    row: IncomingEntry
    area_code: str
    credit_code: str
    id: int = 0


@dataclass
class Lookup:
    """What the registry holds of the rows of one portion, and the new sites of the whole file."""

    by_code: dict[str, KnownSite] = field(default_factory=dict)
    by_credit: dict[tuple[str, int], KnownSite] = field(default_factory=dict)
    by_name: dict[str, list[KnownSite]] = field(default_factory=dict)
    by_id: dict[int, KnownSite] = field(default_factory=dict)
    entries: dict[str, list[SiteEntry]] = field(default_factory=dict)  # by number
    of_site: dict[int, list[SiteEntry]] = field(default_factory=dict)


def look_up(session: Session, register: SiteRegister, rows: Sequence[IncomingEntry]) -> Lookup:
    """The sites and entries that these rows may be of, in a few statements."""
    found = Lookup()
    codes, credited = {each.site.code for each in rows} - {""}, {each.site.credit_code for each in rows} - {""}
    names = {normalised_name(each.site.name) for each in rows if each.site.name}
    numbers = {each.given.number for each in rows} - {""}
    columns = (_S.id, _S.code, _S.name, _S.normalised, _S.credit_code, _S.plant_no, _S.area_code)
    ways = (_S.code.in_(codes), and_(_S.credit_code != "", _S.credit_code.in_(credited)), _S.normalised.in_(names))
    for row in session.execute(select(*columns).where(or_(*ways))):
        _keep_site(found, KnownSite(*row))
    former = select(*columns, _N.normalised.label("former")).join(Site, _S.id == _N.site_id).where(_N.normalised.in_(names))
    for *kept, name in session.execute(former):
        site = KnownSite(*kept)
        _keep_site(found, site)
        if site not in found.by_name.setdefault(name, []):
            found.by_name[name].append(site)
    if numbers:
        numbered = select(SiteEntry, *columns).join(Site, _S.id == _E.site_id).where(
            _E.register == register, _E.number.in_(numbers), _E.is_accepted.is_(True))
        for entry, *kept in session.execute(numbered):
            _keep_site(found, KnownSite(*kept))
            found.entries.setdefault(entry.number, []).append(entry)
    if REGISTERS[register].exclusive is not Exclusive.number:
        own = select(SiteEntry).where(_E.register == register, _E.site_id.in_(found.by_id), _E.is_accepted.is_(True))
        for entry in session.scalars(own):
            found.of_site.setdefault(entry.site_id, []).append(entry)
    return found


def _keep_site(found: Lookup, site: KnownSite) -> None:
    if site.id in found.by_id:
        return
    found.by_id[site.id] = found.by_code[site.code] = site
    if site.credit_code:
        found.by_credit[(site.credit_code, site.plant_no)] = site
    found.by_name.setdefault(site.normalised, []).append(site)


@dataclass
class SiteFinder:
    """Finds the site of each row of a file. `area_of` reads the words of an area, "" is the importer's own; `reaches` says where
    they may import; `read_credit` checks a credit code."""

    area_of: Callable[[str], str]
    reaches: Callable[[str], bool]
    read_credit: Callable[[str], str]
    fresh: dict[tuple[object, ...], NewSite] = field(default_factory=dict)

    def find(self, found: Lookup, row: IncomingEntry) -> KnownSite | NewSite:
        """The site of a row. Raises `BadCell`."""
        told = row.site
        area = self._area_within(told.area)
        owner = self._owner_of(found, row)
        if told.code:
            site = found.by_code.get(told.code)
            if site is None:
                raise BadCell(C.site_code, Say("没有监管对象“{code}”。", code=told.code[:40]))
            if owner is not None and owner.id != site.id:
                raise BadCell(C.number, Say("编号 {number} 已登记在 {code} 名下。", number=row.given.number, code=owner.code))
            return self._within_reach(site)
        credit = self._credit_within(told.credit_code)
        site = owner or found.by_credit.get((credit, told.plant_no or 1)) if credit or owner else None
        if owner is not None and credit and owner.credit_code and owner.credit_code != credit:
            raise BadCell(C.number, Say("编号 {number} 已登记在 {code} 名下，信用代码不同。", number=row.given.number, code=owner.code))
        if site is None and told.name:
            site = self._by_name(found, row, area, credit)
        return self._within_reach(site) if site is not None else self._new_site(row, area, credit)

    def _area_within(self, words: str) -> str:
        area = self.area_of(words)
        if not area:
            raise BadCell(C.area, Say("“{area}”无法识别，请写区划代码或全称。", area=words[:40]))
        return area

    def _credit_within(self, words: str) -> str:
        try:
            return self.read_credit(words)
        except Refusal as refusal:
            raise BadCell(C.credit_code, refusal.sentence) from refusal

    def _within_reach(self, site: KnownSite) -> KnownSite:
        if not self.reaches(site.area_code):
            raise BadCell(C.area, Say("{code} 不在您的区域。", code=site.code))
        return site

    def _owner_of(self, found: Lookup, row: IncomingEntry) -> KnownSite | None:
        standing = [each for each in found.entries.get(row.given.number, ()) if not is_void(each)]
        return found.by_id[standing[0].site_id] if standing else None

    def _by_name(self, found: Lookup, row: IncomingEntry, area: str, credit: str) -> KnownSite | None:
        told = row.site
        named = [each for each in found.by_name.get(normalised_name(told.name), ()) if each.area_code[:COUNTY] == area[:COUNTY]
                 and (not told.plant_no or each.plant_no == told.plant_no)]
        near = [each for each in named if not (credit and each.credit_code and each.credit_code != credit)]
        if len(near) > 1:
            raise BadCell(C.name, Say("“{name}”对应 {count} 个监管对象（{codes}），请在“监管对象编号”栏写明。", name=told.name, count=len(near),
                                      codes=Listed(sorted(each.code for each in near)[:MOST_NAMED])))
        if not near and (twin := next((each for each in named if each.area_code == area), None)) is not None:
            raise _other_credit(told.name, twin.code)
        return near[0] if near else None

    def _new_site(self, row: IncomingEntry, area: str, credit: str) -> NewSite:
        told = row.site
        if not told.name:
            raise BadCell(C.name, Say("是新的监管对象，请写明名称。"))
        if not self.reaches(area):
            raise BadCell(C.area, Say("不在您的区域。"))
        plant = told.plant_no or 1
        by_credit, by_name = (credit, plant), (normalised_name(told.name), area, plant)
        site = (self.fresh.get(by_credit) if credit else None) or self.fresh.get(by_name)
        if site is not None and credit and site.credit_code not in ("", credit):
            raise _other_credit(told.name, site.row.place)
        site = site or NewSite(row, area, credit)
        site.credit_code = site.credit_code or credit
        self.fresh.setdefault(by_name, site)
        if credit:
            self.fresh.setdefault(by_credit, site)
        return site


def _other_credit(name: str, where: str) -> BadCell:
    return BadCell(C.credit_code, Say("“{name}”与 {where} 同名同地而信用代码不同，请核对；是另一处厂区的，请写明厂区序号。", name=name, where=where))


def is_void(entry: SiteEntry) -> bool:
    """Whether an entry never held."""
    return entry.ended_on is not None and entry.ended_on < entry.valid_from
