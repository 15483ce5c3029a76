"""The positive list by page: what waits for a decision, and of one site what is proposed and decided."""

from collections.abc import Callable, Mapping
from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Refusal
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.house.say import Say
from tracker.domain.sites.positive import REMOVALS
from tracker.domain.sites.sight import decides_entry, may_manage, site_scope
from tracker.services.house.work import reading
from tracker.services.inspection.rhythm import sites_behind
from tracker.services.rules import values
from tracker.services.sites import entries, positive
from tracker.storage.sites import holding, proposals, register
from tracker.storage.sites.register import SitePage
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.sites.forms import AdmitForm, ListingForm, RemovalForm, RemoveForm

blueprint = Blueprint("positive", __name__, url_prefix="/sites")
Form = ListingForm | AdmitForm | RemovalForm | RemoveForm
DAY = Given("ended_on", "最后一天", FieldKind.date, is_required=False)


@blueprint.get("/positive")
@needs(Permission.site_read)
def waiting() -> str:
    """What waits for a decision, the oldest first; and who on the list is looked at less often than the rule book asks."""
    scope = site_scope(current_actor())
    return render_template("sites/positive_waiting.html", lines=proposals.waiting(reading(), scope),
                           behind=sites_behind(reading(), scope, today().on),
                           per_year=values.number("positive_offsite_per_year", today().on),
                           reasons=dict(REMOVALS), now=today())


@blueprint.get("/<code>/positive")
@needs(Permission.site_read)
def show(code: str) -> str:
    """What may be proposed of a site, or decided."""
    found = _found_site(code)
    return _site_page(found, _form_for(found, is_empty=True))


@blueprint.post("/<code>/positive")
@needs(Permission.site_read)
def take(code: str) -> Response | Page:
    """Proposed or decided; a refusal keeps what was typed."""
    found = _found_site(code)
    form = _form_for(found, is_empty=False)
    if not form.validate():
        return _site_page(found, form), 422
    try:
        said = TAKES[type(form)](code, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _site_page(found, form), refusal.status
    flash(said, "done")
    return redirect(url_for("sites.show", code=code.upper()))


def _propose_listing(code: str, form: ListingForm) -> Say:
    positive.propose(current_actor(), code, form.ticked.data, form.ground.data or "")
    return Say("已申请纳入正面清单，请另一人审批。")


def _propose_removal(code: str, form: RemovalForm) -> Say:
    positive.propose_removal(current_actor(), code, form.reason_code.data or "", form.ground.data or "", form.record.data or "")
    return Say("已提出移出正面清单，请另一人审批。")


def _decide_admission(code: str, form: AdmitForm) -> Say:
    if form.verdict.data == "refuse":
        positive.refuse(current_actor(), code, form.reason.data or "")
    else:
        given = {name: form[name].data for name in ("number", "valid_from", "valid_to", "document_no")}
        positive.admit(current_actor(), code, given)
    return Say("已记下您的意见。")


def _decide_removal(code: str, form: RemoveForm) -> Say:
    if form.verdict.data == "keep":
        positive.keep(current_actor(), code, form.reason.data or "")
    else:
        on = read(DAY, form.ended_on.data or "")
        positive.remove(current_actor(), code, form.reason_code.data or "", form.reason.data or "",
                        on if isinstance(on, date) else None)
    return Say("已记下您的意见。")


TAKES: Mapping[type, Callable[..., Say]] = {ListingForm: _propose_listing, RemovalForm: _propose_removal,
                                            AdmitForm: _decide_admission, RemoveForm: _decide_removal}


def _found_site(code: str) -> SitePage:
    found = register.site_page(reading(), site_scope(current_actor()), code.upper())
    if found is None:
        raise entries.no_such_site(code)
    return found


def _form_for(found: SitePage, *, is_empty: bool) -> Form:
    """The form of what comes next: nothing waits and the site is listed or not, or something waits."""
    proposal = proposals.waiting_of(reading(), found.head.id)
    kinds: dict[str, type[Form]] = {"admit": AdmitForm, "remove": RemoveForm}
    if proposal is not None:
        kind = kinds[proposal.action]
    else:
        kind = ListingForm if holding.is_listed(reading(), found.head.id, today().on) is None else RemovalForm
    form = kind(formdata=None) if is_empty else kind()
    if isinstance(form, ListingForm):
        form.offer(positive.conditions(today().on))
    return form


def _site_page(found: SitePage, form: Form) -> str:
    actor, proposal = current_actor(), proposals.waiting_of(reading(), found.head.id)
    may_take = may_manage(actor, found.head.area_code) if proposal is None else (
        actor.has_in(Permission.site_decide, found.head.area_code)
        and decides_entry(actor, proposal.proposed_by_id, proposal.proposed_for_id))
    return render_template("sites/positive.html", site=found.head, form=form, proposal=proposal, may_take=may_take,
                           listed_until=holding.is_listed(reading(), found.head.id, today().on), never=date.max,
                           reasons=dict(REMOVALS), conditions=dict(positive.conditions(today().on)))
