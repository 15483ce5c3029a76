"""Deeds of making public, and no more: the room of publications takes these steps once its row stands so."""

from tracker.domain.enforcement import cards, penalties
from tracker.domain.enforcement.cards import CardSteps
from tracker.domain.enforcement.parts import PUBLISHED
from tracker.domain.enforcement.penalties import PenaltySteps
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Say
from tracker.domain.rules.limits import Stage
from tracker.services.acts import clocks
from tracker.services.acts.effects import ActDeeds, ActDoing, Payload
from tracker.storage.publications.publications import published_of


def publish(doing: ActDoing) -> Payload:
    """The public reads it: its limit is met, or was missed. Raises `Incomplete` where it does not."""
    act = doing.act
    found = published_of(doing.work.session, act.stream)
    if found is None:
        raise Incomplete(Say("{number} 的公开内容还没有复核；请在“公开”中起草，由另一人复核并公开。", number=act.number), code="not_published")
    stopped = clocks.stop(doing.work, act.stream, Stage.publish, doing.today)
    doing.keep(**{PUBLISHED: True})
    return doing.told() | {"publication": found.id, "is_late": stopped is not None and stopped.outcome == clocks.LATE}


def withdraw(doing: ActDoing) -> Payload:
    """The public reads it no more. Raises `Invalid` while it does."""
    act = doing.act
    if published_of(doing.work.session, act.stream) is not None:
        raise Invalid(Say("{number} 的公开内容还在公开；请在“公开”中撤下。", number=act.number), code="still_published")
    stopped = clocks.stop(doing.work, act.stream, Stage.unpublish, doing.today)
    doing.keep(**{PUBLISHED: False})
    return doing.told() | {"is_late": stopped is not None and stopped.outcome == clocks.LATE}


DEEDS: ActDeeds = {
    (penalties.KIND, PenaltySteps.publish.name): publish, (penalties.KIND, PenaltySteps.withdraw_publication.name): withdraw,
    (cards.KIND, CardSteps.publish.name): publish, (cards.KIND, CardSteps.withdraw_publication.name): withdraw,
}
