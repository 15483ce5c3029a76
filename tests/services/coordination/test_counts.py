"""What operations and interviews come to: the bulletin's figures as folds over facts, the same as over rows, on any day."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.support.acts import act_in, do, opened
from tests.support.makers import Town, photo
from tracker.domain.cases.facts import CaseState
from tracker.domain.coordination.counts import ActsOfWindow, Outing, figures, fulfilling
from tracker.domain.house.errors import Invalid
from tracker.services.acts import steps
from tracker.services.coordination.counts import ActCounts, counted, rectified_now
from tracker.services.house.work import reading, wiring
from tracker.services.rules import book

MARCH = date(2026, 3, 1), date(2026, 3, 31)
OVER_ROWS = {
    "count": "SELECT subkind, count(*) FROM acts WHERE kind = 'operation' AND state NOT IN ('planned', 'cancelled')"
             " AND began_on BETWEEN :a AND :b AND area_code LIKE :area GROUP BY subkind",
    "forces": "SELECT coalesce(sum(f.vehicle_count), 0), coalesce(sum(f.person_count), 0) FROM act_forces f JOIN acts a"
              " ON a.id = f.act_id WHERE a.kind = 'operation' AND a.state NOT IN ('planned', 'cancelled')"
              " AND a.began_on BETWEEN :a AND :b AND a.area_code LIKE :area",
    "found": "SELECT count(*), coalesce(sum(CASE WHEN coalesce(m.state, c.state) IN ('verified', 'noticing', 'noticed', 'closed')"
             " THEN 1 ELSE 0 END), 0) FROM act_links l JOIN acts a ON a.id = l.act_id"
             " JOIN cases c ON 'case:' || c.number = l.target"
             " LEFT JOIN cases m ON m.id = c.master_id WHERE l.role = 'found' AND a.kind = 'operation'"
             " AND a.began_on BETWEEN :a AND :b AND a.area_code LIKE :area",
    "interviews": "SELECT count(*) FROM acts WHERE kind = 'interview' AND state IN ('held', 'settled')"
                  " AND began_on BETWEEN :a AND :b AND area_code LIKE :area",
}


def at(town: Town, *when: int) -> None:
    town.clock.move_to(datetime(*when, tzinfo=wiring().zone))  # type: ignore[arg-type, misc]


def march(town: Town, **asked: Any) -> ActCounts:
    return counted(reading(), *MARCH, **asked)


def told(found: ActCounts) -> dict[str, tuple[int | None, int | None]]:
    return {each.row.key: (each.count, each.out_of) for each in found.figures}


def begun(town: Town, sort: str, vehicles: int, people: int) -> str:
    number = opened(town, "operation", sort=sort)
    do(town, number, "operation", "begin")
    do(town, number, "operation", "set_forces", vehicle_count=str(vehicles), person_count=str(people))
    return number


def found_by(town: Town, number: str, state: CaseState = CaseState.registered) -> str:
    """A case that an operation found, as far as that state."""
    steps.take(town.actor("dispatcher"), number, "find", {"title": "渣土", "description": "渣土未覆盖", "place": "东门"},
               uploads=[photo()])
    case = str(reading().scalar(text("SELECT number FROM cases ORDER BY id DESC LIMIT 1")))
    if state is CaseState.verified:
        town.walk(case, "assign", "acknowledge", "submit", "verify")
    return case


def over_rows(first: date, last: date, area: str) -> dict[str, list[tuple[Any, ...]]]:
    asked = {"a": first, "b": last, "area": f"{area}%"}
    return {name: sorted(tuple(row) for row in reading().execute(text(query), asked)) for name, query in OVER_ROWS.items()}


def test_twelve_campaigns_and_twenty_four_midnight_operations_come_to_195_vehicles_and_380_people(town: Town) -> None:
    for n in range(36):
        begun(town, "campaign" if n < 12 else "midnight", 5 if n < 35 else 20, 10 if n < 35 else 30)
    found = told(march(town))
    wanted = {"count.campaign": 12, "count.midnight": 24, "count.regular": 0, "vehicles": 195, "people": 380}
    assert {name: found[f"operations.{name}"][0] for name in wanted} == wanted


def test_of_230_findings_227_rectified_are_98_7_percent() -> None:
    cases = tuple(f"case:XH-2026-{n:06d}" for n in range(230))
    outing = Outing("XD-2026-0001", "midnight", date(2026, 3, 2), {}, cases, ())
    (rectified,) = [each for each in figures(ActsOfWindow((outing,), (), frozenset(cases[:227]), frozenset({"operation"})))
                    if each.row.key == "operations.rectified"]
    assert rectified.text == "227 个（227/230，98.7%）"


def test_a_case_that_is_reopened_the_next_day_was_rectified_on_the_day_before(town: Town) -> None:
    number = begun(town, "midnight", 1, 1)
    case = found_by(town, number, CaseState.verified)
    found_by(town, number)
    town.walk(case, "close")
    before = town.clock.today()
    town.clock.advance(timedelta(days=1))
    town.do(case, "look_back")
    town.do(case, "reopen")
    assert told(march(town, on=before))["operations.rectified"] == (1, 2)
    assert told(march(town))["operations.rectified"] == (0, 2)
    assert rectified_now(reading(), [f"case:{case}"]) == 0


def test_forces_that_were_corrected_after_the_window_are_told_as_a_correction(town: Town) -> None:
    number = begun(town, "midnight", 4, 12)
    at(town, 2026, 4, 3, 9)
    do(town, number, "operation", "set_forces", vehicle_count="4", person_count="10", reason="两人请假")
    then, now = march(town, on=date(2026, 3, 31)), march(town)
    assert (told(then)["operations.people"][0], told(now)["operations.people"][0]) == (12, 10)
    assert then.corrections == ()
    ((change),) = now.corrections
    assert (change.number, change.on, change.before, change.after) == (number, date(2026, 4, 3), (4, 12), (4, 10))


def test_begun_at_half_past_eleven_on_the_last_of_august_it_is_of_august(town: Town) -> None:
    at(town, 2026, 8, 31, 22)
    number = opened(town, "operation")
    at(town, 2026, 9, 1, 1)
    do(town, number, "operation", "begin", began_at="2026-08-31 23:30")
    for first, last, count in ((date(2026, 8, 1), date(2026, 8, 31), 1), (date(2026, 9, 1), date(2026, 9, 30), 0)):
        assert told(counted(reading(), first, last))["operations.count.midnight"][0] == count
        assert dict(over_rows(first, last, "")["count"]).get("midnight", 0) == count


def test_what_is_of_facts_is_what_is_of_rows(town: Town) -> None:
    number = begun(town, "midnight", 4, 12)
    begun(town, "campaign", 2, 7)
    opened(town, "operation")
    act_in(town, "operation", "cancelled")
    found_by(town, number, CaseState.verified)
    master, other = found_by(town, number), found_by(town, number)
    town.do(other, "merge", master=master)
    town.walk(master, "assign", "acknowledge", "submit", "verify")
    found_by(town, number)
    for target in (number, None):
        do(town, opened(town, "interview", target=target), "interview", "hold")
    opened(town, "interview")
    found, rows = told(march(town)), over_rows(*MARCH, "3601")
    assert dict(rows["count"]) == {"midnight": 1, "campaign": 1}
    assert [found[f"operations.count.{sort}"][0] for sort in ("campaign", "midnight", "regular")] == [1, 1, 0]
    assert rows["forces"] == [(found["operations.vehicles"][0], found["operations.people"][0])] == [(6, 19)]
    assert rows["found"] == [(found["operations.found"][0], found["operations.rectified"][0])] == [(4, 3)]
    assert rows["interviews"] == [(found["interviews.held"][0],)] == [(2,)]
    assert found["interviews.held.operations"] == (1, None)


def test_without_any_fact_a_figure_is_absent_and_in_another_area_too(town: Town) -> None:
    assert {each.text for each in march(town).figures} == {"—"}
    begun(town, "midnight", 1, 1)
    assert told(march(town))["operations.rectified"] == (0, 0)
    assert told(march(town))["interviews.held"] == (None, None)
    assert {each.text for each in march(town, area_code="360102").figures} == {"—"}


def test_the_list_behind_a_figure_sums_to_it(town: Town) -> None:
    number = begun(town, "midnight", 4, 12)
    found_by(town, number)
    for each in march(town).figures:
        assert sum(amount for _, amount in each.behind) == (each.count or 0)
    assert {each.row.key: each.behind for each in march(town).figures}["operations.people"] == ((number, 12),)


def test_a_window_that_ends_before_it_begins_is_refused(town: Town) -> None:
    with pytest.raises(Invalid, match="早于起始日") as refused:
        counted(reading(), date(2026, 3, 2), date(2026, 3, 1))
    assert refused.value.field == "to"


def test_a_week_has_enough_when_every_sort_was_out_as_often_as_the_rule_asks(town: Town) -> None:
    at(town, 2026, 3, 2, 9)
    begun(town, "regular", 1, 2)
    begun(town, "campaign", 1, 2)
    at(town, 2026, 3, 8, 23)
    last = begun(town, "regular", 1, 2)
    at(town, 2026, 3, 11, 9)
    begun(town, "regular", 1, 2)
    at(town, 2026, 3, 23, 9)
    (weeks,) = [each for each in march(town).figures if each.row.key == "operations.weeks"]
    assert (weeks.text, weeks.behind) == ("1 周（1/4，25.0%）", ((last, 1),)), "the first of March is a Sunday of its own week"
    book.set_value(town.actor("admin"), "operations_per_week", '{"campaign": 0, "midnight": 0, "regular": 1}', date(2026, 3, 23),
                   "简报")
    at(town, 2026, 3, 30, 9)
    assert told(march(town))["operations.weeks"] == (1, 5), "each week by the rule of its own days"


@pytest.mark.one_engine
def test_the_operation_by_which_a_week_had_enough_is_the_last_that_was_needed() -> None:
    days = [(date(2026, 3, 2), "regular", "A"), (date(2026, 3, 3), "campaign", "B"), (date(2026, 3, 4), "regular", "C"),
            (date(2026, 3, 5), "regular", "D")]
    assert fulfilling(days, {"campaign": 1, "midnight": 0, "regular": 2}) == "C"
    assert fulfilling(days[:2], {"campaign": 1, "regular": 2}) == "" and fulfilling([], {"regular": 1}) == ""
