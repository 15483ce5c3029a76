"""Identifiers and masking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.house.errors import Invalid
from tracker.domain.house.identifiers import (
    CaseNumber,
    credit_code,
    format_case_number,
    format_document_number,
    format_filing_number,
    is_credit_code,
    is_resident_id,
    normalise_document_number,
    parse_case_number,
    source_number,
)
from tracker.domain.house.masking import mask_text


def test_a_case_number_reads_back_as_it_was_written() -> None:
    assert format_case_number(2026, 123) == "XH-2026-000123"
    assert parse_case_number(" xh-2026-000123　") == CaseNumber(2026, 123)
    assert parse_case_number("ＸＨ－２０２６－０００１２３") == CaseNumber(2026, 123)


@pytest.mark.parametrize("text", ["", "XH-26-000123", "XH-2026-123", "XH-2026-0001234", "D3JX202405240023"])
def test_anything_else_is_not_a_case_number(text: str) -> None:
    with pytest.raises(Invalid):
        parse_case_number(text)


@pytest.mark.parametrize(("year", "serial"), [(26, 1), (2026, 0), (2026, 1_000_000)])
def test_a_number_that_would_not_fit_is_refused(year: int, serial: int) -> None:
    with pytest.raises(Invalid):
        format_case_number(year, serial)


@given(st.integers(1000, 9999), st.integers(1, 999_999))
def test_every_case_number_survives_the_round_trip(year: int, serial: int) -> None:
    assert parse_case_number(format_case_number(year, serial)) == CaseNumber(year, serial)


@pytest.mark.parametrize(
    ("typed", "key", "is_key_case"),
    [
        ("D3JX202405240023", "D3JX202405240023", False),
        ("\tＤ3JX2024 05240023＊\n", "D3JX202405240023", True),
        ("X3JX202405160020 *", "X3JX202405160020", True),
        ("4260", "4260", False),
        ("信访〔2021〕3　号**", "信访〔2021〕3号", True),
        ("BCD2022092601\ufeff", "BCD2022092601", False),
    ],
)
def test_source_numbers_of_any_grammar_are_normalised(typed: str, key: str, is_key_case: bool) -> None:
    number = source_number(typed)
    assert (number.key, number.is_key_case) == (key, is_key_case)


@pytest.mark.parametrize("code", ["91110000600037341L", "91410781694896138P", " 9111 0000 6000 3734 1l "])
def test_credit_codes_with_a_right_check_digit_are_valid(code: str) -> None:
    assert is_credit_code(code)
    assert len(credit_code(code)) == 18


@pytest.mark.parametrize("code", ["", "91110000600037341M", "91110000600037314L", "9111000060003734IL", "91410781694896138"])
def test_other_credit_codes_are_refused(code: str) -> None:
    assert not is_credit_code(code)
    with pytest.raises(Invalid):
        credit_code(code)


def test_the_check_digit_of_a_resident_id_is_checked() -> None:
    assert is_resident_id("11010519491231002X")
    assert not is_resident_id("110105194912310021")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("请联系13800138000张先生", "请联系138****8000张先生"),
        ("电话：138-0013-8000，或 +86 139 1111 2222。", "电话：138-****-8000，或 +86 139 **** 2222。"),
        ("手机１３８００１３８０００", "手机１３８****８０００"),
        ("身份证11010519491231002X。", "身份证110105********002X。"),
        ("身份证 110105194912310021（抄错一位）", "身份证 110105********0021（抄错一位）"),
        ("13800138000、13900139000", "138****8000、139****9000"),
    ],
)
def test_phones_and_ids_inside_text_are_masked(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "用户UU0081274反映噪声",
        "案件XH-2026-000123，受理编号D3JX202405240023*、X3CQ202405200027",
        "D53250020230620035与532500202306200351",
        "统一社会信用代码91410781694896138P，许可证91410781694896138P001P",
        "坐标115.8921345678,28.6812345678；电话0791-86231234；金额13800138元",
        "2026-11-23 08:14:02，西环销〔2026〕12号",
        "",
    ],
)
def test_codes_that_only_look_like_phones_are_left_alone(text: str) -> None:
    assert mask_text(text) == text


@given(st.text(alphabet="西湖区噪声UX0123456789-* ", max_size=60))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask_text(mask_text(text)) == mask_text(text)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("苏环督察办[2018]23号", "苏环督察办〔2018〕23号"),
        ("宜政发（2021）第0278号", "宜政发〔2021〕278号"),
        ("赣府厅发 ［2021］ 30", "赣府厅发〔2021〕30号"),
        ("西环督201612号", "西环督〔2016〕12号"),
        ("洪环(2017)4—38号", "洪环〔2017〕4—38号"),
        ("关于某事的通知", None),
        ("201612号", None),
    ],
)
def test_document_numbers_get_their_brackets_back(typed: str, normal: str | None) -> None:
    assert normalise_document_number(typed) == normal


def test_filing_numbers_are_document_numbers() -> None:
    assert format_filing_number(2026, 12, "西环销") == "西环销〔2026〕12号"
    assert normalise_document_number(format_document_number("西环督", 2021, 12)) == "西环督〔2021〕12号"
    with pytest.raises(Invalid):
        format_filing_number(2026, 0, "西环销")
