"""The responsibility list to write: a new draft, giving it up, a line taken out, what it would change, putting it in force."""

from contextlib import suppress

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import NotFound, Refusal
from tracker.domain.house.say import Say
from tracker.domain.territory.responsibility import asks_told
from tracker.services.house.work import reading
from tracker.services.territory.lists import counts, previews, versions
from tracker.services.territory.lists import matrix as matrices
from tracker.storage.territory.territory import RuleList
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs, needs_sign_in
from tracker.web.house.refusals import Page
from tracker.web.territory.lists.forms import ActivateForm, ListDraftForm
from tracker.web.territory.lists.pages import blueprint, day_asked, wanted_version, words


@blueprint.route("/draft", methods=["GET", "POST"])
@needs(Permission.list_manage)
def draft() -> str | Response | Page:
    """A new draft, as a copy or empty."""
    known = [each.number for each in versions.all_versions(reading())]
    now = versions.in_force(reading(), today().on)
    form = ListDraftForm(data={"title": now.title if now else versions.TITLE, "copied_from": str(now.number) if now else "0"}
                         ).offer(known)
    if request.method == "GET":
        return render_template("territory/lists/draft.html", form=form)
    if not form.validate():
        return render_template("territory/lists/draft.html", form=form), 422
    try:
        number = versions.draft(current_actor(), form.order())
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("territory/lists/draft.html", form=form), refusal.status
    flash(Say("第 {number} 版草稿已拟。改好各条后，请调度员或区领导看过试算再启用。", number=number), "done")
    return redirect(url_for("rule_lists.matrix", version=number))


@blueprint.route("/<int:version>/drop", methods=["GET", "POST"])
@needs(Permission.list_manage)
def drop(version: int) -> str | Response:
    """Give up a draft, asked again first."""
    found = _draft_asked(version)
    if request.method == "GET":
        return render_template("territory/lists/drop.html", version=found, count=len(versions.rules_of(reading(), found)))
    versions.drop(current_actor(), version)
    flash(Say("第 {number} 版草稿已作废。", number=version), "done")
    return redirect(url_for("rule_lists.matrix"))


@blueprint.route("/<int:version>/lines/<int:line>/remove", methods=["GET", "POST"])
@needs(Permission.list_manage)
def remove(version: int, line: int) -> str | Response:
    """Take a line out of a draft, asked again first."""
    found = _draft_asked(version)
    rule = next((each for each in versions.rules_of(reading(), found) if each.number == line), None)
    if rule is None:
        raise NotFound("没有找到这个页面，或您无权查看。")
    if request.method == "GET":
        return render_template("territory/lists/remove.html", version=found, rule=rule, words=words(), asks_told=asks_told)
    versions.remove_line(current_actor(), version, line)
    flash(Say("第 {number} 条已从草稿删去。", number=line), "done")
    return redirect(url_for("rule_lists.matrix", version=version))


@blueprint.get("/<int:version>/preview")
@needs_sign_in
def preview(version: int) -> str:
    """What a draft would change, on a first day; nothing is written."""
    found, on = _draft_asked(version), day_asked("on", "起用日", today().on)
    form = ActivateForm(formdata=None, data={"first_day": on.isoformat(), "seen": str(found.edits)})
    return _preview_page(found, form)


@blueprint.post("/<int:version>/activate")
@needs(Permission.list_activate)
def activate(version: int) -> str | Response | Page:
    """Put it in force; a refused one shows the preview again with what was typed."""
    found, form = _draft_asked(version), ActivateForm()
    try:
        versions.activate(current_actor(), form.order(version))
    except Refusal as refusal:
        form.refuse(refusal)
        if refusal.code == "stale":
            form.seen.data = str(found.edits)
        return _preview_page(found, form), refusal.status
    flash(Say("责任清单第 {number} 版自 {day} 起用。在办案件不动，以后交办按新清单建议。", number=version, day=form.day()), "done")
    return redirect(url_for("rule_lists.matrix", version=version))


def _draft_asked(number: int) -> RuleList:
    """A draft that is still open, for who may see it. Raises `NotFound`."""
    found = wanted_version(number)
    if found is None or found.activated_at is not None or found.dropped_at is not None or not matrices.may_judge(current_actor()):
        raise NotFound("没有找到这个页面，或您无权查看。")
    return found


def _preview_page(version: RuleList, form: ActivateForm) -> str:
    session, on = reading(), today().on
    with suppress(Refusal):  # a bad day is said at its field; meanwhile it is looked at as of today
        on = max(form.day(), on)
    lines = versions.rules_of(session, version)
    found = previews.preview(session, version, lines, on)
    numbers = {number for move in found.effect.moves for number in (*move.open, *move.recent)}
    return render_template(
        "territory/lists/preview.html", version=version, form=form, found=found, words=words(), asks_told=asks_told,
        units=matrices.unit_names(session), seen=counts.may_open(current_actor(), session, numbers), lines=lines,
        matter_said=previews.matter_said, refusal=versions.why_not_activate(current_actor(), version))
