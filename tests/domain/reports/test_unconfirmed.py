"""The balance of the cases of which it is not confirmed whose they are; a sheet that does not balance is none."""

import pytest

from tests.support.stories import inputs_for, table_of, tale
from tracker.domain.house.errors import Broken
from tracker.domain.reports.checked.unconfirmed import Unconfirmed
from tracker.domain.reports.weekly import Weekly

WEEK = inputs_for("2026-W12", "weekly-review")  # 16 to 22 March


def test_ten_are_sent_down_seven_confirmed_one_unfounded_one_disputed_and_three_remain_of_two_before() -> None:
    weekly = Weekly(WEEK)
    for number in range(2):
        weekly.add(tale(f"B{number}", (10, "registered"), (11, "send_down"), channel="train"))
    ends = [("confirm", {"lead_unit_id": 1, "assigned_on": "2026-03-18", "told": {"waited_workdays": days}})
            for days in (1, 1, 1, 2, 2, 3, 4)] + [("find_nothing",), ("dispute",), ()]
    for number, end in enumerate(ends):
        steps = [(16, "registered"), (17, "send_down"), *([(18, *end)] if end else [])]
        weekly.add(tale(f"N{number}", *steps, channel="train" if number % 2 else "hotline"))
    table = table_of(weekly.document({}), "待确认平衡表（件）")
    assert table.total == ("合计", 2, 10, 7, 1, 1, 0, 3)
    assert {row[0]: row[1:] for row in table.rows} == {"线上乘火车看": (2, 5, 3, 1, 0, 0, 3), "其他渠道": (0, 5, 4, 0, 1, 0, 0)}
    assert "中位数 2 个工作日，最长 4 个工作日" in table.note


def test_what_ends_otherwise_leaves_the_balance_too_and_what_comes_back_is_sent_down_again() -> None:
    counted = Unconfirmed(WEEK.window)
    counted.add(tale("M", (16, "registered"), (17, "send_down"), (18, "merge", {"master_id": 1}), (19, "unmerge"),
                     (20, "send_down"), channel="drone"))
    counted.check()
    table = counted.table()
    assert table is not None and table.total == ("合计", 0, 2, 0, 0, 0, 1, 1)


def test_a_balance_that_does_not_close_is_refused() -> None:
    counted = Unconfirmed(WEEK.window)
    counted.add(tale("A", (16, "registered"), (17, "send_down"), channel="train"))
    counted.channels["train"].add("B", ("closing",))
    with pytest.raises(Broken, match="线上乘火车看按增减应为 1 件，实有 2 件"):
        counted.check()


def test_a_week_without_such_cases_has_no_such_table() -> None:
    counted = Unconfirmed(WEEK.window)
    counted.add(tale("A", (16, "registered"), (17, "assign", {"lead_unit_id": 1})))
    assert counted.table() is None


def test_the_balance_says_of_how_many_cases_silence_counted_as_a_claim() -> None:
    counted = Unconfirmed(WEEK.window)
    counted.add(tale("A", (9, "registered"), (10, "send_down"), (16, "presume"), channel="train"))
    counted.add(tale("B", (8, "registered"), (9, "send_down"), (13, "presume"), channel="train"))
    table = counted.table()
    assert table is not None and table.note.endswith("本周有候选单位逾期没有答复、视为认领的 1 件。")
    assert table.total == ("合计", 2, 0, 0, 0, 0, 0, 2)
