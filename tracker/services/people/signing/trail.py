"""What came of each try to sign in: a row that nobody changes, erasable after its term, and a fact that says no address."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from tracker.domain.house.actor import CLOCK, Actor
from tracker.domain.house.errors import NotAllowed
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.people.kinds import SignInOutcome
from tracker.services.house.work import Work, deed
from tracker.services.people.persons import stream_of
from tracker.services.people.signing import throttle
from tracker.services.people.signing.visits import Visit
from tracker.storage.house.ledger import FactRow
from tracker.storage.people.accounts import Person
from tracker.storage.people.sign_ins import SignIn

STREAM = "sign-ins"
QUARTER = 15
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@deed
def note_failure(work: Work, login: str, person_id: int | None, outcome: SignInOutcome, visit: Visit) -> None:
    """A try that failed. Somebody's is a fact of theirs; logins that nobody has are counted later, many in one fact."""
    note(work, login, person_id, outcome, visit)
    if person_id is None:
        _tell_quarters(work)
    else:
        work.session.get(Person, person_id, with_for_update=True)
        work.record(stream_of(person_id), PersonFacts.sign_in_failed, CLOCK, {
            "outcome": outcome, "address": address_mark(work, visit)})


def admit_try(login: str, visit: Visit) -> None:
    """Count one more try, of a password or a code. Raises `NotAllowed` while the last ones make this one wait, which is noted."""
    try:
        throttle.admit(login, visit)
    except NotAllowed:
        note_slowed(login, visit)
        raise


@deed
def note_wrong_code(work: Work, actor: Actor, visit: Visit) -> None:
    """A wrong code of a second factor, of somebody whose password was right."""
    work.session.get(Person, actor.id, with_for_update=True)
    work.record(stream_of(actor.id), PersonFacts.sign_in_failed, CLOCK, {
        "outcome": "wrong_code", "address": address_mark(work, visit)})


@deed
def note_slowed(work: Work, login: str, visit: Visit) -> None:
    """A try that had to wait, after too many: told once in a quarter of an hour. A login that nobody has is counted elsewhere."""
    person = work.session.scalar(select(Person).where(Person.login == login).with_for_update())
    if person is None:
        return
    lately = select(FactRow.body).where(FactRow.stream == stream_of(person.id), FactRow.kind == PersonFacts.sign_in_failed,
                                        FactRow.at > work.clock.now() - timedelta(minutes=QUARTER))
    if not any('"throttled"' in body for body in work.session.scalars(lately)):
        work.record(stream_of(person.id), PersonFacts.sign_in_failed, CLOCK, {
            "outcome": "throttled", "address": address_mark(work, visit)})


@deed
def tell_unknown(work: Work) -> int:
    """Tell of the tries at logins that nobody has, as far as they were not told; returns how many facts that made."""
    return _tell_quarters(work, is_whole=False)


def _tell_quarters(work: Work, *, is_whole: bool = True) -> int:
    """A fact for each quarter of an hour that is over, or for the one that still runs as well."""
    last = work.session.scalar(select(FactRow).where(FactRow.stream == STREAM).order_by(FactRow.seq.desc()).limit(1))
    since = datetime.fromisoformat(str(last.fact().payload["until"])) if last is not None else BEGINNING
    now = work.clock.now()
    until = _quarter_of(now) if is_whole else now + timedelta(microseconds=1)
    tries = select(SignIn.at, SignIn.login_mark).where(
        SignIn.outcome == SignInOutcome.unknown_login, SignIn.at >= since, SignIn.at < until).order_by(SignIn.at)
    quarters: dict[datetime, list[str]] = {}
    for at, mark in work.session.execute(tries):
        quarters.setdefault(_quarter_of(at), []).append(mark)
    for begin, marks in quarters.items():
        work.record(STREAM, PersonFacts.unknown_refused, CLOCK, {
            "since": begin, "until": min(until, begin + timedelta(minutes=QUARTER)), "count": len(marks),
            "logins": len(set(marks))})
    return len(quarters)


def _quarter_of(at: datetime) -> datetime:
    return at.replace(minute=at.minute // QUARTER * QUARTER, second=0, microsecond=0)


def note(work: Work, login: str, person_id: int | None, outcome: SignInOutcome, visit: Visit,
         session_id: int | None = None) -> None:
    """One line of the trail."""
    work.session.add(SignIn(
        at=work.clock.now(), person_id=person_id, login_mark=work.wiring.cipher.keyed_digest(f"login|{login}"), outcome=outcome,
        address=visit.kept_address, agent=visit.kept_agent, is_known_browser=bool(visit.browser), session_id=session_id))


def address_mark(work: Work, visit: Visit) -> str:
    """An address as facts say it: whoever has the key can compare it, nobody can read it."""
    return work.wiring.cipher.keyed_digest(f"address|{visit.kept_address}") if visit.address else ""
