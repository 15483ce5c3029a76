"""The forms of an import: the file, and what its tables, columns and words mean."""

from collections.abc import Iterable, Mapping

from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import FileField, SelectField

from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import Choices
from tracker.domain.house.say import Say
from tracker.domain.tables.cells import whole_number
from tracker.domain.tables.columns import CaseColumn
from tracker.domain.tables.plans import SKIPPED, ReadingChoices, TablePlan, Unplaced
from tracker.domain.tables.wording import COLUMN_WORDS
from tracker.services.tables.imports.jobs import PASTED, pasted
from tracker.services.tables.imports.looking import FoundTable, UnknownWord
from tracker.web.house.forms import HouseForm, listed, long_text

LEFT_OUT = "-"  # chosen for a column that is not imported
LONGEST_PASTED = 2_000_000


class ImportFileForm(HouseForm):
    """A file, or a table that was copied; where it comes from, and whose cases they are."""

    file = FileField("文件", description=".xlsx、.csv 或 .docx；一个文件里可以有几张表",
                     render_kw={"accept": ".xlsx,.xlsm,.csv,.tsv,.txt,.docx", "optional": True})
    pasted = long_text("或者粘贴表格", longest=LONGEST_PASTED, is_required=False, rows=4,
                       hint="在 Excel 或 WPS 中选中表格（含表头）复制，粘贴到这里；最多 2000 行")
    source = SelectField("来源", validate_choice=True, description="这些案件从哪里来；不选则按表格内容判断")
    area = SelectField("区域", validate_choice=True, description="没有写明区划的行归入哪里")

    def offer(self, sources: Choices, areas: Choices) -> "ImportFileForm":
        """With the sources and the areas that there are."""
        self.source.choices = listed(sources, "按表格内容判断")
        self.area.choices = listed(areas)
        return self

    def sent(self) -> tuple[str, bytes]:
        """Name and bytes of the file, or of what was pasted; both empty when there is neither."""
        given = self.file.data
        if isinstance(given, FileStorage) and given.filename:
            return given.filename, given.stream.read()
        return (PASTED, pasted(self.pasted.data)) if self.pasted.data else ("", b"")


def sheets_chosen(form: MultiDict[str, str], tables: Iterable[FoundTable], before: ReadingChoices) -> ReadingChoices:
    """Which tables are read, where their headers stand, and what becomes of hidden rows and of places. Raises `Invalid`."""
    plans: dict[str, TablePlan] = {}
    for at, table in enumerate(tables):
        if not form.get(f"read-{at}"):
            continue
        row = whole_number(form.get(f"header-{at}", "").strip())
        if row not in table.first_rows:
            raise Invalid(Say("“{sheet}”的表头行应是前 {most} 行中的一行。", sheet=table.sheet or Say("表格"), most=len(table.first_rows)),
                          field=f"header-{at}")
        old = before.plans.get(table.sheet)
        is_same = table.header is not None and row in table.header.rows
        header_rows = table.header.rows if is_same and table.header is not None else (row,)
        plans[table.sheet] = old if old is not None and old.header_rows == header_rows else TablePlan(header_rows)
    if not plans:
        raise Invalid("请至少选一张表。", field="read-0")
    return ReadingChoices(form.get("hidden") != "skip", before.tails_taken, plans, before.values,
                          Unplaced(form.get("unplaced", Unplaced.home)), bool(form.get("skips_abroad")))


def columns_chosen(form: MultiDict[str, str], tables: Iterable[tuple[int, FoundTable, TablePlan]]) -> dict[str, TablePlan]:
    """What each column holds, as it was chosen; one of which nothing was chosen stays open. Raises `Invalid` for no column."""
    plans: dict[str, TablePlan] = {}
    for place, table, plan in tables:
        columns, left_out = dict[int, CaseColumn](), set[int]()
        for at in table.header.labels if table.header is not None else ():
            given = form.get(f"column-{place}-{at}", "" if at in table.filled else LEFT_OUT)
            if given == LEFT_OUT:
                left_out.add(at)
            elif given:
                if given not in set(CaseColumn):
                    raise Invalid("没有这一栏，请重新选择。", field=f"column-{place}-{at}")
                columns[at] = CaseColumn(given)
        plans[table.sheet] = TablePlan(plan.header_rows, columns, frozenset(left_out))
    return plans


def words_chosen(form: MultiDict[str, str], unknown: Iterable[UnknownWord],
                 before: Mapping[CaseColumn, Mapping[str, str]]) -> dict[CaseColumn, dict[str, str]]:
    """What each unknown word means; "" leaves it as it is, and the row says what is wrong with it."""
    values = {column: dict(words) for column, words in before.items()}
    for at, word in enumerate(unknown):
        if given := form.get(f"word-{at}", ""):
            values.setdefault(word.column, {})[word.word] = given
    return values


def column_choices() -> Choices:
    """What a column may hold, in words."""
    return tuple((column.value, word) for column, word in COLUMN_WORDS.items())


__all__ = ["LEFT_OUT", "SKIPPED", "ImportFileForm", "column_choices", "columns_chosen", "sheets_chosen", "words_chosen"]
