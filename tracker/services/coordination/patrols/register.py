"""The register of visits （巡查台账） of a section, what it owes, and where its open cases lie along the line."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from tracker.domain.acts.facts import DutyState
from tracker.domain.cases.categories.questions import kept_answers
from tracker.domain.coordination.patrols.joint import MODES, PATROL, PatrolState
from tracker.domain.coordination.patrols.periods import OwedPatrol, covered_metres, percent, section_and_tier
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Refusal
from tracker.domain.house.master import LISTED
from tracker.domain.house.say import Say
from tracker.domain.rules.lights import Light
from tracker.domain.territory.shapes.mileage import read_mileage
from tracker.domain.territory.shapes.sections import SIDE_WORDS, TIER_WORDS
from tracker.domain.territory.shapes.tangent import foot_on
from tracker.gateways.tables.sheets_out import About, open_register
from tracker.services.acts import access
from tracker.services.coordination.patrols.joint import CATEGORY, SOURCE
from tracker.services.coordination.patrols.sections import LineSection, sections_on
from tracker.services.territory import positions
from tracker.services.territory.shapes.ground import shapes_on
from tracker.storage.cases.entries import FactEntry, entries_of_many
from tracker.storage.coordination import patrols
from tracker.storage.coordination.patrols import LineCase, OwedRow, PatrolRow
from tracker.storage.territory.chiefs import posts_on

REACH = 500.0  # metres from the line within which a case is shown on it
CASE, REGISTER = "case:", "巡查台账"
HEADINGS = ("日期", "线路", "区段", "起止里程", "级别", "方式", "地方参加", "铁路参加", "发现问题", "双方确认", "记录人")


@dataclass(frozen=True)
class VisitLine:
    """A line of the register."""

    row: PatrolRow
    line: str
    section: str
    stretch: str
    tier: str
    mode: str
    local: str
    rail: str
    found: tuple[str, ...]
    state: str
    logger: str

    def cells(self) -> list[str]:
        """As a sheet has it, under `HEADINGS`."""
        return [self.row.on.isoformat(), self.line, self.section, self.stretch, self.tier, self.mode, self.local, self.rail,
                LISTED.join(self.found), self.state, self.logger]


@dataclass(frozen=True)
class OwedLine:
    """What is owed for a section, as both sides see it."""

    row: OwedRow
    section: str
    tier: int
    waiting: tuple[PatrolRow, ...]

    @property
    def owed(self) -> OwedPatrol:
        """As its light is judged."""
        return OwedPatrol(self.row.state, self.row.due_on, frozenset(str(each.details["side"]) for each in self.waiting))

    def light(self, side: str, on: date) -> Light:
        """Its light for a side."""
        return self.owed.light(side, on)


@dataclass(frozen=True)
class PlacedCase:
    """An open case, so many metres along the line."""

    case: LineCase
    metre: float


def visits(session: Session, actor: Actor, section: LineSection, first: date, last: date, most: int | None = None
           ) -> tuple[VisitLine, ...]:
    """The register of a section within some days, as far as the reader sees it, the newest first."""
    rows = patrols.patrols_of(session, access.scope_of(actor), section.code, first, last, most)
    told = entries_of_many(session, [row.stream for row in rows]) if rows else {}
    found = patrols.found_by(session, [row.id for row in rows])
    return tuple(_visit_of(section, row, told[row.stream][0], found.get(row.id, [])) for row in rows)


def owed(session: Session, sections: Sequence[LineSection], on: date) -> tuple[OwedLine, ...]:
    """What sections owe on a day, and what of an earlier period is still open."""
    codes = [section.code for section in sections]
    rows, waiting = patrols.owed_for(session, codes, on), patrols.waiting_patrols(session, codes)
    return tuple(_owed_line(row, waiting) for row in rows)


def owed_by(session: Session, actor: Actor, on: date) -> tuple[OwedLine, ...]:
    """What the posts of the actor, of their own unit and of those below it owe in the periods of a day and have not done."""
    mine = {(post.section, post.tier) for post in posts_on(session, on)
            if post.person_id in actor.persons or post.unit_id in (actor.unit_id, *actor.units_below)}
    if not mine:
        return ()
    sections = [section for section in sections_on(session, on) if any(section.code == code for code, _ in mine)]
    return tuple(each for each in owed(session, sections, on)
                 if (each.section, each.tier) in mine and each.row.state is DutyState.open and each.row.due_on >= on)


@dataclass(frozen=True)
class YearSoFar:
    """How a section stands in the year up to a day."""

    due: int
    met: int
    coverage: Decimal


def year_so_far(session: Session, section: LineSection, found: Sequence[VisitLine], on: date) -> YearSoFar:
    """What was due this year and met, and how much of the section confirmed patrols have covered."""
    first = on.replace(month=1, day=1)
    rows = [row for row in patrols.due_between(session, section.code, first, on) if row.state is not DutyState.waived]
    stretches = [each.row.stretch for each in found if each.row.state == PatrolState.confirmed and each.row.on >= first]
    covered = covered_metres(stretches, section.begin, section.end)
    return YearSoFar(len(rows), sum(row.state is DutyState.met for row in rows), percent(covered, section.end - section.begin))


def workbook(section: LineSection, found: Sequence[VisitLine], first: date, last: date) -> bytes:
    """The register as a workbook."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "visits.xlsx"
        about = About(Say("巡查台账 {section}", section=section.code), str(last), f"{section.shape.name} {first}—{last}")
        with open_register(path, HEADINGS, about) as writer:
            for each in found:
                writer.write(each.cells())
        return path.read_bytes()


def placed_cases(session: Session, actor: Actor, section: LineSection, on: date) -> tuple[PlacedCase, ...]:
    """The open cases of a section that the reader sees: by the place beside the case, else by the mileage that was
    registered, else by their point."""
    course = next((shape.course for shape in shapes_on(session, on) if shape.code == section.shape.line), ())
    cases = patrols.open_line_cases(session, actor.scope(), SOURCE, CATEGORY)
    found = ((case, _metre_of(case, section, course)) for case in cases)
    return tuple(PlacedCase(case, metre) for case, metre in found
                 if metre is not None and section.begin <= metre <= section.end)


def _metre_of(case: LineCase, section: LineSection, course: Sequence[Sequence[float]]) -> float | None:
    if case.metre is not None and case.line in (section.line.name, section.line.code):
        return case.metre
    answers = kept_answers(case.answers)
    mileage, line = answers.get("railway_mileage"), answers.get("railway_line")
    if mileage and (not line or line in (section.line.name, section.line.code)):
        with suppress(Refusal):
            return section.line.metre_of(read_mileage(str(mileage)))
    if case.lat is None or case.lng is None or not course:
        return None
    lat, lng = positions.on_the_map(case.lat, case.lng, case.datum)
    metre, away = foot_on(course, lng, lat)
    return metre if away <= REACH else None


def _visit_of(section: LineSection, row: PatrolRow, entry: FactEntry, found: Sequence[str]) -> VisitLine:
    begin, end = row.stretch
    local, rail = (_took_part(entry, row, side) for side in SIDE_WORDS)
    return VisitLine(row, section.line.name, section.code, f"{section.line.told(begin)}—{section.line.told(end)}",
                     TIER_WORDS[row.tier], dict(MODES)[row.details["mode"]], local, rail,
                     tuple(each.removeprefix(CASE) for each in found), PATROL.word_of_state(row.state),
                     entry.told_by)


def _took_part(entry: FactEntry, row: PatrolRow, side: str) -> Say | str:
    name, count = str(entry.details.get(f"{side}_chief") or ""), row.details["counts"][side]
    return Say("{name}等 {count} 人", name=name, count=count) if count else name


def _owed_line(row: OwedRow, waiting: Sequence[PatrolRow]) -> OwedLine:
    section, tier = section_and_tier(row.subject)
    return OwedLine(row, section, tier, tuple(_waiting_within(row, section, tier, waiting)))


def _waiting_within(row: OwedRow, section: str, tier: int, waiting: Sequence[PatrolRow]) -> Iterator[PatrolRow]:
    for each in waiting:
        if each.details["section"] == section and each.tier == tier and row.starts_on <= each.on <= row.due_on:
            yield each
