"""What penalties, cards and referrals come to in a window, by their facts as of a day.

None of it reaches an appraisal: fines are tied to no assessment (行政处罚法 2021 art. 74). What is filed and what is decided are
different files, so the one is never printed as a rate of the other.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from tracker.domain.coordination.counts import ActFact
from tracker.domain.enforcement.cards import RED, YELLOW, CardSteps
from tracker.domain.enforcement.penalties import PenaltySteps
from tracker.domain.enforcement.referrals import ReferralSteps

FEN_IN_WAN = 1_000_000
DAY = timedelta(hours=24)
Facts = Mapping[str, Iterable[ActFact]]  # of acts, by their numbers
P, C, R = PenaltySteps, CardSteps, ReferralSteps


@dataclass(frozen=True)
class PenaltyStory:
    """A penalty: when it was filed, decided and revoked, for how much, whether in time."""

    number: str
    filed_on: date | None = None
    decided_on: date | None = None
    fine: int = 0
    is_on_spot: bool = False
    is_late: bool = False
    revoked_on: date | None = None


@dataclass(frozen=True)
class CardStory:
    """A card: of which site and colour, since when, until when."""

    number: str
    site: str
    colour: str
    flagged_on: date
    ended_on: date | None


@dataclass(frozen=True)
class ReferralStory:
    """A referral: on which days it came how far, and how long it took from approval to sending."""

    number: str
    days: Mapping[str, date]
    took: timedelta | None


@dataclass(frozen=True)
class EnforcementWork:
    """Everything that was told until a day, and the window that is asked about."""

    first: date
    last: date
    penalties: tuple[PenaltyStory, ...]
    cards: tuple[CardStory, ...]
    referrals: tuple[ReferralStory, ...]

    def holds(self, on: date | None) -> bool:
        """Whether a day is in the window."""
        return on is not None and self.first <= on <= self.last


def penalty_of(number: str, facts: Iterable[ActFact]) -> PenaltyStory:
    """The penalty of these facts."""
    told: dict[str, Any] = {}
    for fact in facts:
        if fact.kind == P.file.fact:
            told["filed_on"] = date.fromisoformat(fact.details["filed_on"])
        elif fact.kind in (P.decide.fact, P.decide_on_spot.fact):
            told |= {"decided_on": date.fromisoformat(fact.details["decided_on"]), "fine": int(fact.details.get("fine_fen") or 0),
                     "is_on_spot": fact.kind == P.decide_on_spot.fact, "is_late": bool(fact.details.get("is_late"))}
        elif fact.kind == P.revoke.fact:
            told["revoked_on"] = date.fromisoformat(fact.details["revoked_on"])
    return PenaltyStory(number, **told)


def card_of(number: str, facts: Iterable[ActFact]) -> CardStory:
    """The card of these facts."""
    every = list(facts)
    flagged = next(fact for fact in every if fact.kind == C.flag.fact)
    ended = next((fact.on for fact in every if fact.kind in (C.recheck_pass.fact, C.revoke.fact)), None)
    colour = RED if any(fact.kind == C.raise_.fact for fact in every) else str(flagged.details["colour"])
    return CardStory(number, str(flagged.details["site_code"]), colour, flagged.on, ended)


def referral_of(number: str, facts: Iterable[ActFact]) -> ReferralStory:
    """The referral of these facts."""
    days, approved, sent = dict[str, date](), None, None
    for fact in facts:
        days.setdefault(fact.kind, fact.on)
        if fact.kind == R.approve.fact:
            approved = datetime.fromisoformat(fact.details["approved_at"])
        elif fact.kind == R.send.fact:
            sent = datetime.fromisoformat(fact.details["sent_at"])
    return ReferralStory(number, days, sent - approved if sent is not None and approved is not None else None)


def work_told(first: date, last: date, penalties: Facts, cards: Facts, referrals: Facts) -> EnforcementWork:
    """The acts of these facts, each as one story."""
    return EnforcementWork(first, last, tuple(penalty_of(number, facts) for number, facts in penalties.items()),
                           tuple(card_of(number, facts) for number, facts in cards.items()),
                           tuple(referral_of(number, facts) for number, facts in referrals.items()))


Picked = Callable[[EnforcementWork], list[str]]  # the numbers of the acts that are counted


@dataclass(frozen=True)
class EnforcementFigure:
    """How a figure is counted: of which acts, out of which, or what they come to."""

    key: str
    word: str
    unit: str
    definition: str
    kind: str
    picked: Picked
    out_of: Picked | None = None
    value: Callable[[EnforcementWork], Decimal | int | None] | None = None


def decided_in(work: EnforcementWork) -> list[PenaltyStory]:
    """What was decided in the window, on the spot too."""
    return [each for each in work.penalties if work.holds(each.decided_on)]


def _fines_in_wan(work: EnforcementWork) -> Decimal:
    """Exactly, in ten thousand yuan."""
    total = Decimal(sum(each.fine for each in decided_in(work))) / FEN_IN_WAN
    return Decimal(f"{total.normalize():f}")


def _tried_decisions(work: EnforcementWork) -> list[PenaltyStory]:
    return [each for each in decided_in(work) if not each.is_on_spot]


def _flagged_of(colour: str) -> Picked:
    """The first card of each site in the window."""

    def picked(work: EnforcementWork) -> list[str]:
        found: dict[str, str] = {}
        for each in work.cards:
            if each.colour == colour and work.holds(each.flagged_on):
                found.setdefault(each.site, each.number)
        return list(found.values())

    return picked


def _standing_cards(work: EnforcementWork) -> list[str]:
    return [each.number for each in work.cards if each.flagged_on <= work.last
            and (each.ended_on is None or each.ended_on > work.last)]


def _came_to(*kinds: str) -> Picked:
    return lambda work: [each.number for each in work.referrals if any(work.holds(each.days.get(kind)) for kind in kinds)]


def _sent_stories(work: EnforcementWork) -> list[ReferralStory]:
    return [each for each in work.referrals if work.holds(each.days.get(R.send.fact)) and each.took is not None]


def _median_hours(work: EnforcementWork) -> Decimal | None:
    found = [each.took for each in _sent_stories(work) if each.took is not None]
    return round(Decimal(median(each / timedelta(hours=1) for each in found)), 1) if found else None


def _numbers_of(stories: Iterable[PenaltyStory | ReferralStory]) -> list[str]:
    return [each.number for each in stories]


PENALTY, CARD, REFERRAL = "penalty", "card", "referral"
FIGURES: tuple[EnforcementFigure, ...] = (
    EnforcementFigure("penalties.opened", "立案", "起", "立案日期在期内的处罚；与期内决定的不是同一批，不作比率", PENALTY,
      lambda work: [each.number for each in work.penalties if work.holds(each.filed_on)]),
    EnforcementFigure("penalties.decided", "处罚", "起", "决定日期在期内的处罚，含当场处罚；后来被撤销、变更的仍计在原期", PENALTY,
      lambda work: _numbers_of(decided_in(work))),
    EnforcementFigure("penalties.on_spot", "当场处罚", "起", "上述处罚中当场作出的", PENALTY,
      lambda work: [each.number for each in decided_in(work) if each.is_on_spot]),
    EnforcementFigure("penalties.fine", "罚款金额", "万元", "上述处罚的罚款之和，没收另计", PENALTY, lambda work: _numbers_of(decided_in(work)),
      value=_fines_in_wan),
    EnforcementFigure("penalties.on_time", "按期决定率", "起", "期内决定的（不含当场）中在办理期限内决定的 ÷ 期内决定的（不含当场）", PENALTY,
      lambda work: [each.number for each in _tried_decisions(work) if not each.is_late],
      lambda work: _numbers_of(_tried_decisions(work))),
    EnforcementFigure("penalties.revoked", "处罚决定被撤销或变更", "起", "期内被撤销、变更、确认违法或无效的处罚决定，其中在期前决定的为对前期数字的更正", PENALTY,
      lambda work: [each.number for each in work.penalties if work.holds(each.revoked_on)]),
    EnforcementFigure("yellow_cards.sites", "黄牌", "家", "期内挂黄牌的监管对象，每家计一次", CARD, _flagged_of(YELLOW)),
    EnforcementFigure("red_cards.sites", "红牌", "家", "期内挂红牌或由黄牌升为红牌的监管对象，按挂牌日期计，每家计一次", CARD, _flagged_of(RED)),
    EnforcementFigure("cards.standing", "期末在挂警示牌", "块", "期末还没有摘除、也没有撤销的警示牌", CARD, _standing_cards),
    EnforcementFigure("referrals.proposed", "提出移送", "件", "期内提出移送公安机关的", REFERRAL, _came_to(R.propose.fact)),
    EnforcementFigure("referrals.approved", "批准移送", "件", "期内批准移送的，含收到检察意见后批准的", REFERRAL,
                      _came_to(R.approve.fact, R.advice.fact)),
    EnforcementFigure("referrals.sent", "移送公安机关", "件", "期内向公安机关移送的", REFERRAL, _came_to(R.send.fact)),
    EnforcementFigure("referrals.filed", "移送后公安立案", "件", "期内收到公安机关立案通知的", REFERRAL, _came_to(R.police_filed.fact)),
    EnforcementFigure("referrals.not_filed", "移送后公安不予立案", "件", "期内收到公安机关不予立案通知的", REFERRAL, _came_to(R.police_not_filed.fact)),
    EnforcementFigure("referrals.ended", "移送办结", "件", "期内办结的移送", REFERRAL, _came_to(R.end.fact)),
    EnforcementFigure("referrals.on_time", "移送按时率", "件", "期内移送的中批准后 24 小时内移送的 ÷ 期内移送的", REFERRAL,
      lambda work: [each.number for each in _sent_stories(work) if each.took is not None and each.took <= DAY],
      lambda work: _numbers_of(_sent_stories(work))),
    EnforcementFigure("referrals.hours", "批准到移送", "小时", "期内移送的从批准到移送所用小时的中位数", REFERRAL,
                      lambda work: _numbers_of(_sent_stories(work)),
      value=_median_hours),
)
