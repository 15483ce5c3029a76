"""The one road of every step of an act: fetch with the right to see → plan by the law → do → fact, in one transaction.

Pages, the command line, the API and the clock all take steps through `take`, and begin an act through `begin`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from tracker.domain.acts.facts import ActFacts, ActWhy, Start
from tracker.domain.acts.step_rows import TARGET, ActFlow, ActStep
from tracker.domain.acts.wording import refusal_sentence
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.fields import Given, read_all
from tracker.domain.house.say import Say
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.acts import access, clocks, mails
from tracker.services.acts.effects import ActDoing, act_mask, next_seq, settle_due, take_hand
from tracker.services.evidence import evidence
from tracker.services.evidence.evidence import Upload
from tracker.services.house.numbers import next_number
from tracker.services.house.work import Work, deed, wiring
from tracker.storage.acts.acts import Act
from tracker.storage.acts.page import ActPage


@dataclass(frozen=True)
class ActOffer:
    """One step from where an act stands: open to this person, or closed with a reason."""

    name: str
    word: str
    why: ActWhy | None
    sentence: str
    given: tuple[Given, ...]
    is_quiet: bool


@dataclass(frozen=True)
class ActOutcome:
    """What a step led to."""

    number: str
    seq: int
    state: str
    step: str


def offered(actor: Actor, page: ActPage) -> tuple[ActOffer, ...]:
    """Every step that starts from where the act stands, each with the reason why it is closed to this person."""
    flow = access.flow_of(page.head.kind)
    facts = access.facts_of_page(page)
    return tuple(_offer_of(flow, step, None if why is None else ActWhy(why), facts)
                 for step, why in flow.lifecycle.open_to(actor, facts))


def openable(actor: Actor, flow: ActFlow) -> ActOffer:
    """The step with which an act of this kind begins, with the reason why it is closed to this person."""
    facts = _facts_before(area_for(actor, flow))
    why = flow.lifecycle.refusal(flow.opening, actor, facts)
    return _offer_of(flow, flow.opening, None if why is None else ActWhy(why), facts)


def area_for(actor: Actor, flow: ActFlow) -> str:
    """The area in which this person begins an act: the widest in which they may, the office's own where that is everywhere."""
    wanted = [who.permission for who in flow.opening.who]
    areas = [grant.area_code for grant in actor.grants if any(actor.has_in(each, grant.area_code) for each in wanted)]
    return min(areas, key=len, default="") or wiring().home_area


@deed
def begin(work: Work, actor: Actor, kind: str, raw: Mapping[str, object], *, uploads: Sequence[Upload] = (),
          area_code: str = "", by: str = "") -> ActOutcome:
    """Begin an act of a kind, `by` another step than the usual one. Raises `NotFound`, `NotAllowed`, `Incomplete` or `Invalid`;
    after any of them nothing is there."""
    flow = access.flow_of(kind)
    step, area = flow.lifecycle.steps[by] if by else flow.opening, area_code or area_for(actor, flow)
    facts = _facts_before(area)
    flow.lifecycle.require(step, actor, facts, lambda why: Say(refusal_sentence(why)))
    now, given = work.clock.now(), _given_masked(work, None, step, raw, uploads)
    state = step.goes_to(Start.unopened)
    act = Act(number=_fresh_number(work, flow, area, given), kind=kind, state=state.value, seq=1, round=1, title=flow.word,
              area_code=area, sight=flow.sight_in(state), details={}, opened_at=now, opened_by_id=actor.id,
              is_over=state in flow.finals, closed_at=now if state in flow.finals else None)
    work.session.add(act)
    work.session.flush()
    return _carry_out(work, act, actor, facts, step, flow, given, uploads)


def _fresh_number(work: Work, flow: ActFlow, area: str, given: Mapping[str, object]) -> str:
    if flow.numbered is not None:
        key = flow.numbered(area, given)
        taken = work.session.scalar(select(func.count()).select_from(Act).where(
            or_(Act.number == key, Act.number.startswith(f"{key}-", autoescape=True)))) or 0
        return f"{key}-{taken + 1}" if taken else key
    year = work.clock.today().year
    return f"{flow.prefix}-{year}-{next_number(work, f'act:{flow.prefix}:{year}'):0{flow.digits}d}"


@deed
def take(work: Work, actor: Actor, number: str, name: str, raw: Mapping[str, object], *, seq: int | None = None,
         uploads: Sequence[Upload] = ()) -> ActOutcome:
    """Take one step. `seq` is the number of the last fact that the actor saw; without it nothing is compared.

    Raises `NotFound`, `Conflict` (somebody was quicker), `WrongState` or `NotAllowed` (the law says no), `Incomplete` or
    `Invalid` (what was given); after any of them nothing has changed.
    """
    act = access.act_for(work, actor, number, seen=seq)
    flow, facts = access.flow_of(act.kind), access.facts_of(work, act)
    step = flow.lifecycle.plan(name, actor, facts, lambda why: sentence_of(flow, why, act.state, name, facts))
    given = _given_masked(work, act, step, raw, uploads)
    return _carry_out(work, act, actor, facts, step, flow, given, uploads)


def sentence_of(flow: ActFlow, why: object, state: str, name: str, facts: ActFacts | None = None) -> str:
    """The sentence of a refusal; for a wrong state it says where the act stands, and for some reasons what of its facts it is."""
    if why is ActWhy.wrong_state:
        return Say("{kind}现为“{state}”，不能“{step}”。", kind=Say(flow.word), state=Say(flow.word_of_state(state)),
                   step=Say(flow.word_of_step(name)))
    return Say(_refusal_said(flow, ActWhy(str(why)), facts))


def _refusal_said(flow: ActFlow, why: ActWhy, facts: ActFacts | None) -> str:
    return flow.says[why](facts) if facts is not None and why in flow.says else refusal_sentence(why)


def _carry_out(work: Work, act: Act, actor: Actor, facts: ActFacts, step: ActStep, flow: ActFlow, given: Mapping[str, object],
               uploads: Sequence[Upload]) -> ActOutcome:
    """Do what the step does, let the row follow it, and tell it."""
    mask = act_mask(work, act, people=_sealed_in(step, given))
    kept = evidence.keep(work, act, actor, step.name, () if step.hands_files_on else uploads, masking=mask,
                         photo_role=EvidenceRole.progress)
    doing = ActDoing(work, act, actor, facts, given, kept, step, flow, tuple(uploads) if step.hands_files_on else ())
    deed_of = work.wiring.act_deeds.get((flow.kind, step.name))
    told = deed_of(doing) if deed_of is not None else doing.told()
    _follow_step(work, act, step, flow, actor)
    work.record(act.stream, step.fact, actor, told)
    mails.tell_step(work, act, flow, step, actor, told)
    return ActOutcome(act.number, act.seq, act.state, step.name)


def _follow_step(work: Work, act: Act, step: ActStep, flow: ActFlow, actor: Actor) -> None:
    """The row after the step: its state, whether it is over, who reads it, whose hand it was, what is owed next."""
    state = step.goes_to(flow.state_named(act.state))
    act.state, act.sight, act.seq = state.value, flow.sight_in(state), next_seq(work, act)
    act.is_over = state in flow.finals
    act.closed_at = (act.closed_at or work.clock.now()) if act.is_over else None
    if step.hand:
        take_hand(work, act, actor, step.hand)
    if act.is_over:
        clocks.drop_all(work, act.stream, work.clock.today())
    settle_due(work, act)


def _given_masked(work: Work, act: Act | None, step: ActStep, raw: Mapping[str, object],
                  uploads: Sequence[Upload]) -> dict[str, object]:
    files = {"files": [upload.name or upload.client_id for upload in uploads]} if uploads or step.takes_files else {}
    read = read_all(step.given, {**raw, **files})
    sealed = {field.name for field in step.given if field.is_sealed}
    mask = act_mask(work, act, raw.get(TARGET), _sealed_in(step, read))
    return {name: mask(value) if isinstance(value, str) and name not in sealed else value for name, value in read.items()}


def _sealed_in(step: ActStep, given: Mapping[str, object]) -> list[str]:
    """The people whom a step names, whom no text of it may name."""
    return [str(given[field.name]) for field in step.given if field.is_sealed and given.get(field.name)]


def _facts_before(area: str) -> ActFacts:
    return ActFacts(Start.unopened, wiring().clock.today(), area)


def _offer_of(flow: ActFlow, step: ActStep, why: ActWhy | None, facts: ActFacts) -> ActOffer:
    return ActOffer(step.name, flow.word_of_step(step.name), why, "" if why is None else _refusal_said(flow, why, facts),
                    step.given, step.is_quiet)


def openable_kinds(actor: Actor) -> tuple[str, ...]:
    """The kinds of which this person may begin an act."""
    if not actor.has(Permission.act_read):
        return ()
    return tuple(flow.kind for flow in ACT_FLOWS.values()
                 if flow.lifecycle.refusal(flow.opening, actor, _facts_before(area_for(actor, flow))) is None)
