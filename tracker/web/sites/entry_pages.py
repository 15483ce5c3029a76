"""Entries of a site: one more in a register, one that follows another, and the end of one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Invalid, NotFound, Refusal
from tracker.domain.house.say import Say
from tracker.domain.sites.entries import ONE_DAY
from tracker.domain.sites.registers import REGISTERS, Register, SiteRegister
from tracker.domain.sites.sight import site_scope
from tracker.services.house.work import reading
from tracker.services.sites import entering, entries
from tracker.storage.sites import register
from tracker.storage.sites.register import EntryLine, SitePage
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.sites.forms import EndEntryForm, EntryForm

blueprint = Blueprint("site_entries", __name__, url_prefix="/sites/<code>/entries")


@blueprint.get("/new")
@needs(Permission.site_manage)
def new(code: str) -> str:
    """The form of an entry; of one that follows another with what stays the same."""
    found, renewed = _found_site(code), _renewed_entry(code)
    before = {} if renewed is None else {"number": renewed.number, "value": renewed.value, **renewed.payload,
                                         "valid_from": (renewed.last_on + ONE_DAY).isoformat() if renewed.last_on else ""}
    row = _asked_register(renewed)
    return _entry_page(found, row, EntryForm(formdata=None, data=before).ask(row), renewed)


@blueprint.post("/new")
@needs(Permission.site_manage)
def enter(code: str) -> Response | Page:
    """An entry entered; a refused one keeps what was typed."""
    found, renewed = _found_site(code), _renewed_entry(code)
    row = _asked_register(renewed)
    form = EntryForm().ask(row)
    if not form.validate():
        return _entry_page(found, row, form, renewed), 422
    try:
        if renewed is None:
            entering.enter(current_actor(), code, row.code, form.given())
        else:
            entering.renew(current_actor(), code, renewed.id, form.given())
    except Refusal as refusal:
        form.refuse(refusal)
        return _entry_page(found, row, form, renewed), refusal.status
    return _on_to(code, Say("已登记{word}。", word=Say(row.word)))


@blueprint.get("/<int:entry_id>/end")
@needs(Permission.site_manage)
def ending(code: str, entry_id: int) -> str:
    """The form that ends an entry."""
    return _ending_page(_found_site(code), _entry_of(code, entry_id), EndEntryForm(formdata=None))


@blueprint.post("/<int:entry_id>/end")
@needs(Permission.site_manage)
def end(code: str, entry_id: int) -> Response | Page:
    """An entry ended; a refusal keeps what was typed."""
    found, entry, form = _found_site(code), _entry_of(code, entry_id), EndEntryForm()
    if not form.validate():
        return _ending_page(found, entry, form), 422
    try:
        entering.end(current_actor(), code, entry_id, form.ground.data, form.last_day(), form.reason.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return _ending_page(found, entry, form), refusal.status
    return _on_to(code, Say("已终止。"))


def _found_site(code: str) -> SitePage:
    found = register.site_page(reading(), site_scope(current_actor()), code.upper())
    if found is None:
        raise entries.no_such_site(code)
    return found


def entry_at(code: str, entry_id: int) -> tuple[SitePage, EntryLine]:
    """A site with one of its entries that a form enters. Raises `NotFound`."""
    return _found_site(code), _entry_of(code, entry_id)


def _entry_of(code: str, entry_id: int) -> EntryLine:
    found = next((each for each in _found_site(code).entries if each.id == entry_id), None)
    if found is None or not REGISTERS[SiteRegister(found.register)].is_entered:
        raise NotFound("没有这一条，或不能在这里终止。")
    return found


def _renewed_entry(code: str) -> EntryLine | None:
    asked = request.args.get("renews", "")
    return _entry_of(code, int(asked)) if asked.isdecimal() and len(asked) < 15 else None


def _asked_register(renewed: EntryLine | None) -> Register:
    asked = renewed.register if renewed is not None else request.args.get("register", "")
    row = REGISTERS.get(SiteRegister(asked)) if asked in {each.value for each in SiteRegister} else None
    if row is None or not row.is_entered:
        raise Invalid("请从监管对象的页面选要登记的台账。", field="register")
    return row


def _on_to(code: str, said: Say) -> Response:
    flash(said, "done")
    return redirect(url_for("sites.show", code=code.upper()))


def _entry_page(found: SitePage, row: Register, form: EntryForm, renewed: EntryLine | None) -> str:
    return render_template("sites/entry.html", site=found.head, register=row, form=form, renewed=renewed)


def _ending_page(found: SitePage, entry: EntryLine, form: EndEntryForm) -> str:
    return render_template("sites/end.html", site=found.head, entry=entry, register=REGISTERS[SiteRegister(entry.register)],
                           form=form)
