"""`flask place explain`: the examples of the rule, each with its rule, its lead and the paragraph."""

import json
from typing import Any

import pytest

from tests.support import railway
from tests.support.makers import Town
from tracker.domain.territory.shapes.layers import Layer
from tracker.gateways.territory.datums import shifted

pytestmark = pytest.mark.one_engine


def said(cli: Any, lat: float, lng: float, *more: str, fails: bool = False) -> str:
    done = cli.invoke(args=["place", "explain", "--lat", str(lat), "--lng", str(lng), *more])
    assert (done.exit_code != 0) is fails, done.output
    return str(done.output).strip()


def judged(cli: Any, lat: float, lng: float, accuracy: float) -> tuple[Any, ...]:
    found = json.loads(said(cli, lat, lng, "--accuracy", str(accuracy), "--json"))
    return tuple(found[name] for name in ("rule", "lead", "supporting", "informed", "candidates", "confidence"))


def test_the_examples_come_to_their_rule_and_their_units(town: Town, cli: Any) -> None:
    railway.in_force(town)
    rail, street, pump = "NTJ-GWD", "XH-TH", "XH-NSJ"
    assert judged(cli, 28.660902, 115.920051, 3) == ("A1", rail, [], [street], [], "settled")
    assert judged(cli, 28.662707, 115.91975, 5) == ("A3", street, [], [rail], [], "settled")
    assert judged(cli, 28.663158, 115.920409, 3) == ("A4", rail, [street], [], [], "settled")
    assert judged(cli, 28.666343, 115.919928, 3) == ("A2", pump, [rail], [], [], "settled")
    assert judged(cli, 28.670827, 115.920131, 1) == ("A6", None, [], [], [rail, street], "open")
    assert judged(cli, 28.673534, 115.920092, 15) == ("A6", None, [], [], [rail, street], "open")
    assert judged(cli, 28.673534, 115.920092, 2)[:2] == ("A1", rail)
    assert judged(cli, 28.668121, 115.919, 5) == ("A3", street, [], [rail], [], "settled")
    assert judged(cli, 28.68, 115.920051, 5)[0] == "A0"


def test_the_second_example_is_told_word_for_word(town: Town, cli: Any) -> None:
    railway.in_force(town)
    assert said(cli, 28.662707, 115.91975, "--accuracy", "5") == (
        "围栏为界：点位在京九线K1449+300左侧，围栏外12.4米（围栏图2026年第1版，误差5米），属地方；产权为主：产权登记中此处无记录。"
        "按责任清单2026年第1版第18条：属地为桃花街道，由桃花街道主办；属地管理。南昌工务段知会。\nA3")


@pytest.mark.parametrize(("lat", "lng", "accuracy", "sentence"), [
    (28.660902, 115.920051, 3, "围栏为界：点位在京九线K1449+100右侧，围栏内7.0米（围栏图2026年第1版，误差3米），属铁路；产权为主：产权登记中此处无记录。"
     "京九线桃花段（JJ-01）的铁路责任单位是南昌工务段，由南昌工务段主办。桃花街道知会。\nA1"),
    (28.663158, 115.920409, 3, "围栏为界：点位在京九线K1449+350右侧，围栏外28.0米（围栏图2026年第1版，误差3米），属地方；产权为主：产权登记"
     "（2026年第1版）中此处为京九线货场，属铁路。京九线桃花段（JJ-01）的铁路责任单位是南昌工务段，由南昌工务段主办。桃花街道协办。\nA4"),
    (28.666343, 115.919928, 3, "围栏为界：点位在京九线K1449+703左侧，围栏内5.0米（围栏图2026年第1版，误差3米），属铁路；产权为主：产权登记"
     "（2026年第1版）中此处为桃花泵站，属地方。由产权单位西湖区农业农村水利局主办。南昌工务段协办。\nA2"),
    (28.670827, 115.920131, 1, "围栏为界：点位在京九线K1450+200右侧，离围栏线0.8米，误差2米，分不清围栏内外（围栏图2026年第1版）；"
     "产权为主：产权登记中此处无记录。候选单位：南昌工务段、桃花街道。两边都是候选单位，须先到现场复核。\nA6"),
])
def test_every_rule_says_its_reasons(town: Town, cli: Any, lat: float, lng: float, accuracy: float, sentence: str) -> None:
    railway.in_force(town)
    assert said(cli, lat, lng, "--accuracy", str(accuracy)) == sentence


def test_beyond_the_corridor_the_sentence_says_how_wide_it_is(town: Town, cli: Any) -> None:
    railway.in_force(town)
    assert said(cli, 28.668121, 115.9158, "--accuracy", "5", "--area", railway.AREA) == (
        "点位在围栏外398.5米，超出城区沿线100米，不属铁路沿线范围。按责任清单2026年第1版第18条：属地为桃花街道，由桃花街道主办；属地管理。\nA0")
    assert "216.6米" in said(cli, 28.68, 115.920051, "--accuracy", "5")


def test_in_the_country_the_same_point_is_the_railway_s_surroundings(town: Town, cli: Any) -> None:
    railway.in_force(town, Layer.built_up)
    assert judged(cli, 28.668121, 115.9158, 5)[:2] == ("A3", "XH-TH")


def test_a_point_of_a_shifted_map_is_converted_first_and_one_of_no_known_datum_refused(town: Town, cli: Any) -> None:
    railway.in_force(town)
    lat, lng = shifted(28.662707, 115.91975)
    assert said(cli, lat, lng, "--accuracy", "5", "--datum", "gcj02").endswith("A3")
    assert "12.4米" in said(cli, lat, lng, "--accuracy", "5", "--datum", "gcj02")
    assert "不知道这个点是什么坐标系" in said(cli, lat, lng, "--datum", "", fails=True)
    assert "不知道这个点是什么坐标系" in said(cli, lat, lng, "--datum", "bd09", fails=True)


def test_points_that_are_none_are_refused_as_everywhere(town: Town, cli: Any) -> None:
    assert "(0,0)" in said(cli, 0, 0, fails=True)
    assert "填反了" in said(cli, 115.92, 28.66, fails=True)
    assert "没有问题类型" in said(cli, 28.66, 115.92, "--category", "smell", fails=True)
    assert cli.invoke(args=["place", "explain", "--lat", "28.66"]).exit_code != 0


def test_without_any_line_the_ordinary_list_decides(town: Town, cli: Any) -> None:
    railway.add_units(town)
    assert said(cli, 28.662707, 115.91975, "--area", railway.AREA) == (
        "地图上没有铁路线路，不属铁路沿线范围。按责任清单2026年第1版第18条：属地为桃花街道，由桃花街道主办；属地管理。\nA0")


@pytest.mark.parametrize("accuracy", ["nan", "inf", "-5", "100001"])
def test_an_accuracy_that_none_can_be_is_refused(town: Town, cli: Any, accuracy: str) -> None:
    railway.in_force(town)
    assert said(cli, 28.662707, 115.91975, "--accuracy", accuracy, fails=True) == "定位精度应为 0 至 100000 之间的米数。"
