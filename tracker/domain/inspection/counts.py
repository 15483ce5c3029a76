"""What inspections and draws come to in a window, by what their facts had told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.inspection.inspections import InspectionMode, InspectionOrigin


@dataclass(frozen=True)
class InspectionDone:
    """An inspection that was done: of which site, when, how and why, and the cases that came of it."""

    number: str
    on: date
    site: str
    mode: str
    origin: str
    cases: tuple[str, ...]

    @property
    def is_off_site(self) -> bool:
        """Whether nobody went there."""
        return self.mode == InspectionMode.off_site

    @property
    def is_drawn_visit(self) -> bool:
        """Whether somebody went there because it was drawn."""
        return self.origin == InspectionOrigin.draw and not self.is_off_site


@dataclass(frozen=True)
class DrawProgress:
    """A draw of a quarter: whether it is closed, and of its inspections those that ended and all."""

    number: str
    is_closed: bool
    ended: tuple[str, ...]
    every: tuple[str, ...]


def first_of_each_site(done: Iterable[InspectionDone]) -> tuple[str, ...]:
    """Of each site its first inspection: one record for each site."""
    first: dict[str, str] = {}
    for each in sorted(done, key=lambda one: (one.on, one.number)):
        first.setdefault(each.site, each.number)
    return tuple(first.values())


def covered_classes(done: Sequence[InspectionDone], classes: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Of each class of the list of a day the first visit to each of its sites that was drawn."""
    return {site_class: first_of_each_site(each for each in done if each.is_drawn_visit and classes.get(each.site) == site_class)
            for site_class in sorted(set(classes.values()))}
