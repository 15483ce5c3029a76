"""Whoever changes the table of steps adds an edition: facts are judged by the one that was in force."""

from dataclasses import replace

import pytest

from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.upkeep.editions import EDITIONS, NEWEST, falls, law_digest


def test_the_table_of_steps_is_that_of_the_newest_edition() -> None:
    assert law_digest() == EDITIONS[NEWEST], f"add edition {NEWEST + 1} with this digest; a stricter rule says since={NEWEST + 1}"
    assert sorted(EDITIONS) == [*range(1, NEWEST + 1)]


@pytest.mark.parametrize("change", [{"rules": ()}, {"froms": ()}, {"who": ()}, {"has_gate": False}])
def test_every_change_of_a_row_gives_another_digest(change: dict[str, object]) -> None:
    before, close = law_digest(), CASE_FLOW.steps["close"]
    CASE_FLOW.steps["close"] = replace(close, **change)  # type: ignore[arg-type]
    try:
        assert law_digest() != before
    finally:
        CASE_FLOW.steps["close"] = close


def test_editions_only_rise() -> None:
    assert list(falls([1, 2, 5])) == []
    assert list(falls([1, 3, 2, 3, 4])) == [(2, 3), (3, 3)]
