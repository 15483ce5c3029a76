"""Deeds between filing and deciding: what was found, what the party is told and may say, the hearing, and what a lawyer says."""

from datetime import date

from tracker.domain.enforcement.parts import OWES_REVIEW, REVIEW, RIGHT_UNTIL
from tracker.domain.enforcement.penalties import KIND, PenaltySteps
from tracker.domain.enforcement.rights import Amounts, day_before, first_hearing_day, owes_hearing, owes_review, rights_until
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Say
from tracker.domain.rules.limits import Stage
from tracker.services.acts import clocks
from tracker.services.acts.effects import ActDeeds, ActDoing, Payload
from tracker.services.enforcement.rows import (
    GROUNDS,
    IS_GRAVE,
    NOTIFIED_KINDS,
    OWES_HEARING,
    amounts_given,
    day_given,
    evidence_count,
    penalty_of,
    threshold_for,
    told_of,
)
from tracker.services.rules import rules

PAST_LIMIT = "past_hearing_limit"
OF_RIGHTS = (Stage.plead, Stage.hearing_request)


def conclude(doing: ActDoing) -> Payload:
    """What was found, with what is proposed; a lawyer's word on what was found before counts no more."""
    amounts = amounts_given(doing)
    if not evidence_count(doing):
        raise Incomplete("请附上调查材料，至少有一份调查（询问）笔录。", field="files")
    if not doing.given.get("has_record"):
        raise Incomplete("请确认已附调查（询问）笔录。", field="has_record")
    raw = doing.given.get("grounds")
    grounds = list(raw) if isinstance(raw, tuple | list) else []
    doing.keep(**_rights_owed(doing, amounts, doing.today, grounds), **{
        GROUNDS: grounds, IS_GRAVE: bool(doing.given.get("is_grave")), REVIEW: ""})
    return doing.told() | told_of(amounts)


def notify(doing: ActDoing) -> Payload:
    """The party is told what is meant to be decided, and may answer; a second notice starts its days anew."""
    row, act, amounts = penalty_of(doing), doing.act, amounts_given(doing)
    assert row.filed_on is not None
    served = day_given(doing, "served_on", row.notice_served_on or row.filed_on, "立案或前次告知")
    grounds, before = act.details.get(GROUNDS) or [], Amounts(tuple(act.details.get(NOTIFIED_KINDS) or ()), row.notified_fine_fen)
    owed = _rights_owed(doing, amounts, served, grounds)
    if owed[OWES_HEARING] and not doing.given.get("is_hearing_told"):
        raise Incomplete("依法可以要求听证的，须告知听证权利。", field="is_hearing_told")
    count = int(act.details.get("notice_count") or 0) + 1
    for stage in OF_RIGHTS:
        clocks.drop(doing.work, act.stream, stage, served)
    stages = OF_RIGHTS if owed[OWES_HEARING] else OF_RIGHTS[:1]
    ends = [clocks.start(doing.work, act.stream, KIND, stage, served, area_code=act.area_code, owner_unit_id=act.unit_id,
                         round_=count).due_on for stage in stages]
    row.notice_served_on, row.notified_fine_fen, row.heard_on = served, amounts.fine, None
    is_anew = count > 1 and (amounts.fine or 0, amounts.kinds) != (before.fine or 0, before.kinds)
    doing.keep(**owed, **{NOTIFIED_KINDS: list(amounts.kinds), "notified_confiscated_fen": amounts.confiscated,
                          "notice_count": count, **({REVIEW: ""} if is_anew else {})})
    _set_right(doing, max(ends))
    return doing.told() | told_of(amounts)


def plead(doing: ActDoing) -> Payload:
    """The party has answered, or waives its rights in writing."""
    row, act = penalty_of(doing), doing.act
    on = day_given(doing, "pleaded_on", row.notice_served_on, "告知书送达")
    if doing.text("plea") == "waived":
        if not doing.evidence:
            raise Incomplete("放弃权利须有当事人签字的文书，请上传。", field="files")
        for stage in OF_RIGHTS:
            clocks.stop(doing.work, act.stream, stage, on)
        _set_right(doing, day_before(on))
        return doing.told()
    if not doing.text("text") or not doing.text("reason"):
        raise Incomplete("请填写陈述申辩内容，以及采纳或不采纳的理由。", field="text" if not doing.text("text") else "reason")
    clocks.stop(doing.work, act.stream, Stage.plead, on)
    asking = clocks.running(doing.work, act.stream, Stage.hearing_request)
    _set_right(doing, rights_until([asking.due_on if asking else None]) or day_before(on))
    return doing.told()


def request_hearing(doing: ActDoing) -> Payload:
    """The party asks for a hearing in time; later only with the word of who heads the office."""
    row, act = penalty_of(doing), doing.act
    on = day_given(doing, "requested_on", row.notice_served_on, "告知书送达")
    asking = clocks.running(doing.work, act.stream, Stage.hearing_request)
    if asking is None:
        raise Invalid("本案没有听证的权利，或当事人已经放弃。", field="requested_on")
    if on > asking.due_on and not doing.text("document_no"):
        raise Invalid(Say("要求听证的期限到 {due}，{on}提出已逾期；经机关负责人批准的，填写批准文号。", due=asking.due_on, on=on),
                      field="requested_on", code=PAST_LIMIT)
    clocks.stop(doing.work, act.stream, Stage.hearing_request, on)
    doing.keep(hearing_requested_on=on.isoformat())
    return doing.told()


def end_hearing(doing: ActDoing) -> Payload:
    """It was heard, on a working day, with seven whole working days after its notice; a lawyer reviews it afterwards."""
    row, act = penalty_of(doing), doing.act
    asked = date.fromisoformat(str(act.details["hearing_requested_on"]))
    served = day_given(doing, "notice_served_on", asked, "提出听证")
    held, calendar = day_given(doing, "held_on", served, "听证通知送达"), rules.calendar(act.area_code)
    if held.year not in calendar.published_years:
        raise Invalid(Say("{year}年的工作日历尚未公布，不能定听证日期。", year=held.year), field="held_on")
    first = first_hearing_day(served, calendar)
    if held < first:
        raise Invalid(Say("听证通知须在举行七个工作日前送达：{served}送达的，最早 {first} 举行。", served=served, first=first), field="held_on")
    if not calendar.is_workday(held):
        raise Invalid(Say("{held}是休息日，不能举行听证。", held=held), field="held_on")
    if not doing.given.get("is_public") and not doing.text("reason"):
        raise Incomplete("听证不公开举行的，请写明理由。", field="reason")
    if doing.text("outcome") == "held" and not doing.evidence:
        raise Incomplete("请上传当事人签字的听证笔录。", field="files")
    row.heard_on = held
    clocks.stop(doing.work, act.stream, Stage.plead, held)
    doing.keep(**{OWES_REVIEW: True, REVIEW: ""})
    _set_right(doing, day_before(held))
    return doing.told()


def review(doing: ActDoing) -> Payload:
    """A lawyer passes it, or gives it back."""
    doing.keep(**{REVIEW: doing.text("outcome")})
    return doing.told()


def _rights_owed(doing: ActDoing, amounts: Amounts, on: date, grounds: list[str]) -> dict[str, object]:
    threshold = threshold_for(doing, "hearing_threshold", on)
    return {OWES_HEARING: owes_hearing(amounts, threshold), OWES_REVIEW: owes_review(amounts, threshold, grounds)}


def _set_right(doing: ActDoing, until: date) -> None:
    """The last day of the party's rights, for the law and for the database."""
    penalty_of(doing).right_until_on = until
    doing.keep(**{RIGHT_UNTIL: until.isoformat()})


P = PenaltySteps
DEEDS: ActDeeds = {(KIND, P.conclude.name): conclude, (KIND, P.notify.name): notify, (KIND, P.plead.name): plead,
                   (KIND, P.request_hearing.name): request_hearing, (KIND, P.end_hearing.name): end_hearing,
                   (KIND, P.review.name): review}
