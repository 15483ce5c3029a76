"""The rule book: every value with its history, and the form for one from a day on."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.actor import Permission
from tracker.domain.errors import Refusal
from tracker.domain.rule_book import rule_named
from tracker.services import rule_editing
from tracker.services.rule_editing import Page as BookPage
from tracker.web.forms.rules import LongRuleForm, RuleForm
from tracker.web.guard import current_actor, needs
from tracker.web.languages import tr
from tracker.web.refusals import Page
from tracker.web.today import today

blueprint = Blueprint("rules", __name__, url_prefix="/settings/rules")


@blueprint.get("")
@needs(Permission.rules_manage)
def book() -> str:
    """Every line of the book with the value in force."""
    return render_template("settings/rules.html", pages=rule_editing.pages(today().on))


@blueprint.route("/<key>", methods=["GET", "POST"])
@needs(Permission.rules_manage)
def rule(key: str) -> str | Response | Page:
    """One line: its value, its history, and another value from a day on, first shown beside the old one and then set."""
    page, form = _page(key), (LongRuleForm if rule_named(key).kind == "json" else RuleForm)()
    if request.method == "GET":
        form.value.data, form.effective_from.data = page.text, today().on
        return render_template("settings/rule.html", page=page, form=form)
    if not form.validate():
        return render_template("settings/rule.html", page=page, form=form), 422
    said = key, form.value.data, form.effective_from.data, form.basis.data
    try:
        if form.confirmed.data != "1":
            return render_template("settings/rule_confirm.html", page=page, form=form, found=rule_editing.foresee(current_actor(), *said))
        rule_editing.set_value(current_actor(), *said)
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("settings/rule.html", page=page, form=form), refusal.status
    flash(tr(f"“{page.rule.word}”自 {form.effective_from.data} 起有了新的值。"), "done")
    return redirect(url_for("rules.rule", key=key))


def _page(key: str) -> BookPage:
    wanted = rule_named(key)
    return next(page for page in rule_editing.pages(today().on) if page.rule is wanted)
