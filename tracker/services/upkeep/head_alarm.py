"""What is told when the ledger can not be signed: kept for every door and later mail, and mailed once to who must act."""

import hashlib

from tracker.domain.house.actor import Role
from tracker.domain.house.errors import Broken
from tracker.domain.house.ledger import canonical
from tracker.domain.house.links import Link, Place
from tracker.domain.house.say import stored
from tracker.domain.mail.kinds import Kinds
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.mail.audiences import readers
from tracker.services.mail.ledger_foot import TROUBLE, ledger_trouble
from tracker.services.mail.letters import Letter, put
from tracker.services.upkeep.heads import sign_new
from tracker.storage.house.preferences import Preference

TOLD = frozenset({Role.auditor, Role.lead, Role.admin})


def sign_or_tell() -> str:
    """Sign what is new; where that is refused, say so at every door. Raises the refusal again."""
    try:
        outcome = sign_new()
    except Broken as broken:
        reading().rollback()
        keep_trouble(broken.sentence)
        raise
    forget_trouble()
    return outcome


@deed
def keep_trouble(work: Work, said: str) -> None:
    """Remember why the ledger is not signed, and mail it to auditors, leads and administrators when it is news."""
    if ledger_trouble(work.session) == said:
        return
    now = work.clock.now()
    work.session.merge(Preference(key=TROUBLE, value=canonical({"said": stored(said), "at": now})))
    mark = hashlib.sha256(f"{now.date()}/{said}".encode()).hexdigest()[:16]
    words = {"said": said, "link": Link(Place.ledger)}
    put(work, [Letter(each.person_id, "ledger_trouble", f"ledger-trouble/{mark}/person:{each.person_id}", words,
                      kind=Kinds.ledger)
               for each in readers(TOLD, work.wiring.home_area, work.clock.today())])


def forget_trouble() -> None:
    """The ledger is signed again."""
    if ledger_trouble(reading()):
        _forget_trouble()


@deed
def _forget_trouble(work: Work) -> None:
    kept = work.session.get(Preference, TROUBLE)
    if kept is not None:
        work.session.delete(kept)


def can_sign() -> bool:
    """Whether this process has a key to sign with."""
    return wiring().signing.is_here
