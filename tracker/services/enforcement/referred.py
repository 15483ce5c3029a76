"""What a referral to the police does to the penalties for the same facts: no fine meanwhile （以罚代移）, and their days stand
still."""

from datetime import date

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from tracker.domain.acts.fact_kinds import LimitFactKinds
from tracker.domain.acts.facts import ActWhy, LinkRole
from tracker.domain.acts.wording import refusal_sentence
from tracker.domain.enforcement import penalties
from tracker.domain.enforcement.parts import HELD_BY, PAUSES
from tracker.domain.enforcement.referrals import KIND, bars_fine
from tracker.domain.enforcement.rights import Amounts
from tracker.domain.house.errors import NotAllowed
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.say import Say
from tracker.domain.rules.limits import Stage
from tracker.services.acts import clocks
from tracker.services.acts.effects import ACT, ActDoing, next_seq, settle_due
from tracker.storage.acts.acts import Act, ActLink


def referrals_of(session: Session, act: Act) -> list[Act]:
    """The referrals of a penalty, or of what it punishes."""
    grounds = select(ActLink.target).where(ActLink.act_id == act.id, ActLink.role == LinkRole.punishes)
    query = (select(Act).join(ActLink, ActLink.act_id == Act.id)
             .where(Act.kind == KIND, ActLink.role == LinkRole.refers,
                    (ActLink.target == act.stream) | ActLink.target.in_(grounds)).distinct().order_by(Act.id))
    return list(session.scalars(query))


def is_barred(session: Session, act: Act) -> bool:
    """Whether no fine may be decided now."""
    return any(bars_fine(each.state) for each in referrals_of(session, act))


def require_fine_allowed(doing: ActDoing, amounts: Amounts) -> None:
    """Raises `NotAllowed` for a fine while the police have the matter."""
    if amounts.fine and is_barred(doing.work.session, doing.act):
        raise NotAllowed(Say(refusal_sentence(ActWhy.referred)), code=ActWhy.referred.value, field="fine")


def hold_penalties(doing: ActDoing, first: date) -> None:
    """The ninety days of the penalties for these facts stand still while the police have the matter; each says so itself."""
    for act in _penalties_held(doing):
        if clocks.pause(doing.work, act.stream, Stage.decide, first) is None:
            continue
        kept = [*act.details.get(PAUSES, ()), {"first": first.isoformat(), "ground": KIND, "by": doing.act.number}]
        act.details = {**act.details, PAUSES: kept, HELD_BY: doing.act.number}
        _tell_penalty(doing, act, LimitFactKinds.paused, {})


def release_penalties(doing: ActDoing, on: date) -> None:
    """They run again, with what was left."""
    for act in _penalties_held(doing):
        if act.details.get(HELD_BY) != doing.act.number:
            continue
        row = clocks.running(doing.work, act.stream, Stage.decide)
        before = row.due_on if row is not None else None
        clock = clocks.resume(doing.work, act.stream, Stage.decide, on, penalties.KIND, act.area_code)
        kept = [dict(each) for each in act.details.get(PAUSES, ())]
        kept[-1]["resumed_on"] = on.isoformat()
        act.details = {**act.details, PAUSES: kept, HELD_BY: None}
        _tell_penalty(doing, act, LimitFactKinds.resumed, {"from_due_on": before, "to_due_on": clock.due_on} if clock else {})


def _tell_penalty(doing: ActDoing, act: Act, kind: FactKind, told: dict[str, object]) -> None:
    settle_due(doing.work, act)
    act.seq = next_seq(doing.work, act)
    doing.work.record(act.stream, kind, doing.actor, {"stage": Stage.decide.value, "by": doing.act.stream, **told})


def penalties_of(session: Session, act: Act) -> list[Act]:
    """The penalties to which a referral is tied, and those that punish what it is tied to."""
    return list(session.scalars(_of_referral(act)))


def _penalties_held(doing: ActDoing) -> list[Act]:
    return list(doing.work.session.scalars(_of_referral(doing.act).where(Act.is_over.is_(False)).with_for_update()))


def _of_referral(act: Act) -> Select[Act]:
    refers = select(ActLink.target).where(ActLink.act_id == act.id, ActLink.role == LinkRole.refers)
    punishing = select(ActLink.act_id).where(ActLink.role == LinkRole.punishes, ActLink.target.in_(refers))
    return select(Act).where(Act.kind == penalties.KIND,
                             (literal(ACT) + Act.number).in_(refers) | Act.id.in_(punishing)).order_by(Act.id)
