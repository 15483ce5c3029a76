"""Chinese first, English complete: every text of the pages can be translated, and is."""

import ast
import re
from functools import cache

from tests.support.catalogue import catalogue, english, meant
from tests.support.phrases import (
    CHINESE,
    NO_TEXT,
    NOT_ON_PAGES,
    PAPER,
    PUT_TOGETHER,
    bare,
    bare_words,
    finished,
    in_code,
    in_templates,
    shown_code,
    templates,
)
from tests.support.project_files import name_of, project_files
from tracker.domain.cases.wording import FACT_WORDS, STATES, STEPS
from tracker.web.house.drawing.wording import SENTENCES

SLOTS = re.compile(r"%\(\w+\)s|\{\w*\}")


@cache
def used() -> dict[str, str]:
    return in_templates() | in_code()


def test_templates_hand_all_their_chinese_to_gettext() -> None:
    assert [fault for path in templates() if name_of(path) not in PAPER for fault in bare(path)] == []


def test_scripts_hold_no_chinese() -> None:
    scripts = [path for path in project_files() if path.suffix == ".js"]
    assert scripts
    assert [name_of(path) for path in scripts if CHINESE.search(path.read_text())] == []


def test_every_text_has_an_english_translation() -> None:
    missing = {text: where for text, where in used().items() if not english().get(text)}
    assert not missing, "without English:\n" + "\n".join(f"{text} ({where})" for text, where in missing.items())


def test_whatever_pages_show_of_the_code_is_a_word_or_a_message_with_values() -> None:
    found = {f"{name}:{line}" for name, tree in shown_code() for line in finished(tree)}
    assert {place for place in found if place.split(":")[0] not in PUT_TOGETHER} == set()
    assert {name for name in PUT_TOGETHER if not any(place.startswith(name) for place in found)} == set()


def test_a_word_of_ours_in_a_message_is_a_message_too() -> None:
    """Else it would be taken for what somebody wrote, and stay Chinese."""
    assert [f"{name}:{line}" for name, tree in shown_code() for line in bare_words(tree)] == []
    assert list(bare_words(ast.parse('Say("现为“{state}”", state=STATES[state])'))) == [1]
    assert list(bare_words(ast.parse('Say("{field}应填", field=field.word)'))) == [1]


def test_chinese_that_the_code_puts_together_is_seen() -> None:
    for code in ('f"没有单位{name}"', '"没有单位" + name', '"、".join(names)', '"没有单位{}".format(name)', '"没有单位%s" % name'):
        assert list(finished(ast.parse(code))) == [1], code
    assert list(finished(ast.parse('Say("没有单位“{name}”。", name=name)'))) == []


def test_no_translation_is_unused_or_unsure() -> None:
    assert [text for text in english() if text not in used()] == []
    assert [entry.id for entry in catalogue() if entry.id and entry.fuzzy] == []


def test_a_step_is_told_from_the_state_it_leads_to() -> None:
    """缓办 is what a dispatcher may do and what the case then is: Defer, Deferred."""
    shared = set(STEPS.values()) & set(STATES.values())
    assert shared <= set(meant("step"))
    assert set(meant("step")) <= set(STEPS.values())
    assert {word: english()[word] for word in meant("step") if meant("step")[word] == english()[word]} == {}


def test_the_story_of_a_case_says_what_somebody_did() -> None:
    headlines = {SENTENCES.get(kind, word) for kind, word in FACT_WORDS.items()}
    assert set(meant("fact")) <= headlines
    said = {line: meant("fact").get(line) or english().get(line, "") for line in headlines if not line.startswith("{")}
    assert {line: told for line, told in said.items() if not told[:1].islower()} == {}


def test_translations_fill_in_what_their_texts_do() -> None:
    said = {text: english()[text] for text in used() if text in english()}
    wrong = {text: told for text, told in said.items() if sorted(SLOTS.findall(text)) != sorted(SLOTS.findall(told))}
    assert wrong == {}


def test_translations_are_english_and_keep_blanks_out_of_sight() -> None:
    assert {text: told for text, told in english().items() if CHINESE.search(told)} == {}
    assert [told for told in english().values() if "  " in told] == []


def test_what_is_left_out_exists() -> None:
    names = [name_of(path) for path in project_files()]
    assert [each for each in [*NOT_ON_PAGES, *PAPER] if not any(name.startswith(each) for name in names)] == []
    assert NO_TEXT.match("{0}年")
    assert not NO_TEXT.match("{0} 天")
