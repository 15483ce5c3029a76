"""That an import was taken back: one mail to each person on whose list its cases stood, and to whoever had brought them in.

What has happened to a case besides its coming in keeps it on the register: so of those that go nobody was told but by the morning
list and at the end of the import, and no unit has had one.
"""

from collections.abc import Mapping

from sqlalchemy import select

from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import Actor
from tracker.domain.house.links import Link, Place
from tracker.domain.house.say import DateWords, finished
from tracker.domain.mail.kinds import Kinds
from tracker.services.house.work import Work
from tracker.services.mail import audiences as to
from tracker.services.mail import letters
from tracker.services.mail.audiences import Audience, Concern, Parties
from tracker.services.mail.letters import Letter
from tracker.storage.cases.cases import Case, ImportBatch
from tracker.storage.mail.outbox import Message
from tracker.storage.territory.territory import Source

WITHDRAWN, MORNING = "import_withdrawn", "morning"
# On whose morning list a case stands as it comes in.
LISTED: Mapping[CaseState, tuple[Audience, ...]] = {
    CaseState.registered: (to.DISPATCHERS,), CaseState.verified: (to.DISPATCHERS, to.CLOSERS)}


def told_of(work: Work, batch: ImportBatch) -> set[int]:
    """Who has been told of the cases of a batch that nobody has worked on."""
    on, people = work.clock.today(), set[int]()
    groups = select(Case.state, Case.jurisdiction, Case.lead_unit_id, Case.sponsor_id).where(Case.import_batch_id == batch.id)
    for state, jurisdiction, unit, sponsor in work.session.execute(groups.distinct()):
        concern = Concern(Parties(unit, (), jurisdiction, sponsor), lambda audience, actor: True)
        people |= {each.id for each in to.told_now(LISTED.get(state, ()), concern, on)}
    listed = select(Message.person_id).where(Message.mail == MORNING, Message.person_id.in_(people),
                                             Message.due_at >= batch.imported_at)
    brought = {batch.imported_by_id} if batch.imported_by_id is not None else set()
    return {person for person in work.session.scalars(listed) if person is not None} | brought


def tell(work: Work, actor: Actor, batch: ImportBatch, people: set[int], done: int, kept: int) -> None:
    """One mail to each of them, but for who took it back."""
    source = work.session.get_one(Source, batch.source_id).name
    day = finished(DateWords(work.clock.local(batch.imported_at).date()))
    words = {"code": batch.code, "source": source, "day": day, "done": done, "kept": kept, "link": Link(Place.desk)}
    letters.put(work, [Letter(person, WITHDRAWN, f"import/{batch.code}/withdrawn/person:{person}", words, kind=Kinds.informed)
                       for person in sorted(people - {actor.id})])
