"""Mail out: SMTP in production, a folder of .eml files until SMTP is set, a list in tests."""

import hashlib
import os
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from tracker.domain.house.say import Listed, Say

TIMEOUT_SECONDS = 20
MOST_ON_ONE_LINE = 100
FILE_TYPES = {".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".ics": "text/calendar"}
_METHOD = re.compile(rb"^METHOD:([A-Z]+)\r?$", re.MULTILINE)
Send = Callable[[EmailMessage], None]


class MailFault(Exception):
    """A mail was not taken. `is_final` is True when trying again would not help (5xx); `is_unsure` when the connection broke
    under the message, so that the other side may have taken it after all; `is_cut` when nothing more can be sent by this
    connection."""

    def __init__(self, reason: str, *, is_final: bool, is_unsure: bool = False, is_cut: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final
        self.is_unsure = is_unsure
        self.is_cut = is_cut or is_unsure


class MailSender(Protocol):
    """A way out for mail."""

    mail_from: str

    def connection(self) -> AbstractContextManager[Send]:
        """One connection for a batch: `with sender.connection() as send: send(message)`. Each `send` may raise MailFault."""
        ...


def build_message(
    subject: str, text: str, to: str | Sequence[str], message_id: str, *, mail_from: str, date: datetime, html: str | None = None,
    pictures: Mapping[str, bytes] | None = None, thread: str | None = None,
) -> EmailMessage:
    """A message ready to send. `message_id` stands without angle brackets and makes a repeated sending recognisable; `pictures`
    are PNG files by the names under which the HTML shows them (`cid:name`), and those whose name has an ending are attached;
    `thread` is the Message-ID that it answers to."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(subject.split())
    message["From"] = _parsed_address(mail_from)
    message["To"] = tuple(_parsed_address(each) for each in ([to] if isinstance(to, str) else to))
    message["Date"] = format_datetime(date)
    message["Message-ID"] = f"<{message_id}>"
    if thread:
        message["In-Reply-To"] = message["References"] = f"<{thread}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="base64")
    if html is not None:
        message.add_alternative(html, subtype="html", cte="base64")
        page = message.get_payload()[1]  # type: ignore[index]
        shown = {name: content for name, content in (pictures or {}).items() if not Path(name).suffix}
        for name, content in shown.items():
            page.add_related(content, "image", "png", cid=f"<{name}>",  # type: ignore[union-attr]
                             disposition="inline", filename=f"{name}.png")
    for name, content in (pictures or {}).items():
        if suffix := Path(name).suffix:
            kind, _, subtype = FILE_TYPES.get(suffix, "application/octet-stream").partition("/")
            message.add_attachment(content, kind, subtype, filename=name, params=_file_params(suffix, content))
    return message


def _file_params(suffix: str, content: bytes) -> dict[str, str]:
    """What the type of a file says besides: of a calendar file its method, without which programs of mail do not take it."""
    method = _METHOD.search(content) if suffix == ".ics" else None
    return {} if suffix != ".ics" else {"charset": "utf-8"} | ({"method": method[1].decode()} if method else {})


def mail_sender(url: str, mail_from: str, seconds: float = TIMEOUT_SECONDS) -> "SmtpSender | FolderSender":
    """The sender that MAIL_URL names: `smtp://`, `smtps://` or `file:///folder`."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FolderSender(Path(unquote(parts.path)), mail_from)
    return SmtpSender(parts, mail_from, seconds)


class SmtpSender:
    """Sends through a mail server; TLS certificates are checked."""

    def __init__(self, url: SplitResult, mail_from: str, seconds: float = TIMEOUT_SECONDS) -> None:
        """`seconds` is how long an answer is waited for."""
        self.mail_from = mail_from
        self._url = url
        self._seconds = seconds

    @contextmanager
    def connection(self) -> Iterator[Send]:
        """A signed-in connection, for as many messages as there are: what the server has had enough of is made anew. A server
        that cannot be reached or signed in to is a MailFault that may pass."""
        line = _Line(self._open_server)
        try:
            yield line.send
        finally:
            line.part()

    def _open_server(self) -> "_Server":
        try:
            return self._signed_in()
        except (OSError, UnicodeError, smtplib.SMTPException) as error:
            raise MailFault(Say("邮件服务器无法连接或登录：{error}", error=_fault_words(error)), is_final=False, is_cut=True) from error

    def _signed_in(self) -> "_Server":
        host, port, seconds = self._url.hostname or "", self._url.port, self._seconds
        server: _Server
        if self._url.scheme == "smtps":
            server = _SecureServer(host, port or 465, timeout=seconds, context=ssl.create_default_context())
        else:
            server = _Server(host, port or 25, timeout=seconds)
        try:
            if parse_qs(self._url.query).get("starttls") == ["1"]:
                server.starttls(context=ssl.create_default_context())
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
        except BaseException:
            _leave_server(server)
            raise
        return server


class _Server(smtplib.SMTP):
    """A mail server, and whether the message in hand has begun to go over: until then a broken connection has delivered
    nothing."""

    has_begun = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        """The message itself."""
        self.has_begun = True
        return super().data(msg)


class _SecureServer(_Server, smtplib.SMTP_SSL):
    """The same with TLS from the start."""


class _Line:
    """A connection that is renewed after many messages, and when the server hangs up between two of them (421, an idle limit)."""

    def __init__(self, connect: Callable[[], _Server]) -> None:
        self._open_server, self._server, self._taken = connect, connect(), 0

    def send(self, message: EmailMessage) -> None:
        """Hand over one message; one that surely did not get through an old connection goes over a new one at once."""
        if self._taken >= MOST_ON_ONE_LINE:
            self._renew_connection()
        try:
            _hand_over(self._server, message)
        except MailFault as fault:
            if not fault.is_cut or fault.is_unsure or not self._taken:
                raise
            self._renew_connection()
            _hand_over(self._server, message)
        self._taken += 1

    def part(self) -> None:
        """Say goodbye."""
        _leave_server(self._server)

    def _renew_connection(self) -> None:
        self.part()
        self._taken, self._server = 0, self._open_server()


class FolderSender:
    """Writes each message as an .eml file; the same Message-ID writes the same file."""

    def __init__(self, folder: Path, mail_from: str) -> None:
        self.mail_from = mail_from
        self._folder = folder

    @contextmanager
    def connection(self) -> Iterator[Send]:
        """Nothing to connect to; the folder is made when it is missing."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield self._write_message

    def _write_message(self, message: EmailMessage) -> None:
        written = message["Date"].datetime.strftime("%Y%m%dT%H%M%S")
        name = f"{written}-{hashlib.sha256(str(message['Message-ID']).encode()).hexdigest()[:16]}"
        unfinished = self._folder / f".{name}.{os.getpid()}"
        unfinished.write_bytes(message.as_bytes())
        unfinished.replace(self._folder / f"{name}.eml")


class MemorySender:
    """Keeps messages in a list, and fails on demand: with `fault` before it takes a message, with `after` once it has; for
    tests."""

    def __init__(self, mail_from: str = "xiaohao@localhost") -> None:
        self.mail_from = mail_from
        self.messages: list[EmailMessage] = []
        self.fault: MailFault | None = None
        self.after: BaseException | None = None

    @contextmanager
    def connection(self) -> Iterator[Send]:
        """Nothing to connect to."""
        yield self._keep_message

    def _keep_message(self, message: EmailMessage) -> None:
        if self.fault is not None:
            raise self.fault
        self.messages.append(message)
        if self.after is not None:
            raise self.after


def _parsed_address(text: str) -> Address:
    name, spec = parseaddr(text)
    try:
        if not text.isprintable():
            raise ValueError("a line break would start a header of its own")
        return Address(display_name=name, addr_spec=spec)
    except (ValueError, IndexError) as error:
        raise MailFault(Say("“{text}”不是邮件地址", text=text), is_final=True) from error


def _hand_over(server: _Server, message: EmailMessage) -> None:
    if server.sock is None:
        raise MailFault("与邮件服务器的连接已断开", is_final=False, is_cut=True)
    server.has_begun = False
    try:
        refused = server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        is_broken = isinstance(error, smtplib.SMTPServerDisconnected) or not isinstance(error, smtplib.SMTPException)
        raise MailFault(_fault_words(error), is_final=_is_final(error), is_unsure=is_broken and server.has_begun,
                        is_cut=server.sock is None) from error
    if refused:
        codes = [code for code, _ in refused.values()]
        raise MailFault(Say("收件人被拒：{refused}", refused=Listed(refused)), is_final=min(codes) >= 500)


def _is_final(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def _fault_words(error: Exception) -> str:
    """What the server or the system said, on one line."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else str(error.smtp_error)
        return " ".join(f"{error.smtp_code} {said}".split())
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return Say("收件人被拒：{refused}", refused=Listed(f"{to} ({code})" for to, (code, _) in error.recipients.items()))
    return " ".join(str(error).split()) or type(error).__name__


def _leave_server(server: _Server) -> None:
    """Say goodbye; a server that is gone already is no fault of the mail."""
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
