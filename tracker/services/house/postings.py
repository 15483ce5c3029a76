"""Mails of rooms that stand below the mail's: what is to be said to whom. The wiring hands down who puts it into the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tracker.domain.mail.kinds import Kinds, MailKind


@dataclass(frozen=True)
class Posting:
    """One mail to one person, written once for each key. `address` where it goes to another one than theirs of now; `not_before`
    where it must wait; `files` are attached, by their names."""

    person_id: int
    mail: str
    key: str
    words: Mapping[str, object]
    address: str | None = None
    not_before: datetime | None = None
    kind: MailKind = Kinds.security
    files: Mapping[str, bytes] = field(default_factory=dict)
