"""One case walking its road: each step changes the row and writes the fact, so that the row is the fold of its facts."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.house.ledger import GENESIS, Fact, chained
from tracker.domain.rules.deadlines import Due, due
from tracker.domain.rules.limits import DEFAULT_LIMITS, Stage, choose
from tracker.services.cases.intake import STATED
from tracker.services.rules.reference import shipped_calendar
from tracker.storage.cases.cases import FAR, Case
from tracker.storage.cases.rows import CATEGORIES, UNITS

ZONE, CALENDAR = ZoneInfo("Asia/Shanghai"), shipped_calendar()
COLUMNS = {c.name: (c.default.arg if c.default is not None else None)
           for c in Case.__table__.columns}  # type: ignore[attr-defined]


class Walk:
    """A case row and its facts, kept in step."""

    def __init__(self, row: Mapping[str, object], categories: tuple[str, ...], digests: Mapping[str, str], actor_id: int,
                 at: datetime) -> None:
        self.row: dict[str, object] = COLUMNS | dict(row) | {"state": CaseState.registered, "registered_at": at,
                                                             "list_due_on": FAR}
        self.categories, self.supporting = categories, ()  # type: tuple[str, ...], tuple[int, ...]
        self.facts: list[Fact] = []
        self._write("case:registered", actor_id, at, {
            "set": {name: self.row[name] for name in STATED} | {CATEGORIES: categories}, "text_digests": dict(digests)})

    @property
    def stream(self) -> str:
        """Where the facts go."""
        return f"case:{self.row['number']}"

    def take(self, step: str, actor_id: int, at: datetime, changes: Mapping[str, object] | None = None,
             **details: object) -> None:
        """One step of the flow, from a state that the flow allows."""
        law, here = CASE_FLOW.steps[step], self.row["state"]
        assert here in law.froms, f"{step} from {here}"
        changes = dict(changes or {})
        self._write(law.fact, actor_id, at, {"set": changes, **details})
        supporting = changes.pop(UNITS, self.supporting)
        assert isinstance(supporting, tuple)
        self.supporting = supporting
        self.row |= changes
        self.row["state"] = here if law.to is None else CaseState(law.to)
        self.row["list_due_on"] = self.row["due_on"] or FAR

    def _write(self, kind: str, actor_id: int, at: datetime, payload: Mapping[str, object]) -> None:
        previous = self.facts[-1].digest if self.facts else GENESIS
        self.facts.append(chained(self.stream, len(self.facts) + 1, kind, actor_id, at, payload, previous))
        self.row["seq"] = len(self.facts)


def day(at: datetime) -> date:
    """The business date of an instant."""
    return at.astimezone(ZONE).date()


@cache
def due_of(source: str, stage: Stage, on: date) -> Due:
    """The due date by the rules as shipped."""
    return due(choose(DEFAULT_LIMITS, source, stage, on), on, CALENDAR)


def spread(start: datetime, days: float, end: datetime, count: int) -> list[datetime]:
    """`count` instants after `start`, over `days` or as much of them as there is before `end`."""
    span = min(timedelta(days=days), end - start)
    return [start + span * (n + 1) / (count + 1) for n in range(count)]
