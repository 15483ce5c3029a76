"""Figures counted from the facts of their days: what was sent down and how it was settled, complaints, works, patrols; and who
sees which records behind them."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.support import patrols, railway
from tests.support.acts import act_in, do
from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import Invalid
from tracker.domain.reports.measures.counted import Reckoned
from tracker.domain.reports.measures.registry import MEASURES, measure_asked
from tracker.services.house.work import reading
from tracker.services.reports.measures.readers import asked_window, every_measured, measured, shown_behind

MARCH = date(2026, 3, 1), date(2026, 3, 31)
HOME = "360103"


def counted(key: str, area: str = HOME, on: date | None = None) -> Reckoned | None:
    measure, params = measure_asked(key)
    return measured(reading(), measure, asked_window(*MARCH, area, on, params)).counted


def value(key: str, **how: Any) -> object:
    found = counted(key, **how)
    return None if found is None else (found.value, found.out_of)


def numbers(key: str) -> list[str]:
    found = counted(key)
    return sorted(each.number for each in found.behind) if found is not None else []


def parts(key: str) -> dict[str, object]:
    found = counted(key)
    assert found is not None
    return {part.word: part.counted.value for part in found.parts}


def test_without_any_record_a_figure_is_absent_and_in_another_area_too(town: Town) -> None:
    figures = [each for found in every_measured(reading(), asked_window(*MARCH, HOME)).values() for each in found]
    assert len(figures) == len(MEASURES)
    assert {each.text for each in figures} == {"—"}
    town.case_in(CaseState.verified)
    assert value("cases.received") == (1, None) and value("cases.received", area="360102") is None


def test_who_was_asked_whose_a_case_is_counts_once_by_side_and_as_it_was_settled(town: Town) -> None:
    agreed, disputed = (town.case_in(CaseState.checking) for _ in range(2))
    town.do(agreed, "claim", extent="whole")
    town.do(agreed, "disclaim")
    town.walk(agreed, "confirm")
    town.do(disputed, "disclaim", by="officer", reason_code="outside_limit", reason="在围栏以内")
    town.do(disputed, "dispute", by="officer")
    town.walk(disputed, "designate")
    assert numbers("attribution.sent_down") == sorted([agreed, disputed])
    assert parts("attribution.sent_down") == {"地方": 2, "铁路": 2, "区段未定": 2}
    assert (numbers("attribution.claimed"), parts("attribution.claimed")["地方"]) == ([agreed], 1)
    assert parts("attribution.disclaimed") == {"地方": 1, "铁路": 1, "区段未定": 2}
    assert numbers("attribution.disputed") == numbers("attribution.designated") == [disputed]
    assert value("attribution.dispute_rate") == (1, 2)
    assert value("attribution.agreement") == (0, 1)  # no map, so nothing was proposed


def test_a_proposal_that_was_not_followed_is_listed_with_the_reason(town: Town) -> None:
    railway.in_force(town)
    number = town.case_in(CaseState.checking, lat=28.67, lng=railway.LNG, datum="wgs84")
    town.walk(number, "confirm")
    found = counted("attribution.overruled")
    assert found is not None
    assert [(each.number, each.note) for each in found.behind] == [(number, "按现场复核结果")]
    assert value("attribution.agreement") == (0, 1)


def test_a_case_that_was_never_sent_down_is_in_no_figure_of_attribution(town: Town) -> None:
    town.case_in(CaseState.disputed)
    assert value("attribution.disputed") is None
    town.case_in(CaseState.checking)
    assert value("attribution.disputed") == (0, None)


def test_complaints_are_handled_on_the_day_they_were_verified_and_a_merged_one_follows_its_master(town: Town) -> None:
    town.case_in(CaseState.verified, "PATROL")
    master, member = town.case_in(CaseState.rectifying), town.registered()
    town.do(member, "merge", master=master)
    assert value("complaints.handled") == (0, None)
    town.walk(master, "submit", "verify")
    assert numbers("complaints.handled") == sorted([master, member])
    assert value("cases.completion") == (2, 2) and value("cases.completion(source=H12345)") == (1, 1)
    town.walk(master, "close")
    before = town.clock.today()
    town.clock.advance(timedelta(days=1))
    town.walk(master, "reopen", "submit", "verify")
    assert len(numbers("complaints.handled")) == 2
    assert value("complaints.handled", on=before) == (2, None)


def test_a_source_that_there_is_not_is_refused_with_those_that_there_are(town: Town) -> None:
    with pytest.raises(Invalid, match=r"没有来源“XX”；已有：.*H12345"):
        counted("cases.received(source=XX)")
    with pytest.raises(Invalid, match="早于起始日"):
        asked_window(MARCH[1], MARCH[0])


def test_of_patrols_and_programmes_the_records_stand_behind_the_figure(town: Town) -> None:
    patrols.staffed(town)
    plan = act_in(town, "patrol_plan", "in_force")
    act_in(town, "programme", "adopted")
    confirmed, alone = act_in(town, "patrol", "confirmed"), act_in(town, "patrol", "logged", tier="2")
    due = counted("patrols.due")
    assert due is not None and due.value == len(due.behind) and {each.number for each in due.behind} <= {plan}
    assert numbers("patrols.single") == [alone] and numbers("patrols.coverage") == [confirmed]
    assert value("patrols.coverage") == (1600, 3800) and parts("patrols.coverage") == {"JJ-01 京九线JJ-01段": 1600}
    drift = counted("programmes.drift")
    assert drift is not None and [each.number for each in drift.behind] == ["GH-2026-0001"]


def test_who_may_not_open_a_record_sees_the_figure_and_not_its_number(town: Town) -> None:
    act = act_in(town, "operation", "under_way")
    do(town, act, "operation", "find")
    found = counted("operations.found")
    assert found is not None and found.value == 1
    seen = {login: len(shown_behind(reading(), town.actor(login), found.behind)) for login in ("lead", "neighbour", "officer")}
    assert seen == {"lead": 1, "neighbour": 0, "officer": 0}
    vehicles = counted("operations.count.midnight")
    assert vehicles is not None
    assert [len(shown_behind(reading(), town.actor(login), vehicles.behind)) for login in ("officer", "neighbour")] == [1, 0]
