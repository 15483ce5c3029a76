"""Do the guards of the database stand, as the migrations made them?"""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from tracker.domain.house.say import Say
from tracker.services.house.faults import Fault
from tracker.storage.upkeep.guards import guards, pinned

WORDS = {"trigger": "触发器", "check": "约束", "foreign_key": "外键", "unique": "唯一约束"}


def guard_troubles(session: Session) -> Iterator[Fault]:
    """Every guard that is missing, says something else under its name, or was made by nobody."""
    standing, wanted = guards(session), pinned(session)
    for key in sorted(standing.keys() | wanted.keys()):
        if standing.get(key) != wanted.get(key):
            yield Fault(Say("数据库"), _guard_trouble(key, key in standing, key in wanted))


def _guard_trouble(key: str, is_standing: bool, is_wanted: bool) -> str:
    kind, _, name = key.partition(" ")
    if not is_standing:
        return Say("缺{kind} {name}", kind=Say(WORDS[kind]), name=name)
    if not is_wanted:
        return Say("多出{kind} {name}", kind=Say(WORDS[kind]), name=name)
    return Say("{kind} {name} 被改动", kind=Say(WORDS[kind]), name=name)
