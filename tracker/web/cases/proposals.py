"""What the rules and the map propose for the form of a step. It is drawn into the form, and the reader still sends it."""

from tracker.domain.cases.belonging.fields import CANDIDATES, LINE, MOST_CANDIDATES, SIDE
from tracker.domain.cases.step_fields import LEAD_UNIT
from tracker.domain.house.actor import Actor
from tracker.domain.house.say import Say
from tracker.services.cases import assigning
from tracker.services.territory.shapes.places import Suggested
from tracker.storage.cases.page import CasePage, Head
from tracker.web.house.business_day import today
from tracker.web.house.drawing.filters import cn_date
from tracker.web.house.guard import current_actor
from tracker.web.house.steps.forms import StepForm


def propose(form: StepForm, actor: Actor, page: CasePage) -> None:
    """Fill in whom the map would ask, who both sides say leads, and what is known of the place."""
    if CANDIDATES.name in form:
        found = assigning.suggested(actor, page.head.number, today().on)
        offered = {choice.value for choice in form[CANDIDATES.name].choices}
        form[CANDIDATES.name].data = [code for code in candidates_of(found) if code in offered]
    if LEAD_UNIT.name in form and page.belonging.unit_ids:
        agreed = page.belonging.agreed_unit_id
        name = page.units.get(agreed) if agreed is not None else None
        form[LEAD_UNIT.name].data = next((each.value for each in form[LEAD_UNIT.name].choices if name and each.label == name),
                                         None)
    for field in (LINE, SIDE):
        if field.name in form:
            form[field.name].data = page.place_beside.get(field.name)


def candidates_of(found: Suggested | None) -> tuple[str, ...]:
    """The units that the map would ask, by code: both sides, whoever it takes to lead first."""
    if found is None or found.attribution is None:
        return (found.lead, *found.supporting)[:MOST_CANDIDATES] if found is not None and found.lead else ()
    each = found.attribution
    named = each.candidates or tuple(code for code in (each.lead, *each.supporting, *each.informed) if code)
    return tuple(dict.fromkeys(named))[:MOST_CANDIDATES]


def hint_at_the_rules(form: StepForm, case: Head) -> None:
    """Under the unit that leads and under the due date, what the rules propose; the choice stays the dispatcher's."""
    if CANDIDATES.name in form and (sent := assigning.suggested(current_actor(), case.number, today().on)) is not None:
        form[CANDIDATES.name].description = sent.why
    if "lead_unit" not in form:
        return
    routed = assigning.suggested(current_actor(), case.number, today().on)
    if routed is not None and routed.lead in {"", *(choice.value for choice in form["lead_unit"].choices)}:
        form["lead_unit"].description = routed.why
    if "due_on" in form:
        form["due_on"].description = Say("不填则按规则为 {source_key}",
                                         source_key=cn_date(assigning.due_by_rule(case.source_key, case.jurisdiction, case.due_on,
                                                                                  today().on)))
