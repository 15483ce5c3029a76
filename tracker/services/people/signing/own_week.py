"""What was done in somebody's name last week, mailed to them: an entry that they did not make is seen by the one who knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from tracker.domain.cases.wording import FACT_WORDS
from tracker.domain.house.actor import Actor, Role
from tracker.domain.house.errors import Broken, NotFound
from tracker.domain.house.links import Link, Place
from tracker.domain.people.devices import device_of
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.people.kinds import SessionEnd, SignInOutcome
from tracker.services.house.postings import Posting
from tracker.services.house.work import Work, deed
from tracker.services.people.persons import stream_of
from tracker.services.people.signing import news, sessions
from tracker.storage.house.ledger import FactRow
from tracker.storage.people.accounts import Person
from tracker.storage.people.sign_ins import SignIn

CONTEXT = "not-me"
GOOD_FOR = timedelta(days=21)
GONE = "链接无效或已过期。请直接联系审计员。"
MOST_LINES = 100


@dataclass(frozen=True)
class OwnSignIn:
    """One sign-in, on the office's wall clock."""

    at: datetime
    device: str
    address: str
    is_new_browser: bool


@dataclass(frozen=True)
class WeekOfPerson:
    """One person's sign-ins, and their steps with a line for each case."""

    sign_ins: tuple[OwnSignIn, ...] = ()
    steps: tuple[tuple[str, tuple[str, ...]], ...] = ()
    step_count: int = 0


@deed
def mail_week(work: Work, on: date) -> int:
    """The week that ended before the Monday of this day or before it; whoever has its letter gets no second. Returns how many
    letters are new to be written."""
    monday = on - timedelta(days=on.weekday())
    begin, end = (datetime.combine(day, time(), work.wiring.zone) for day in (monday - timedelta(days=7), monday))
    weeks = _weeks_by_person(work, begin, end)
    reachable = select(Person.id, Person.login).where(Person.id.in_(weeks), Person.email.is_not(None),
                                                      Person.deactivated_on.is_(None))
    postings = [_posting_of(work, row.id, row.login, weeks[row.id], monday)
                for row in work.session.execute(reachable.order_by(Person.id))]
    work.post(postings)
    return len(postings)


@deed
def report_not_me(work: Work, code: str) -> None:
    """Somebody says that what the letter tells was not theirs: every session of theirs ends, auditors and leads are told. Raises
    `NotFound` for a code that is none or too old."""
    try:
        said, _, made = work.wiring.cipher.open(code, CONTEXT).partition("|")
    except Broken:
        raise NotFound(GONE) from None
    person = work.session.get(Person, int(said), with_for_update=True)
    if person is None or work.clock.now() - datetime.fromisoformat(made) > GOOD_FOR:
        raise NotFound(GONE)
    sessions.end_all(work, person.id, SessionEnd.not_me)
    fact = work.record(stream_of(person.id), PersonFacts.denied, Actor(person.id, person.name), {"why": SessionEnd.not_me})
    words = {"login": person.login, "word": "本人报告有不是自己的登录或办理，登录已全部结束", "by": person.name}
    news.put_letters(work, "account_changed", fact, words, [person.id, *news.holders(work, (Role.auditor, Role.lead))])


def _weeks_by_person(work: Work, begin: datetime, end: datetime) -> Mapping[int, WeekOfPerson]:
    tries = select(SignIn.person_id, SignIn.at, SignIn.agent, SignIn.address, SignIn.is_known_browser).where(
        SignIn.outcome == SignInOutcome.signed_in, SignIn.at >= begin, SignIn.at < end).order_by(SignIn.id)
    came: dict[int, list[OwnSignIn]] = {}
    for row in work.session.execute(tries):
        came.setdefault(row.person_id, []).append(
            OwnSignIn(work.clock.local(row.at), device_of(row.agent), row.address, not row.is_known_browser))
    facts = select(FactRow.actor_id, FactRow.stream, FactRow.kind).where(
        FactRow.at >= begin, FactRow.at < end, FactRow.actor_id > 0, FactRow.stream.startswith("case:")).order_by(FactRow.id)
    took: dict[int, dict[str, list[str]]] = {}
    for actor_id, stream, kind in work.session.execute(facts):
        took.setdefault(actor_id, {}).setdefault(stream.partition(":")[2], []).append(FACT_WORDS.get(kind, kind))
    return {each: _week_of(came.get(each, ()), took.get(each, {})) for each in {*came, *took}}


def _week_of(came: Sequence[OwnSignIn], took: Mapping[str, Sequence[str]]) -> WeekOfPerson:
    lines = tuple((number, tuple(words)) for number, words in took.items())
    return WeekOfPerson(tuple(came)[:MOST_LINES], lines[:MOST_LINES], sum(map(len, took.values())))


def _posting_of(work: Work, person_id: int, login: str, week: WeekOfPerson, monday: date) -> Posting:
    code = work.wiring.cipher.seal(f"{person_id}|{work.clock.now().isoformat()}", CONTEXT)
    words = {"login": login, "week": week, "monday": monday - timedelta(days=7), "sunday": monday - timedelta(days=1),
             "link": Link(Place.not_me, (code,))}
    return Posting(person_id, "own_week", f"own-week/{monday.isoformat()}/person:{person_id}", words)
