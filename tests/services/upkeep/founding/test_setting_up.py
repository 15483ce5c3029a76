"""An own district is made once, all of it or nothing, by who holds the newest code."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.support import founding
from tests.support.tables import published, save_csv
from tracker.domain.house.actor import OPERATOR, Grant, Role
from tracker.domain.house.clock import SetClock
from tracker.domain.house.errors import Conflict, Invalid, NotFound, Refusal
from tracker.domain.people.kinds import PersonKind
from tracker.scheduler import jobs
from tracker.services.cases import intake
from tracker.services.cases.intake import RegisterOrder
from tracker.services.house.work import reading, wiring
from tracker.services.people import accounts
from tracker.services.rules import rules
from tracker.services.tables.importing import import_file
from tracker.services.territory import offices
from tracker.services.upkeep import integrity
from tracker.services.upkeep.clock_watch import ClockWatch
from tracker.services.upkeep.founding import claiming
from tracker.services.upkeep.founding.setting_up import place_named, set_up
from tracker.storage.cases.cases import Case
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.preferences import Preference
from tracker.storage.people.accounts import Person, Unit
from tracker.storage.territory.territory import Source


@pytest.fixture
def empty(engine_name: str, tmp_path: Path, clock: SetClock) -> Iterator[Any]:
    for product in founding.unclaimed(engine_name, tmp_path, clock):
        with product.app_context():
            yield product


def new_code() -> str:
    return claiming.make_link().partition("#")[2]


def test_a_district_is_made_with_its_areas_units_sources_and_first_administrator(empty: Any) -> None:
    link = set_up(founding.order("330106"), None)
    assert (wiring().home_area, link.login) == ("330106", "guanli")
    home = offices.home()
    assert home is not None and (home.filing_short, home.area_code) == ("青环销", "330106")
    codes = [area.code for area in rules.gazetteer().areas]
    assert all(code.startswith("3301") for code in codes) and len([code for code in codes if code.startswith("330106")]) == 13
    units = {row.code: row.name for row in reading().scalars(select(Unit))}
    assert len(units) == 13
    assert (units["330106002"], units["330106109"]) == ("北山街道办事处", "三墩镇人民政府")
    sources = {row.key: row.is_notice_required for row in reading().scalars(select(Source))}
    assert "CHICAGO" not in sources and not [key for key in sources if key.endswith("JX")]
    assert [key for key, is_noticed in sorted(sources.items()) if is_noticed] == ["D2ZJ", "D3ZJ", "D4ZJ"]
    assert {"PSZJ", "SJZJ"} <= sources.keys()
    assert accounts.access.actor_by_login("guanli").grants == (Grant(Role.admin),)
    assert integrity.verify().first is None


@pytest.mark.one_engine
def test_a_town_s_city_without_counties_has_its_towns_as_parts(empty: Any) -> None:
    assert place_named("441900", wiring().clock.today()).code == "4419"
    set_up(founding.order("441900"), None)
    assert wiring().home_area == "4419"
    assert len(list(reading().scalars(select(Unit)))) == 1 + 36


@pytest.mark.one_engine
def test_a_neighbour_of_the_demo_keeps_the_province_s_letters(empty: Any) -> None:
    set_up(founding.order("360111", units=frozenset()), None)
    assert [row.code for row in reading().scalars(select(Unit))] == ["ZGB"]
    assert {"D3JX", "D4JX"} <= {row.key for row in reading().scalars(select(Source))}


@pytest.mark.one_engine
def test_nothing_is_begun_before_it_is_known_whose_it_is(empty: Any) -> None:
    assert wiring().home_area == ""
    jobs.look(ClockWatch(lambda: 0.0))
    new_code()
    assert reading().scalar(select(FactRow.id).limit(1)) is None
    reading().rollback()
    set_up(founding.order(), None)
    begun = reading().scalar(select(FactRow.body).where(FactRow.kind == "ledger:begun"))
    assert begun is not None and "xiaohao/360111" in begun


@pytest.mark.one_engine
def test_a_code_opens_once_within_a_day_and_a_new_one_kills_the_old(empty: Any, clock: SetClock) -> None:
    old, new = new_code(), new_code()
    with pytest.raises(NotFound):
        set_up(founding.order(), old)
    clock.advance(hours=24)
    with pytest.raises(NotFound):
        set_up(founding.order(), new)
    assert not claiming.is_claimed(reading())
    set_up(founding.order(), new_code().upper())
    assert reading().get(Preference, claiming.CODE) is None
    with pytest.raises(Conflict):
        claiming.make_link()


@pytest.mark.one_engine
def test_a_service_claims_nothing(empty: Any) -> None:
    accounts.add_person(None, login="camera", name="摄像头", kind=PersonKind.service)
    set_up(founding.order(), new_code())
    with pytest.raises(Conflict) as refusal:
        set_up(founding.order(), None)
    assert refusal.value.sentence == "本系统已经开设过了，请登录。"


def test_of_two_who_set_it_up_at_once_one_is_told_that_it_is_done(empty: Any) -> None:
    code, said = new_code(), []
    reading().rollback()

    def found() -> None:
        with empty.app_context():
            try:
                set_up(founding.order(), code)
                said.append("done")
            except Refusal as refusal:
                said.append(type(refusal).__name__)

    both = [threading.Thread(target=found) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(60)
    assert sorted(said) == ["Conflict", "done"]
    assert len(list(reading().scalars(select(Person)))) == 1


@pytest.mark.one_engine
@pytest.mark.parametrize(("text", "sentence"), [
    ("鼓楼区", "“鼓楼区”有 4 个，请写代码：320106 江苏省南京市鼓楼区、320302 江苏省徐州市鼓楼区、350102 福建省福州市鼓楼区、410204 河南省开封市鼓楼区。"),
    ("999999", "没有叫“999999”的区划；请写全称，或国家统计局的区划代码。"),
    ("江西省", "“江西省”是省级；机关应在市、区县或乡镇街道。"),
    (" ", "没有叫“”的区划；请写全称，或国家统计局的区划代码。"),
])  # fmt: skip
def test_a_place_that_is_none_or_several_is_refused_in_a_sentence(empty: Any, text: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refusal:
        place_named(text, wiring().clock.today())
    assert (refusal.value.field, refusal.value.sentence) == ("area", sentence)


@pytest.mark.one_engine
@pytest.mark.parametrize(("more", "field"), [
    ({"office": founding.OFFICE | {"filing_short": "青〔销〕"}}, "filing_short"),
    ({"office": founding.OFFICE | {"name": "\u3164"}}, "name"),
    ({"login": "a"}, "login"), ({"email": "nobody"}, "email"), ({"name": " "}, "name"),
])  # fmt: skip
def test_what_is_refused_leaves_nothing_behind_and_the_code_good(empty: Any, more: dict[str, Any], field: str) -> None:
    code = new_code()
    with pytest.raises(Invalid) as refusal:
        set_up(founding.order(**more), code)
    assert refusal.value.field == field
    assert (wiring().home_area, list(reading().scalars(select(Unit)))) == ("", [])
    reading().rollback()
    set_up(founding.order(), code)


@pytest.mark.one_engine
def test_the_link_of_the_first_administrator_holds_for_a_day(empty: Any, clock: SetClock) -> None:
    link = set_up(founding.order(), None)
    assert link.expires_at - clock.now() == timedelta(hours=24)
    accounts.set_by_link(code=link.code, password="Ein langes Passwort 77")


@pytest.mark.one_engine
def test_a_published_table_comes_under_the_source_of_the_own_province(empty: Any, tmp_path: Path) -> None:
    set_up(founding.order("330106"), None)
    file = save_csv(tmp_path / "published.csv", published(2))
    read = import_file(OPERATOR, file, area="330106")
    assert (read.created_count, import_file(OPERATOR, file, area="330106").created_count) == (2, 0)
    keys = set(reading().scalars(select(Source.key).join(Case, Case.source_id == Source.id)))
    assert keys == {"D3ZJ"}


@pytest.mark.one_engine
def test_where_nobody_knows_the_place_the_case_is_the_home_s_and_its_number_the_office_s(empty: Any) -> None:
    set_up(founding.order("360111"), None)
    unit = [Grant(role, "360111") for role in (Role.clerk, Role.dispatcher)]
    accounts.add_person(None, login="clerk", name="登记", unit="ZGB", roles=unit)
    made = intake.register(accounts.access.actor_by_login("clerk"), RegisterOrder(
        source="H12345", title="垃圾", description="河边有垃圾", categories=("garbage",), place="某处河边"))
    assert made.jurisdiction == "360111"
    office = offices.all_offices().of(made.jurisdiction, wiring().clock.today())
    assert office is not None
    assert [offices.filing_number(office, year, 1) for year in (2026, 2027)] == ["青环销〔2026〕1号", "青环销〔2027〕1号"]


@pytest.mark.one_engine
def test_nobody_is_added_before_it_is_set_up_for_that_would_shut_the_way(empty: Any) -> None:
    with pytest.raises(Conflict) as person:
        accounts.add_person(None, login="early", name="早来", roles=[Grant(Role.admin)])
    with pytest.raises(Conflict) as unit:
        accounts.add_unit(None, code="XX", name="某局", kind="department")
    assert {person.value.code, unit.value.code} == {"not_set_up"}
    assert "./run flask setup link" in empty.test_client().get("/login").text
    set_up(founding.order(), None)
