"""Control orders: sites told what to do, who acknowledged in time, a change that asks anew, the days kept by the published index;
the examples of the design, lived through."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.support.acts import act_in, do, opened, site_of
from tests.support.makers import Town, photo
from tracker.domain.acts.facts import DutyState
from tracker.domain.house.clock import SetClock
from tracker.domain.house.errors import Incomplete, Invalid, NotAllowed, Refusal
from tracker.services.acts import access, duties, hours, steps
from tracker.services.coordination import control_counts, counts
from tracker.services.house.work import reading, wiring
from tracker.services.sites import entries as site_entries
from tracker.services.upkeep.integrity import verify
from tracker.storage.acts.page import ActPage
from tracker.storage.cases.entries import entries
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.mail.outbox import Message

pytestmark = pytest.mark.one_engine  # the lives of acts, the counts and what waits run on both

KIND = "control"
SITES = 40


@pytest.fixture
def clock() -> SetClock:
    """The day of the design's example."""
    return SetClock(datetime(2026, 11, 24, 7, 0, tzinfo=UTC))


def at(town: Town, *when: int) -> None:
    town.clock.move_to(datetime(*when, tzinfo=wiring().zone))  # type: ignore[arg-type, misc]


def page(town: Town, number: str) -> ActPage:
    return access.page_for(town.actor("dispatcher"), number)


def drafted(town: Town, sites: int = 2, **given: object) -> str:
    number = opened(town, KIND, first_on="2026-11-25", last_on="2026-11-26", **given)
    for place in range(1, sites + 1):
        if place > 1:
            site_of(town, f"第{place}厂")
        do(town, number, KIND, "add_site", site=f"S-{place:06d}")
    return number


def issued(town: Town, sites: int = 2) -> str:
    number = drafted(town, sites)
    at(town, 2026, 11, 24, 16)
    do(town, number, KIND, "issue", starts_at="2026-11-24 16:00")
    return number


def acknowledge(town: Town, number: str, positions: range) -> None:
    for position in positions:
        duties.take(town.actor("officer"), number, position, "acknowledge", {"way": "phone", "receiver": "值班员"})


def kept_of(first: date, last: date, on: date) -> str:
    """保良成功 as it is printed."""
    found = counts.counted(reading(), first, last, on=on).figures
    return next(each.text for each in found if each.row.key == "controls.good_kept")


def mails_of(number: str, mail: str = "act_hours") -> list[str]:
    return list(reading().scalars(select(Message.dedupe_key).where(Message.mail == mail, Message.dedupe_key.contains(number))))


def test_of_forty_sites_thirty_seven_acknowledge_in_two_hours(town: Town) -> None:
    number = issued(town, SITES)
    at(town, 2026, 11, 24, 17, 50)
    acknowledge(town, number, range(1, 38))
    at(town, 2026, 11, 24, 18, 0)
    board = control_counts.board_of(reading(), page(town, number), wiring().clock.now())
    assert (board.acknowledged_in_time, board.site_count, str(board.acknowledged_rate)) == (37, 40, "92.5")
    assert [line.position for line in board.lines if line.is_late] == []
    at(town, 2026, 11, 24, 18, 1)
    board = control_counts.board_of(reading(), page(town, number), wiring().clock.now())
    assert [line.position for line in board.lines if line.is_late] == [38, 39, 40]
    acknowledge(town, number, range(38, 39))
    said = {each.row.key: (each.text, each.behind) for each in counts.counted(reading(), *[town.clock.today()] * 2).figures}
    assert said["controls.acknowledged"] == ("37 个点位（37/40，92.5%）", ((number, 37),))
    assert said["controls.acknowledged_late"][0] == "1 个点位（1/40，2.5%）"
    assert said["controls.unacknowledged"][0] == "2 个点位（2/40，5.0%）"
    told = len(mails_of(number))
    hours.tell_hours(town.clock.today())
    assert len(mails_of(number)) > told
    again = mails_of(number)
    hours.tell_hours(town.clock.today())
    assert mails_of(number) == again
    assert [str(each) for each in verify().troubles] == []


def test_a_heavier_level_asks_every_site_anew_and_keeps_both(town: Town) -> None:
    number = issued(town)
    acknowledge(town, number, range(1, 3))
    site_entries.propose_class(town.actor("dispatcher"), "S-000001", "A", ("pollution",), "超标", valid_from=town.clock.today())
    site_entries.decide_class(town.actor("lead"), "S-000001", is_accepted=True)
    at(town, 2026, 11, 24, 20)
    do(town, number, KIND, "change")
    assert [(duty.state, duty.acknowledged_at) for duty in page(town, number).duties] == [("open", None)] * 2
    assert page(town, number).duties[0].title == "涉气工序限产" and page(town, number).duties[1].title == "错峰生产"
    assert [each.kind for each in entries(reading(), f"act:{number}")].count("duty:reset") == 2
    board = control_counts.board_of(reading(), page(town, number), wiring().clock.now())
    assert board.acknowledged_in_time == 0
    figures = counts.counted(reading(), *[town.clock.today()] * 2).figures
    (told,) = [each for each in figures if each.row.key == "controls.unacknowledged"]
    assert told.text == "2 个点位（2/2，100.0%）"
    acknowledge(town, number, range(1, 2))
    assert control_counts.board_of(reading(), page(town, number), wiring().clock.now()).acknowledged_in_time == 1
    with pytest.raises(Invalid, match="没有改变"):
        do(town, number, KIND, "change")
    assert [str(each) for each in verify().troubles] == []


def lived(town: Town, aqi: str) -> str:
    number = issued(town)
    at(town, 2026, 11, 26, 12)
    do(town, number, KIND, "lift", lifted_at="2026-11-26 12:00")
    with pytest.raises(NotAllowed, match="最后一个目标日过完"):
        do(town, number, KIND, "assess", aqi=aqi)
    at(town, 2026, 11, 27, 9)
    do(town, number, KIND, "assess", aqi=aqi)
    return number


def test_a_day_over_the_limit_makes_it_a_part_and_a_corrected_index_is_assessed_again(town: Town) -> None:
    number = lived(town, "2026-11-25 96\n2026-11-26 101")
    assert page(town, number).head.details["result"] == "part"
    before = town.clock.today()
    at(town, 2026, 12, 3, 9)
    with pytest.raises(Incomplete, match="请写明说明"):
        do(town, number, KIND, "assess", aqi="2026-11-25 96\n2026-11-26 100")
    do(town, number, KIND, "assess", aqi="2026-11-25 96\n2026-11-26 100", reason="省站更正")
    assert [kept_of(before.replace(day=1), before, on) for on in (before, town.clock.today())] == [
        "0 次（0/1，0.0%）", "1 次（1/1，100.0%）"]
    assert [str(each) for each in verify().troubles] == []


def test_eight_orders_of_which_five_were_kept(town: Town) -> None:
    for place in range(8):
        number = act_in(town, KIND, "lifted")
        town.clock.advance(timedelta(days=1))
        on = page(town, number).head.details["first_on"]
        do(town, number, KIND, "assess", aqi=f"{on} {96 if place < 5 else 130}")
    assert kept_of(date(2026, 11, 1), date(2026, 12, 31), town.clock.today()) == "5 次（5/8，62.5%）"


def test_lifting_tells_each_once_and_waives_what_was_not_reported(town: Town) -> None:
    number = issued(town, 3)
    duties.take(town.actor("officer"), number, 1, "answer", {"text": "已错峰"})
    at(town, 2026, 11, 26, 12)
    do(town, number, KIND, "lift", lifted_at="2026-11-26 12:00")
    assert [duty.state for duty in page(town, number).duties] == [DutyState.answered, DutyState.waived, DutyState.waived]
    told = [key.rpartition(":")[2] for key in mails_of(number, "act_step") if f"#{page(town, number).head.seq}:" in key]
    assert told and len(told) == len(set(told))


def test_a_failed_check_becomes_a_case_of_its_own_source(town: Town) -> None:
    number = issued(town)
    done = do(town, number, KIND, "find")
    assert done.step == "find"
    link = next(each for each in page(town, number).links if each.role == "found")
    facts = entries(reading(), link.target)
    assert facts[0].kind == "case:registered"
    with pytest.raises(NotAllowed):
        do(town, number, KIND, "find", by="verifier")


def test_photos_of_a_failed_check_are_the_case_s_and_no_reason_is_asked_for(town: Town) -> None:
    number = issued(town)
    given = {"position": "1", "problem": "没有错峰", "description": "现场仍在喷涂"}
    steps.take(town.actor("inspector"), number, "find", given, uploads=[photo()])
    case = next(each.target for each in page(town, number).links if each.role == "found")
    subjects = [row.subject for row in reading().scalars(select(EvidenceRow))]
    assert subjects == [case]
    assert [str(each) for each in verify().troubles] == []


def test_who_drafted_does_not_issue_and_who_issued_does_not_assess(town: Town) -> None:
    number = drafted(town)
    with pytest.raises(NotAllowed, match="不同的人"):
        do(town, number, KIND, "issue", by="dispatcher", starts_at="2026-11-24 16:00")


@pytest.mark.parametrize(("step", "given", "field"), [
    ("add_site", {"site": "S-000001"}, "site"), ("add_site", {"site": "没有的厂"}, "site"),
    ("add_site", {"site": "S-000009"}, "site"), ("drop_site", {"site": "S-000003"}, "site"),
    ("add_site", {"site": "S-000003", "measures": ""}, "measures"), ("add_site", {"site": "S-000003", "unit": "无此单位"}, "unit"),
    ("issue", {"starts_at": "2026-11-24 09:00"}, "reason"), ("issue", {"starts_at": "2026-12-24 09:00"}, "starts_at"),
])
def test_what_is_wrong_is_said_at_its_field_and_nothing_happens(town: Town, step: str, given: dict[str, object],
                                                                field: str) -> None:
    number = drafted(town)
    site_of(town, "第三厂")
    before = page(town, number).head.seq
    with pytest.raises(Refusal) as refused:
        do(town, number, KIND, step, **given)
    assert refused.value.field == field and page(town, number).head.seq == before


@pytest.mark.parametrize(("given", "field"), [
    ({"first_on": "2026-11-26", "last_on": "2026-11-25"}, "last_on"), ({"last_on": "2027-11-26"}, "last_on"),
    ({"warning_by": "市政府"}, "warning_no"), ({"level": "purple"}, "level"),
])
def test_a_bad_draft_is_none(town: Town, given: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        opened(town, KIND, **given)
    assert refused.value.field == field


@pytest.mark.parametrize(("aqi", "said"), [
    ("2026-11-25 96", "一天一行"), ("2026-11-25 96\n2026-11-26 优", "无法识别"), ("2026-11-25 96\n2026-11-26 999", "超过 500"),
    ("2026-11-25 96\n2026-02-30 96", "无法识别"),
])
def test_an_index_is_a_number_for_each_target_day(town: Town, aqi: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        lived(town, aqi)


def test_lifting_before_the_beginning_is_refused(town: Town) -> None:
    number = issued(town)
    with pytest.raises(Invalid, match="早于管控开始"):
        do(town, number, KIND, "lift", lifted_at="2026-11-24 10:00")
