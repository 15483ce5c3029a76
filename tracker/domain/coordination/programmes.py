"""PROGRAMME_FLOW （规划）: zones and phases, a milestone in each of their cells, adopted by another hand, revised with both plans
kept."""

from collections.abc import Iterator
from enum import StrEnum

from tracker.domain.acts.facts import ActFacts, ActWhy
from tracker.domain.acts.step_rows import DECIDES, FILES, RUNS, UNOPENED, ActFlow, ActStep, reason
from tracker.domain.house.actor import Actor
from tracker.domain.house.fields import Choices, FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, FlowRule, rows_of

F, Step = FactKind, ActStep
KIND, DRAFTER, ADOPTER = "programme", "drafter", "adopter"
ZONES, PHASES, MILESTONES, BLANKS = "zones", "phases", "milestones", "blanks"  # under which an act keeps its plan
WHOLE = 100  # what all weights sum to


class ProgrammeState(StrEnum):
    """Where a programme stands."""

    drafting = "drafting"
    adopted = "adopted"
    finished = "finished"
    cancelled = "cancelled"


class Indicator(StrEnum):
    """What a milestone is measured by: attached cases that are completed, a quantity, or done or not."""

    cases = "cases"
    quantity = "quantity"
    yes = "yes"


S = ProgrammeState
SERIES: Choices = (("zones", "片区分期目标"),)
INDICATORS: Choices = ((Indicator.cases, "挂接案件办结"), (Indicator.quantity, "完成数量"), (Indicator.yes, "完成与否"))
ZONE = Given("zone", "片区", longest=60, hint="片区名称或代码")
PHASE = Given("phase", "分期", longest=60, hint="分期名称或代码")
MILESTONE = Given("position", "第几项节点", FieldKind.number)


def weight_of(facts: ActFacts) -> int:
    """What the weights of a draft sum to."""
    return sum(int(str(each["weight"])) for each in facts.rows(MILESTONES))


def open_cells(facts: ActFacts) -> Iterator[tuple[str, str]]:
    """The cells of a draft, zone and phase, that have no milestone and are not left out."""
    settled = {(each["zone"], each["phase"]) for name in (MILESTONES, BLANKS) for each in facts.rows(name)}
    cells = ((str(zone["code"]), str(phase["code"])) for zone in facts.rows(ZONES) for phase in facts.rows(PHASES))
    return (cell for cell in cells if cell not in settled)


def _is_whole(actor: Actor, facts: ActFacts) -> bool:
    return weight_of(facts) == WHOLE


def _has_every_cell(actor: Actor, facts: ActFacts) -> bool:
    return not any(open_cells(facts))


def _nothing_owed(actor: Actor, facts: ActFacts) -> bool:
    return facts.owed_count == 0


class ProgrammeSteps:
    """The steps of a programme. Milestones are reported and checked as duties."""

    draft = Step(UNOPENED, S.drafting, (RUNS,), F("programme:drafted"),
        (Given("title", "规划名称", longest=80), Given("document_no", "文号", is_required=False, longest=60),
         Given("zones", "片区", FieldKind.long_text, longest=1000, hint="一行一个；图上已有的片区填它的代码"),
         Given("phases", "分期", FieldKind.long_text, longest=1000, hint="一行一期：名称和最后一天，如“一期摸排 2021-12-31”")), hand=DRAFTER)
    add_milestone = Step((S.drafting,), STAY, (RUNS,), F("programme:milestone_added"),
        (ZONE, PHASE, Given("title", "节点内容", longest=200), Given("unit", "责任单位", FieldKind.unit),
         Given("weight", "权重", FieldKind.number, hint="各节点合计 100"), Given("starts_on", "开始日期", FieldKind.date),
         Given("due_on", "完成日期", FieldKind.date), Given("indicator", "怎样算完成", FieldKind.choice, choices=INDICATORS),
         Given("goal", "目标数量", is_required=False, longest=20, hint="按完成数量的必填"),
         Given("measure", "计量单位", is_required=False, longest=10, hint="如公里、个")), hand=DRAFTER)
    drop_milestone = Step((S.drafting,), STAY, (RUNS,), F("programme:milestone_dropped"), (MILESTONE, reason("删去理由")),
        is_quiet=True, hand=DRAFTER)
    leave_out = Step((S.drafting,), STAY, (RUNS,), F("programme:cell_left"), (ZONE, PHASE, reason()), is_quiet=True, hand=DRAFTER)
    adopt = Step((S.drafting,), S.adopted, (DECIDES,), F("programme:adopted"), (FILES,),
        (FlowRule(ActWhy.cells_open, _has_every_cell), FlowRule(ActWhy.weights_off, _is_whole)), hand=ADOPTER)
    attach = Step((S.adopted,), STAY, (RUNS,), F("programme:case_attached"),
        (MILESTONE, Given("target", "案件编号", longest=40)))
    detach = Step((S.adopted,), STAY, (RUNS,), F("programme:case_detached"),
        (Given("target", "案件编号", longest=40), reason("移出理由")), is_quiet=True)
    revise = Step((S.adopted,), STAY, (DECIDES,), F("programme:revised"),
        (MILESTONE, Given("due_on", "完成日期改为", FieldKind.date, is_required=False),
         Given("goal", "目标数量改为", is_required=False, longest=20), reason("调整理由")), is_quiet=True)
    finish = Step((S.adopted,), S.finished, (DECIDES,), F("programme:finished"),
        (Given("text", "收官说明", FieldKind.long_text, is_required=False), FILES), (FlowRule(ActWhy.duties_open, _nothing_owed),))
    cancel = Step((S.drafting,), S.cancelled, (RUNS,), F("programme:cancelled"), (reason("撤销理由"),), is_quiet=True)


PROGRAMME = ActFlow(
    kind=KIND, word="规划", prefix="GH", subkinds=SERIES,
    states={S.drafting: "编制中", S.adopted: "实施中", S.finished: "已收官", S.cancelled: "已撤销"},
    finals=frozenset({S.finished, S.cancelled}), rows=rows_of(ProgrammeSteps, ActStep),
    step_words={
        ProgrammeSteps.draft.name: "编制规划", ProgrammeSteps.add_milestone.name: "增加节点",
        ProgrammeSteps.drop_milestone.name: "删去节点", ProgrammeSteps.leave_out.name: "标为不涉及", ProgrammeSteps.adopt.name: "批准实施",
        ProgrammeSteps.attach.name: "挂接案件", ProgrammeSteps.detach.name: "移出案件", ProgrammeSteps.revise.name: "调整节点",
        ProgrammeSteps.finish.name: "收官", ProgrammeSteps.cancel.name: "撤销编制",
    },
    parts={DRAFTER: "编制", ADOPTER: "批准"},
    codes={"indicator": INDICATORS},
    words={"from_due_on": "原完成日期", "from_goal": "原目标数量", "remark": "备注"},
)
