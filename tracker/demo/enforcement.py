"""Penalties of the demo's year, one in every state and with every way out, two warning cards and a referral: all of it invented,
every step a real one, by the hands that the law asks for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.demo.walk import Year
from tracker.domain.enforcement import cards, penalties, referrals
from tracker.domain.enforcement.cards import CardSteps
from tracker.domain.enforcement.penalties import PenaltySteps as P
from tracker.domain.enforcement.referrals import SENT_PAPERS
from tracker.domain.enforcement.referrals import ReferralSteps as R
from tracker.domain.enforcement.rule_rows import VIOLATIONS
from tracker.domain.house.actor import Actor, Role
from tracker.domain.house.lifecycle import StepName
from tracker.gateways.reports.picture_scenes import Scene
from tracker.gateways.reports.pictures import StagedShot, photograph
from tracker.services.acts import access, steps
from tracker.services.evidence.evidence import Upload
from tracker.services.house.work import reading
from tracker.services.publications import publishing
from tracker.storage.publications.publications import published_of

Given = Mapping[str, object]
BASIS = "江西省生态环境行政处罚裁量基准（虚构第3项），情节一般，裁量等级二级"
LAWS = {str(each["code"]): str(each["law"]) for each in VIOLATIONS}
FINE, GRAVE_FINE = "2.4万", "8万"  # the greater one is above what a hearing may be asked for


@dataclass(frozen=True)
class PenaltyTale:
    """One penalty: how many days before the demo's end its clue came, on which site, what happened, and its steps with the days
    that go by before each."""

    days_before: int
    site: int
    violation: str
    clue: str
    steps: Sequence[tuple[int, StepName]]
    is_grave: bool = False
    is_published: bool = False

    @property
    def fine(self) -> str:
        """What is fined."""
        return GRAVE_FINE if self.is_grave else FINE


FILED = ((3, P.file.name),)
LOOKED_INTO = (*FILED, (18, P.conclude.name))
TOLD = (*LOOKED_INTO, (2, P.notify.name))
DECIDED = (*TOLD, (2, P.plead.name), (9, P.decide.name))
SERVED = (*DECIDED, (2, P.serve.name))
CLOSED = (*SERVED, (6, P.pay.name), (3, P.close.name))
HEARING = (*LOOKED_INTO, (2, P.review.name), (2, P.notify.name), (3, P.request_hearing.name))
TALES: tuple[PenaltyTale, ...] = (
    PenaltyTale(320, 1, "Q99", "在线监测非甲烷总烃小时均值超标", CLOSED, is_published=True),
    PenaltyTale(290, 5, "Q115", "土方作业未湿法、裸土未覆盖", CLOSED, is_published=True),
    PenaltyTale(230, 7, "Q118", "油烟净化设施未开，油烟直排", (*CLOSED, (20, P.revoke.name)), is_published=True),
    PenaltyTale(200, 3, "Q108", "印刷车间门窗敞开作业", (*LOOKED_INTO, (4, P.spare.name), (3, P.close.name))),
    PenaltyTale(150, 4, "Q99", "喷漆废气排放浓度超标", SERVED, is_published=True),
    PenaltyTale(120, 6, "Q116", "渣土运输未密闭，沿路遗撒", ((2, P.decline_file.name),)),
    PenaltyTale(110, 2, "Q108", "喷涂工序未按规定收集废气", (*FILED, (6, P.hand_over.name))),
    PenaltyTale(95, 1, "Q99B", "夜间旁路排放，规避监管", (*HEARING, (18, P.end_hearing.name)), is_grave=True),
    PenaltyTale(70, 4, "Q108", "活性炭未按期更换", (*LOOKED_INTO, (4, P.spare.name))),
    PenaltyTale(60, 3, "Q117", "堆场物料未覆盖", DECIDED),
    PenaltyTale(45, 5, "Q115", "出场车辆带泥上路", HEARING, is_grave=True),
    PenaltyTale(30, 2, "Q108", "调漆间未密闭", TOLD),
    PenaltyTale(26, 7, "Q118B", "店外露天烧烤", LOOKED_INTO),
    PenaltyTale(16, 6, "Q117", "料堆覆盖不到位", FILED),
    PenaltyTale(5, 8, "Q99", "油气回收气液比不合格", ()),
)
REFERRED, CARDS = 7, (0, 4)  # which of the tales goes to the police, which ones earn a card


@dataclass
class EnforcementHands:
    """Who does what, always the same few people of the bureau."""

    year: Year

    def holding(self, role: Role, place: int = 0) -> Actor:
        """Somebody who holds a role."""
        return self.year.cast.holding(role)[place]

    def who_takes(self, step: StepName) -> Actor:
        """By whom a step of a penalty is taken."""
        if step in (P.review.name, P.end_hearing.name):
            return self.holding(Role.legal) if step == P.review.name else self.holding(Role.enforcer, 2)
        principal = (P.file.name, P.decide.name, P.spare.name, P.close.name, P.decline_file.name, P.hand_over.name, P.revoke.name)
        return self.holding(Role.principal if step in principal else Role.enforcer)


def enforcement_plots(year: Year) -> list[Iterator[datetime]]:
    """Every penalty, and the cards and the referral that come of some."""
    hands = EnforcementHands(year)
    return [_penalty_plot(hands, place, tale) for place, tale in enumerate(TALES, start=1)]


def _penalty_plot(hands: EnforcementHands, place: int, tale: PenaltyTale) -> Iterator[datetime]:
    year, on = hands.year, hands.year.until - timedelta(days=tale.days_before)
    yield year.in_office(on, 9)
    enforcer, today, card = hands.holding(Role.enforcer), year.clock.today(), ""
    number = steps.begin(enforcer, penalties.KIND, {
        "site": f"S-{tale.site:06d}", "violation": tale.violation, "happened_from": today - timedelta(days=2),
        "happened_to": today, "discovered_on": today, "origin": "日常执法检查", "text": tale.clue}).number
    for days, step in tale.steps:
        yield year.in_office(year.clock.today() + timedelta(days=days), 15)
        steps.take(hands.who_takes(step), number, step, _given_for(hands, place, tale, step),
                   uploads=_papers_for(year, step, place))
        if step == P.decide.name and tale.is_published:
            yield year.at_hour(year.clock.today(), 17)
            _make_public(hands, "penalty", number)
        if step == P.serve.name and place - 1 in CARDS:
            card = _flag_card(hands, number, tale.site)
        if step == P.revoke.name:
            yield year.in_office(year.clock.today() + timedelta(days=1), 10)
            _withdraw_public(hands, number)
    if card and place - 1 == CARDS[0]:
        yield from _removal_plot(hands, card, tale.site)
    if place - 1 == REFERRED:
        yield from _referral_plot(hands, number)


def _given_for(hands: EnforcementHands, place: int, tale: PenaltyTale, step: StepName) -> Given:
    """What is given to a step of a penalty."""
    today, year = hands.year.clock.today(), hands.year.clock.today().year
    fined: dict[str, object] = {"kinds": [penalties.FINE], "fine": tale.fine, "amount_basis": BASIS}
    first, second = (hands.holding(Role.enforcer, at).login for at in (0, 1))
    given: Mapping[str, Given] = {
        P.file.name: {"document_no": f"西环立〔{year}〕{place}号", "filed_on": today, "investigator": first, "partner": second},
        P.conclude.name: {"text": f"经现场检查和询问，{tale.clue}属实。", **fined, "has_record": True, "order": "立即改正"},
        P.review.name: {"outcome": "passed", "text": "事实清楚，证据充分，程序合法，裁量适当。"},
        P.notify.name: {"document_no": f"西环罚告〔{year}〕{place}号", **fined, "is_hearing_told": tale.is_grave,
                        "served_on": today, "way": "direct"},
        P.plead.name: {"plea": "waived", "pleaded_on": today},
        P.request_hearing.name: {"requested_on": today},
        P.end_hearing.name: {"outcome": "held", "notice_served_on": today - timedelta(days=14), "held_on": today,
                             "is_public": True, "text": "当事人到场，对事实无异议，请求从轻。"},
        P.decide.name: {"document_no": f"西环罚字〔{year}〕{place}号", "decided_on": today, **fined, "law_text": LAWS[tale.violation]},
        P.spare.name: {"document_no": f"西环不罚〔{year}〕{place}号", "ground": "first", "text": "初次违法，当场改正，已约谈教育。"},
        P.serve.name: {"served_on": today, "way": "direct"},
        P.pay.name: {"paid_on": today, "amount": tale.fine, "receipt_no": f"3601{place:06d}"},
        P.close.name: {},
        P.decline_file.name: {"ground": "minor", "text": "当场清扫并加装篷布，危害轻微。"},
        P.hand_over.name: {"authority": "区市场监督管理局", "document_no": f"西环移〔{year}〕{place}号"},
        P.revoke.name: {"authority": "区人民政府", "ground": "revoked", "document_no": f"西府复决〔{year}〕{place}号", "revoked_on": today,
                        "text": "取样程序不合规范。"},
    }
    return given[step]


def _papers_for(year: Year, step: StepName, place: int) -> tuple[Upload, ...]:
    """A photograph from the spot, where a step must have papers."""
    if step not in (P.conclude.name, P.plead.name, P.end_hearing.name):
        return ()
    at = year.clock.local(year.clock.now()).replace(microsecond=0)
    shot = StagedShot(Scene.fume, 1.0, at, "西湖区", 28.66, 115.87, place)
    return (Upload(f"IMG_{at:%Y%m%d_%H%M%S}.jpg", photograph(shot), None),)


def _make_public(hands: EnforcementHands, kind: str, number: str) -> None:
    row = publishing.draft(hands.holding(Role.enforcer), kind, f"act:{number}")
    publishing.publish(hands.holding(Role.lead), row, 1)


def _withdraw_public(hands: EnforcementHands, number: str) -> None:
    row = published_of(reading(), f"act:{number}")
    if row is not None:
        publishing.withdraw(hands.holding(Role.lead), row.id, row.seq, "行政复议决定撤销原处罚决定")


def _flag_card(hands: EnforcementHands, penalty: str, site: int) -> str:
    """A yellow card on a penalty, made public; its number."""
    number = steps.begin(hands.holding(Role.enforcer), cards.KIND, {
        "site": f"S-{site:06d}", "colour": cards.YELLOW, "target": penalty, "text": "超标排放受到处罚，挂黄牌警示。",
        "principal": hands.holding(Role.principal).login}).number
    _make_public(hands, "card", number)
    return number


def _removal_plot(hands: EnforcementHands, number: str, site: int) -> Iterator[datetime]:
    """The site puts things right and is rid of its card."""
    year = hands.year
    yield year.in_office(year.clock.today() + timedelta(days=40), 10)
    steps.take(_officer_of(year, number), number, CardSteps.ask_removal.name, {"text": "已更换治理设施，连续一月达标。"},
               uploads=_papers_for(year, P.conclude.name, site))
    yield year.in_office(year.clock.today() + timedelta(days=6), 10)
    steps.take(hands.holding(Role.verifier), number, CardSteps.recheck_pass.name, {"text": "现场复核，设施运行正常，监测达标。"})


def _officer_of(year: Year, number: str) -> Actor:
    unit = access.page_for(year.cast.holding(Role.lead)[0], number).head.unit_id
    return next(each for each in year.cast.holding(Role.officer) if unit in each.unit_line)


def _referral_plot(hands: EnforcementHands, penalty: str) -> Iterator[datetime]:
    """What may be a crime goes to the police within its hours; they open a file."""
    year, principal, enforcer = hands.year, hands.holding(Role.principal), hands.holding(Role.enforcer)
    yield year.in_office(year.clock.today() + timedelta(days=1), 9)
    now = year.clock.local(year.clock.now())
    number = steps.begin(enforcer, referrals.KIND, {
        "target": penalty, "offence": "污染环境罪", "partner": hands.holding(Role.enforcer, 1).login,
        "reported_at": f"{now:%Y-%m-%d %H:%M}", "text": "通过旁路逃避监管排放污染物，涉嫌犯罪。"}).number
    yield year.at_hour(year.clock.today(), 16)
    now = year.clock.local(year.clock.now())
    steps.take(principal, number, R.approve.name, {"approved_at": f"{now:%Y-%m-%d %H:%M}"})
    yield year.at_hour(year.clock.today() + timedelta(days=1), 10)
    now, had = year.clock.local(year.clock.now()), {name: referrals.ATTACHED for name, _, _ in SENT_PAPERS}
    steps.take(enforcer, number, R.send.name, {"police": "西湖公安分局", "document_no": f"西环移送〔{now.year}〕1号",
                                               "sent_at": f"{now:%Y-%m-%d %H:%M}", "is_copied": True, **had})
    yield year.at_hour(year.clock.today(), 15)
    steps.take(enforcer, number, R.receipt.name, {"received_on": year.clock.today()})
    yield year.in_office(year.clock.today() + timedelta(days=3), 10)
    steps.take(enforcer, number, R.police_filed.name, {"document_no": f"西公立字〔{now.year}〕1号", "notice_on": year.clock.today()})

