"""The panel 归属 of a case: where it lies by the railway's fence, whose it then is and why, drawn and in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.domain.cases.belonging.fields import DISCLAIM_GROUNDS, EXTENTS, HEADINGS
from tracker.domain.cases.categories.questions import kept_answers
from tracker.domain.cases.flow import ASSIGNED, CASE_FLOW, Steps
from tracker.domain.cases.wording import step_word
from tracker.domain.house.say import Listed, Say
from tracker.domain.territory.routing import FENCE_WORDS, RoutingFacts
from tracker.domain.territory.shapes.attribution import Attribution
from tracker.domain.territory.shapes.fence_rules import CONFIDENCE, FENCES, OWNERS
from tracker.domain.territory.shapes.layers import SIDES, MapShape
from tracker.domain.territory.shapes.measures import Fence, Measures
from tracker.domain.territory.shapes.telling import paragraph
from tracker.services.territory import positions
from tracker.services.territory.shapes import places
from tracker.storage.cases.page import CasePage
from tracker.web.house.business_day import today
from tracker.web.house.drawing.filters import cn_date, cn_moment
from tracker.web.territory.shapes.sketch import Sketch, sketch_about

ANSWERS: Mapping[str, str] = {step.fact: step_word(step.name) for step in CASE_FLOW.steps.values() if step.says_whose}
GROUNDS: Mapping[str, str] = {**dict(EXTENTS), **dict(DISCLAIM_GROUNDS)}
DOUBTFUL: Mapping[Fence, str] = {Fence.on_line: "在围栏线上，分不清内外", Fence.unknown: "这一段没有画围栏"}


@dataclass(frozen=True)
class BelongingPanel:
    """What the panel shows. `before` is what the last assignment rested on, where that was something else; `measures` are lines
    of heading and text."""

    found: Attribution
    paragraph: Say
    confidence: str
    sketch: Sketch
    measures: tuple[tuple[str, str], ...]
    before: Say | None
    before_at: datetime | None


@dataclass(frozen=True)
class AnswerLine:
    """What a unit that was asked has answered: the word, by whom and when; nothing yet where `at` is None."""

    unit: str
    word: str
    at: datetime | None = None
    by: str = ""
    because: str = ""


@dataclass(frozen=True)
class AskedUnits:
    """Whom a case was sent down to, what each said, and what is known of the place: lines of heading and text."""

    answers: tuple[AnswerLine, ...]
    place: tuple[tuple[str, str], ...]
    doubt: Say | None


def asked_of_units(page: CasePage) -> AskedUnits | None:
    """The answers of the units that the case was last sent down to; None where it never was."""
    sent = next((at for at in reversed(range(len(page.facts))) if page.facts[at].kind == Steps.send_down.fact), None)
    place = tuple(_place_told(page))
    if sent is None:
        return AskedUnits((), place, None) if place else None
    answers = {unit: AnswerLine(page.units.get(unit, "—"), "还没有答复") for unit in page.facts[sent].details["asked_unit_ids"]}
    doubt: Say | None = None
    for entry in page.facts[sent + 1:]:
        if entry.kind in ANSWERS:
            because = "逾期没有答复" if entry.kind == Steps.presume.fact else GROUNDS.get(
                str(entry.details.get("reason_code") or entry.details.get("extent")), "")
            answers |= {unit: AnswerLine(page.units.get(unit, "—"), ANSWERS[entry.kind], entry.at, entry.told_by, because)
                        for unit in entry.details.get("unit_ids") or () if unit in answers}
        elif entry.kind == Steps.recheck.fact:
            doubt = _doubt_of(entry.details)
    return AskedUnits(tuple(answers.values()), place, doubt)


def _doubt_of(said: Mapping[str, Any]) -> Say | None:
    if not said.get("is_doubtful"):
        return None
    return Say("复核位置离发现位置 {metres} 米，请核对是不是同一处。", metres=said["apart_metres"])


def _place_told(page: CasePage) -> Iterator[tuple[str, str]]:
    """Where it was seen along the line, and when somebody was on the spot."""
    said = page.place_beside
    mileage = " — ".join(filter(None, (said.get("mileage"), said.get("mileage_to"))))
    if said.get("line") or mileage:
        yield "线路里程", Say("{line} {mileage} {side}", line=said.get("line", ""), mileage=mileage,
                          side=Say(SIDES[said["side"]]) if said.get("side") else "")
    seen = [*filter(None, (said.get("train_no"), Say(HEADINGS[said["heading"]]) if said.get("heading") else ""))]
    if seen:
        yield "车次和方向", Listed(seen)
    flown = [*filter(None, (said.get("flight_no"), said.get("flown_by")))]
    if flown:
        yield "架次和飞行单位", Listed(flown)
    if said.get("rechecked_at"):
        yield "现场复核", cn_moment(datetime.fromisoformat(said["rechecked_at"]))
    if page.head.confirm_due_on is not None:
        yield "确认归属时限", cn_date(page.head.confirm_due_on)


def belonging_of(page: CasePage) -> BelongingPanel | None:
    """The panel of a case that lies near a line; None for every other."""
    head = page.head
    if head.lat is None or head.lng is None:
        return None
    text = f"{head.title}\n{head.description}"
    facts = RoutingFacts(frozenset(page.categories), head.area_code, text, kept_answers(head.answers))
    found = places.near_railway(places.place_of(head, facts), today().on)
    if found is None:
        return None
    lat, lng = positions.on_the_map(head.lat, head.lng, head.datum)
    each = found.measures
    shapes = places.rules_on(today().on).ground.shapes.values()
    reach = max((each.fence_metres or 0.0), (each.line_metres or 0.0))
    said, at = _rested_on(page, found)
    return BelongingPanel(found, paragraph(found.why), CONFIDENCE[found.confidence],
                          sketch_about(shapes, lat, lng, each.error, reach),
                     tuple(_measures_told(found)), said, at)


def _rested_on(page: CasePage, found: Attribution) -> tuple[Say | None, datetime | None]:
    """What the last assignment rested on, where the same place is another's today."""
    for entry in reversed(page.facts):
        told: Any = entry.details.get("attribution")
        if entry.kind in ASSIGNED and isinstance(told, dict):
            is_same = (told.get("rule"), told.get("lead")) == (found.rule, found.lead)
            why: Sequence[str] = told.get("why") or ()
            return (None, None) if is_same else (paragraph([each if isinstance(each, Say) else Say("{text}", text=each)
                                                            for each in why]), entry.at)
    return None, None


def _measures_told(found: Attribution) -> list[tuple[str, str]]:
    each = found.measures
    lines: list[tuple[str, str | None]] = [
        ("规则", Say("{rule}：{fence}，产权登记{owners}", rule=found.rule, fence=Say(FENCES[_fence_key(each)]),
                   owners=Say(OWNERS[each.owner_class]))),
        ("围栏", _fence_told(each)), ("线路", _line_told(each)),
        ("误差", Say("{error:g} 米以内不分内外", error=each.error)),
        ("沿线范围", Say("城区 {metres:g} 米" if each.is_built_up else "农村 {metres:g} 米", metres=each.corridor)),
        ("段落", _shape_told(each.section) if each.section else None),
        ("产权登记", Listed(_shape_told(shape) for shape in each.owners) if each.owners else Say("无记录")),
        ("登记时注明", Say(FENCE_WORDS[found.reported]) if found.reported else None)]
    return [(word, text) for word, text in lines if text is not None]


def _shape_told(shape: MapShape) -> Say:
    return Say("{name}（{code}）", name=shape.name, code=shape.code)


def _line_told(each: Measures) -> Say | None:
    if each.line is None or each.line_metres is None:
        return None
    return Say("{line} {mileage} {side}，离线路 {metres:.1f} 米", line=each.line.name, mileage=each.mileage,
               side=Say(SIDES.get(each.side, "")), metres=each.line_metres)


def _fence_key(each: Measures) -> str:
    return "doubtful" if each.fence in (Fence.on_line, Fence.unknown) else each.fence.value


def _fence_told(each: Measures) -> Say:
    word = Say(DOUBTFUL.get(each.fence) or FENCE_WORDS[each.fence.value])
    if each.fence_shape is None or each.fence_metres is None:
        return word
    return Say("{word}，离围栏线 {metres:.1f} 米（{name}）", word=word, metres=each.fence_metres, name=each.fence_shape.name)
