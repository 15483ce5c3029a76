"""Every table of master data: its list, one row, what happened to it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.errors import NotFound, Refusal
from tracker.domain.house.master import MasterTable, cell_text, shown_cell
from tracker.domain.house.say import Say
from tracker.services.house.master import history, rows
from tracker.services.house.work import reading
from tracker.services.people.signing.links import PasswordLink
from tracker.web.house import guard
from tracker.web.house.business_day import today
from tracker.web.house.drawing.languages import tr
from tracker.web.house.guard import current_actor, needs_sign_in, requires_fresh
from tracker.web.house.master.forms import MasterForm, form_for, with_present
from tracker.web.house.refusals import Page

blueprint = Blueprint("master", __name__, url_prefix="/settings/master")


@blueprint.get("")
@needs_sign_in
def tables() -> str:
    """The tables that this person may edit, or read."""
    found = rows.masters_of(current_actor(), to_read=True)
    _read_only_unless(bool(rows.masters_of(current_actor())))
    if not found:
        raise NotFound("没有找到这个页面，或您无权查看。")
    counted = [(each.table, len(rows.all_rows(each, reading()))) for each in found]
    return render_template("house/master/tables.html", tables=counted)


@blueprint.get("/<name>")
@needs_sign_in
def listing(name: str) -> str:
    """Every row, the ended ones marked."""
    master = rows.master_for(current_actor(), name, to_read=True)
    _read_only_unless(current_actor().has(master.table.permission))
    table, q = rows.table_today(master, reading()), request.args.get("q", "").strip()[:60]
    found = [(key, row) for key, row in rows.all_rows(master, reading()).items()
             if not q or any(q.casefold() in shown_cell(each, row.get(each.name)).casefold() for each in table.fields)]
    return render_template("house/master/list.html", table=table, rows=found, q=q, shown=shown_cell, today_on=today().on)


def asks_fresh() -> bool:
    """Whether this table is one that is written only by who shows again that it is them."""
    known = {each.table.name for each in rows.masters_of(current_actor()) if each.table.asks_fresh}
    return request.method == "POST" and (request.view_args or {}).get("name") in known


@blueprint.route("/<name>/new", methods=["GET", "POST"])
@requires_fresh(asks_fresh)
@needs_sign_in
def new(name: str) -> str | Response | Page:
    """A new row."""
    master = rows.master_for(current_actor(), name)
    form = form_for(rows.table_today(master, reading()), is_new=True)
    if request.method == "GET":
        if form.table.ends_by and "valid_from" in form:
            form["valid_from"].data = today().on
        return _form_page(form, None)
    return _answer_of(form, name, None)


@blueprint.route("/<name>/row", methods=["GET", "POST"])
@requires_fresh(asks_fresh)
@needs_sign_in
def row(name: str) -> str | Response | Page:
    """One row, named by `key`."""
    master, key = rows.master_for(current_actor(), name), request.args.get("key", "")
    found = rows.row_named(master, reading(), key)
    form = form_for(with_present(rows.table_today(master, reading()), found), is_new=False)
    if request.method == "GET":
        form.fill(found)
        form.seen.data = rows.marks_written(rows.marks_of(form.table, found))
        return _form_page(form, key)
    return _answer_of(form, name, key)


@blueprint.get("/<name>/history")
@needs_sign_in
def past(name: str) -> str:
    """What happened to a row."""
    key = request.args.get("key", "")
    lines = history.history_of(current_actor(), name, key)
    table = rows.master_for(current_actor(), name, to_read=True).table
    _read_only_unless(current_actor().has(table.permission))
    return render_template("house/master/history.html", table=table, key=key, lines=lines)


def _read_only_unless(may_write: bool) -> None:
    if not may_write:
        guard.read_only()


def _answer_of(form: MasterForm, name: str, key: str | None) -> str | Response | Page:
    """The row written; first, where it does more than it says, what else it does."""
    given, seen = form.given(is_new=key is None), rows.marks_read(form.seen.data)
    try:
        if form.confirmed.data != "1":
            found = rows.foresee(current_actor(), name, key, given, seen)
            if found.effects:
                form.confirmed.data = "1"
                return _form_page(form, key, found)
        written = rows.save_row(current_actor(), name, key, given, seen=seen)
    except Refusal as refusal:
        form.refuse(refusal)
        form.confirmed.data = ""
        return _form_page(form, key), refusal.status
    if isinstance(written.handed_out, PasswordLink):
        return render_template("people/slip.html", link=written.handed_out)
    flash(tr(Say("“{table}”已保存。", table=Say(form.table.word))), "done")
    return redirect(url_for("master.listing", name=form.table.name))


def _form_page(form: MasterForm, key: str | None, found: rows.ForeseenEdit | None = None) -> str:
    fixed = _fixed_cells(form.table, key) if key is not None else ()
    return render_template("house/master/form.html", form=form, table=form.table, key=key, fixed=fixed, found=found)


def _fixed_cells(table: MasterTable, key: str) -> tuple[tuple[str, str], ...]:
    found = rows.row_named(rows.master_for(current_actor(), table.name), reading(), key)
    return tuple((each.word, shown_cell(each, found.get(each.name))) for each in table.fields
                 if each.is_fixed and cell_text(found.get(each.name)))
