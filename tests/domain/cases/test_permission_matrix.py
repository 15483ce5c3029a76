"""Role × state × step, compared with the golden text that an office has read."""

import difflib
import os

import pytest

from tests.support.matrix import RELATIONS, SHORT, matrix, situations
from tests.support.project_files import ROOT
from tracker.domain.cases.facts import CaseState, Why
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.house.actor import Actor, Grant, Role

GOLDEN = ROOT / "tests" / "golden" / "permission-matrix.txt"


def test_who_may_do_what_is_what_the_golden_text_says() -> None:
    found = matrix()
    if os.environ.get("XIAOHAO_RENEW"):
        GOLDEN.write_text(found)
    differences = list(difflib.unified_diff(GOLDEN.read_text().splitlines(), found.splitlines(), "golden", "now", lineterm="", n=2))
    assert not differences, "\n".join([*differences[:60], "权限表变了：复核差异后以 XIAOHAO_RENEW=1 更新"])


def test_every_reason_has_its_short_word_and_occurs_in_the_text() -> None:
    assert set(SHORT) == set(Why)
    text = matrix()
    hidden = {Why.wrong_state, Why.no_permission}
    assert [why for why in Why if why not in hidden and f"（{SHORT[why]}）" not in text] == []


def test_the_situations_cover_every_state() -> None:
    assert {facts.state for facts in situations().values()} == set(CaseState)


@pytest.mark.parametrize("role", [Role.admin, Role.auditor, Role.custodian])
def test_some_roles_take_no_step_whatever_they_are_to_the_case(role: Role) -> None:
    for facts in situations().values():
        for relation, actor in RELATIONS.items():
            able = Actor(actor.id, "", unit_line=actor.unit_line, grants=(Grant(role),))
            assert [s.name for s, why in CASE_FLOW.open_to(able, facts) if why is None] == [], (relation, facts.state)


def test_with_all_roles_together_the_three_persons_still_differ() -> None:
    everything = tuple(Grant(role) for role in Role)
    for facts in situations().values():
        for actor in RELATIONS.values():
            able = Actor(actor.id, "", unit_line=actor.unit_line, grants=everything)
            open_steps = {s.name for s, why in CASE_FLOW.open_to(able, facts) if why is None}
            if actor.id == facts.submitted_by_id:
                assert not open_steps & {"verify", "reject", "close", "refuse_close"}
            if actor.id == facts.verified_by_id:
                assert not open_steps & {"close", "refuse_close"}
            if set(actor.unit_line) & set(facts.rectifying_unit_ids):
                assert not open_steps & {"verify", "reject"}
