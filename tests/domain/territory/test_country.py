"""The divisions of the country: what ships, how a place is found by code or name, and what lies in it."""

from csv import DictReader
from datetime import date
from hashlib import sha256
from importlib.resources import files

import pytest

from tracker.domain.house.errors import Invalid
from tracker.domain.territory.country import country_of
from tracker.domain.territory.published import derived
from tracker.domain.territory.territory import Gazetteer
from tracker.services.rules.reference import country

COUNTRY = country()


def titles(text: str) -> list[str]:
    return [COUNTRY.title(area.code) for area in COUNTRY.candidates(text)]


def test_the_shipped_table_is_the_one_that_was_derived() -> None:
    content = files("tracker.reference").joinpath("divisions-cn.csv").read_bytes()
    lines = [line for line in content.decode().splitlines() if line[:1].isdigit()]
    by_length = {length: sum(len(line.partition(",")[0]) == length for line in lines) for length in (2, 4, 6, 9)}
    assert by_length == {2: 31, 4: 333, 6: 2975, 9: 41351}
    assert len(lines) == 44690
    assert sha256(content).hexdigest() == "3475ad3f22d58b44112fa37fe21d5aa3ba552abcc7a6a36796ec028922dfe74d"


def test_a_name_that_several_places_have_lists_them_all() -> None:
    assert titles("鼓楼区") == ["鼓楼区（江苏省南京市）", "鼓楼区（江苏省徐州市）", "鼓楼区（福建省福州市）", "鼓楼区（河南省开封市）"]
    assert titles("南京市鼓楼区") == titles("江苏南京鼓楼区") == ["鼓楼区（江苏省南京市）"]
    assert titles("九江")[0] == "九江市（江西省）"


@pytest.mark.parametrize(("text", "code"), [
    ("360103", "360103"), ("３６０１０３", "360103"), ("360103000000", "360103"), ("441900", "4419"), ("460400", "4604"),
    ("北京朝阳", "110105"), ("仙桃市", "429004"), ("延边", "2224"), ("广西", "45"),
])
def test_a_place_is_found_by_code_or_name(text: str, code: str) -> None:
    assert [area.code for area in COUNTRY.candidates(text)] == [code]


@pytest.mark.parametrize("text", ["999999", "360199", "市辖区", "省直辖县级行政区划", "北京市西湖区", "", "x"])
def test_what_is_no_division_is_not_found(text: str) -> None:
    assert COUNTRY.candidates(text) == ()


def test_a_district_names_where_it_lies() -> None:
    assert COUNTRY.title("110101") == "东城区（北京市）"
    assert COUNTRY.title("330106") == "西湖区（浙江省杭州市）"
    assert COUNTRY.full_name("360103002") == "江西省南昌市西湖区朝阳洲街道"
    assert COUNTRY.title("999999") == COUNTRY.full_name("999999") == ""


def test_the_beginning_of_an_address_is_read_as_far_as_it_reaches() -> None:
    assert [area.code for area in COUNTRY.at_start_of("江西省九江市浔阳区长虹大道1号")] == ["360403"]
    assert [area.code for area in COUNTRY.at_start_of("浔阳区长虹大道")] == ["360403"]
    assert COUNTRY.at_start_of("某某路1号") == ()


@pytest.mark.parametrize(("place", "root", "counties", "towns"), [
    ("330106", "3301", 13, 196), ("110101", "11", 16, 349), ("441900", "4419", 0, 36), ("442000", "4420", 0, 23),
    ("429004", "4290", 4, 85),
])
def test_a_place_belongs_to_the_slice_of_its_city(place: str, root: str, counties: int, towns: int) -> None:
    assert COUNTRY.slice_of(place) == root
    standing = [area for area in COUNTRY.everything_in(root) if area.valid_to is None]
    assert [sum(len(area.code) == length for area in standing) for length in (6, 9)] == [counties, towns]


def test_a_province_of_cities_is_no_slice_and_neither_is_what_does_not_exist() -> None:
    with pytest.raises(Invalid, match="逐市装入，如 3601"):
        COUNTRY.slice_of("36")
    with pytest.raises(Invalid, match="没有区划代码“999999”"):
        COUNTRY.slice_of("999999")


def test_the_towns_of_a_city_without_counties_hang_on_the_city() -> None:
    assert {area.parent_code for area in COUNTRY.parts("4419")} == {"4419"}
    assert len(COUNTRY.parts("4419")) == 36


def test_pseudo_levels_are_left_out_and_offices_are_streets() -> None:
    rows = [{"code": "11", "name": "北京市"}, {"code": "1101", "name": "市辖区"}, {"code": "110101", "name": "东城区"},
            {"code": "110101001", "name": "东华门街道办事处"}, {"code": "441900", "name": "东莞市"}]
    assert derived([rows]) == [("11", "北京市"), ("110101", "东城区"), ("110101001", "东华门街道")]


def test_what_began_later_is_there_and_what_has_ended_is_not() -> None:
    lines = ["# head", "code,name", "36,江西省", "3601,南昌市", "360104,青云谱区", "360103,西湖区"]
    changes = [{"code": "360104", "name": "青云谱区", "valid_to": "2027-03-31", "successors": "360103"},
               {"code": "360114", "name": "新设区", "valid_from": "2027-04-01", "successors": ""}]
    found = country_of(lines, changes)
    assert [area.name for area in found.parts("3601")] == ["西湖区", "新设区"]
    assert [area.name for area in found.everything_in("3601")] == ["南昌市", "西湖区", "青云谱区", "新设区"]
    assert found.area("360104").valid_to is not None  # type: ignore[union-attr]


def test_an_address_may_begin_with_what_lies_above() -> None:
    assert COUNTRY.address_prefixes("360103") == ("江西省南昌市", "江西南昌市", "江西省南昌", "江西南昌", "南昌市", "江西省", "南昌", "江西")


def test_the_changes_are_dated_and_name_their_papers() -> None:
    text = files("tracker.reference").joinpath("divisions-changes.csv").read_text("utf-8")
    rows = list(DictReader(line for line in text.splitlines() if not line.startswith("#")))
    assert all(row["valid_from"] or row["valid_to"] for row in rows)
    assert [row["code"] for row in rows if not row["notice"] and not row["code"].startswith("360113")] == []
    for row in rows:
        assert all(COUNTRY.area(code) is not None for code in row["successors"].split()), row


def test_what_was_merged_since_2020_leads_to_what_took_it_over() -> None:
    hangzhou = Gazetteer(COUNTRY.slice("3301"))
    on = date(2021, 5, 1)
    assert [area.name for area in hangzhou.successors("330104", on)] == ["上城区", "钱塘区"]
    assert [area.code for area in hangzhou.successors("330104", date(2021, 4, 8))] == ["330104"]
    assert COUNTRY.title("653229") == "和安县（新疆维吾尔自治区和田地区）"
    assert COUNTRY.area("500105").valid_to == date(2025, 11, 6)  # type: ignore[union-attr]
