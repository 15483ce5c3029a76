"""Patrols and their plans as their pages show them: where, who of both sides, what was found; of a plan each section and tier
with its lights."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask

from tracker.domain.acts.facts import DutyKind, DutyState
from tracker.domain.coordination import daily_patrols, patrol_plans, patrols
from tracker.domain.coordination.patrol_periods import TIERS, section_and_tier
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.fields import FieldKind, Given
from tracker.domain.territory.shapes.sections import SIDE_WORDS, TIER_WORDS
from tracker.services.coordination import patrol_register
from tracker.services.coordination.patrol_register import OwedLine
from tracker.services.coordination.patrol_sections import LineSection, may_log, sections_on, side_of
from tracker.services.house.work import reading
from tracker.storage.acts.page import ActPage, DutyLine
from tracker.storage.cases.entries import FactEntry
from tracker.web.acts import panels
from tracker.web.acts.panels import ActPanel
from tracker.web.house.business_day import today
from tracker.web.house.drawing.filters import due_light
from tracker.web.house.guard import current_actor


@dataclass(frozen=True)
class PlanCell:
    """A section and tier in a plan: how much was due and met, and what is owed now with its light."""

    due: int
    met: int
    now: DutyLine | None
    light: str
    late: int


def _told_patrol(page: ActPage, facts: tuple[FactEntry, ...]) -> Mapping[str, Any]:
    details, said = page.head.details, facts[0].details
    section = next((each for each in sections_on(reading(), page.head.began_on or today().on)
                    if each.code == details["section"]), None)
    return {"section": section, "sides": SIDE_WORDS, "tier_word": TIER_WORDS[int(details["tier"])], "details": details,
            "mode_word": dict(patrols.MODES)[details["mode"]], "said": said,
            "findings_word": dict(patrols.FINDINGS)[details["findings"]], "stretch": _stretch_told(section, details)}


def _stretch_told(section: LineSection | None, details: Mapping[str, Any]) -> str:
    if section is None:
        return f"{details['metre_from']:g}—{details['metre_to']:g}"
    return f"{section.line.told(details['metre_from'])}—{section.line.told(details['metre_to'])}"


def _told_daily(page: ActPage, facts: tuple[FactEntry, ...]) -> Mapping[str, Any]:
    corrected = [str(entry.details["text"]) for entry in facts
                 if entry.kind == daily_patrols.DailyPatrolSteps.correct.fact and entry.details.get("text")]
    return {"said": facts[0].details, "details": page.head.details, "corrected": corrected,
            "findings_word": dict(patrols.FINDINGS)[page.head.details["findings"]]}


def _told_plan(page: ActPage, facts: tuple[FactEntry, ...]) -> Mapping[str, Any]:
    sections = sections_on(reading(), today().on)
    rows: dict[tuple[str, int], list[DutyLine]] = {}
    for duty in page.duties:
        if duty.kind == DutyKind.patrol:
            rows.setdefault(section_and_tier(duty.subject), []).append(duty)
    return {"cells": {key: _cell_of(duties) for key, duties in rows.items()}, "tiers": TIERS, "tier_words": TIER_WORDS,
            "section_names": {code: next((each.shape.name for each in sections if each.code == code), code) for code, _ in rows}}


def _cell_of(duties: list[DutyLine]) -> PlanCell:
    on = today().on
    due = [duty for duty in duties if duty.due_on <= on and duty.state != DutyState.waived]
    late = [duty for duty in due if duty.state == DutyState.open and duty.due_on < on]
    now = next((duty for duty in duties if duty.starts_on <= on <= duty.due_on), None)
    is_open = now is not None and now.state == DutyState.open
    return PlanCell(len(due), sum(duty.state == DutyState.met for duty in due), now,
                    due_light(now.due_on) if now is not None and is_open else "blue", len(late))


def _offered_sections(actor: Actor, fields: tuple[Given, ...]) -> tuple[Given, ...]:
    """The sections of which this person records patrols are chosen by name."""
    found = tuple((each.code, f"{each.code} {each.shape.name}") for each in sections_on(reading(), today().on)
                  if may_log(actor, each))
    return tuple(replace(each, kind=FieldKind.choice, choices=found, hint="") if each.name == "section" and found else each
                 for each in fields)


def owed_patrols() -> tuple[tuple[OwedLine, str, str], ...]:
    """For the desk: what the posts of this person's units owe now, with its light for their side and the word of its tier."""
    actor = current_actor()
    if not actor.has(Permission.act_answer):
        return ()
    found = patrol_register.owed_by(reading(), actor, today().on)
    side = side_of(reading(), actor) if found else ""
    return tuple((each, each.light(side, today().on).value, TIER_WORDS[each.tier]) for each in found)


def register(app: Flask) -> None:
    """Hand in the panels, and what stands on the desk."""
    app.jinja_env.globals.update(owed_patrols=owed_patrols)
    panels.hand_in(app, patrols.KIND, ActPanel("acts/kinds/patrol.html", _told_patrol, offers=_offered_sections))
    panels.hand_in(app, daily_patrols.KIND, ActPanel("acts/kinds/daily_patrol.html", _told_daily))
    panels.hand_in(app, patrol_plans.KIND, ActPanel("acts/kinds/patrol_plan.html", _told_plan, shows_duties=True))
