"""Deeds of referrals to the police: proposed by two, approved within three days, sent within twenty-four hours, and what the
police and the procuratorate make of it."""

from datetime import date, datetime, timedelta, tzinfo

from tracker.domain.acts.facts import LinkRole
from tracker.domain.acts.step_rows import TARGET
from tracker.domain.enforcement.parts import TEAM
from tracker.domain.enforcement.referrals import KIND, NONE, SENT_PAPERS, ReferralSteps
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Listed, Say, finished
from tracker.domain.rules.limits import Stage
from tracker.services.acts import clocks
from tracker.services.acts.effects import ActDeeds, ActDoing, Payload, tie
from tracker.services.enforcement.referred import hold_penalties, release_penalties
from tracker.services.enforcement.rows import day_given, give_hand

ONE_MINUTE = timedelta(minutes=1)


def propose(doing: ActDoing) -> Payload:
    """Two report to who heads the office what may be a crime; that person has three days."""
    act, at = doing.act, moment_given(doing, "reported_at")
    partner = give_hand(doing, "partner", TEAM, Permission.referral_work)
    if partner.id in doing.actor.persons:
        raise Invalid("须由两名执法人员办理。", field="partner")
    target = tie(doing, LinkRole.refers, doing.text(TARGET), field=TARGET)
    act.unit_id, act.began_on = doing.actor.unit_id, at.date()
    act.title = finished(Say("涉嫌{offence}", offence=doing.text("offence")))
    doing.keep(reported_at=at.isoformat())
    start_limit(doing, Stage.approve_referral, at.date())
    return doing.told() | {TARGET: target, "team_ids": sorted({*doing.actor.persons, partner.id})}


def approve(doing: ActDoing) -> Payload:
    """It is approved, and sent within twenty-four hours of the clock."""
    at = moment_given(doing, "approved_at", "reported_at", "报告")
    clocks.stop(doing.work, doing.act.stream, Stage.approve_referral, at.date())
    start_limit(doing, Stage.send_referral, at.date(), at=at)
    doing.keep(approved_at=at.isoformat())
    return doing.told()


def advise(doing: ActDoing) -> Payload:
    """The procuratorate advises to refer it: within three days."""
    on = day_given(doing, "received_on", datetime.fromisoformat(str(doing.act.details["reported_at"])).date(), "报告")
    clocks.drop(doing.work, doing.act.stream, Stage.approve_referral, on)
    start_limit(doing, Stage.send_advised, on)
    doing.keep(approved_at=datetime.combine(on, datetime.min.time(), _zone_of(doing)).isoformat())
    return doing.told()


def refuse(doing: ActDoing) -> Payload:
    """It is not, and the reason is on record."""
    clocks.stop(doing.work, doing.act.stream, Stage.approve_referral, doing.today)
    return doing.told()


def send(doing: ActDoing) -> Payload:
    """It goes to the police with its five papers; penalties for the same facts stand still."""
    act, at = doing.act, moment_given(doing, "sent_at", "approved_at", "批准")
    _require_papers(doing)
    due_at = getattr(clocks.stop(doing.work, act.stream, Stage.send_referral, at.date(), at=at), "due_at", None)
    clocks.stop(doing.work, act.stream, Stage.send_advised, at.date())
    start_limit(doing, Stage.police_forward, at.date(), at=at)
    act.document_no = doing.text("document_no")
    doing.keep(sent_on=at.date().isoformat(), sent_at=at.isoformat())
    hold_penalties(doing, at.date())
    return doing.told() | ({"late_minutes": int((at - due_at) / ONE_MINUTE)} if due_at is not None and at > due_at else {})


def receive(doing: ActDoing) -> Payload:
    """The police have signed for it, and decide within three days."""
    on = day_given(doing, "received_on", kept_day(doing, "sent_on"), "移送")
    clocks.stop(doing.work, doing.act.stream, Stage.police_forward, on)
    start_limit(doing, Stage.police_decide, on)
    doing.keep(received_on=on.isoformat())
    return doing.told()


def police_file(doing: ActDoing) -> Payload:
    """They have filed it: what belongs to it is handed over within three days."""
    on = day_given(doing, "notice_on", kept_day(doing, "received_on"), "公安机关签收")
    clocks.stop(doing.work, doing.act.stream, Stage.police_decide, on)
    clocks.stop(doing.work, doing.act.stream, Stage.police_review, on)
    start_limit(doing, Stage.hand_over_goods, on)
    doing.keep(filed_on=on.isoformat())
    return doing.told()


def police_decline(doing: ActDoing) -> Payload:
    """They have not: within three days it may be objected to, and the penalty goes on."""
    on = day_given(doing, "notice_on", kept_day(doing, "received_on"), "公安机关签收")
    clocks.stop(doing.work, doing.act.stream, Stage.police_decide, on)
    start_limit(doing, Stage.object_referral, on)
    doing.keep(notice_on=on.isoformat())
    release_penalties(doing, on)
    return doing.told()


def hand_over_goods(doing: ActDoing) -> Payload:
    """What belongs to it was handed over."""
    on = day_given(doing, "handed_over_on", kept_day(doing, "filed_on"), "收到立案通知")
    clocks.stop(doing.work, doing.act.stream, Stage.hand_over_goods, on)
    return doing.told()


def ask_review(doing: ActDoing) -> Payload:
    """The police are asked to look at it again."""
    on = day_given(doing, "asked_on", kept_day(doing, "notice_on"), "收到通知")
    clocks.stop(doing.work, doing.act.stream, Stage.object_referral, on)
    start_limit(doing, Stage.police_review, on)
    return doing.told()


def ask_procuratorate(doing: ActDoing) -> Payload:
    """The procuratorate is asked to see to it that they file it."""
    on = day_given(doing, "asked_on", kept_day(doing, "notice_on"), "收到通知")
    clocks.stop(doing.work, doing.act.stream, Stage.object_referral, on)
    clocks.drop(doing.work, doing.act.stream, Stage.police_review, on)
    return doing.told()


def end(doing: ActDoing) -> Payload:
    """What came of it; the penalty goes on with the days that were left."""
    release_penalties(doing, doing.today)
    doing.act.ended_on = doing.today
    return doing.told()


def moment_given(doing: ActDoing, name: str, after: str = "", what: str = "") -> datetime:
    """A moment of office time that has come, and is not before one that the act keeps. Raises `Invalid`."""
    at = datetime.fromisoformat(doing.text(name)).replace(tzinfo=_zone_of(doing))
    word = Say(next(given.word for given in doing.step.given if given.name == name))
    if at > doing.work.clock.now():
        raise Invalid(Say("“{word}”{at}还没有到。", word=word, at=at), field=name)
    before = datetime.fromisoformat(str(doing.act.details[after])) if after else at
    if at < before:
        raise Invalid(Say("“{word}”{at}早于{what}（{before}）。", word=word, at=at, what=Say(what), before=before), field=name)
    return at


def kept_day(doing: ActDoing, name: str) -> date:
    """A day that an earlier step has kept."""
    return date.fromisoformat(str(doing.act.details[name]))


def start_limit(doing: ActDoing, stage: Stage, on: date, at: datetime | None = None) -> None:
    """A limit of the referral begins."""
    clocks.start(doing.work, doing.act.stream, KIND, stage, on, area_code=doing.act.area_code, owner_unit_id=doing.act.unit_id,
                 at=at)


def _require_papers(doing: ActDoing) -> None:
    """The checklist of art. 6: the letter and the report must be there, of the others it may be said why not."""
    absent = [(name, word, may_lack) for name, word, may_lack in SENT_PAPERS if doing.text(name) == NONE]
    for name, word, may_lack in absent:
        if not may_lack:
            raise Incomplete(Say("移送必须附有“{word}”。", word=Say(word)), field=name, code="paper_missing")
    if absent and not doing.text("reason"):
        raise Incomplete(Say("没有{words}的，请说明理由。", words=Listed(Say("“{word}”", word=Say(word)) for _, word, _ in absent)),
                         field="reason")


def _zone_of(doing: ActDoing) -> tzinfo | None:
    return doing.work.clock.local(doing.work.clock.now()).tzinfo


R = ReferralSteps
DEEDS: ActDeeds = {
    (KIND, R.propose.name): propose, (KIND, R.approve.name): approve, (KIND, R.send.name): send, (KIND, R.receipt.name): receive,
    (KIND, R.police_filed.name): police_file, (KIND, R.police_not_filed.name): police_decline,
    (KIND, R.hand_over_goods.name): hand_over_goods, (KIND, R.end.name): end, (KIND, R.ask_review.name): ask_review,
    (KIND, R.ask_procuratorate.name): ask_procuratorate, (KIND, R.refuse.name): refuse, (KIND, R.advice.name): advise,
}
