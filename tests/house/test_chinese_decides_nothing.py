"""Nothing reads finished Chinese: what decides is a code or a value, and Chinese is read where others wrote it."""

import ast
from collections import Counter

import pytest

from tests.support.chinese_reads import reads_in_code, reads_in_templates, reads_of, template_reads

# Who reads Chinese, in how many lines, and why it has to be read. Nobody else may.
TABLES = "tables that others wrote are read"
PRINTED = "a frozen report has its columns, tables and series by their words alone, those of older editions too"
MAY_READ: dict[str, tuple[int, str]] = {
    "tracker/domain/rules/money.py": (1, "an amount with its unit, as people type it"),
    "tracker/cli/house/reading.py": (1, "a colon that somebody typed in the other width"),
    "tracker/domain/house/fields.py": (3, "a yes, a no and a list, as people type them"),
    "tracker/domain/house/identifiers.py": (2, "numbers of papers, as offices write them"),
    "tracker/domain/house/master.py": (1, "lists of words and codes, as people type them"),
    "tracker/domain/house/log/notes.py": (1, "the short form of a head, as it comes back from a reader's paper"),
    "tracker/domain/house/masking/anybody.py": (2, "phones and identity numbers in what people wrote"),
    "tracker/domain/house/masking/known.py": (7, "the reporter's names and numbers in what people wrote"),
    "tracker/domain/house/masking/names.py": (8, "what somebody gave as a name"),
    "tracker/domain/house/masking/normal.py": (1, "the spellings of what people wrote"),
    "tracker/domain/reports/appraisal/appealing.py": (2, PRINTED),
    "tracker/domain/reports/issuing/blocks.py": (1, "numbers in what people wrote, but for days and times"),
    "tracker/domain/reports/monthly/hot_spots.py": (5, "places and targets in what people complained of"),
    "tracker/domain/reports/rule_lines.py": (1, "the full stop alone: a sentence becomes a clause"),
    "tracker/services/house/master/loading.py": (3, "the sheets and headings of our own workbook, as they come back"),
    "tracker/domain/territory/numbers/grammar.py": (3, "the formats of numbers, as people type them"),
    "tracker/services/territory/lists/lines.py": (3, "lists of keywords and codes, as people type them"),
    "tracker/domain/publications/plates.py": (1, "plates in what people wrote"),
    "tracker/domain/sites/register_columns.py": (1, TABLES),
    "tracker/domain/sites/names.py": (2, "names of firms, as people type them"),
    "tracker/domain/tables/layout_texts.py": (4, "lines of layouts, as people type them"),
    "tracker/services/people/masters/typed_roles.py": (3, "roles and areas, as people type lists of them"),
    "tracker/domain/tables/cells.py": (10, TABLES),
    "tracker/domain/tables/columns.py": (2, TABLES),
    "tracker/domain/tables/headings.py": (1, TABLES),
    "tracker/domain/tables/incoming_rows.py": (1, TABLES),
    "tracker/domain/tables/layouts.py": (2, TABLES),
    "tracker/domain/tables/moments.py": (6, TABLES),
    "tracker/domain/tables/row_reading.py": (4, TABLES),
    "tracker/domain/territory/boundaries.py": (1, "the number of a map's approval, as it was typed"),
    "tracker/domain/territory/shapes/reading.py": (2, "other names of a line as they are typed, and the full stop alone"),
    "tracker/domain/territory/published.py": (2, "names of places as the statistics bureau writes them"),
    "tracker/domain/territory/territory.py": (3, "names of places"),
    "tracker/gateways/house/charts.py": (4, PRINTED),
    "tracker/gateways/house/column_widths.py": (1, "signs that stay on one line in print"),
    "tracker/gateways/house/printed_cells.py": (2, PRINTED),
    "tracker/gateways/mail/pages.py": (1, "a line of a mail may be broken at its commas, those that somebody typed too"),
    "tracker/gateways/reports/brief_tables.py": (3, PRINTED),
    "tracker/gateways/reports/docx.py": (2, "heads that have their number already"),
    "tracker/gateways/reports/docx_layout.py": (1, "where a title may be broken"),
    "tracker/gateways/rules/ics_in.py": (3, "calendars that others wrote are read"),
    "tracker/gateways/tables/sheets_in.py": (1, "signs that begin a formula"),
    "tracker/gateways/tables/sheets_out.py": (3, "signs that begin a formula, and the headers of wide columns"),
    "tracker/services/tables/import_reading.py": (3, TABLES),
    "tracker/services/tables/registers/reading.py": (1, "the front page of our own workbook, as it comes back"),
    "tracker/services/territory/boundaries.py": (1, "the full stop alone: a sentence becomes a clause"),
    "tracker/services/upkeep/checks/files.py": (1, "the full stop alone: a sentence becomes a clause"),
    "templates/reports/_document.html": (1, PRINTED),
}


def test_no_code_and_no_template_reads_finished_chinese_to_decide() -> None:
    found = [*reads_in_code(), *reads_in_templates()]
    counted = Counter(file for file, _ in found)
    odd = {file for file in {*counted, *MAY_READ} if counted[file] != MAY_READ.get(file, (0, ""))[0]}
    said = [f"{file} may in {MAY_READ[file][0] if file in MAY_READ else 0} lines and does in {counted[file]}: "
            f"{[line for where, line in found if where == file]}" for file in sorted(odd)]
    assert said == [], "Chinese is read; ask a code or a value instead, or say in MAY_READ why others' words have to be read"


@pytest.mark.parametrize("line", [
    "state == '已办结'", "'公式' in clause", "word in ('环比', '同比')", "text.startswith('截止日')", "told.partition('（暂定')[0]",
    "re.split('[，；]', text)", "text.replace(PAUSED, '')", "name in HEADS", "CODES.get(word)", "words.PAUSED in note",
    "select(Case).where(Case.title.like('%噪声%'))", "{'是': 1}[word]",
])
def test_every_way_to_read_chinese_is_seen(line: str) -> None:
    source = f"from tracker.web import words\nHEADS, PAUSED = ('甲', '乙'), '暂停'\nCODES = {{'是': True}}\n{line}"
    assert reads_of(ast.parse(source), {"tracker.web.words": frozenset({"PAUSED"})}) == [4]


@pytest.mark.parametrize("line", [
    "state is CaseState.closed", "WORDS[state]", "Say('案件现为“{state}”。', state=state)", "'、'.join(words)", "name in STATES",
    "text.split(',')",
])
def test_who_says_chinese_is_not_taken_for_who_reads_it(line: str) -> None:
    assert reads_of(ast.parse(f"WORDS = {{'closed': '销号'}}\nSTATES = ('closed', 'verified')\n{line}"), {}) == []


@pytest.mark.parametrize(("source", "lines"), [
    ("{% if note.startswith('截止日') %}{% endif %}", [1]), ("{{ '是' if said == '是' }}", [1]),
    ("{% if head in ('单位', '编号') %}{% endif %}", [1]), ("{{ text | replace('。', '') }}", [1]),
    ("{{ '无' if not lines }}{% if kind == 'date' %}{{ _('日期') }}{% endif %}", []),
])
def test_a_template_is_read_as_closely(source: str, lines: list[int]) -> None:
    assert template_reads(source) == lines
