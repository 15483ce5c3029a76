"""`flask inspections`: what its reader sees, and an interest that is declared."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.acts import do, opened
from tests.support.makers import Town

pytestmark = pytest.mark.one_engine


def test_a_planned_inspection_is_listed_to_its_people_and_a_done_one_to_all(town: Town, flask: Any,
                                                                            refused: Callable[..., str]) -> None:
    number = opened(town, "inspection")
    assert number in flask("inspections", "list", "--as", "inspector").output
    assert flask("inspections", "list", "--as", "officer").output == ""
    assert flask("inspections", "list", "--as", "clerk").output == ""
    do(town, number, "inspection", "record")
    assert f'"number": "{number}"' in flask("inspections", "list", "--as", "clerk", "--json").output
    assert "已申报对 S-000001 回避" in flask("inspections", "declare", "桃花纺织", "--as", "inspector", "--ground", "kin").output
    assert "只有检查人员名录中的人" in refused("inspections", "declare", "桃花纺织", "--as", "clerk", "--ground", "kin")
