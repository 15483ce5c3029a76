"""INTERVIEW_FLOW （约谈）: who is asked to come and why, what is said and demanded, and the report that is owed afterwards."""

from enum import StrEnum

from tracker.domain.acts.facts import ActFacts, ActWhy, is_clock
from tracker.domain.acts.step_rows import FILES, RUNS, TARGET, UNOPENED, ActFlow, ActParty, ActStep, ActWho, reason
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.fields import Choices, FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, FlowRule, rows_of

F, Step = FactKind, ActStep
KIND, HOST, RECORDER = "interview", "host", "recorder"
PERSON = "person_party"  # under which a notice names a natural person
NOTIFIER = "notified_by_id"  # under which an act keeps who notified
NO_PUNISHMENT = "约谈不是行政处罚，也不代替行政处罚；依法应当处罚的另行办理。"


class InterviewState(StrEnum):
    """Where an interview stands."""

    notified = "notified"
    held = "held"
    settled = "settled"
    cancelled = "cancelled"


S = InterviewState
ROLES: Choices = (("unit_head", "单位负责人"), ("project_head", "项目负责人"), ("legal_head", "法定代表人"), ("person", "本人"))
GROUNDS: Choices = (("repeated", "问题反复出现"), ("overdue", "逾期未整改"), ("weak", "整改不力"), ("complaints", "群众反映强烈"),
                    ("operation", "专项行动发现问题"), ("other", "其他"))
CLOCK: ActWho = ActWho(Permission.clock_tick, is_clock)
HELD_AT = Given("held_at", "时间", FieldKind.instant)


def _nothing_owed(actor: Actor, facts: ActFacts) -> bool:
    return facts.owed_count == 0


def _may_call_off(actor: Actor, facts: ActFacts) -> bool:
    """Who notified; a leader too, for who notified may have left."""
    return facts.details.get(NOTIFIER) in actor.persons or actor.has_in(Permission.act_decide, facts.area_code)


class InterviewSteps:
    """The steps of an interview."""

    notify = Step(UNOPENED, S.notified, (RUNS,), F("interview:notified"),
        (Given("unit", "被约谈单位", FieldKind.unit, alternative="site", hint="约谈企业或工地的，填它的责任单位"),
         Given("site", "监管对象", is_required=False, longest=80, hint="登记在册的企业或工地，填编号或名称；责任单位按登记"),
         Given("party", "企业或工地名称", is_required=False, longest=80, hint="没有登记在册的填写"),
         Given(PERSON, "个人姓名", is_required=False, longest=40, is_sealed=True,
               hint="约谈个体经营者等自然人的填写；加密保存，只有经手人和本区域办理的人能看"),
         Given("role", "约谈对象", FieldKind.choice, choices=ROLES), Given("ground", "约谈事由", FieldKind.choice, choices=GROUNDS),
         Given("text", "事由说明", FieldKind.long_text), HELD_AT, Given("place", "地点", longest=120),
         Given(TARGET, "案件或事项编号", is_required=False, longest=40, hint="因哪件案件、行动或规划约谈")),
        told_to=(ActParty.units, ActParty.heads))
    hold = Step((S.notified,), S.held, (RUNS,), F("interview:held"),
        (HELD_AT, Given("host", "主持人", FieldKind.person), Given("came", "到场人员", longest=120),
         Given("text", "约谈要点", FieldKind.long_text), Given("demands", "整改要求", FieldKind.long_text, longest=500), FILES),
        hand=RECORDER, told_to=(ActParty.units, ActParty.heads))
    miss = Step((S.notified,), STAY, (RUNS,), F("interview:missed"),
        (reason("未到场情况"), Given("held_at", "改约时间", FieldKind.instant)), is_quiet=True,
        told_to=(ActParty.units, ActParty.heads))
    settle = Step((S.held,), S.settled, (CLOCK,), F("interview:settled"), (), (FlowRule(ActWhy.duties_open, _nothing_owed),))
    cancel = Step((S.notified,), S.cancelled, (RUNS,), F("interview:cancelled"), (reason("取消理由"),),
        (FlowRule(ActWhy.not_notifier, _may_call_off),), is_quiet=True, told_to=(ActParty.units, ActParty.heads))


I = InterviewSteps  # noqa: E741
INTERVIEW = ActFlow(
    kind=KIND, word="约谈", prefix="YT", subkinds=ROLES,
    states={S.notified: "已通知", S.held: "已约谈", S.settled: "已核实", S.cancelled: "取消"},
    finals=frozenset({S.settled, S.cancelled}), rows=rows_of(InterviewSteps, ActStep),
    step_words={I.notify.name: "通知约谈", I.hold.name: "记录约谈", I.miss.name: "未到场", I.settle.name: "办结", I.cancel.name: "取消约谈"},
    parts={HOST: "主持", RECORDER: "记录"}, codes={"role": ROLES, "ground": GROUNDS}, words={"missed_count": "第几次未到场"},
)
