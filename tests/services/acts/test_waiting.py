"""What the desk shows beside the cases: duties of the own unit, duties that others check, acts whose next step is theirs."""

from tests.support.acts import act_in, do
from tests.support.makers import Town
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.acts import duties
from tracker.services.acts.waiting import steps_by_hand, waiting_for


def shown(town: Town, login: str) -> list[tuple[str, int | None, str]]:
    return [(each.number, each.position, each.word) for each in waiting_for(town.actor(login))]


def test_a_draft_waits_for_who_decides_and_not_for_who_drafted_it(town: Town) -> None:
    number = act_in(town, "programme", "drafting")
    do(town, number, "programme", "add_milestone")
    assert (number, None, "批准实施") in shown(town, "lead")
    assert all(each[0] != number for each in shown(town, "dispatcher"))


def test_a_draft_that_may_not_be_adopted_yet_waits_for_nobody(town: Town) -> None:
    number = act_in(town, "programme", "drafting")
    assert all(each[0] != number for each in shown(town, "lead"))


def test_a_duty_waits_for_the_unit_that_owes_it_then_for_who_checks(town: Town) -> None:
    number = act_in(town, "programme", "adopted")
    assert (number, 1, "报结果") in shown(town, "officer")
    assert all(each[0] != number for each in shown(town, "railman"))
    duties.take(town.actor("officer"), number, 1, "answer", {"text": "已摸排"})
    assert all(each[0] != number for each in shown(town, "officer"))
    assert (number, 1, "核实通过") in shown(town, "verifier")
    assert all(each[0] != number for each in shown(town, "street_verifier"))


def test_nothing_waits_where_an_act_is_over_or_of_who_reads_none(town: Town) -> None:
    number = act_in(town, "programme", "finished")
    assert all(each[0] != number for login in ("lead", "officer", "verifier") for each in shown(town, login))
    assert waiting_for(town.actor("custodian")) == ()


def test_every_kind_but_patrols_and_talks_waits_by_the_hands_of_its_table() -> None:
    named = {kind: {step.name for step in steps_by_hand(flow)} for kind, flow in ACT_FLOWS.items()}
    assert named["control"] == {"issue", "assess"} and named["programme"] == {"adopt"} and "issue" in named["meeting"]
