"""Nothing reaches a person without its Chinese word."""

import importlib
import pkgutil
import re
from enum import StrEnum

import pytest

import tracker.domain
from tracker.domain.cases import step_fields, wording
from tracker.domain.cases.facts import COUNTED_AS, CaseState, Why
from tracker.domain.cases.flow import CASE_FLOW, OTHER_FACTS
from tracker.domain.evidence.sources import SOURCES
from tracker.domain.house.fields import Kind

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def enums() -> dict[str, type[StrEnum]]:
    modules = [importlib.import_module(found.name) for found in pkgutil.walk_packages(tracker.domain.__path__, "tracker.domain.")]
    things = {name: thing for module in modules for name, thing in vars(module).items()}
    return {name: thing for name, thing in things.items() if isinstance(thing, type) and issubclass(thing, StrEnum) and thing is not StrEnum}


@pytest.mark.parametrize("name", ["CaseState", "Role", "Permission", "Why", "Request", "EvidenceRole", "Requirement"])
def test_every_member_that_a_person_may_read_has_a_chinese_word(name: str) -> None:
    for member in enums()[name]:
        assert CHINESE.search(wording.word(member)), member


def test_an_enum_without_words_is_noticed() -> None:
    with pytest.raises(KeyError):
        wording.word(Kind.text)


def test_every_step_and_every_fact_has_a_word() -> None:
    assert set(wording.STEPS) == set(CASE_FLOW.steps) | {"register"}
    facts = {step.fact for step in CASE_FLOW.steps.values()} | set(OTHER_FACTS)
    assert set(wording.FACT_WORDS) == facts
    assert all(CHINESE.search(wording.fact_word(kind)) for kind in facts)


def test_an_unknown_fact_is_shown_by_its_kind() -> None:
    assert wording.fact_word("case:sung") == "case:sung"


def test_every_reason_is_a_whole_sentence_of_its_own() -> None:
    sentences = [wording.sentence(why) for why in Why]
    assert all(text.endswith("。") and len(text) >= 7 for text in sentences)
    assert len(set(sentences)) == len(sentences)


def test_no_two_states_share_a_word() -> None:
    assert len({wording.word(state) for state in CaseState}) == len(CaseState)


def test_every_count_bucket_finding_and_source_channel_has_a_word() -> None:
    assert set(wording.COUNTED) == set(COUNTED_AS.values())
    assert tuple(wording.FINDINGS.items()) == step_fields.FINDINGS
    assert tuple(wording.SUPERVISION.items()) == step_fields.SUPERVISION_LEVELS
    assert {source.channel for source in SOURCES} <= set(wording.CHANNELS)


def test_every_field_and_every_choice_of_a_step_has_a_word() -> None:
    for step in CASE_FLOW.steps.values():
        for field in step.given:
            assert CHINESE.search(field.word), (step.name, field.name)
            assert all(CHINESE.search(word) for _, word in field.choices), (step.name, field.name)
            codes = [code for code, _ in field.choices]
            assert len(codes) == len(set(codes))


def test_within_a_step_no_two_fields_share_a_name_or_a_word() -> None:
    for step in CASE_FLOW.steps.values():
        assert len({field.name for field in step.given}) == len(step.given), step.name
        assert len({field.word for field in step.given}) == len(step.given), step.name


def test_sentences_use_chinese_punctuation() -> None:
    texts = [*wording.REFUSALS.values(), *wording.STEPS.values(), *wording.REQUIREMENTS.values()]
    assert [text for text in texts if re.search(r"[\u4e00-\u9fff][,;:!?()]", text)] == []
