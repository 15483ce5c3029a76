"""Territory and routing: Nanchang's divisions through time, names people write, and who gets a case."""

import csv
from datetime import date

import pytest

from tests.support.project_files import ROOT
from tracker.domain.house.errors import Invalid
from tracker.domain.rules.area_codes import AreaLevel, bare_code, covers
from tracker.domain.territory.routing import RoutingFacts, RoutingRule, route
from tracker.domain.territory.territory import areas_from
from tracker.services.rules.reference import shipped_areas, shipped_gazetteer

SHARED = ROOT.parent / "shared" / "data"
GAZETTEER = shipped_gazetteer()
IN_2021, IN_2024 = date(2021, 9, 3), date(2024, 6, 1)


def code_of(text: str, on: date = IN_2024) -> str | None:
    area = GAZETTEER.resolve(text, on)
    return area.code if area else None


@pytest.mark.parametrize(
    "text",
    [
        "西湖区",
        "西湖",
        "南昌市西湖区",
        "江西省南昌市西湖区",
        " 南昌 西湖区 ",
        "３６０１０３",
        "360103000000",
        "西湖区抚生路369号",
    ],
)
def test_the_district_is_recognised_however_it_is_written(text: str) -> None:
    assert code_of(text) == "360103"


@pytest.mark.parametrize(
    "text",
    [
        "朝阳洲街道",
        "朝阳洲",
        "西湖区朝阳洲街道",
        "西湖朝阳洲",
        "江西省南昌市西湖区朝阳洲街道办事处",
        "西湖区朝阳洲街道抚生路1号",
    ],
)
def test_a_street_is_recognised_however_it_is_written(text: str) -> None:
    assert code_of(text) == "360103002"


@pytest.mark.parametrize(
    "text",
    [
        "浔阳区",
        "杭州市西湖区",
        "江西省九江市",
        "",
        "青山",
        "西湖区、青山湖区",
        "西湖区和东湖区",
        "郑州",
    ],
)
def test_what_is_not_ours_or_could_be_two_stays_text(text: str) -> None:
    assert code_of(text) is None


def test_a_short_name_that_a_street_and_a_district_share_is_ambiguous() -> None:
    assert code_of("西湖", IN_2021) is None
    assert code_of("青云谱") is None
    assert code_of("西湖街道", IN_2021) == "360103005"


def test_the_county_and_the_city_of_the_same_name_are_told_apart() -> None:
    assert code_of("南昌县") == "360121"
    assert code_of("南昌市") == code_of("南昌") == "3601"


def test_xihus_old_streets_exist_in_2021_and_its_new_ones_in_2024() -> None:
    def streets(on: date) -> set[str]:
        return {area.name for area in GAZETTEER.existing_on(on) if area.parent_code == "360103"}

    old, new = streets(IN_2021), streets(IN_2024)
    assert (len(old), len(new)) == (12, 10)
    assert old - new == {"西湖街道", "系马桩街道", "十字街街道", "桃花镇"}
    assert new - old == {"桃花街道", "九洲街道"}


def test_an_abolished_area_leads_to_its_successors() -> None:
    def names(code: str, on: date) -> list[str]:
        return [area.name for area in GAZETTEER.successors(code, on)]

    assert names("360103101", IN_2024) == ["桃花街道", "九洲街道"]
    assert names("360103101", IN_2021) == ["桃花镇"]
    assert names("360105", IN_2021) == ["新建区"]
    assert names("999999", IN_2021) == []


def test_every_area_that_ends_has_successors_that_exist() -> None:
    for area in shipped_areas():
        assert area.parent_code is None or GAZETTEER.area(area.parent_code) is not None
        assert area.level is not AreaLevel.township or covers(area.parent_code or "", area.code)
        if area.valid_to is not None:
            assert GAZETTEER.successors(area.code, IN_2024)


def test_wanli_ends_when_honggutan_begins() -> None:
    assert code_of("湾里区", date(2020, 6, 27)) == "360105"
    assert code_of("湾里区", date(2020, 6, 28)) is None
    assert code_of("红谷滩区", date(2020, 6, 27)) is None
    assert code_of("红谷滩区", date(2020, 6, 28)) == "360113"


def test_codes_are_unique() -> None:
    codes = [area.code for area in shipped_areas()]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("name", "on"), [("divisions-nanchang-streets-2023.csv", date(2023, 6, 30)), ("divisions-nanchang-xihu-history.csv", None)]
)
def test_the_shipped_divisions_agree_with_the_statistics_bureaus_editions(name: str, on: date | None) -> None:
    path = SHARED / name
    if not path.exists():
        pytest.skip("../shared/data is not beside this project")
    with path.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        area = GAZETTEER.area(row["代码"])
        assert area is not None
        if on is not None:
            assert area.name == row["名称"]
            assert area.exists_on(on)
        else:
            assert area.exists_on(date(2023, 6, 30)) == row["是否在最新版(2023-06-30)"].startswith("是")
            assert area.exists_on(date(2021, 10, 31)) or row["最后出现于版本"] != "2021-10-31"


def test_an_area_covers_itself_and_what_lies_in_it() -> None:
    assert covers("3601", "360103002")
    assert covers("360103", "360103")
    assert covers("360100", "360103002005")
    assert not covers("360103002", "360103")
    assert not covers("360103", "360104001")
    assert not covers("", "360103")
    assert bare_code("360103002000") == "360103002"


def test_a_bad_row_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        areas_from([{"code": "1", "name": "某", "level": "planet"}])
    assert "第 2 行" in refused.value.sentence


def a_rule(number: int, lead: str, **criteria: object) -> RoutingRule:
    given = {"category": None, "area_code": None, "keywords": ()} | criteria
    return RoutingRule(number=number, lead_unit_code=lead, **given)  # type: ignore[arg-type]


NOISE_AT_A_SITE = RoutingFacts(frozenset({"噪声"}), "360103002", "夜间施工噪声扰民，工地渣土车")


def test_the_most_specific_rule_wins_and_says_why() -> None:
    rules = [
        a_rule(1, "EPA"),
        a_rule(2, "STREET", area_code="360103002"),
        a_rule(
            3,
            "HOUSING",
            area_code="360103",
            category="噪声",
            keywords=("施工",),
            supporting_unit_codes=(
                "URBAN",
                "HOUSING",
                "URBAN",
            ),
            reason="建筑施工噪声由住建部门主管",
        ),
    ]
    routed = route(rules, NOISE_AT_A_SITE, IN_2024, {"360103": "西湖区", "HOUSING": "区住建局"})
    assert routed is not None
    assert (routed.lead, routed.supporting, routed.rule_number) == ("HOUSING", ("URBAN",), 3)
    assert routed.why == "按交办规则第3条：属地为西湖区、类型为噪声、内容提到“施工”，由区住建局主办；建筑施工噪声由住建部门主管。"


def test_the_smaller_area_then_the_lower_number_decides_between_equals() -> None:
    rules = [a_rule(9, "C", area_code="360103002"), a_rule(4, "B", area_code="360103002"), a_rule(1, "A", area_code="360103")]
    for order in (rules, rules[::-1]):
        routed = route(order, NOISE_AT_A_SITE, IN_2024)
        assert routed is not None
        assert routed.lead == "B"


def test_a_rule_counts_only_while_it_is_valid() -> None:
    old = a_rule(1, "OLD", valid_to=date(2023, 12, 31))
    new = a_rule(2, "NEW", valid_from=date(2024, 1, 1))
    assert [routed.lead for on in (IN_2021, IN_2024) if (routed := route([old, new], NOISE_AT_A_SITE, on))] == ["OLD", "NEW"]


def test_without_a_fitting_rule_nothing_is_guessed() -> None:
    rules = [
        a_rule(1, "WATER", category="水"),
        a_rule(2, "ELSEWHERE", area_code="360104"),
        a_rule(3, "RAIL", keywords=("铁路",)),
    ]
    assert route(rules, NOISE_AT_A_SITE, IN_2024) is None
    assert route([a_rule(4, "AREA", area_code="360103")], RoutingFacts(frozenset(), None, ""), IN_2024) is None


def test_a_rule_without_criteria_says_so() -> None:
    routed = route([a_rule(1, "EPA")], NOISE_AT_A_SITE, IN_2024)
    assert routed is not None
    assert "没有更具体的规则" in routed.why


INSIDE, OUTSIDE = a_rule(1, "inside", category="railway", side="inside"), a_rule(2, "outside", category="railway", side="outside")


def at_the_fence(text: str, **answers: object) -> RoutingFacts:
    return RoutingFacts(frozenset({"railway"}), "360103002", text, answers)


@pytest.mark.parametrize("text", ["铁路围栏内有垃圾", "不在围栏内，在围栏外侧", ""])
@pytest.mark.parametrize("side", ["inside", "outside"])
def test_the_form_s_answer_says_on_which_side_of_the_fence_whatever_the_text_says(text: str, side: str) -> None:
    routed = route([INSIDE, OUTSIDE], at_the_fence(text, railway_fence=side, railway_line="京九线"), IN_2024)
    assert routed is not None
    assert routed.lead == side


@pytest.mark.parametrize("text", ["铁路围栏内有垃圾", "不在围栏内"])
def test_no_keyword_decides_the_fence_and_who_was_not_asked_is_on_neither_side(text: str) -> None:
    by_word = a_rule(3, "WORD", keywords=("围栏内", "围栏外"))
    assert route([INSIDE, OUTSIDE, by_word], at_the_fence(text), IN_2024) is None


def test_a_side_makes_a_rule_more_specific_and_is_given_as_the_ground() -> None:
    plain = a_rule(9, "PLAIN", category="railway")
    routed = route([plain, INSIDE], at_the_fence("", railway_fence="inside"), IN_2024)
    assert routed is not None
    assert (routed.lead, "登记时注明在围栏内" in routed.why) == ("inside", True)
