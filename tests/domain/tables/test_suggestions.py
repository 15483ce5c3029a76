"""What a header and its cells suggest, how surely; and what is kept of a plan."""

from datetime import date

import pytest

from tests.support.first_categories import first_categories
from tracker.domain.house.errors import Invalid
from tracker.domain.tables.columns import CaseColumn, own_header
from tracker.domain.tables.plans import (
    ReadingChoices,
    TablePlan,
    Unplaced,
    as_json,
    from_json,
    header_words,
    headers_digest,
    likeness,
)
from tracker.domain.tables.suggestions import ColumnSuggestion, Reason, suggested
from tracker.domain.tables.wording import COLUMN_WORDS

C = CaseColumn


def best(label: str, *cells: object) -> ColumnSuggestion | None:
    return suggested({0: label}, {0: cells}, date(2026, 11, 23), lambda word: word in ("西湖区", "东湖区"),
                     first_categories().by_alias).get(0)


@pytest.mark.parametrize(("label", "cells", "column", "score", "reason"), [
    ("*行政区域（必填）", (), C.area, 1.0, Reason.header),
    ("市民反映内容摘要", (), C.description, 0.7, Reason.part_of_header),
    ("甲", ("2026-01-02", "2026/1/3", "2026年1月4日"), C.received_on, 0.5, Reason.dates),
    ("乙", ("西湖区", "东湖区", "某地"), C.area, 0.5, Reason.areas),
    ("丙", ("大气", "噪声", "水"), C.categories, 0.5, Reason.types),
    ("丁", ("13812345678", "0791-86661234", "13912345678"), C.contact, 0.5, Reason.phones),
    ("戊", ("GD0001", "GD0002"), C.source_number, 0.5, Reason.numbers),
    ("己", ("某工地夜间施工噪声扰民，请尽快处理一下吧", "某餐馆油烟直排，附近居民多次投诉无果请处理"), C.description, 0.5, Reason.long_texts),
])
def test_a_column_is_suggested_by_its_header_or_its_cells(label: str, cells: tuple[object, ...], column: CaseColumn, score: float,
                                                          reason: Reason) -> None:
    found = best(label, *cells)
    assert found == ColumnSuggestion(column, score, reason)
    assert found is not None and found.is_proposed == (score >= 0.7)


def test_what_says_nothing_suggests_nothing() -> None:
    assert best("紧急程度", "一般", "紧急") is None
    assert best("空的") is None


def test_each_column_is_suggested_once_to_the_surest() -> None:
    found = suggested({0: "甲", 1: "区县"}, {0: ["西湖区"], 1: ["东湖区"]}, date(2026, 11, 23), lambda word: True, {})
    assert {at: each.column for at, each in found.items()} == {1: C.area}


def test_choices_come_back_as_they_were_kept() -> None:
    choices = ReadingChoices(False, frozenset({("表", 7)}), {"表": TablePlan((1, 2), {0: C.area}, frozenset({3}))},
                             {C.area: {"桃花源": "360103002"}}, Unplaced.skip, skips_abroad=True)
    assert from_json(as_json(choices)) == choices
    assert from_json("") == ReadingChoices()
    assert choices.meant(C.area, " 桃花源 ") == "360103002" and choices.meant(C.place, "桃花源") == "桃花源"


def test_the_same_headers_have_the_same_digest_and_nearly_the_same_are_alike() -> None:
    these, those = header_words({0: "工单 编号", 1: "内容*"}), header_words({0: "工单编号", 1: "内容"})
    assert these == those and headers_digest(these) == headers_digest(those)
    assert headers_digest(these) != headers_digest(header_words({0: "内容", 1: "工单编号"}))
    assert likeness(["a", "b", "c", "d"], ["a", "b", "c", "d", "e"]) == 0.8


def test_a_plan_needs_a_description_and_each_column_once() -> None:
    head = [(1, ["甲", "乙"]), (2, ["x", "y"])]
    with pytest.raises(Invalid, match="问题描述"):
        TablePlan((1,), {0: C.area}).table(head, "")
    with pytest.raises(Invalid, match="只保留一列"):
        TablePlan((1,), {0: C.description, 1: C.description}).table(head, "")
    with pytest.raises(Invalid, match="表头行 9"):
        TablePlan((9,), {0: C.description}).table(head, "")
    table = TablePlan((1,), {1: C.description}, frozenset({0})).table(head, "表")
    assert (table.layout.key, table.first_data_row, table.header.label(C.description)) == ("mapped", 2, "乙")


def test_a_column_is_offered_under_the_header_that_our_own_export_writes() -> None:
    assert {column: own_header(column) for column in COLUMN_WORDS} == dict(COLUMN_WORDS)


def test_a_table_that_is_read_as_its_headers_say_keeps_its_own_layout() -> None:
    head = [(1, ["COMPLAINT ID", "COMPLAINT TYPE", "COMPLAINT DATE", "STREET NAME"]), (2, [1, "x", "01/04/2021", "y"])]
    columns = {0: C.source_number, 1: C.categories, 2: C.received_on, 3: C.street_name}
    assert TablePlan((1,), columns).table(head, "").layout.is_month_first
    assert TablePlan((1,), {**columns, 1: C.description}).table(head, "").layout.key == "mapped"
