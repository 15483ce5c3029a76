"""Duties （应办）: laid down by the steps of their act; answered by one unit, checked by another."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select

from tracker.domain.acts.duty_flow import DUTY_FLOW, OPENED, DutyStep, DutySteps
from tracker.domain.acts.fact_kinds import DutyFactKinds
from tracker.domain.acts.facts import ActWhy, DutyFacts, DutyKind, DutyResult, DutyState
from tracker.domain.acts.quantities import GOAL, PASSED, answered_quantity, kept_quantity, measured_by
from tracker.domain.acts.wording import DUTY_STATES, DUTY_STEPS, refusal_sentence
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Invalid, NotFound
from tracker.domain.house.fields import Given, read_all
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.say import Say
from tracker.domain.rules.limits import Stage
from tracker.services.acts import access, clocks, mails
from tracker.services.acts.effects import act_mask, next_seq, settle_due
from tracker.services.evidence import evidence
from tracker.services.evidence.evidence import Upload
from tracker.services.house.work import Work, deed, wiring
from tracker.services.rules import values
from tracker.storage.acts.acts import Act, Duty
from tracker.storage.acts.page import ActPage, DutyLine

RECEIPT = ("way", "receiver")  # what an acknowledgement says for a site
QUANTITIES = ("value", "value_reason")  # what a report of a duty says where it has a goal


def lay_down(work: Work, act: Act, actor: Actor, kind: DutyKind, *, title: str, unit_id: int, due_on: date, subject: str = "",
             starts_on: date | None = None, weight: int = 0, indicator: Mapping[str, object] | None = None,
             is_told: bool = True) -> Duty:
    """One duty more of an act, told by a fact of its own, and by mail unless its act tells of all at once. Raises `Invalid` for a
    day that has passed, or lies before its beginning."""
    today = work.clock.today()
    if due_on < (starts_on or today):
        raise Invalid(Say("完成日期 {due_on} 早于开始日期 {start}。", due_on=due_on, start=starts_on or today), field="due_on")
    last = work.session.scalar(select(func.max(Duty.position)).where(Duty.act_id == act.id)) or 0
    row = Duty(act_id=act.id, position=last + 1, kind=kind, title=title, subject=subject, unit_id=unit_id,
               starts_on=starts_on or today, due_on=due_on, original_due_on=due_on, weight=weight,
               indicator=dict(indicator or {}))
    work.session.add(row)
    _tell_duty(work, act, actor, row, DutyFactKinds.opened, {"title": title, "unit_id": unit_id, "due_on": due_on})
    if is_told:
        mails.tell_duty(work, act, row, OPENED, actor)
    return row


@dataclass(frozen=True)
class PatrolHands:
    """A patrol that both sides have confirmed: its number, who recorded it when, for whom and of which unit, and who confirmed
    it."""

    number: str
    logged_at: datetime
    logged_by: int
    logged_for: int | None
    logged_unit_id: int
    confirmed_at: datetime
    confirmed_by: int
    confirmed_unit_id: int


def meet_by_patrol(work: Work, act: Act, actor: Actor, row: Duty, hands: PatrolHands) -> None:
    """A patrol that is owed was made: who recorded it has answered, who confirmed it has checked."""
    row.answered_at, row.answered_by_id, row.answered_for_id = hands.logged_at, hands.logged_by, hands.logged_for
    row.answered_unit_id, row.state, row.result = hands.logged_unit_id, DutyState.met, DutyResult.passed
    row.checked_at, row.checked_by_id, row.checked_unit_id = hands.confirmed_at, hands.confirmed_by, hands.confirmed_unit_id
    _tell_duty(work, act, actor, row, DutyFactKinds.patrolled, {"patrol": hands.number})


def hand_on(work: Work, act: Act, actor: Actor, row: Duty, unit_id: int) -> None:
    """Another unit owes it from now on, for it has the post."""
    before, row.unit_id = row.unit_id, unit_id
    _tell_duty(work, act, actor, row, DutyFactKinds.handed_on, {"unit_ids": [unit_id], "from_unit_ids": [before]})


def stream_of(act: Act, row: Duty) -> str:
    """On what the limits of a duty run."""
    return f"{act.stream}/{row.position}"


@deed
def take(work: Work, actor: Actor, number: str, position: int, name: str, raw: Mapping[str, object], *, seq: int | None = None,
         uploads: Sequence[Upload] = ()) -> Act:
    """Take one step of a duty. `seq` is the number of the last fact of the act that the actor saw.

    Raises `NotFound`, `Conflict`, `WrongState` or `NotAllowed`, `Incomplete` or `Invalid`; after any of them nothing has
    changed.
    """
    act = access.act_for(work, actor, number, seen=seq)
    row = work.session.scalar(select(Duty).where(Duty.act_id == act.id, Duty.position == position))
    if row is None:
        raise no_such_duty(number, position)
    facts = _facts_of_row(act, row, work.clock.today())
    step = DUTY_FLOW.plan(name, actor, facts, lambda why: sentence_of(why, row.state, name))
    files = {"files": [u.name or u.client_id for u in uploads]} if uploads else {}
    mask = act_mask(work, act)
    given = {key: mask(value) if isinstance(value, str) else value for key, value
             in read_all(step.given, {**raw, **files}).items()}
    if (check := work.wiring.duty_checks.get((act.kind, name))) is not None:
        check(work, act, row)
    kept = evidence.keep(work, act, actor, name, uploads, masking=mask, photo_role=EvidenceRole.progress)
    _change_row(work, act, row, actor, step, given)
    told = {key: value for key, value in given.items() if value is not None and key != "files"} | _quantity_told(row, step)
    _tell_duty(work, act, actor, row, step.fact, told | ({"evidence": kept} if kept else {}))
    mails.tell_duty(work, act, row, step.name, actor)
    return act


def retake(work: Work, act: Act, row: Duty, actor: Actor, step: DutyStep, given: Mapping[str, object]) -> bool:
    """A step of a duty that goes with one of its act, where it is open to who takes that one; their mail tells of it."""
    if DUTY_FLOW.refusal(step, actor, _facts_of_row(act, row, work.clock.today())) is not None:
        return False
    _change_row(work, act, row, actor, step, given)
    _tell_duty(work, act, actor, row, step.fact, given)
    return True


def _change_row(work: Work, act: Act, row: Duty, actor: Actor, step: DutyStep, given: Mapping[str, object]) -> None:
    now = work.clock.now()
    CHANGES[step.name](row, actor, now, given)
    row.state = DutyState(step.goes_to(row.state))
    if step.name == DutySteps.reset.name:
        start_hours(work, act, row)
    elif row.acknowledged_at is not None or row.state is not DutyState.open:
        clocks.stop(work, stream_of(act, row), Stage.ack_control, work.clock.today(), at=now)


def start_hours(work: Work, act: Act, row: Duty) -> None:
    """A site's people have some hours to say that they know of it; those that ran before count no more."""
    today, now = work.clock.today(), work.clock.local(work.clock.now())
    clocks.drop_all(work, stream_of(act, row), today)
    clocks.start(work, stream_of(act, row), act.kind, Stage.ack_control, today, area_code=act.area_code,
                 owner_unit_id=row.unit_id, round_=row.round, at=now)


def offered(actor: Actor, page: ActPage, duty: DutyLine) -> tuple[tuple[DutyStep, ActWhy | None], ...]:
    """Every step that starts from where the duty stands, each with the reason why it is closed to this person."""
    facts = _facts_of_line(page, duty)
    return tuple((step, None if why is None else ActWhy(why)) for step, why in DUTY_FLOW.open_to(actor, facts))


def asked(step: DutyStep, duty: DutyLine) -> tuple[Given, ...]:
    """What a form of this step asks of this duty: quantities only where it has a goal, how a site was told only of one."""
    has_goal = kept_quantity(duty.indicator, GOAL) is not None
    return tuple(replace(given, is_required=given.is_required or given.name == "value") if has_goal else given
                 for given in step.given if (has_goal or given.name not in QUANTITIES)
                 and (duty.kind == DutyKind.measure or given.name not in RECEIPT))


def no_such_duty(number: str, position: int) -> NotFound:
    """The one answer for a duty that is none."""
    return NotFound(Say("“{number}”没有第 {position} 项应办事项。", number=number, position=position))


def sentence_of(why: object, state: DutyState, name: str) -> str:
    """The sentence of a refusal; for a wrong state it says where the duty stands."""
    if why is ActWhy.wrong_state:
        return Say("这项应办事项现为“{state}”，不能“{step}”。", state=Say(DUTY_STATES[state]), step=Say(DUTY_STEPS[name]))
    return Say(refusal_sentence(ActWhy(str(why))))


Change = Callable[[Duty, Actor, datetime, Mapping[str, object]], None]


def _acknowledge_row(row: Duty, actor: Actor, now: datetime, given: Mapping[str, object]) -> None:
    row.acknowledged_at, row.acknowledged_by_id = now, actor.id


def _answer_row(row: Duty, actor: Actor, now: datetime, given: Mapping[str, object]) -> None:
    row.value = answered_quantity(row.indicator, given)
    row.answered_at, row.answered_by_id, row.answered_unit_id = now, actor.id, actor.unit_id
    row.answered_for_id = actor.acting_for.id if actor.acting_for else None


def _send_back_row(row: Duty, actor: Actor, now: datetime, given: Mapping[str, object]) -> None:
    row.round += 1


def _book_row(row: Duty, actor: Actor, now: datetime, given: Mapping[str, object]) -> None:
    row.round, row.indicator = row.round + 1, {**row.indicator, PASSED: row.value}


def _pass_row(row: Duty, actor: Actor, now: datetime, given: Mapping[str, object]) -> None:
    row.checked_at, row.checked_by_id, row.checked_unit_id, row.result = now, actor.id, actor.unit_id, DutyResult.passed
    row.indicator = {**row.indicator, PASSED: row.value} if row.indicator.get(GOAL) else row.indicator


def _reset_row(row: Duty, actor: Actor, now: datetime, given: Mapping[str, object]) -> None:
    row.title, row.round, row.result = str(given["measures"]), row.round + 1, None
    row.acknowledged_at = row.acknowledged_by_id = row.answered_at = row.answered_by_id = row.answered_for_id = None
    row.answered_unit_id = row.checked_at = row.checked_by_id = row.checked_unit_id = None


def _put_off_row(row: Duty, actor: Actor, now: datetime, given: Mapping[str, object]) -> None:
    to = given["due_on"]
    assert isinstance(to, date)
    if to <= row.due_on:
        raise Invalid(Say("延至的日期 {to} 须晚于现在的 {due_on}。", to=to, due_on=row.due_on), field="due_on")
    row.due_on, row.extension_count = to, row.extension_count + 1


def _waive_row(row: Duty, actor: Actor, now: datetime, given: Mapping[str, object]) -> None:
    row.result = DutyResult.waived


CHANGES: Mapping[str, Change] = {
    DutySteps.acknowledge.name: _acknowledge_row, DutySteps.answer.name: _answer_row, DutySteps.send_back.name: _send_back_row,
    DutySteps.book.name: _book_row, DutySteps.pass_.name: _pass_row, DutySteps.extend.name: _put_off_row,
    DutySteps.waive.name: _waive_row, DutySteps.reset.name: _reset_row,
}


def _quantity_told(row: Duty, step: DutyStep) -> dict[str, object]:
    """The quantity of a duty that has a goal, as it is reported, or as it is passed."""
    if row.indicator.get(GOAL) is None or step.name not in (DutySteps.answer.name, DutySteps.book.name, DutySteps.pass_.name):
        return {}
    return {"quantity": row.value}


def _tell_duty(work: Work, act: Act, actor: Actor, row: Duty, kind: FactKind, told: Mapping[str, object]) -> None:
    settle_due(work, act)
    act.seq = next_seq(work, act)
    work.record(act.stream, kind, actor, {"position": row.position, **told})


def _facts_of_row(act: Act, row: Duty, today: date) -> DutyFacts:
    return _facts_made(row.state, today, act.area_code, row.unit_id, (row.answered_by_id, row.answered_for_id),
                       row.answered_unit_id, row.extension_count, is_over=act.is_over, row=row)


def _facts_of_line(page: ActPage, duty: DutyLine) -> DutyFacts:
    return _facts_made(DutyState(duty.state), wiring().clock.today(), page.head.area_code, duty.unit_id,
                       (duty.answered_by_id, duty.answered_for_id), duty.answered_unit_id, duty.extension_count,
                       is_over=page.head.is_over, row=duty)


def _facts_made(state: DutyState, today: date, area_code: str, unit_id: int, answered: tuple[int | None, int | None],
                answered_unit_id: int | None, extension_count: int, *, is_over: bool, row: Duty | DutyLine) -> DutyFacts:
    return DutyFacts(state, today, area_code, unit_id, frozenset(person for person in answered if person is not None),
                     answered_unit_id, extension_count, values.number("most_extensions", today), is_over,
                     *measured_by(row.kind, row.indicator, row.value))
