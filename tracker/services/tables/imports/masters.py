"""Saved layouts as master data: how tables of others are read, as lines that an administrator can mend and carry."""

import json
import re
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Conflict, Invalid
from tracker.domain.house.fields import Choices, FieldKind
from tracker.domain.house.master import MasterEdit, MasterField, MasterTable, MasterValues, cell_text
from tracker.domain.house.say import Say
from tracker.domain.tables.fact_kinds import ImportFacts
from tracker.domain.tables.layout_texts import mapping_text, read_mapping, read_values, values_text
from tracker.domain.tables.plans import ReadingChoices, Unplaced, as_json, from_json, headers_digest
from tracker.services.house.master.declaring import Master
from tracker.services.house.work import Work
from tracker.services.rules import rules
from tracker.services.tables.imports.layouts import LONGEST_NAME
from tracker.storage.tables.imports import ImportLayout

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
UNPLACED: dict[str, str] = {"home": "归入所选区域", "error": "逐行报错", "skip": "不导入"}

LAYOUTS = MasterTable("layouts", "导入版式", "同样表头的表下次直接到检查：哪一列是什么，哪些词是什么意思", (
    MasterField("key", "代码", hint="小写字母、数字和 -，如 hotline-daily", longest=40, is_required=True, is_fixed=True),
    MasterField("name", "名称", longest=LONGEST_NAME, is_required=True),
    MasterField("source_key", "来源", FieldKind.choice, hint="空着按表格内容判断"),
    MasterField("mapping", "各列", FieldKind.long_text, hint="一行一列：表头 = 栏目；不要的写“不导入”，还没定的等号后空着", longest=20_000,
                is_required=True, is_listed=False),
    MasterField("words", "词义", FieldKind.long_text, hint="一行一词：栏目：词 = 意思，如 问题类型：灯光 = 其他", longest=20_000,
                is_personal=True, is_listed=False),
    MasterField("takes_hidden", "读隐藏行", FieldKind.yes, is_listed=False),
    MasterField("unplaced", "没有写明区划的行", FieldKind.choice, choices=tuple(UNPLACED.items()), is_required=True, is_listed=False),
    MasterField("skips_abroad", "外区不导入", FieldKind.yes, is_listed=False),
    MasterField("valid_to", "终止日", FieldKind.date, hint="最后一天；次日起不再自动选用"),
), Permission.rules_manage)


def _rows_now(session: Session) -> Iterator[MasterValues]:
    for row in session.scalars(select(ImportLayout).order_by(ImportLayout.valid_to.is_not(None), ImportLayout.key)):
        options = from_json(row.options)
        yield {"key": row.key, "name": row.name, "source_key": row.source_key or None,
               "mapping": mapping_text(json.loads(row.headers), json.loads(row.mapping)),
               "words": values_text(from_json(row.value_map).values) or None, "takes_hidden": options.takes_hidden,
               "unplaced": options.unplaced.value, "skips_abroad": options.skips_abroad, "valid_to": row.valid_to}


def _sources_offered(session: Session) -> Choices:
    return tuple((source.key, source.name) for source in rules.offered_sources())


def _save_layout(work: Work, by: Actor, edit: MasterEdit) -> None:
    values, key = edit.values, str(edit.values["key"])
    if not _KEY.fullmatch(key):
        raise Invalid(Say("代码应由 1 至 40 个小写字母、数字或 - 组成，“{key}”不符合。", key=key), field="key")
    row = work.session.scalar(select(ImportLayout).where(ImportLayout.key == key).with_for_update())
    if row is None:
        row = ImportLayout(key=key, area_code="", made_by_id=None, headers="", headers_digest="", mapping="", value_map="")
    row.name = _free_name(work.session, edit)
    if edit.is_new or "mapping" in edit.changed:
        headers, mapping = read_mapping(cell_text(values["mapping"]))
        row.headers, row.headers_digest = json.dumps(headers, ensure_ascii=False), headers_digest(headers)
        row.mapping = json.dumps(mapping, ensure_ascii=False, sort_keys=True)
    if edit.is_new or "words" in edit.changed:
        row.value_map = as_json(ReadingChoices(values=read_values(cell_text(values["words"]))))
    row.options = as_json(ReadingChoices(bool(values["takes_hidden"]), unplaced=Unplaced(str(values["unplaced"])),
                                         skips_abroad=bool(values["skips_abroad"])))
    row.source_key, row.valid_to = cell_text(values["source_key"]), values["valid_to"]  # type: ignore[assignment]
    row.made_by_id, row.made_at = by.id if by.id > 0 else None, work.clock.now()
    work.session.add(row)
    work.session.flush()
    work.record(f"import-layout:{key}", ImportFacts.layout_saved, by, {"is_new": edit.is_new, **edit.told()})


def _free_name(session: Session, edit: MasterEdit) -> str:
    """The name, where no other layout in force has it: saving on the import's page goes by it."""
    name = " ".join(str(edit.values["name"]).split())
    taken = select(ImportLayout.key).where(ImportLayout.name == name, ImportLayout.key != edit.values["key"],
                                           ImportLayout.valid_to.is_(None))
    if edit.values["valid_to"] is None and session.scalar(taken) is not None:
        raise Conflict(Say("已有名为“{name}”的版式。", name=name), code="taken", field="name")
    return name


MASTERS = (Master(LAYOUTS, _rows_now, _save_layout, lambda values: f"import-layout:{values['key']}",
                  {"source_key": _sources_offered}),)
