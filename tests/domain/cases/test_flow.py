"""The lifecycle card, typed in a second time and compared; and the walk over the graph."""

import re

import pytest

from tracker.domain.cases import wording
from tracker.domain.cases.facts import ACTIVE, COMPLETED, COUNTED_AS, FINAL, OPEN, CaseFacts, CaseState, Why
from tracker.domain.cases.flow import CASE_FLOW, MOVES, NOTES, OTHER_FACTS
from tracker.domain.house.actor import ROLE_GRANTS, Permission
from tracker.domain.house.lifecycle import Who

ANY_OPEN = "registered assigned disputed rectifying suspended phased submitted"
ANY_ACTIVE = ANY_OPEN + " verified noticing noticed"
EVERYWHERE = ANY_ACTIVE + " closed merged transferred declined voided"

# step · from · to ("" moves nothing) · who may be entitled: permission @ relation
CARD = f"""
assign                 | registered disputed            | assigned    | case:assign@area
decline                | registered                     | declined    | case:accept@area
transfer               | registered assigned            | transferred | case:accept@area
merge                  | {ANY_OPEN}                         | merged      | case:merge@area
unmerge                | merged                         | registered  | case:merge@area
acknowledge            | assigned                       | rectifying  | case:rectify@own_unit
request_return         | assigned                       |             | case:rectify@own_unit
grant_return           | assigned                       | registered  | case:decide@area
refuse_return          | assigned                       |             | case:decide@area
dispute                | assigned rectifying            | disputed    | case:rectify@either_unit
designate              | disputed                       | assigned    | case:designate@area
request_extension      | rectifying                     |             | case:rectify@own_unit
grant_extension        | rectifying                     |             | case:decide@area
refuse_extension       | rectifying                     |             | case:decide@area
suspend                | rectifying                     | suspended   | case:decide@area
resume                 | suspended                      | rectifying  | case:decide@area
request_phase          | rectifying                     |             | case:rectify@own_unit
grant_phase            | rectifying                     | phased      | case:decide@area
refuse_phase           | rectifying                     |             | case:decide@area
resume_phase           | phased                         | rectifying  | case:rectify@own_unit case:decide@area clock:tick@clock_on_next_date
submit                 | rectifying phased              | submitted   | case:rectify@own_unit
withdraw               | submitted                      | rectifying  | case:rectify@own_unit
verify                 | submitted                      | verified    | case:verify@area
reject                 | submitted                      | rectifying  | case:verify@area
open_notice            | verified                       | noticing    | case:notice@area
dismiss_objection      | noticing                       |             | case:notice@area
sustain_objection      | noticing                       | rectifying  | case:notice@area
end_notice             | noticing                       | noticed     | clock:tick@clock
close                  | verified noticed               | closed      | case:close@area case:close@sponsor
refuse_close           | verified noticed               | rectifying  | case:close@area case:close@sponsor
reopen                 | closed                         | rectifying  | case:decide@area
void                   | registered assigned            | voided      | case:accept@area
comment                | {EVERYWHERE}                   |             | case:comment@area case:comment@either_unit case:comment@sponsor
progress               | assigned disputed rectifying suspended phased | | case:rectify@either_unit
add_evidence           | {ANY_ACTIVE}                       |             | case:evidence@area case:rectify@either_unit case:verify@area
urge                   | {ANY_OPEN}                         |             | case:urge@area case:urge@sponsor
open_supervision       | {ANY_OPEN}                         |             | case:supervise@area case:supervise@sponsor
lift_supervision       | {EVERYWHERE}                   |             | case:supervise@area
set_sponsor            | {ANY_ACTIVE}                       |             | case:assign@area
joint_meeting_decision | {ANY_ACTIVE}                       |             | case:designate@area
escalate               | {ANY_OPEN}                         |             | case:decide@area
call_back              | verified noticing noticed closed |           | case:call_back@area
look_back              | closed                         |             | case:look_back@area
correct_field          | {ANY_ACTIVE} closed merged transferred declined voided | | case:correct@area
"""  # fmt: skip

# What the card says must be given at each step that asks for something; everything else asked is optional.
MUST_BE_GIVEN = {
    "assign": "lead_unit", "decline": "reason_code", "transfer": "authority document_no", "merge": "master reason",
    "unmerge": "reason", "request_return": "reason_code reason", "refuse_return": "reason", "dispute": "reason",
    "designate": "lead_unit designated_by reason", "request_extension": "new_due_on reason", "refuse_extension": "reason",
    "suspend": "reason_code reason", "request_phase": "plan next_on", "refuse_phase": "reason", "submit": "finding measures",
    "verify": "onsite_at onsite_people conclusion", "reject": "reason", "open_notice": "notice_text",
    "dismiss_objection": "objection reason", "sustain_objection": "objection reason", "refuse_close": "reason",
    "reopen": "reason", "void": "reason_code", "comment": "text", "progress": "text", "add_evidence": "evidence_role files",
    "urge": "text", "open_supervision": "level reason", "lift_supervision": "reason", "set_sponsor": "sponsor",
    "joint_meeting_decision": "held_on text", "escalate": "reason", "call_back": "satisfaction",
    "look_back": "checked_on result text", "correct_field": "field value reason",
}  # fmt: skip

# Beyond who and from: the reasons for which the law still says no.
RULES = {
    "request_return": "designated request_pending past_return_limit too_many_returns", "grant_return": "no_request own_request",
    "refuse_return": "no_request own_request", "dispute": "designated",
    "request_extension": "request_pending past_due too_many_extensions", "grant_extension": "no_request own_request",
    "refuse_extension": "no_request own_request", "request_phase": "request_pending", "grant_phase": "no_request own_request",
    "refuse_phase": "no_request own_request", "withdraw": "not_submitter verification_begun", "verify": "same_person same_unit",
    "reject": "same_person same_unit", "end_notice": "notice_running",
    "close": "same_person notice_required evidence_missing", "refuse_close": "same_person",
    "reopen": "no_failed_look_back", "void": "work_reported", "lift_supervision": "not_supervised",
}  # fmt: skip


def card() -> dict[str, tuple[set[str], str, set[str]]]:
    rows = [[cell.strip() for cell in line.split("|")] for line in CARD.strip().splitlines()]
    return {name: (set(froms.split()), to, set(who.split())) for name, froms, to, who in rows}


def entitled(who: Who[CaseFacts]) -> str:
    relation = re.sub(r"^in_area\.<locals>\.holds$", "area", who.relation.__qualname__)
    return f"{who.permission.value}@{relation}"


def test_the_flow_is_the_lifecycle_card_and_nothing_else() -> None:
    flow = {
        name: ({state.value for state in step.froms}, step.to.value if step.to else "", {entitled(who) for who in step.who})
        for name, step in CASE_FLOW.steps.items()
    }
    assert flow == card()


def test_every_step_asks_for_what_the_card_says_must_be_given() -> None:
    asked = {s.name: {field.name for field in s.given if field.is_required} for s in CASE_FLOW.steps.values()}
    assert {name: fields for name, fields in asked.items() if fields} == {n: set(f.split()) for n, f in MUST_BE_GIVEN.items()}


def test_every_step_keeps_the_rules_of_the_card() -> None:
    rules = {s.name: [rule.why.value for rule in s.rules] for s in CASE_FLOW.steps.values() if s.rules}
    assert rules == {name: reasons.split() for name, reasons in RULES.items()}


def test_every_reason_can_be_given() -> None:
    by_the_machinery = {"wrong_state", "no_permission", "out_of_reach"}
    assert {why.value for why in Why} == by_the_machinery | {r for reasons in RULES.values() for r in reasons.split()}


@pytest.mark.parametrize("state", CaseState)
def test_every_state_is_reachable_from_the_register(state: CaseState) -> None:
    assert len(CASE_FLOW.walk(CaseState.registered, state)) <= 7


@pytest.mark.parametrize("state", [state for state in CaseState if state not in FINAL])
def test_every_state_that_is_not_final_has_a_way_to_a_closing(state: CaseState) -> None:
    assert CASE_FLOW.walk(state, CaseState.closed)


def test_only_the_card_s_two_ways_lead_out_of_final_states() -> None:
    assert {step.name for step in MOVES if set(step.froms) & set(FINAL)} == {"unmerge", "reopen"}


def test_whatever_stops_a_case_can_be_undone() -> None:
    assert {s.name for s in MOVES if CaseState.suspended in s.froms} >= {"resume"}
    assert {s.name for s in MOVES if CaseState.phased in s.froms} >= {"resume_phase", "submit"}
    assert {s.name for s in MOVES if CaseState.disputed in s.froms} >= {"designate", "assign"}


def test_notes_move_nothing() -> None:
    assert [step.name for step in NOTES if step.to is not None] == []


def test_a_walk_to_nowhere_is_an_error() -> None:
    with pytest.raises(LookupError, match="closed cannot be reached from declined"):
        CASE_FLOW.walk(CaseState.declined, CaseState.closed)


def test_every_fact_is_a_room_and_a_participle_and_no_two_steps_share_one() -> None:
    kinds = [step.fact for step in CASE_FLOW.steps.values()] + list(OTHER_FACTS)
    assert len(kinds) == len(set(kinds))
    assert all(re.fullmatch(r"case:[a-z_]+", kind) for kind in kinds)
    irregular = {"withdrawn", "set"}
    participles = {kind: {w for w in kind[5:].split("_") if w.endswith("ed") or w in irregular} for kind in kinds}
    assert [kind for kind, found in participles.items() if len(found) != 1] == []


def test_every_permission_of_the_flow_is_granted_to_a_role_but_the_clock_s() -> None:
    granted = frozenset().union(*ROLE_GRANTS.values())
    asked = {who.permission for step in CASE_FLOW.steps.values() for who in step.who}
    assert asked - granted == {Permission.clock_tick}


def test_the_buckets_of_the_card_hold_every_state_once() -> None:
    assert set(ACTIVE) | set(FINAL) == set(CaseState)
    assert not set(ACTIVE) & set(FINAL)
    assert {s.value for s in OPEN} == set(ANY_OPEN.split())
    assert {s.value for s in COMPLETED} == {"verified", "noticing", "noticed"}
    assert set(COUNTED_AS) == set(CaseState)
    assert {s.value for s, counted in COUNTED_AS.items() if counted == "closed"} == {"closed"}
    assert {s.value for s, counted in COUNTED_AS.items() if counted == "phased"} == {"phased"}
    assert {s for s, counted in COUNTED_AS.items() if counted == "completed"} == set(COMPLETED)


def test_states_are_called_as_on_the_card() -> None:
    words = "待交办 待签收 争议提级 整改中 缓办 阶段性办结 待核查 核查通过 公示中 公示期满 已销号 已并案 已移送 不予受理 作废"
    assert [wording.word(state) for state in CaseState] == words.split()
