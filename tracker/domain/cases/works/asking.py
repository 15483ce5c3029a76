"""What a step asks of one case: the questions of its row as this case has them, and those that the case itself brings."""

from collections.abc import Set
from dataclasses import replace

from tracker.domain.cases.facts import CaseFacts
from tracker.domain.cases.flow import CASE_FLOW, Steps
from tracker.domain.cases.step_rows import CaseStep
from tracker.domain.cases.works.fields import items_asked
from tracker.domain.house.actor import Actor
from tracker.domain.house.fields import Given


def demanded(step: CaseStep, facts: CaseFacts) -> tuple[Given, ...]:
    """The questions of this step, with those required that this case makes so; and where its works are judged, their items. Who
    rejects may have been stopped before the first of them."""
    own = tuple(replace(field, is_required=True) if field.required_when and getattr(facts, field.required_when) else field
                for field in step.given)
    return (*own, *items_asked(facts.sheet, is_required=step.name == Steps.verify.name)) if step.checks_works else own


def asked_of(step: CaseStep, actor: Actor, facts: CaseFacts) -> tuple[Given, ...]:
    """What this step asks this person of this case: no question that is pointless, no answer that is closed to them."""
    shut = {(row.field, row.code) for row in step.choices if CASE_FLOW.refusal(row, actor, facts) is not None}
    fields = [field for field in demanded(step, facts) if not (field.unless and getattr(facts, field.unless))]
    return tuple(_without_shut(field, shut) for field in fields) if shut else tuple(fields)


def _without_shut(field: Given, shut: Set[tuple[str, str]]) -> Given:
    return replace(field, choices=tuple(choice for choice in field.choices if (field.name, choice[0]) not in shut))
