"""What people type: read into values, or refused with a sentence that names the field."""

from datetime import date, datetime

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.fields import FieldKind, Given, read, read_all

REASON = Given("reason", "理由", FieldKind.long_text, longest=10)
COLOUR = Given("colour", "颜色", FieldKind.choice, choices=(("r", "红"), ("g", "绿")))
DAY = Given("on", "日期", FieldKind.date)
MOMENT = Given("at", "时间", FieldKind.instant)


@pytest.mark.parametrize(("raw", "value"), [
    ("2026-03-02", date(2026, 3, 2)), ("2026/03/02", date(2026, 3, 2)), (" 2026-03-02 ", date(2026, 3, 2)),
    (date(2026, 3, 2), date(2026, 3, 2)), ("", None), (None, None), ("  ", None),
])  # fmt: skip
def test_dates_are_read(raw: object, value: date | None) -> None:
    assert read(DAY, raw) == value


@pytest.mark.parametrize("raw", ["2026-02-30", "明天", "02-03", "2026-13-01", "0", "二〇二六年"])
def test_what_is_no_date_is_refused_by_name(raw: str) -> None:
    with pytest.raises(Invalid, match=f"“日期”应为日期，如 2026-11-23；“{raw}”无法识别。") as refused:
        read(DAY, raw)
    assert refused.value.field == "on"


@pytest.mark.parametrize("raw", ["1889-01-01", "2205-03-01", "0026-03-01"])
def test_a_year_out_of_reason_is_refused(raw: str) -> None:
    with pytest.raises(Invalid, match=r"年份 .* 不合理"):
        read(DAY, raw)


@pytest.mark.parametrize(("raw", "value"), [
    ("2026-03-02 09:30", "2026-03-02 09:30"), ("2026-03-02T09:30", "2026-03-02 09:30"), ("2026/03/02 9:05", "2026-03-02 09:05"),
    ("2026-03-02", "2026-03-02 00:00"), (datetime(2026, 3, 2, 9, 30), "2026-03-02 09:30"),
    ("2026-03-02 09:30:59", "2026-03-02 09:30"),
])  # fmt: skip
def test_moments_are_read_as_office_time(raw: object, value: str) -> None:
    assert read(MOMENT, raw) == value


@pytest.mark.parametrize("raw", ["昨天上午", "2026-03-02 25:00", "09:30", "2026-03-02 09:30 左右", "0001-01-01 00:00"])
def test_what_is_no_moment_is_refused_by_name(raw: str) -> None:
    with pytest.raises(Invalid, match="“时间”") as refused:
        read(MOMENT, raw)
    assert refused.value.field == "at"


def test_a_choice_is_read_by_code_or_by_word_and_by_nothing_else() -> None:
    assert read(COLOUR, "r") == read(COLOUR, "红") == "r"
    with pytest.raises(Invalid, match="“颜色”只能是：红、绿；“蓝”不在其中。"):
        read(COLOUR, "蓝")


@pytest.mark.parametrize(("raw", "value"), [("12", 12), ("-3", -3), (7, 7)])
def test_numbers_are_read(raw: object, value: int) -> None:
    assert read(Given("n", "个数", FieldKind.number), raw) == value


@pytest.mark.parametrize("raw", ["1.5", "十", "1e3", "12天"])
def test_what_is_no_whole_number_is_refused(raw: str) -> None:
    with pytest.raises(Invalid, match="“个数”应为整数"):
        read(Given("n", "个数", FieldKind.number), raw)


@pytest.mark.parametrize(("raw", "value"), [("是", True), ("no", False), (True, True), ("ON", True), ("无", False)])
def test_yes_and_no_are_read(raw: object, value: bool) -> None:
    assert read(Given("y", "有无", FieldKind.yes), raw) is value


def test_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(Invalid, match="“有无”应填“是”或“否”。"):
        read(Given("y", "有无", FieldKind.yes), "也许")


@pytest.mark.parametrize("raw", ["甲、乙", "甲,乙", "甲，乙", "甲, 乙,甲", ["甲", "乙 ", ""]])
def test_several_units_are_parted_by_any_comma_and_counted_once(raw: object) -> None:
    assert read(Given("u", "单位", FieldKind.units), raw) == ("甲", "乙")


def test_too_long_a_text_is_refused_with_both_lengths() -> None:
    assert read(REASON, "一" * 10) == "一" * 10
    with pytest.raises(Invalid, match="“理由”最多 10 字，现为 11 字。"):
        read(REASON, "一" * 11)


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1b"])
def test_invisible_characters_are_refused(control: str) -> None:
    with pytest.raises(Invalid, match="不可见的控制字符"):
        read(REASON, f"好{control}")


def test_lines_and_tabs_stay() -> None:
    assert read(REASON, "一\n二\t三") == "一\n二\t三"


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(Incomplete, match="请填写“理由”、“颜色”。") as refused:
        read_all((REASON, COLOUR, DAY), {"reason": "  ", "on": "2026-03-02"})
    assert refused.value.field == "reason"


def test_an_alternative_may_stand_in() -> None:
    fields = (Given("photo", "照片", alternative="basis"), Given("basis", "依据", is_required=False))
    assert read_all(fields, {"basis": "无需整改"})["photo"] is None
    with pytest.raises(Incomplete, match="请填写“照片”"):
        read_all(fields, {})


def test_a_field_that_the_step_does_not_know_is_refused_with_those_it_knows() -> None:
    with pytest.raises(Invalid, match=r"这一步不接受“resaon”；可填写：reason\(理由\)。") as refused:
        read_all((REASON,), {"resaon": "好"})
    assert refused.value.field == "resaon"
    with pytest.raises(Invalid, match="可填写：无。"):
        read_all((), {"x": "1"})


VALUES = st.one_of(st.text(max_size=40), st.integers(), st.booleans(), st.none(), st.dates(), st.floats(), st.binary(max_size=4),
                   st.lists(st.text(max_size=4), max_size=3), st.sampled_from(["2026-03-02", "true", "true", "是", "XH-HB"]))


@examples(st.data())
def test_whatever_is_typed_into_any_step_is_read_or_refused_by_name(data: st.DataObject) -> None:
    step = data.draw(st.sampled_from(sorted(CASE_FLOW.steps.values(), key=lambda s: s.name)))
    raw = {field.name: data.draw(VALUES) for field in step.given if data.draw(st.booleans())}
    names, refused = {field.name for field in step.given}, None
    try:
        names_read = set(read_all(step.given, raw))
    except (Invalid, Incomplete) as refusal:
        refused = refusal
    if refused is None:
        assert names_read == names
    else:
        assert refused.field in names
        assert refused.sentence.endswith("。")
