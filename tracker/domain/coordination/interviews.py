"""INTERVIEW_FLOW （约谈）: who is asked to come and why, what is said and demanded, and the report that is owed afterwards."""

from enum import StrEnum

from tracker.domain.acts.facts import ActFacts, ActWhy, is_clock
from tracker.domain.acts.step_rows import FILES, RUNS, UNOPENED, ActFlow, ActParty, ActStep, ActWho, reason
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.fields import Choices, FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, FlowRule, rows_of

F, Step = FactKind, ActStep
KIND, HOST = "interview", "host"


class InterviewState(StrEnum):
    """Where an interview stands."""

    notified = "notified"
    held = "held"
    settled = "settled"
    cancelled = "cancelled"


S = InterviewState
ROLES: Choices = (("unit_head", "单位负责人"), ("project_head", "项目负责人"), ("legal_head", "法定代表人"))
CLOCK: ActWho = ActWho(Permission.clock_tick, is_clock)
HELD_AT = Given("held_at", "时间", FieldKind.instant)


def _nothing_owed(actor: Actor, facts: ActFacts) -> bool:
    return facts.owed_count == 0


class InterviewSteps:
    """The steps of an interview."""

    notify = Step(UNOPENED, S.notified, (RUNS,), F("interview:notified"),
        (Given("unit", "被约谈单位", FieldKind.unit), Given("role", "约谈对象", FieldKind.choice, choices=ROLES),
         Given("ground", "约谈事由", FieldKind.long_text), HELD_AT, Given("place", "地点", longest=120),
         Given("target", "案件或事项编号", is_required=False, longest=40)), told_to=(ActParty.units, ActParty.heads))
    miss = Step((S.notified,), STAY, (RUNS,), F("interview:missed"), (reason("未到场情况"), HELD_AT), is_quiet=True,
        told_to=(ActParty.units, ActParty.heads))
    hold = Step((S.notified,), S.held, (RUNS,), F("interview:held"),
        (HELD_AT, Given("came", "到场人员", longest=120), Given("text", "约谈要点", FieldKind.long_text),
         Given("demands", "整改要求", FieldKind.long_text), FILES), hand=HOST, told_to=(ActParty.units, ActParty.heads))
    settle = Step((S.held,), S.settled, (CLOCK,), F("interview:settled"), (), (FlowRule(ActWhy.duties_open, _nothing_owed),))
    cancel = Step((S.notified,), S.cancelled, (RUNS,), F("interview:cancelled"), (reason("取消理由"),), is_quiet=True,
        told_to=(ActParty.units, ActParty.heads))


I = InterviewSteps  # noqa: E741
INTERVIEW = ActFlow(
    kind=KIND, word="约谈", prefix="YT", subkinds=ROLES,
    states={S.notified: "已通知", S.held: "已约谈", S.settled: "已核实", S.cancelled: "取消"},
    finals=frozenset({S.settled, S.cancelled}), rows=rows_of(InterviewSteps, ActStep),
    step_words={I.notify.name: "通知约谈", I.miss.name: "未到场", I.hold.name: "记录约谈", I.settle.name: "办结", I.cancel.name: "取消约谈"},
    parts={HOST: "主持约谈"}, codes={"role": ROLES},
)
