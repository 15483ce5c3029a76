"""Areas are edited: added by code or below a parent, called otherwise, ended into others, each with its day and paper."""

from contextlib import suppress
from datetime import date

import pytest
from flask import Flask

from tests.support.makers import Town
from tests.support.visitors import counted_statements
from tracker.domain.house.actor import Grant, Role
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed, Refusal
from tracker.domain.territory.editing import AreaOrder, EndOrder
from tracker.domain.territory.territory import AreaKind
from tracker.services.house.work import Work, reading, wiring
from tracker.services.people import accounts
from tracker.services.people.access import actor_by_login
from tracker.services.rules import rules
from tracker.services.territory import areas
from tracker.storage.house.ledger import stream_of
from tracker.storage.territory.area_lines import area_page

pytestmark = pytest.mark.one_engine

TODAY = date(2026, 3, 2)
END = date(2027, 3, 31)


def told() -> list[str]:
    return [fact.kind for fact in stream_of(reading(), "areas")]


def test_a_cell_is_proposed_below_its_town_and_takes_part_in_everything_at_once(town: Town) -> None:
    first = areas.add(town.actor("admin"), AreaOrder("第一网格", parent="360103002"))
    second = areas.add(town.actor("admin"), AreaOrder("第二网格", parent="360103002"))
    assert (first.code, second.code, first.kind, first.valid_from) == ("360103002G01", "360103002G02", AreaKind.local, TODAY)
    assert rules.gazetteer().resolve("第一网格", TODAY) == first
    assert told() == ["area:added", "area:added"]


def test_a_dispatcher_adds_below_the_own_area_what_the_state_has_no_code_for(town: Town) -> None:
    dispatcher = town.actor("dispatcher")
    assert areas.add(dispatcher, AreaOrder("江滩片区", parent="360103")).code == "360103Z01"
    for order in (AreaOrder("别区片区", parent="360104"), AreaOrder("高新区", parent="3601"), AreaOrder("某街道", code="360103088")):
        with pytest.raises(NotAllowed):
            areas.add(dispatcher, order)
    with pytest.raises(NotAllowed):
        areas.rename(dispatcher, "360103002", "新街道", valid_from=date(2026, 4, 1), document_no="洪府字〔2026〕1号")
    with pytest.raises(NotAllowed):
        areas.add(town.actor("clerk"), AreaOrder("江滩片区", parent="360103"))


@pytest.mark.parametrize(("order", "sentence"), [
    (AreaOrder("某街道", code="360103002"), "代码 360103002 已用于“朝阳洲街道”，用过的代码不再用。"),
    (AreaOrder("某街道", code="360103005"), "代码 360103005 已用于“西湖街道”，用过的代码不再用。"),
    (AreaOrder("朝阳洲街道", parent="360103"), "西湖区之下已有“朝阳洲街道”（360103002）。"),
    (AreaOrder("\u3164 \u200b", parent="360103"), "名称应为 1 至 40 个看得见的字。"),
    (AreaOrder("某街道", code="360103099"), "全国区划表里没有 360103099：新设的国家区划须写明文号。"),
    (AreaOrder("某街道", code="110101001"), "110101001 的上级不在本系统的区划内，先装入或先建上级。"),
    (AreaOrder("某街道", code="3601K0"), "“3601K0”不是区划代码：应为 2、4、6、9 或 12 位，地方自编的以字母代替数字，如 3601K1。"),
    (AreaOrder("某片", parent="999999"), "没有区划代码“999999”。"),
    (AreaOrder("麻丘镇", parent="360103", formal_code="360103002"), "朝阳洲街道本来就在这里，不用另写法定代码。"),
    (AreaOrder("麻丘镇", parent="360103", formal_code="360121"), "法定代码“360121”应是本系统里一个现存乡镇（街道）的国家代码。"),
])
def test_what_stands_against_a_new_area_is_said(town: Town, order: AreaOrder, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        areas.add(town.actor("admin"), order)
    assert refused.value.sentence == sentence
    assert told() == []


def test_a_new_division_of_the_state_comes_with_its_paper(town: Town) -> None:
    added = areas.add(town.actor("admin"), AreaOrder("新街道", code="360103099", document_no="洪府字〔2026〕9号"))
    assert (added.kind, added.document_no, added.parent_code) == (AreaKind.official, "洪府字〔2026〕9号", "360103")


def test_a_renamed_area_bears_each_name_in_its_time(town: Town) -> None:
    areas.rename(town.actor("admin"), "360103002", "朝阳新城街道", valid_from=date(2026, 4, 1), document_no="洪府字〔2026〕3号")
    gazetteer = rules.gazetteer()
    assert [gazetteer.resolve(name, date(2026, 3, 31)) is not None for name in ("朝阳洲街道", "朝阳新城街道")] == [True, False]
    assert [gazetteer.resolve(name, date(2026, 4, 1)) is not None for name in ("朝阳洲街道", "朝阳新城街道")] == [False, True]
    assert [area.code for area in gazetteer.successors("360103002", date(2026, 4, 1))] == ["360103002"]
    assert told() == ["area:renamed"]


@pytest.mark.parametrize(("name", "on", "paper", "sentence"), [
    ("朝阳洲街道", date(2026, 4, 1), "文", "新名称和现在的一样。"),
    ("朝阳新城街道", date(2026, 4, 1), "", "国家区划更名或倒签，须写明文号。"),
    ("南站街道", date(2026, 4, 1), "文", "同级已有“南站街道”（360103010）。"),
])
def test_what_stands_against_a_new_name_is_said(town: Town, name: str, on: date, paper: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        areas.rename(town.actor("admin"), "360103002", name, valid_from=on, document_no=paper)
    assert refused.value.sentence == sentence


def test_an_ending_is_foreseen_and_takes_the_parts_along_each_to_its_own_heir(town: Town) -> None:
    accounts.add_unit(None, code="QYP", name="青云谱区局", kind="department", area_code="360104")
    accounts.add_person(None, login="li", name="李", unit="QYP", roles=[Grant(Role.dispatcher, "360104")], email="li@example.cn")
    areas.add(town.actor("admin"), AreaOrder("三家店街道", code="360103088", document_no="国函〔2026〕8号"))
    order = EndOrder("360104", END, ("360103",), "国函〔2026〕8号")
    plan = areas.foresee_end(town.actor("admin"), order)
    assert [area.name for area in plan.successors] == ["西湖区"]
    assert (plan.hanging.units, plan.hanging.grants) == ((("QYP", "青云谱区局"),), (("li", "dispatcher", "360104"),))
    assert told() == ["area:added"]
    done = areas.end(town.actor("admin"), order)
    assert done.parts == plan.parts
    gazetteer, after = rules.gazetteer(), date(2027, 4, 1)
    assert gazetteer.area("360104", END) is not None
    assert [area.code for area in gazetteer.successors("360104007", after)] == ["360103088"]
    assert [area.code for area in gazetteer.successors("360104002", after)] == ["360103"]
    assert told() == ["area:added", "area:ended"]


@pytest.mark.parametrize(("order", "sentence"), [
    (EndOrder("360104", END, ("360105",)), "承接的湾里区（360105）到 2027年4月1日 已经撤销或尚未设立。"),
    (EndOrder("360104", END, ("999999",)), "承接的区划“999999”不在本系统的区划内。"),
    (EndOrder("360104", END, ("360104",)), "青云谱区（360104）不能由自己或自己的下级承接。"),
    (EndOrder("360104", END, ("360104002",)), "洪都街道（360104002）不能由自己或自己的下级承接。"),
    (EndOrder("360104", date(2026, 3, 1), ("360103",)), "倒签的撤并，须写明文号。"),
    (EndOrder("360104", END), "没有承接的区划时，须写明原因。"),
    (EndOrder("360103013", date(2018, 1, 1), ("360103",), "文"), "“朝农街道”自 2018年10月31日 起设立，最后一天不能更早。"),
    (EndOrder("360105", END, ("360103",)), "“湾里区”已登记于 2020年6月27日 撤销。"),
])
def test_what_stands_against_an_end_is_said(town: Town, order: EndOrder, sentence: str) -> None:
    for ask in (areas.foresee_end, areas.end):
        with pytest.raises(Refusal) as refused:
            ask(town.actor("admin"), order)
        assert refused.value.sentence == sentence
    assert told() == []


def test_two_areas_cannot_end_into_each_other(town: Town) -> None:
    areas.end(town.actor("admin"), EndOrder("360104", END, ("360103",)))
    with pytest.raises(Invalid, match="承接不能成环"):
        areas.end(town.actor("admin"), EndOrder("360103", date(2027, 6, 30), ("360104",)))


def test_a_code_that_has_ended_is_never_used_again(town: Town) -> None:
    areas.add(town.actor("admin"), AreaOrder("江滩片区", parent="360103"))
    areas.end(town.actor("admin"), EndOrder("360103Z01", TODAY, (), "", "并入街道管理"))
    with pytest.raises(Conflict, match="用过的代码不再用"):
        areas.add(town.actor("admin"), AreaOrder("新片区", code="360103Z01"))
    assert areas.add(town.actor("admin"), AreaOrder("新片区", parent="360103")).code == "360103Z02"


def test_the_list_is_paged_by_code_and_searched_by_name_and_code(town: Town) -> None:
    page = area_page(reading(), [], today=TODAY)
    assert (len(page.lines), page.total) == (50, 149)
    second = area_page(reading(), [], today=TODAY, after=page.after)
    third = area_page(reading(), [], today=TODAY, after=second.after)
    codes = [line.code for each in (page, second, third) for line in each.lines]
    assert (codes == sorted(codes), len(set(codes)), third.after) == (True, 149, "")
    assert [line.name for line in area_page(reading(), ["朝阳洲"], today=TODAY).lines] == ["朝阳洲街道"]
    assert area_page(reading(), ["3601k"], today=TODAY).total == 0
    assert [line.name for line in area_page(reading(), ["湾里"], is_former=True, today=TODAY).lines] == ["湾里区"]
    assert area_page(reading(), ["100%_"], today=TODAY).total == 0


def test_who_may_not_manage_areas_finds_none(town: Town) -> None:
    with pytest.raises(Refusal):
        areas.area_named(actor_by_login("officer"), "360103")


def test_a_work_of_many_areas_reads_them_once_and_knows_what_reading_them_anew_would_give(town: Town, app: Flask) -> None:
    admin = town.actor("admin")
    with counted_statements(app) as statements, Work(wiring()) as work:
        for number in range(20):
            areas.add(admin, AreaOrder(f"第{number}网格", parent="360103002"))
        areas.rename(admin, "360103002G02", "乙网格", valid_from=date(2026, 4, 1))
        areas.end(admin, EndOrder("360103002G03", date(2026, 3, 31), ("360103002G04",)))
        with suppress(Conflict), work.attempted():
            for _ in range(2):
                areas.add(admin, AreaOrder("甲网格", code="360103002G99"))
        known = rules.gazetteer()
        assert known.area("360103002G99") is None and known.resolve("乙网格", date(2026, 4, 1)) is not None
    read = [each for each in statements if "FROM areas ORDER BY" in " ".join(each.split())]
    assert len(read) <= 2  # at first, and after what was refused
    assert rules.gazetteer().areas == known.areas
