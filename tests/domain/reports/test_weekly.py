"""周调度: a stock that balances for the district and every unit, the columns of the sheet, and what needs somebody else."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.stories import figures_of, inputs_for, section_of, table_of, tale
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import CASE_FLOW, MOVES
from tracker.domain.cases.stories import Story
from tracker.domain.house.errors import Broken
from tracker.domain.reports.document import Document, WordReference, is_reference
from tracker.domain.reports.stock import MOVEMENTS, NOBODY, Stock
from tracker.domain.reports.weekly import Weekly

INPUTS = inputs_for("2026-W11", "weekly-review")  # from Friday 6 March 15:00 to Friday 13 March 15:00
TO_A = {"lead_unit_id": 1, "assigned_on": "2026-03-04", "due_on": "2026-03-20"}
TO_B = {"lead_unit_id": 2}
NOBODYS = {"lead_unit_id": None, "due_on": None}
WORKED = ((2, "assign", TO_A), (3, "acknowledge"))


def review(*stories: Story) -> Document:
    builder = Weekly(INPUTS)
    for story in stories:
        builder.add(story)
    return builder.document({number: (f"{number}标题", f"{number}地点") for number in builder.wanted()})


def balance(*stories: Story) -> dict[str, dict[str, int]]:
    """The balance by unit, what is zero left out."""
    table = table_of(review(*stories), "存量平衡表（件）")
    heads = [column.head for column in table.columns]
    return {str(row[0]): {head: cell for head, cell in zip(heads[1:], row[1:], strict=True) if cell}
            for row in (*table.rows, table.total)}


def sheet_row(story: Story) -> dict[str, Any]:
    """The line of the one case that is in the stock."""
    table = section_of(review(story), "调度表").tables[0]
    return dict(zip((column.head for column in table.columns), table.rows[0], strict=True))


# --- the balance --------------------------------------------------------------------------------------------------------


def test_what_stood_before_and_stands_still_is_stock() -> None:
    assert balance(tale("X1", (1, "registered"), *WORKED)) == {"甲街道": {"上周存量": 1, "本周存量": 1}, "合计": {"上周存量": 1, "本周存量": 1}}


def test_a_new_case_counts_for_the_unit_that_got_it_first() -> None:
    assert balance(tale("X1", (8, "registered"), (9, "assign", TO_A))) == {
        "甲街道": {"新增": 1, "本周存量": 1}, "合计": {"新增": 1, "本周存量": 1}}


def test_a_new_case_that_nobody_was_given_stands_apart() -> None:
    assert balance(tale("X1", (8, "registered"))) == {"未交办": {"新增": 1, "本周存量": 1}, "合计": {"新增": 1, "本周存量": 1}}


def test_an_old_case_that_is_given_out_moves_from_nobody_to_the_unit() -> None:
    assert balance(tale("X1", (1, "registered"), (9, "assign", TO_A))) == {
        "甲街道": {"改派转入": 1, "本周存量": 1}, "未交办": {"上周存量": 1, "改派转出": 1},
        "合计": {"上周存量": 1, "改派转入": 1, "改派转出": 1, "本周存量": 1}}


def test_a_case_that_goes_back_and_to_another_unit_moves_twice() -> None:
    found = balance(tale("X1", (1, "registered"), (2, "assign", TO_A), (9, "grant_return", NOBODYS), (10, "assign", TO_B)))
    assert found["甲街道"] == {"上周存量": 1, "改派转出": 1}
    assert found["未交办"] == {"改派转入": 1, "改派转出": 1}
    assert found["乙局"] == {"改派转入": 1, "本周存量": 1}


@pytest.mark.parametrize(("step", "head"), [
    ("close", "销号"), ("merge", "并案"), ("transfer", "移送"), ("decline", "不予受理"), ("void", "作废"), ("import_withdrawn", "作废"),
])
def test_every_way_out_of_the_stock_has_a_column(step: str, head: str) -> None:
    assert balance(tale("X1", (1, "registered"), (9, step)))["合计"] == {"上周存量": 1, head: 1}


@pytest.mark.parametrize(("ended", "step", "head"), [("close", "reopen", "重开"), ("merge", "unmerge", "撤销并案")])
def test_every_way_back_into_the_stock_has_a_column(ended: str, step: str, head: str) -> None:
    assert balance(tale("X1", (1, "registered"), (2, "assign", TO_A), (3, ended), (9, step)))["合计"] == {head: 1, "本周存量": 1}


def test_what_was_closed_and_reopened_in_one_week_counts_as_both() -> None:
    found = balance(tale("X1", (1, "registered"), (2, "assign", TO_A), (8, "close"), (9, "reopen"), (10, "close")))
    assert found["合计"] == {"上周存量": 1, "销号": 2, "重开": 1}


def test_what_came_and_was_taken_back_in_one_week_never_was() -> None:
    assert figures_of(review(tale("X1", (8, "registered"), (9, "import_withdrawn"))))["new"] == 0


def test_a_phased_or_a_verified_case_is_stock_still() -> None:
    for step in ("grant_phase", "verify", "history_imported"):
        assert balance(tale("X1", (1, "registered"), (9, step)))["合计"] == {"上周存量": 1, "本周存量": 1}


def test_a_sheet_that_does_not_balance_does_not_come_into_being() -> None:
    builder = Weekly(INPUTS)
    builder.add(tale("X1", (1, "registered"), *WORKED))
    builder.stock.units[1].moved.add("X2", ("closing",))
    with pytest.raises(Broken, match="不平衡：单位 1"):
        builder.document({})


def test_units_that_do_not_add_up_to_the_district_are_refused() -> None:
    stock = Stock(INPUTS.window)
    stock.add(tale("X1", (1, "registered"), *WORKED))
    stock.units[2].moved.add("X2", ("opening", "closing"))
    with pytest.raises(Broken, match="与全区不符：opening"):
        stock.check()


def wandering(seed: int) -> Story:
    """A random life: any step that starts from the state, units changing hands as they please."""
    dice, state = random.Random(seed), CaseState.registered
    steps: list[Any] = [(dice.uniform(1, 14), "registered")]
    for _ in range(dice.randrange(12)):
        law = dice.choice([step for step in MOVES if state in step.froms] or [CASE_FLOW.steps["comment"]])
        unit = dice.choice([1, 2, 3])
        changes = {"lead_unit_id": unit} if law.name in ("assign",
                                                         "designate") else NOBODYS if law.name in (
                                                             "grant_return", "unmerge") else {}
        day = steps[-1][0] + dice.uniform(0, 3)
        if day > 13:
            break
        steps.append((day, law.name, changes))
        state = CaseState(law.goes_to(state))
    return tale(f"X{seed}", *steps)


@given(st.lists(st.integers(0, 10_000), max_size=30, unique=True))
def test_any_lives_balance_and_their_order_does_not_matter(seeds: list[int]) -> None:
    lives = [story for story in map(wandering, seeds) if story.moves[0].at < INPUTS.window.cuts]
    lives = [story for story in lives if story.last.at < INPUTS.window.cuts]
    document = review(*lives)
    said = figures_of(document)
    signs = {key: sign for key, _, sign in MOVEMENTS}
    assert said["closing"] == said["opening"] + sum(signs[key] * said[key] for key in signs if key in said)
    assert said["closing"] == len(document.cases["closing"]) == len(table_of(document, "按来源").rows and document.cases["closing"])
    assert review(*reversed(lives)).digest() == document.digest()


# --- the sheet ----------------------------------------------------------------------------------------------------------


def test_the_sheet_has_the_columns_of_the_field() -> None:
    assert list(sheet_row(tale("X1", (1, "registered")))) == [
        "编号", "来源", "问题", "地点", "责任单位", "包案领导", "交办日", "整改时限", "灯色", "本周进展", "存在问题", "需协调事项", "下一步", "核查结论", "拟销号"]


def test_a_line_says_what_the_case_is_and_what_happened() -> None:
    row = sheet_row(tale(
        "X1", (1, "registered"), (2, "assign", TO_A | {"sponsor_id": 8}), (3, "acknowledge"),
        (9, "progress", {"told": {"text": "已进场，电话13812345678"}}), (10, "submit"),
        (11, "reject", {"round": 2, "told": {"reason": "仍有残留"}})))
    assert (row["来源"], row["问题"], row["地点"], row["责任单位"], row["包案领导"]) == ("12345热线 S1", "X1标题", "X1地点", "甲街道", "李区长")
    assert (row["交办日"], row["整改时限"], row["灯色"], row["下一步"], row["拟销号"]) == ("2026-03-04", "2026-03-20", "正常", "报送整改", "否")
    assert row["本周进展"] == "3月10日报送整改；3月11日核查不通过；已进场，电话138****5678"
    assert (row["存在问题"], row["核查结论"]) == ("核查不通过：仍有残留；第2轮整改", "不通过：仍有残留")


@pytest.mark.parametrize(("due_on", "light", "trouble"), [
    ("2026-03-12", "超期", "超期1日"), ("2026-03-13", "临期", "—"), ("2026-03-16", "临期", "—"), ("2026-03-17", "正常", "—"),
    (None, "正常", "—"),
])
def test_the_light_is_that_of_the_day_of_the_cut(due_on: str | None, light: str, trouble: str) -> None:
    row = sheet_row(tale("X1", (1, "registered"), (2, "assign", TO_A | {"due_on": due_on})))
    assert (row["灯色"], row["存在问题"]) == (light, trouble)


@pytest.mark.parametrize(("steps", "source", "is_proposed"), [
    (("verify",), 1, "是"), (("verify",), 2, "否"), (("verify", "open_notice"), 2, "否"),
    (("verify", "open_notice", "end_notice"), 2, "是"),
    (("submit",), 1, "否"),
])
def test_what_only_awaits_its_closing_is_proposed(steps: tuple[str, ...], source: int, is_proposed: str) -> None:
    story = tale("X1", (1, "registered"), *WORKED, *((9 + n / 10, step) for n, step in enumerate(steps)), source_id=source)
    assert sheet_row(story)["拟销号"] == is_proposed
    assert (len(section_of(review(story), "拟销号").tables) == 1) == (is_proposed == "是")


def test_imported_history_is_not_proposed() -> None:
    assert sheet_row(tale("X1", (1, "registered"), (1.1, "history_imported", {"history": "imported"})))["拟销号"] == "否"


@pytest.mark.parametrize(("steps", "matter"), [
    (((9, "dispute", {"told": {"reason": "铁路用地"}}),), "争议提级：铁路用地"),
    (((4, "escalate", {"told": {"reason": "涉及两区"}}),), "提请市级协调（2026-03-04）：涉及两区"),
    (((4, "suspend", {"told": {"reason": "诉讼"}}),), "缓办：诉讼"),
    (((9, "joint_meeting_decision", {"told": {"text": "街道牵头"}}),), "联席会议决定（2026-03-09）：街道牵头"),
    (((9, "request_extension", {"pending": "extension"}),), "申请延期待审批"),
    (((9, "open_supervision", {"supervision_level": "listed"}),), "挂牌督办"),
])
def test_what_needs_somebody_else_is_listed(steps: Any, matter: str) -> None:
    story = tale("X1", (1, "registered"), *WORKED, *steps)
    assert matter in sheet_row(story)["需协调事项"]
    assert table_of(review(story), "需协调事项").rows[0][3] == sheet_row(story)["需协调事项"]


def test_a_report_of_progress_says_problems_matters_and_what_comes_next() -> None:
    said = {"text": "已进场", "problems": "管线权属不清", "matters": "管线迁改", "matters_to": "区住建局", "next": "周五围挡"}
    row = sheet_row(tale("X1", (1, "registered"), *WORKED, (9, "progress", {"told": said, "matter_since_on": "2026-03-09"}),
                         (10, "progress", {"told": {"text": "无新情况"}})))
    assert (row["存在问题"], row["需协调事项"]) == ("管线权属不清", "2026-03-09 起待协调（请区住建局）：管线迁改")
    assert (row["下一步"], row["本周进展"]) == ("报送整改；周五围挡", "无新情况")


def test_what_was_to_come_next_last_week_is_not_said_again() -> None:
    row = sheet_row(tale("X1", (1, "registered"), *WORKED, (4, "progress", {"told": {"problems": "下雨", "next": "围挡"}})))
    assert (row["存在问题"], row["下一步"]) == ("—", "报送整改")


def test_a_meeting_of_last_week_is_no_news() -> None:
    story = tale("X1", (1, "registered"), *WORKED, (4, "joint_meeting_decision", {"told": {"text": "街道牵头"}}))
    assert sheet_row(story)["需协调事项"] == ""


# --- the rest -----------------------------------------------------------------------------------------------------------


def test_cases_and_their_units_are_counted_apart() -> None:
    table = table_of(review(
        tale("X1", (1, "registered"), (2, "assign", TO_A | {"supporting_unit_ids": [2, 3]})), tale("X2", (1, "registered"))),
                     "分单位办理情况")
    assert [(row[0], row[1], row[-1]) for row in (*table.rows, table.total)] == [
        ("甲街道", 1, 0), ("乙局", 0, 1), ("丙站", 0, 1), ("未交办", 1, 0), ("合计", 2, 2)]
    assert "案件 2 件" in table.note and "共 3 件（主办 1，协办 2）" in table.note


def test_types_may_exceed_the_total_while_sources_may_not() -> None:
    document = review(tale("X1", (8, "registered"), categories=["garbage", "water"]), tale("X2", (1, "registered"), source_id=2))
    assert table_of(document, "按来源").total == ("案件数", 1, 0, 2, 0)
    assert sum(int(str(row[3])) for row in table_of(document, "按来源").rows) == 2
    assert sum(int(str(row[3])) for row in table_of(document, "按问题类型").rows) == 3


def test_every_figure_lists_the_cases_behind_it() -> None:
    document = review(tale("X1", (8, "registered")), tale("X2", (1, "registered"), *WORKED, (9, "submit"), (10, "verify")))
    for key, value in figures_of(document).items():
        if isinstance(value, int):
            assert len(document.cases.get(key, ())) == value, key


def test_every_figure_is_defined_by_itself_and_by_nothing_else() -> None:
    figures = {figure.word: figure.definition for section in review().sections for figure in section.figures}
    assert figures["拟销号"].startswith("核查通过且无须公示") and "÷" in figures["核查通过率"]
    assert "临期" not in figures["超期"] and "超期" not in figures["临期"]
    assert not any(f"{word}：" in definition for definition in figures.values() for word in figures)


def test_an_empty_week_is_a_sheet_too() -> None:
    document = review()
    assert figures_of(document)["closing"] == 0
    assert section_of(document, "拟销号").paragraphs == ("本周没有拟销号的案件。",)
    assert document.foot[-1] == "账本尚未封签。" and NOBODY == 0


def test_a_reference_names_any_text_that_a_step_asks_for() -> None:
    names = {field.name for step in CASE_FLOW.steps.values() for field in step.given}
    marks = {name: WordReference("case:X1", 7, name, "0" * 64).mark() for name in names}
    assert {name for name, mark in marks.items() if not is_reference(mark)} == set()
