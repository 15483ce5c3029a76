"""The mail server that an office has set here, where the environment names none: kept encrypted, tried before it is used."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from email.utils import parseaddr
from urllib.parse import quote, urlsplit

from sqlalchemy.orm import Session

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Invalid
from tracker.domain.house.identifiers import squeeze
from tracker.domain.territory.fact_kinds import MailFacts
from tracker.gateways.mail.hosts import require_fit
from tracker.gateways.mail.sending import MailFault, MailSender, Send, build_message, mail_sender
from tracker.services.house import permits
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.storage.house.preferences import Preference

WAY, TRIED = "mail_way", "mail_tried_at"
CONTEXT = "preferences/mail_way"
TRY_SECONDS, LONGEST_ANSWER = 10, 200
ENCRYPTIONS: dict[str, str] = {"starttls": "STARTTLS（587 端口常用）", "tls": "TLS（465 端口常用）", "none": "不加密（只限内网）"}
PORTS = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True)
class MailWay:
    """A mail server, how one signs in there, and who the mails are from."""

    server: str
    port: int
    encryption: str
    user: str
    secret: str
    sender: str

    @property
    def url(self) -> str:
        """As MAIL_URL would say it."""
        scheme = "smtps" if self.encryption == "tls" else "smtp"
        sign_in = f"{quote(self.user, safe='')}:{quote(self.secret, safe='')}@" if self.user else ""
        host = f"[{self.server}]" if ":" in self.server else self.server
        return f"{scheme}://{sign_in}{host}:{self.port}" + ("?starttls=1" if self.encryption == "starttls" else "")


def way_of(server: str, port: str, encryption: str, user: str, secret: str, sender: str, name: str) -> MailWay:
    """What was typed, as a way out; `name` is who the mails are from where only an address is given. Raises `Invalid`."""
    host = squeeze(server).strip("[]")
    if encryption not in ENCRYPTIONS:
        raise Invalid("请选择加密方式。", field="encryption")
    number = squeeze(port) or str(PORTS[encryption])
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:6]) <= 65535):
        raise Invalid("端口应为 1 至 65535 的数字。", field="port")
    if not f"{user}{secret}".isascii():
        raise Invalid("邮箱的用户名和密码只能用英文字母、数字和符号。", field="user")
    address = parseaddr(sender)[1]
    if not address.partition("@")[2] or any(each.isspace() for each in address):
        raise Invalid("发件人应为邮箱地址，如 zgb@example.org。", field="sender")
    who = " ".join((parseaddr(sender)[0] or name).replace('"', "").split())
    way = MailWay(host, int(number), encryption, user.strip(), secret, f'"{who}" <{address}>' if who else address)
    if not host or any(each.isspace() or each in "/@?#" for each in host) or not urlsplit(way.url).hostname:
        raise Invalid("邮件服务器应为主机名，如 smtp.example.org。", field="server")
    return way


def way_of_url(url: str, sender: str) -> MailWay:
    """The same from a MAIL_URL. Raises `Invalid`."""
    parts = urlsplit(url)
    is_plain = "starttls=1" not in parts.query
    encryption = "tls" if parts.scheme == "smtps" else "none" if is_plain else "starttls"
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise Invalid("--mail-url 应为 smtp://主机 或 smtps://主机。", field="mail_url")
    return way_of(parts.hostname, str(parts.port or ""), encryption, parts.username or "", parts.password or "", sender, "")


def try_out(way: MailWay, to: str) -> str:
    """Send one mail at once; "" when the server took it, else what it answered."""
    try:
        require_fit(way.server)
        with mail_sender(way.url, way.sender, TRY_SECONDS).connection() as send:
            now = wiring().clock.now()
            send(build_message("销号平台试发", "收到这封信，说明邮件设置可用。", to, f"try-{now.timestamp():.0f}@xiaohao",
                               mail_from=way.sender, date=now))
    except MailFault as fault:
        return fault.reason[:LONGEST_ANSWER]
    return ""


@deed
def change_way(work: Work, actor: Actor, way: MailWay, *, is_tried: bool) -> None:
    """Another way out, set by somebody with a name. The fact says where mail goes from now on, and no secret."""
    permits.require(actor, Permission.office_manage)
    keep_way(work, way, is_tried=is_tried)
    work.record("mail", MailFacts.way_set, actor, {"server": way.server, "port": way.port, "encryption": way.encryption,
                                                   "is_tried": is_tried})


def keep_way(work: Work, way: MailWay, *, is_tried: bool) -> None:
    """From now on mail goes this way."""
    sealed = work.wiring.cipher.seal(json.dumps(asdict(way)), CONTEXT)
    work.session.merge(Preference(key=WAY, value=sealed))
    tried = work.session.get(Preference, TRIED)
    if is_tried:
        work.session.merge(Preference(key=TRIED, value=work.clock.now().isoformat()))
    elif tried is not None:
        work.session.delete(tried)


def kept_way(session: Session) -> MailWay | None:
    """The way out that was set here."""
    row = session.get(Preference, WAY)
    return MailWay(**json.loads(wiring().cipher.open(row.value, CONTEXT))) if row is not None else None


def mail_from() -> str:
    """Who mails are from."""
    own = wiring()
    way = kept_way(reading()) if isinstance(own.mail, ChosenSender) else None
    return way.sender if way is not None else own.mail_from


class ChosenSender:
    """Sends by the server that was set here; until there is one, by another way."""

    def __init__(self, until_then: MailSender) -> None:
        self._until_then = until_then
        self.mail_from = until_then.mail_from

    @contextmanager
    def connection(self) -> Iterator[Send]:
        """A connection to whatever is set by now."""
        way = kept_way(reading())
        if way is not None:
            require_fit(way.server)
        with (mail_sender(way.url, way.sender) if way is not None else self._until_then).connection() as send:
            yield send
