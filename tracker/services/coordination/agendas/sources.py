"""What the backlog is gathered from: the rows as they stand, or what the facts had told of them by a moment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from sqlalchemy.orm import Session

from tracker.domain.acts.facts import DutyKind
from tracker.domain.acts.sight import ActScope
from tracker.domain.cases.belonging.candidates import UnitAnswer
from tracker.domain.cases.facts import ACTIVE, OPEN, CaseState
from tracker.domain.cases.flow import CASE_FLOW, Steps
from tracker.domain.cases.stories import Move
from tracker.domain.coordination import interviews, meetings, programmes
from tracker.domain.coordination.agendas.backlog import MOST_MISSED
from tracker.domain.coordination.interviews import InterviewState
from tracker.domain.coordination.meetings import ITEMS
from tracker.domain.coordination.programmes import ProgrammeState
from tracker.domain.house.actor import Scope
from tracker.domain.upkeep.acts_then import FoldedAct
from tracker.services.acts.effects import ACT, CASE
from tracker.services.acts.then import folded_by_stream
from tracker.services.coordination.schedules import stories_of
from tracker.storage.coordination import backlog as rows
from tracker.storage.coordination.backlog import WITH_AGENDA, MeetingRow, WaitingDuty

PORTION = 400
SETTLES = frozenset(step.fact for step in CASE_FLOW.steps.values() if step.settles_escalation)


class WaitingRows(Protocol):
    """What is asked of either."""

    @property
    def session(self) -> Session: ...
    def disputed(self) -> Iterable[tuple[str, datetime]]: ...
    def disclaimed(self) -> Iterable[tuple[str, datetime]]: ...
    def escalated(self) -> Iterable[tuple[str, str, datetime, object]]: ...
    def asked(self) -> Iterable[tuple[str, date]]: ...
    def overdue(self) -> Iterable[WaitingDuty]: ...
    def missed(self) -> Iterable[tuple[str, datetime]]: ...
    def programmes(self) -> Sequence[str]: ...
    def agendas(self) -> Iterable[MeetingRow]: ...
    def going_on(self, streams: Iterable[str]) -> Iterable[str]: ...


@dataclass(frozen=True)
class WaitingNow:
    """The rows as they stand, within the fences of a reader."""

    session: Session
    scope: Scope
    acts: ActScope
    today: date

    def disputed(self) -> Iterable[tuple[str, datetime]]:
        """Each with when its dispute began."""
        return rows.disputed(self.session, self.scope)

    def disclaimed(self) -> Iterable[tuple[str, datetime]]:
        """Each with when the last unit disclaimed it."""
        return rows.disclaimed(self.session, self.scope)

    def escalated(self) -> Iterable[tuple[str, str, datetime, object]]:
        """What was told of each."""
        return rows.escalated(self.session, self.scope)

    def asked(self) -> Iterable[tuple[str, date]]:
        """Each with since when its unit asks."""
        return rows.asked(self.session, self.scope)

    def overdue(self) -> Iterable[WaitingDuty]:
        """The follow-ups that are late."""
        return rows.overdue(self.session, self.acts, self.today)

    def missed(self) -> Iterable[tuple[str, datetime]]:
        """The interviews that somebody missed again."""
        return rows.missed(self.session, self.acts, MOST_MISSED)

    def programmes(self) -> Sequence[str]:
        """Those that are carried out."""
        return rows.programmes_going_on(self.session, self.acts)

    def agendas(self) -> Iterable[MeetingRow]:
        """Every meeting that was not cancelled."""
        return rows.agendas(self.session, self.acts)

    def going_on(self, streams: Iterable[str]) -> Iterable[str]:
        """Those that are not over."""
        return rows.going_on(self.session, self.scope, self.acts, streams)


class CaseThen(NamedTuple):
    """A case with what had happened to it."""

    number: str
    moves: tuple[Move, ...]

    @property
    def last(self) -> Move:
        """Where it stood."""
        return self.moves[-1]

    def told_last(self, kind: str) -> datetime | None:
        """When this was told last."""
        return next((move.at for move in reversed(self.moves) if move.kind == kind), None)

    @property
    def answers(self) -> Mapping[str, str | None]:
        """What the units that were asked whose it is had answered."""
        said = (move.told.get("set") or {} for move in reversed(self.moves))
        found: Mapping[str, str | None] = next((each["candidates"] for each in said if "candidates" in each), {})
        return found


@dataclass(frozen=True)
class WaitingThen:
    """What the facts of an area had told by a moment of a day, read of what may have waited then."""

    session: Session
    today: date
    until: datetime
    cases: Sequence[CaseThen]
    acts: Mapping[str, FoldedAct]

    def disputed(self) -> Iterator[tuple[str, datetime]]:
        """Each with when its dispute began."""
        yield from self._told_of(Steps.dispute.fact, CaseState.disputed)

    def disclaimed(self) -> Iterator[tuple[str, datetime]]:
        """Each with when the last unit disclaimed it."""
        found = {case.number for case in self.cases if all(said == UnitAnswer.disclaim for said in case.answers.values())}
        return (each for each in self._told_of(Steps.disclaim.fact, CaseState.checking) if each[0] in found)

    def escalated(self) -> Iterator[tuple[str, str, datetime, object]]:
        """What was told of each."""
        for case in self.cases:
            if case.last.state in OPEN:
                yield from ((case.number, move.kind, move.at, move.told.get("outcome")) for move in case.moves
                            if move.kind == Steps.escalate.fact or move.kind in SETTLES)

    def asked(self) -> Iterator[tuple[str, date]]:
        """Each with since when its unit asks."""
        for case in self.cases:
            since = case.last.values.get("matter_since_on")
            if since is not None and case.last.state in OPEN:
                yield case.number, since

    def overdue(self) -> list[WaitingDuty]:
        """The follow-ups that are late, of acts that a meeting may hear of."""
        found = [WaitingDuty(act.act["number"], row["subject"], row["position"], "", row["unit_id"],
                             date.fromisoformat(row["due_on"]))
                 for act in self.acts.values() for row in act.late_duties(self.today) if row["kind"] == DutyKind.follow_up]
        return sorted(found, key=lambda duty: (duty.due_on, duty.number, duty.position))

    def missed(self) -> Iterator[tuple[str, datetime]]:
        """The interviews that somebody missed again."""
        waits = self._standing_acts(interviews.KIND, InterviewState.notified)
        return ((waits[stream], at) for stream, at in rows.missed_before(self.session, self.until, MOST_MISSED)
                if stream in waits)

    def programmes(self) -> list[str]:
        """Those that are carried out."""
        return list(self._standing_acts(programmes.KIND, ProgrammeState.adopted))

    def agendas(self) -> Iterator[MeetingRow]:
        """Every meeting that was not cancelled."""
        for each in (act.act for act in self.acts.values() if act.act["kind"] == meetings.KIND):
            if each["state"] in WITH_AGENDA:
                began = each["began_on"]
                yield MeetingRow(each["number"], each["state"], date.fromisoformat(began) if began else None,
                                 each["details"].get(ITEMS) or ())

    def going_on(self, streams: Iterable[str]) -> list[str]:
        """Those that are not over."""
        wanted = tuple(streams)
        acts = folded_by_stream(self.session, [each for each in wanted if each.startswith(ACT)], self.until)
        cases = cases_then(self.session, [each for each in wanted if each.startswith(CASE)], self.until)
        return [*(stream for stream, act in acts.items() if act.act and not act.act["is_over"]),
                *(f"{CASE}{case.number}" for case in cases if case.last.state in ACTIVE)]

    def _told_of(self, kind: str, state: CaseState) -> Iterator[tuple[str, datetime]]:
        for case in self.cases:
            at = case.told_last(kind) if case.last.state is state else None
            if at is not None:
                yield case.number, at

    def _standing_acts(self, kind: str, state: str) -> dict[str, str]:
        return {stream: act.act["number"] for stream, act in self.acts.items()
                if act.act["kind"] == kind and act.act["state"] == state}


def waiting_then(session: Session, area_code: str, on: date, until: datetime) -> WaitingThen:
    """Of an area, as it stood at a moment of that day."""
    streams = rows.act_streams_then(session, area_code, on, until)
    acts = {stream: act for stream, act in folded_by_stream(session, streams, until).items() if act.act}
    cases = cases_then(session, rows.case_streams_then(session, Scope(areas=(area_code,)), until), until)
    return WaitingThen(session, on, until, cases, acts)


def cases_then(session: Session, streams: Sequence[str], until: datetime) -> list[CaseThen]:
    """Of these cases those that there were, each with what had happened to it before a moment."""
    found = []
    for start in range(0, len(streams), PORTION):
        portion = frozenset(streams[start:start + PORTION])
        for stream, story in stories_of(session, portion).items():
            if stream in portion and (moves := tuple(move for move in story.moves if move.at < until)):
                found.append(CaseThen(stream.removeprefix(CASE), moves))
    return found
