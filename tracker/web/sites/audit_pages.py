"""Audits of cleaner production by page: the list, one with its days and schemes."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import NotFound, Refusal
from tracker.domain.house.say import Say
from tracker.domain.sites.audits import SCHEME_KINDS, STAGES, late_with
from tracker.domain.sites.sight import site_scope
from tracker.services.house.work import reading
from tracker.services.sites import audits
from tracker.storage.sites.audits import CleanerAudit, audit_lines, schemes_of
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.sites.forms import AuditForm, SchemeForm

blueprint = Blueprint("audits", __name__, url_prefix="/sites/audits")


@blueprint.get("")
@needs(Permission.site_read)
def listing() -> str:
    """The audits that this person sees, and the form of a new one."""
    return _list_page(AuditForm(formdata=None, data={"code": request.args.get("site", "")}))


@blueprint.post("")
@needs(Permission.site_manage)
def record() -> Response | Page:
    """A new audit; a refused one keeps what was typed."""
    form = AuditForm()
    if not form.validate():
        return _list_page(form), 422
    try:
        audit_id = audits.record_audit(current_actor(), form.code.data or "", {**form.given(), "is_new": True})
    except Refusal as refusal:
        form.refuse(refusal)
        return _list_page(form), refusal.status
    return _on_to(audit_id, Say("已登记审核。"))


@blueprint.get("/<int:audit_id>")
@needs(Permission.site_read)
def show(audit_id: int) -> str:
    """One audit."""
    found = _audit_of(audit_id)
    return _audit_page(found, _filled_form(found), SchemeForm(formdata=None))


@blueprint.post("/<int:audit_id>")
@needs(Permission.site_manage)
def change(audit_id: int) -> Response | Page:
    """More days of an audit."""
    found, form = _audit_of(audit_id), AuditForm()
    del form.code
    del form.year
    try:
        audits.record_audit(current_actor(), found.code, {**form.given(), "year": found.year})
    except Refusal as refusal:
        form.refuse(refusal)
        return _audit_page(found, form, SchemeForm(formdata=None)), refusal.status
    return _on_to(audit_id, Say("已改。"))


@blueprint.post("/<int:audit_id>/schemes")
@needs(Permission.site_manage)
def add(audit_id: int) -> Response | Page:
    """One more scheme."""
    found, form = _audit_of(audit_id), SchemeForm()
    if not form.validate():
        return _audit_page(found, _filled_form(found), form), 422
    try:
        audits.add_scheme(current_actor(), audit_id, form.given())
    except Refusal as refusal:
        form.refuse(refusal)
        return _audit_page(found, _filled_form(found), form), refusal.status
    return _on_to(audit_id, Say("已登记方案。"))


@blueprint.post("/<int:audit_id>/schemes/<int:n>/void")
@needs(Permission.site_manage)
def void(audit_id: int, n: int) -> Response | Page:
    """A scheme void from today."""
    found, form = _audit_of(audit_id), SchemeForm(formdata=None)
    try:
        audits.void_scheme(current_actor(), audit_id, n, request.form.get("reason", ""))
    except Refusal as refusal:
        form.refuse(refusal)
        return _audit_page(found, _filled_form(found), form), refusal.status
    return _on_to(audit_id, Say("方案已作废。"))


def _audit_of(audit_id: int) -> CleanerAudit:
    found = audit_lines(reading(), site_scope(current_actor()), audit_id=audit_id)
    if not found:
        raise NotFound("没有这次审核，或您无权查看。")
    return found[0]


def _filled_form(found: CleanerAudit) -> AuditForm:
    days = {name: day.isoformat() for name, _ in STAGES if (day := getattr(found, name)) is not None}
    form = AuditForm(formdata=None, data={**days, "is_mandatory": found.is_mandatory})
    del form.code
    del form.year
    return form


def _on_to(audit_id: int, said: Say) -> Response:
    flash(said, "done")
    return redirect(url_for("audits.show", audit_id=audit_id))


def _list_page(form: AuditForm) -> str:
    on = today().on
    lines = audit_lines(reading(), site_scope(current_actor()))
    return render_template("sites/audits.html", lines=lines, form=form, stages=dict(STAGES),
                           late={line.id: late_with(line.listed_on, line.started_on, line.reported_on, on) for line in lines},
                           may_manage=current_actor().has(Permission.site_manage))


def _audit_page(found: CleanerAudit, form: AuditForm, scheme: SchemeForm) -> str:
    return render_template("sites/audit.html", audit=found, form=form, scheme=scheme, kinds=dict(SCHEME_KINDS),
                           stages=STAGES, schemes=schemes_of(reading(), found.id),
                           late=late_with(found.listed_on, found.started_on, found.reported_on, today().on),
                           may_manage=current_actor().has(Permission.site_manage))
