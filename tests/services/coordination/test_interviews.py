"""Interviews: called, missed, held by two hands, reported back within thirty days, settled by the clock."""

import io
from datetime import date, datetime

import docx
import pytest

from tests.support.acts import act_in, do, opened, site_of
from tests.support.makers import Town
from tracker.domain.coordination.interviews import NO_PUNISHMENT
from tracker.domain.house.errors import Incomplete, Invalid, NotAllowed, Refusal, WrongState
from tracker.services.acts import access, duties, jobs
from tracker.services.coordination.notices import write_notice
from tracker.services.house.work import reading, wiring
from tracker.storage.acts.page import ActPage
from tracker.storage.cases.entries import entries
from tracker.storage.house.ledger import stream_of

pytestmark = pytest.mark.one_engine  # the lives of acts, the counts and what waits run on both


def page(town: Town, number: str, login: str = "dispatcher") -> ActPage:
    return access.page_for(town.actor(login), number)


def at(town: Town, *when: int) -> None:
    town.clock.move_to(datetime(*when, tzinfo=wiring().zone))  # type: ignore[arg-type, misc]


def kinds(number: str) -> list[str]:
    return [fact.kind for fact in stream_of(reading(), f"act:{number}")]


@pytest.mark.parametrize(("answered", "is_late"), [((2026, 12, 24, 23, 50), False), ((2026, 12, 25, 9), True)])
def test_held_on_24_november_it_is_reported_back_by_24_december(town: Town, answered: tuple[int, ...], is_late: bool) -> None:
    at(town, 2026, 11, 24, 9)
    number = act_in(town, "interview", "held")
    (duty,) = page(town, number).duties
    assert (duty.kind, duty.title, duty.due_on) == ("report_back", "书面报送整改情况", date(2026, 12, 24))
    at(town, *answered)
    duties.take(town.actor("officer"), number, 1, "answer", {"text": "已整改，报告见附件"})
    (duty,) = page(town, number).duties
    assert duty.answered_at is not None
    assert (town.clock.local(duty.answered_at).date() > duty.due_on) is is_late


def test_it_is_settled_by_the_clock_once_its_report_is_checked_and_takes_no_report_after_that(town: Town) -> None:
    number = act_in(town, "interview", "held")
    duties.take(town.actor("officer"), number, 1, "answer", {"text": "已整改"})
    jobs.settle_duties(town.clock.today())
    assert page(town, number).head.state == "held"
    duties.take(town.actor("verifier"), number, 1, "pass", {"text": "现场看过"})
    jobs.settle_duties(town.clock.today())
    assert page(town, number).head.state == "settled"
    with pytest.raises(Refusal):
        duties.take(town.actor("officer"), number, 1, "answer", {"text": "再报"})


def test_who_records_it_does_not_host_it_and_both_are_hands(town: Town) -> None:
    number = opened(town, "interview")
    with pytest.raises(Invalid, match="两个人") as told:
        do(town, number, "interview", "hold", host="dispatcher")
    assert told.value.field == "host"
    with pytest.raises(Invalid, match="不能主持约谈"):
        do(town, number, "interview", "hold", host="officer")
    do(town, number, "interview", "hold")
    assert {hand.part for hand in page(town, number).hands} == {"host", "recorder"}


@pytest.mark.parametrize(("held", "said"), [("2026-03-01 08:00", "早于通知日期"), ("2026-03-02 09:30", "还没有到")])
def test_it_is_not_held_before_its_notice_nor_in_time_to_come(town: Town, held: str, said: str) -> None:
    number = opened(town, "interview")
    before = kinds(number)
    with pytest.raises(Invalid, match=said) as told:
        do(town, number, "interview", "hold", held_at=held)
    assert (told.value.field, kinds(number)) == ("held_at", before)


def test_nobody_is_called_for_a_day_that_has_passed(town: Town) -> None:
    with pytest.raises(Invalid, match="早于今天") as told:
        opened(town, "interview", held_at="2026-03-01 15:00")
    assert told.value.field == "held_at"


def test_who_does_not_come_is_counted_and_gets_a_later_time(town: Town) -> None:
    number = opened(town, "interview")
    with pytest.raises(Invalid, match="须晚于"):
        do(town, number, "interview", "miss", held_at="2026-03-02 07:00")
    do(town, number, "interview", "miss", held_at="2026-03-03 09:00")
    with pytest.raises(Invalid, match="还没有到"):
        do(town, number, "interview", "miss", held_at="2026-03-04 09:00")
    at(town, 2026, 3, 3, 10)
    do(town, number, "interview", "miss", held_at="2026-03-04 09:00")
    assert page(town, number).head.details["missed_count"] == 2


def test_who_notified_calls_it_off_or_a_leader_and_nobody_else(town: Town) -> None:
    number, other = opened(town, "interview"), opened(town, "interview")
    with pytest.raises(NotAllowed, match="由发出约谈通知的人或区领导取消"):
        do(town, number, "interview", "cancel", by="dispatcher2")
    do(town, number, "interview", "cancel")
    do(town, other, "interview", "cancel", by="lead")
    with pytest.raises(WrongState, match="约谈现为“取消”，不能“记录约谈”"):
        do(town, number, "interview", "hold")


@pytest.mark.parametrize("target", ["XH-2026-000099", "XD-2026-0009"])
def test_what_it_is_about_is_seen_by_who_notifies(town: Town, target: str) -> None:
    with pytest.raises(Invalid, match="没有找到案件或事项") as told:
        opened(town, "interview", target=target)
    assert told.value.field == "target"


def test_a_limit_that_was_late_in_the_recording_still_counts_from_the_day_it_was_held(town: Town) -> None:
    number = opened(town, "interview")
    at(town, 2026, 4, 20, 9)
    do(town, number, "interview", "hold", held_at="2026-03-02 08:00")
    assert page(town, number).duties[0].due_on == date(2026, 4, 1)


def test_a_registered_site_is_called_by_the_unit_that_supervises_it(town: Town) -> None:
    site_of(town)
    site_of(town, "无主厂", unit="")
    number = opened(town, "interview", unit=None, site="S-000001")
    assert [link.target for link in page(town, number).links] == ["site:S-000001"]
    assert [force.unit for force in page(town, number).forces] == ["朝阳洲街道"]
    assert entries(reading(), f"act:{number}")[0].details["party"] == "桃花纺织"
    with pytest.raises(Incomplete, match="没有登记日常监管单位") as told:
        opened(town, "interview", unit=None, site="无主厂")
    assert told.value.field == "unit"


def test_its_notice_says_whom_when_why_and_that_it_is_no_punishment(town: Town) -> None:
    operation = act_in(town, "operation", "under_way")
    number = opened(town, "interview", target=operation, party="某某工地", role="project_head")
    found = page(town, number)

    def text_for(seen: set[str]) -> str:
        made = docx.Document(io.BytesIO(write_notice(found, entries(reading(), found.head.stream), seen)))
        cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(line.text for line in made.paragraphs), *cells])

    told = text_for({f"act:{operation}"})
    for said in ("约谈通知书", number, "朝阳洲街道", "某某工地项目负责人", "问题反复出现", "2026年3月2日 08:00", "区政府", operation,
                 "30日内", NO_PUNISHMENT):
        assert said in told, said
    assert operation not in text_for(set())
