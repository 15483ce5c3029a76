"""The rule book: every default is itself a value that may be written, and whatever lies outside is one sentence naming the
key."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from tracker.domain.house.errors import Invalid, NotFound
from tracker.domain.reports.appraisal.scoring_rules import DEFAULT_RULES
from tracker.domain.reports.rule_book import RULE_BOOK, read, rule_named
from tracker.domain.rules.book import LADDER, write
from tracker.domain.rules.form_parts import FormPart, PartKind, changed_rows, read_part
from tracker.domain.rules.shapes import hours_of

KEYS = [rule.key for rule in RULE_BOOK]


@pytest.mark.parametrize("key", KEYS)
def test_every_default_can_be_written_and_read_again(key: str) -> None:
    rule = rule_named(key)
    assert read(key, write(rule, rule.default)) == rule.default
    assert all((rule.word, rule.bounds, rule.what_for, rule.basis))


def test_no_key_and_no_word_stands_twice() -> None:
    assert len({rule.key for rule in RULE_BOOK}) == len({rule.word for rule in RULE_BOOK}) == len(RULE_BOOK)


def test_what_people_type_is_read_as_they_mean_it() -> None:
    assert read("most_returns", " 3 ") == 3
    assert read("quiet_hours", "21：00 － 07：00") == "21:00-07:00"
    assert read("office_hours", "08:30-12:00、14:00-17:30") == "08:30-12:00,14:00-17:30"
    assert hours_of("08:30-12:00,14:00-17:30") == ((time(8, 30), time(12)), (time(14), time(17, 30)))


def ladder(**changes: Any) -> str:
    return json.dumps([LADDER[0] | changes])


def appraisal(points: str) -> str:
    """The shipped rules with these points for the first clause."""
    return json.dumps(DEFAULT_RULES, ensure_ascii=False).replace('"by": "rate", "points": 0.2',
                                                                 f'"by": "rate", "points": {points}', 1)


@pytest.mark.parametrize(("key", "text"), [
    ("most_returns", "-1"), ("most_returns", "11"), ("most_returns", "2.5"), ("most_returns", "二"), ("most_returns", "１"),
    ("most_returns", ""),
    ("most_extensions", "NaN"), ("longest_extension_days", "0"), ("warn_workdays", "99999999999"), ("dispute_days", "True"),
    ("quiet_hours", "20:00"), ("quiet_hours", "25:00-07:00"), ("quiet_hours", "07:00-07:00"), ("office_hours", "13:00-12:00"),
    ("office_hours", "09:00-12:00,11:00-17:00"), ("office_hours", ""), ("daily_mail_cap", "0"),
    ("ladder", "{"), ("ladder", "{}"), ("ladder", "[1]"), ("ladder", ladder(days="x")), ("ladder", ladder(to=["mayor"])),
    ("ladder", ladder(unit="week")),
    ("ladder", ladder(more=1)), ("ladder", json.dumps([LADDER[0], LADDER[0]])), ("ladder", json.dumps(LADDER[::-1])),
    ("ladder", "[" * 100_000),
    ("hot_spot", '{"metres": 200}'), ("hot_spot", '{"metres": true, "reports": 3, "days": 30, "people": 2}'),
    ("ranking_weights", '{"on_time": 0.5}'), ("ranking_weights", '{"beauty": 1}'), ("ranking_weights", '{"on_time": NaN}'),
    ("ranking_groups", "{}"), ("ranking_groups", '[{"kind": "street", "group": "街道", "due": 0, "led": 1}]'),
    ("ranking_groups", '[{"kind": "ship", "group": "街道", "due": 1, "led": 1}]'),
    ("ranking_groups", json.dumps([{"kind": "street", "group": "街道", "due": 1, "led": 1}] * 2)),
    ("appraisal_rules", json.dumps(DEFAULT_RULES).replace('"rate"', '"guess"')),
    ("appraisal_rules", "{}"), ("appraisal_rules", "[]"), ("appraisal_rules", appraisal("NaN")),
    ("appraisal_rules", appraisal('"NaN"')),
    ("appraisal_rules", appraisal("Infinity")), ("robots", '{"is_on": 1, "a_minute": 20}'),
    ("robots", '{"is_on": true, "a_minute": 21}'),
    ("supervision_areas", '["西湖"]'), ("supervision_areas", '["36010"]'),
])
def test_a_value_outside_its_bounds_is_one_sentence_naming_the_key(key: str, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(key, text)
    assert f"（{key}）" in refused.value.sentence
    assert refused.value.sentence.count("。") == 1
    assert refused.value.field == "value"


def test_the_place_of_a_fault_is_told() -> None:
    with pytest.raises(Invalid, match="第 2 项：天数"):
        read("ladder", json.dumps([LADDER[0], LADDER[1] | {"days": 999}]))


def test_an_unknown_key_names_those_there_are() -> None:
    with pytest.raises(NotFound, match="most_returns"):
        rule_named("most_of_all")


MADE_OF_PARTS = [rule.key for rule in RULE_BOOK if rule.kind == "json"]


def drawn(part: FormPart, value: Any, name: str) -> dict[str, list[str]]:
    """The fields of a form as a browser would send them."""
    if part.kind is PartKind.rows:
        found = {f"{name}.count": [str(len(value))]}
        for place, row in enumerate(value):
            found |= drawn(replace(part, kind=PartKind.record), row, f"{name}.{place}")
        return found
    if part.kind in (PartKind.record, PartKind.weights):
        each = FormPart(PartKind.amount)
        return {key: typed for code, inner in value.items()
                for key, typed in drawn(part.parts.get(code, each), inner, f"{name}.{code}").items()}
    if part.kind is PartKind.yes:
        return {name: ["1"]} if value else {}
    return {name: ["\n".join(value)] if part.kind is PartKind.lines else value if isinstance(value, list) else [str(value)]}


def inside(part: FormPart) -> Iterator[FormPart]:
    yield part
    for each in part.parts.values():
        yield from inside(each)


@pytest.mark.parametrize("key", MADE_OF_PARTS)
def test_what_a_form_draws_of_a_rule_it_reads_back(key: str) -> None:
    rule = rule_named(key)
    part = rule.shape.form()
    assert read(key, json.dumps(read_part(part, drawn(part, rule.default, "part"), "part"))) == rule.default


@pytest.mark.parametrize("key", MADE_OF_PARTS)
def test_every_part_and_every_choice_of_a_rule_has_a_word(key: str) -> None:
    for part in inside(rule_named(key).shape.form()):
        assert [code for code in (*part.parts, *part.choices) if part.word_of(code) == code] == []


@pytest.mark.parametrize("key", MADE_OF_PARTS)
def test_no_rule_is_shown_as_it_is_stored(key: str) -> None:
    rule = rule_named(key)
    shown = rule.shown(write(rule, rule.default))
    assert not set('{}[]"') & set(shown)
    assert shown.strip()


def test_rows_are_added_moved_and_removed_by_buttons() -> None:
    part = rule_named("ladder").shape.form()
    names = [rung["rung"] for rung in LADDER]
    assert changed_rows(part, LADDER, "add part", "part")[-1] == {}
    assert [row["rung"] for row in changed_rows(part, LADDER, "drop part.0", "part")] == names[1:]
    assert [row["rung"] for row in changed_rows(part, LADDER, "up part.1", "part")][:2] == [names[1], names[0]]
    assert [row["rung"] for row in changed_rows(part, LADDER, "down part.0", "part")][:2] == [names[1], names[0]]
    assert changed_rows(part, LADDER, "drop part.99", "part") == LADDER
    assert changed_rows(part, LADDER, "drop elsewhere.1", "part") == LADDER
    appraisal_part = rule_named("appraisal_rules").shape.form()
    assert len(changed_rows(appraisal_part, DEFAULT_RULES, "drop part.vetoes.0", "part")["vetoes"]) == 2
