"""OPERATION_FLOW （专项行动）: what is planned, who goes out with what, which places are checked, what is found, and its end."""

from enum import StrEnum

from tracker.domain.acts.facts import ActFacts, ActWhy, of_its_units
from tracker.domain.acts.step_rows import (
    ANSWERS,
    FILES,
    RUNS,
    TARGET,
    UNOPENED,
    ActFlow,
    ActParty,
    ActStep,
    ActWho,
    reason,
)
from tracker.domain.cases.intake_fields import DESCRIPTION, NO_PHOTO, PLACE, TITLE
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.fields import Choices, FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, FlowRule, rows_of

F, Step = FactKind, ActStep
KIND, REPORTER, FINISHER = "operation", "reporter", "finisher"
SOURCE = "OPER"  # of the cases that operations find
FORCES, PLACES = "forces", "places"  # what an act keeps: rows of unit, vehicles, people; rows of kind of place and how many


class OperationState(StrEnum):
    """Where an operation stands."""

    planned = "planned"
    under_way = "under_way"
    reported = "reported"
    finished = "finished"
    cancelled = "cancelled"


S = OperationState
KINDS: Choices = (("campaign", "联合专项行动"), ("midnight", "零点行动"), ("regular", "常规执法"))
PLACE_KINDS: Choices = (("building_site", "工地"), ("barbecue", "烧烤"), ("fuel_station", "加油站"), ("factory", "企业"), ("road", "道路"),
                        ("other", "其他"))
UNDER_WAY = (S.under_way, S.reported)


def _had_forces(actor: Actor, facts: ActFacts) -> bool:
    return any(row.get("vehicle_count") or row.get("person_count") for row in facts.rows(FORCES))


def _had_places(actor: Actor, facts: ActFacts) -> bool:
    return bool(facts.rows(PLACES))


def _leads_it(actor: Actor, facts: ActFacts) -> bool:
    return facts.unit_id is not None and facts.unit_id in actor.unit_line


LEADS: ActWho = ActWho(Permission.act_answer, _leads_it)
REGISTERS: ActWho = ActWho(Permission.case_register, of_its_units)


class OperationSteps:
    """The steps of an operation; the first of each state is what a phone shows first."""

    plan = Step(UNOPENED, S.planned, (RUNS,), F("operation:planned"),
        (Given("sort", "行动类别", FieldKind.choice, choices=KINDS), Given("title", "行动名称", longest=80),
         Given("planned_on", "行动日期", FieldKind.date), Given("lead_unit", "牵头单位", FieldKind.unit),
         Given("units", "参加单位", FieldKind.units, is_required=False),
         Given("targets", "检查对象", is_required=False, longest=120, hint="如工地、路边烧烤、加油站")),
        told_to=(ActParty.units, ActParty.heads))
    begin = Step((S.planned,), S.under_way, (RUNS, LEADS), F("operation:begun"),
        (Given("began_at", "开始时间", FieldKind.instant),))
    finish = Step((S.reported,), S.finished, (RUNS,), F("operation:finished"), (), hand=FINISHER)
    find = Step(UNDER_WAY, STAY, (RUNS, ANSWERS, REGISTERS), F("operation:found"),
        (Given("title", "问题", alternative=TARGET, longest=TITLE.longest),
         Given("description", "问题描述", FieldKind.long_text, alternative=TARGET, longest=DESCRIPTION.longest),
         Given("place", "地点", alternative=TARGET, longest=PLACE.longest),
         FILES, Given("no_photo", "没有照片的原因", FieldKind.choice, choices=NO_PHOTO, is_required=False),
         Given("is_fixed", "当场整改", FieldKind.yes, is_required=False, hint="第一张是发现时的照片，其余为整改后照片；案件仍按流程核查、销号"),
         Given(TARGET, "已登记的案件编号", is_required=False, longest=40, hint="已按“专项行动问题”登记的，只填编号")), hands_files_on=True)
    report = Step((S.under_way,), S.reported, (RUNS, LEADS), F("operation:reported"),
        (Given("ended_at", "结束时间", FieldKind.instant), Given("text", "小结", FieldKind.long_text), FILES),
        (FlowRule(ActWhy.no_forces, _had_forces), FlowRule(ActWhy.no_places, _had_places)), hand=REPORTER)
    set_forces = Step((S.planned, S.under_way, S.reported), STAY, (RUNS, ANSWERS), F("operation:forces_set"),
        (Given("unit", "单位", FieldKind.unit), Given("vehicle_count", "车辆（车次）", FieldKind.number),
         Given("person_count", "人员（人次）", FieldKind.number),
         reason("更正理由", is_required=False)), is_quiet=True)
    check_place = Step(UNDER_WAY, STAY, (RUNS, ANSWERS), F("operation:place_checked"),
        (Given("place_kind", "点位类别", FieldKind.choice, choices=PLACE_KINDS),
         Given("place_count", "检查几处", FieldKind.number, alternative="site"),
         Given("site", "监管对象", is_required=False, longest=80, hint="登记在册的一处，填编号或名称；填了就是这一处"),
         Given("is_clear", "没有发现问题", FieldKind.yes, is_required=False), Given("text", "检查情况", FieldKind.long_text,
                                                                           is_required=False), FILES), is_quiet=True)
    cancel = Step((S.planned,), S.cancelled, (RUNS,), F("operation:cancelled"), (reason("取消理由"),), is_quiet=True,
        told_to=(ActParty.units, ActParty.heads))


O = OperationSteps  # noqa: E741
OPERATION = ActFlow(
    kind=KIND, word="行动", prefix="XD", subkinds=KINDS,
    states={S.planned: "已计划", S.under_way: "行动中", S.reported: "已小结", S.finished: "已办结", S.cancelled: "取消"},
    finals=frozenset({S.finished, S.cancelled}), rows=rows_of(OperationSteps, ActStep),
    step_words={O.plan.name: "计划行动", O.begin.name: "开始行动", O.finish.name: "办结行动", O.find.name: "发现问题",
                O.report.name: "行动小结", O.set_forces.name: "出动力量", O.check_place.name: "检查点位", O.cancel.name: "取消行动"},
    parts={REPORTER: "小结", FINISHER: "办结"}, codes={"sort": KINDS, "place_kind": PLACE_KINDS},
    words={"from_vehicle_count": "原车次", "from_person_count": "原人次"},
)
