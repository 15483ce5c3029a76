"""Deeds of the decision and what follows: deciding, sparing, service, payment, the end; and what stands still meanwhile."""

from sqlalchemy import select

from tracker.domain.acts.step_rows import NOTE
from tracker.domain.enforcement.parts import PAUSED_FROM, PAUSES
from tracker.domain.enforcement.penalties import FINE, KIND, PenaltyState, PenaltySteps
from tracker.domain.enforcement.rights import Amounts
from tracker.domain.evidence.evidence import EvidenceRole, Exhibit, evidence_set_digest
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Say
from tracker.domain.rules.limits import Stage
from tracker.domain.rules.money import read_money, yuan_text
from tracker.services.acts import clocks
from tracker.services.acts.effects import ActDeeds, ActDoing, Payload
from tracker.services.enforcement.openings import start_paying
from tracker.services.enforcement.referred import require_fine_allowed
from tracker.services.enforcement.rights import OF_RIGHTS
from tracker.services.enforcement.rows import IS_GRAVE, NOTIFIED_KINDS, amounts_given, day_given, penalty_of, told_of
from tracker.storage.enforcement.penalties import Penalty
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.publications.publications import published_of

HAS_NOTE = "has_settling_note"


def decide(doing: ActDoing) -> Payload:
    """It is decided, no heavier than the party was told, after its rights; to be served and published by their days."""
    row, act, amounts = penalty_of(doing), doing.act, amounts_given(doing)
    on = day_given(doing, "decided_on", row.notice_served_on, "告知书送达")
    if row.right_until_on is not None and on <= row.right_until_on:
        raise Invalid(Say("当事人陈述申辩、要求听证的权利到 {until} 为止，次日起才能决定。", until=row.right_until_on), field="decided_on",
                      code="decided_after_rights")
    _require_not_heavier(doing, row, amounts)
    require_fine_allowed(doing, amounts)
    if act.details.get(IS_GRAVE) and not doing.text("discussion"):
        raise Incomplete("情节复杂或重大违法的须集体讨论，请填写讨论记录。", field="discussion", code="not_discussed")
    stopped = clocks.stop(doing.work, act.stream, Stage.decide, on)
    row.decided_on, row.fine_fen, row.confiscated_fen = on, amounts.fine, amounts.confiscated
    row.amount_basis, row.law_text = doing.text("amount_basis"), doing.text("law_text")
    row.other_kinds, act.document_no = ",".join(kind for kind in amounts.kinds if kind != FINE), doing.text("document_no")
    for stage in OF_RIGHTS:
        clocks.drop(doing.work, act.stream, stage, on)
    for stage in (Stage.serve, Stage.publish):
        clocks.start(doing.work, act.stream, KIND, stage, on, area_code=act.area_code, owner_unit_id=act.unit_id)
    return doing.told() | told_of(amounts) | {"is_late": stopped is not None and stopped.outcome == clocks.LATE}


def spare(doing: ActDoing) -> Payload:
    """It is not punished, for a reason that the law has."""
    clocks.stop(doing.work, doing.act.stream, Stage.decide, doing.today)
    for stage in OF_RIGHTS:
        clocks.drop(doing.work, doing.act.stream, stage, doing.today)
    return doing.told()


def serve(doing: ActDoing) -> Payload:
    """The party has it, and pays within fifteen days."""
    row = penalty_of(doing)
    row.served_on = day_given(doing, "served_on", row.decided_on, "决定")
    clocks.stop(doing.work, doing.act.stream, Stage.serve, row.served_on)
    start_paying(doing, row)
    return doing.told()


def pay(doing: ActDoing) -> Payload:
    """Money came to the bank; never through our hands."""
    row = penalty_of(doing)
    on, amount = day_given(doing, "paid_on", row.served_on, "送达"), read_money(doing.text("amount"), "缴款金额", "amount")
    paid, fine = row.paid_fen + amount, row.fine_fen or 0
    if not amount:
        raise Invalid("缴款金额须大于 0。", field="amount")
    if paid > fine and not doing.text("reason"):
        raise Incomplete(Say("累计缴款 {paid} 元，多于罚款 {fine} 元；确实如此的请写明多缴的说明。", paid=yuan_text(paid), fine=yuan_text(fine)),
                         field="reason")
    row.paid_fen = paid
    if paid >= fine:
        clocks.stop(doing.work, doing.act.stream, Stage.pay, on)
    return doing.told() | {"amount_fen": amount, "paid_fen": paid}


def close(doing: ActDoing) -> Payload:
    """It is over: paid, or it is said with a paper how it ended; the set of its papers is fixed by a digest."""
    row = penalty_of(doing)
    owed = (row.fine_fen or 0) - row.paid_fen
    is_settled = bool(doing.text("text") and doing.evidence) or bool(doing.act.details.get(HAS_NOTE))
    if owed > 0 and not is_settled:
        raise Incomplete(Say("尚欠 {owed} 元，或附记说明如何了结。", owed=yuan_text(owed)), field="text", code="unpaid")
    shown = [Exhibit(each.id, EvidenceRole(each.role), each.digest, 1, is_photo=False) for each in
             doing.work.session.scalars(select(EvidenceRow).where(EvidenceRow.subject == doing.act.stream))]
    doing.keep(unpaid_fen=max(owed, 0))
    return doing.told() | {"papers": len(shown), "papers_digest": evidence_set_digest(shown), "unpaid_fen": max(owed, 0)}


def revoke(doing: ActDoing) -> Payload:
    """It was revoked or changed by who may; what was published of it is withdrawn within three working days."""
    row, act = penalty_of(doing), doing.act
    row.revoked_on = day_given(doing, "revoked_on", row.decided_on, "决定")
    clocks.drop(doing.work, act.stream, Stage.publish, row.revoked_on)
    if published_of(doing.work.session, act.stream) is not None:
        clocks.start(doing.work, act.stream, KIND, Stage.unpublish, row.revoked_on, area_code=act.area_code,
                     owner_unit_id=act.unit_id)
    return doing.told()


def pause(doing: ActDoing) -> Payload:
    """The ninety days stand still from a day on."""
    row = penalty_of(doing)
    first = day_given(doing, "paused_on", row.filed_on, "立案")
    if clocks.pause(doing.work, doing.act.stream, Stage.decide, first) is None:
        raise Invalid("办理期限已因移送公安机关暂停计算。", field="paused_on")
    kept = [*doing.facts.rows(PAUSES), {"first": first.isoformat(), "ground": doing.text("ground")}]
    doing.keep(**{PAUSED_FROM: first.isoformat(), PAUSES: kept})
    return doing.told()


def go_on(doing: ActDoing) -> Payload:
    """They run again: what was left is left."""
    kept = [dict(row) for row in doing.facts.rows(PAUSES)]
    on = day_given(doing, "resumed_on")
    if on.isoformat() < str(kept[-1]["first"]):
        raise Invalid("恢复日期早于中止日期。", field="resumed_on")
    clock = clocks.resume(doing.work, doing.act.stream, Stage.decide, on, KIND, doing.act.area_code)
    kept[-1]["resumed_on"] = on.isoformat()
    doing.keep(**{PAUSED_FROM: None, PAUSES: kept})
    return doing.told() | ({"to_due_on": clock.due_on} if clock is not None else {})


def note(doing: ActDoing) -> Payload:
    """A note with a paper after service says how it goes on, or ended."""
    if doing.evidence and doing.act.state == PenaltyState.served:
        doing.keep(**{HAS_NOTE: True})
    return doing.told()


def _require_not_heavier(doing: ActDoing, row: Penalty, amounts: Amounts) -> None:
    told, fine = row.notified_fine_fen or 0, amounts.fine or 0
    if fine > told:
        raise Invalid(Say("罚款 {fine} 元重于告知的 {told} 元，须重新告知。", fine=yuan_text(fine), told=yuan_text(told)), field="fine",
                      code="not_heavier_than_notified")
    further = set(amounts.kinds) - set(doing.act.details.get(NOTIFIED_KINDS) or ())
    if further or (amounts.confiscated or 0) > (doing.act.details.get("notified_confiscated_fen") or 0):
        raise Invalid("处罚种类或没收金额重于告知的内容，须重新告知。", field="kinds", code="not_heavier_than_notified")


P = PenaltySteps
DEEDS: ActDeeds = {
    (KIND, P.decide.name): decide, (KIND, P.spare.name): spare, (KIND, P.serve.name): serve, (KIND, P.pay.name): pay,
    (KIND, P.close.name): close, (KIND, P.revoke.name): revoke, (KIND, P.pause.name): pause, (KIND, P.go_on.name): go_on,
    (KIND, NOTE): note,
}
