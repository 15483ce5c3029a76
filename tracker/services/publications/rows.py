"""The only fetcher of publications: a row together with the right to see it, and what the law must know of it today."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Conflict, NotFound
from tracker.domain.house.ledger import FactKind, canonical
from tracker.domain.house.lifecycle import Step
from tracker.domain.house.say import Say
from tracker.domain.publications.flow import PUBLICATION_FLOW, PublicationState, Standing, refusal_sentence
from tracker.domain.publications.kinds import PUBLIC_KINDS
from tracker.services.house.work import Work, reading
from tracker.storage.acts.acts import Act, ActHand
from tracker.storage.publications.publications import Publication

SEES = (Permission.publication_draft, Permission.publication_review)


def areas_of(actor: Actor) -> tuple[str, ...]:
    """Where this person sees drafts."""
    return tuple(sorted({grant.area_code for grant in actor.grants
                         if any(actor.has_in(each, grant.area_code) for each in SEES)}))


def no_such_publication(number: int) -> NotFound:
    """The one answer for absent and forbidden alike."""
    return NotFound(Say("没有找到第 {number} 号公开内容，或您无权查看。", number=number))


def row_for(actor: Actor, number: int) -> Publication:
    """One publication, to read. Raises `NotFound`."""
    return _seen_by(actor, number, reading().get(Publication, number))


def row_for_step(work: Work, actor: Actor, number: int, step: Step[Standing], seq: int) -> Publication:
    """The row, locked, if this step is open to the actor and nobody changed it since."""
    row = _seen_by(actor, number, work.session.scalar(select(Publication).where(Publication.id == number).with_for_update()
                                                      .execution_options(populate_existing=True)))
    PUBLICATION_FLOW.require(step, actor, standing_of(work.session, row), refusal_sentence)
    if row.seq != seq:
        raise Conflict("别人刚改过这份公开内容，请对照现在的文字再办；您填写的内容还在。", code="stale")
    return row


def may(actor: Actor, step: Step[Standing], row: Publication) -> bool:
    """Whether the step is open to this person now."""
    return PUBLICATION_FLOW.refusal(step, actor, standing_of(reading(), row)) is None


def standing_of(session: Session, row: Publication, on: date | None = None) -> Standing:
    """The row as the law sees it; `on` is the day on which its last day may be over."""
    hands: frozenset[int] = frozenset()
    if PUBLIC_KINDS[row.kind].act_kind:
        hands = frozenset(session.scalars(select(ActHand.person_id).join(Act, Act.id == ActHand.act_id)
                                          .where(Act.number == act_number(row))))
    is_past = on is not None and row.to_on is not None and row.to_on < on
    return Standing(PublicationState(row.state), row.area_code, frozenset(row.editors["ids"]), hands, is_past)


def act_number(row: Publication) -> str:
    """The number of the act that it is about."""
    return row.subject.partition(":")[2]


def digest_of(title: str, body: Mapping[str, Any]) -> str:
    """What stands for the text in the ledger."""
    return hashlib.sha256(canonical({"title": title, **body}).encode()).hexdigest()


def tell_step(work: Work, actor: Actor, row: Publication, fact: FactKind, told: Mapping[str, object] | None = None) -> None:
    """The fact of a step that was taken."""
    row.seq += 1
    work.session.flush()
    work.record(row.stream, fact, actor, told or {})


def close_row(work: Work, actor: Actor, row: Publication, to: PublicationState, fact: FactKind, ground: str = "") -> None:
    """It leaves the door, or never comes there. Unless another version replaced it, its text is erased: kept, it would go on
    saying what it said."""
    row.state, row.closed_at, row.closed_ground = to, work.clock.now(), ground
    if to is not PublicationState.superseded:
        row.title, row.body = PUBLIC_KINDS[row.kind].word, {"texts": {}, "table": {}}
    tell_step(work, actor, row, fact, {"reason": ground} if "reason" in fact.words else {})


def _seen_by(actor: Actor, number: int, row: Publication | None) -> Publication:
    if row is None or not (actor.is_clock or any(actor.has_in(each, row.area_code) for each in SEES)):
        raise no_such_publication(number)
    return row
