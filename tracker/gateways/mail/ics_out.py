"""A meeting as a calendar file (RFC 5545, 5546), which programs of mail and phones put into the calendar of who gets it."""

from dataclasses import dataclass
from datetime import UTC, datetime

PRODUCT = "-//Xiaohao//xiaohao//ZH"


@dataclass(frozen=True)
class Invitation:
    """One meeting. `uid` is the same for every file of it, `sequence` higher with every change; times are instants."""

    uid: str
    sequence: int
    title: str
    place: str
    starts_at: datetime
    made_at: datetime
    organiser: str
    page: str
    is_cancelled: bool = False


def calendar_file(invitation: Invitation) -> bytes:
    """The file. It is published, so nobody is asked to answer; a cancellation takes the entry out again."""
    import icalendar  # only who calls a meeting pays for it

    event = icalendar.Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.made_at.astimezone(UTC))
    event.add("dtstart", invitation.starts_at.astimezone(UTC))
    event.add("summary", invitation.title)
    event.add("location", invitation.place)
    event.add("organizer", icalendar.vCalAddress(f"mailto:{invitation.organiser}"))
    event.add("url", invitation.page)
    event.add("status", "CANCELLED" if invitation.is_cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE")
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if invitation.is_cancelled else "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
