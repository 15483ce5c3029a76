"""What was recorded against a listed site since it entered: its removal is proposed the next morning, and nothing removes by
itself."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.acts import act_in, do, listed, opened
from tests.support.makers import Town
from tracker.services.cadence import morning
from tracker.services.house.work import reading
from tracker.services.sites import positive
from tracker.services.upkeep.integrity import verify
from tracker.storage.enforcement.against import records_against
from tracker.storage.sites.holding import is_listed
from tracker.storage.sites.sites import Site

TODAY = date(2026, 3, 2)


def punished(town: Town) -> str:
    """A listed site, and a penalty of it that is decided."""
    number = opened(town, "penalty")
    listed(town, "S-000001")
    do(town, number, "penalty", "decide_on_spot")
    return number


def told_to_lead(town: Town, on: date) -> list[str]:
    return [line.words for letter in morning.preview(on) if letter.person_id == town.people["lead"]
            for section in letter.words["sections"]  # type: ignore[attr-defined]
            for line in section["lines"] if line.number == "S-000001"]


def test_a_decided_penalty_has_the_removal_proposed_once_and_the_lead_reads_it_until_it_is_decided(town: Town) -> None:
    number = punished(town)
    assert [(each.code, each.kind, each.stream) for each in records_against(reading(), TODAY)] == [
        ("S-000001", "penalty", f"act:{number}")]
    assert [positive.propose_for_records(TODAY) for _ in range(2)] == [1, 0]
    assert told_to_lead(town, date(2026, 3, 3)) == ["提出移出正面清单，待审批，已等 1 天"]
    town.clock.move_to(datetime(2026, 3, 9, 1, tzinfo=UTC))
    assert told_to_lead(town, date(2026, 3, 9)) == ["提出移出正面清单，待审批，已等 7 天"]
    site = reading().query(Site).filter_by(code="S-000001").one()
    assert is_listed(reading(), site.id, date(2026, 3, 9)) is not None, "nobody decided, so it stays"
    positive.keep(town.actor("lead"), "S-000001", "已改正，情节轻微")
    assert positive.propose_for_records(date(2026, 3, 10)) == 0 and told_to_lead(town, date(2026, 3, 10)) == []
    assert [str(each) for each in verify().troubles] == []


@pytest.mark.one_engine
def test_what_is_undecided_or_older_than_the_listing_says_nothing_against_it(town: Town) -> None:
    act_in(town, "penalty", "notified")
    listed(town, "S-000001")
    assert records_against(reading(), TODAY) == []
    town.clock.advance(timedelta(days=20))
    assert records_against(reading(), TODAY + timedelta(days=20)) == []


@pytest.mark.one_engine
def test_a_serious_finding_and_a_card_count_too(town: Town) -> None:
    found = opened(town, "inspection")
    listed(town, "S-000001")
    do(town, found, "inspection", "record", result="serious", findings="暗管直排", no_photo="dark")
    card = opened(town, "card", site="S-000001")
    assert {(each.kind, each.stream) for each in records_against(reading(), TODAY)} == {
        ("inspection", f"act:{found}"), ("card", f"act:{card}")}
