"""The only fetchers of acts: an act together with the right to see it, and what the law must know of it today."""

from collections.abc import Iterable

from sqlalchemy import select

from tracker.domain.acts.facts import ActFacts, DutyState
from tracker.domain.acts.sight import ActScope, act_scope
from tracker.domain.acts.step_rows import ActFlow
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Conflict, NotFound
from tracker.domain.house.say import Say
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.house.work import Work, reading, wiring
from tracker.storage.acts import page as act_pages
from tracker.storage.acts.acts import Act, ActForce, ActHand, Duty
from tracker.storage.acts.page import ActPage
from tracker.storage.acts.scope import readable


def scope_of(actor: Actor) -> ActScope:
    """The fence of everything that this person reads of acts."""
    return act_scope(actor, ACT_FLOWS)


def flow_of(kind: str) -> ActFlow:
    """The kind with this name. Raises `NotFound`."""
    flow = ACT_FLOWS.get(kind)
    if flow is None:
        raise NotFound(Say("没有“{kind}”这一类事项。", kind=kind))
    return flow


def no_such_act(number: str) -> NotFound:
    """The one answer for absent and forbidden alike."""
    return NotFound(Say("没有找到事项“{number}”，或您无权查看。", number=number))


def page_for(actor: Actor, number: str) -> ActPage:
    """Everything of an act that its page shows. Raises `NotFound`."""
    found = act_pages.act_page(reading(), scope_of(actor), number.strip().upper())
    if found is None:
        raise no_such_act(number)
    return found


def act_for(work: Work, actor: Actor, number: str, *, seen: int | None = None) -> Act:
    """The act, locked until the work ends. Raises `NotFound` when absent or not the actor's to see, `Conflict` when somebody
    moved it since the actor saw `seen`."""
    query = select(Act).where(Act.number == number.strip().upper(), readable(scope_of(actor)))
    act: Act | None = work.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if act is None:
        raise no_such_act(number)
    if seen is not None and seen != act.seq:
        raise Conflict(Say("您看到的是第 {seen} 条记录，现在已有第 {seq} 条；请核对最新情况后再办，您填写的内容已保留。", seen=seen, seq=act.seq),
                       code="stale")
    return act


def facts_of(work: Work, act: Act) -> ActFacts:
    """The act as the law sees it, today."""
    query = select(Duty.unit_id, Duty.state).where(Duty.act_id == act.id).order_by(Duty.position)
    duties = work.session.execute(query).all()
    forces = work.session.scalars(select(ActForce.unit_id).where(ActForce.act_id == act.id))
    hands = work.session.execute(select(ActHand.person_id, ActHand.part)
                                 .where(ActHand.act_id == act.id, ActHand.round == act.round)).all()
    return _facts_made(act.kind, act.state, act.area_code, act.unit_id, [(person, part) for person, part in hands],
                       [*forces, *(unit for unit, _ in duties)], [state for _, state in duties], act.details)


def facts_of_page(page: ActPage) -> ActFacts:
    """The same, from the rows at hand; the deed asks the database again."""
    head = page.head
    return _facts_made(head.kind, head.state, head.area_code, head.unit_id,
                       [(hand.person_id, hand.part) for hand in page.hands if hand.round == head.round],
                       [*(force.unit_id for force in page.forces), *(duty.unit_id for duty in page.duties)],
                       [DutyState(duty.state) for duty in page.duties], head.details)


def _facts_made(kind: str, state: str, area_code: str, unit_id: int | None, hands: Iterable[tuple[int, str]],
                units: Iterable[int], duties: Iterable[DutyState], details: dict[str, object]) -> ActFacts:
    theirs = frozenset(units) | (frozenset() if unit_id is None else {unit_id})
    return ActFacts(flow_of(kind).state_named(state), wiring().clock.today(), area_code, unit_id, tuple(hands), theirs,
                    tuple(duties), details)
