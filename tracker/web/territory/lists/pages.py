"""The responsibility list to read: the table, one line, a try, one unit's share, files, and what came of it."""

from datetime import date
from io import BytesIO
from typing import Any

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import NotFound
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.territory.responsibility import asks_told
from tracker.domain.territory.routing import FENCE_WORDS
from tracker.services.house.work import reading
from tracker.services.people.taken_out import note_export
from tracker.services.rules import rules
from tracker.services.rules.categories import categories
from tracker.services.territory.lists import counts, papers, versions
from tracker.services.territory.lists import matrix as matrices
from tracker.services.territory.lists.previews import places_on
from tracker.storage.territory.territory import RuleList
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs_sign_in
from tracker.web.territory.lists.forms import TryForm

blueprint = Blueprint("rule_lists", __name__, url_prefix="/territory/list")
KINDS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
         "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


def day_asked(name: str, word: str, otherwise: date) -> date:
    """A day of the address. Raises `Invalid` for what is none."""
    found = read(Given(name, word, FieldKind.date, is_required=False), request.args.get(name, ""))
    return found if isinstance(found, date) else otherwise


def words() -> dict[str, str]:
    """The words of areas and categories, by code."""
    return {area.code: area.name for area in rules.gazetteer().areas} | dict(categories().names)


def _line_words() -> dict[str, Any]:
    """What turns lines into words."""
    return {"units": matrices.unit_names(reading()), "words": words(), "asks_told": asks_told}


def wanted_version(number: int | None = None) -> RuleList | None:
    """The version that the address asks for, or the one in force."""
    asked = request.args.get("version", "")
    number = number if number is not None else int(asked) if asked.isdigit() and len(asked) < 9 else None
    return matrices.version_for(current_actor(), reading(), number, day_asked("on", "日期", today().on))


@blueprint.get("", endpoint="matrix")
@needs_sign_in
def show_matrix() -> str:
    """Matters against places and units, as of any day, and all versions."""
    actor, session, on = current_actor(), reading(), day_asked("on", "日期", today().on)
    version, asked = wanted_version(), {name: request.args.get(name, "")[:60] for name in ("side", "place", "unit")}
    asked["side"] *= asked["side"] in FENCE_WORDS
    table = version and matrices.matrix(session, version, max(on, version.valid_from or on), **asked)
    return render_template(
        "territory/lists/matrix.html", version=version, table=table, asked=asked, on=on, fence_words=FENCE_WORDS,
        versions=matrices.versions_for(actor, session), draft=versions.open_draft(session), places=places_on(on),
        own=matrices.own_unit(actor, session),
        may_draft=actor.has(Permission.list_manage), may_judge=matrices.may_judge(actor), **_line_words())


@blueprint.get("/<int:version>/lines/<int:line>")
@needs_sign_in
def line(version: int, line: int) -> str:
    """One line: what it asks, who answers, on what ground."""
    found = wanted_version(version)
    rule = next((each for each in versions.rules_of(reading(), found) if each.number == line), None) if found else None
    if found is None or rule is None:
        raise NotFound("没有找到这个页面，或您无权查看。")
    is_draft = found.activated_at is None and found.dropped_at is None
    return render_template("territory/lists/line.html", version=found, rule=rule, **_line_words(),
                           may_edit=is_draft and current_actor().has(Permission.list_manage))


@blueprint.get("/try")
@needs_sign_in
def try_out() -> str:
    """A place and a problem typed: whom a case would go to, and why."""
    version, form = wanted_version(), TryForm(request.args, meta={"csrf": False}).offer(places_on(today().on))
    is_asked, found = "said" in request.args and form.validate(), None
    if is_asked and version is not None:
        found = matrices.tried(reading(), version, max(today().on, version.valid_from or today().on), form.category.data,
                               form.area_code.data, form.said.data or "", form.answers())
    return render_template("territory/lists/try.html", version=version, form=form, is_asked=is_asked, found=found,
                           units=matrices.unit_names(reading()))


@blueprint.get("/units/<code>")
@needs_sign_in
def share(code: str) -> str:
    """What one unit answers for, to print."""
    on, spoken = day_asked("on", "日期", today().on), _line_words()
    if code not in spoken["units"]:
        raise NotFound("没有找到这个页面，或您无权查看。")
    version = wanted_version()
    part = version and matrices.share_of(reading(), version, max(on, version.valid_from or on), code)
    return render_template("territory/lists/share.html", version=version, part=part, code=code, **spoken)


@blueprint.get("/<int:version>/file.<any(xlsx, docx):kind>")
@needs_sign_in
def paper(version: int, kind: str) -> Response:
    """The list as a paper, or as a workbook that comes back."""
    found = wanted_version(version)
    assert found is not None
    called, content = papers.workbook(found) if kind == "xlsx" else papers.paper(reading(), found)
    count = len(versions.rules_of(reading(), found))
    note_export(current_actor(), "list", count, kind, {"key": str(version)})
    return send_file(BytesIO(content), mimetype=KINDS[kind], as_attachment=True, download_name=called)


@blueprint.get("/counts", endpoint="counts")
@needs_sign_in
def show_counts() -> str:
    """Cases by clause within some days, and how often the dispatcher chose another."""
    if not matrices.may_judge(current_actor()):
        raise NotFound("没有找到这个页面，或您无权查看。")
    first, last = day_asked("first", "自", today().on.replace(day=1)), day_asked("last", "至", today().on)
    found = counts.counted(current_actor(), reading(), first, max(first, last))
    return render_template("territory/lists/counts.html", found=found)
