"""Mails from templates: `templates/mail/<mail>/` holds subject.txt, body.txt and, where there is one, body.html.

The text part is whole by itself. Styles are written into the elements, for mail readers drop style sheets.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup, escape

from tracker.domain.house.links import url_of
from tracker.domain.house.say import Say
from tracker.domain.reports.document import Cell, Column, value_text
from tracker.gateways.house.charts import alt_text
from tracker.gateways.house.printed_cells import (
    cell_text,
    changes_of,
    leaves_zeros,
    light_of,
    moment_text,
    told_cells,
    words_of_nothing,
)

FOLDER = Path(__file__).resolve().parents[3] / "templates" / "mail"

# The mails whose page is another for every reader: their styles are written into the template, once, and not into each page.
OWN_PAGES = frozenset({"many_cases", "morning"})
BLOCK = re.compile(r"\{% block (?P<name>\w+) %\}(?P<inner>.*?)\{% endblock %\}", re.DOTALL)
JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
PART = "[part]"
NOTHING_NEW = "没有新的内容"
INLINER = CSSInliner(load_remote_stylesheets=False, minify_css=True)
ASIDE = re.compile("<!--\ue000(\\d+)\ue001-->|\ue000(\\d+)\ue001")


@dataclass(frozen=True)
class MailPage:
    """A mail as it will be sent; the text part is always there."""

    subject: str
    text: str
    html: str | None


@dataclass(frozen=True)
class _Parts:
    subject: Template
    text: Template
    html: Template | None


def render(mail: str, words: Mapping[str, object]) -> MailPage:
    """A mail with these words. A word that the template asks for and nobody gave is an error."""
    parts = _mail_templates(mail)
    html = None if parts.html is None else parts.html.render(words)
    if html is not None and mail not in OWN_PAGES:
        html = INLINER.inline(html)
    return MailPage(" ".join(parts.subject.render(words).split()), parts.text.render(words).strip() + "\n", html)


def mail_names() -> tuple[str, ...]:
    """Every mail that there are templates for."""
    return tuple(sorted(folder.parent.name for folder in FOLDER.glob("*/subject.txt")))


@cache
def _mail_templates(mail: str) -> _Parts:
    """The templates of a mail, compiled once."""
    templates, has_page = _TEMPLATES, (FOLDER / mail / "body.html").is_file()
    page = None
    if has_page:
        page = templates.from_string(_styled_source(mail)) if mail in OWN_PAGES else templates.get_template(f"{mail}/body.html")
    return _Parts(templates.get_template(f"{mail}/subject.txt"), templates.get_template(f"{mail}/body.txt"), page)


def _styled_source(mail: str) -> str:
    """The source of a page with the styles in its elements: what is Jinja's stands aside meanwhile, tags as comments, which may
    stand between the rows of a table, and words as signs that no text has."""
    body = (FOLDER / mail / "body.html").read_text()
    source = (FOLDER / "_frame.html").read_text().replace('{% include "_mail.css" %}', (FOLDER / "_mail.css").read_text())
    for block in BLOCK.finditer(body):
        inner = block["inner"] if block["name"] == "title" else block[0]  # in a title a comment would be text
        source = source.replace(f"{{% block {block['name']} %}}{{% endblock %}}", inner)
    aside: list[str] = []

    def put_aside(found: re.Match[str]) -> str:
        aside.append(found[0])
        sign = f"\ue000{len(aside) - 1}\ue001"
        return f"<!--{sign}-->" if found[0].startswith("{%") else sign

    styled = INLINER.inline(JINJA.sub(put_aside, source))
    return ASIDE.sub(lambda found: aside[int(found[1] or found[2])], styled)


def row_words(row: Sequence[Cell], columns: Sequence[Column], *, is_total: bool = False) -> str:
    """A row of a table as one line of text: what the row is about, then every cell that says something under its head."""
    told = "，".join(f"{column.head} {cell_text(cell, column)}"
                    for column, cell in told_cells(row[1:], columns[1:], is_total=is_total))
    told = told or words_of_nothing(row[1:])
    about = cell_text(row[0], columns[0])
    if about.replace(".", "").isdecimal():  # a rank or a clause says nothing without its head
        about = f"{columns[0].head} {about}"
    return Say("{place}：{misfit}", place=about, misfit=told) if told else about


def counted_words(counts: Sequence[tuple[str, int, str]]) -> str:
    """How many of each, without those of which there are none."""
    return "，".join(f"{word} {count} {unit}" for word, count, unit in counts if count) or NOTHING_NEW


def held(words: str, pattern: str) -> Markup:
    """The words of a line with each part in the pattern, in the place of its PART: a mail breaks the line only between them."""
    before, _, after = str(pattern).partition(PART)
    parts = [str(escape(part)) for part in words.split("，")]
    return Markup(before + ("，" + after + before).join(parts) + after)  # noqa: S704 - escaped


def _template_environment() -> Environment:
    made = Environment(loader=FileSystemLoader(FOLDER), autoescape=select_autoescape(("html",)), undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, auto_reload=False)
    made.filters |= {"value_text": value_text, "changes": changes_of, "light": light_of, "moment": moment_text,
                     "chart_words": alt_text, "row_words": row_words,
                     "leaves_zeros": leaves_zeros, "held": held, "counted": counted_words, "url": url_of}
    return made


_TEMPLATES = _template_environment()
