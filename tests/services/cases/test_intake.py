"""Cases enter the register: what is refused, what is kept, what the first fact says."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.support.makers import Town, photo
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed, Refusal
from tracker.domain.house.words import commitment
from tracker.services.cases import intake
from tracker.services.cases.intake import RegisterOrder
from tracker.services.evidence.evidence import Upload
from tracker.storage.house.base import db
from tracker.storage.house.words import WordRow
from tracker.storage.mail.outbox import Message

pytestmark = pytest.mark.one_engine


def refused(town: Town, by: str = "clerk", **order: object) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        town.registered(by=by, **order)  # type: ignore[arg-type]
    assert town.registered() == "XH-2026-000001", "a refused registration takes no number"
    return refusal.value


def test_a_new_case_has_the_year_s_next_number_and_all_that_was_said(town: Town) -> None:
    number = town.registered("D3JX", source_number=" d3jx2026 0302０００1* ", place="抚生路", received_on=date(2026, 2, 27),
                             channel="letter")
    case = town.row(number)
    assert number == "XH-2026-000001"
    assert (case.source_number, case.is_key, case.channel, case.received_on) == ("d3jx202603020001", True, "letter",
                                                                                 date(2026, 2, 27))
    assert (case.registered_by_id, case.jurisdiction, case.due_on, case.state.value) == (town.people["clerk"], "360103002", None,
                                                                                         "registered")
    assert town.registered() == "XH-2026-000002"


def test_without_an_area_the_case_is_the_home_district_s(town: Town) -> None:
    number = town.registered(area_code=None, area_text="西湖区")
    assert (town.row(number).jurisdiction, town.row(number).area_code, town.row(number).area_text) == ("360103", None, "西湖区")


def test_numbers_start_again_each_year_of_the_office(town: Town) -> None:
    town.registered()
    town.clock.move_to(town.clock.end_of(date(2026, 12, 31)))  # midnight in the office, still 2026 in UTC
    assert town.clock.now().year == 2026
    assert town.registered() == "XH-2027-000001"


def test_the_first_fact_knows_the_texts_by_their_commitments_alone(town: Town) -> None:
    number = town.registered(title="某饭店油烟", description="某饭店油烟扰民", place="抚生路1号")
    (fact,) = town.facts(number)
    said = fact.payload["words"]
    kept = {row.name: row for row in db.session.scalars(select(WordRow).where(WordRow.stream == fact.stream))}
    for name, text in (("title", "某饭店油烟"), ("description", "某饭店油烟扰民"), ("place", "抚生路1号")):
        assert text not in fact.body
        assert said[name] == commitment(kept[name].salt, text)  # type: ignore[index]
        assert (kept[name].text, len(kept[name].salt)) == (text, 32)
    assert len({row.salt for row in kept.values()}) == len(kept) == 3


def test_photos_come_in_as_before_photos_with_their_own_fact(town: Town) -> None:
    number = town.registered(uploads=[photo(), photo()])
    assert [fact.kind for fact in town.facts(number)] == ["case:registered", "case:evidence_added"]
    assert [e["role"] for e in town.last(number)["evidence"]] == ["before", "before"]


def test_a_bad_photo_stops_the_registration(town: Town) -> None:
    assert "不是可以接受的类型" in refused(town, uploads=[Upload("x.jpg", b"text")]).sentence


@pytest.mark.parametrize(("order", "sentence", "field"), [
    ({"title": "  "}, "标题不能为空。", "title"), ({"description": ""}, "问题描述不能为空。", "description"),
    ({"title": "一" * 301}, "标题最多 300 字，现为 301 字。", "title"), ({"place": "一" * 301}, "地点最多 300 字，现为 301 字。", "place"),
    ({"description": "好\x00"}, "问题描述含有不可见的控制字符，请删去后重填。", "description"),
    ({"categories": ("ufo",)}, "没有问题类型“ufo”。", "categories"), ({"channel": "dove"}, "没有渠道“dove”。", "channel"),
    ({"received_on": date(2026, 3, 3)}, "受理日期 2026年3月3日 晚于今天。", "received_on"),
    ({"lat": 0.0, "lng": 0.0}, "位置为(0,0)，不是有效坐标。", "lat"),
    ({"area_code": "999999"}, "没有区划代码“999999”。", "area_code"),
    ({"area_code": "朝阳洲街道"}, "没有区划代码“朝阳洲街道”。", "area_code"),
    ({"source_number": "1" * 121}, "来源编号最多 120 字，现为 121 字。", "source_number"),
])  # fmt: skip
def test_a_wrong_registration_is_refused_with_one_sentence(town: Town, order: dict[str, object], sentence: str,
                                                           field: str) -> None:
    refusal = refused(town, **order)
    assert isinstance(refusal, Invalid)
    assert (refusal.sentence, refusal.field) == (sentence, field)


def test_an_unknown_source_is_refused_with_those_known(town: Town) -> None:
    refusal = refused(town, source="XYZ")
    assert refusal.sentence.startswith("没有来源“XYZ”；已有来源：")
    assert "D3JX(第三轮中央生态环境保护督察信访件)" in refusal.sentence


@pytest.mark.parametrize("again", ["A-1", " a-1".upper(), "Ａ－1", "A-1*"])
def test_the_same_source_number_comes_in_once_however_it_is_typed(town: Town, again: str) -> None:
    town.registered(source_number="A-1")
    with pytest.raises(Conflict, match="来源编号 A-1 已登记为 XH-2026-000001。"):
        town.registered(source_number=again)
    assert town.registered("MSG", source_number=again) == "XH-2026-000002"


@pytest.mark.parametrize("login", ["officer", "verifier", "lead", "supervisor", "auditor", "admin", "custodian"])
def test_who_may_not_register_does_not(town: Town, login: str) -> None:
    refusal = refused(town, by=login)
    assert isinstance(refusal, NotAllowed) and refusal.sentence == "您没有“登记案件”的权限。"


def test_nobody_registers_a_case_of_an_area_that_is_not_theirs(town: Town) -> None:
    assert refused(town, area_code="360102002").sentence == "您不能登记这个区域的案件。"
    assert refused_of(town, "other_dispatcher", "360103002") == "您不能登记这个区域的案件。"


def refused_of(town: Town, login: str, area: str) -> str:
    with pytest.raises(NotAllowed) as refusal:
        intake.register(town.actor(login), RegisterOrder("MSG", "甲", "乙", area_code=area))
    return refusal.value.sentence


def test_a_case_that_comes_with_photos_is_told_to_the_dispatchers_too(town: Town) -> None:
    number = intake.register(town.actor("inspector"), RegisterOrder("PATROL", "垃圾", "河边垃圾", area_code="360103"),
                             uploads=[photo()]).number
    told = set(db.session.scalars(select(Message.mail)
                                  .where(Message.dedupe_key.startswith(f"notice/case:registered/case:{number}"))))
    assert told == {"case_registered"}
