"""Role × state × step as a text that an office can read: who may do what where, and why not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from tracker.domain.cases.belonging.candidates import Belonging, Post
from tracker.domain.cases.facts import CaseFacts, CaseState, Request, Why
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.wording import ROLES, STATES, step_word
from tracker.domain.house.actor import CLOCK, Actor, Grant, Role

S = CaseState
HOME, OTHER = "360103", "360102"
TODAY, YESTERDAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 1), date(2026, 3, 3)
LEAD_UNIT, BELOW_LEAD, SUPPORTING, SOME_UNIT, ASKED, OTHER_ASKED = 10, 11, 20, 30, 40, 41
SUBMITTER, VERIFIER, SPONSOR, ASKER, REGISTRAR, SOMEBODY, CHIEF, FORMER = 1, 2, 3, 4, 5, 9, 6, 7
RELATIONS: dict[str, Actor] = {
    "主办单位": Actor(SOMEBODY, "", unit_line=(LEAD_UNIT,)),
    "主办单位下属": Actor(SOMEBODY, "", unit_line=(BELOW_LEAD, LEAD_UNIT)),
    "协办单位": Actor(SOMEBODY, "", unit_line=(SUPPORTING,)),
    "其他单位": Actor(SOMEBODY, "", unit_line=(SOME_UNIT,)),
    "报送人": Actor(SUBMITTER, "", unit_line=(LEAD_UNIT,)),
    "核查人": Actor(VERIFIER, "", unit_line=(SOME_UNIT,)),
    "申请人": Actor(ASKER, "", unit_line=(LEAD_UNIT,)),
    "登记人": Actor(REGISTRAR, "", unit_line=(SOME_UNIT,)),
    "包案领导": Actor(SPONSOR, "", unit_line=(SOME_UNIT,)),
    "候选单位": Actor(SOMEBODY, "", unit_line=(ASKED,)),
    "候选单位的段长": Actor(CHIEF, "", unit_line=(ASKED,)),
    "候选单位的前任段长": Actor(FORMER, "", unit_line=(ASKED,)),
    "对方候选单位": Actor(SOMEBODY, "", unit_line=(OTHER_ASKED,)),
}
OUTSIDE = ("主办单位", "协办单位", "其他单位", "包案领导", "候选单位")
POSTS = (Post(CHIEF, date(2026, 1, 1)), Post(FORMER, date(2025, 1, 1), date(2026, 3, 1)))
SHORT = {
    Why.no_permission: "无此权限", Why.out_of_reach: "不在辖区或非本单位", Why.same_person: "须另一人", Why.same_unit: "整改单位的人不得核查",
    Why.not_submitter: "非报送人", Why.verification_begun: "核查已开始", Why.request_pending: "已有申请待批", Why.no_request: "无此申请",
    Why.own_request: "本人所申请", Why.designated: "已指定办理", Why.past_return_limit: "已过退回时限", Why.too_many_returns: "退回次数已满",
    Why.past_due: "已超期", Why.too_many_extensions: "延期次数已满", Why.notice_required: "须先公示", Why.notice_running: "公示未满",
    Why.objection_undecided: "有异议未处理", Why.no_objection: "无待处理异议",
    Why.evidence_missing: "证据不齐", Why.no_failed_look_back: "无反弹的回头看", Why.work_reported: "已有整改记录",
    Why.has_members: "有并入的案件", Why.is_master: "已是主案", Why.not_supervised: "未督办", Why.wrong_state: "状态不符",
    Why.already_submitted: "已报送过整改", Why.no_reply_awaited: "不欠协办意见",
    Why.not_registrar: "非登记人", Why.assigned_before: "曾交办", Why.corrected_by_others: "由他人更正",
    Why.confirm_first: "须先确认归属", Why.wrong_source: "不用下派", Why.confirmed: "归属已确认", Why.recheck_first: "须先复核",
    Why.not_agreed: "双方意见不一致",
}  # fmt: skip


def situations() -> dict[str, CaseFacts]:
    """A case in every state, and again with what changes the answers."""
    worked = CaseFacts(
        S.registered, TODAY, area_code=HOME, lead_unit_id=LEAD_UNIT, supporting_unit_ids=(SUPPORTING,), sponsor_id=SPONSOR,
        registered_by_id=REGISTRAR,
        due_on=TODAY,
        return_until_on=TODAY, phase_next_on=TOMORROW, notice_to_on=TODAY,
    )  # fmt: skip
    done = replace(worked, submitted_by_id=SUBMITTER, submitted_unit_id=LEAD_UNIT, is_work_reported=True)
    checked = replace(done, verified_by_id=VERIFIER)
    asked_now = Belonging(True, None, ((ASKED, ""), (OTHER_ASKED, "")), (), TOMORROW, "onsite", posts=POSTS)
    unled = {"lead_unit_id": None, "supporting_unit_ids": ()}
    of = {
        state: replace(worked, state=state, belonging=asked_now, **unled) if state is S.checking else
        replace(worked if state in (S.registered, S.assigned, S.disputed, S.rectifying, S.suspended) else
                       checked if state in (S.verified, S.noticing, S.noticed, S.closed) else done, state=state)
        for state in S
    }  # fmt: skip
    asked = {"pending_by_id": ASKER}
    return {STATES[state]: facts for state, facts in of.items()} | {
        "待交办，有案件并入": replace(of[S.registered], member_count=1),
        "待交办，曾退回": replace(of[S.registered], return_count=1),
        "待交办，须确认归属": replace(of[S.registered], belonging=Belonging(True)),
        "待交办，归属已确认": replace(of[S.registered], belonging=Belonging(True, YESTERDAY)),
        "待确认，已复核": replace(of[S.checking], belonging=replace(asked_now, is_rechecked=True)),
        "待确认，有一方逾期没有答复": replace(of[S.checking], belonging=replace(asked_now, due_on=YESTERDAY)),
        "待确认，双方意见一致": replace(of[S.checking], belonging=replace(asked_now, candidates=((ASKED, "claim"),
                                                                                     (OTHER_ASKED, "disclaim")))),
        "待确认，双方都认领": replace(of[S.checking], belonging=replace(asked_now, candidates=((ASKED, "claim"),
                                                                                    (OTHER_ASKED, "claim")))),
        "待确认，双方都不认领": replace(of[S.checking], belonging=replace(asked_now, candidates=((ASKED, "disclaim"),
                                                                                     (OTHER_ASKED, "disclaim")))),
        "待确认，乘火车发现，双方意见一致": replace(of[S.checking], belonging=replace(
            asked_now, channel="train", candidates=((ASKED, "claim"), (OTHER_ASKED, "disclaim")))),
        "待签收，归属已确认": replace(of[S.assigned], belonging=Belonging(True, YESTERDAY)),
        "争议提级，从待确认来": replace(of[S.disputed], belonging=replace(asked_now, due_on=None), **unled),
        "待签收，已申请退回": replace(of[S.assigned], pending=Request.return_, **asked),
        "待签收，曾指定办理": replace(of[S.assigned], is_designated=True),
        "待签收，已过退回时限": replace(of[S.assigned], return_until_on=YESTERDAY),
        "待签收，已退回两次": replace(of[S.assigned], return_count=2),
        "待签收，已有整改记录": replace(of[S.assigned], is_work_reported=True),
        "整改中，协办意见未提出": replace(of[S.rectifying], awaited_replies=((SUPPORTING, TOMORROW),)),
        "整改中，曾报送整改": replace(of[S.rectifying], has_been_submitted=True),
        "整改中，已申请延期": replace(of[S.rectifying], pending=Request.extension, **asked),
        "整改中，已申请阶段性办结": replace(of[S.rectifying], pending=Request.phase, **asked),
        "整改中，已超期": replace(of[S.rectifying], due_on=YESTERDAY),
        "整改中，已延期两次": replace(of[S.rectifying], extension_count=2),
        "阶段性办结，到下一节点": replace(of[S.phased], phase_next_on=TODAY),
        "待核查，核查已开始": replace(of[S.submitted], is_verification_begun=True),
        "核查通过，须公示": replace(of[S.verified], is_notice_required=True),
        "核查通过，证据不齐": replace(of[S.verified], closing_gaps=("after_photo",)),
        "公示中，末日已过": replace(of[S.noticing], notice_to_on=YESTERDAY),
        "公示中，末日已过，有异议待处理": replace(of[S.noticing], notice_to_on=YESTERDAY, undecided_objections=1),
        "已销号，回头看有反弹": replace(of[S.closed], is_look_back_failed=True),
        "整改中，已督办": replace(of[S.rectifying], is_supervised=True),
        "核查通过，导入的历史": replace(of[S.verified], lead_unit_id=None, supporting_unit_ids=(), submitted_by_id=None,
                                verified_by_id=None, submitted_unit_id=None),
    }  # fmt: skip


def matrix() -> str:
    """The whole text."""
    lines = [
        "角色 × 案件状态 × 步骤：谁在什么情形下可以办什么，不可办的写明原因。",
        "由流程表算出；改流程后以 XIAOHAO_RENEW=1 运行本测试更新，在差异中复核。",
        "“区内”指角色的辖区包含本案所在区域；同一行的几种身份结果相同。没有列出的步骤该角色一律无权，",
        "没有列出的身份对该情形一律不在辖区或非本单位。",
        "本表只答“可否”：看不到的案件（经办人只看本单位主办、协办的）一律答“没有找到”。",
    ]
    for role in Role:
        lines += ["", f"== {ROLES[role]} =="]
        section = list(_section({f"区内·{name}": replace(actor, grants=(Grant(role, HOME),)) for name, actor in RELATIONS.items()}
                                | {f"区外·{name}": replace(RELATIONS[name], grants=(Grant(role, OTHER),)) for name in OUTSIDE}))
        lines += section or ["（不办理任何步骤）"]
    lines += ["", "== 时钟（无人操作）==", *_section({"时钟": CLOCK})]
    return "\n".join(lines) + "\n"


def _section(actors: dict[str, Actor]) -> Iterator[str]:
    bodies: dict[str, list[str]] = {}
    for situation, facts in situations().items():
        bodies.setdefault("\n".join(_body(actors, facts)), []).append(situation)
    for body, alike in bodies.items():
        if body:
            yield f"[{' / '.join(alike)}]"
            yield body


def _body(actors: dict[str, Actor], facts: CaseFacts) -> Iterator[str]:
    """What each relation to the case opens and closes; relations with the same answer share a paragraph."""
    alike: dict[str, list[str]] = {}
    for relation, actor in actors.items():
        answer = _answer(actor, facts)
        if answer:
            alike.setdefault(answer, []).append(relation)
    for answer, relations in alike.items():
        yield f"  {_who(relations, len(actors))}"
        yield from (f"    {line}" for line in answer.splitlines())


def _who(relations: list[str], everybody: int) -> str:
    if len(relations) == everybody:
        return "任何人" if everybody > 1 else relations[0]
    for place, most in (("区内", len(RELATIONS)), ("区外", len(OUTSIDE))):
        inside = [r for r in relations if r.startswith(place)]
        if len(inside) == most:
            relations = [f"{place}任何人", *(r for r in relations if r not in inside)]
        elif len(inside) > most / 2:
            others = [r for r in _everybody(place) if r not in inside]
            relations = [f"{place}（除{'、'.join(r.partition('·')[2] for r in others)}外）",
                         *(r for r in relations if r not in inside)]
    return "、".join(relations)


def _everybody(place: str) -> list[str]:
    return [f"{place}·{name}" for name in (RELATIONS if place == "区内" else OUTSIDE)]


def _answer(actor: Actor, facts: CaseFacts) -> str:
    """Open steps on one line, then the closed ones by reason; what the role could never do is left out."""
    offered = [(step, why) for step, why in CASE_FLOW.open_to(actor, facts) if why != Why.no_permission]
    if all(why == Why.out_of_reach for _, why in offered):
        return ""
    groups: dict[str, list[str]] = {"可办": []}  # first, and there even when empty
    for step, why in offered:
        groups.setdefault("可办" if why is None else f"不可（{SHORT[Why(why)]}）", []).append(step_word(step.name))
    return "\n".join(f"{group}：{'、'.join(names) or '无'}" for group, names in groups.items())
