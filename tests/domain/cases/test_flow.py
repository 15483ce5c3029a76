"""The lifecycle card, typed in a second time and compared; and the walk over the graph."""

import re
from dataclasses import replace
from itertools import product

import pytest

from tests.support.matrix import RELATIONS, situations
from tracker.domain.cases import wording
from tracker.domain.cases.facts import ACTIVE, COMPLETED, COUNTED_AS, FINAL, OPEN, CaseFacts, CaseState, Why
from tracker.domain.cases.flow import CASE_FLOW, MOVES, NOTES, OTHER_FACTS
from tracker.domain.cases.works.asking import asked_of
from tracker.domain.house.actor import ROLE_GRANTS, Grant, Permission, Role
from tracker.domain.house.fields import FieldKind
from tracker.domain.house.lifecycle import Who

ANY_OPEN = "registered checking assigned disputed rectifying suspended phased submitted"
ANY_ACTIVE = ANY_OPEN + " verified noticing noticed"
SUPPORTABLE = ANY_ACTIVE.removeprefix("registered checking ")
EVERYWHERE = ANY_ACTIVE + " closed merged transferred declined voided"

# step · from · to ("" moves nothing) · who may be entitled: permission @ relation · what must be given, all else is optional ·
# for which reasons the law still says no, beyond who and from
CARD = f"""
assign                 | registered disputed | assigned | case:assign@area | lead_unit | confirm_first
decline                | registered | declined | case:accept@area | reason_code | has_members
transfer               | registered checking assigned | transferred | case:accept@area | authority document_no | has_members
merge                  | {ANY_OPEN} | merged | case:merge@area | master reason | is_master
unmerge                | merged | registered | case:merge@area | reason
retract                | registered | voided | case:register@area | reason | not_registrar assigned_before has_members
recall                 | assigned rectifying | registered | case:assign@area |  | designated already_submitted confirmed
acknowledge            | assigned | rectifying | case:rectify@own_unit
request_return         | assigned |  | case:rectify@own_unit \
                       | reason_code reason | designated request_pending past_return_limit too_many_returns confirmed
grant_return           | assigned | registered | case:decide@area |  | no_request own_request
refuse_return          | assigned |  | case:decide@area | reason | no_request own_request
dispute                | checking assigned rectifying | disputed \
                       | case:rectify@either_unit case:rectify@candidate_unit clock:tick@clock_when_disclaimed \
                       | reason | designated
designate              | disputed | assigned | case:designate@area | lead_unit designated_by reason
request_extension      | rectifying |  | case:rectify@own_unit \
                       | new_due_on reason | request_pending past_due too_many_extensions
grant_extension        | rectifying |  | case:decide@area |  | no_request own_request
refuse_extension       | rectifying |  | case:decide@area | reason | no_request own_request
suspend                | rectifying | suspended | case:decide@area | reason_code reason
resume                 | suspended | rectifying | case:decide@area
request_phase          | rectifying |  | case:rectify@own_unit | plan next_on | request_pending
grant_phase            | rectifying | phased | case:decide@area |  | no_request own_request
refuse_phase           | rectifying |  | case:decide@area | reason | no_request own_request
resume_phase           | phased | rectifying | case:rectify@own_unit case:decide@area clock:tick@clock_on_next_date
submit                 | rectifying phased | submitted | case:rectify@own_unit | finding measures
withdraw               | submitted | rectifying | case:rectify@own_unit |  | not_submitter verification_begun
verify                 | submitted | verified | case:verify@area | onsite_at onsite_people conclusion | same_person same_unit
reject                 | submitted | rectifying | case:verify@area | reason | same_person same_unit
open_notice            | verified | noticing | case:notice@area | notice_text
receive_objection      | noticing |  | case:notice@area | objector objection received_on
dismiss_objection      | noticing |  | case:notice@area | objection_no reason | no_objection
sustain_objection      | noticing | rectifying | case:notice@area | objection_no reason | no_objection
end_notice             | noticing | noticed | clock:tick@clock |  | notice_running objection_undecided
close                  | verified noticed | closed | case:close@area case:close@sponsor \
                       |  | same_person notice_required evidence_missing
refuse_close           | verified noticed | rectifying | case:close@area case:close@sponsor | reason | same_person
reopen                 | closed | rectifying | case:decide@area | reason | no_failed_look_back
void                   | registered checking assigned | voided | case:accept@area | reason_code | work_reported has_members
send_down              | registered | checking | case:assign@area | candidate_units | wrong_source
recheck                | checking |  | case:attribute@candidate_unit case:attribute@readers \
                       | files onsite_at onsite_place fence_seen owner_seen
claim                  | checking |  | case:rectify@candidate_unit | extent
disclaim               | checking |  | case:rectify@candidate_unit | reason_code reason
presume                | checking |  | clock:tick@clock_when_silent
confirm                | checking | assigned | case:assign@area case:rectify@candidate_unit | lead_unit \
                       | not_agreed out_of_reach recheck_first
find_nothing           | checking | declined | case:assign@area | reason_code reason | recheck_first has_members
comment                | {EVERYWHERE} |  | case:comment@area case:comment@either_unit case:comment@sponsor | text
progress               | assigned disputed rectifying suspended phased |  | case:rectify@either_unit | text
support_reply          | {SUPPORTABLE} |  | case:rectify@supporting_unit | text | no_reply_awaited
add_evidence           | {ANY_ACTIVE} |  | case:evidence@area case:rectify@either_unit case:verify@area \
                       | evidence_role files
urge                   | {ANY_OPEN} |  | case:urge@area case:urge@sponsor | text
open_supervision       | {ANY_OPEN} |  | case:supervise@area case:supervise@sponsor | level reason
lift_supervision       | {EVERYWHERE} |  | case:supervise@area | reason | not_supervised
set_sponsor            | {ANY_ACTIVE} |  | case:assign@area | sponsor
set_works              | assigned rectifying suspended phased submitted |  | case:assign@area
joint_meeting_decision | {ANY_ACTIVE} |  | case:designate@area | held_on text
escalate               | {ANY_OPEN} |  | case:decide@area | reason
call_back              | verified noticing noticed closed |  | case:call_back@area | satisfaction
look_back              | closed |  | case:look_back@area | checked_on result text
correct_field          | {ANY_ACTIVE} closed merged transferred declined voided |  | case:correct@area case:register@area \
                       | field value reason | corrected_by_others
"""  # fmt: skip
WORKING = "assigned disputed rectifying suspended phased"
ADDERS = "case:evidence@area case:rectify@either_unit case:verify@area"
# step · question · answer · in which states it is open · to whom · under which rules; every other answer is as open as its step
ANSWERS = f"""
add_evidence | evidence_role | before   | registered checking {WORKING} | {ADDERS} |
add_evidence | evidence_role | after    | {WORKING} | {ADDERS} |
add_evidence | evidence_role | progress | {WORKING} | {ADDERS} |
add_evidence | evidence_role | document | {ANY_ACTIVE} | {ADDERS} |
add_evidence | evidence_role | onsite   | submitted | case:verify@area | same_person same_unit
"""


def card() -> dict[str, tuple[set[str], str, set[str], set[str], list[str]]]:
    rows = [[cell.strip() for cell in (line + "|" * 5).split("|")[:6]] for line in CARD.strip().splitlines()]
    return {name: (set(froms.split()), to, set(who.split()), set(given.split()), rules.split())
            for name, froms, to, who, given, rules in rows}


def entitled(who: Who[CaseFacts]) -> str:
    relation = re.sub(r"^in_area\.<locals>\.holds$", "area", who.relation.__qualname__)
    relation = re.sub(r"^reader_of_area.<locals>.holds$", "readers", relation)
    return f"{who.permission.value}@{relation}"


def test_the_flow_is_the_lifecycle_card_and_nothing_else() -> None:
    flow = {
        name: ({state.value for state in step.froms}, step.to.value if step.to else "", {entitled(who) for who in step.who})
        for name, step in CASE_FLOW.steps.items()
    }
    assert flow == {name: line[:3] for name, line in card().items()}


def test_every_step_asks_for_what_the_card_says_must_be_given() -> None:
    asked = {s.name: {field.name for field in s.given if field.is_required} for s in CASE_FLOW.steps.values()}
    assert asked == {name: given for name, (_, _, _, given, _) in card().items()}


def test_every_step_keeps_the_rules_of_the_card() -> None:
    rules = {s.name: [rule.why.value for rule in s.rules] for s in CASE_FLOW.steps.values()}
    assert rules == {name: reasons for name, (*_, reasons) in card().items()}


def test_an_answer_is_open_where_to_whom_and_under_which_rules_the_card_says() -> None:
    rows = [[cell.strip() for cell in line.split("|")] for line in ANSWERS.strip().splitlines()]
    told = [(step, field, code, set(froms.split()), set(who.split()), rules.split())
            for step, field, code, froms, who, rules in rows]
    assert told == [(step.name, row.field, row.code, {state.value for state in row.froms}, {entitled(who) for who in row.who},
                     [rule.why.value for rule in row.rules]) for step in CASE_FLOW.steps.values() for row in step.choices]


def test_a_question_of_an_open_step_has_an_answer_that_is_open() -> None:
    empty = []
    for (situation, facts), actor in product(situations().items(), RELATIONS.values()):
        able = replace(actor, grants=tuple(Grant(role) for role in Role))
        empty += [(situation, step.name, field.name) for step, why in CASE_FLOW.open_to(able, facts) if why is None
                  for field in asked_of(step, able, facts) if field.kind is FieldKind.choice and not field.choices]
    assert empty == []


def test_no_desk_has_a_step_that_asks_for_the_members_of_a_case() -> None:
    assert {s.name for s in CASE_FLOW.steps.values() if s.counts_members} == {"decline", "transfer", "merge", "retract", "void",
                                                                           "find_nothing"}
    assert [s.name for s in CASE_FLOW.steps.values() if s.counts_members and s.waits] == []


def test_every_reason_can_be_given() -> None:
    by_the_machinery = {"wrong_state", "no_permission", "out_of_reach"}
    assert {why.value for why in Why} == by_the_machinery | {why for *_, reasons in card().values() for why in reasons}


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
    irregular = {"withdrawn", "set", "sent", "found"}
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
    words = "待交办 待确认 待签收 争议提级 整改中 缓办 阶段性办结 待核查 核查通过 公示中 公示期满 已销号 已并案 已移送 不予受理 作废"
    assert [wording.word(state) for state in CaseState] == words.split()
