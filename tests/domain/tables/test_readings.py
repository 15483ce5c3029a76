"""Cells as people write them, read as values."""

import contextlib
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.first_categories import first_categories
from tracker.domain.tables import cells, moments
from tracker.domain.tables.cells import Unreadable

TODAY = date(2026, 11, 23)
NAMES = first_categories().names


def categories(cell: object) -> tuple[tuple[str, ...], str]:
    return cells.categories(cell, first_categories().by_alias)


@pytest.mark.parametrize(("written", "meant"), [
    ("2020/1/8 8:14:02", datetime(2020, 1, 8, 8, 14, 2)),
    ("\t\t2020/1/8 8:14", datetime(2020, 1, 8, 8, 14)),
    ("２０２４年５月２４日", date(2024, 5, 24)),
    ("2024年5月24日8时05分", datetime(2024, 5, 24, 8, 5)),
    ("2024.5.4", date(2024, 5, 4)),
    ("2024-05-24T08:00:00", datetime(2024, 5, 24, 8)),
    ("20240524", date(2024, 5, 24)),
    (20240524, date(2024, 5, 24)),
    (45436, date(2024, 5, 24)),
    (45436.5, datetime(2024, 5, 24, 12)),
    ("45436", date(2024, 5, 24)),
    (datetime(2019, 11, 13, 11, 20, 21), datetime(2019, 11, 13, 11, 20, 21)),
    (date(2024, 5, 24), date(2024, 5, 24)),
    ("2026年5月24日上午", date(2026, 5, 24)), ("2026-05-24 星期日", date(2026, 5, 24)),
    ("2026.5.24（周日）", date(2026, 5, 24)),
    ("24/05/2026", date(2026, 5, 24)), ("二〇二六年五月二十四日", date(2026, 5, 24)), ("二○二六年十一月十日", date(2026, 11, 10)),
    ("2026-05-24T09:30:00+08:00", datetime(2026, 5, 24, 9, 30)), ("'2026-05-24", date(2026, 5, 24)),
    ("05-JAN-21 11:25:00", datetime(2021, 1, 5, 11, 25)),
    ("", None), ("—", None), (None, None),
])
def test_a_date_is_read_however_it_is_written(written: object, meant: object) -> None:
    assert moments.moment(written, TODAY) == meant


@pytest.mark.parametrize("written", ["2053-01-01", "22-JAN-53 12:15:00", "1989-12-31", "2028/1/1", datetime(2053, 1, 22)])
def test_a_year_that_cannot_be_is_refused_with_the_year(written: object) -> None:
    with pytest.raises(Unreadable, match=r"年份 (2053|1989|2028) 不合理"):
        moments.moment(written, TODAY)


@pytest.mark.parametrize("written", ["2024-13-01", "2024年2月30日", "去年", "1/4/2021", "12/12/2021", "5月24日", "2026年5月", 3.5,
                                     "2024-05-24 25:00"])
def test_what_is_no_date_is_refused(written: object) -> None:
    with pytest.raises(Unreadable):
        moments.moment(written, TODAY)


def test_month_first_dates_are_read_only_where_the_table_writes_them_so() -> None:
    assert moments.moment("01/04/2021", TODAY, is_month_first=True) == date(2021, 1, 4)


@pytest.mark.parametrize(("written", "codes"), [
    ("大气、水", ("air", "water")), ("大气,噪音;固废", ("air", "noise", "solid_waste")), ("大气 扬尘", ("air", "dust")),
    ("大气/水/土壤污染", ("air", "water", "soil")), ("噪声类、油烟等", ("noise", "fume")), ("大气;大气", ("air",)),
    ("大气和噪声", ("air", "noise")), ("生态(破坏)", ("ecology",)), ("辐射;海洋,重金属", ("radiation", "marine", "heavy_metal")),
    ("AIR POLLUTION WORK ORDER", ("air",)), ("SERVICE STATIONS/STORAGE TANKS WORK ORDER", ("other",)), ("畜禽养殖", ("livestock",)),
    (None, ()), ("/", ()),
])
def test_a_cell_with_several_types_gives_their_codes_whatever_separates_them(written: object, codes: tuple[str, ...]) -> None:
    assert categories(written) == (codes, "")


def test_an_unknown_type_becomes_other_and_its_word_is_kept() -> None:
    assert categories("光污染、噪声") == (("other", "noise"), "光污染")


@given(st.lists(st.sampled_from(sorted(NAMES)), unique=True), st.sampled_from("、,，;；/ "))
def test_what_the_export_writes_for_types_is_read_back(codes: list[str], separator: str) -> None:
    assert categories(separator.join(NAMES[code] for code in codes)) == (tuple(codes), "")


@pytest.mark.parametrize(("written", "code"), [
    ("属实", "true"), ("基本属实。", "mostly"), ("部分属实:夜间偷排不属实(园区133家)", "partly"), ("不属实", "false"), ("是", "true"), ("否", "false"),
    ("经查属实,涉事商户", "true"), ("部分\n属实", "partly"), ("反映问题基本属实", "mostly"), ("正在核查", None), ("", None), ("—", None),
])
def test_a_finding_is_read_also_from_prose_that_begins_with_it(written: str, code: str | None) -> None:
    assert cells.finding(written) == code


@pytest.mark.parametrize("written", ["属实性待查", "也许", "是否属实不详"])
def test_a_finding_that_says_neither_is_refused(written: str) -> None:
    with pytest.raises(Unreadable, match="属实"):
        cells.finding(written)


@pytest.mark.parametrize(("written", "code"), [
    ("已办结", "done"), ("阶段性\n办结", "phased"), ("阶段办结", "phased"), ("正在办理(2024年12月底前完成)", "open"), ("未办结", "open"), (None, None),
])
def test_an_outcome_is_read(written: object, code: str | None) -> None:
    assert cells.outcome(written) == code


@pytest.mark.parametrize(("written", "number", "is_key", "on"), [
    ("D3JX202405240023", "D3JX202405240023", False, date(2024, 5, 24)),
    (" D3JX202405240023* ", "D3JX202405240023", True, date(2024, 5, 24)),
    ("Ｘ3CQ２０２４０５２００027＊", "X3CQ202405200027", True, date(2024, 5, 20)),
    ("D53250020230620035", "D53250020230620035", False, date(2023, 6, 20)),
    ("BCD2022092601", "BCD2022092601", False, date(2022, 9, 26)),
    ("2017043052", "2017043052", False, date(2017, 4, 30)),
    (4260, "4260", False, None), (188059.0, "188059", False, None), ("乱写的编号", "乱写的编号", False, None), ("—", None, False, None),
])
def test_a_source_number_of_any_grammar_is_kept_as_text(written: object, number: str | None, is_key: bool,
                                                        on: date | None) -> None:
    assert cells.source_number(written) == (number, is_key)
    assert cells.date_in_number(number, TODAY) == on


def test_a_long_number_that_excel_rounded_is_refused() -> None:
    with pytest.raises(Unreadable, match="末几位已经丢失"):
        cells.source_number(2.02405240023e19)


def test_call_or_letter_is_read_from_the_number_of_an_inspection_team() -> None:
    assert cells.channel_in_number("D3JX202405240023") == "phone"
    assert cells.channel_in_number("X3JX202405160020") == "letter"
    assert cells.channel_in_number("BCD2022092601") is None


@given(st.text())
def test_reading_a_text_twice_changes_nothing_more(written: str) -> None:
    once = cells.text(written)
    assert cells.text(once) == once


@given(st.text(max_size=60))
def test_no_text_makes_a_reader_fail_in_any_other_way_than_unreadable(written: str) -> None:
    for read in (cells.finding, cells.outcome, lambda cell: moments.moment(cell, TODAY),
                 lambda cell: cells.coordinate(cell, 90), cells.source_number, categories, cells.channel):
        with contextlib.suppress(Unreadable):
            read(written)


def test_coordinates_at_null_island_are_absent_and_impossible_ones_refused() -> None:
    assert cells.coordinate("28.66", 90) == 28.66
    assert cells.coordinate("0", 90) is None
    with pytest.raises(Unreadable, match="不合理"):
        cells.coordinate("115.9", 90)


def test_a_title_is_the_first_sentence_shortened() -> None:
    assert cells.title_of("抚生路烧烤店油烟扰民。夜间更甚。") == "抚生路烧烤店油烟扰民"
    assert len(cells.title_of("长" * 100)) == 40
