"""What came of each try to sign in: a row that nobody changes, erasable after its term, and a fact that says no address."""

from tracker.domain.house.actor import CLOCK
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.people.kinds import SignInOutcome
from tracker.services.house.work import Work, deed
from tracker.services.people.persons import stream_of
from tracker.services.people.signing.visits import Visit
from tracker.storage.people.accounts import Person
from tracker.storage.people.sign_ins import SignIn


@deed
def note_failure(work: Work, login: str, person_id: int | None, outcome: SignInOutcome, visit: Visit) -> None:
    """A try that failed. Somebody's is a fact of theirs; logins that nobody has are counted later, many in one fact."""
    note(work, login, person_id, outcome, visit)
    if person_id is not None:
        work.session.get(Person, person_id, with_for_update=True)
        work.record(stream_of(person_id), PersonFacts.sign_in_failed, CLOCK, {
            "outcome": outcome, "address": address_mark(work, visit)})


def note(work: Work, login: str, person_id: int | None, outcome: SignInOutcome, visit: Visit,
         session_id: int | None = None) -> None:
    """One line of the trail."""
    work.session.add(SignIn(
        at=work.clock.now(), person_id=person_id, login_mark=work.wiring.cipher.keyed_digest(f"login|{login}"), outcome=outcome,
        address=visit.kept_address, agent=visit.kept_agent, is_known_browser=bool(visit.browser), session_id=session_id))


def address_mark(work: Work, visit: Visit) -> str:
    """An address as facts say it: whoever has the key can compare it, nobody can read it."""
    return work.wiring.cipher.keyed_digest(f"address|{visit.kept_address}") if visit.address else ""
