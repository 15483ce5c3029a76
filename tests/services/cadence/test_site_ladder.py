"""Days that come for supervised sites climb the one ladder of the morning mail: told once, to whom the rung is for."""

from datetime import date, datetime

import pytest

from tests.services.sites.test_entering import entered
from tests.services.sites.test_sites import registered
from tests.support.acts import do, listed, opened, rostered
from tests.support.makers import Town
from tracker.domain.cadence.ladder import read_site_ladder
from tracker.domain.house.errors import Invalid
from tracker.domain.sites.registers import SiteRegister
from tracker.services.cadence import morning
from tracker.services.house.work import wiring
from tracker.services.rules import book
from tracker.services.sites import entering, obligations

pytestmark = pytest.mark.one_engine


def told(town: Town, on: date) -> dict[str, list[str]]:
    """What the letters of a day say of sites, by the sites' codes."""
    found: dict[str, list[str]] = {}
    for letter in morning.preview(on):
        for section in letter.words["sections"]:  # type: ignore[attr-defined]
            for line in section["lines"]:
                if line.number.startswith("S-"):
                    found.setdefault(line.number, []).append(f"{letter.person_id}:{line.words}")
    return found


def test_a_report_is_told_to_its_unit_before_and_after_its_day_and_to_the_dispatcher_fifteen_days_on(town: Town) -> None:
    code = registered(town)
    entered(town, code, valid_from="2025-01-01", reports="month")
    obligations.make_obligations(date(2026, 3, 2))
    officer = town.actor("officer").id
    said = [each for each in told(town, date(2026, 3, 9))[code] if each.startswith(f"{officer}:")]
    assert any("7 日后到期" in each for each in said)
    dispatcher = [each for each in told(town, date(2026, 3, 30))[code] if each.startswith(f"{town.actor('dispatcher').id}:")]
    assert any("超期 15 日，可移交执法" in each for each in dispatcher)


def test_a_permit_that_ends_is_told_on_its_last_day_to_ask_and_no_more_once_it_is_renewed(town: Town) -> None:
    code = registered(town)
    row = entered(town, code, valid_from="2021-04-01", valid_to="2026-05-08", reports="")
    assert any("最后一天可申请延续" in each for each in told(town, date(2026, 3, 9))[code])
    assert told(town, date(2026, 3, 6)) != {} and "90 日后到期" in told(town, date(2026, 3, 6))[code][0]
    entering.renew(town.actor("clerk"), code, row, {})
    assert told(town, date(2026, 3, 9)) == {}


def test_registrations_have_rungs_of_their_own(town: Town) -> None:
    code = registered(town)
    entered(town, code, SiteRegister.registration, valid_from="2021-05-21", valid_to="2026-03-29", value="", reports="")
    assert any("排污登记可办延续" in each for each in told(town, date(2026, 3, 9))[code])


def test_a_ladder_that_cannot_be_read_names_its_rung() -> None:
    with pytest.raises(Invalid, match="第 1 级"):
        read_site_ladder([{"clock": "weather", "days": 1, "to": ["officer"], "word": "下雨"}])


def test_a_listed_site_that_nobody_looked_at_from_afar_is_told_to_the_dispatcher_until_somebody_does(town: Town) -> None:
    code = registered(town)
    listed(town, code)
    rostered(town)
    town.clock.move_to(datetime(2026, 7, 1, 9, tzinfo=wiring().zone))  # listed in March, so the second quarter counts
    on = town.clock.today()
    dispatcher, officer = town.actor("dispatcher").id, town.actor("officer").id
    said = told(town, on)[code]
    assert f"{dispatcher}:正面清单非现场检查落后，今年 0 次" in said and not any(each.startswith(f"{officer}:") for each in said)
    number = opened(town, "inspection", site=code, mode="off_site", method="drone", origin="positive_list")
    assert code in told(town, on), "what is only planned is no look"
    do(town, number, "inspection", "record")
    assert told(town, on) == {}
    book.set_value(None, "positive_offsite_per_year", "12", date(2026, 7, 1), "试行")
    assert code in told(town, on)
    book.set_value(None, "positive_offsite_per_year", "0", date(2026, 7, 2), "不再要求")
    assert told(town, date(2026, 7, 2)) == {}
