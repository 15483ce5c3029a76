"""Sources as master data: what an administrator sets of where cases come from."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.cases.facts import ACTIVE, OPEN
from tracker.domain.cases.wording import CHANNELS, REQUIREMENTS
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import FieldKind
from tracker.domain.house.master import MasterEdit, MasterField, MasterTable, MasterValues
from tracker.domain.house.say import Listed, Say
from tracker.domain.territory.fact_kinds import SourceFacts
from tracker.domain.territory.numbers.grammar import HOW, misfits, read_grammar, require_samples
from tracker.services.house.caching import rules_changed
from tracker.services.house.master.declaring import Master
from tracker.services.house.work import Work, wiring
from tracker.storage.cases.cases import Case
from tracker.storage.territory.territory import Source

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
KINDS: dict[str, str] = {"inspectorate": "督察信访件", "hotline": "热线", "message": "网络留言", "patrol": "巡查", "sample": "样例"}
LEVELS: dict[str, str] = {"central": "中央", "province": "省级", "city": "市级", "district": "区县级"}
PLAIN = ("level", "number_grammar", "number_samples", "number_check")  # columns that are "" where they are blank
GATES = ("submit_gate", "verify_gate", "close_gate")
_GATE_CHOICES = tuple((each.value, word) for each, word in REQUIREMENTS.items())

SOURCES = MasterTable("sources", "来源", "案件从哪里来，各来源要不要公示、要哪些证据", (
    MasterField("key", "代码", hint="字母、数字，如 H12345", longest=40, is_required=True, is_fixed=True),
    MasterField("name", "名称", is_required=True),
    MasterField("kind", "种类", FieldKind.choice, choices=tuple(KINDS.items()), is_required=True, is_fixed=True),
    MasterField("level", "级别", FieldKind.choice, choices=tuple(LEVELS.items()), is_listed=False),
    MasterField("channel", "默认渠道", FieldKind.choice, choices=tuple(CHANNELS.items()), is_required=True),
    MasterField("is_notice_required", "销号前须公示", FieldKind.yes),
    MasterField("needs_confirmation", "交办前须确认归属", FieldKind.yes, hint="选“是”的，先下派给候选单位，确认归属后才交办；已交办的不变",
                is_listed=False),
    MasterField("notice_from", "公示规则自", FieldKind.date, hint="今天或以后；改了“须公示”而不填，就从今天起；这天以前核查通过的照旧",
                is_listed=False),
    MasterField("submit_gate", "报送时须有", FieldKind.choices, choices=_GATE_CHOICES, is_listed=False),
    MasterField("verify_gate", "核查时须有", FieldKind.choices, choices=_GATE_CHOICES, is_listed=False),
    MasterField("close_gate", "销号时须有", FieldKind.choices, choices=_GATE_CHOICES, is_listed=False),
    MasterField("number_grammar", "编号格式", hint=HOW, is_listed=False),
    MasterField("number_samples", "编号样例", hint="三个真实的编号，用、分开", longest=300, is_listed=False),
    MasterField("number_check", "不符时", FieldKind.choice, choices=(("warn", "提醒"), ("refuse", "不予登记")), is_listed=False),
    MasterField("number_since", "编号格式自", FieldKind.date, hint="不填则从登记之日起一直适用", is_listed=False),
    MasterField("valid_from", "启用日", FieldKind.date, hint="从哪天起可选", is_required=True),
    MasterField("valid_to", "终止日", FieldKind.date, hint="最后一天；次日起不再可选，旧案照旧"),
), Permission.rules_manage)


def _rows_now(session: Session) -> Iterator[MasterValues]:
    for row in session.scalars(select(Source).order_by(Source.valid_to.is_not(None), Source.key)):
        gates = {name: tuple(part for part in getattr(row, name).split(",") if part) for name in GATES}
        since = wiring().clock.local(row.notice_since).date() if row.notice_since is not None else None
        yield {"key": row.key, "name": row.name, "kind": row.kind, "channel": row.channel, **gates,
               "is_notice_required": row.is_notice_required, "needs_confirmation": row.needs_confirmation, "notice_from": since,
               "number_since": row.number_since,
               **{name: getattr(row, name) or None for name in PLAIN}, "valid_from": row.valid_from, "valid_to": row.valid_to}


def _save_source(work: Work, by: Actor, edit: MasterEdit) -> None:
    values, key = edit.values, str(edit.values["key"])
    if not _KEY.fullmatch(key):
        raise Invalid(Say("代码应为 1 至 40 个字母、数字或 . _ -，“{key}”不符合。", key=key), field="key")
    begins, ends = values["valid_from"], values["valid_to"]
    if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
        raise Invalid(Say("“{name}”自 {begins} 起，最后一天不能更早。", name=values["name"], begins=begins), field="valid_to")
    _check_numbers(edit)
    row = work.session.scalar(select(Source).where(Source.key == key).with_for_update()) if not edit.is_new else Source(key=key)
    assert row is not None
    _settle_notice(work, row, edit)
    for name in edit.changed if not edit.is_new else values:
        if name not in ("is_notice_required", "notice_from"):
            value = values[name]
            kept = ",".join(map(str, value)) if name in GATES and isinstance(value, tuple) else value
            kept = bool(kept) if name == "needs_confirmation" else kept
            setattr(row, name, "" if kept is None and name in PLAIN else kept)
    work.session.add(row)
    rules_changed(work.session)
    work.record(f"source:{key}", SourceFacts.added if edit.is_new else SourceFacts.changed, by, edit.told())


def _settle_notice(work: Work, row: Source, edit: MasterEdit) -> None:
    """Whether the source asks for a public notice, and since when. A change that is still to come is taken back by the way it was
    made."""
    wanted, on, today = bool(edit.values["is_notice_required"]), edit.values["notice_from"], work.clock.today()
    if edit.is_new:
        row.is_notice_required = wanted
        return
    is_to_come = row.notice_since is not None and row.notice_since > work.clock.now()
    first = on if "notice_from" in edit.changed and isinstance(on, date) else today
    if wanted == row.is_notice_required:
        if "notice_from" in edit.changed and not is_to_come:
            raise Invalid("“须公示”没有改动，不用写从哪天起。", field="notice_from")
        if "notice_from" in edit.changed:
            row.notice_since = _start_of(work, first, today)
    elif is_to_come:
        row.is_notice_required, row.notice_since = wanted, None
    else:
        row.is_notice_required, row.notice_since = wanted, _start_of(work, first, today)


def _start_of(work: Work, first: date, today: date) -> datetime:
    if first < today:
        raise Invalid(Say("公示规则只能从今天（{today}）或以后起改，不能倒签到 {first}。", today=today, first=first), field="notice_from")
    return work.clock.end_of(first - timedelta(days=1))


def _check_numbers(edit: MasterEdit) -> None:
    grammar, samples = (str(edit.values[name] or "") for name in ("number_grammar", "number_samples"))
    if grammar:
        require_samples(read_grammar(grammar), samples)
        if not edit.values["number_check"]:
            raise Invalid("写了编号格式，也要选不符时怎么办。", field="number_check")
    elif samples or edit.values["number_check"]:
        raise Invalid("没有编号格式，就不用写样例，也不用选不符时怎么办。", field="number_grammar")


def _effects_of(session: Session, edit: MasterEdit) -> tuple[str, ...]:
    said: list[str] = []
    source = session.scalar(select(Source).where(Source.key == edit.values["key"]))
    grammar = str(edit.values["number_grammar"] or "")
    if source is None:
        return ()
    if "number_grammar" in edit.changed and grammar:
        numbers = session.scalars(select(Case.source_number).where(Case.source_id == source.id, Case.source_number.is_not(None)))
        odd = misfits(read_grammar(grammar), (number for number in numbers if number))
        if odd:
            said.append(Say("已登记的编号里有 {count} 个不符合新格式，照原样保留，如：{numbers}。", count=len(odd), numbers=Listed(odd[:5])))
    if "is_notice_required" in edit.changed:
        open_cases = select(func.count()).select_from(Case).where(Case.source_id == source.id, Case.state.in_(OPEN))
        said.append(Say("还没有核查通过的 {count} 件，以核查通过的那天为准。", count=session.scalar(open_cases) or 0))
    if edit.values["valid_to"] and "valid_to" in edit.changed:
        said.append(Say("终止日次日起不再可选；办理中的 {count} 件照常办理。", count=session.scalar(select(func.count()).select_from(Case).where(
            Case.source_id == source.id, Case.state.in_(ACTIVE))) or 0))
    return tuple(said)


MASTERS = (Master(SOURCES, _rows_now, _save_source, lambda values: f"source:{values['key']}", effects=_effects_of),)
