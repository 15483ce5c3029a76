"""Standing in (代): made, used and ended; the principal's rights and no others; three persons through every substitute."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.makers import DEFAULTS, Town
from tests.support.substitutes import delegate, standing, step
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.folding import fold
from tracker.domain.house.actor import Role
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, WrongState
from tracker.domain.house.ledger import first_bad
from tracker.services.cases import steps
from tracker.services.people import access, accounts, delegations
from tracker.storage.cases.rows import as_folded
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person
from tracker.storage.people.delegations import Delegation

S = CaseState
TODAY = date(2026, 3, 2)


def test_a_substitute_acts_with_the_principals_rights_and_the_fact_names_both(town: Town) -> None:
    number = town.case_in(S.assigned)
    delegate(town, "officer", "clerk")
    step(town, standing(town, "clerk", "officer"), number, "acknowledge")
    fact = town.facts(number)[-1]
    assert fact.actor_id == town.people["clerk"]
    assert fact.payload["for_id"] == town.people["officer"]
    assert all("for_id" not in earlier.payload for earlier in town.facts(number)[:-1])
    assert first_bad(town.facts(number)) is None


def test_the_row_remembers_both_and_is_the_fold_of_its_facts(town: Town) -> None:
    number = town.case_in(S.rectifying)
    for principal, substitute in (("officer", "supporter"), ("verifier", "inspector"), ("lead", "auditor")):
        delegate(town, principal, substitute)
    step(town, standing(town, "supporter", "officer"), number, "submit")
    step(town, standing(town, "inspector", "verifier"), number, "verify")
    step(town, standing(town, "auditor", "lead"), number, "close")
    case, people = town.row(number), town.people
    assert (case.submitted_by_id, case.submitted_for_id) == (people["supporter"], people["officer"])
    assert (case.submitted_unit_id, case.submitted_for_unit_id) == (town.units["XH-CG"], town.units["XH-CYZ"])
    assert (case.verified_by_id, case.verified_for_id, case.verified_for_unit_id) == (
        people["inspector"], people["verifier"], town.units["XH-HB"])
    assert (case.closed_by_id, case.closed_for_id) == (people["auditor"], people["lead"])
    folded = fold(town.facts(number))
    assert as_folded(db.session(), case, folded) == folded


def test_what_is_undone_forgets_whom_it_was_done_for(town: Town) -> None:
    number = town.case_in(S.rectifying)
    delegate(town, "officer", "clerk")
    step(town, standing(town, "clerk", "officer"), number, "submit")
    town.do(number, "withdraw", by="officer")
    assert (town.row(number).submitted_for_id, town.row(number).submitted_for_unit_id) == (None, None)
    town.walk(number, "submit")
    assert town.row(number).submitted_for_id is None


def test_no_right_is_widened_neither_by_what_the_substitute_holds_nor_by_what_the_principal_lost(town: Town) -> None:
    delegate(town, "clerk", "dispatcher")
    acting = standing(town, "dispatcher", "clerk")
    assert acting.roles == (Role.clerk,)
    number = town.registered()
    with pytest.raises(NotAllowed):
        step(town, acting, number, "assign")
    accounts.revoke(None, login="clerk", role=Role.clerk)
    with pytest.raises(NotAllowed):
        standing(town, "dispatcher", "clerk")


def test_a_substitute_sees_what_the_principal_sees_and_no_more(town: Town) -> None:
    delegate(town, "neighbour", "dispatcher")
    number = town.case_in(S.rectifying)
    assert steps.offered(town.actor("dispatcher"), number)
    with pytest.raises(NotFound):
        steps.offered(standing(town, "dispatcher", "neighbour"), number)


def test_the_sponsor_is_who_is_stood_in_for(town: Town) -> None:
    number = town.case_in(S.verified)
    town.do(number, "set_sponsor", sponsor="lead")
    delegate(town, "lead", "inspector")
    assert standing(town, "inspector", "lead").scope().person_id == town.people["lead"]


# --- making and ending -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("principal", "substitute", "how", "kind"), [
    ("officer", "officer", {}, Invalid),
    ("officer", "clerk", {"first": -1}, Invalid),
    ("officer", "clerk", {"days": 0}, Invalid),
    ("officer", "clerk", {"days": 91}, Invalid),
    ("officer", "clerk", {"by": "officer2"}, NotAllowed),
    ("officer", "admin", {"by": "admin"}, NotAllowed),
    ("officer", "admin", {}, NotAllowed),
    ("admin", "clerk", {}, NotAllowed),
    ("custodian", "clerk", {}, NotAllowed),
    ("officer", "nobody", {}, NotFound),
    ("officer", "clerk", {"reason": "x" * 201}, Invalid),
])  # fmt: skip
def test_what_may_not_be_delegated_is_refused_in_a_sentence(
    town: Town, principal: str, substitute: str, how: dict[str, object], kind: type[Refusal]
) -> None:
    with pytest.raises(kind) as refusal:
        delegate(town, principal, substitute, **how)  # type: ignore[arg-type]
    assert refusal.value.sentence.endswith("。")
    assert db.session.scalar(select(Delegation.id)) is None


def test_ninety_days_are_the_longest_and_an_administrator_may_arrange_them(town: Town) -> None:
    delegate(town, "officer", "clerk", by="admin", days=90)
    delegate(town, "verifier", "clerk", by=None)
    assert db.session.query(Delegation).count() == 2


def test_the_same_pair_does_not_overlap_but_may_follow(town: Town) -> None:
    delegate(town, "officer", "clerk", days=5)
    with pytest.raises(Conflict, match="期限重叠"):
        delegate(town, "officer", "clerk", first=4)
    delegate(town, "officer", "clerk", first=5)
    delegate(town, "officer", "inspector", first=2)


def test_who_stands_in_passes_nothing_on(town: Town) -> None:
    delegate(town, "officer", "clerk")
    delegate(town, "clerk", "inspector")
    with pytest.raises(NotAllowed, match="不能再作委托"):
        delegations.delegate(standing(town, "clerk", "officer"), login="clerk", substitute="auditor", from_on=TODAY, to_on=TODAY)
    assert standing(town, "inspector", "clerk").roles == (Role.clerk,)
    with pytest.raises(NotAllowed):
        standing(town, "inspector", "officer")


def test_it_holds_on_its_days_alone(town: Town) -> None:
    delegation = delegate(town, "officer", "clerk", first=1, days=2)

    def holds() -> bool:
        own = access.standing(town.people["clerk"])
        assert own is not None
        return delegations.standing_in(own, delegation) is not None

    found = []
    for _ in range(4):
        found.append(holds())
        town.days_pass(1)
    assert found == [False, True, True, False]


@pytest.mark.parametrize("leaving", ["officer2", "clerk"])
def test_the_end_of_an_account_ends_what_it_gave_and_was_given(town: Town, leaving: str) -> None:
    delegation = delegate(town, "officer2", "clerk")
    accounts.deactivate(None, login=leaving)
    row = db.session.get(Delegation, delegation)
    assert row is not None and row.revoked_at is not None
    facts = ledger.stream_of(db.session(), f"person:{town.people['officer2']}")
    assert "person:delegation_revoked" in [fact.kind for fact in facts]
    assert first_bad(facts) is None
    with pytest.raises((NotAllowed, NotFound)):
        standing(town, "clerk", "officer2")


def test_only_the_principal_or_an_administrator_takes_it_back(town: Town) -> None:
    one, two = delegate(town, "officer", "clerk"), delegate(town, "officer", "inspector")
    with pytest.raises(NotAllowed):
        delegations.revoke(town.actor("clerk"), one)
    with pytest.raises(NotAllowed):
        delegations.revoke(standing(town, "clerk", "officer"), one)
    delegations.revoke(town.actor("officer"), one)
    delegations.revoke(town.actor("admin"), two)
    with pytest.raises(NotFound):
        delegations.revoke(town.actor("officer"), one)
    with pytest.raises(NotAllowed):
        standing(town, "clerk", "officer")


def test_the_reason_of_a_delegation_lies_apart_from_its_fact(town: Town) -> None:
    delegate(town, "officer", "clerk", reason="住院")
    (fact,) = ledger.stream_of(db.session(), f"person:{town.people['officer']}")
    assert fact.kind == "person:delegated"
    payload = {name: each for name, each in fact.payload.items() if name != "words"}
    told: Any = payload.pop("rows")
    assert list(told) == ["delegations/1"] and "住院" not in fact.body
    assert payload == {"delegation_id": 1, "substitute_id": town.people["clerk"], "from_on": "2026-03-02",
                       "to_on": "2026-03-06", "reason": "住院", "by": "cli"}


def test_somebody_made_an_administrator_meanwhile_stands_in_no_longer(town: Town) -> None:
    delegation = delegate(town, "officer", "auditor")
    accounts.grant(None, login="verifier", role=Role.auditor)  # for one is always left
    accounts.revoke(None, login="auditor", role=Role.auditor)
    accounts.grant(None, login="auditor", role=Role.admin)
    own = access.standing(town.people["auditor"])
    assert own is not None
    assert delegations.standing_in(own, delegation) is None


def test_mails_for_somebody_away_reach_the_substitute_too_and_once(town: Town) -> None:
    for principal in ("officer", "officer2"):
        delegate(town, principal, "inspector")
    number = town.registered()
    town.walk(number, "assign")
    query = select(Person.login).join(Message, Message.person_id == Person.id).where(
        Message.dedupe_key.like(f"notice/case:assigned/case:{number}#%"))
    assert sorted(db.session.scalars(query)) == ["inspector", "many_hats", "officer", "officer2", "supporter"]


def test_every_step_of_a_case_may_be_taken_by_substitutes_all_the_way(town: Town) -> None:
    stand_ins = {"dispatcher": "clerk", "officer": "below_officer", "verifier": "inspector", "lead": "auditor"}
    for principal, substitute in stand_ins.items():
        delegate(town, principal, substitute)
    number = town.registered()
    for name in ("assign", "acknowledge", "submit", "verify", "close"):
        step(town, standing(town, stand_ins[DEFAULTS[name][0]], DEFAULTS[name][0]), number, name)
    assert town.row(number).state is S.closed
    assert all("for_id" in fact.payload for fact in town.facts(number)[1:])


def test_a_request_made_in_somebodys_name_keeps_both_accounts_until_it_is_decided(town: Town) -> None:
    number = town.case_in(S.rectifying)
    delegate(town, "officer2", "clerk")
    step(town, standing(town, "clerk", "officer2"), number, "request_extension")
    for login in ("officer2", "clerk"):
        with pytest.raises(WrongState, match="1 项申请待审批"):
            accounts.deactivate(None, login=login)
    town.do(number, "grant_extension", by="dispatcher")
    accounts.deactivate(None, login="officer2")
