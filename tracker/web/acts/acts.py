"""Acts of every kind: one list, one page, one form for each step."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.acts.duty_flow import DUTY_FLOW
from tracker.domain.acts.facts import ActWhy, DutyState
from tracker.domain.acts.step_rows import ActFlow
from tracker.domain.acts.wording import DUTY_KINDS, DUTY_STATES, DUTY_STEPS, LINK_ROLES
from tracker.domain.house.actor import EVERYTHING, Actor, Permission, Role
from tracker.domain.house.errors import NotAllowed, NotFound, Refusal
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.house.say import Say
from tracker.domain.rules.limits import STAGE_WORDS
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.acts import access, duties, exporting, parties, steps, then
from tracker.services.acts.steps import ActOffer
from tracker.services.house.caching import until_next_fact
from tracker.services.house.work import reading
from tracker.storage.acts import register
from tracker.storage.acts.acts import FAR
from tracker.storage.acts.page import ActPage, DutyLine
from tracker.storage.acts.register import ActFilters, ActLine
from tracker.storage.cases.register.register import last_fact
from tracker.storage.people import people
from tracker.web.acts.panels import narrowed_offer, said_in_list, told_before
from tracker.web.acts.view import told_of, told_on
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.kept_files import asks_for_more
from tracker.web.house.refusals import Page
from tracker.web.house.script_answers import Told, wants_json
from tracker.web.house.steps.forms import StepForm, StepOptions, step_form
from tracker.web.house.whole_files import whole_file

blueprint = Blueprint("acts", __name__, url_prefix="/acts")
AS_OF = Given("on", "截至日期", FieldKind.date)
PREFILLED = (FieldKind.number, FieldKind.text, FieldKind.choice, FieldKind.date)
WORDS: dict[str, Any] = {"flows": ACT_FLOWS, "FAR": FAR, "duty_states": DUTY_STATES, "duty_kinds": DUTY_KINDS,
                         "link_roles": {role.value: word for role, word in LINK_ROLES.items()}, "stage_words": STAGE_WORDS}

KIND_WORDS = tuple((flow.kind, flow.word) for flow in ACT_FLOWS.values())


@blueprint.get("", endpoint="acts")
@needs(Permission.act_read)
def show_list() -> str:
    """The acts that this person reads, by what is owed next."""
    actor, filters = current_actor(), _asked_filters()
    scope = access.scope_of(actor)
    page = register.page(reading(), scope, filters, request.args.get("after", "")[:40])
    newest = last_fact(reading()) if page.last_fact is None else page.last_fact
    counts = until_next_fact("act_counts", (scope, filters), newest, lambda: register.counts(reading(), scope, filters))
    sorts = dict(ACT_FLOWS[filters.kind].subkinds) if filters.kind else {}
    return render_template("acts/list.html", filters=filters, page=page, counts=tuple(sorted(counts.items())), sorts=sorts,
                           tails=_tails_of(page.lines, sorts), zip=zip, may_export=actor.has(Permission.case_export),
                           said=said_in_list(filters.kind, [line.id for line in page.lines]),
                           openable=_beginnings_of(actor), kind_words=KIND_WORDS, **WORDS)


def _tails_of(lines: Sequence[ActLine], sorts: Mapping[str, str]) -> list[tuple[object, ...]]:
    """What the cells behind the title of each line are made of; in a list of one kind that has several sorts they say which."""
    words = {shown: _words_shown(*shown) for shown in {(line.kind, line.state) for line in lines}}
    return [(sorts.get(line.subkind, "—") if sorts else words[line.kind, line.state][0], bool(sorts),
             words[line.kind, line.state][1], line.area, line.unit, line.began_on,
             None if line.list_due_on == FAR else line.list_due_on) for line in lines]


def _beginnings_of(actor: Actor) -> tuple[tuple[str, str], ...]:
    """The acts that this person may begin, each with the word of its first step."""
    return tuple((kind, ACT_FLOWS[kind].word_of_step(ACT_FLOWS[kind].opening.name)) for kind in steps.openable_kinds(actor))


def _words_shown(kind: str, state: str) -> tuple[str, str]:
    """What a list says of its acts once, and not line by line."""
    return ACT_FLOWS[kind].word, ACT_FLOWS[kind].word_of_state(state)


@blueprint.get("/export.xlsx")
@needs(Permission.case_export)
def export() -> Response:
    """What the list shows, as a workbook."""
    return whole_file(lambda path: exporting.export_acts(current_actor(), path, _asked_filters()), "xlsx",
                      f"{exporting.TITLE}_{today().on}")


@blueprint.get("/<number>")
@needs(Permission.act_read)
def show(number: str) -> str:
    """One act: what it is, what is owed, what may be done, what happened; or how it stood at the end of a day."""
    if request.args.get("on"):
        on = read(AS_OF, request.args["on"])
        assert isinstance(on, date)
        page = then.page_on(current_actor(), number, on)
        return render_template("acts/show.html", **told_on(current_actor(), page, on), **WORDS)
    return render_template("acts/show.html", **told_of(current_actor(), access.page_for(current_actor(), number)), **WORDS)


@blueprint.post("/<number>/person")
@needs(Permission.act_read)
def person(number: str) -> Response:
    """The page with the name of the person who is its party; who reads it is told by a fact."""
    actor = current_actor()
    name = parties.reveal(actor, number)
    response = make_response(render_template("acts/show.html", **told_of(actor, access.page_for(actor, number)), **WORDS,
                                             person_name=name))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.route("/new/<kind>", methods=["GET", "POST"])
@needs(Permission.act_read)
def begin(kind: str) -> str | Response | Page | Told:
    """The form with which an act of a kind begins."""
    actor, flow = current_actor(), access.flow_of(kind)
    offer = narrowed_offer(actor, kind, steps.openable(actor, flow))
    _require_open(offer)
    form = step_form(offer.given, _options_for(actor, offer.given))
    if request.method == "GET":
        return _form_page(_prefilled_form(form, offer), offer, flow, None)
    if asks_for_more() or not form.validate():
        return _form_again(form, offer, flow, None, 200 if asks_for_more() else 422)
    try:
        done = steps.begin(actor, kind, form.raw(), uploads=form.uploads())
    except Refusal as refusal:
        form.refuse(refusal)
        return _form_again(form, offer, flow, None, refusal.status, refusal.code)
    return _on_to(done.number, Say("{number} 已登记。", number=done.number))


@blueprint.route("/<number>/steps/<step>", methods=["GET", "POST"])
@needs(Permission.act_read)
def take(number: str, step: str) -> str | Response | Page | Told:
    """The form of a step; a refusal shows it again with everything that was typed."""
    actor, page = current_actor(), access.page_for(current_actor(), number)
    flow = access.flow_of(page.head.kind)
    offer = narrowed_offer(actor, page.head.kind, _offer_named(actor, page, flow, step))
    form = step_form(offer.given, _options_for(actor, offer.given))
    if request.method == "GET":
        _require_open(offer)
        return _first_form(form, offer, flow, page)
    if asks_for_more() or not form.validate():
        return _form_again(form, offer, flow, page, 200 if asks_for_more() else 422)
    try:
        steps.take(actor, number, step, form.raw(), seq=form.seen(), uploads=form.uploads())
    except Refusal as refusal:
        form.refuse(refusal)
        return _form_again(form, offer, flow, page, refusal.status, refusal.code)
    return _on_to(page.head.number, Say("{number} 已“{word}”。", number=page.head.number, word=Say(offer.word)))


@blueprint.route("/<number>/duties/<int:position>/<step>", methods=["GET", "POST"])
@needs(Permission.act_read)
def duty(number: str, position: int, step: str) -> str | Response | Page | Told:
    """The form of a step of a duty."""
    actor, page = current_actor(), access.page_for(current_actor(), number)
    flow, line = access.flow_of(page.head.kind), _duty_at(page, position)
    offer = _duty_offer(actor, page, line, step)
    form = step_form(offer.given, _options_for(actor, offer.given))
    if request.method == "GET":
        _require_open(offer)
        return _first_form(form, offer, flow, page, line)
    if asks_for_more() or not form.validate():
        return _form_again(form, offer, flow, page, 200 if asks_for_more() else 422, duty=line)
    try:
        duties.take(actor, number, position, step, form.raw(), seq=form.seen(), uploads=form.uploads())
    except Refusal as refusal:
        form.refuse(refusal)
        return _form_again(form, offer, flow, page, refusal.status, refusal.code, duty=line)
    return _on_to(page.head.number, Say("第 {position} 项应办已“{word}”。", position=position, word=Say(offer.word)))


def _asked_filters() -> ActFilters:
    kind = request.args.get("kind", "")
    return ActFilters(kind if kind in ACT_FLOWS else "", request.args.get("state", "")[:20], request.args.get("over") == "1",
                      request.args.get("q", "").strip()[:80])


def _on_to(number: str, said: Say) -> Response:
    flash(said, "done")
    return redirect(url_for("acts.show", number=number))


def _offer_named(actor: Actor, page: ActPage, flow: ActFlow, step: str) -> ActOffer:
    """The step as it stands on this act now; one that does not start from here is closed, and its form keeps what was typed."""
    known = flow.lifecycle.steps.get(step)
    if known is None or known.opens:
        raise NotFound("没有这个步骤。")
    return next((each for each in steps.offered(actor, page) if each.name == step),
                ActOffer(step, flow.word_of_step(step), ActWhy.wrong_state,
                         steps.sentence_of(flow, ActWhy.wrong_state, page.head.state, step), known.given, is_quiet=True))


def _duty_at(page: ActPage, position: int) -> DutyLine:
    found = next((each for each in page.duties if each.position == position), None)
    if found is None:
        raise duties.no_such_duty(page.head.number, position)
    return found


def _duty_offer(actor: Actor, page: ActPage, line: DutyLine, name: str) -> ActOffer:
    known = DUTY_FLOW.steps.get(name)
    if known is None:
        raise NotFound("没有这个步骤。")
    why = next((why for step, why in duties.offered(actor, page, line) if step.name == name), ActWhy.wrong_state)
    said = "" if why is None else duties.sentence_of(why, DutyState(line.state), name)
    return ActOffer(name, DUTY_STEPS[name], why, said, duties.asked(known, line), is_quiet=False)


def _require_open(offer: ActOffer) -> None:
    if offer.why is not None:
        raise NotAllowed(Say("现在不能“{word}”：{sentence}", word=Say(offer.word), sentence=offer.sentence), code=offer.why.value)


def _options_for(actor: Actor, fields: tuple[Given, ...]) -> StepOptions:
    """What a form of these fields may offer to choose from."""
    kinds = {given.kind for given in fields}
    if not kinds & {FieldKind.unit, FieldKind.units, FieldKind.person}:
        return StepOptions()
    asked = next((given.offers for given in fields if given.offers), "")
    found = people.options(reading(), EVERYTHING if asked else actor.scope(), today().on, role=Role(asked or Role.lead))
    return StepOptions(units=found.units, people=found.people)


def _first_form(form: StepForm, offer: ActOffer, flow: ActFlow, page: ActPage, duty: DutyLine | None = None) -> str:
    form.seq.data = str(page.head.seq)
    return _form_page(_prefilled_form(form, offer), offer, flow, page, duty)


def _prefilled_form(form: StepForm, offer: ActOffer) -> StepForm:
    """With what the address says already."""
    for given in offer.given:
        if request.method == "GET" and given.name in request.args and given.kind in PREFILLED:
            form[given.name].data = request.args[given.name][:60]
    return form


def _form_again(form: StepForm, offer: ActOffer, flow: ActFlow, page: ActPage | None, status: int, code: str = "invalid",
           duty: DutyLine | None = None) -> Page | Told:
    """The form with what was typed and the files that came; after a conflict it carries the present `seq`."""
    if wants_json():
        return form.told_troubles(status, code)
    form.keep_files(current_actor())
    if code == "stale" and page is not None:
        fresh = access.page_for(current_actor(), page.head.number)
        form.seq.data = form.seq.raw_data = str(fresh.head.seq)
    return _form_page(form, offer, flow, page, duty), status


def _form_page(form: StepForm, offer: ActOffer, flow: ActFlow, page: ActPage | None, duty: DutyLine | None = None) -> str:
    word_of_files = next((given.word for given in offer.given if given.kind is FieldKind.files), "")
    return render_template("acts/step.html", form=form, offer=offer, flow=flow, act=page.head if page else None, duty=duty,
                           notes=[] if duty else told_before(page, offer.name),
                           files_word=word_of_files,
                           is_outside=duty is None and flow.lifecycle.steps[offer.name].is_outside, **WORDS)
