"""Limits that count hours: who is told while one runs out, when it has, and an hour later, each once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from tracker.domain.house.actor import CLOCK, Role
from tracker.domain.house.links import to_act
from tracker.domain.house.say import Say
from tracker.domain.mail.kinds import Kinds
from tracker.domain.rules.limits import LIMITS_OF_OTHERS, STAGE_WORDS, Stage
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.acts import mails
from tracker.services.house.postings import Posting
from tracker.services.house.work import Work, deed
from tracker.services.mail.offices import Offices, offices
from tracker.storage.acts.acts import Act, ActHand, ClockRow, Duty

ONE_HOUR = timedelta(hours=1)


class HourRung(StrEnum):
    """A quarter of the time is left; it is over; it has been over for an hour."""

    soon = "soon"
    due = "due"
    over = "over"


@dataclass(frozen=True)
class RunningHours:
    """One that runs on a duty of an act."""

    clock: ClockRow
    duty: Duty
    rung: HourRung


def tell_hours(on: date) -> str:
    """Tell of every limit in hours that runs out. Doing it again tells nobody twice."""
    return Say("提醒按小时计的时限 {count} 项", count=_tell_running())


@deed
def _tell_running(work: Work) -> int:
    now, told = work.clock.now(), 0
    query = select(ClockRow).where(ClockRow.stopped_on.is_(None), ClockRow.due_at.is_not(None),
                                   ClockRow.due_on <= work.clock.local(now + timedelta(days=1)).date())
    by_act: dict[str, list[ClockRow]] = {}
    for row in work.session.scalars(query.order_by(ClockRow.id)):
        by_act.setdefault(row.subject.partition("/")[0], []).append(row)
    for stream, rows in by_act.items():
        told += _tell_act(work, stream, rows, now)
    return told


def _tell_act(work: Work, stream: str, rows: Iterable[ClockRow], now: datetime) -> int:
    act = work.session.scalar(select(Act).where(Act.number == stream.partition(":")[2]))
    if act is None or work.wiring.post is None:
        return 0
    owed = {f"{stream}/{duty.position}": duty for duty in work.session.scalars(select(Duty).where(Duty.act_id == act.id))}
    running = [RunningHours(row, owed[row.subject], rung) for row in rows if row.subject in owed
               and (rung := rung_at(row, now)) is not None]
    own = [(row, rung) for row in rows if row.subject == stream and row.stage not in LIMITS_OF_OTHERS
           and (rung := rung_at(row, now)) is not None]
    among = offices(work.clock.today())
    for rung in HourRung:
        work.post(list(_postings_of(work, act, among, rung, [each for each in running if each.rung is rung])))
    for row, rung in own:
        work.post(list(_postings_of_limit(work, act, among, rung, row)))
    return len(running) + len(own)


def rung_at(row: ClockRow, now: datetime) -> HourRung | None:
    """How far a limit has run."""
    if row.due_at is None or row.started_at is None:
        return None
    left = row.due_at - now
    return (HourRung.over if left <= -ONE_HOUR else HourRung.due if left <= timedelta() else
            HourRung.soon if left <= (row.due_at - row.started_at) / 4 else None)


def _postings_of(work: Work, act: Act, among: Offices, rung: HourRung, running: list[RunningHours]) -> Iterator[Posting]:
    """One mail to each, whatever the number of sites; another round is told anew."""
    theirs: dict[int, list[RunningHours]] = {}
    for each in running:
        for person in _people_concerned(act, among, rung, each.duty):
            theirs.setdefault(person, []).append(each)
    for person, found in theirs.items():
        rounds = max(each.clock.round for each in found)
        for way in mails.readers_of(work, act, among, [person], CLOCK):
            yield Posting(way.reader.id, "act_hours", f"{act.stream}@{rung}.{rounds}:{way.reader.id}",
                          {"kind": Say(ACT_FLOWS[act.kind].word), "number": act.number, "count": len(found),
                           "rung": Say(RUNG_WORDS[rung]), "positions": [each.duty.position for each in found],
                           "link": to_act(act.number)}, kind=Kinds.asked)


def _postings_of_limit(work: Work, act: Act, among: Offices, rung: HourRung, row: ClockRow) -> Iterator[Posting]:
    """A limit of the act itself: who has a hand in it, and from its end on who heads the office and who leads."""
    assert row.due_at is not None
    people = list(work.session.scalars(select(ActHand.person_id).where(ActHand.act_id == act.id, ActHand.round == act.round)))
    if rung is not HourRung.soon:
        people += [*among.over(Role.principal, act.area_code), *among.over(Role.lead, act.area_code)]
    words = {"kind": Say(ACT_FLOWS[act.kind].word), "number": act.number, "stage": Say(STAGE_WORDS[Stage(row.stage)]),
             "rung": Say(RUNG_WORDS[rung]), "due": f"{work.clock.local(row.due_at):%Y-%m-%d %H:%M}", "link": to_act(act.number)}
    for way in mails.readers_of(work, act, among, dict.fromkeys(people), CLOCK):
        yield Posting(way.reader.id, "act_limit", f"{act.stream}@{row.stage}.{rung}.{row.round}:{way.reader.id}", words,
                      kind=Kinds.asked)


def _people_concerned(act: Act, among: Offices, rung: HourRung, duty: Duty) -> list[int]:
    found = [*among.officers(duty.unit_id)]
    if rung is not HourRung.soon:
        found += among.nearest_heads(duty.unit_id, act.area_code)
        found += among.over(Role.dispatcher, act.area_code)
    return list(dict.fromkeys(found))


RUNG_WORDS = {HourRung.soon: "即将到时", HourRung.due: "已到时", HourRung.over: "已超过一小时"}
