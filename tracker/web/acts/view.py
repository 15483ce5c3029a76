"""Everything that the page of an act tells this reader: what it is tied to as far as they see it, and what they may do."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tracker.domain.acts.wording import DUTY_STEPS
from tracker.domain.house.actor import EVERYTHING, Actor, Permission, Scope
from tracker.domain.rules.limits import Stage
from tracker.services.acts import access, duties, parties, steps
from tracker.services.acts.sites import site_titles
from tracker.services.house.work import reading, wiring
from tracker.storage.acts import register
from tracker.storage.acts.page import ActPage
from tracker.storage.cases import titles
from tracker.storage.cases.entries import entries
from tracker.web.acts.panels import panel_of
from tracker.web.acts.timeline import sentences


def told_on(actor: Actor, page: ActPage, on: date) -> Mapping[str, Any]:
    """The same of an act as it stood at the end of a day: nothing can be done there."""
    head, session, targets = page.head, reading(), [link.target for link in page.links]
    flow, until = access.flow_of(head.kind), wiring().clock.end_of(on)
    facts = [each for each in entries(session, head.stream) if each.at < until]
    cases = titles.titles_of(session, _scope_of(actor, page), targets)
    acts = register.titles_of(session, access.scope_of(actor), targets)
    return {"page": page, "act": head, "flow": flow, "panel": None, "cases": cases, "acts": acts,
            "sites": site_titles(session, actor, targets), "stages": Stage, "as_of": on, "open_steps": (), "closed_steps": (),
            "may_open_cases": actor.has(Permission.case_read),
            "duty_offers": {}, "timeline": sentences(flow, facts, titles.unit_names(session), {*cases, *acts})}


def _scope_of(actor: Actor, page: ActPage) -> Scope:
    """Of which cases the act names the title: those that its reader sees; who reads no cases sees those of the acts in which they
    may take a step."""
    is_theirs = any(actor.has_in(each, page.head.area_code) for each in access.flow_of(page.head.kind).permissions)
    return EVERYTHING if is_theirs and not actor.has(Permission.case_read) else actor.scope()


def told_of(actor: Actor, page: ActPage) -> Mapping[str, Any]:
    """What the template needs."""
    head, session, targets = page.head, reading(), [link.target for link in page.links]
    flow, facts, offers = access.flow_of(head.kind), entries(session, head.stream), steps.offered(actor, page)
    cases = titles.titles_of(session, _scope_of(actor, page), targets)
    acts = register.titles_of(session, access.scope_of(actor), targets)
    sites = site_titles(session, actor, targets)
    panel = panel_of(head.kind)
    more = panel.told(page, facts) if panel is not None else {}
    return {
        "page": page, "act": head, "flow": flow, "panel": panel, "cases": cases, "acts": acts, "sites": sites,
        "duty_steps": DUTY_STEPS, "may_open_cases": actor.has(Permission.case_read),
        "may_know_person": parties.may_know(actor, page),
        "stages": Stage, "step_links": {}, "open_steps": [each for each in offers if each.why is None],
        "closed_steps": [each for each in offers if each.why is not None],
        "duty_offers": {duty.position: [step.name for step, why in duties.offered(actor, page, duty) if why is None]
                        for duty in page.duties},
        "timeline": sentences(flow, facts, titles.unit_names(session), {*cases, *acts}), **more,
    }
