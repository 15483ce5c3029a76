"""The responsibility list as a whole: its cells, its holes, what contradicts itself in it, and what a new one moves."""

from datetime import date

import pytest

from tracker.domain.house.errors import Conflict
from tracker.domain.territory.responsibility import (
    SampleCase,
    asks_told,
    effect_of,
    gaps,
    lines_digest,
    matrix_cell,
    require_no_clash,
)
from tracker.domain.territory.routing import RoutingFacts, RoutingRule, route

IN_2024 = date(2024, 6, 1)

LIST = (RoutingRule(1, "dust", None, ("工地",), "ZJJ", clause="1.1", version=4),
        RoutingRule(2, None, "360103002", (), "CYZ", version=4),
        RoutingRule(3, "railway", None, (), "GWD", work="clear", version=4),
        RoutingRule(4, "railway", None, (), "TLB", version=4))


def test_a_rule_may_ask_for_the_works_that_the_form_was_told_of() -> None:
    facts = RoutingFacts(frozenset({"railway"}), None, "清", {"railway_work": "clear"})
    routed, other = route(LIST, facts, IN_2024), route(LIST, RoutingFacts(frozenset({"railway"}), None, "清"), IN_2024)
    assert routed is not None and other is not None
    assert (routed.lead, other.lead) == ("GWD", "TLB")
    assert routed.why == "按责任清单第4版第3条：类型为railway、登记时注明要“清”，由GWD主办。"


def test_a_cell_is_empty_where_no_line_leads_without_knowing_more() -> None:
    assert gaps(LIST, ("dust", "railway"), ("360103002", "360103011"), IN_2024) == (("dust", "360103011"),)
    cell = matrix_cell(LIST, "dust", "360103011", IN_2024)
    assert (cell.lead, [rule.number for rule in cell.others]) == (None, [1])
    assert matrix_cell(LIST, "railway_work:clear", "360103011", IN_2024).lead == LIST[2]


def test_two_lines_clash_only_on_days_that_they_share() -> None:
    first = RoutingRule(7, "dust", None, ("工地", "裸土"), "ZJJ", valid_to=date(2026, 12, 31))
    require_no_clash([first, RoutingRule(19, "dust", None, ("裸土", "工地"), "CGJ", valid_from=date(2027, 1, 1))])
    with pytest.raises(Conflict, match="第 7 条和第 19 条"):
        require_no_clash([RoutingRule(19, "dust", None, ("裸土", "工地"), "CGJ"), first])


def test_the_digest_is_that_of_the_lines_in_whatever_version_and_order() -> None:
    other = [RoutingRule(rule.number, rule.category, rule.area_code, rule.keywords, rule.lead_unit_code, work=rule.work,
                         clause=rule.clause, version=9) for rule in LIST]
    assert lines_digest(LIST) == lines_digest(reversed(other)) != lines_digest(LIST[1:])
    assert asks_told(LIST[0], {"dust": "扬尘"}) == "扬尘、内容提到“工地”"


def test_what_a_list_would_move_is_counted_and_nothing_else_moves() -> None:
    after = (RoutingRule(1, "dust", None, ("工地",), "CGJ"), *LIST[1:])
    cases = [SampleCase(f"{n}", RoutingFacts(frozenset({"dust"}), "360103002", "工地" if n < 14 else ""), n < 3, True)
             for n in range(20)]
    (move,) = (found := effect_of(LIST, after, cases, IN_2024)).moves
    assert (move.was, move.now, len(move.recent), len(move.open)) == ("ZJJ", "CGJ", 14, 3)
    assert [rule.number for rule in found.unmet] == [3, 4] and found.beaten == ()
