"""Sources as master data: what an administrator sets of where cases come from."""

import re
from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.cases.wording import CHANNELS, REQUIREMENTS
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import FieldKind
from tracker.domain.house.master import MasterEdit, MasterField, MasterTable, MasterValues
from tracker.domain.house.say import Say
from tracker.domain.territory.fact_kinds import SourceFacts
from tracker.services.house.caching import rules_changed
from tracker.services.house.master.declaring import Master
from tracker.services.house.work import Work
from tracker.storage.territory.territory import Source

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
KINDS: dict[str, str] = {"inspectorate": "督察信访件", "hotline": "热线", "message": "网络留言", "patrol": "巡查", "sample": "样例"}
GATES = ("submit_gate", "verify_gate", "close_gate")
_GATE_CHOICES = tuple((each.value, word) for each, word in REQUIREMENTS.items())

SOURCES = MasterTable("sources", "来源", "案件从哪里来，各来源要不要公示、要哪些证据", (
    MasterField("key", "代码", hint="字母、数字，如 H12345", longest=40, is_required=True, is_fixed=True),
    MasterField("name", "名称", is_required=True),
    MasterField("kind", "种类", FieldKind.choice, choices=tuple(KINDS.items()), is_required=True, is_fixed=True),
    MasterField("channel", "默认渠道", FieldKind.choice, choices=tuple(CHANNELS.items()), is_required=True),
    MasterField("is_notice_required", "销号前须公示", FieldKind.yes),
    MasterField("submit_gate", "报送时须有", FieldKind.choices, choices=_GATE_CHOICES, is_listed=False),
    MasterField("verify_gate", "核查时须有", FieldKind.choices, choices=_GATE_CHOICES, is_listed=False),
    MasterField("close_gate", "销号时须有", FieldKind.choices, choices=_GATE_CHOICES, is_listed=False),
    MasterField("valid_from", "启用日", FieldKind.date, hint="从哪天起可选", is_required=True),
    MasterField("valid_to", "终止日", FieldKind.date, hint="最后一天；次日起不再可选，旧案照旧"),
), Permission.rules_manage)


def _rows_now(session: Session) -> Iterator[MasterValues]:
    for row in session.scalars(select(Source).order_by(Source.valid_to.is_not(None), Source.key)):
        gates = {name: tuple(part for part in getattr(row, name).split(",") if part) for name in GATES}
        yield {"key": row.key, "name": row.name, "kind": row.kind, "channel": row.channel, **gates,
               "is_notice_required": row.is_notice_required, "valid_from": row.valid_from, "valid_to": row.valid_to}


def _save_source(work: Work, by: Actor, edit: MasterEdit) -> None:
    values, key = edit.values, str(edit.values["key"])
    if not _KEY.fullmatch(key):
        raise Invalid(Say("代码应为 1 至 40 个字母、数字或 . _ -，“{key}”不符合。", key=key), field="key")
    begins, ends = values["valid_from"], values["valid_to"]
    if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
        raise Invalid(Say("“{name}”自 {begins} 起，最后一天不能更早。", name=values["name"], begins=begins), field="valid_to")
    row = work.session.scalar(select(Source).where(Source.key == key)) if not edit.is_new else Source(key=key)
    assert row is not None
    for name in edit.changed if not edit.is_new else values:
        value = values[name]
        setattr(row, name, ",".join(map(str, value)) if name in GATES and isinstance(value, tuple) else value)
    work.session.add(row)
    rules_changed(work.session)
    work.record(f"source:{key}", SourceFacts.added if edit.is_new else SourceFacts.changed, by, edit.told())


MASTERS = (Master(SOURCES, _rows_now, _save_source, lambda values: f"source:{values['key']}"),)
