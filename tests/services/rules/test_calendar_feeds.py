"""Holiday feeds (.ics): which events are days off or on, and which are passed over by name."""

import pytest

from tracker.domain.house.errors import Invalid
from tracker.services.rules import calendar as calendars
from tracker.services.rules import calendar_files

NOTICE = "国办发明电〔2026〕1号"


def ics(*events: tuple[str, str, str]) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//CN"]
    for name, first, beyond in events:
        lines += ["BEGIN:VEVENT", f"UID:{name}{first}@x", f"DTSTART;VALUE=DATE:{first}",
                  *([f"DTEND;VALUE=DATE:{beyond}"] if beyond else []), f"SUMMARY:{name}", f"DESCRIPTION:{NOTICE}", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def test_a_feed_of_holidays_is_read_by_its_marks() -> None:
    handed = calendar_files.read(ics(("元旦（休）", "20270101", "20270104"), ("元旦（班）", "20270109", ""), ("立春", "20270204", "")))
    assert [(d.on.isoformat(), d.kind.value, d.name) for d in handed.days] == [
        ("2027-01-01", "holiday", "元旦"), ("2027-01-02", "holiday", "元旦"), ("2027-01-03", "holiday", "元旦"),
        ("2027-01-09", "makeup", "元旦")]
    assert handed.days[0].paper == NOTICE
    assert handed.passed_over == ("立春",)
    assert calendars.read_days(calendars.csv_of(handed.days)) == handed.days


@pytest.mark.parametrize(("events", "said"), [
    ((("国庆 补班", "20271008", ""),), "国庆 补班"), ((("春节", "20270206", ""),), "没有写“休”或“班”"),
    ((("元旦（休）", "20270104", "20270101"),), "早于开始日期"), ((("暑期（休）", "20270701", "20270901"),), "长达 62 天"),
    ((("元旦（休）", "20270102", ""), ("元旦（班）", "20270102", "")), "说法不一"), ((("元旦（休）（班）", "20270102", ""),), "既写休又写班"),
])
def test_a_bad_feed_is_refused_naming_the_event(events: tuple[tuple[str, str, str], ...], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        calendar_files.read(ics(*events))


def fed(*lines: str) -> bytes:
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT", "END:VCALENDAR", ""]
    return "\r\n".join(whole).encode()


@pytest.mark.parametrize(("lines", "days"), [
    (("DTSTART:20261231T160000Z", "DTEND:20270103T160000Z", "SUMMARY:元旦（休）"), ["01-01", "01-02", "01-03"]),
    (("DTSTART:20270101T000000Z", "DTEND:20270104T000000Z", "SUMMARY:元旦（休）"), ["01-01", "01-02", "01-03"]),
    (("DTSTART;VALUE=DATE:20270101", "SUMMARY:元旦", "X-APPLE-SPECIAL-DAY:WORK-HOLIDAY"), ["01-01"]),
    (("DTSTART;VALUE=DATE:20270101", "SUMMARY:元旦放假"), ["01-01"]),
])
def test_whole_days_are_read_as_feeds_write_them(lines: tuple[str, ...], days: list[str]) -> None:
    assert [f"{day.on:%m-%d}" for day in calendar_files.read(fed(*lines)).days] == days


@pytest.mark.parametrize("lines", [
    ("SUMMARY:七夕（休）", "RRULE:FREQ=YEARLY;COUNT=3"), ("SUMMARY:元旦（休）", "STATUS:CANCELLED"), ("SUMMARY:打假",),
    ("SUMMARY:鄱阳湖休渔期",), ("SUMMARY:值班表公布",),
])
def test_an_event_that_repeats_is_cancelled_or_only_sounds_so_is_passed_over_by_name(lines: tuple[str, ...]) -> None:
    day = ("BEGIN:VEVENT", "UID:2", "DTSTART;VALUE=DATE:20270101", "SUMMARY:元旦（休）", "END:VEVENT")
    marked = "\r\n".join(("VERSION:2.0", *day, "")).encode()
    whole = fed("DTSTART;VALUE=DATE:20270819", *lines).replace(b"VERSION:2.0\r\n", marked)
    handed = calendar_files.read(whole)
    assert [str(each.on) for each in handed.days] == ["2027-01-01"]
    assert len(handed.passed_over) == 1 and handed.passed_over[0].startswith(lines[0].removeprefix("SUMMARY:"))


@pytest.mark.parametrize("content",
                         [b"", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
                          b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:x\r\nSUMMARY:a\r\nEND:VEVENT\r\nEND:VCALENDAR"])
def test_a_broken_feed_is_a_sentence(content: bytes) -> None:
    with pytest.raises(Invalid):
        calendar_files.read(content)
