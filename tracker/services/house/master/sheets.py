"""A table of master data as a workbook, with what is needed to see later who changed what."""

from collections.abc import Sequence
from pathlib import Path

from tracker.domain.house.actor import Actor
from tracker.domain.house.fields import FieldKind
from tracker.domain.house.master import LISTED, MasterField, MasterValues, shown_cell
from tracker.gateways.tables.master_out import CODE_LINE, MasterPaper, master_workbook
from tracker.services.house.caching import NEVER_CHANGED, VERSION
from tracker.services.house.master import rows
from tracker.services.house.master.declaring import Master
from tracker.services.house.work import reading, wiring
from tracker.storage.house.preferences import Preference

MOST_LISTED = 30  # choices that the front page lists
HOW = ("修改后原样导入：删掉的列、行保持不变，空白单元格表示清空。新增一条，在下面加一行；终止一条，填最后一天。"
       "导出以后别人改过、您又改了的行，导回时会指出来。")


def export_table(actor: Actor | None, name: str) -> tuple[str, bytes]:
    """The file's name and content, for whoever may edit the table."""
    master = rows.master_for(actor, name)
    return workbook_of(master, list(master.rows(reading())))


def workbook_of(master: Master, found: Sequence[MasterValues]) -> tuple[str, bytes]:
    """The same of these rows, whoever asks."""
    session = reading()
    table = rows.table_today(master, session)
    now = wiring().clock.local(wiring().clock.now())
    version = session.get(Preference, VERSION)
    front = (("表", table.word), (CODE_LINE, table.name), ("区域", wiring().home_area), ("导出时间", f"{now:%Y-%m-%d %H:%M}"),
             ("规则版本", version.value if version else NEVER_CHANGED), ("行数", str(len(found))), ("怎样改", HOW),
             *((each.word, what_fits(each)) for each in table.given))
    names = [each.name for each in table.given]
    marks = [("", *names)]
    for row in found:
        of_row = rows.marks_of(table, row)
        marks.append((rows.key_mark(table.key_of(row)), *(of_row[name] for name in names)))
    cells = tuple(tuple(_sheet_cell(each, row.get(each.name)) for each in master.table.given) for row in found)
    paper = MasterPaper(table.word, front, tuple(each.word for each in table.given), cells, tuple(marks))
    return f"{table.word}-{now:%Y%m%d}.xlsx", master_workbook(paper)


def write_table(actor: Actor | None, name: str, to: Path) -> int:
    """The same into a file; returns how many bytes."""
    return to.write_bytes(export_table(actor, name)[1])


def what_fits(field: MasterField) -> str:
    """What a column takes, in words."""
    parts = [field.hint, "必填" if field.is_required else "", "启用后不能改" if field.is_fixed else ""]
    if field.choices and len(field.choices) <= MOST_LISTED:
        parts.append("可填：" + LISTED.join(word if code == word else f"{word}({code})" for code, word in field.choices))
    return "；".join(part for part in parts if part)


def _sheet_cell(field: MasterField, value: object) -> object:
    """Words of what the law knows; codes of what other tables hold, for two units may have one name."""
    return value if field.kind in (FieldKind.date, FieldKind.number) else shown_cell(field, value)
