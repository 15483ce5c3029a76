"""A place's own days off: its clocks count them and no others; a day of the country's calendar is mended as master data."""

from datetime import date

import pytest

from tests.support.makers import Town
from tracker.domain.house.actor import Grant, Role
from tracker.domain.house.errors import Invalid, NotAllowed
from tracker.domain.rules.limits import LimitUnit
from tracker.services.cases import recounting
from tracker.services.cases.due_sheets import due_sheet_of
from tracker.services.house.master import history
from tracker.services.house.master.rows import save_row
from tracker.services.people import accounts
from tracker.services.rules import calendar, rules

DAY = date(2026, 3, 5)  # a Thursday
GIVEN = {"kind": "holiday", "name": "区里放假", "paper": "西政办〔2026〕3号"}


def own_day(town: Town, area: str, who: str = "admin", **other: object) -> None:
    save_row(town.actor(who), "own-days", None, {"area_code": area, "day": DAY, **GIVEN, **other})


def test_a_day_off_of_one_county_moves_the_limits_there_and_nowhere_else(town: Town) -> None:
    before = calendar.count(date(2026, 3, 2), 5, LimitUnit.working_day).on
    own_day(town, "360111")
    assert rules.calendar("360111002").is_workday(DAY) is False
    assert rules.calendar("360103").is_workday(DAY) is True
    assert calendar.count(date(2026, 3, 2), 5, LimitUnit.working_day, area_code="360111").on == before.replace(day=before.day + 1)
    assert calendar.count(date(2026, 3, 2), 5, LimitUnit.working_day).on == before


def test_clocks_read_the_calendar_of_the_case_s_jurisdiction(town: Town) -> None:
    """The same limit, the same day: the case in the county whose office has a day off ends a working day later."""
    for login, role in (("desk", Role.clerk), ("chief", Role.dispatcher)):
        accounts.add_person(None, login=login, name=login, roles=[Grant(role, "3601")], email=f"{login}@example.cn")
    own_day(town, "360111")
    ends = []
    for area in ("360103", "360111"):
        number = town.registered(by="desk", source="H12345", area_code=area)
        town.do(number, "assign", by="chief")
        sheet = due_sheet_of(town.actor("chief"), number)
        assert sheet.is_told
        ends.append(sheet.head.due_on)
    assert ends[1] == rules.country_calendar().next_workday(ends[0])


def test_the_narrowest_area_decides_and_a_wider_one_reaches_all_below(town: Town) -> None:
    own_day(town, "3601")
    assert not rules.calendar("360103001").is_workday(DAY)
    own_day(town, "360103", kind="workday", name="照常上班")
    assert rules.calendar("360103001").is_workday(DAY)
    assert not rules.calendar("360111").is_workday(DAY)
    assert rules.country_calendar().is_workday(DAY)


def test_dispatchers_write_their_own_area_s_days_and_no_others(town: Town) -> None:
    own_day(town, "360103", "dispatcher")
    for area in ("360111", "3601"):
        with pytest.raises(NotAllowed):
            own_day(town, area, "dispatcher")


@pytest.mark.parametrize(("area", "other", "field"), [
    ("999999", {}, "area_code"), ("360103002", {}, "area_code"), ("360103", {"kind": "makeup"}, "kind"),
    ("360103", {"kind": "weekend"}, "kind"), ("360103", {"kind": "打烊"}, "kind"),
])
def test_what_no_day_can_be_is_refused(town: Town, area: str, other: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        own_day(town, area, **other)
    assert refused.value.field == field
    assert rules.calendar("360103") is rules.country_calendar()


def test_a_day_of_the_country_is_mended_as_a_row_and_has_its_history(town: Town) -> None:
    day = next(each for each in rules.country_calendar().days if each.on.year == 2026 and each.source == "published")
    save_row(town.actor("admin"), "calendar", day.on.isoformat(), {"name": "改名", "paper": "国办发明电〔2025〕99号"})
    found = rules.country_calendar().day(day.on)
    assert found is not None
    assert (found.name, found.kind, found.paper) == ("改名", day.kind, "国办发明电〔2025〕99号")
    (line,) = history.history_of(town.actor("admin"), "calendar", day.on.isoformat())
    assert (line.who, line.act, line.cells[0]) == (town.actor("admin").name, "改动", ("名称", day.name, "改名"))
    (entry,) = recounting.history()
    assert (entry.years, entry.added, entry.changed) == ((2026,), 0, 1)


def test_an_estimated_day_settles_no_year_and_a_published_one_makes_the_other_guesses_void(town: Town) -> None:
    year = max(day.on.year for day in rules.country_calendar().days)
    assert year not in rules.country_calendar().published_years
    on = next(date(year, 3, n) for n in range(1, 8) if date(year, 3, n).weekday() == 0)
    given = {"day": on, "kind": "holiday", "name": "预估一天", "source": "estimated"}
    save_row(town.actor("admin"), "calendar", on.isoformat(), given)
    assert year not in rules.country_calendar().published_years
    save_row(town.actor("admin"), "calendar", on.isoformat(), {"source": "entered"})
    assert year in rules.country_calendar().published_years
    assert [day.on for day in rules.country_calendar().days if day.on.year == year] == [on]
    assert recounting.finish() is not None
