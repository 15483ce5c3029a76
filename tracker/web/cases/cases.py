"""The register, one case, and a new one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.cases.facts import CaseState, Why
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.step_fields import MEETING_OUTCOMES
from tracker.domain.cases.step_rows import StepGroup
from tracker.domain.house.actor import Actor, Permission, Role
from tracker.domain.house.errors import Refusal
from tracker.domain.house.masking import names_in
from tracker.domain.house.say import Say
from tracker.services.acts.access import scope_of
from tracker.services.cases import intake, steps
from tracker.services.cases.intake import RegisterOrder
from tracker.services.cases.outside import noted
from tracker.services.cases.steps import Outcome
from tracker.services.cases.works.sheets import sheet_by
from tracker.services.coordination.operations import register_found
from tracker.services.house.work import reading
from tracker.services.rules import values
from tracker.services.rules.categories import categories
from tracker.storage.cases import page as case_page
from tracker.storage.cases.page import Head
from tracker.storage.cases.register import register
from tracker.storage.cases.register.register import Filters
from tracker.storage.coordination.agendas import Ties, ties_of
from tracker.web.acts.found import found_acts, told_acts
from tracker.web.cases.likeness import tell_doubt, tell_likely
from tracker.web.cases.register.forms import RegisterForm, form_of
from tracker.web.cases.register.map_page import credit
from tracker.web.cases.register.tools import tools_of
from tracker.web.cases.register.view import chips_of, choices_of, counted, tabs_of
from tracker.web.cases.view import told_of
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.kept_files import asks_for_more
from tracker.web.house.refusals import Page
from tracker.web.house.script_answers import Told, wants_json

BUTTONS, MOST_ACTS = tuple(StepGroup), 50
blueprint = Blueprint("cases", __name__, url_prefix="/cases")


@blueprint.get("", endpoint="register")
@needs(Permission.case_read)
def show_register() -> str:
    """The register under the filters of the address."""
    scope, now = current_actor().scope(), today()
    filters = Filters.from_args(request.args)
    choices = choices_of(scope)
    page = register.page(reading(), scope, filters, now.bounds, request.args.get("after", ""))
    counts = counted(scope, filters, now.bounds, page.last_fact)
    tools = tools_of(current_actor(), filters, page.lines, request.args)
    return render_template(
        "cases/list.html", filters=filters, page=page, choices=choices, tools=tools, tabs=tabs_of(filters, counts, tools.cols),
        chips=chips_of(filters, choices), shown=sum(counts.get(s, 0) for s in filters.state or CaseState),
        is_first=not request.args.get("after"), types=tuple(categories().shown_on(now.on).items()),
        acts_found=found_acts(current_actor(), filters.q) if filters.q and not request.args.get("after") else None,
    )


@blueprint.get("/<number>")
@needs(Permission.case_read)
def show(number: str) -> str:
    """One case: what it is, where it stands, what happened, what may be done."""
    actor, now = current_actor(), today()
    page = case_page.case_page(reading(), actor.scope(), number)
    ties = _ties_of(actor, page.head)
    if "new" in request.args:
        tell_likely(actor, number)
    most_returns, most_extensions = (values.number(key, now.on) for key in ("most_returns", "most_extensions"))
    offers = steps.offers(actor, page.facts_of_law(now.on, most_returns, most_extensions, sheet_by(page.works)))
    return render_template(
        "cases/show.html", **told_of(page, actor.scope()),
        acts_found=told_acts(ties.lines[:MOST_ACTS]),
        may_download=actor.has(Permission.case_evidence),
        open_steps=sorted((o for o in offers if o.why is None),
                          key=lambda offer: BUTTONS.index(CASE_FLOW.steps[offer.name].group)),
        closed_steps=[o for o in offers if o.why not in (None, Why.no_permission)], meetings=ties.items,
        meeting_outcomes=dict(MEETING_OUTCOMES),
    )


def _ties_of(actor: Actor, head: Head) -> Ties:
    """The acts that it is tied to, for who reads acts."""
    is_asked = head.is_tied and actor.has(Permission.act_read)
    return ties_of(reading(), scope_of(actor), head.stream) if is_asked else Ties()


@blueprint.get("/new")
@needs(Permission.case_register)
def new() -> str:
    """The empty form."""
    form = _register_form()
    if Role.inspector in current_actor().roles:
        form.propose_patrol()
    if number := request.args.get("operation", ""):
        form.propose_operation(number)
    return render_template("cases/new.html", form=form, ground=credit())


@blueprint.post("/new")
@needs(Permission.case_register)
def create() -> Response | Page | Told:
    """Put the case on the register."""
    form = _register_form()
    if asks_for_more():
        return _form_again(form, 200)
    form.fill_from_train()
    if not form.validate():
        return _form_again(form, 422)
    try:
        order, outcome = _register_case(current_actor(), form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _form_again(form, refusal.status, refusal.code)
    _tell_outcome(order, outcome, form.reporter().name)
    return redirect(_after_registering(outcome, has_news=not any(request.form.get(each) for each in ("is_quiet", "near_seen"))))


def _register_case(actor: Actor, form: RegisterForm) -> tuple[RegisterOrder, Outcome]:
    files = form.uploads()
    order = noted.completed(actor, form.order(), files=[each.client_id or None for each in files], begun=form.found_at.data or "")
    more = {"uploads": files, "reporter": form.reporter(), "is_from_reporter": form.is_from_reporter.data}
    if number := form.operation.data:
        return order, register_found(actor, number, order, **more)
    return order, intake.register(actor, order, **more)


def _tell_outcome(order: RegisterOrder, outcome: Outcome, reporter_name: str) -> None:
    """The number; what is odd about the point and the source's number; and that who was recorded under no name is hidden in no
    text."""
    flash(Say("已登记，编号 {outcome_number}。下一步：等待调度员交办。", outcome_number=outcome.number), "done")
    tell_doubt(order)
    if outcome.doubt is not None:
        flash(outcome.doubt, "warn")
    if reporter_name.strip() and not names_in(reporter_name):
        flash("所填的举报人姓名不能识别为姓名，文字中不作替换；电话等号码照样隐去。", "warn")


def _form_again(form: RegisterForm, status: int, code: str = "invalid") -> Page | Told:
    """The form with what was typed and the files that came; a script is told what is wrong."""
    if wants_json():
        return form.told_troubles(status, code)
    form.keep_files(current_actor())
    return render_template("cases/new.html", form=form, ground=credit()), status


def _after_registering(outcome: Outcome, *, has_news: bool) -> str:
    """The case, where its registrar may see it; else the desk. A page that has news looks for likely twins."""
    number, scope = outcome.number, current_actor().scope()
    is_theirs = scope.covers(outcome.jurisdiction) or case_page.is_visible(reading(), scope, number)
    return url_for("cases.show", number=number, new="1" if has_news else None) if is_theirs else url_for("home.desk")


def _register_form() -> RegisterForm:
    choices = choices_of(current_actor().scope())
    return form_of(request).offer(choices.sources, choices.areas)
