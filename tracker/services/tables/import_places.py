"""Where an imported case lies: in the importer's area, elsewhere in the country, or nowhere that the table says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Refusal
from tracker.domain.house.masking import mask_text
from tracker.domain.tables.columns import CaseColumn
from tracker.domain.tables.incoming_rows import IncomingCase, RowTrouble, place_of
from tracker.domain.tables.layouts import Recognised
from tracker.domain.tables.plans import ReadingChoices, Unplaced
from tracker.domain.territory.country import Country
from tracker.domain.territory.territory import Area, AreaKind, Gazetteer
from tracker.services.cases.belonging.positions import NOT_SAID, Sighting, read_stretch
from tracker.services.house.work import wiring
from tracker.services.rules import reference, rules


@dataclass(frozen=True)
class AreaReach:
    """Which areas somebody imports into, and the one that stands for a place that is not told."""

    reaches: Callable[[str], bool]
    home: str

    @property
    def is_everywhere(self) -> bool:
        """Whether there is no place that they do not import into."""
        return self.reaches("")


def reach_of(actor: Actor, area: str = "") -> AreaReach:
    """What an actor imports into; `area` is the one they chose to stand for a place that is not told."""
    def reaches(code: str) -> bool:
        return actor.has_in(Permission.case_import, code)

    if area and reaches(area):
        return AreaReach(reaches, area)
    home = wiring().home_area
    theirs = sorted(grant.area_code for grant in actor.grants if grant.area_code and reaches(grant.area_code))
    return AreaReach(reaches, home if reaches(home) or not theirs else theirs[0])


@dataclass
class ImportPlaces:
    """Area names resolved to codes where they are ours; of the others it is counted what became of them."""

    reach: AreaReach
    choices: ReadingChoices
    today: date
    gazetteer: Gazetteer = field(default_factory=rules.gazetteer)
    unplaced_count: int = 0
    abroad_count: int = 0
    skipped_count: int = 0
    _abroad: dict[str, str] = field(default_factory=dict)

    def resolved(self, case: IncomingCase, table: Recognised, troubles: list[RowTrouble]) -> IncomingCase | None:
        """The case with its area's code; None for one that is left out. The text stays only where it says more than the area's
        own name."""
        told, column = case.area_code or case.area_text, CaseColumn.area_code if case.area_code else CaseColumn.area
        code, name = self._own_area(told, case.received_on, bool(case.area_code))
        if code and self.reach.reaches(code) and not self._is_outside(code):
            return replace(case, area_code=code, area_text="" if case.area_text == name else case.area_text)
        elsewhere = code or self._code_elsewhere(told, bool(case.area_code))
        if elsewhere:
            return self._from_abroad(case, table, column, elsewhere, bool(code), troubles)
        if case.area_code:
            troubles.append(cell_trouble(case, table, column, f"{case.area_code} 不是已知的区划代码"))
            return case
        return self._without_place(case, table, troubles)

    def gazetteer_name(self, code: str) -> str:
        """What an area is called."""
        area = self.gazetteer.area(code)
        return area.name if area is not None else code

    def knows(self, told: str) -> bool:
        """Whether the words are a place of ours or of the country."""
        return bool(self._own_area(told, None, False)[0] or self._code_elsewhere(told, False))

    def _is_outside(self, code: str) -> bool:
        area = self.gazetteer.area(code)
        return area is not None and area.kind is AreaKind.outside

    def _own_area(self, told: str, on: date | None, is_code: bool) -> tuple[str, str]:
        if not told:
            return "", ""
        area = self.gazetteer.area(told) if is_code else self.gazetteer.resolve(told, on or self.today)
        return (area.code, area.name) if area is not None else ("", "")

    def _code_elsewhere(self, told: str, is_code: bool) -> str:
        """The code of the one division of the country that is meant; "" for none, several, or one that our own is part of."""
        if told and told not in self._abroad:
            country = reference.country()
            found = {area.code for area in (_by_code(country, told) if is_code else country.at_start_of(told))}
            code = found.pop() if len(found) == 1 else ""
            self._abroad[told] = "" if self.reach.home.startswith(code) else code
        return self._abroad.get(told, "")

    def _from_abroad(self, case: IncomingCase, table: Recognised, column: CaseColumn, code: str, is_ours: bool,
                     troubles: list[RowTrouble]) -> IncomingCase | None:
        """With its own code, of an area that is outside ours, for who reaches everywhere, and a trouble or left out for everybody
        else; never home's."""
        if self.choices.skips_abroad:
            self.skipped_count += 1
            return None
        if not self.reach.is_everywhere:
            title = case.area_code or case.area_text if is_ours else reference.country().title(code)
            troubles.append(cell_trouble(case, table, column, f"{title} 不在您的辖区"))
            return case
        self.abroad_count += 1
        return replace(case, area_code=code, jurisdiction=code)

    def _without_place(self, case: IncomingCase, table: Recognised, troubles: list[RowTrouble]) -> IncomingCase | None:
        if self.choices.unplaced is Unplaced.skip:
            self.skipped_count += 1
            return None
        if self.choices.unplaced is Unplaced.error:
            clause = f"“{case.area_text[:20]}”不能识别为区划" if case.area_text else "没有写明区划"
            troubles.append(cell_trouble(case, table, CaseColumn.area, clause))
            return case
        self.unplaced_count += 1
        return replace(case, area_code="", jurisdiction=self.reach.home)


def _by_code(country: Country, code: str) -> tuple[Area, ...]:
    found = country.area(code)
    return (found,) if found is not None else ()


def cell_trouble(case: IncomingCase, table: Recognised, column: CaseColumn, clause: str) -> RowTrouble:
    """What is wrong with a cell of a case that could be read."""
    label = table.header.label(column)
    return RowTrouble(case.row, label, f"{place_of(case.sheet, case.row)}“{label}”{clause}。", case.sheet)


def rail_troubles(case: IncomingCase, table: Recognised, today: date) -> Iterator[RowTrouble]:
    """A mileage that no line has, or one that does not say of which line it is."""
    sighting = sighting_of(case)
    if sighting == NOT_SAID:
        return
    try:
        read_stretch(vars(sighting), today, None)
    except Refusal as refusal:
        column = {"line": CaseColumn.rail_line, "mileage_to": CaseColumn.mileage_to}.get(refusal.field or "", CaseColumn.mileage)
        label = table.header.label(column)
        yield RowTrouble(case.row, label, f"{place_of(case.sheet, case.row)}“{label}”：{refusal.sentence}", case.sheet)


def sighting_of(case: IncomingCase) -> Sighting:
    """Where a case of a table lies along a railway."""
    return Sighting(line=mask_text(case.rail_line), mileage=case.mileage, mileage_to=case.mileage_to, side=case.rail_side)
