"""The natural person in an act, as what is erased by two persons: the sealed name goes, the act and its facts stay."""

from collections.abc import Collection, Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.domain.acts.facts import ActSight
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.ledger import Fact
from tracker.services.acts import access
from tracker.services.acts.parties import DIGEST, ERASED_PARTY, erase_party
from tracker.storage.acts.acts import Act
from tracker.storage.acts.scope import readable

ACT, PARTY = "act:", "person_party"
NOT_SHOWN = "个人姓名（密封保存，这里不显示）"
Named = tuple[str, str | None]


def is_theirs(session: Session, actor: Actor, stream: str) -> bool:
    """Whether an act lies where this person may have words erased, and is not one that only a few may read."""
    query = select(Act.area_code).where(Act.number == stream.removeprefix(ACT),
                                        or_(Act.sight == ActSight.area, readable(access.scope_of(actor))))
    area = session.scalar(query)
    return area is not None and actor.has_in(Permission.words_erase, area)


def of_fact(session: Session, fact: Fact) -> Iterable[Named]:
    """The name that was sealed by a fact, as what may be asked for: without the name, None once it was erased."""
    if not _seals_party(fact):
        return ()
    sealed = _act_of(session, fact.stream).person_party
    return () if sealed is None else ((PARTY, NOT_SHOWN if sealed != ERASED_PARTY else None),)


def erase(session: Session, facts: Iterable[Fact], which: Collection[tuple[int, str]]) -> None:
    """Erase it, if it is among these."""
    for fact in facts:
        if (fact.seq, PARTY) in which and _seals_party(fact):
            erase_party(_act_of(session, fact.stream))


def _seals_party(fact: Fact) -> bool:
    return fact.stream.startswith(ACT) and DIGEST in fact.payload


def _act_of(session: Session, stream: str) -> Act:
    return session.scalars(select(Act).where(Act.number == stream.removeprefix(ACT))).one()
