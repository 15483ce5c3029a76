"""DUTY_FLOW （应办）: what one of our units owes by a day, answers with evidence, and another unit checks, as one table."""

from collections.abc import Mapping
from enum import StrEnum

from tracker.domain.acts.fact_kinds import DutyFactKinds
from tracker.domain.acts.facts import (
    ActWhy,
    DutyFacts,
    DutyState,
    act_goes_on,
    checks_it,
    falls_short,
    is_another_person,
    is_measure,
    is_no_milestone,
    is_no_patrol,
    is_of_another_unit,
    owes_it,
    reaches_goal,
)
from tracker.domain.acts.step_rows import FILES, reason
from tracker.domain.house.actor import Permission
from tracker.domain.house.fields import Choices, FieldKind, Given
from tracker.domain.house.lifecycle import STAY, FlowRule, Lifecycle, Step, Who, rows_of

DutyStep = Step[DutyFacts]


class DutyParty(StrEnum):
    """Whom a step of a duty tells by mail: the officers of the unit that owes it, its heads, or who checks in the area."""

    officers = "officers"
    heads = "heads"
    checkers = "checkers"


OPEN, ANSWERED = (DutyState.open,), (DutyState.answered,)
OWN: Who[DutyFacts] = Who(Permission.act_answer, owes_it)
CHECKER: Who[DutyFacts] = Who(Permission.act_check, checks_it(Permission.act_check))
RUNNER: Who[DutyFacts] = Who(Permission.act_run, checks_it(Permission.act_run))
GOES_ON: FlowRule[DutyFacts] = FlowRule(ActWhy.act_is_over, act_goes_on)
OTHERS: tuple[FlowRule[DutyFacts], ...] = (
    FlowRule(ActWhy.same_person, is_another_person), FlowRule(ActWhy.same_unit, is_of_another_unit))
WAYS: Choices = (("system", "系统"), ("phone", "电话"), ("on_site", "现场"))  # how a site's people were told
CHECKED = Given("text", "核实情况", FieldKind.long_text, hint="现场核实的时间、人员，或非现场核实的依据")


def _has_extensions_left(actor: object, facts: DutyFacts) -> bool:
    return facts.extension_count < facts.most_extensions


class DutySteps:
    """The steps of a duty once it is there; the steps of its act lay it down."""

    acknowledge = Step(OPEN, STAY, (OWN,), DutyFactKinds.acknowledged,
        (Given("way", "怎样收到", FieldKind.choice, is_required=False, choices=WAYS),
         Given("receiver", "现场谁收到", is_required=False, longest=40)), (GOES_ON,))
    answer = Step(OPEN, DutyState.answered, (OWN,), DutyFactKinds.answered,
        (Given("text", "办理结果", FieldKind.long_text), Given("value", "完成数量", is_required=False, longest=20, hint="到今天累计完成多少"),
         Given("value_reason", "数量说明", FieldKind.long_text, is_required=False, hint="超过目标、或少于已核实数量时写明原因"), FILES),
        (FlowRule(ActWhy.only_patrolled, is_no_patrol, since=5),))
    send_back = Step(ANSWERED, DutyState.open, (CHECKER,), DutyFactKinds.sent_back, (reason("退回理由"),), OTHERS)
    book = Step(ANSWERED, DutyState.open, (CHECKER,), DutyFactKinds.booked, (CHECKED, FILES),
        (*OTHERS, FlowRule(ActWhy.goal_reached, falls_short)))
    pass_ = Step(ANSWERED, DutyState.met, (CHECKER,), DutyFactKinds.passed,
        (CHECKED, FILES), (*OTHERS, FlowRule(ActWhy.goal_missed, reaches_goal)))
    extend = Step(OPEN, STAY, (RUNNER,), DutyFactKinds.extended,
        (Given("due_on", "延至", FieldKind.date), reason("延期理由")),
        (GOES_ON, FlowRule(ActWhy.only_revised, is_no_milestone), FlowRule(ActWhy.same_unit, is_of_another_unit),
         FlowRule(ActWhy.too_many_extensions, _has_extensions_left)))
    reset = Step((*OPEN, *ANSWERED, DutyState.met), DutyState.open, (RUNNER,), DutyFactKinds.reset,
        (Given("measures", "改为", FieldKind.long_text, longest=200), reason("调整理由")),
        (FlowRule(ActWhy.only_measures, is_measure), GOES_ON))
    waive = Step((*OPEN, *ANSWERED), DutyState.waived, (RUNNER,), DutyFactKinds.waived, (reason("免除理由"),),
        (FlowRule(ActWhy.same_unit, is_of_another_unit),))


DUTY_FLOW: Lifecycle[DutyFacts, DutyStep] = Lifecycle(rows_of(DutySteps, Step), lambda facts: facts.state, ActWhy)
OPENED = "opened"
# Whom each step tells, and the laying down of a duty itself.
DUTY_TOLD: Mapping[str, tuple[DutyParty, ...]] = {
    OPENED: (DutyParty.officers, DutyParty.heads), DutySteps.answer.name: (DutyParty.checkers,),
    DutySteps.send_back.name: (DutyParty.officers,), DutySteps.book.name: (DutyParty.officers,),
    DutySteps.pass_.name: (DutyParty.officers,),
    DutySteps.extend.name: (DutyParty.officers,), DutySteps.waive.name: (DutyParty.officers,),
    DutySteps.reset.name: (DutyParty.officers, DutyParty.heads),
}
