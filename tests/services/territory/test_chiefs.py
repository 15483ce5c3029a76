"""Section chiefs: dated posts on both sides, handed over from a day; sections that overlap or leave a gap."""

from datetime import date, timedelta

import pytest

from tests.support import patrols as ground
from tests.support import railway
from tests.support.makers import Town
from tracker.domain.house.errors import Conflict, Invalid, NotFound
from tracker.domain.territory.shapes.layers import Layer
from tracker.services.house.master import rows
from tracker.services.house.work import reading
from tracker.services.people import accounts
from tracker.services.territory.shapes import checking, chiefs, versions
from tracker.services.territory.shapes.ground import shapes_of_set, shapes_on
from tracker.services.territory.shapes.versions import ActivateShapes
from tracker.services.upkeep.integrity import verify
from tracker.storage.territory.chiefs import posts_on

pytestmark = pytest.mark.one_engine
TODAY = date(2026, 3, 2)


def test_a_post_is_handed_over_from_a_day_and_the_old_one_ends_the_day_before(town: Town) -> None:
    ground.staffed(town)
    ground.post("local", 3, "XH-TY", "neighbour", date(2026, 4, 1))
    held = [(post.unit, post.valid_from, post.valid_to) for post in posts_on(reading(), TODAY, "JJ-01", ever=True)
            if (post.side, post.tier) == ("local", 3)]
    assert held == [("朝阳洲街道", date(2026, 1, 1), date(2026, 3, 31)), ("桃源街道", date(2026, 4, 1), None)]
    assert [post.unit for post in posts_on(reading(), date(2026, 4, 1)) if (post.side, post.tier) == ("local", 3)] == ["桃源街道"]
    assert verify().first is None


@pytest.mark.parametrize(("given", "field", "said"), [
    ({"side": "local", "unit": "TL-NC"}, "unit", "“南昌铁路工务段”不是地方一方的单位。"),
    ({"side": "rail", "unit": "XH-CYZ"}, "unit", "“朝阳洲街道”不是铁路一方的单位。"),
    ({"person": "nobody"}, "person", "没有登录名为“nobody”的人员。"),
    ({"person": "verifier2"}, "person", "“verifier2先生”已停用，不能担任段长。"),
    ({"person": "railman"}, "person", "“railman先生”已是这一段另一方的段长，一人不能兼任两方。"),
    ({"valid_to": "2026-02-01"}, "valid_to", "最后一天 2026年2月1日 早于任职日 2026年3月2日。"),
    ({"section": "JJ-07"}, "section", None), ({"tier": "4"}, "tier", None),
])
def test_what_a_post_cannot_be_is_named_and_nothing_changes(town: Town, given: dict[str, str], field: str,
                                                            said: str | None) -> None:
    ground.staffed(town)
    accounts.deactivate(town.actor("admin"), login="verifier2")
    before = posts_on(reading(), TODAY, ever=True)
    asked = {"section": "JJ-01", "side": "local", "tier": "3", "unit": "XH-TY", "person": "", "valid_from": "2026-03-02", **given}
    with pytest.raises(Invalid) as told:
        rows.save_row(None, "chiefs", None, asked)
    assert told.value.field == field
    assert said is None or told.value.sentence == said
    assert posts_on(reading(), TODAY, ever=True) == before


def test_a_post_that_has_begun_keeps_its_person_and_two_never_hold_one_at_once(town: Town) -> None:
    ground.staffed(town)
    key = "JJ-01/local/3/2026-01-01"
    with pytest.raises(Invalid, match="换任请另写一条"):
        rows.save_row(None, "chiefs", key, {"unit": "XH-TY"})
    rows.save_row(None, "chiefs", key, {"title": "主任"})
    ground.post("local", 3, "XH-TY", None, date(2026, 5, 1))
    with pytest.raises(Conflict, match="这一级段长自 2026年5月1日 起已另有人担任"):
        ground.post("local", 3, "XH", None, date(2026, 4, 1))
    ground.post("local", 3, "XH", None, date(2026, 4, 1), valid_to="2026-04-30")
    assert [post.valid_to for post in posts_on(reading(), TODAY, ever=True) if (post.side, post.tier) == ("local", 3)] == [
        date(2026, 3, 31), date(2026, 4, 30), None]


def test_only_who_keeps_the_territory_enters_chiefs(town: Town) -> None:
    ground.drawn(town)
    for login in ("officer", "lead", "auditor"):
        with pytest.raises(NotFound):
            rows.save_row(town.actor(login), "chiefs", None, {"section": "JJ-01"})


def test_sections_that_overlap_or_leave_a_gap_are_listed_and_an_overlap_is_not_put_in_force(town: Town) -> None:
    ground.drawn(town, ground.section("JJ-01", end="K1450+500"), ground.section("JJ-02", begin="K1450+700"))
    assert chiefs.faults_on(reading(), TODAY) == ["段落 JJ-01 与 JJ-02 之间空缺 200 米。"]
    number = railway.load(town, Layer.section, ground.section("JJ-02", begin="K1450+300"))
    draft, before = shapes_of_set(reading(), number), shapes_on(reading(), TODAY)
    assert checking.faults_of_sections(draft, before, Layer.section) == ["段落 JJ-01 与 JJ-02 重叠 200 米。"]
    with pytest.raises(Invalid, match="段落 JJ-01 与 JJ-02 重叠 200 米，请更正图形后重新装入"):
        versions.activate(town.actor("lead"), number, ActivateShapes(TODAY + timedelta(days=1)))


def test_a_tier_without_its_other_side_and_a_chief_who_left_are_listed(town: Town) -> None:
    ground.drawn(town)
    ground.post("local", 3, "XH-CYZ", "officer2")
    assert chiefs.faults_on(reading(), TODAY) == ["段落 JJ-01 的三级段长缺铁路一方。"]
    ground.post("rail", 3, "TL-NC", None)
    accounts.deactivate(town.actor("admin"), login="officer2")
    assert chiefs.faults_on(reading(), TODAY, "JJ-01") == ["段落 JJ-01 的地方三级段长 officer2先生 已不在岗，请换任。"]
