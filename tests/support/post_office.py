"""A real mail server on this machine that answers as it is told, and a process of the product that sends to it.

    python -m tests.support.post_office DATABASE_URL FOLDER MAIL_URL NOW    sends what is due, once
"""

import asyncio
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from tracker.storage.house.base import db
from tracker.storage.mail.bodies import MailBody, MailText

CUT, HANG = "cut the connection", "say nothing"


class Inbox:
    """What the server received, and what it answers to whom. `taken` is called when a message is whole, before the answer."""

    def __init__(self) -> None:
        self.received: list[tuple[Any, EmailMessage]] = []
        self.answers: dict[str, str] = {}
        self.on_data = "250 OK"
        self.taken: Callable[[], None] | None = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if answer := self.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.on_data in ("250 OK", CUT, HANG):
            self.received.append((session, message_from_bytes(envelope.content, policy=default)))  # type: ignore[arg-type]
        if self.taken is not None:
            self.taken()
        if self.on_data == CUT:
            server.transport.abort()
        if self.on_data == HANG:
            await asyncio.sleep(30)
        return "250 OK" if self.on_data in (CUT, HANG) else self.on_data

    @property
    def messages(self) -> list[EmailMessage]:
        """The messages alone."""
        return [message for _, message in self.received]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def open_office(inbox: Inbox, **more: Any) -> Iterator[int]:
    """The server, listening on the port that it gives, until the end of the block."""
    server = Controller(inbox, hostname="127.0.0.1", port=free_port(), **more)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


def main(database_url: str, folder: str, mail_url: str, now: str) -> None:
    """One round of sending, in a process of its own."""
    from tests.support.databases import close, settings_for
    from tracker import create_app
    from tracker.domain.house.clock import SetClock
    from tracker.services.mail import outbox

    app = create_app(replace(settings_for(database_url, Path(folder)), mail_url=mail_url),
                     clock=SetClock(datetime.fromisoformat(now)))
    with app.app_context():
        print(outbox.send_due().sentence())  # noqa: T201 - a process that tells its parent
    close(app)


if __name__ == "__main__":
    main(*sys.argv[1:])


def worded(text: str, page: str | None = None) -> MailBody:
    """The words of a mail, for messages written straight into the table."""
    found: MailBody = db.session.merge(MailBody(**MailText(text, page).row))
    return found
