"""A report as HTML: a fragment for the page, and the body of a mail with its pictures beside it. Both come from one template."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TypeGuard

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from tracker.domain.house.links import Link, Place, address_of, to_case, url_of
from tracker.domain.reports.counting import CaseCount, Rate
from tracker.domain.reports.document import Cell, Chart, Column, Document, Section, Table, value_text
from tracker.domain.reports.issuing.heads import PaperHead
from tracker.gateways.house.charts import alt_text, chart_png, chart_svg
from tracker.gateways.house.column_widths import ems, held
from tracker.gateways.house.printed_cells import (
    RIGHT,
    cell_text,
    changes_of,
    leaves_zeros,
    light_of,
    moment_text,
    told_cells,
    words_of_nothing,
)

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
MAIL_ROWS = 30
MAIL_PICTURE_WIDTH = 480
# Pixels, as templates/mail/_mail.css sets them: the paper inside on a telephone of 380, a letter, the narrowest head, what stands
# between
# two columns.
MAIL_PAPER, MAIL_EM, MAIL_HEAD, MAIL_GAP, MAIL_TEXT_EMS = 320, 15, 31, 8, 4
MOST_UPRIGHT = 10  # a table of more columns is printed on paper that lies on its side
Address = Callable[[str], str | None]
Linked = Callable[[Link | None], str | None]


def nowhere(text: str) -> None:
    """No link."""


@dataclass(frozen=True)
class Skin:
    """What page and mail set differently. Links that are None are not set; `most_rows` None shows every row."""

    digest: str
    picture: Callable[[Chart], Markup]
    link: Linked
    case_url: Address
    cases_url: Address
    most_rows: int | None = None
    has_chart_tables: bool = True
    is_folded: Callable[[Table], bool] = lambda table: False
    head: PaperHead | None = None  # of a paper that is signed
    cell_url: Callable[[Cell], str | None] = lambda cell: None
    page_url: str = ""  # where a picture leads, in what cannot lead from its bars


def page_fragment(document: Document, *, case_url: Address = nowhere, cases_url: Address = nowhere) -> Markup:
    """The report for a page, without frame. `case_url` is asked for each case number, `cases_url` for the key of each figure."""
    # escaped there
    skin = Skin(document.digest(), lambda chart: Markup(chart_svg(chart)),  # noqa: S704
                lambda link: address_of(link) if link else None, case_url, cases_url)
    return fragment(document, skin)


def write(document: Document) -> bytes:
    """The report as a file of its own that any browser shows and prints."""
    page = _TEMPLATES.get_template("reports/_file.html").render(title=document.title, fragment=page_fragment(document))
    return page.encode()


def mail_fragment(document: Document, base_url: str, digest: str,
                  head: PaperHead | None = None, page: Link | None = None) -> tuple[Markup, dict[str, bytes]]:
    """The report for a mail, and its pictures by the names under which it shows them. `digest` is that of the stored document,
    `page` its page: its numbers lead to the lists there."""
    pictures: dict[str, bytes] = {}

    def listed(asked: str, key: str) -> str | None:
        return url_of(Link(Place.report_cases, page.keys, (*page.asked, (asked, key))), base_url) if page else None

    def picture(chart: Chart) -> Markup:
        name = f"chart{len(pictures) + 1}"
        pictures[name] = chart_png(chart)
        # escaped above
        return Markup(f'<img src="cid:{name}" width="{MAIL_PICTURE_WIDTH}" alt="{escape(alt_text(chart))}">')  # noqa: S704

    skin = Skin(digest, picture, lambda link: url_of(link, base_url) if link else None,
                lambda number: url_of(to_case(number), base_url), lambda key: listed("figure", key), most_rows=MAIL_ROWS,
                has_chart_tables=False, is_folded=_is_too_wide_for_mail, head=head,
                cell_url=lambda cell: listed("cell", cell.place) if leads(cell) else None,
                page_url=url_of(page, base_url) if page else "")
    return fragment(document, skin), pictures


def leads(cell: Cell) -> TypeGuard[CaseCount]:
    """Whether it is a number of a stored document that knows its cases."""
    return isinstance(cell, CaseCount) and bool(cell.place and cell.cases)


def behind_point(section: Section, label: str, name: str, value: int) -> Cell:
    """The number of a table beside a chart that one of its points shows: it stands in the row of the same label, under the name
    of the series, or where a series has none of its own is the same number."""
    for table in section.tables:
        for row in table.rows:
            if label in row:
                named = dict(zip((column.head for column in table.columns), row, strict=True))
                found = named.get(name) or next((cell for cell in row if leads(cell)), None)
                if leads(found) and found == value:
                    return found
    return None


def _is_too_wide_for_mail(table: Table) -> bool:
    """Mail readers cut off what runs out of the paper: such a table is told row by row. Counted as the mail's styles set it."""
    rows = [*table.rows[:MAIL_ROWS], *([table.total] if table.total else [])]
    return sum(_least_pixels([cell_text(row[at], column) for row in rows], column)
               for at, column in enumerate(table.columns)) > MAIL_PAPER


def _least_pixels(texts: Sequence[str], column: Column) -> float:
    """The narrowest that a column of a mail can be: a text is broken anywhere but in its numbers, a rate before its brackets."""
    longest, unbroken = (max((measure(text) for text in texts), default=0) for measure in (ems, held))
    least = {"rate": unbroken, "text": max(unbroken, MAIL_TEXT_EMS)}.get(column.kind, longest)
    return max(least * MAIL_EM, held(column.head) * MAIL_EM, MAIL_HEAD) + MAIL_GAP


def is_across(part: Table | Section) -> bool:
    """Whether it is printed on paper that lies on its side; a section only as a whole, as in the Word document."""
    if isinstance(part, Table):
        return len(part.columns) > MOST_UPRIGHT
    return bool(part.tables) and not part.figures and not part.charts and all(is_across(table) for table in part.tables)


def fragment(document: Document, skin: Skin) -> Markup:
    """The report in a skin."""
    macros = _TEMPLATES.get_template("reports/_document.html").module
    return Markup(macros.document(document, skin))  # type: ignore[attr-defined]  # noqa: S704 - the template escapes


def _template_environment() -> Environment:
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(("html",)), undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"value_text": value_text, "cell_text": cell_text, "changes": changes_of, "light": light_of,
                     "moment": moment_text, "day_words": lambda on: f"{on.year}年{on.month}月{on.day}日",
                     "leaves_zeros": leaves_zeros}
    made.globals |= {"told_cells": told_cells, "words_of_nothing": words_of_nothing, "behind_point": behind_point}
    made.tests |= {"across": is_across, "rate": lambda cell: isinstance(cell, Rate)}
    made.globals["right"] = RIGHT
    return made


_TEMPLATES = _template_environment()
