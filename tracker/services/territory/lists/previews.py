"""What a draft of the responsibility list would change, counted over the open cases and those of the last months; nothing is
written, and no case moves."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.domain.cases.categories.questions import kept_answers
from tracker.domain.cases.facts import OPEN
from tracker.domain.house.say import Say
from tracker.domain.territory.responsibility import ListEffect, SampleCase, effect_of, gaps, matters_of
from tracker.domain.territory.routing import WORK, WORKS, RoutingFacts, RoutingRule
from tracker.services.house.work import wiring
from tracker.services.rules import rules, values
from tracker.services.rules.categories import categories
from tracker.storage.cases.cases import Case, CaseCategory
from tracker.storage.people.accounts import Unit
from tracker.storage.territory.territory import RuleList

PORTION = 500
Progress = Callable[[int, int], None]
DAYS = "list_preview_days"


@dataclass(frozen=True)
class EndingUnit:
    """A unit of the draft that is gone before the draft begins, and the lines that name it."""

    code: str
    name: str
    last_day: date
    lines: tuple[int, ...]


@dataclass(frozen=True)
class ListPreview:
    """What a draft comes to, on its first day."""

    on: date
    days: int
    effect: ListEffect
    gaps: tuple[tuple[str, str], ...]
    ending: tuple[EndingUnit, ...]

    def gaps_told(self, most: int) -> list[Say]:
        """The first of the empty cells, in words."""
        names = {area.code: area.name for area in rules.gazetteer().areas}
        return [Say("{area}·{matter}", area=names.get(area, area), matter=matter_said(matter))
                for matter, area in self.gaps[:most]]

    def told(self) -> dict[str, object]:
        """The figures, as the fact of the activation keeps them."""
        effect = self.effect
        return {"open": effect.open_count, "recent": effect.recent_count, "days": self.days, "gaps": len(self.gaps),
                "unmet": [rule.number for rule in effect.unmet], "beaten": [rule.number for rule, _ in effect.beaten],
                "moves": [{"was": move.was, "now": move.now, "open": len(move.open), "recent": len(move.recent)}
                          for move in effect.moves]}


def matter_said(matter: str) -> Say:
    """A row of the matrix in words."""
    return Say(WORKS[matter.partition(":")[2]]) if matter.startswith(f"{WORK}:") else Say(categories().names.get(matter, matter))


def places_on(on: date) -> tuple[tuple[str, str], ...]:
    """The columns of the matrix: the parts of the home area, or itself where it has none."""
    home, known = wiring().home_area, rules.gazetteer()
    found = known.parts(home, on) or tuple(filter(None, [known.area(home, on)]))
    return tuple((area.code, area.name) for area in found)


def unheard(done: int, total: int) -> None:
    """Nobody watches."""


def preview(session: Session, version: RuleList, lines: Sequence[RoutingRule], on: date,
            progress: Progress = unheard) -> ListPreview:
    """The draft against what would hold on that day without it; `progress` hears how many cases of how many are done."""
    days = values.number(DAYS, on)
    since = wiring().clock.today() - timedelta(days=days)
    before = rules.routing(on)
    areas = [code for code, _ in places_on(on)]
    return ListPreview(on, days, effect_of(before, lines, _sample_cases(session, since, progress), on),
                       gaps(lines, matters_of(dict(categories().open_on(on)), lines), areas, on),
                       _ending_units(session, lines, on))


def _sample_cases(session: Session, since: date, progress: Progress) -> Iterator[SampleCase]:
    wanted = select(Case.id).where(or_(Case.state.in_(OPEN), Case.received_on >= since)).order_by(Case.id)
    ids = list(session.scalars(wanted))
    for at in range(0, len(ids), PORTION):
        part = ids[at:at + PORTION]
        kinds: dict[int, set[str]] = {}
        for case_id, category in session.execute(
                select(CaseCategory.case_id, CaseCategory.category).where(CaseCategory.case_id.in_(part))):
            kinds.setdefault(case_id, set()).add(category)
        columns = select(Case.id, Case.number, Case.state, Case.received_on, Case.area_code, Case.title, Case.description,
                         Case.answers).where(Case.id.in_(part)).order_by(Case.id)
        for row in session.execute(columns):
            facts = RoutingFacts(frozenset(kinds.get(row.id, ())), row.area_code, f"{row.title}\n{row.description}",
                                 kept_answers(row.answers))
            yield SampleCase(row.number, facts, row.state in OPEN, row.received_on >= since)
        progress(min(at + PORTION, len(ids)), len(ids))


def _ending_units(session: Session, lines: Sequence[RoutingRule], on: date) -> tuple[EndingUnit, ...]:
    named: dict[str, list[int]] = {}
    for line in lines:
        for code in dict.fromkeys((line.lead_unit_code, *line.supporting_unit_codes)):
            named.setdefault(code, []).append(line.number)
    rows = session.scalars(select(Unit).where(Unit.code.in_(named), Unit.valid_to < on).order_by(Unit.code))
    return tuple(EndingUnit(unit.code, unit.name, unit.valid_to, tuple(named[unit.code])) for unit in rows if unit.valid_to)
