"""Papers of a joint meeting: the notice with the agenda, the minutes that stay as they were issued, and the entry for the
calendar."""

import hashlib
import io
from datetime import UTC, datetime

import docx
import icalendar
import pytest
from docx.document import Document as Doc

from tests.support.acts import do, opened
from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import NotFound
from tracker.gateways.mail.sending import MemorySender
from tracker.services.acts import access
from tracker.services.coordination.agendas.papers import write_agenda, write_minutes
from tracker.services.house.work import reading, wiring
from tracker.services.mail import outbox
from tracker.services.mail.bundles import put_together_due
from tracker.services.mail.choices import choose
from tracker.storage.cases.entries import FactEntry, entries

pytestmark = pytest.mark.one_engine  # the lives of acts, the counts and what waits run on both

KIND = "meeting"


def at(town: Town, *when: int) -> None:
    town.clock.move_to(datetime(*when, 9, tzinfo=wiring().zone))  # type: ignore[arg-type, misc]


def facts_of(number: str) -> tuple[FactEntry, ...]:
    return entries(reading(), f"act:{number}")


def minutes(town: Town, number: str) -> bytes:
    return write_minutes(access.page_for(town.actor("dispatcher"), number).head, facts_of(number))


def text_of(content: bytes) -> str:
    made: Doc = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in made.paragraphs), *cells])


def sent(mailer: MemorySender) -> list[dict[str, bytes]]:
    """What is attached to the mails that leave now, by name."""
    mailer.messages.clear()
    outbox.send_due()
    return [{part.get_filename() or "": part.get_content() for part in message.iter_attachments()} for message in mailer.messages]


def entry(content: bytes | str) -> icalendar.Event:
    """The one event of a calendar file, read back, with the method of its calendar."""
    calendar = icalendar.Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert not calendar.errors and not event.errors
    event.method = str(calendar["METHOD"])
    return event


def issued(town: Town) -> tuple[str, str]:
    """A meeting of three items, of which one is a case, issued; and the case."""
    case, number = town.case_in(CaseState.disputed), opened(town, KIND)
    do(town, number, KIND, "add_item", target=case, question="由谁清运护坡垃圾")
    do(town, number, KIND, "add_item", question="夜间施工由谁巡查")
    do(town, number, KIND, "add_item", question="费用如何分担")
    do(town, number, KIND, "call", reason="临时召开")
    at(town, 2026, 3, 10)
    do(town, number, KIND, "hold")
    do(town, number, KIND, "decide_item", outcome="designation", text="由城管局牵头清运", lead_unit="XH-CG", due_on="2026-04-01")
    do(town, number, KIND, "decide_item", position="2", outcome="measure", text="每周夜查两次", units="XH-CYZ、TL-NC",
       due_on="2026-03-20")
    do(town, number, KIND, "decide_item", position="3", outcome="defer", text="财政局未到会，下次再议")
    do(town, number, KIND, "issue")
    return number, case


def test_the_minutes_say_number_attendance_items_units_and_days_and_their_digest_is_that_of_the_fact(town: Town) -> None:
    number, case = issued(town)
    fact, said = facts_of(number)[-1], text_of(minutes(town, number))
    assert fact.kind == "meeting:issued"
    digest = hashlib.sha256(fact.details["minutes"].encode()).hexdigest()
    assert fact.details["minutes_digest"] == digest
    for told in (
        "西整改办〔2026〕3号", number, "2026年3月10日", "区政府三楼", "朝阳洲街道等 1 个单位共 6 人参加", "未到会单位：南昌铁路工务段。",
        f"第1项　由谁清运护坡垃圾（{case}）", "指定办理：由城管局牵头清运。", "主办单位：西湖区城市管理局（未到会）；完成期限：2026年4月1日",
        "第2项　夜间施工由谁巡查", "责任单位：朝阳洲街道、南昌铁路工务段（未到会）；完成期限：2026年3月20日",
        "第3项　费用如何分担", "下次再议：财政局未到会，下次再议。", f"纪要正文散列 {digest}", f"账本 {number} 第 {fact.seq} 条 {fact.digest}",
    ):
        assert told in said


def test_issued_minutes_are_the_same_bytes_after_a_correction_and_a_new_name_of_a_unit(town: Town) -> None:
    number, _ = issued(town)
    before = minutes(town, number)
    do(town, number, KIND, "correct", position="2", text="每周夜查三次")
    at(town, 2026, 4, 10)
    assert minutes(town, number) == before


def test_before_it_is_called_there_is_no_notice_and_before_they_are_issued_no_minutes(town: Town) -> None:
    number = opened(town, KIND)
    with pytest.raises(NotFound, match="会议通知后"):
        write_agenda(access.page_for(town.actor("dispatcher"), number).head, facts_of(number))
    with pytest.raises(NotFound, match="还没有印发"):
        minutes(town, number)


def test_the_notice_has_the_time_that_holds_now_and_every_item_that_stands(town: Town) -> None:
    number = opened(town, KIND)
    for question in ("由谁清运", "重复的议题", "由谁巡查"):
        do(town, number, KIND, "add_item", question=question)
    do(town, number, KIND, "drop_item", position="2")
    do(town, number, KIND, "call", held_at="2026-03-08 09:30")
    do(town, number, KIND, "postpone", held_at="2026-03-15 14:00")
    said = text_of(write_agenda(access.page_for(town.actor("dispatcher"), number).head, facts_of(number)))
    assert "2026年3月15日 14:00（休息日）" in said and "区政府三楼" in said and "朝阳洲街道、南昌铁路工务段：" in said
    assert "第1项　由谁清运" in said and "第2项　由谁巡查" in said and "重复的议题" not in said


def test_the_entry_for_the_calendar_keeps_its_uid_and_rises_with_each_change_until_it_is_cancelled(
    town: Town, mailer: MemorySender,
) -> None:
    number = opened(town, KIND)
    do(town, number, KIND, "add_item")
    do(town, number, KIND, "call", units="TL-NC")
    (files,) = [each for each in sent(mailer) if each]
    assert set(files) == {f"会议通知-{number}.docx", f"{number}.ics"}
    types = [part["Content-Type"] for part in mailer.messages[0].iter_attachments() if part.get_filename() == f"{number}.ics"]
    assert [(each.content_type, each.params["method"]) for each in types] == [("text/calendar", "PUBLISH")]
    told = [entry(files[f"{number}.ics"])]
    for step in ("postpone", "cancel"):
        do(town, number, KIND, step)
        (files,) = [each for each in sent(mailer) if each]
        assert set(files) == {f"{number}.ics"}
        told.append(entry(files[f"{number}.ics"]))
    assert len({str(each["UID"]) for each in told}) == 1
    assert [int(each["SEQUENCE"]) for each in told] == [0, 1, 2]
    assert [(each.method, str(each["STATUS"])) for each in told] == [
        ("PUBLISH", "CONFIRMED"), ("PUBLISH", "CONFIRMED"), ("CANCEL", "CANCELLED")]
    assert [each["DTSTART"].dt for each in told] == [
        datetime(2026, 3, 10, 1, 30, tzinfo=UTC), *[datetime(2026, 3, 12, 6, 0, tzinfo=UTC)] * 2]
    assert str(told[0]["LOCATION"]) == "区政府三楼"


def test_of_a_draft_that_nobody_was_called_to_no_entry_is_sent(town: Town, mailer: MemorySender) -> None:
    do(town, opened(town, KIND), KIND, "cancel")
    assert [each for each in sent(mailer) if each] == []


def test_who_gets_mails_in_a_digest_gets_the_files_with_it(town: Town, mailer: MemorySender) -> None:
    choose(None, "railman", {"informed": "in_digest"})
    number = opened(town, KIND)
    for question in ("由谁清运", "由谁巡查"):
        do(town, number, KIND, "add_item", question=question)
    do(town, number, KIND, "call", units="TL-NC")
    do(town, number, KIND, "postpone")
    assert sent(mailer) == []
    town.clock.move_to(datetime(2026, 3, 3, 18, tzinfo=wiring().zone))
    put_together_due()
    assert [set(each) for each in sent(mailer)] == [{f"会议通知-{number}.docx", f"{number}.ics"}]
