"""Rows A0 to A8, one after the other, with the units they come to."""

from datetime import date
from typing import Any

import pytest

from tracker.domain.rules.shapes import Misfit
from tracker.domain.territory.routing import RoutingFacts, RoutingRule, route
from tracker.domain.territory.shapes.attribution import Attribution, attribute
from tracker.domain.territory.shapes.fence_rules import FENCE_RULES, FENCE_TABLE
from tracker.domain.territory.shapes.layers import Layer, MapShape
from tracker.domain.territory.shapes.measures import Fence, Measures
from tracker.domain.territory.shapes.telling import paragraph, with_reasons

LINE = MapShape("JJ", Layer.line, "京九线")
SECTION = MapShape("JJ-01", Layer.section, "桃花段", unit_code="GWD")
RAIL_LOT = MapShape("CQ-1", Layer.ownership, "货场", unit_code="CZ", owner_kind="railway")
LOCAL_LOT = MapShape("CQ-2", Layer.ownership, "泵站", unit_code="NSJ", owner_kind="local")
THIRD_LOT = MapShape("CQ-3", Layer.ownership, "某公司", owner_kind="third")
DISPUTED = MapShape("CQ-4", Layer.ownership, "三角地", owner_kind="disputed")
LIST = (RoutingRule(18, None, "360103014", (), "TH", ("CG",), "属地管理", version=1),
        RoutingRule(7, "railway", None, (), "GTX", (), "铁路", side="inside", version=1))


def found(fence: str, *owners: MapShape, beyond: float | None = 10.0, section: MapShape | None = SECTION, reported: str = "",
          rows: Any = FENCE_TABLE) -> Attribution:
    measures = Measures(Fence(fence), 10.0, MapShape("WL", Layer.fence, "围栏"), LINE, 20.0, "K1+000", "left", 2.0, beyond,
                        100.0, True, owners, section)

    def ask(side: str | None) -> Any:
        return route(LIST, RoutingFacts(frozenset({"railway"}), "360103014", "", {}, side), date(2026, 3, 2))

    return attribute(measures, rows, ask, reported)


@pytest.mark.parametrize(("fence", "owners", "rule", "lead", "supporting", "informed", "candidates", "confidence"), [
    ("inside", (), "A1", "GWD", (), ("TH",), (), "settled"), ("inside", (RAIL_LOT,), "A1", "GWD", (), ("TH",), (), "settled"),
    ("inside", (LOCAL_LOT,), "A2", "NSJ", ("GWD",), (), (), "settled"), ("outside", (), "A3", "TH", ("CG",), ("GWD",),
    (), "settled"),
    ("outside", (LOCAL_LOT,), "A3", "TH", ("CG",), ("GWD",), (), "settled"), ("outside", (RAIL_LOT,), "A4", "CZ", ("TH",), (),
    (), "settled"),
    ("on_line", (RAIL_LOT,), "A5", "CZ", ("TH",), (), (), "doubtful"), ("on_line", (LOCAL_LOT,), "A5", "NSJ", ("GWD",), (),
    (), "doubtful"),
    ("unknown", (THIRD_LOT,), "A5", "TH", ("GWD", "CG"), (), (), "doubtful"), ("on_line", (), "A6", None, (), (),
    ("GWD", "TH"), "open"),
    ("unknown", (), "A6", None, (), (), ("GWD", "TH"), "open"), ("inside", (THIRD_LOT,), "A7", "TH", ("GWD", "CG"), (),
    (), "settled"),
    ("outside", (THIRD_LOT,), "A7", "TH", ("CG",), (), (), "settled"),
    ("inside", (RAIL_LOT, LOCAL_LOT), "A8", None, (), (), ("CZ", "NSJ"), "open"),
    ("outside", (DISPUTED,), "A8", None, (), (), ("GWD", "TH"), "open"),
])
def test_each_row_comes_to_its_units(fence: str, owners: tuple[MapShape, ...], rule: str, lead: str | None,
                                     supporting: tuple[str, ...], informed: tuple[str, ...], candidates: tuple[str, ...],
                                     confidence: str) -> None:
    each = found(fence, *owners)
    assert (each.rule, each.lead, each.supporting, each.informed, each.candidates, each.confidence) == (
        rule, lead, supporting, informed, candidates, confidence)


def test_beyond_the_corridor_the_ordinary_list_decides_whatever_is_recorded() -> None:
    each = found("outside", RAIL_LOT, beyond=100.1)
    assert (each.rule, each.lead, each.informed, each.confidence) == ("A0", "TH", (), "settled")
    assert found("outside", beyond=100.0).rule == "A3"
    assert found("outside", beyond=None).rule == "A0"


def test_where_no_section_is_recorded_the_list_says_who_answers_inside_the_fence() -> None:
    assert found("inside", section=None).lead == "GTX"


def test_what_the_reporter_saw_says_who_is_asked_first_where_no_fence_is_drawn() -> None:
    assert found("unknown", reported="outside").candidates == ("TH", "GWD")
    assert found("unknown", reported="inside").candidates == ("GWD", "TH")
    assert found("on_line", reported="outside").candidates == ("GWD", "TH")
    assert found("inside", reported="outside").lead == "GWD"  # what was measured wins


def test_two_shapes_of_one_owner_are_one_owner() -> None:
    other = MapShape("CQ-9", Layer.ownership, "货场二", unit_code="CZ", owner_kind="railway")
    assert found("outside", RAIL_LOT, other).rule == "A4"


def test_a_list_that_names_nobody_leaves_the_lead_open() -> None:
    each = found("outside", LOCAL_LOT, rows=[row | {"leads": "nobody"} if row["rule"] == "A3" else row for row in FENCE_TABLE])
    assert (each.lead, each.confidence) == (None, "open")
    assert "由调度员判定" in paragraph(with_reasons(each, {}, 2026).why)


@pytest.mark.parametrize("fence", ["inside", "outside", "on_line", "unknown"])
@pytest.mark.parametrize("owners", [(), (RAIL_LOT,), (LOCAL_LOT,), (THIRD_LOT,), (RAIL_LOT, LOCAL_LOT), (DISPUTED,)])
def test_the_reasons_are_at_most_four_messages_and_name_what_decided(fence: str, owners: tuple[MapShape, ...]) -> None:
    why = with_reasons(found(fence, *owners), {"TH": "桃花街道"}, 2026).why
    assert 2 <= len(why) <= 4
    assert why[0].startswith("围栏为界：") and why[1].startswith("产权为主：")
    assert all(hasattr(each, "pattern") for each in why)


def test_a_table_of_rows_must_have_one_for_everything_and_none_twice() -> None:
    shape = next(rule.shape for rule in FENCE_RULES if rule.key == "fence_rules")
    assert shape(FENCE_TABLE) == FENCE_TABLE
    with pytest.raises(Misfit, match="没有一行管“围栏外、产权铁路”"):
        shape([row for row in FENCE_TABLE if row["rule"] != "A4"])
    with pytest.raises(Misfit, match="“A1”写了两次"):
        shape([*FENCE_TABLE, FENCE_TABLE[1]])
