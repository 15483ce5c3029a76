"""Deeds of a case that waits to be confirmed: units are asked, somebody looks on the spot, the units answer."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from tracker.domain.cases.belonging.candidates import CandidateAnswers, UnitAnswer
from tracker.domain.cases.belonging.fields import CANDIDATES, CHECKED_AT, MOST_CANDIDATES, POINT
from tracker.domain.cases.columns import CaseChanges
from tracker.domain.cases.flow import FIRST, Steps
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.domain.rules.limits import Stage
from tracker.domain.territory.positions import Datum
from tracker.domain.territory.routing import FENCE, FENCE_WORDS, RoutingFacts
from tracker.domain.territory.shapes.attribution import Attribution
from tracker.domain.territory.shapes.fence_rules import SILENCE_RULE
from tracker.services.cases.assigning import suggested_route
from tracker.services.cases.belonging import positions
from tracker.services.cases.belonging.positions import SpotPoint, Stretch
from tracker.services.cases.effects import Doing, Effect, step_deed, unit_named
from tracker.services.rules import values
from tracker.services.territory import positions as map_positions
from tracker.services.territory.shapes import places
from tracker.storage.cases.cases import CaseCategory
from tracker.storage.house import ledger

ONE_MINUTE = timedelta(minutes=1)  # times on the spot are told to the minute


@step_deed(Steps.send_down.name)
def send_down(doing: Doing) -> Effect:
    """One to four units are asked whose it is, and have a day for it. What the map proposes is kept beside whom the dispatcher
    chose."""
    names = doing.given[CANDIDATES.name]
    assert isinstance(names, Sequence)
    units = {unit.id: unit for unit in (unit_named(doing.work, str(name), doing.today, CANDIDATES.name) for name in names)}
    if len(units) > MOST_CANDIDATES:
        raise Invalid(Say("候选单位最多 {most} 家，现为 {count} 家。", most=MOST_CANDIDATES, count=len(units)), field=CANDIDATES.name)
    suggestion = suggested_route(doing.work.session, doing.case, doing.today)
    found = suggestion.attribution if suggestion is not None else None
    changes: CaseChanges = {"candidates": {str(unit): None for unit in sorted(units)},
                            "confirm_due_on": doing.due(Stage.confirm).on}
    if place := {**doing.case.place_beside, **positions.place_found(found)}:
        changes["place_beside"] = place
    return Effect(changes, {"asked_unit_ids": sorted(units)} | _proposal_told(found) | doing.texts("reason"))


def _proposal_told(found: Attribution | None) -> dict[str, object]:
    return {} if found is None else {"attribution": found.told(), "routing": places.said_of(found)}


@step_deed(Steps.recheck.name)
def recheck(doing: Doing) -> Effect:
    """Somebody was on the spot: the place is put right, the old one stays in the facts before, and the map is asked again."""
    if not doing.evidence:
        raise Invalid("请附上现场照片。", field="files")
    at, case = _moment_on_spot(doing), doing.case
    point, stretch = _place_on_spot(doing)
    changes: CaseChanges = {}
    if point is not None:
        changes |= {"lat": point.lat, "lng": point.lng, "datum": Datum.wgs84.value, "accuracy_metres": point.accuracy,
                    "located_by": point.located_by.value}
    found = _attribution_at(doing, point)
    place = {**case.place_beside, **(stretch.told() if stretch is not None else {}), **positions.place_found(found),
             "rechecked_at": at}
    if found is None or place.get("fence") == "unknown":
        place["fence"] = doing.code("fence_seen")
    changes["place_beside"] = place
    before = {name: getattr(case, name) for name in ("lat", "lng", "accuracy_metres") if getattr(case, name) is not None}
    details = {"from": before, **_apart_from(doing, point, stretch), **_proposal_told(found), "evidence": doing.evidence}
    return Effect(changes, details | doing.texts("onsite_at", "fence_seen", "owner_seen", "text", "onsite_place", "mileage",
                                                 "side"))


def _moment_on_spot(doing: Doing) -> datetime:
    """When it was looked at: not in the future, and not before it was found."""
    clock, name = doing.work.clock, CHECKED_AT.name
    at = datetime.strptime(str(doing.given[name]), "%Y-%m-%d %H:%M").replace(tzinfo=doing.work.wiring.zone)
    if at > clock.now() + ONE_MINUTE:
        raise Invalid(Say("现场复核时间 {at} 在将来。", at=str(doing.given[name])), field=name)
    found = _moment_found(doing)
    if at + ONE_MINUTE <= found:
        raise Invalid(Say("现场复核时间 {at} 早于发现问题的时间 {found}。", at=str(doing.given[name]),
                          found=f"{clock.local(found):%Y-%m-%d %H:%M}"), field=name)
    return at


def _moment_found(doing: Doing) -> datetime:
    """When the issue was found, as its first fact says; else when it was received."""
    first = ledger.stream_of(doing.work.session, doing.case.stream)[0]
    assert first.kind == FIRST
    said, clock = first.payload.get("found_at"), doing.work.clock
    if said:
        return datetime.fromisoformat(str(said))
    if clock.local(doing.case.registered_at).date() == doing.case.received_on:
        return doing.case.registered_at
    return datetime.combine(doing.case.received_on, datetime.min.time(), doing.work.wiring.zone)


def _place_on_spot(doing: Doing) -> tuple[SpotPoint | None, Stretch | None]:
    said = {name: str(doing.given.get(name) or "") for name in ("line", "mileage", "side")}
    typed = str(doing.given.get(POINT.name) or "")
    stretch = None
    if any(said.values()):
        said["line"] = said["line"] or str(doing.case.place_beside.get("line", ""))
        stretch = positions.read_stretch(said, doing.today, positions.usual_error(doing.case.channel, doing.today))
    if typed:
        return positions.read_point(typed, POINT.name), stretch
    return (stretch.point if stretch is not None else None), stretch


def _attribution_at(doing: Doing, point: SpotPoint | None) -> Attribution | None:
    """Whose it is where it was found to lie; None where there is no map, or no point."""
    if point is None:
        return None
    case, seen = doing.case, doing.code("fence_seen")
    types = frozenset(doing.work.session.scalars(select(CaseCategory.category).where(CaseCategory.case_id == case.id)))
    answers = {FENCE: seen} if seen in FENCE_WORDS else {}
    facts = RoutingFacts(types, case.area_code, f"{case.title}\n{case.description}", answers)
    place = places.RailPlace(point.lat, point.lng, Datum.wgs84.value, point.accuracy, point.located_by.value, facts.area_code,
                             facts.categories, facts.text, facts.answers)
    return places.near_railway(place, doing.today)


def _apart_from(doing: Doing, point: SpotPoint | None, stretch: Stretch | None) -> dict[str, object]:
    """How far from where it was found first, and that this is odd where it is far."""
    case, metres = doing.case, None
    known = case.place_beside.get("metre")
    if point is not None and case.lat is not None and case.lng is not None:
        metres = map_positions.metres_apart(case.lat, case.lng, case.datum, point.lat, point.lng, Datum.wgs84.value)
    elif stretch is not None and stretch.metre is not None and isinstance(known, float):
        metres = abs(stretch.metre - known)
    if metres is None:
        return {}
    return {"apart_metres": round(metres), "is_doubtful": positions.is_far_apart(metres, doing.today)}


@step_deed(Steps.claim.name)
def claim(doing: Doing) -> Effect:
    """The unit says that it is its own, whole or together with the others."""
    return Effect({"candidates": _answers_with(doing, UnitAnswer.claim)}, _who_answered(doing) | doing.texts("extent", "reason"))


@step_deed(Steps.disclaim.name)
def disclaim(doing: Doing) -> Effect:
    """The unit says that it is not, and on what ground."""
    return Effect({"candidates": _answers_with(doing, UnitAnswer.disclaim)},
                  _who_answered(doing) | {"evidence": doing.evidence} | doing.texts("reason_code", "reason"))


@step_deed(Steps.presume.name)
def presume(doing: Doing) -> Effect:
    """Who gave no answer in time is taken to have claimed it, where the office has a paper that says so."""
    paper = silence_paper(doing.today)
    if paper is None:
        raise Invalid("“沉默视为认领”没有启用。")
    silent = doing.facts.belonging.units_that("")
    answers = {unit: UnitAnswer.claim.value if int(unit) in silent else said for unit, said in doing.case.candidates.items()}
    return Effect({"candidates": answers}, {"unit_ids": list(silent), "confirm_due_on": str(doing.facts.belonging.due_on),
                                            "document_no": paper})


def silence_paper(on: date) -> str | None:
    """The number of the paper by which silence counts as a claim on a day; None where it does not."""
    rule: Any = values.value(SILENCE_RULE, on)
    return str(rule["document_no"]) if rule["is_on"] else None


def _answers_with(doing: Doing, answer: UnitAnswer) -> CandidateAnswers:
    """The answers with that of the actor's own unit, or of each of theirs that was asked."""
    mine = set(doing.actor.unit_line)
    return {unit: answer.value if int(unit) in mine else said for unit, said in doing.case.candidates.items()}


def _who_answered(doing: Doing) -> dict[str, object]:
    return {"unit_ids": [unit for unit in doing.facts.belonging.unit_ids if unit in doing.actor.unit_line]}
