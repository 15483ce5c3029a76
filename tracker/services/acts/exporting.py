"""The list of acts as a file: what the list shows to this person, row by row."""

from collections.abc import Iterator
from pathlib import Path

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.say import Say, finished
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.gateways.tables.sheets_out import About, Cell, open_register
from tracker.services.acts import access
from tracker.services.house import permits
from tracker.services.house.work import reading, wiring
from tracker.services.people.taken_out import note_export
from tracker.storage.acts import register
from tracker.storage.acts.acts import FAR
from tracker.storage.acts.register import ActFilters, ActRow
from tracker.storage.house.log import short_head

HEADERS = ("编号", "种类", "类别", "名称", "状态", "区划", "牵头单位", "开始日期", "结束日期", "文号", "应办事项", "未完成应办", "最先到期", "登记时间",
           "办结时间")
TITLE = "联动事项"


def export_acts(actor: Actor, path: Path, filters: ActFilters) -> int:
    """Write what the filters leave of what this person reads; how many rows. Raises `NotAllowed`."""
    permits.require(actor, Permission.act_read)
    permits.require(actor, Permission.case_export)
    session, clock = reading(), wiring().clock
    notes = tuple(filter(None, (short_head(session),)))
    about = About(TITLE, f"{clock.local(clock.now()):%Y-%m-%d %H:%M}", finished(_told_of(filters)), notes)
    with open_register(path, HEADERS, about) as writer:
        for row in register.rows(session, access.scope_of(actor), filters):
            writer.write(list(_cells_of(row)))
    said = {"key": filters.kind or "act", "q_length": len(filters.q)}
    note_export(actor, "acts", writer.count, path.suffix[1:].lower(), said)
    return writer.count


def _told_of(filters: ActFilters) -> Say:
    kind = Say(ACT_FLOWS[filters.kind].word) if filters.kind else Say("全部")
    over = Say("已结束") if filters.is_over else Say("办理中")
    return Say("{kind}；{over}；查找“{q}”", kind=kind, over=over, q=filters.q) if filters.q else Say("{kind}；{over}", kind=kind,
                                                                                              over=over)


def _cells_of(row: ActRow) -> Iterator[Cell]:
    line, flow, clock = row.line, ACT_FLOWS[row.line.kind], wiring().clock
    yield from (line.number, flow.word, dict(flow.subkinds).get(line.subkind, line.subkind), line.title,
                flow.word_of_state(line.state), line.area, line.unit, line.began_on, row.ended_on, row.document_no,
                row.duty_count, row.owed_count, None if line.list_due_on == FAR else line.list_due_on)
    yield from (at and clock.local(at).replace(tzinfo=None, microsecond=0) for at in (row.opened_at, row.closed_at))
