"""The limits with their history, and the form for one from a day on."""

from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Refusal
from tracker.domain.rules.limits import STAGE_WORDS
from tracker.services.cadence import previews
from tracker.services.rules import limits as limits_editing
from tracker.services.rules import rules
from tracker.web.house.business_day import today
from tracker.web.house.drawing.languages import tr
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.rules import due_words
from tracker.web.rules.forms import LimitForm

blueprint = Blueprint("limits", __name__, url_prefix="/settings/limits")


@blueprint.get("")
@needs(Permission.rules_manage)
def limits() -> str:
    """What binds today, stage by stage, and what bound before."""
    groups = [(stage, list(lines)) for stage, lines in groupby(limits_editing.lines(today().on), key=lambda line: line.stage)]
    return render_template("rules/limits.html", groups=groups, names=_source_names(), stages=STAGE_WORDS, words=due_words)


@blueprint.get("/new")
@needs(Permission.rules_manage)
def new() -> str:
    """The form; the address may name stage and source."""
    form = _limit_form()
    form.stage.data, form.source.data = request.args.get("stage") or form.stage.data, request.args.get("source", "")
    return render_template("rules/limit_new.html", form=form)


@blueprint.post("/new")
@needs(Permission.rules_manage)
def create() -> str | Response | Page:
    """First what it would do, then, confirmed, the limit itself."""
    form = _limit_form()
    if not form.validate():
        return render_template("rules/limit_new.html", form=form), 422
    try:
        if form.confirmed.data != "1":
            found = limits_editing.foresee(current_actor(), form.limit())
            return render_template("rules/limit_confirm.html", form=form, found=found, names=_source_names(), stages=STAGE_WORDS,
                                   words=due_words, effects=previews.of_limit(found.limit))
        limits_editing.set_limit(current_actor(), form.limit())
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("rules/limit_new.html", form=form), refusal.status
    flash(tr("期限已设定。正在办理的案件不变，生效日起交办的案件按新期限计。"), "done")
    return redirect(url_for("limits.limits"))


def _limit_form() -> LimitForm:
    return LimitForm().offer(tuple((source.key, source.name) for source in rules.offered_sources()), today().on)


def _source_names() -> dict[str, str]:
    return {source.key: source.name for source in rules.sources()}
