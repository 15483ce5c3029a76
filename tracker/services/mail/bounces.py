"""Mails that came back: the notice of a mail server, read with the standard library, noted at the mail that it speaks of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default

from sqlalchemy import select, update

from tracker.domain.house.errors import Invalid, NotFound
from tracker.domain.house.say import Say
from tracker.services.house.work import Work, deed
from tracker.storage.mail.outbox import Message as Mail
from tracker.storage.people.accounts import Person

_ID = re.compile(r"<([^<>@\s]+@[^<>\s]+)>")
LONGEST = 500


@dataclass(frozen=True)
class Bounce:
    """What a notice says: which mails it may speak of, the likeliest first, whether it is final, and the server's own words."""

    message_ids: tuple[str, ...]
    is_final: bool
    words: str


@dataclass(frozen=True)
class Noted:
    """The mail that came back, and to whom it had gone."""

    subject: str
    name: str
    email: str
    words: str


def read_bounce(raw: bytes) -> Bounce:
    """A delivery status notification (RFC 3464). Raises `Invalid` for any other mail."""
    notice = message_from_bytes(raw, policy=default)
    status = next((part for part in notice.walk() if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        raise Invalid("这不是退信通知：里面没有 message/delivery-status 部分。", field="file")
    fields = [block for block in status.get_payload() if isinstance(block, Message)]
    failed = [block for block in fields if str(block.get("Action", "")).strip().lower() == "failed"]
    told = failed or [block for block in fields if block.get("Action")]
    words = "；".join(" ".join(str(block.get(name, "")).split()) for block in told
                     for name in ("Final-Recipient", "Status", "Diagnostic-Code")
                     if block.get(name))
    return Bounce(tuple(dict.fromkeys(_trusted_ids(notice))), bool(failed), words[:LONGEST])


@deed
def note(work: Work, raw: bytes) -> Noted:
    """Mark the mail that came back. A delay is no bounce and is refused; so is a notice about somebody else's mail."""
    bounce = read_bounce(raw)
    if not bounce.is_final:
        raise Invalid(Say("这封通知说的是延迟，不是退信：{subject}。", subject=bounce.words or Say('未说明原因')), field="file")
    ours = {mail.message_id: mail for mail in work.session.scalars(select(Mail).where(Mail.message_id.in_(bounce.message_ids)))}
    row = next((ours[each] for each in bounce.message_ids if each in ours), None)
    if row is None:
        raise NotFound("退信通知里的 Message-ID 不是本系统发出的邮件。")
    marked = update(Mail).where(Mail.id == row.id).values(bounced_at=work.clock.now(), bounce=bounce.words or "未说明原因")
    work.session.execute(marked)
    person = work.session.get(Person, row.person_id) if row.person_id is not None else None
    return Noted(row.subject, person.name if person else row.robot or "", (person.email if person else None) or "", bounce.words)


def _trusted_ids(notice: EmailMessage) -> Iterator[str]:
    """Message-IDs in the order of trust: of the returned mail or its headers, then of what the notice refers to."""
    for part in notice.walk():
        if part.get_content_type() == "text/rfc822-headers":
            headers = part.get_payload(decode=True)
            returned = message_from_bytes(headers if isinstance(headers, bytes) else b"", policy=default)
            yield from _ID.findall(str(returned.get("Message-ID", "")))
        elif part is not notice and part.get("Message-ID") and part.get_content_type() != "message/delivery-status":
            yield from _ID.findall(str(part["Message-ID"]))
    for name in ("In-Reply-To", "References"):
        yield from _ID.findall(str(notice.get(name, "")))
