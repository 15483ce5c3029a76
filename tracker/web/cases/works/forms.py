"""What the forms of steps do for works: what is proposed, and the way from one answer to its twin with all that was typed."""

from collections.abc import Sequence

from tracker.domain.cases.categories.questions import kept_answers
from tracker.domain.cases.flow import CASE_FLOW, Steps
from tracker.domain.cases.step_rows import CaseStep
from tracker.domain.cases.works.fields import ITEM
from tracker.domain.house.actor import Actor
from tracker.domain.house.fields import Given
from tracker.domain.territory.routing import WORK
from tracker.services.cases.works.judging import proposed_reason
from tracker.services.cases.works.setting import standard_of_place
from tracker.storage.cases.page import CasePage
from tracker.web.house.business_day import today
from tracker.web.house.steps.forms import StepForm


def propose_works(form: StepForm, page: CasePage, step: str) -> None:
    """The form of the works begins with those there are, or with what the registration says is needed and the place proposes."""
    if CASE_FLOW.steps[step].knows_works:
        works, needed = page.works, kept_answers(page.head.answers).get(WORK)
        form["works"].data = list(works["works"]) or [needed]
        if step == Steps.set_works.name:
            form["works"].render_kw = {"optional": bool(works["works"])}
        form["standard"].data = works["standard"] or standard_of_place(page.head, page.head.area_code, today().on)


def propose_reason(form: StepForm, actor: Actor, number: str, step: str) -> None:
    """Who comes from a form of items that do not pass finds why not in the reason, where none was written."""
    if CASE_FLOW.steps[step].checks_works and "reason" in form and not form["reason"].data:
        form["reason"].data = proposed_reason(actor, number, form.raw(), today().on)


def twin_of(step: CaseStep, given: Sequence[Given]) -> str:
    """The other answer, where the form has items to take along to it."""
    has_items = any(each.name.startswith(ITEM) for each in given)
    return step.twin if step.checks_works and has_items else ""
