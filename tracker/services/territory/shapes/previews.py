"""What a draft of shapes would change: whose open cases the rules would give to whom, before and after. Nothing is written, and
no case moves."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from tracker.domain.cases.categories.questions import kept_answers
from tracker.domain.cases.facts import OPEN
from tracker.domain.house.say import Say
from tracker.domain.territory.routing import RoutingFacts
from tracker.domain.territory.shapes.layers import Layer, MapShape, Overlap
from tracker.domain.territory.shapes.tangent import metres_a_degree
from tracker.services.territory.shapes import checking, places
from tracker.services.territory.shapes.ground import box_around, made_ready, shapes_of_set, shapes_on, with_draft
from tracker.services.territory.shapes.places import RailPlace, Suggested
from tracker.storage.cases.cases import Case, CaseCategory
from tracker.storage.territory.shapes import ShapeSet

PORTION = 500
SHIFT = 0.01  # degrees by which a datum may put a point elsewhere
# Of these layers a new version may move cases that lie far from what is drawn.
FAR_REACHING = (Layer.line, Layer.section)


@dataclass(frozen=True)
class SuggestionChange:
    """An open case whose suggestion would be another: the rule and the lead, before and after."""

    number: str
    title: str
    was_rule: str
    was_lead: str
    now_rule: str
    now_lead: str


@dataclass(frozen=True)
class ShapePreview:
    """What a draft comes to on its first day."""

    on: date
    looked_at: int
    changes: tuple[SuggestionChange, ...]
    overlaps: tuple[Overlap, ...]
    faults: tuple[Say, ...] = ()  # of the sections of a line


def preview(session: Session, found: ShapeSet, on: date) -> ShapePreview:
    """The draft against what would hold on that day without it, over the open cases within its reach."""
    before, draft = shapes_on(session, on), shapes_of_set(session, found.id)
    judged = places.rules_on(on)
    then = replace(judged, ground=made_ready(before))
    now = replace(judged, ground=made_ready(with_draft(before, draft)))
    changes, count = list[SuggestionChange](), 0
    for number, title, place, facts in _open_cases(session, before, draft, judged.bounds.rural):
        count += 1
        was, will = (_suggestion_told(places.suggested(place, facts, on, rules)) for rules in (then, now))
        if was != will:
            changes.append(SuggestionChange(number, title, *was, *will))
    return ShapePreview(on, count, tuple(changes), tuple(checking.overlaps_of(draft, before, Layer(found.layer))),
                        tuple(checking.faults_of_sections(draft, before, Layer(found.layer))))


def _suggestion_told(found: Suggested | None) -> tuple[str, str]:
    if found is None:
        return "", ""
    return found.attribution.rule if found.attribution is not None else "A0", found.lead


def _open_cases(session: Session, before: tuple[MapShape, ...], draft: tuple[MapShape, ...], reach: float
                ) -> Iterator[tuple[str, str, RailPlace, RoutingFacts]]:
    replaced = {shape.code for shape in draft}
    touched = [*draft, *(shape for shape in before if shape.code in replaced)]
    if any(shape.layer in FAR_REACHING or not shape.points for shape in touched):
        touched += [shape for shape in (*before, *draft) if shape.layer is Layer.line]
    ids = list(session.scalars(select(Case.id).where(Case.state.in_(OPEN), *_within_reach(touched, reach)).order_by(Case.id)))
    columns = select(Case.id, Case.number, Case.title, Case.description, Case.area_code, Case.answers, Case.lat, Case.lng,
                     Case.datum, Case.accuracy_metres, Case.located_by)
    for at in range(0, len(ids), PORTION):
        part = ids[at:at + PORTION]
        kinds: dict[int, set[str]] = {}
        for case_id, category in session.execute(
                select(CaseCategory.case_id, CaseCategory.category).where(CaseCategory.case_id.in_(part))):
            kinds.setdefault(case_id, set()).add(category)
        for row in session.execute(columns.where(Case.id.in_(part)).order_by(Case.id)):
            facts = RoutingFacts(frozenset(kinds.get(row.id, ())), row.area_code, f"{row.title}\n{row.description}",
                                 kept_answers(row.answers))
            place = RailPlace(row.lat, row.lng, row.datum, row.accuracy_metres, row.located_by, row.area_code, facts.categories,
                              facts.text, facts.answers)
            yield row.number, row.title, place, facts


def _within_reach(touched: list[MapShape], reach: float) -> tuple[ColumnElement[bool], ...]:
    box = box_around(touched)
    if box is None:
        return (Case.lat.is_not(None),)
    west, south, east, north = box
    across, along = metres_a_degree((south + north) / 2)
    return (Case.lat.between(south - reach / along - SHIFT, north + reach / along + SHIFT),
            Case.lng.between(west - reach / across - SHIFT, east + reach / across + SHIFT))
