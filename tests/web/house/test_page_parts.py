"""Kept parts of pages: what is filled into them is escaped, and what they depend on makes another of them."""

from datetime import date

import pytest
from flask import Flask
from markupsafe import Markup

from config import Settings
from tests.conftest import MONDAY_MORNING
from tracker import create_app
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.clock import SetClock
from tracker.storage.cases.register.register import RegisterLine
from tracker.web.house.drawing.speed import page_parts

WHERE = "<i>{0} %s</i>"
LINE = RegisterLine(1, "XH-2026-000001", "<b>{1} %d & 扬尘</b>", CaseState.assigned, date(2026, 11, 27), False, False, WHERE, "",
                    "热线", "<7>", None,
            date(2026, 11, 20), None, "green")
EVERY = tuple(page_parts.CELLS)


def rows(app: Flask, lines: list[RegisterLine], columns: tuple[str, ...] = EVERY, pick: str = "") -> str:
    """The rows as the register shows them."""
    with app.test_request_context("/cases"):
        app.preprocess_request()
        macros = app.jinja_env.get_template("macros/tables.html").module
        return str(page_parts.rows_of(lines, columns, pick, macros.row, macros.cell))  # type: ignore[attr-defined]


@pytest.mark.one_engine
def test_texts_of_a_case_are_escaped_and_braces_in_them_are_only_texts(app: Flask) -> None:
    page = rows(app, [LINE])
    assert "&lt;b&gt;{1} %d &amp; 扬尘&lt;/b&gt;" in page
    assert "&lt;i&gt;{0} %s&lt;/i&gt;" in page
    assert "&lt;7&gt;" in page
    assert "<b>" not in page and "<i>" not in page


@pytest.mark.one_engine
def test_a_kept_cell_is_not_shown_for_a_case_that_differs(app: Flask) -> None:
    rows(app, [LINE])
    other = LINE._replace(unit="甲单位", is_key=True, place="乙路", source_number=None, is_due_provisional=True)
    page = rows(app, [other])
    assert "甲单位" in page and "重点件" in page and "乙路" in page and "（暂定）" in page and "&lt;7&gt;" not in page
    page = rows(app, [LINE])
    assert "尚未交办" in page and "重点件" not in page and "（暂定）" not in page


@pytest.mark.one_engine
@pytest.mark.parametrize("columns", [EVERY, ("light", "state", "unit", "source", "due")])
@pytest.mark.parametrize("pick", ["", "some", "all"])
def test_rows_are_the_same_to_the_byte_without_their_patterns(app: Flask, settings: Settings, columns: tuple[str, ...],
                                                              pick: str) -> None:
    late = LINE._replace(unit="甲单位", is_key=True, place="乙路", light="red", due_on=date(2026, 1, 5), source_number=None,
                         supervision_level="ordinary")
    plain = create_app(settings, clock=SetClock(MONDAY_MORNING), without={page_parts.ROWS})
    for lines in ([], [LINE], [LINE, late, LINE]):
        assert rows(app, lines, columns, pick) == rows(plain, lines, columns, pick)


@pytest.mark.one_engine
def test_a_source_number_stands_in_one_cell_only(app: Flask) -> None:
    assert rows(app, [LINE]).count("&lt;7&gt;") == 1
    assert rows(app, [LINE], ("source",)).count("&lt;7&gt;") == 1


@pytest.mark.one_engine
def test_boxes_are_there_where_something_can_be_picked(app: Flask) -> None:
    assert "checkbox" not in rows(app, [LINE])
    assert 'id="n-1"' in rows(app, [LINE], pick="some")
    assert " checked" in rows(app, [LINE], pick="all") and " checked" not in rows(app, [LINE], pick="some")


def test_one_option_is_picked_and_its_code_may_be_anything() -> None:
    options = Markup('<option value="a">A</option><option value="ab">B</option>')
    assert page_parts.picked(options, "a") == '<option value="a" selected>A</option><option value="ab">B</option>'
    assert page_parts.picked(options, '"><script>') == options
