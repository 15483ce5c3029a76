"""The examples of the six works by their values: what is answered, what it brings, and whether it passes."""

import hashlib
import json
from decimal import Decimal
from typing import Any

import pytest

from tracker.domain.cases.works.items import STANDARDS
from tracker.domain.cases.works.scoring import ItemAnswer, idle_works, score_of
from tracker.domain.cases.works.standards import DEFAULT, WORK_STANDARDS, items_of
from tracker.domain.house.errors import Invalid
from tracker.domain.reports.rule_book import read
from tracker.domain.territory.routing import WORKS

YES, NO, IDLE = ItemAnswer.yes, ItemAnswer.no, ItemAnswer.idle
MARK = 80
TOWN = items_of(DEFAULT, "urban", ("demolish", "clear"))


def answers(codes: str, *said: ItemAnswer) -> dict[str, str]:
    return dict(zip(codes.split(), said, strict=True))


BOTH = "chai-1 chai-2 chai-3 qing-1 qing-2 qing-3"


def test_example_1_rubble_left_lying_costs_its_points_and_passes() -> None:
    score = score_of(TOWN, answers(BOTH, YES, YES, NO, YES, YES, YES))
    assert (score.got, score.most, score.points) == (170, 200, Decimal("85.0"))
    assert score.passes(MARK)


def test_example_2_an_advertisement_left_hanging_fails_on_two_counts() -> None:
    score = score_of(TOWN, answers(BOTH, YES, NO, NO, YES, YES, YES))
    assert [item.name for item in score.failed_musts] == ["拆·违章广告拆除"]
    assert (score.got, score.most, score.points) == (140, 200, Decimal("70.0"))
    assert not score.passes(MARK)


def test_example_3_a_work_of_which_nothing_applies_is_named() -> None:
    lights = items_of(DEFAULT, "urban", ("light",))
    assert idle_works(lights, answers("liang-1 liang-2", IDLE, IDLE)) == ("light",)
    assert idle_works(lights, answers("liang-1 liang-2", IDLE, YES)) == ()


def test_example_5_what_does_not_apply_is_left_out_of_the_sum() -> None:
    score = score_of(items_of(DEFAULT, "rural", ("clear",)), answers("qing-1 qing-2 qing-3", YES, IDLE, NO))
    assert (score.got, score.most, score.points) == (50, 70, Decimal("71.4"))
    assert not score.passes(MARK)


def test_a_must_that_fails_is_not_outweighed_by_points() -> None:
    score = score_of(items_of(DEFAULT, "urban", ("light",)), answers("liang-1 liang-2", YES, NO))
    assert score.points == Decimal("60.0")
    assert not score.passes(50)


def test_the_mark_is_met_by_the_score_as_it_is_told() -> None:
    score = score_of(TOWN, answers(BOTH, YES, YES, NO, YES, YES, YES))
    assert score.passes(85)
    assert not score.passes(86)


# --- the list ---------------------------------------------------------------------------------------------------------------


def test_the_list_that_holds_while_none_was_set_never_changes() -> None:
    """Cases are judged by it for ever: a new list is a value of the rule book, not another default."""
    text = json.dumps(DEFAULT, ensure_ascii=False, sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "31db52cf6b07f1da"


def test_every_work_of_both_standards_sums_to_a_hundred() -> None:
    assert {sum(item.points for item in items_of(DEFAULT, standard, [work])) for standard in STANDARDS for work in WORKS} == {100}


def changed(standard: str, work: str, place: int, **changes: Any) -> str:
    lists: dict[str, Any] = json.loads(json.dumps(DEFAULT))
    lists[standard][work][place] |= changes
    return json.dumps(lists, ensure_ascii=False)


@pytest.mark.parametrize(("text", "sentence"), [
    (changed("urban", "clear", 0, code="chai-1"), "城区里代码“chai-1”用了两次"),
    (changed("urban", "clear", 0, points=49), "城区·清：各项分值之和应为 100，现为 99"),
    (changed("rural", "demolish", 0, points=0), "农村·拆：否决项“危旧棚舍拆到位”的分值不能是 0"),
    (changed("urban", "clear", 0, code="清 1"), "代码只用字母、数字和短横，最多 20 个，“清 1”不合"),
])
def test_a_list_that_could_judge_nobody_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(WORK_STANDARDS, text)
    assert sentence in refused.value.sentence and refused.value.sentence.startswith("“整治标准”")


def test_a_work_without_items_is_refused() -> None:
    lists = json.loads(json.dumps(DEFAULT))
    lists["rural"]["light"] = []
    with pytest.raises(Invalid, match="农村·亮：各项分值之和应为 100，现为 0"):
        read(WORK_STANDARDS, json.dumps(lists))
