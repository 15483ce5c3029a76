"""Taking a step: one form for every step, built from the flow's own table."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.cases.facts import Why
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.wording import REFUSALS, outcome_words, step_word, word
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Actor, Permission, Role
from tracker.domain.house.errors import NotAllowed, NotFound, Refusal, WrongState
from tracker.domain.house.fields import FieldKind, Given
from tracker.domain.house.say import Say
from tracker.domain.rules.lights import days_overdue
from tracker.services.cases import steps
from tracker.services.cases.register import desk
from tracker.services.cases.steps import Offer, Outcome
from tracker.services.house.work import reading
from tracker.storage.cases import page as case_page
from tracker.storage.cases.page import CasePage, Head
from tracker.storage.people import people
from tracker.web.cases.proposals import hint_at_the_rules, propose
from tracker.web.cases.step_context import context_of
from tracker.web.cases.timeline import Sentence, sentence
from tracker.web.cases.works.forms import propose_reason, propose_works, twin_of
from tracker.web.house.business_day import today
from tracker.web.house.drawing.filters import cn_date
from tracker.web.house.drawing.wording import NEXT, NEXT_ASKED, NEXT_LATE, NEXT_UNNOTICED
from tracker.web.house.guard import current_actor, needs
from tracker.web.house.kept_files import asks_for_more
from tracker.web.house.refusals import Page
from tracker.web.house.script_answers import Told, wants_json
from tracker.web.house.steps.forms import StepForm, StepOptions, start_with, step_form
from tracker.web.house.undoing import tell_done, undo_of_step

blueprint = Blueprint("steps", __name__, url_prefix="/cases/<number>/steps")
# What a link may fill in for the reader, and how much of it; it is a proposal, and the reader still sends the form.
STALE = "stale"  # the case moved on since the form was drawn
PREFILLED = {FieldKind.case: 20, FieldKind.choice: 40, FieldKind.long_text: 200}


@blueprint.get("/<step>")
@needs(Permission.case_read)
def ask(number: str, step: str) -> str:
    """The form of a step that is open to this person."""
    actor = current_actor()
    page = case_page.case_page(reading(), actor.scope(), number)
    offer = _open_offer(actor, page.head, step)
    shown = any(each.role is EvidenceRole.before for each in page.evidence)
    form = step_form(offer.given, options_for(actor, offer.given), CASE_FLOW.steps[step].roles_where(is_shown_before=shown))
    form.seq.data = str(page.head.seq)
    start_with(form, actor, today().clock)
    propose(form, actor, page)
    for given in offer.given:
        if given.kind in PREFILLED and given.name in request.args:
            form[given.name].data = request.args[given.name][:PREFILLED[given.kind]]
    propose_works(form, page, step)
    return _form_page(form, offer, page)


@blueprint.post("/<step>")
@needs(Permission.case_read)
def take(number: str, step: str) -> Response | Page | Told:
    """Take the step; a refusal shows the form again with everything that was typed."""
    actor = current_actor()
    offer = _asked_offer(actor, number, step)
    form = step_form(offer.given, options_for(actor, offer.given), CASE_FLOW.steps[step].file_roles)
    if asks_for_more():
        propose_reason(form, actor, number, step)
        return _form_again(form, offer, number, 200)
    if not form.validate():
        return _form_again(form, offer, number, 422)
    try:
        outcome = steps.take(actor, number, step, form.raw(), seq=form.seen(), uploads=form.uploads())
    except Refusal as refusal:
        form.refuse(refusal)
        return _form_again(form, offer, number, refusal.status, refusal.code)
    return _on_from(actor, outcome)


def _on_from(actor: Actor, outcome: Outcome) -> Response:
    """On to the next of the queue where the step was taken from there; else back to the case, with the next one that waits for
    this person and the same step beside the good news. Nobody need go back to a list."""
    said, undo, following = _what_comes_next(outcome), undo_of_step(actor, outcome), request.args.get("following")
    if following is not None:
        tell_done(said, undo)
        return redirect(url_for("triage.one", number=following) if following else url_for("triage.queue"))
    tell_done(said, undo, url_for("steps.onward", number=outcome.number, step=outcome.step) if desk.is_on_desks(outcome.step)
              else "")
    return redirect(url_for("cases.show", number=outcome.number))


@blueprint.get("/<step>/onward")
@needs(Permission.case_read)
def onward(number: str, step: str) -> Response:
    """On to the next case that waits for this person and the step that was taken; looked for only when somebody asks."""
    following = desk.next_of(current_actor(), step, today().bounds, but=number)
    if following:
        return redirect(url_for("cases.show", number=following))
    flash("没有下一件等您办理这一步的案件了。", "done")
    return redirect(url_for("home.desk"))


def _known_offer(step: str) -> Offer:
    """The step as the flow knows it, whatever the case: the deed will say no, and what was typed is kept."""
    if step not in CASE_FLOW.steps:
        raise NotFound("没有这个步骤。")
    return Offer(step, step_word(step), Why.wrong_state, REFUSALS[Why.wrong_state], CASE_FLOW.steps[step].given)


def _asked_offer(actor: Actor, number: str, step: str) -> Offer:
    """The step as its form asked for it; the case is looked at only where a question depends on it."""
    known = _known_offer(step)
    row = CASE_FLOW.steps[step]
    is_of_case = row.asks_works or any(field.unless or field.required_when for field in known.given)
    return _present_offer(actor, number, step) if is_of_case else known


def _present_offer(actor: Actor, number: str, step: str) -> Offer:
    """The step as it stands on this case now, with the answers that are open."""
    found = next((each for each in steps.offered(actor, number) if each.name == step), None)
    known = CASE_FLOW.steps.get(step)
    if found is None and known is not None and known.checks_works:  # the case moved on: what was answered is shown all the same
        return replace(_known_offer(step), given=steps.asked_in_any_state(actor, number, step))
    return found or _known_offer(step)


def _open_offer(actor: Actor, case: Head, step: str) -> Offer:
    """The step, when it is open to this person; else the refusal with its reason."""
    offer = _present_offer(actor, case.number, step)
    if offer.why is None:
        return offer
    if offer.why is Why.wrong_state:
        raise WrongState(Say("案件现为“{state}”，不能“{step_word}”。", state=Say(word(case.state)), step_word=Say(offer.word)))
    raise NotAllowed(Say("现在不能“{offer_word}”：{sentence}", offer_word=Say(offer.word), sentence=offer.sentence),
                     code=offer.why.value)


def options_for(actor: Actor, fields: Sequence[Given]) -> StepOptions:
    """What a form of these fields may offer to choose from."""
    kinds = {given.kind for given in fields}
    if not kinds & {FieldKind.unit, FieldKind.units, FieldKind.person}:
        return StepOptions()
    found = people.options(reading(), actor.scope(), today().on, role=Role.lead)
    return StepOptions(units=found.units, people=found.people)


def _form_again(form: StepForm, offer: Offer, number: str, status: int, code: str = "invalid") -> Page | Told:
    """The form with what was typed and the files that came, for who may see the case. After a conflict it carries the present
    `seq`, and says what happened meanwhile."""
    if wants_json():
        return form.told_troubles(status, code)
    since, page, actor = list[Sentence](), case_page.case_page(reading(), current_actor().scope(), number), current_actor()
    form.keep_files(actor)
    if CASE_FLOW.steps[offer.name].choices:
        form.narrow(_present_offer(actor, number, offer.name).given)
    if code == STALE:
        since = [sentence(entry, page.units, page.people) for entry in page.facts if entry.seq > (form.seen() or 0)]
        form.seq.data = form.seq.raw_data = str(page.head.seq)
    return _form_page(form, offer, page, since=since), status


def _form_page(form: StepForm, offer: Offer, page: CasePage, *, since: Sequence[Sentence] = ()) -> str:
    hint_at_the_rules(form, page.head)
    word_of_files = next((given.word for given in offer.given if given.kind is FieldKind.files), "")
    step = CASE_FLOW.steps[offer.name]
    twin = twin_of(step, offer.given)
    return render_template("cases/step.html", form=form, offer=offer, is_outside=step.is_outside, case=page.head, since=since,
                           is_over=page.head.state not in step.froms, files_word=word_of_files,
                           context=context_of(offer.name, page), twin=twin, twin_word=step_word(twin))


def _what_comes_next(outcome: Outcome) -> str:
    late = days_overdue(outcome.due_on, today().on)
    due = cn_date(outcome.due_on) if outcome.due_on else "待定的时限"
    return Say("{number} {said}。{outcome}", number=outcome.number, said=outcome_words(outcome.step, outcome.state),
               outcome=Say(_next_of(outcome, late), due=due, days=late))


def _next_of(outcome: Outcome, late: int) -> str:
    if CASE_FLOW.steps[outcome.step].asks:
        return NEXT_ASKED
    others = ({} if outcome.is_notice_required else NEXT_UNNOTICED) | (NEXT_LATE if late > 0 else {})
    return others.get(outcome.state, NEXT[outcome.state])
