"""Every Chinese text that a reader of the pages may meet: what templates hand to gettext, and the sentences of the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_file
from jinja2 import Environment

from tests.support.first_categories import words_shown
from tests.support.project_files import ROOT, name_of, project_files, python_files

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
# Files whose Chinese never stands on a page, or stands there as data; with the reason why.
NOT_ON_PAGES: dict[str, str] = {
    "tracker/domain/reports/checked/": "a report is an official paper and stays Chinese",
    "tracker/domain/house/rooms.py": "the map of the house, for README",
    "tracker/domain/tables/columns.py": "headings of tables that are read and written",
    "tracker/domain/tables/layouts.py": "headings of tables that are read",
    "tracker/domain/tables/cells.py": "words found in tables that are read",
    "tracker/domain/tables/headings.py": "words found in tables that are read",
    "tracker/domain/tables/moments.py": "words found in tables that are read",
    "tracker/domain/tables/row_reading.py": "said by the import, on the command line",
    "tracker/domain/tables/incoming_rows.py": "said by the import",
    "tracker/domain/evidence/sources.py": "names of sources are data",
    "tracker/domain/house/masking/": "patterns of personal data",
    "tracker/domain/territory/published.py": "names of places as the statistics bureau writes them",
    "tracker/domain/publications/plates.py": "a pattern of plates",
    "tracker/services/inspection/bundle_texts.py": "a paper for everybody who repeats a draw",
    "tracker/domain/sites/names.py": "patterns of the names of firms",
    "tracker/domain/sites/register_columns.py": "headings of tables that are read and written",
    "tracker/domain/tables/registers/report_rows.py": "headings of tables that are read",
    "tracker/domain/territory/territory.py": "patterns of the names of places",
    "tracker/domain/house/ledger.py": "said by the command line", "tracker/domain/cases/folding.py": "said by the command line",
    "tracker/services/house/master/sheets.py": "headings and notes of a workbook that comes back",
    "tracker/domain/territory/numbers/parts.py": "parts of the formats of numbers, as they are typed",
    "tracker/gateways/tables/master_out.py": "names of its sheets",
    "tracker/services/people/signing/slips.py": "headings of a workbook",
    "tracker/services/mail/mails.py": "mail is Chinese",
    "tracker/services/cases/declarations/mails.py": "mail is Chinese",
    "tracker/services/cadence/morning": "mail is Chinese", "tracker/services/cadence/beside/": "mail is Chinese",
    "tracker/services/cadence/orphans.py": "mail is Chinese",
    "tracker/domain/cadence/ladder.py": "mail is Chinese",
    "tracker/domain/reports/appraisal/": "a report is an official paper and stays Chinese",
    "tracker/domain/reports/monthly/": "a report is an official paper and stays Chinese",
    "tracker/domain/reports/beside/": "a report is an official paper and stays Chinese",
    "tracker/services/reports/acts_beside.py": "a report is an official paper and stays Chinese",
    "tracker/services/reports/limits_beside.py": "a report is an official paper and stays Chinese",
    "tracker/domain/reports/batches/": "tables and texts that offices hand in are Chinese",
    "tracker/services/reports/batch_papers.py": "an official paper",
    "tracker/services/coordination/notices.py": "an official paper",
    "tracker/services/coordination/agendas/papers.py": "an official paper",
    "tracker/services/coordination/control_papers.py": "an official paper",
    "tracker/services/coordination/agendas/invitations.py": "mail is Chinese",
    "tracker/gateways/reports/xlsx_public.py": "tables that are written are Chinese",
    "tracker/domain/reports/case_lines.py": "lines of reports", "tracker/domain/reports/corrections.py": "lines of reports",
    "tracker/domain/reports/daily.py": "an official paper", "tracker/domain/reports/imprint.py": "an official paper",
    "tracker/domain/reports/rates.py": "an official paper", "tracker/domain/reports/stock.py": "an official paper",
    "tracker/domain/reports/weekly.py": "an official paper",
    "tracker/gateways/mail/pages.py": "mail is Chinese", "tracker/web/cases/papers.py": "the dossier is Chinese",
    "tracker/web/tables/exports.py": "tables that are written are Chinese",
    "tracker/services/mail/robots.py": "said by the command line", "tracker/services/cases/dossiers.py": "the dossier is Chinese",
    "tracker/services/cases/papers/assignment.py": "an official paper",
    "tracker/services/cases/papers/approval.py": "an official paper",
    "tracker/services/cases/papers/supervision.py": "an official paper",
    "tracker/services/cases/papers/telling.py": "an official paper",
    "tracker/services/tables/exporting.py": "tables that are written are Chinese",
    "tracker/services/tables/register_as_of.py": "tables that are written are Chinese",
    "tracker/services/territory/lists/papers.py": "an official paper and a workbook stay Chinese",
    "tracker/services/upkeep/doctor.py": "said by the command line",
    "tracker/services/upkeep/backup.py": "said by the command line",
    "tracker/services/upkeep/database_copies.py": "said by the command line",
    "tracker/services/house/database_trouble.py": "said by the command line",
    "tracker/services/tables/import_reading.py": "said of tables that others wrote, in their language",
    "tracker/services/tables/import_places.py": "said of tables that others wrote, in their language",
    "tracker/services/tables/importing.py": "said of tables that others wrote, in their language",
    "tracker/services/upkeep/checks/cases.py": "said by the command line",
    "tracker/services/upkeep/checks/files.py": "said by the command line",
    "tracker/services/upkeep/integrity.py": "said by the command line",
    "tracker/gateways/house/printed_cells.py": "a report is an official paper and stays Chinese",
    "tracker/domain/reports/issuing/blocks.py": "a pattern of numbers",
    "tracker/gateways/reports/brief_tables.py": "an official paper stays Chinese",
    "tracker/gateways/reports/html.py": "an official paper stays Chinese",
    "tracker/gateways/reports/xlsx.py": "an official paper stays Chinese",
    "tracker/gateways/house/chart_spans.py": "signs between words that are handed in",
    "tracker/gateways/house/chart_tags.py": "signs between words that are handed in",
    "tracker/gateways/house/charts.py": "drawn in reports",
    "tracker/gateways/reports/docx": "an official paper stays Chinese",
    "tracker/gateways/house/column_widths.py": "signs that hold together in papers",
    "tracker/gateways/rules/ics_in.py": "words found in feeds that are read",
    "tracker/gateways/evidence/file_kinds.py": "said by the import, on the command line",
    "tracker/gateways/tables/docx_in.py": "said of documents that others wrote, in their language",
    "tracker/gateways/tables/xlsx_": "said by the import, on the command line",
    "tracker/gateways/tables/sheets_": "said by import and export, on the command line",
}
# Chinese that is put together and is no sentence of ours.
PUT_TOGETHER: dict[str, str] = {
    "tracker/domain/house/say.py": "the Chinese of a date",
    "tracker/domain/cases/wording.py": "the Chinese of a date, for papers",
    "tracker/domain/coordination/counts.py": "numbers with their rate, for papers and the command line",
    "tracker/domain/reports/measures/counted.py": "numbers with their rate, for the command line",
    "tracker/domain/house/identifiers.py": "numbers of documents", "tracker/services/mail/bounces.py": "what a mail server said",
    "tracker/storage/people/people.py": "names of people with those of their units",
}
# Functions of those files whose sentences stand on pages all the same: what a run of the clock did, what is refused.
SHOWN: dict[str, tuple[str, ...]] = {
    "tracker/services/cadence/morning.py": ("commit", "_silence_reason"), "tracker/services/upkeep/integrity.py": ("sentence",),
    "tracker/services/coordination/agendas/papers.py": ("_require_called", "_issue_among"),
    "tracker/services/coordination/control_papers.py": ("_require_issued",),
    "tracker/gateways/rules/ics_in.py": ("events", "_read_event", "_pass_reason", "_last_day", "_day_of"),
}
PAPER = {"templates/cases/print.html": "an official paper stays Chinese",
         "templates/reports/_document.html": "a report is an official paper",
         "templates/reports/_file.html": "a report is an official paper", "templates/mail/_frame.html": "mail is Chinese",
         "templates/mail/report/body.html": "mail is Chinese"}
# What looks Chinese in the code and is no text: patterns, parts of numbers, file names, and the Chinese form of dates.
NO_TEXT = re.compile(r"[\[(（]?\?P?<|\[,|\[\(|\]\)|\(\\d|西环销$|.*〔|一二三四五六日|.*\.docx$|.*\.\{1\}$|（暂定$|期间，不计$"
                     r"|[起止]$|\{0\}(年|月|天$)|周\{0\}$|（\{0\}）$|\{0\}由\{1\}导出$|\{0\}\{1\}月")


def in_templates() -> dict[str, str]:
    """The texts that templates hand to gettext, each with one of the files that do."""
    found: dict[str, str] = {}
    for path in templates():
        if name_of(path) in PAPER:
            continue
        for _, text, _, _ in extract_from_file("jinja2.ext:babel_extract", str(path), options=OPTIONS):
            found.setdefault(text if isinstance(text, str) else text[0], name_of(path))
    return found


OPTIONS = {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}


def templates() -> list[Path]:
    """The templates of the pages; those of mails are Chinese."""
    pages = [path for path in project_files() if path.is_relative_to(ROOT / "templates") and path.suffix == ".html"]
    return [path for path in pages if not path.is_relative_to(ROOT / "templates" / "mail")]


def in_code() -> dict[str, str]:
    """The words and the messages of the code, each with one of its files; what a message is filled with stands as {name}."""
    found: dict[str, str] = {}
    for name, tree in shown_code():
        passed_over = _parts_apart(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in passed_over and isinstance(node.value, str) \
                    and _is_text(node.value):
                found.setdefault(node.value, name)
    return {word: "the rows of problem types" for word in words_shown() if CHINESE.search(word)} | found


def shown_code() -> Iterator[tuple[str, ast.AST]]:
    """What pages show of the code: whole files, and some functions of those that are left out."""
    for path in python_files("tracker/domain", "tracker/web", "tracker/services", "tracker/storage", "tracker/gateways"):
        name, tree = name_of(path), ast.parse(path.read_text())
        if not any(name.startswith(left_out) for left_out in NOT_ON_PAGES):
            yield name, tree
        else:
            yield from ((name, node) for node in ast.walk(tree)
                        if isinstance(node, ast.FunctionDef) and node.name in SHOWN.get(name, ()))


def finished(tree: ast.AST) -> Iterator[int]:
    """The lines where Chinese is put together by the code instead of being a message with values."""
    for node in ast.walk(tree):
        parts = _parts_put_together(node)
        if any(isinstance(part, ast.Constant) and isinstance(part.value, str) and _is_text(part.value) for part in parts):
            yield node.lineno  # type: ignore[attr-defined]


def bare_words(tree: ast.AST) -> Iterator[int]:
    """The lines of messages with a word of a table, or Chinese, as a plain value."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Say":
            yield from (each.value.lineno for each in node.keywords if _is_bare_word(each.value))


def _is_bare_word(value: ast.expr) -> bool:
    if isinstance(value, ast.IfExp):
        return _is_bare_word(value.body) or _is_bare_word(value.orelse)
    is_of_table = isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name) and value.value.id.isupper()
    is_chinese = isinstance(value, ast.Constant) and isinstance(value.value, str) and bool(CHINESE.search(value.value))
    is_made = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id.endswith("word")
    return is_of_table or is_chinese or is_made or (isinstance(value, ast.Attribute) and value.attr == "word")


def _parts_put_together(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.JoinedStr):
        return node.values
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return [node.left, node.right]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("join", "format", "format_map"):
        return [node.func.value]
    return []


def _parts_apart(tree: ast.AST) -> set[int]:
    """Docstrings, and the parts of what is put together."""
    apart = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    return apart | {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def _is_text(text: str) -> bool:
    return bool(CHINESE.search(text)) and not NO_TEXT.match(text)


def bare(path: Path) -> list[str]:
    """The Chinese of a template that no gettext sees."""
    environment = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)
    found, source = [], path.read_text()
    tokens = list(environment.lex(source))
    is_in_trans = False
    for place, (line, kind, value) in enumerate(tokens):
        if kind == "name" and value in ("trans", "endtrans"):
            is_in_trans = value == "trans"
        is_bare_data = kind == "data" and not is_in_trans and 'lang="zh-CN"' not in value
        is_bare_string = kind == "string" and not _is_called(tokens, place)
        if CHINESE.search(value) and (is_bare_data or is_bare_string):
            found.append(f"{name_of(path)}:{line} {value.strip()}")
    return found


def _is_called(tokens: list[tuple[int, str, str]], place: int) -> bool:
    before = [value for _, kind, value in tokens[max(place - 6, 0):place] if kind != "whitespace"]
    return before[-2:] == ["_", "("]
