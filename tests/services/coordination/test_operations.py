"""Operations: who was out, what was found becomes a case in the same transaction, and what keeps one from its end."""

from datetime import date, datetime

import pytest

from tests.support.acts import act_in, do, opened, site_of
from tests.support.makers import Town, jpeg
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import Incomplete, Invalid, NotAllowed, Refusal, WrongState
from tracker.services.acts import access, steps
from tracker.services.cases import intake
from tracker.services.cases.intake import RegisterOrder
from tracker.services.coordination.operations import register_found
from tracker.services.evidence.evidence import Upload
from tracker.services.house.work import reading, wiring
from tracker.services.rules.book import set_value
from tracker.storage.acts.page import ActPage
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import db
from tracker.storage.house.ledger import stream_of

pytestmark = pytest.mark.one_engine  # the lives of acts, the counts and what waits run on both

FOUND = {"title": "渣土未覆盖", "description": "工地东门渣土未覆盖", "place": "工地东门"}


def page(town: Town, number: str, login: str = "dispatcher") -> ActPage:
    return access.page_for(town.actor(login), number)


def at(town: Town, *when: int) -> None:
    town.clock.move_to(datetime(*when, tzinfo=wiring().zone))  # type: ignore[arg-type, misc]


def kinds(number: str) -> list[str]:
    return [fact.kind for fact in stream_of(reading(), f"act:{number}")]


def case_found(town: Town, number: str) -> str:
    return page(town, number).links[-1].target.removeprefix("case:")


def reported_with_a_finding(town: Town) -> str:
    number = act_in(town, "operation", "under_way")
    for step in ("find", "set_forces", "check_place", "report"):
        do(town, number, "operation", step)
    return number


def test_what_is_found_is_an_ordinary_case_of_its_source_in_the_same_transaction(town: Town) -> None:
    number = act_in(town, "operation", "under_way")
    do(town, number, "operation", "find", by="officer")
    (link,) = page(town, number).links
    case = town.row(case_found(town, number))
    assert (link.role, case.source.key, case.channel, case.state) == ("found", "OPER", "onsite", CaseState.registered)
    assert kinds(number)[-1] == "operation:found"
    assert not {"title", "description", "place"} & set(stream_of(reading(), f"act:{number}")[-1].body)


def test_photos_of_what_is_found_are_those_of_the_case_and_after_the_first_those_of_its_rectification(town: Town) -> None:
    number = act_in(town, "operation", "under_way")
    photos = [Upload(f"{n}.jpg", jpeg(n)) for n in (1, 2)]
    steps.take(town.actor("officer"), number, "find", {**FOUND, "is_fixed": "是"}, uploads=photos)
    case = case_found(town, number)
    rows = db.session.query(EvidenceRow).order_by(EvidenceRow.id).all()
    assert [(row.subject, row.role) for row in rows] == [(f"case:{case}", "before"), (f"case:{case}", "after")]
    assert town.row(case).state == CaseState.registered


@pytest.mark.parametrize(("given", "photos", "field"), [
    ({}, 0, "no_photo"), ({"no_photo": "懒"}, 0, "no_photo"), ({"is_fixed": "是"}, 1, "files"),
    ({"is_fixed": "是", "no_photo": "dark"}, 0, "files"), ({"title": ""}, 1, "title"), ({"place": ""}, 1, "place"),
    ({"target": "XH-2026-000099"}, 0, "target"),
])
def test_a_finding_that_is_refused_leaves_neither_a_case_nor_a_fact(town: Town, given: dict[str, str], photos: int,
                                                                    field: str) -> None:
    number, before = act_in(town, "operation", "under_way"), len(list(db.session.scalars(db.select(EvidenceRow))))
    told = kinds(number)
    with pytest.raises(Refusal) as refused:
        steps.take(town.actor("officer"), number, "find", {**FOUND, **given}, uploads=[Upload("1.jpg", jpeg(1))] * photos)
    assert refused.value.field == field
    assert kinds(number) == told
    assert page(town, number).links == ()
    assert len(list(db.session.scalars(db.select(EvidenceRow)))) == before


def test_a_case_that_was_registered_for_it_is_tied_once_and_to_one_operation_alone(town: Town) -> None:
    first, second = act_in(town, "operation", "under_way"), act_in(town, "operation", "under_way")
    order = RegisterOrder("", "渣土", "渣土未覆盖", place="东门", area_code="360103", no_photo="dark", client_id="a" * 16)
    made = [register_found(town.actor("dispatcher"), first, order).number for _ in range(2)]
    assert made[0] == made[1] == case_found(town, first)
    assert kinds(first).count("operation:found") == 1
    with pytest.raises(Invalid, match=f"已经列在行动 {first} 名下"):
        do(town, second, "operation", "find", title=None, description=None, place=None, no_photo=None, target=made[0])
    other = town.registered("PATROL")
    with pytest.raises(Invalid, match="不是按“专项行动问题”登记的案件"):
        do(town, second, "operation", "find", title=None, description=None, place=None, no_photo=None, target=other)


def test_who_is_of_no_unit_in_it_finds_nothing(town: Town) -> None:
    number = act_in(town, "operation", "under_way")
    for login in ("verifier", "supervisor", "clerk"):
        with pytest.raises(NotAllowed):
            do(town, number, "operation", "find", by=login)


def test_an_operation_ends_only_when_every_case_it_found_was_handed_on(town: Town) -> None:
    number = reported_with_a_finding(town)
    case = case_found(town, number)
    with pytest.raises(Invalid, match=f"案件{case}还没有交办，行动不能办结"):
        do(town, number, "operation", "finish")
    town.do(case, "decline")
    do(town, number, "operation", "finish")
    assert page(town, number).head.state == "finished"


def test_who_summed_it_up_does_not_finish_it(town: Town) -> None:
    number = act_in(town, "operation", "reported")
    with pytest.raises(NotAllowed, match="不同的人"):
        do(town, number, "operation", "finish", by="dispatcher")
    do(town, number, "operation", "finish")


def test_an_operation_without_forces_or_places_is_not_summed_up(town: Town) -> None:
    number = act_in(town, "operation", "under_way")
    do(town, number, "operation", "check_place")
    do(town, number, "operation", "set_forces", vehicle_count="0", person_count="0")
    with pytest.raises(NotAllowed, match="还没有填写出动的车辆或人员"):
        do(town, number, "operation", "report")
    other = act_in(town, "operation", "under_way")
    do(town, other, "operation", "set_forces")
    with pytest.raises(NotAllowed, match="还没有检查任何点位"):
        do(town, other, "operation", "report")


def test_an_operation_begun_before_midnight_is_of_that_day(town: Town) -> None:
    at(town, 2026, 8, 31, 22)
    number = opened(town, "operation")
    at(town, 2026, 9, 1, 1)
    do(town, number, "operation", "begin", began_at="2026-08-31 23:30")
    assert page(town, number).head.began_on == date(2026, 8, 31)


def test_it_begins_once_and_not_before_its_time_has_come(town: Town) -> None:
    number = opened(town, "operation")
    with pytest.raises(Invalid, match="还没有到") as told:
        do(town, number, "operation", "begin", began_at="2026-03-02 09:01")
    assert told.value.field == "began_at"
    do(town, number, "operation", "begin", by="officer")
    with pytest.raises(WrongState, match="行动现为“行动中”，不能“开始行动”"):
        do(town, number, "operation", "begin")


@pytest.mark.parametrize(("ended", "said"), [
    ("2026-03-01 23:59", "早于开始时间"), ("2026-03-04 00:11", "超过 48 小时"), ("2026-03-09 10:00", "还没有到")])
def test_an_end_before_the_beginning_or_too_long_after_it_is_refused(town: Town, ended: str, said: str) -> None:
    number = act_in(town, "operation", "under_way")
    for step in ("set_forces", "check_place"):
        do(town, number, "operation", step)
    at(town, 2026, 3, 9, 9)
    with pytest.raises(Invalid, match=said) as told:
        do(town, number, "operation", "report", ended_at=ended)
    assert told.value.field == "ended_at"


def test_how_long_it_may_last_is_a_line_of_the_rule_book(town: Town) -> None:
    number = act_in(town, "operation", "under_way")
    for step in ("set_forces", "check_place"):
        do(town, number, "operation", step)
    set_value(town.actor("admin"), "operation_most_hours", "2", date(2026, 3, 2), "夜间行动不超过两小时")
    with pytest.raises(Invalid, match="超过 2 小时"):
        do(town, number, "operation", "report")


def test_forces_of_a_unit_said_again_are_a_correction_with_a_reason_and_both_stay(town: Town) -> None:
    number = act_in(town, "operation", "under_way")
    do(town, number, "operation", "set_forces")
    with pytest.raises(Incomplete, match="已填车辆 4 车次、人员 12 人次") as told:
        do(town, number, "operation", "set_forces", person_count="10")
    assert told.value.field == "reason"
    do(town, number, "operation", "set_forces", person_count="10", reason="两人请假")
    body = stream_of(reading(), f"act:{number}")[-1].body
    assert '"from_person_count":12' in body and '"person_count":10' in body
    assert [(force.vehicle_count, force.person_count) for force in page(town, number).forces] == [(4, 10)]


@pytest.mark.parametrize(("step", "field", "value"), [
    ("set_forces", "vehicle_count", "-1"), ("set_forces", "person_count", "10001"), ("set_forces", "person_count", "12.5"),
    ("check_place", "place_count", "0"), ("check_place", "place_count", "很多"), ("check_place", "place_kind", "海滩"),
    ("set_forces", "unit", "没有的单位")])
def test_numbers_and_names_that_are_none_are_refused_by_their_field(town: Town, step: str, field: str, value: str) -> None:
    number = act_in(town, "operation", "under_way")
    before = kinds(number)
    with pytest.raises(Invalid) as told:
        do(town, number, "operation", step, **{field: value})
    assert (told.value.field, kinds(number)) == (field, before)


def test_a_registered_site_that_was_checked_is_one_place_and_tied(town: Town) -> None:
    site_of(town)
    number = act_in(town, "operation", "under_way")
    with pytest.raises(Invalid, match="只算一处") as told:
        do(town, number, "operation", "check_place", site="S-000001", place_count="2")
    assert told.value.field == "place_count"
    do(town, number, "operation", "check_place", site="桃花纺织", place_count=None)
    assert [(link.role, link.target) for link in page(town, number).links] == [("site", "site:S-000001")]
    assert page(town, number).head.details["places"] == [{"place_kind": "building_site", "place_count": 1, "is_clear": False}]
    with pytest.raises(Invalid, match="没有找到监管对象") as refused:
        do(town, number, "operation", "check_place", site="没有的厂")
    assert refused.value.field == "site"


def test_a_unit_says_its_own_forces_alone(town: Town) -> None:
    number = opened(town, "operation", units="TL-NC")
    do(town, number, "operation", "begin")
    with pytest.raises(Invalid, match="只能填写本单位") as told:
        do(town, number, "operation", "set_forces", by="railman")
    assert told.value.field == "unit"
    do(town, number, "operation", "set_forces", by="railman", unit="TL-NC")


def test_only_its_lead_begins_it_and_sums_it_up(town: Town) -> None:
    number = opened(town, "operation", units="TL-NC")
    with pytest.raises(NotAllowed):
        do(town, number, "operation", "begin", by="railman")
    do(town, number, "operation", "begin", by="officer")


def test_who_may_not_register_cases_registers_what_an_operation_finds_and_nothing_else(town: Town) -> None:
    number = act_in(town, "operation", "under_way")
    with pytest.raises(NotAllowed):
        intake.register(town.actor("officer"), RegisterOrder("OPER", "渣土", "渣土", area_code="360103", no_photo="dark"))
    do(town, number, "operation", "find", by="officer")
