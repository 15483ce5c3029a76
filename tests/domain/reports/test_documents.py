"""One document, any number of skins: its text is canonical and reads back to the same value."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.reports.counting import Rate
from tracker.domain.reports.document import Cell, Chart, Column, Document, Figure, Section, Table, read_document, value_text

RATES = st.builds(Rate, st.integers(0, 99), st.integers(0, 99), st.text(max_size=9))
CELLS: st.SearchStrategy[Cell] = st.none() | st.text(max_size=9) | st.integers() | RATES
ROWS = st.lists(st.lists(CELLS, max_size=4).map(tuple), max_size=3).map(tuple)
TABLES = st.builds(Table, st.text(max_size=5), st.just((Column("单位", width=18), Column("件数", "number"))), ROWS, st.lists(CELLS).map(tuple))
FIGURES = st.builds(Figure, st.text(max_size=5), st.text(max_size=5), st.integers() | RATES, st.text(max_size=5), st.none() | st.integers() | RATES)
CHARTS = st.builds(Chart, st.text(max_size=5), st.just("bars"), st.just(("甲", "乙")), st.just((("存量", (1, 2)),)))
SECTIONS = st.builds(Section, st.text(max_size=9), st.lists(st.text(max_size=9)).map(tuple), st.lists(FIGURES, max_size=2).map(tuple),
                     st.lists(TABLES, max_size=2).map(tuple), st.lists(CHARTS, max_size=2).map(tuple))
DOCUMENTS = st.builds(
    Document, st.just("weekly"), st.just("2026-W10"), st.just("360103"), st.text(max_size=9), st.text(max_size=9), st.text(max_size=9),
    st.lists(SECTIONS, max_size=2).map(tuple), st.dictionaries(st.text(max_size=5), st.lists(st.text(max_size=5)).map(tuple), max_size=2),
    st.lists(st.text(max_size=5)).map(tuple))


@given(DOCUMENTS)
def test_a_document_reads_back_to_the_equal_value(document: Document) -> None:
    again = read_document(json.loads(document.text()))
    assert again == document
    assert (again.text(), again.digest()) == (document.text(), document.digest())


def test_a_rate_is_printed_with_its_numerator_and_denominator() -> None:
    assert [value_text(cell) for cell in (Rate(45, 48, "x"), Rate(227, 230, "x"), Rate(0, 0, "x"), None, 7, "甲")] == [
        "93.8%（45/48）", "98.7%（227/230）", "—", "—", "7", "甲"]
