"""PATROL_PLAN_FLOW （双段长巡查计划）: the plan of a year, drafted by one hand and put in force by another, that owns the patrols
which the sections owe."""

from enum import StrEnum

from tracker.domain.acts.facts import ActFacts, ActWhy
from tracker.domain.acts.step_rows import DECIDES, FILES, RUNS, UNOPENED, ActFlow, ActStep, reason
from tracker.domain.house.actor import Actor
from tracker.domain.house.fields import FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import FlowRule, rows_of

F, Step = FactKind, ActStep
KIND, DRAFTER, ADOPTER, YEAR = "patrol_plan", "drafter", "adopter", "year"


class PatrolPlanState(StrEnum):
    """Where a plan of patrols stands."""

    drafting = "drafting"
    in_force = "in_force"
    ended = "ended"
    cancelled = "cancelled"


S = PatrolPlanState


def year_of(facts: ActFacts) -> int:
    """The year that it is for."""
    return int(str(facts.details.get(YEAR, 0)))


def _year_is_over(actor: Actor, facts: ActFacts) -> bool:
    return facts.today.year > year_of(facts)


class PatrolPlanSteps:
    """The steps of the plan. What it owes is opened by the clock, period by period; what was not met by the end of the year stays
    unmet, and is counted so."""

    draft = Step(UNOPENED, S.drafting, (RUNS,), F("patrol_plan:drafted"),
        (Given(YEAR, "年度", FieldKind.number), Given("document_no", "文号", is_required=False, longest=60), FILES), hand=DRAFTER)
    adopt = Step((S.drafting,), S.in_force, (DECIDES,), F("patrol_plan:adopted"), (FILES,), hand=ADOPTER)
    finish = Step((S.in_force,), S.ended, (DECIDES,), F("patrol_plan:finished"),
        (Given("text", "年度小结", FieldKind.long_text, is_required=False), FILES), (FlowRule(ActWhy.year_goes_on, _year_is_over),))
    cancel = Step((S.drafting,), S.cancelled, (RUNS,), F("patrol_plan:cancelled"), (reason("撤销理由"),), is_quiet=True)


PATROL_PLAN = ActFlow(
    kind=KIND, word="双段长巡查计划", prefix="XJ",
    states={S.drafting: "编制中", S.in_force: "执行中", S.ended: "已结束", S.cancelled: "已撤销"},
    finals=frozenset({S.ended, S.cancelled}), rows=rows_of(PatrolPlanSteps, ActStep),
    step_words={PatrolPlanSteps.draft.name: "编制巡查计划", PatrolPlanSteps.adopt.name: "批准实施",
                PatrolPlanSteps.finish.name: "年度收官", PatrolPlanSteps.cancel.name: "撤销编制"},
    parts={DRAFTER: "编制", ADOPTER: "批准"},
)
