"""Suggestions of near-duplicates: found by place and words, within what the reader may see, and never too many statements."""

import csv
import random
import re
from typing import Any

import pytest
from flask import Flask

from tests.support.makers import Town
from tests.support.project_files import ROOT
from tests.support.visitors import counted_statements
from tracker.gateways.territory.datums import shifted
from tracker.services.cases import likeness
from tracker.services.cases.likeness import CaseAtHand

HERE: dict[str, Any] = {"lat": 28.655, "lng": 115.865, "datum": "wgs84"}
NEXT_DOOR: dict[str, Any] = {"lat": 28.6555, "lng": 115.8653, "datum": "wgs84"}
TEXT = {"title": "桃花河东岸堆放垃圾", "description": "桃花河东岸长期堆放生活垃圾，雨天污水入河，气味难闻"}
AGAIN = {"title": "桃花河边垃圾成堆", "description": "河东岸长期堆放生活垃圾，下雨污水入河，味道很大"}
DATA = ROOT.parent / "shared" / "data" / "messages-hotspot-env.csv"


def found(town: Town, by: str = "dispatcher", **asked: Any) -> list[tuple[str, str]]:
    return [(each.case.number, each.reason) for each in likeness.suggestions(town.actor(by), CaseAtHand(**asked))]


def test_the_same_trouble_next_door_is_found_with_the_reason_in_words(town: Town) -> None:
    number = town.registered(**TEXT, **HERE)
    town.registered(title="夜市油烟直排", description="中山路夜市烧烤油烟直排，影响居民休息", **HERE)
    town.days_pass(3)
    ((suggested, why),) = found(town, **AGAIN, **NEXT_DOOR)
    assert suggested == number
    assert re.fullmatch(r"相距 6\d 米 · 3 天前 · 文字相似 \d\d%", why)


def test_a_point_of_a_shifted_map_is_compared_where_it_really_lies(town: Town) -> None:
    town.registered(**TEXT, **HERE)
    lat, lng = shifted(28.655, 115.865)
    ((_, why),) = found(town, **AGAIN, lat=lat, lng=lng, datum="gcj02")
    assert why.startswith("相距 0 米 · 同一天")


def test_without_a_place_only_nearly_the_same_words_are_suggested(town: Town) -> None:
    number = town.registered(**TEXT)
    assert [n for n, _ in found(town, title=TEXT["title"], description=TEXT["description"][:-5])] == [number]
    assert found(town, title="街边乱停车", description="街边常有汽车乱停，影响通行") == []
    assert found(town, title="", description="") == []


def test_old_voided_and_other_people_s_cases_are_not_suggested(town: Town) -> None:
    town.walk(town.registered(**TEXT, **HERE), "void")
    assert found(town, **AGAIN, **HERE) == []
    number = town.registered(**TEXT, **HERE)
    assert [n for n, _ in found(town, **AGAIN, **HERE)] == [number]
    assert found(town, "other_dispatcher", **AGAIN, **HERE) == []
    town.days_pass(91)
    assert found(town, **AGAIN, **HERE) == []


def test_a_case_is_not_like_itself_and_finds_its_twin(town: Town) -> None:
    first, second = town.registered(**TEXT, **HERE), town.registered(**TEXT, **HERE)
    head, (suggested,) = likeness.suggestions_for(town.actor("dispatcher"), first)
    assert (head.number, suggested.case.number) == (first, second)


def test_three_statements_are_enough(town: Town, app: Flask) -> None:
    town.registered(**TEXT, **HERE)
    actor, asked = town.actor("dispatcher"), CaseAtHand(**AGAIN, **HERE, place="桃花河东岸")
    with counted_statements(app) as sent:
        assert likeness.suggestions(actor, asked)
    assert len(sent) <= 3, sent


def edited(dice: random.Random, text: str) -> str:
    """The same complaint as somebody else would type it: a sentence less, another order, other words, cut short."""
    parts = [part for part in re.split(r"[，。！？；,]", text) if part.strip()]
    if len(parts) > 3:
        parts.pop(dice.randrange(len(parts)))
    dice.shuffle(parts)
    for word, other in (("噪音", "噪声"), ("扰民", "影响居民"), ("请", "希望"), ("相关部门", "有关单位"), ("严重", "十分")):
        parts = [part.replace(word, other) for part in parts]
    return "，".join(parts)[: dice.choice((60, 100, 200))]


def recall(town: Town, texts: list[tuple[str, str]], asked: int, seed: int) -> float:
    """How many of so many edited texts bring back the case that they were made from."""
    dice = random.Random(seed)
    numbers = []
    for title, said in texts:
        town.clock.advance(minutes=1)  # nobody registers more than so many an hour
        numbers.append(town.registered(title=title[:300], description=said or title))
    chosen = dice.sample(range(len(texts)), asked)
    hits = [numbers[n] in [number for number, _ in found(town, title=texts[n][0], description=edited(dice, texts[n][1]))]
            for n in chosen]
    return sum(hits) / len(hits)


PLACES = ("桃花南路", "抚生路", "朝阳洲", "丁公路", "绳金塔", "洪城路", "象山南路", "建设西路", "九洲大街", "云锦路")
MATTERS = ("工地夜间施工噪音扰民，渣土车整夜进出，居民无法入睡，请相关部门处理", "烧烤店油烟直排居民楼，净化器从不开启，味道呛人，严重影响生活",
           "河面漂着白色泡沫，岸边有暗管排水，气味刺鼻，鱼也死了", "空地上堆着建筑垃圾，没有覆盖，一刮风满街是灰，行人捂着口鼻")


@pytest.mark.one_engine
def test_edited_texts_bring_back_what_they_were_made_from(town: Town) -> None:
    texts = [(f"{place}{matter[:8]}", f"{place}{n + 1}号附近，{matter}") for n, place in enumerate(PLACES) for matter in MATTERS]
    assert recall(town, texts, 30, 7) >= 0.9


@pytest.mark.one_engine
def test_real_messages_edited_bring_back_what_they_were_made_from(town: Town) -> None:
    if not DATA.exists():
        pytest.skip("shared/data/messages-hotspot-env.csv is not here")
    with DATA.open(encoding="utf-8-sig", newline="") as source:
        rows = [(row["留言主题"].strip(), row["留言详情(截取200字)"].strip()) for row in csv.DictReader(source)][:250]
    assert recall(town, rows, 60, 11) >= 0.9
