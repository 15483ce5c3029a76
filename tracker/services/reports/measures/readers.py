"""Figures as they are asked for: by whom, of which window and area, as of which day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.domain.reports.measures.counted import Asked, Behind, Found, Reckoned, figure_text
from tracker.domain.reports.measures.registry import MEASURES, MeasureRow, Owner
from tracker.services.acts.access import scope_of
from tracker.services.acts.sites import site_titles
from tracker.services.house.work import wiring
from tracker.services.reports.measures.acts import count_acts
from tracker.services.reports.measures.attribution import count_attribution
from tracker.services.reports.measures.cases import count_cases
from tracker.services.reports.measures.enforcement import count_enforcement
from tracker.services.reports.measures.inspections import count_inspections
from tracker.services.reports.measures.patrols import count_patrols, count_programmes
from tracker.services.reports.measures.sites import count_sites
from tracker.services.reports.measures.works import count_works
from tracker.services.rules import places
from tracker.storage.reports.archive import seen_of
from tracker.storage.reports.measured import acts_seen, titles_of

Reader = Callable[[Session, Asked], Found]
READERS: Mapping[Owner, Reader] = {
    Owner.acts: count_acts, Owner.patrols: count_patrols, Owner.programmes: count_programmes,
    Owner.attribution: count_attribution, Owner.works: count_works, Owner.cases: count_cases,
    Owner.enforcement: count_enforcement, Owner.inspections: count_inspections, Owner.sites: count_sites,
}


@dataclass(frozen=True)
class MeasuredFigure:
    """A figure of the registry with what it comes to; `counted` None where there is no record of its kind."""

    measure: MeasureRow
    counted: Reckoned | None

    @property
    def text(self) -> str:
        """As it is printed."""
        return figure_text(self.measure.kind, self.measure.unit, self.counted)


@dataclass(frozen=True)
class ShownBehind:
    """A record behind a figure that the reader may open."""

    behind: Behind
    title: str


def asked_window(first: date, last: date, area_code: str = "", on: date | None = None,
                 params: Mapping[str, str] | None = None) -> Asked:
    """A window as it is counted: by the records of a day, today where none is given or it is still to come. Raises `Invalid`."""
    if last < first:
        raise Invalid(Say("截止日 {last} 早于起始日 {first}。", last=last, first=first), field="to")
    places.require_exact(area_code)
    today = wiring().clock.today()
    return Asked(first, last, area_code, min(on or today, today), params or {})


def measured(session: Session, measure: MeasureRow, asked: Asked) -> MeasuredFigure:
    """One figure."""
    return MeasuredFigure(measure, READERS[measure.owner](session, asked).get(measure.key))


def measures_of(owner: Owner, found: Found) -> tuple[MeasuredFigure, ...]:
    """All figures of an owner, as they were counted."""
    return tuple(MeasuredFigure(each, found.get(each.key)) for each in MEASURES if each.owner is owner)


def every_measured(session: Session, asked: Asked) -> dict[Owner, tuple[MeasuredFigure, ...]]:
    """All figures, those of an owner counted once."""
    return {owner: measures_of(owner, read(session, asked)) for owner, read in READERS.items()}


def shown_behind(session: Session, actor: Actor, behind: tuple[Behind, ...]) -> tuple[ShownBehind, ...]:
    """Of the records behind a figure those that this reader may open; the figure itself is the same for all."""
    cases = seen_of(session, actor.scope(), [each.number for each in behind if each.is_case])
    acts = acts_seen(session, scope_of(actor), [each.number for each in behind if not each.is_case and not each.is_site])
    sites = site_titles(session, actor, [each.stream for each in behind if each.is_site])
    titles = titles_of(session, cases) | acts | {stream.partition(":")[2]: name for stream, name in sites.items()}
    return tuple(ShownBehind(each, titles[each.number]) for each in behind if each.number in titles)
