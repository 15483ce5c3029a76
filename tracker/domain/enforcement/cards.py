"""CARD_FLOW （黄牌、红牌）: a site is warned in public for what it was punished for, and is rid of the card once somebody else has
looked again."""

from enum import StrEnum

from tracker.domain.acts.step_rows import ANSWERS, CHECKS, TARGET, UNOPENED, ActFlow, ActParty, ActStep, reason
from tracker.domain.enforcement.parts import DECIDES, PAPERS, SITE, WORKS, publish_step, withdraw_step
from tracker.domain.house.actor import Role
from tracker.domain.house.fields import Choices, FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, rows_of

F, Step = FactKind, ActStep
KIND, FLAGGER, PRINCIPAL, ASKER, CHECKER = "card", "flagger", "principal", "asker", "checker"
YELLOW, RED = "yellow", "red"


class CardState(StrEnum):
    """Where a card stands."""

    flagged = "flagged"
    asked = "asked"
    removed = "removed"
    revoked = "revoked"


S = CardState
COLOURS: Choices = ((YELLOW, "黄牌"), (RED, "红牌"))
RED_GROUNDS: Choices = (("closed", "被责令停产停业或关闭"), ("not_rectified", "黄牌后仍未整改"))
STANDING = (S.flagged, S.asked)
# What a card does beside standing there; shown with the site, written nowhere.
EFFECTS = ("信用评价降一级", "列为重点检查对象")
ALL = (ActParty.units, ActParty.heads)


class CardSteps:
    """The steps of a card."""

    flag = Step(UNOPENED, S.flagged, (WORKS,), F("card:flagged"),
        (SITE, Given("colour", "颜色", FieldKind.choice, choices=COLOURS),
         Given(TARGET, "处罚编号", is_required=False, longest=40, hint="黄牌必填：超标或超总量并已作出处罚决定"),
         Given("ground", "红牌的理由", FieldKind.choice, is_required=False, choices=RED_GROUNDS),
         Given("text", "挂牌事由", FieldKind.long_text),
         Given("principal", "批准的机关负责人", FieldKind.person, offers=Role.principal.value), PAPERS), hand=FLAGGER, told_to=ALL)
    ask_removal = Step((S.flagged,), S.asked, (ANSWERS,), F("card:removal_asked"),
        (Given("text", "整改情况", FieldKind.long_text), PAPERS), hand=ASKER)
    recheck_pass = Step((S.asked,), S.removed, (CHECKS,), F("card:removed"),
        (Given("text", "复核情况", FieldKind.long_text), PAPERS), hand=CHECKER, told_to=ALL)
    recheck_fail = Step((S.asked,), S.flagged, (CHECKS,), F("card:removal_refused"),
        (reason("不予摘牌的理由"), PAPERS), hand=CHECKER, told_to=ALL)
    raise_ = Step((S.flagged,), STAY, (DECIDES,), F("card:raised"),
        (Given("ground", "升为红牌的理由", FieldKind.choice, choices=RED_GROUNDS), Given("text", "说明", FieldKind.long_text), PAPERS),
        hand=PRINCIPAL, is_quiet=True, told_to=ALL)
    revoke = Step((S.flagged, S.asked), S.revoked, (DECIDES,), F("card:revoked"),
        (Given("revoked_on", "日期", FieldKind.date), reason("撤销理由")), hand=PRINCIPAL, is_quiet=True,
        told_to=(*ALL, ActParty.publishers))
    publish = publish_step("card", (S.flagged, S.asked))
    withdraw_publication = withdraw_step("card", (S.flagged, S.asked, S.removed, S.revoked))


C = CardSteps
CARD = ActFlow(
    kind=KIND, word="警示牌", prefix="JP", subkinds=COLOURS,
    states={S.flagged: "警示中", S.asked: "申请摘牌", S.removed: "已摘牌", S.revoked: "已撤销"},
    finals=frozenset({S.removed, S.revoked}), rows=rows_of(CardSteps, ActStep),
    step_words={C.flag.name: "挂牌", C.ask_removal.name: "申请摘牌", C.recheck_pass.name: "复核通过并摘牌", C.recheck_fail.name: "复核不通过",
                C.raise_.name: "升为红牌", C.revoke.name: "撤销警示牌", C.publish.name: "公开警示牌",
                C.withdraw_publication.name: "撤回公开"},
    parts={FLAGGER: "挂牌", PRINCIPAL: "批准", ASKER: "申请摘牌", CHECKER: "复核"}, lasting=frozenset({FLAGGER, PRINCIPAL}),
    effects=dict.fromkeys(STANDING, EFFECTS),
)
