"""One case walking its road: each step changes the row and writes the fact, so that the row is the fold of its facts."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import CASE_FLOW, OtherFacts
from tracker.domain.cases.intake_fields import WORDED
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.ledger import GENESIS, Fact, FactKind, chained
from tracker.domain.rules.deadlines import Due, due
from tracker.domain.rules.limits import DEFAULT_LIMITS, Stage, choose
from tracker.services.cases.intake import STATED
from tracker.services.house.words import committed
from tracker.services.rules.reference import shipped_calendar
from tracker.storage.cases.cases import FAR, Case
from tracker.storage.cases.rows import CATEGORIES, UNITS

ZONE, CALENDAR = ZoneInfo("Asia/Shanghai"), shipped_calendar()
COLUMNS = {c.name: (c.default.arg if c.default is not None else None)
           for c in Case.__table__.columns}  # type: ignore[attr-defined]


class Walk:
    """A case row and its facts, kept in step."""

    def __init__(self, row: Mapping[str, object], categories: tuple[str, ...], actor_id: int, at: datetime) -> None:
        self.row: dict[str, object] = COLUMNS | dict(row) | {"state": CaseState.registered, "registered_at": at,
                                                             "list_due_on": FAR}
        self.categories, self.supporting = categories, ()  # type: tuple[str, ...], tuple[int, ...]
        self.facts: list[Fact] = []
        self.words: list[dict[str, object]] = []
        self._write(OtherFacts.registered.fact, actor_id, at, {
            "set": {name: self.row[name] for name in STATED} | {CATEGORIES: categories}},
                    {word: str(self.row[name] or "") for word, name in WORDED.items()})

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

    def _write(self, kind: FactKind, actor_id: int, at: datetime, payload: Mapping[str, object],
               texts: Mapping[str, str] | None = None) -> None:
        previous, said = self.facts[-1].digest if self.facts else GENESIS, committed(kind, OPERATOR.on_record | dict(payload),
                                                                                     texts)
        self.facts.append(chained(self.stream, len(self.facts) + 1, kind, actor_id, at, said.body, previous))
        self.words += said.rows(self.facts[-1])
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
