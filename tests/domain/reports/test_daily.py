"""日巡查日志与当日小结: what patrols found, said on purpose when it is nothing, and the day in figures."""

import pytest

from tests.support.stories import figures_of, inputs_for, section_of, table_of, tale
from tracker.domain.cases.stories import Story
from tracker.domain.reports.daily import NO_WORK, NOTHING_FOUND, Daily
from tracker.domain.reports.document import Document

INPUTS = inputs_for("2026-03-10", "daily-evening", seal=("2026-03-09", "f" * 64))  # from 9 March 18:00 to 10 March 18:00
TO_A = {"lead_unit_id": 1, "due_on": "2026-03-20"}


def day(*stories: Story) -> Document:
    builder = Daily(INPUTS)
    for story in stories:
        builder.add(story)
    return builder.document({number: (f"{number}标题", f"{number}地点") for number in builder.wanted()})


def test_a_day_with_nothing_found_is_a_record_and_says_so() -> None:
    assert section_of(day(), "巡查日志").paragraphs == (NOTHING_FOUND,)
    assert figures_of(day())["patrol"] == 0


@pytest.mark.parametrize("channel", ["patrol", "train", "onsite", "drone", "device"])
def test_what_a_patrol_found_is_logged_with_time_place_and_person(channel: str) -> None:
    document = day(tale("X1", (10, "registered"), channel=channel))
    (row,) = table_of(document, "巡查发现").rows
    assert row[:2] == ("2026-03-10 10:00", "X1")
    assert row[3:] == ("张巡查", "X1标题", "X1地点", "垃圾", "否", "待交办")
    assert document.cases["patrol"] == ("X1",)


def test_a_call_is_no_patrol_and_a_finding_of_yesterday_is_no_news() -> None:
    document = day(tale("X1", (10, "registered"), channel="phone"), tale("X2", (9, "registered"), channel="patrol"))
    assert (figures_of(document)["patrol"], figures_of(document)["received"], figures_of(document)["open"]) == (0, 1, 2)


def test_what_was_handled_at_once_is_said() -> None:
    document = day(tale("X1", (10, "registered"), (10.1, "assign", TO_A), (10.15, "submit"), (10.2, "verify"), channel="patrol"))
    assert table_of(document, "巡查发现").rows[0][7] == "是"
    assert "当场处置 1 件" in section_of(document, "巡查日志").paragraphs[0]


def test_the_day_runs_from_cut_to_cut() -> None:
    late = tale("X1", (9.5, "registered"), channel="patrol")  # 9 March 22:00 belongs to the tenth
    assert figures_of(day(late))["patrol"] == 1


def test_the_work_of_the_day_is_counted_by_unit() -> None:
    document = day(
        tale("X1", (1, "registered"), (2, "assign", TO_A), (3, "acknowledge"), (10, "submit")),
        tale("X2", (1, "registered"), (2, "assign", TO_A), (3, "submit"), (10, "verify"), (10.2, "close")),
        tale("X3", (10, "registered")))
    table = table_of(document, "分单位情况")
    heads = [column.head for column in table.columns]
    rows = {row[0]: {head: cell for head, cell in zip(heads, row, strict=True) if cell and head != "单位"}
            for row in (*table.rows, table.total)}
    assert rows == {
        "甲街道": {"报送整改": 1, "核查通过": 1, "销号": 1, "现有存量": 1}, "未交办": {"受理登记": 1, "现有存量": 1},
        "合计": {"受理登记": 1, "报送整改": 1, "核查通过": 1, "销号": 1, "现有存量": 2}}


def test_what_is_late_and_what_soon_will_be_are_listed_the_oldest_first() -> None:
    document = day(*(tale(f"X{n}", (1, "registered"), (2, "assign", TO_A | {"due_on": due}))
                     for n, due in enumerate(("2026-03-09", "2026-03-05", "2026-03-10", "2026-03-13", "2026-03-14"))))
    assert [(row[0], row[5]) for row in table_of(document, "超期案件").rows] == [("X1", 5), ("X0", 1)]
    assert [row[0] for row in table_of(document, "临期案件").rows] == ["X2", "X3"]


def test_what_waits_for_others_is_not_late() -> None:
    for step in ("submit", "suspend", "verify"):
        document = day(tale("X1", (1, "registered"), (2, "assign", TO_A | {"due_on": "2026-03-05"}), (3, "acknowledge"),
                            (4, step)))
        assert figures_of(document)["red"] == 0
        assert section_of(document, "四、超期").paragraphs == ("没有超期案件。",)


def test_every_figure_lists_the_cases_behind_it_and_the_seal_stands_in_the_foot() -> None:
    document = day(tale("X1", (10, "registered"), (10.1, "assign", TO_A)),
                   tale("X2", (1, "registered"), (2, "assign", TO_A | {"due_on": "2026-03-01"})))
    for key, value in figures_of(document).items():
        assert len(document.cases[key]) == value, key
    assert document.foot[-1] == f"账本封签（2026-03-09）：{'f' * 64}"


def test_the_summary_says_what_there_was_and_no_zero() -> None:
    assert section_of(day(), "当日小结").paragraphs == (NO_WORK,)
    said = section_of(day(tale("X1", (10, "registered"))), "当日小结").paragraphs
    assert said == ("受理登记 1；现有存量 1。",)


def test_every_number_of_a_unit_knows_its_cases() -> None:
    document = day(*(tale(f"X{n}", (1, "registered"), (2, "assign", TO_A), (3, "acknowledge"), (10, "submit")) for n in range(2)))
    (row,) = table_of(document, "分单位情况").rows
    assert [cell.cases for cell in row[1:] if cell] == [("X0", "X1")] * 2
