"""What happened to a row of master data: every fact of its stream, the newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tracker.domain.house.actor import CLOCK, OPERATOR, Actor
from tracker.domain.house.ledger import Fact
from tracker.domain.house.master import MasterTable
from tracker.domain.house.say import Say
from tracker.services.house.master import rows
from tracker.services.house.work import reading
from tracker.storage.house import ledger
from tracker.storage.people.accounts import Person

ACTS: dict[str, str] = {"added": "新增", "changed": "改动", "ended": "终止", "set": "设定", "renamed": "更名", "saved": "保存",
                        "loaded": "改动"}
NOT_SHOWN = "（不显示）"


@dataclass(frozen=True)
class HistoryLine:
    """One fact: when, who, what was done, and word, old and new of what changed."""

    at: datetime
    who: str
    act: str
    cells: tuple[tuple[str, str, str], ...]


def history_of(actor: Actor | None, name: str, key: str) -> tuple[HistoryLine, ...]:
    """The history of a row, for whoever may read its table."""
    master, session = rows.master_for(actor, name, to_read=True), reading()
    facts = [fact for fact in ledger.stream_of(session, master.stream_of(rows.row_named(master, session, key)))
             if fact.payload.get("row", key if not master.is_stream_shared else None) == key]
    names = dict(session.execute(select(Person.id, Person.name).where(Person.id.in_({fact.actor_id for fact in facts}))).all())
    names |= {CLOCK.id: CLOCK.name, OPERATOR.id: OPERATOR.name}
    table = rows.table_today(master, session)
    return tuple(HistoryLine(fact.at, names.get(fact.actor_id, "—"), ACTS.get(_act_of(fact.kind), "其他"),
                             _cells_told(table, fact)) for fact in reversed(facts))


def _act_of(kind: str) -> str:
    """The participle of a fact: added, changed, ended."""
    return kind.rpartition(":")[2].rpartition("_")[2]


def _cells_told(table: MasterTable, fact: Fact) -> tuple[tuple[str, str, str], ...]:
    told = fact.payload.get("changed")
    fields = {each.name: each for each in table.fields}
    if not isinstance(told, dict):
        return ()
    shown = []
    for name, pair in told.items():
        if (column := fields.get(str(name))) is None or not isinstance(pair, list):
            continue
        words = dict(column.choices)
        old, new = (words.get(each, each) for each in pair) if pair else (Say(NOT_SHOWN), Say(NOT_SHOWN))
        if old or new:
            shown.append((column.word, str(old), str(new)))
    return tuple(shown)
