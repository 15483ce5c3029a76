"""What a step of the flow takes beside its row, and which of it a step still lacks: one sentence for each place."""

import re
from collections.abc import Iterator
from functools import cache

from tests.support.catalogue import english, meant
from tests.support.makers import DEFAULTS
from tests.support.matrix import HOME, RELATIONS, SHORT, situations
from tests.support.project_files import ROOT
from tracker.domain.cases.facts import Why
from tracker.domain.cases.flow import CASE_FLOW, OTHER_FACTS
from tracker.domain.cases.step_rows import CaseStep, unknown_names
from tracker.domain.cases.wording import REFUSALS, STATES, STEPS, step_word
from tracker.domain.house.actor import CLOCK, Actor, Grant, Role
from tracker.services.cases.effects import TOLD_AS_GIVEN
from tracker.services.cases.steps import STEP_DEEDS
from tracker.web.house.drawing.wording import SENTENCES


def places_missing(step: CaseStep) -> list[str]:
    """Everything that the step still lacks, in sentences."""
    return [f"{step.name}: {said}" for said in (*_words_missing(step), *_names_unknown(step), *_tests_missing(step))]


def _words_missing(step: CaseStep) -> Iterator[str]:
    word = step_word(step.name)
    if step.name not in STEPS:
        yield "give it a word in STEPS of tracker/domain/cases/wording.py."
        return
    if word not in (meant("step") if word in STATES.values() else meant("step") | english()):
        yield f"translate its word {word} in the English catalogue, with the context step where a state has the same word."
    headline = SENTENCES.get(step.fact, word)
    if not (headline.startswith("{") or (meant("fact").get(headline) or english().get(headline, ""))[:1].islower()):
        yield f"translate its headline {headline} in the English catalogue, with the context fact and in small letters."
    said = {text for field in step.given for text in (field.word, field.hint, *(choice for _, choice in field.choices)) if text}
    yield from (f"translate {text}, which its form says, in the English catalogue." for text in sorted(said - set(english())))


def _names_unknown(step: CaseStep) -> Iterator[str]:
    yield from unknown_names(step, CASE_FLOW.steps, {*CASE_FLOW.by_fact, *OTHER_FACTS})
    found_by_a_deed = [field.word for field in step.given if field.kind not in TOLD_AS_GIVEN and field.name != "files"]
    if found_by_a_deed and step.name not in STEP_DEEDS:
        yield f"write a deed that finds {'、'.join(found_by_a_deed)}: a fact knows people, units and cases by their ids."
    yield from (f"say why not in REFUSALS: {rule.why}." for rule in step.rules if rule.why not in REFUSALS)


def _tests_missing(step: CaseStep) -> Iterator[str]:
    if step.name not in DEFAULTS:
        yield "say who takes it and with what in DEFAULTS of tests/support/makers.py."
    if step.name not in _steps_in_the_matrix(tuple(CASE_FLOW.steps.values())):
        yield "add a situation to tests/support/matrix.py in which somebody may take it."
    yield from (f"give {rule.why} its short word in SHORT of tests/support/matrix.py." for rule in step.rules
                if Why(rule.why) not in SHORT)
    if not re.search(rf'"{step.name}"', _tests()):
        yield "write a test that takes it by name."


@cache
def _steps_in_the_matrix(steps: tuple[CaseStep, ...]) -> frozenset[str]:
    actors = [CLOCK, *(Actor(who.id, "", unit_line=who.unit_line, grants=(Grant(role, HOME),))
                       for who in RELATIONS.values() for role in Role)]
    return frozenset(step.name for step in steps
                     if any(CASE_FLOW.refusal(step, actor, facts) is None for facts in situations().values() for actor in actors))


@cache
def _tests() -> str:
    return "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
