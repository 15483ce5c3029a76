"""PATROL_FLOW （联合巡查）: one side of a section of the railway records a patrol, the other side confirms it."""

from enum import StrEnum

from tracker.domain.acts.facts import ActFacts, of_its_units
from tracker.domain.acts.step_rows import AWAITED, FILES, UNOPENED, ActFlow, ActParty, ActStep, ActWho, over_area, reason
from tracker.domain.cases.intake_fields import NO_PHOTO
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.fields import Choices, FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, rows_of
from tracker.domain.territory.routing import FENCE_WORDS
from tracker.domain.territory.shapes.layers import SIDES as SIDES_OF_LINE

F, Step = FactKind, ActStep
KIND, LOGGER, CONFIRMER = "patrol", "logger", "confirmer"
TIERS: Choices = (("1", "一级（工务段、县区）"), ("2", "二级（车间、街道乡镇）"), ("3", "三级（工区、社区村）"))
MODES: Choices = (("walk", "步巡"), ("train", "添乘"), ("drone", "无人机"), ("car", "车巡"))
FINDINGS: Choices = (("none", "未发现问题"), ("found", "发现问题"))
FENCE_SIDES: Choices = tuple(FENCE_WORDS.items())
LINE_SIDES: Choices = tuple(SIDES_OF_LINE.items())


class PatrolState(StrEnum):
    """Where a patrol stands."""

    logged = "logged"
    confirmed = "confirmed"
    denied = "denied"
    voided = "voided"


S = PatrolState


def is_inspector(actor: Actor, facts: ActFacts) -> bool:
    """Somebody who goes out to check, and may register what they find, in the area."""
    return actor.has_in(Permission.act_check, facts.area_code) and actor.has_in(Permission.case_register, facts.area_code)


def inspects_it(actor: Actor, facts: ActFacts) -> bool:
    """An inspector of its area, or the one who recorded it."""
    return is_inspector(actor, facts) or logged_it(actor, facts)


def logged_it(actor: Actor, facts: ActFacts) -> bool:
    """Who recorded it, or stands in for them."""
    return any(person in actor.persons and part == LOGGER for person, part in facts.hands)


def is_of_other_side(actor: Actor, facts: ActFacts) -> bool:
    """Somebody of a unit that answers for the section on the other side, of one below or above it."""
    awaited = facts.details.get(AWAITED)
    theirs = set(actor.unit_line) | set(actor.units_below)
    return not theirs.isdisjoint(awaited) if isinstance(awaited, list | tuple) else False


INSPECTORS: ActWho = ActWho(Permission.act_check, is_inspector)
OTHER_SIDE: ActWho = ActWho(Permission.act_answer, is_of_other_side)
SIDES: tuple[ActWho, ...] = (ActWho(Permission.act_answer, of_its_units), ActWho(Permission.act_check, inspects_it))
LOGGERS: tuple[ActWho, ...] = (ActWho(Permission.act_answer, logged_it), ActWho(Permission.act_check, logged_it))
NO_PHOTOS = Given("no_photo", "没有照片的原因", FieldKind.choice, choices=NO_PHOTO, is_required=False)
FOUND: tuple[Given, ...] = (
    Given("title", "问题", longest=120), Given("text", "情况", FieldKind.long_text),
    Given("mileage", "里程", longest=20, hint="如 K1450+150"),
    Given("line_side", "线路哪一侧", FieldKind.choice, choices=LINE_SIDES, is_required=False),
    Given("fence", "围栏内外", FieldKind.choice, choices=FENCE_SIDES, is_required=False))


class PatrolSteps:
    """The steps of a patrol of both sides."""

    log = Step(UNOPENED, S.logged, (over_area(Permission.act_answer), INSPECTORS), F("patrol:logged"),
        (Given("section", "区段", longest=60, hint="区段代码，如 JJ-01"), Given("tier", "级别", FieldKind.choice, choices=TIERS),
         Given("patrolled_on", "巡查日期", FieldKind.date), Given("mode", "方式", FieldKind.choice, choices=MODES),
         Given("mileage_from", "起点里程", longest=20, hint="如 K1449+000"), Given("mileage_to", "终点里程", longest=20),
         Given("local_count", "地方人数", FieldKind.number), Given("local_chief", "地方段长或代理人", longest=40),
         Given("rail_count", "铁路人数", FieldKind.number), Given("rail_chief", "铁路段长或代理人", longest=40),
         Given("findings", "巡查情况", FieldKind.choice, choices=FINDINGS),
         reason("补录理由", is_required=False), FILES), hand=LOGGER, told_to=(ActParty.awaited,), is_outside=True)
    confirm = Step((S.logged,), S.confirmed, (OTHER_SIDE,), F("patrol:confirmed"),
        (Given("text", "确认意见", FieldKind.long_text),), hand=CONFIRMER)
    deny = Step((S.logged,), S.denied, (OTHER_SIDE,), F("patrol:denied"), (reason("不予确认的理由"),), hand=CONFIRMER)
    find_problem = Step((S.logged, S.confirmed), STAY, SIDES, F("patrol:problem_found"), (*FOUND, NO_PHOTOS, FILES),
        hands_files_on=True, is_outside=True)
    void = Step((S.logged, S.denied), S.voided, LOGGERS, F("patrol:voided"), (reason("作废理由"),), is_quiet=True)


PATROL = ActFlow(
    kind=KIND, word="联合巡查", prefix="XC",
    states={S.logged: "待对方确认", S.confirmed: "双方已确认", S.denied: "对方不予确认", S.voided: "已作废"},
    finals=frozenset({S.confirmed, S.voided}), rows=rows_of(PatrolSteps, ActStep),
    step_words={
        PatrolSteps.log.name: "记录联合巡查", PatrolSteps.confirm.name: "双方确认", PatrolSteps.deny.name: "不予确认",
        PatrolSteps.find_problem.name: "发现问题", PatrolSteps.void.name: "作废巡查",
    },
    parts={LOGGER: "记录", CONFIRMER: "对方"},
)

