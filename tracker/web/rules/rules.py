"""The rule book: every value with its history, and the form for one from a day on."""

import json

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Refusal
from tracker.domain.house.fields import Choices
from tracker.domain.house.say import Say
from tracker.domain.reports.rule_book import rule_named
from tracker.domain.rules.book import write
from tracker.services.cadence import previews
from tracker.services.house.work import wiring
from tracker.services.rules import book as rule_editing
from tracker.services.rules import rules
from tracker.services.rules.book import BookPage
from tracker.web.house.business_day import today
from tracker.web.house.drawing.filters import area_name
from tracker.web.house.drawing.languages import tr
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.refusals import Page
from tracker.web.rules.forms import AreasRuleForm, PartsRuleForm, RuleForm

DEFAULT = "default"
blueprint = Blueprint("rules", __name__, url_prefix="/settings/rules")


@blueprint.get("")
@needs(Permission.rules_manage)
def book() -> str:
    """Every line of the book with the value in force."""
    return render_template("rules/rules.html", pages=rule_editing.pages(today().on), named=named)


@blueprint.route("/<key>", methods=["GET", "POST"])
@needs(Permission.rules_manage)
def rule(key: str) -> str | Response | Page:
    """One line: its value, its history, and another value from a day on, first shown beside the old one and then set."""
    page = _book_page(key)
    form = _rule_form(page)
    if request.method == "GET":
        form.fill(page.text)
        form.effective_from.data = today().on
        return _render_page("rule", page, form)
    if act := request.form.get("act", ""):
        return _acted_page(page, form, act)
    if not form.validate():
        return _render_page("rule", page, form), 422
    try:
        if form.confirmed.data != "1":
            return _confirm_page(page, form)
        rule_editing.set_value(current_actor(), key, form.written(), form.effective_from.data, form.basis.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return _render_page("rule", page, form), refusal.status
    flash(tr(Say("“{rule}”自 {on} 起有了新的值。", rule=Say(page.rule.word), on=form.effective_from.data)), "done")
    return redirect(url_for("rules.rule", key=key))


def named(text: str) -> str:
    """A list of areas by their names."""
    return str(tr("、")).join(area_name(code) for code in json.loads(text)) or str(tr("只有本区"))


def areas_to_report(chosen: str) -> Choices:
    """The districts of the own city, the streets of the own district, and what is chosen already."""
    home, existing = wiring().home_area, rules.gazetteer().existing_on(today().on)
    near = {area.code: area.name for area in existing if area.parent_code in (home, home[:4]) and area.code != home}
    return tuple(near.items()) + tuple((code, area_name(code)) for code in json.loads(chosen) if code not in near)


def _rule_form(page: BookPage) -> RuleForm:
    if page.rule.kind == "areas":
        return AreasRuleForm().offer(areas_to_report(page.text))
    return PartsRuleForm().offer(page.rule.shape.form()) if page.rule.kind == "json" else RuleForm()


def _confirm_page(page: BookPage, form: RuleForm) -> str:
    """Both values side by side, and what the new one would do."""
    key, text, on = page.rule.key, form.written(), form.effective_from.data
    found = rule_editing.foresee(current_actor(), key, text, on, form.basis.data)
    return _render_page("rule_confirm", page, form, found=found, effects=previews.of_value(key, text, on))


def _acted_page(page: BookPage, form: RuleForm, act: str) -> str:
    """The form after one of its buttons: rows added, moved or removed, or everything as it was shipped. Nothing is set."""
    form.fill(write(page.rule, page.rule.default)) if act == DEFAULT else form.act(act)
    return _render_page("rule", page, form)


def _render_page(name: str, page: BookPage, form: RuleForm, **more: object) -> str:
    return render_template(f"rules/{name}.html", page=page, form=form, named=named, **more)


def _book_page(key: str) -> BookPage:
    wanted = rule_named(key)
    return next(page for page in rule_editing.pages(today().on) if page.rule is wanted)
