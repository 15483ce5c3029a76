"""What may happen to a case on its way: returns, disputes, extensions, pauses, phases, pressure, reopening, early ends."""

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta

from tracker.demo import sentences
from tracker.demo.walk import Walk, Walking
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import Steps
from tracker.domain.house.actor import CLOCK, Role

S = CaseState
Incident = Callable[[Walk], Walking]
RAIL_UNIT = "NTJ-GWD"


def at(walk: Walk, names: Iterable[str], stage: str) -> Walking:
    """The incidents of that stage, in the order of the story."""
    for name in names:
        where, incident = INCIDENTS.get(name, ("", None))
        if stage == "closed" and not walk.is_in(S.closed):
            return  # reopened: what else was to follow has lost its ground
        if where == stage and incident is not None:
            yield from incident(walk)


# --- before the work ----------------------------------------------------------------------------------------------------


def returned(walk: Walk) -> Walking:
    """Sent back with reason, and assigned to the unit that it belongs to."""
    yield walk.later(0)
    code, reason = walk.rng.choice(sentences.RETURNS)
    walk.take(walk.officer(), Steps.request_return.name, reason_code=code, reason=reason)
    yield walk.later(0, 1)
    walk.take(walk.one(Role.dispatcher), Steps.grant_return.name, reason=walk.rng.choice(sentences.RETURN_GRANTS))
    street = walk.matter.street.unit
    walk.lead, walk.supporting = ("XH-CGJ" if walk.lead == street else street), ()


def return_refused(walk: Walk) -> Walking:
    """The request to send back is refused."""
    yield from return_asked(walk)
    yield walk.later(0, 1)
    walk.take(walk.one(Role.dispatcher), Steps.refuse_return.name, reason=walk.rng.choice(sentences.RETURN_REFUSALS))


def return_asked(walk: Walk) -> Walking:
    """The unit asks to send the case back."""
    yield walk.later(0)
    code, reason = walk.rng.choice(sentences.RETURNS)
    walk.take(walk.officer(), Steps.request_return.name, reason_code=code, reason=reason)


def disputed(walk: Walk) -> Walking:
    """Street and railway disagree on whose it is."""
    yield walk.later(0, 1)
    walk.take(walk.officer(), Steps.dispute.name, reason=walk.rng.choice(sentences.DISPUTES))


def designated(walk: Walk) -> Walking:
    """A dispute, and the ruling that ends it: the fence first, ownership prevails."""
    yield from disputed(walk)
    yield walk.later(1, 3)
    walk.take(walk.one(Role.dispatcher), Steps.joint_meeting_decision.name, held_on=walk.today,
              text=walk.rng.choice(sentences.MEETINGS))
    to_street = walk.lead == RAIL_UNIT
    walk.lead, walk.supporting = (walk.matter.street.unit, (RAIL_UNIT,)) if to_street else (RAIL_UNIT, (walk.matter.street.unit,))
    yield walk.later(0, 1)
    by = walk.one(Role.dispatcher) if walk.rng.random() < 0.5 else walk.year.cast.by_login["supervisor2"]
    walk.take(by, Steps.designate.name, lead_unit=walk.lead, supporting_units=list(walk.supporting),
              designated_by="joint_meeting", reason=sentences.DESIGNATIONS[0 if to_street else 1])


def unmerged(walk: Walk) -> Walking:
    """Merged by mistake and taken out again."""
    master = _open_master(walk)
    if master is None:
        return
    yield walk.later(0, 1)
    walk.take(walk.one(Role.dispatcher), Steps.merge.name, master=master.said.number, reason=walk.rng.choice(sentences.MERGES))
    yield walk.later(1, 2)
    walk.take(walk.one(Role.dispatcher), Steps.unmerge.name, reason="经现场核对，两件不是同一点位，撤销并案分别办理。")


# --- while the work goes on -----------------------------------------------------------------------------------------------


def extension_asked(walk: Walk) -> Walking:
    """The unit asks for more days while there is still time."""
    yield walk.later(0, 1)
    if walk.is_before_due and walk.said.due_on is not None:
        asked = walk.said.due_on + timedelta(days=walk.rng.choice((5, 7, 10, 15)))
        walk.take(walk.officer(), Steps.request_extension.name, new_due_on=asked,
                  reason=walk.rng.choice(sentences.EXTENSION_REASONS))


def extended(walk: Walk) -> Walking:
    """Asked for and granted; the work takes the days."""
    yield from extension_asked(walk)
    if walk.said.step == Steps.request_extension.name:
        yield walk.later(0, 1)
        walk.take(walk.one(Role.dispatcher), Steps.grant_extension.name, reason=walk.rng.choice(sentences.EXTENSION_GRANTS))
        yield walk.later(2, 4)
        walk.report()


def extension_refused(walk: Walk) -> Walking:
    """Asked for and refused."""
    yield from extension_asked(walk)
    if walk.said.step == Steps.request_extension.name:
        yield walk.later(0, 1)
        walk.take(walk.one(Role.dispatcher), Steps.refuse_extension.name, reason=walk.rng.choice(sentences.EXTENSION_REFUSALS))


def suspended(walk: Walk) -> Walking:
    """The clock stops on one of the listed grounds."""
    yield walk.later(1, 2)
    code, reason = walk.rng.choice(sentences.SUSPENSIONS)
    walk.take(walk.one(Role.dispatcher), Steps.suspend.name, reason_code=code, reason=reason)


def resumed(walk: Walk) -> Walking:
    """Suspended for some weeks."""
    yield from suspended(walk)
    yield walk.later(8, 20)
    walk.take(walk.one(Role.dispatcher), Steps.resume.name, reason=walk.rng.choice(sentences.RESUMPTIONS))


def resumed_lately(walk: Walk) -> Walking:
    """Suspended for most of the year; the days that were left ran out some days ago."""
    yield from suspended(walk)
    yield walk.before_end(16)
    walk.take(walk.one(Role.dispatcher), Steps.resume.name, reason=walk.rng.choice(sentences.RESUMPTIONS))


def phased(walk: Walk) -> Walking:
    """Phase after phase, the clock resuming each on its date, until the one that reaches beyond today."""
    while True:
        yield walk.later(1, 3)
        is_last = walk.today + timedelta(days=100) >= walk.year.until
        next_on = walk.year.until + timedelta(days=18) if is_last else walk.today + timedelta(days=75)
        walk.take(walk.officer(), Steps.request_phase.name, [walk.photo(0.5)], plan=walk.rng.choice(sentences.PHASE_PLANS),
                  next_on=next_on)
        yield walk.later(0, 2)
        walk.take(walk.one(Role.dispatcher), Steps.grant_phase.name, reason=walk.rng.choice(sentences.PHASE_GRANTS))
        if is_last:
            return
        yield datetime.combine(next_on, time(0, 10), walk.year.clock.zone)
        walk.take(CLOCK, Steps.resume_phase.name)


def one_phase(walk: Walk) -> Walking:
    """A first phase refused, a second granted, and the work resumed by the unit itself."""
    yield walk.later(1)
    plan = walk.rng.choice(sentences.PHASE_PLANS)
    for answer in (Steps.refuse_phase.name, Steps.grant_phase.name):
        walk.take(walk.officer(), Steps.request_phase.name, [walk.photo(0.5)], plan=plan, next_on=walk.today + timedelta(days=30))
        yield walk.later(0, 1)
        said = sentences.PHASE_GRANTS if answer == Steps.grant_phase.name else sentences.EXTENSION_REFUSALS
        walk.take(walk.one(Role.dispatcher), answer, reason=walk.rng.choice(said))
        yield walk.later(1, 3)
    walk.take(walk.officer(), Steps.resume_phase.name)


def urged(walk: Walk) -> Walking:
    """A nudge."""
    yield walk.later(0, 1)
    walk.take(walk.sponsor or walk.one(Role.dispatcher), Steps.urge.name, text=walk.rng.choice(sentences.URGES))


def supervised(walk: Walk) -> Walking:
    """An order from above."""
    yield walk.later(0, 2)
    level = walk.rng.choice(("ordinary", "ordinary", "key"))
    walk.take(walk.one(Role.dispatcher), Steps.open_supervision.name, level=level,
              document_no=f"西环督〔{walk.today.year}〕{walk.rng.randint(1, 60)}号", reason=walk.rng.choice(sentences.SUPERVISIONS))


def listed(walk: Walk) -> Walking:
    """The strongest order, by the city, while the case is overdue or nearly so."""
    yield walk.before_end(5)
    walk.take(walk.one(Role.supervisor), Steps.open_supervision.name, level="listed",
              document_no=f"洪环督〔{walk.today.year}〕{walk.rng.randint(1, 30)}号", reason=walk.rng.choice(sentences.SUPERVISIONS))


def lifted(walk: Walk) -> Walking:
    """Supervised for a while."""
    yield from supervised(walk)
    yield walk.later(1, 2)
    walk.take(walk.one(Role.dispatcher), Steps.lift_supervision.name, reason=walk.rng.choice(sentences.LIFTS))


def sponsored(walk: Walk) -> Walking:
    """A district leader takes the case on."""
    yield walk.later(0, 1)
    if walk.sponsor is None:
        walk.sponsor = walk.one(Role.lead)
        walk.take(walk.one(Role.dispatcher), Steps.set_sponsor.name, sponsor=walk.sponsor.login, reason="重点关注件，确定包案领导。")


def escalated(walk: Walk) -> Walking:
    """More than the district can settle."""
    yield walk.later(1, 2)
    walk.take(walk.one(Role.dispatcher), Steps.escalate.name, reason=sentences.ESCALATION)


# --- after the closing ----------------------------------------------------------------------------------------------------


def called_back(walk: Walk) -> Walking:
    """The complainant is asked."""
    yield walk.later(1, 4)
    satisfaction, text = walk.rng.choice(sentences.CALL_BACKS)
    walk.take(walk.one(Role.clerk), Steps.call_back.name, satisfaction=satisfaction, text=text)


def looked_back(walk: Walk) -> Walking:
    """A check some weeks later; nothing came back."""
    yield walk.later(15, 30)
    walk.take(walk.one(Role.inspector), Steps.look_back.name, [walk.photo(0, has_people=True)], checked_on=walk.today,
              result="passed", text=walk.rng.choice(sentences.LOOK_BACKS))


def reopened(walk: Walk) -> Walking:
    """A check that found the trouble back; the case is opened again."""
    yield walk.later(15, 25)
    yield from _fail_and_reopen(walk)


def reopened_lately(walk: Walk) -> Walking:
    """The same, so late that the second round is not over today."""
    yield walk.before_end(6)
    yield from _fail_and_reopen(walk)


def _fail_and_reopen(walk: Walk) -> Walking:
    walk.take(walk.one(Role.verifier), Steps.look_back.name, [walk.photo(0.8, has_people=True)], checked_on=walk.today,
              result="failed", text=walk.rng.choice(sentences.FAILED_LOOK_BACKS))
    yield walk.later(0)
    walk.take(walk.one(Role.dispatcher), Steps.reopen.name, reason=walk.rng.choice(sentences.REOPENINGS))


INCIDENTS: dict[str, tuple[str, Incident]] = {
    "unmerged": ("registered", unmerged),
    "returned": ("assigned", returned), "return_refused": ("assigned", return_refused),
    "return_asked": ("assigned", return_asked),
    "disputed": ("assigned", disputed), "designated": ("assigned", designated),
    "extended": ("rectifying", extended), "extension_refused": ("rectifying", extension_refused),
    "extension_asked": ("rectifying", extension_asked), "suspended": ("rectifying", suspended),
    "resumed": ("rectifying", resumed),
    "resumed_lately": ("rectifying", resumed_lately), "phased": ("rectifying", phased), "one_phase": ("rectifying", one_phase),
    "urged": ("rectifying", urged), "supervised": ("rectifying", supervised), "listed": ("rectifying", listed),
    "lifted": ("rectifying", lifted), "sponsored": ("rectifying", sponsored), "escalated": ("rectifying", escalated),
    "called_back": ("closed", called_back), "looked_back": ("closed", looked_back), "reopened": ("closed", reopened),
    "reopened_lately": ("closed", reopened_lately),
}

# --- early ends -----------------------------------------------------------------------------------------------------------


def declined(walk: Walk) -> Walking:
    """Not accepted."""
    yield walk.later(0, 1)
    code, reason = walk.rng.choice(sentences.DECLINES)
    walk.take(walk.one(Role.dispatcher), Steps.decline.name, reason_code=code, reason=reason)


def transferred(walk: Walk) -> Walking:
    """Handed to another authority."""
    yield walk.later(0, 1)
    authority, number, reason = walk.rng.choice(sentences.TRANSFERS)
    document_no = number.format(year=walk.today.year, number=walk.rng.randint(1, 90))
    walk.take(walk.one(Role.dispatcher), Steps.transfer.name, authority=authority, document_no=document_no, reason=reason)


def voided(walk: Walk) -> Walking:
    """A slip of the registering hand."""
    yield walk.later(0)
    code, reason = walk.rng.choice(sentences.VOIDS)
    walk.take(walk.one(Role.dispatcher), Steps.void.name, reason_code=code, reason=reason)


def merged(walk: Walk) -> Walking:
    """The same trouble as another open case; declined as a repetition where that one is not there."""
    yield walk.later(0, 1)
    master = _open_master(walk)
    if master is None:
        walk.take(walk.one(Role.dispatcher), Steps.decline.name, reason_code="repeated", reason=sentences.DECLINES[1][1])
        return
    walk.take(walk.one(Role.dispatcher), Steps.merge.name, master=master.said.number, reason=walk.rng.choice(sentences.MERGES))


def _open_master(walk: Walk) -> Walk | None:
    return next((m for m in walk.year.masters if m.is_in(S.registered, S.assigned, S.rectifying, S.submitted)), None)


EARLY_ENDS: dict[str, Incident] = {"declined": declined, "transferred": transferred, "voided": voided, "merged": merged}
