"""Supervised sites: the list, one with its entries, its class proposed by one and decided by another."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Refusal
from tracker.domain.house.say import Say
from tracker.domain.sites.entries import end_light
from tracker.domain.sites.registers import (
    CLASS_WORDS,
    END_WORDS,
    GROUNDS,
    REGISTERS,
    REPORT_KINDS,
    SITE_KINDS,
    SITE_LIGHTS,
    STATUS_WORDS,
    SiteRegister,
)
from tracker.domain.sites.sight import decides_entry, may_manage, site_scope
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.acts import access
from tracker.services.house.work import reading, wiring
from tracker.services.rules import rules
from tracker.services.sites import entries
from tracker.storage.acts.register import linked_to
from tracker.storage.enforcement.letters import broken_letters
from tracker.storage.inspection.looks import last_looks
from tracker.storage.sites import holding, register
from tracker.storage.sites import listing as listing_rows
from tracker.storage.sites.listing import SiteFilters
from tracker.storage.sites.register import SitePage
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.sites.forms import DecideClassForm, ProposeClassForm

LIGHTS = {"green": "正常", "yellow": "将到期", "red": "应延续未延续", "blue": "已延续或注销"}
blueprint = Blueprint("sites", __name__, url_prefix="/sites")
WORDS = {"kinds": dict(SITE_KINDS), "classes": dict(CLASS_WORDS), "statuses": dict(STATUS_WORDS), "grounds": dict(GROUNDS)}


@blueprint.get("")
@needs(Permission.site_read)
def listing() -> str:
    """The sites that this person sees, by their codes."""
    actor, on, filters = current_actor(), today().on, _asked_filters()
    scope = site_scope(actor)
    found = listing_rows.page(reading(), scope, filters, on, request.args.get("after", "")[:20])
    looks = last_looks(reading(), [line.code for line in found.lines])
    return render_template("sites/list.html", filters=filters, page=found, looks=looks, on=on,
                           units=listing_rows.units_named(reading(), scope, on), areas=_areas_within(on),
                           registers={code.value: row.word for code, row in REGISTERS.items() if not row.follows},
                           lights=SITE_LIGHTS, may_manage=actor.has(Permission.site_manage),
                           may_import=actor.has(Permission.site_import), **WORDS)


def _asked_filters() -> SiteFilters:
    asked = request.args
    lists = {code.value for code, row in REGISTERS.items() if not row.follows}
    return SiteFilters(
        asked.get("q", "").strip()[:80], _known_code(asked.get("kind", ""), WORDS["kinds"]),
        _known_code(asked.get("class", ""), WORDS["classes"]), _known_code(asked.get("status", ""), WORDS["statuses"]),
        asked.get("waits") == "1", asked.get("area", "") if asked.get("area", "").isalnum() else "", asked.get("unit", "")[:40],
        asked.get("trade", "").strip().upper()[:5], asked.get("register", "") if asked.get("register") in lists else "",
        asked.get("light", "") if asked.get("light") in SITE_LIGHTS else "")


def _areas_within(on: date) -> tuple[tuple[str, str], ...]:
    """The areas by which this person may narrow the list: those of the district that they see."""
    home, scope = wiring().home_area, site_scope(current_actor())
    return tuple((each.code, each.name) for each in rules.gazetteer().everything_in(home) if each.exists_on(on)
                 and (scope.unit_ids or any(each.code.startswith(area) for area in scope.areas)))


@blueprint.get("/<code>")
@needs(Permission.site_read)
def show(code: str) -> str:
    """One site."""
    form = ProposeClassForm(formdata=None, data={"valid_from": today().on.isoformat()})
    return _site_page(_found_site(code), form, DecideClassForm(formdata=None))


@blueprint.post("/<code>/class")
@needs(Permission.site_manage)
def propose(code: str) -> Response | Page:
    """A class proposed; a refused one keeps what was typed."""
    found, form = _found_site(code), ProposeClassForm()
    if not form.validate():
        return _site_page(found, form, DecideClassForm(formdata=None)), 422
    try:
        entries.propose_class(current_actor(), code, form.value.data, form.grounds.data, form.ground.data or "",
                              valid_from=form.first_day(), document_no=form.document_no.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return _site_page(found, form, DecideClassForm(formdata=None)), refusal.status
    return _on_to(code, Say("已提出分类，请区领导确认。"))


@blueprint.post("/<code>/decision")
@needs(Permission.site_decide)
def decide(code: str) -> Response | Page:
    """The proposal accepted or refused."""
    found, form = _found_site(code), DecideClassForm()
    if not form.validate():
        return _site_page(found, ProposeClassForm(formdata=None), form), 422
    try:
        entries.decide_class(current_actor(), code, form.verdict.data == "accept", form.reason.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return _site_page(found, ProposeClassForm(formdata=None), form), refusal.status
    return _on_to(code, Say("已记下您的意见。"))


def _known_code(code: str, words: dict[str, str]) -> str:
    return code if code in words else ""


def _on_to(code: str, said: Say) -> Response:
    flash(said, "done")
    return redirect(url_for("sites.show", code=code.upper()))


def _found_site(code: str) -> SitePage:
    found = register.site_page(reading(), site_scope(current_actor()), code.upper())
    if found is None:
        raise entries.no_such_site(code)
    return found


def _asked_day() -> date:
    """The day as of which the entries are shown; today where none was asked for that is one."""
    try:
        return date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return today().on


def _end_lights(found: SitePage, on: date) -> dict[int, str]:
    """The light of each permit and registration on a day."""
    numbers = [(each.register, each.number, each.valid_from) for each in found.entries if each.is_accepted]
    return {each.id: end_light(SiteRegister(each.register), each.valid_to, on=on, is_followed=each.ended_on is not None or any(
        register == each.register and number == each.number and first > each.valid_from for register, number, first in numbers))
        for each in found.entries if each.is_accepted}


def _broken_letters(found: SitePage) -> set[int]:
    """Of its letters those that were broken."""
    has_letters = any(each.register == SiteRegister.commitment for each in found.entries)
    lines = broken_letters(reading(), site_scope(current_actor()), found.head.code) if has_letters else ()
    return {each.letter_id for each in lines}


def _site_page(found: SitePage, form: ProposeClassForm, decision: DecideClassForm) -> str:
    actor, head, on = current_actor(), found.head, _asked_day()
    waiting = next((each for each in found.entries if each.register == SiteRegister.site_class and each.decided_at is None), None)
    return render_template(
        "sites/show.html", site=head, page=found, form=form, decision=decision, waiting=waiting, registers=REGISTERS,
        on=on, today_on=today().on, is_today=on == today().on,
        held=holding.held_entries(reading(), head.id, on), end_words=END_WORDS,
        report_words=dict(REPORT_KINDS), end_lights=_end_lights(found, on), light_words=LIGHTS,
        broken=_broken_letters(found),
        last_look=last_looks(reading(), [head.code]).get(head.code),
        acts=linked_to(reading(), access.scope_of(actor), f"site:{head.code}"), flows=ACT_FLOWS,
        may_manage=may_manage(actor, head.area_code),
        may_decide=waiting is not None and actor.has_in(Permission.site_decide, head.area_code)
        and decides_entry(actor, waiting.recorded_by_id, waiting.recorded_for_id), **WORDS)
