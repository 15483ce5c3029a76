"""One step for many cases: each for itself, by the same law, with nothing half-done."""

import pytest

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.house.errors import Incomplete, Invalid, NotFound
from tracker.domain.house.fields import FieldKind
from tracker.services.cases.register import bulk
from tracker.services.cases.register.bulk import MOST_OF_VIEW, Ending, bulk_steps
from tracker.services.cases.steps import offered

S = CaseState


def seen(town: Town, *numbers: str) -> list[tuple[str, int]]:
    """The cases as somebody sees them now."""
    return [(number, town.row(number).seq) for number in numbers]


def weekly_list(town: Town) -> tuple[list[str], list[str]]:
    """Two cases that the lead may close, and three that the lead may not: one in work, one that must be put on notice first, one
    that is not there."""
    good = [town.case_in(S.verified, "PATROL"), town.case_in(S.verified)]
    return good, [town.case_in(S.rectifying), town.case_in(S.verified, "D2JX"), "XH-2026-009999"]


@pytest.mark.one_engine
def test_bulk_steps_are_steps_of_the_flow_that_need_no_files() -> None:
    for name, step in bulk_steps().items():
        given = {field.name: field for field in CASE_FLOW.steps[name].given}
        assert step.without <= set(given)
        assert not any(given[each].is_required for each in step.without)
        assert not any(field.kind is FieldKind.files and field.is_required for field in step.given)


def test_the_preview_says_of_each_case_what_its_own_page_says(town: Town) -> None:
    good, bad = weekly_list(town)
    lead = town.actor("lead")
    found = bulk.preview(lead, "close", [*good, *bad])
    assert [each.number for each in found] == [*good, *bad]
    assert [each.is_eligible for each in found] == [True, True, False, False, False]
    reasons = [each.why for each in found[2:]]
    assert len(set(reasons)) == 3
    assert all(why.endswith("。") for why in reasons)
    for each in found[:4]:
        offer = next((o for o in offered(lead, each.number) if o.name == "close"), None)
        assert each.is_eligible == (offer is not None and offer.why is None)


def test_what_was_not_shown_or_was_shown_otherwise_is_not_signed_for(town: Town) -> None:
    unseen, other, good = (town.case_in(S.verified, "PATROL") for _ in range(3))
    saw = town.shown(other, good)
    results = bulk.take_each(town.actor("lead"), "close", {}, seen(town, unseen, other, good), saw | {other: saw[good]})
    assert [r.ending for r in results] == [Ending.refused, Ending.conflict, Ending.done]
    assert "没有展示" in results[0].sentence and "证据有了变化" in results[1].sentence
    assert [town.row(number).state for number in (unseen, other, good)] == [S.verified, S.verified, S.closed]


def test_a_list_with_three_that_may_not_be_closed_closes_the_others(town: Town) -> None:
    good, bad = weekly_list(town)
    before = [town.snapshot(number)[1:] for number in bad[:2]]
    rows = [*seen(town, *bad[:2]), ("XH-2026-009999", 1), *seen(town, *good)]
    results = bulk.take_each(town.actor("lead"), "close", {"reason": "本周销号"}, rows, town.shown(*good, *bad[:2])
                             | {"XH-2026-009999": ""})
    assert [r.ending for r in results] == [Ending.refused] * 3 + [Ending.done] * 2
    assert len({r.sentence for r in results[:3]}) == 3
    assert [town.row(number).state for number in good] == [S.closed, S.closed]
    assert [town.snapshot(number)[1:] for number in bad[:2]] == before
    assert all(town.last(number)["reason"] == "本周销号" for number in good)
    assert len({town.row(number).filing_no for number in good}) == 2


def test_sent_twice_nothing_happens_twice(town: Town) -> None:
    numbers = [town.registered() for _ in range(3)]
    rows = seen(town, *numbers)
    first = bulk.take_each(town.actor("dispatcher"), "urge", {"text": "请抓紧"}, rows)
    again = bulk.take_each(town.actor("dispatcher"), "urge", {"text": "请抓紧"}, rows)
    assert {r.ending for r in first} == {Ending.done}
    assert {r.ending for r in again} == {Ending.conflict}
    assert [len(town.facts(number)) for number in numbers] == [2, 2, 2]


def test_a_case_that_moved_since_the_preview_is_left_alone(town: Town) -> None:
    numbers = [town.case_in(S.assigned) for _ in range(3)]
    rows = seen(town, *numbers)
    town.do(numbers[1], "urge")
    results = bulk.take_each(town.actor("officer"), "acknowledge", {}, rows)
    assert [r.ending for r in results] == [Ending.done, Ending.conflict, Ending.done]
    assert town.row(numbers[1]).state is S.assigned


def test_the_case_of_another_unit_cannot_be_smuggled_in(town: Town) -> None:
    own, theirs = town.case_in(S.assigned), town.registered(area_code="360103011")
    town.do(theirs, "assign", lead_unit="XH-TY")
    rows = seen(town, own, theirs)
    preview = bulk.preview(town.actor("officer"), "acknowledge", [own, theirs])
    assert [each.is_eligible for each in preview] == [True, False]
    assert not preview[1].title
    assert preview[1].why == bulk.preview(town.actor("officer"), "acknowledge", ["XH-2026-009999"])[0].why
    results = bulk.take_each(town.actor("officer"), "acknowledge", {}, rows)
    assert [r.ending for r in results] == [Ending.done, Ending.refused]
    assert not results[1].title
    assert town.row(theirs).state is S.assigned


def test_an_officer_closes_nothing(town: Town) -> None:
    numbers = [town.case_in(S.verified) for _ in range(2)]
    officer = town.actor("officer")
    assert not any(each.is_eligible for each in bulk.preview(officer, "close", numbers))
    assert {r.ending for r in bulk.take_each(officer, "close", {}, seen(town, *numbers))} == {Ending.refused}
    assert {town.row(number).state for number in numbers} == {S.verified}
    assert "close" not in [step.name for step in bulk.open_steps(officer, (S.verified,))]


@pytest.mark.one_engine
def test_what_is_missing_is_told_before_anything_is_touched(town: Town) -> None:
    rows = seen(town, town.registered())
    with pytest.raises(Incomplete):
        bulk.take_each(town.actor("dispatcher"), "urge", {}, rows)
    with pytest.raises(Invalid):
        bulk.take_each(town.actor("lead"), "close", {"filing_no": "X-1"}, rows)
    with pytest.raises(NotFound):
        bulk.take_each(town.actor("dispatcher"), "correct_field", {}, rows)
    assert len(town.facts(rows[0][0])) == 1


@pytest.mark.one_engine
def test_none_and_too_many_are_refused(town: Town) -> None:
    actor = town.actor("dispatcher")
    for numbers in ([], [" "], [f"XH-2026-{n:06d}" for n in range(MOST_OF_VIEW + 1)]):
        with pytest.raises(Invalid):
            bulk.preview(actor, "urge", numbers)
        with pytest.raises(Invalid):
            bulk.take_each(actor, "urge", {"text": "x"}, [(number, 1) for number in numbers])


@pytest.mark.one_engine
def test_the_steps_offered_are_those_that_start_from_what_is_shown(town: Town) -> None:
    names = {login: [s.name for s in bulk.open_steps(town.actor(login), (S.verified, S.noticed))]
             for login in ("lead", "auditor", "officer")}
    assert names == {"lead": ["close"], "auditor": [], "officer": []}
    assert [s.name for s in bulk.open_steps(town.actor("officer"), (S.assigned,))] == ["acknowledge"]
