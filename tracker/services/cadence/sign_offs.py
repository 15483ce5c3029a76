"""The sign-off of who used a beat of the cadence: once, by a lead or dispatcher of its area, with a fact."""

from sqlalchemy import select

from tracker.domain.cadence.beats import beat_named
from tracker.domain.cadence.fact_kinds import CadenceFacts
from tracker.domain.house.actor import Actor, Role
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from tracker.domain.house.say import Say
from tracker.domain.rules.periods import period_named
from tracker.services.cadence.gaps import beat_of
from tracker.services.house.work import Work, deed
from tracker.storage.cadence.beats import BeatRecord

SIGNERS = (Role.lead, Role.dispatcher)
LONGEST_NOTE = 500


def may_sign(actor: Actor, area_code: str) -> bool:
    """Whether this person's word counts as the use of it: a lead or dispatcher whose area covers this one."""
    return any(grant.role in SIGNERS and grant.covers(area_code) for grant in actor.grants)


@deed
def sign(work: Work, actor: Actor, cadence_id: str, period_key: str, area_code: str, note: str = "") -> BeatRecord:
    """Note that it was used, by whom, and what came of it. Raises `Conflict` when it is signed already."""
    beat = beat_of(beat_named(cadence_id), period_named(period_key), area_code)
    if not may_sign(actor, area_code):
        raise NotAllowed("只有本辖区的领导或调度员可以签收调度。")
    if len(note := note.strip()) > LONGEST_NOTE:
        raise Invalid(Say("签收意见最多 {longest_note} 字。", longest_note=LONGEST_NOTE), field="note")
    row = work.session.scalar(select(BeatRecord).where(
        BeatRecord.cadence == beat.cadence.id, BeatRecord.period == beat.period.key, BeatRecord.area_code == area_code,
    ).with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NotFound(Say("没有 {period_key} 的{cadence_word}记录。", period_key=Say(beat.period.word),
                           cadence_word=Say(beat.cadence.word)))
    if row.state != "done":
        raise WrongState(Say("{cadence_word} {period_key} 尚未完成，不能签收。", cadence_word=Say(beat.cadence.word),
                             period_key=Say(beat.period.word)))
    if row.signed_at is not None:
        raise Conflict(Say("{cadence_word} {period_key} 已经签收。", cadence_word=Say(beat.cadence.word),
                           period_key=Say(beat.period.word)),
                       code="signed")
    row.signed_by_id, row.signed_at, row.sign_note = actor.id, work.clock.now(), note
    work.record(beat.stream, CadenceFacts.signed, actor, {"note": note, "record": row.id})
    return row
