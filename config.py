"""Every setting of the product, read once at the start and never again.

`Settings.from_env()` reads the environment, and below it the file `.env`; what is missing or malformed stops the start with one
sentence that names the setting. README's table of settings is checked against `SETTINGS`.
"""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"
ENV_FILE = ROOT / os.environ.get("XIAOHAO_ENV", ".env")  # another one only where `./run demo` stands beside an own district
DEMO, OWN = "demo", "own"  # of DISTRICT
SQLITE, POSTGRES = "sqlite:///", "postgresql+psycopg://"

# Name of each setting and where it comes from; the order is the order in README.
SETTINGS = (
    "DATABASE_URL", "SECRET_KEY", "IDENTITY_KEY", "LEDGER_KEY", "LEDGER_KEY_FILE", "LEDGER_HEADS", "LEDGER_VKEYS",
    "LEDGER_WITNESSES", "MAIL_URL", "MAIL_FROM", "EVIDENCE_URL", "S3_ENDPOINT_URL",
    "DISTRICT", "BASE_URL", "PORT", "TIMEZONE", "LOCALE", "TRUSTED_PROXIES", "UPLOAD_MAX_MB",
    "OIDC_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_LOGIN_CLAIM", "OIDC_NAME", "OIDC_ONLY",
)  # fmt: skip


class SettingsError(Exception):
    """A setting is missing or malformed. The text is one Chinese sentence that names it."""

    def __init__(self, name: str, trouble: str) -> None:
        super().__init__(f"设置 {name} {trouble}。")
        self.name = name


@dataclass(frozen=True)
class SingleSignOn:
    """The provider of a single sign-on (OpenID Connect), by which claim it names somebody's login, and whether only it lets
    people in."""

    url: str
    client_id: str
    client_secret: str
    login_claim: str = "preferred_username"
    name: str = "单点登录"
    is_only: bool = False


@dataclass(frozen=True)
class Settings:
    """What the bootstrap needs to know. Made by `from_env`, or by hand in tests."""

    database_url: str
    secret_key: str
    identity_key: str
    mail_url: str
    mail_from: str
    evidence_url: str
    ledger_key: str = ""
    ledger_key_file: Path = INSTANCE / "ledger.key"
    ledger_heads: Path = INSTANCE / "heads"
    ledger_vkeys: tuple[str, ...] = ()
    ledger_witnesses: tuple[str, ...] = ()
    s3_endpoint_url: str | None = None
    base_url: str = "http://127.0.0.1:8000"
    timezone: str = "Asia/Shanghai"
    locale: str = "zh_CN"
    trusted_proxies: int = 0
    upload_max_mb: int = 20
    single_sign_on: SingleSignOn | None = None
    district: str = "demo"
    is_mail_given: bool = True
    instance_dir: Path = INSTANCE

    @property
    def is_demo(self) -> bool:
        """Whether this installation may hold the invented district; an own one never does."""
        return self.district == DEMO

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def upload_max_bytes(self) -> int:
        """The most that one uploaded file may hold."""
        return self.upload_max_mb * 1024 * 1024

    @property
    def request_max_bytes(self) -> int:
        """The most that one request may hold: ten files, so that a single file too big still meets its own sentence."""
        return 10 * self.upload_max_bytes + 1024 * 1024

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, dotenv: Path | None = ENV_FILE) -> "Settings":
        """Settings of this process. The environment wins over the file; an empty value counts as not given. An own district keeps
        its data apart from the demo's."""
        given = _Given(os.environ if environ is None else environ, dotenv)
        district = _district(given.get("DISTRICT", DEMO))
        data = INSTANCE / OWN if district == OWN else INSTANCE
        return cls(
            database_url=_database_url(given.get("DATABASE_URL", f"{SQLITE}{data / 'xiaohao.db'}")),
            secret_key=_secret_key(given.need("SECRET_KEY")),
            identity_key=_identity_key(given.need("IDENTITY_KEY")),
            ledger_key=_ledger_key(given.get("LEDGER_KEY", "")),
            ledger_key_file=ROOT / given.get("LEDGER_KEY_FILE", str(data / "ledger.key")),
            ledger_heads=ROOT / given.get("LEDGER_HEADS", str(data / "heads")),
            ledger_vkeys=_vkeys("LEDGER_VKEYS", given.get("LEDGER_VKEYS", "")),
            ledger_witnesses=_vkeys("LEDGER_WITNESSES", given.get("LEDGER_WITNESSES", "")),
            mail_url=_mail_url(given.get("MAIL_URL", (data / "outbox").as_uri())),
            mail_from=_mail_from(given.get("MAIL_FROM", "销号平台 <xiaohao@localhost>")),
            evidence_url=_evidence_url(given.get("EVIDENCE_URL", (data / "evidence").as_uri())),
            s3_endpoint_url=_http_url("S3_ENDPOINT_URL", given.get("S3_ENDPOINT_URL", "")) or None,
            base_url=_http_url("BASE_URL", given.get("BASE_URL", f"http://127.0.0.1:{_port(given.get('PORT', '8000'))}")),
            timezone=_timezone(given.get("TIMEZONE", "Asia/Shanghai")),
            locale=_locale(given.get("LOCALE", "zh_CN")),
            trusted_proxies=_whole("TRUSTED_PROXIES", given.get("TRUSTED_PROXIES", "0"), 0, 10),
            single_sign_on=_single_sign_on(given),
            district=district, is_mail_given=bool(given.get("MAIL_URL", "")), instance_dir=data,
            upload_max_mb=_whole("UPLOAD_MAX_MB", given.get("UPLOAD_MAX_MB", "20"), 1, 200),
        )


class _Given:
    """The environment over the file, both as plain text."""

    def __init__(self, environ: Mapping[str, str], dotenv: Path | None) -> None:
        self.values = {name: value for name, value in (dotenv_values(dotenv) if dotenv else {}).items() if value}
        self.values |= {name: environ[name] for name in SETTINGS if environ.get(name, "").strip()}

    def get(self, name: str, default: str) -> str:
        return (self.values.get(name) or default).strip()

    def need(self, name: str) -> str:
        if not self.get(name, ""):
            raise SettingsError(name, "没有给出；执行 ./run 会在 .env 里生成一个")
        return self.get(name, "")


def _single_sign_on(given: _Given) -> SingleSignOn | None:
    is_only = bool(_whole("OIDC_ONLY", given.get("OIDC_ONLY", "0"), 0, 1))
    url = _http_url("OIDC_URL", given.get("OIDC_URL", "")).rstrip("/")
    if not url:
        if is_only:
            raise SettingsError("OIDC_URL", "没有给出，而 OIDC_ONLY=1 只许单点登录")
        return None
    for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
        if not given.get(name, ""):
            raise SettingsError(name, "没有给出；给了 OIDC_URL 就要给它")
    return SingleSignOn(url, given.get("OIDC_CLIENT_ID", ""), given.get("OIDC_CLIENT_SECRET", ""),
                        given.get("OIDC_LOGIN_CLAIM", "preferred_username"), given.get("OIDC_NAME", "单点登录"), is_only)


def _database_url(text: str) -> str:
    if text.startswith(SQLITE):
        path = text.removeprefix(SQLITE)
        if not path or path.startswith(":memory:"):
            raise SettingsError("DATABASE_URL", "要写出数据库文件，例如 sqlite:///instance/xiaohao.db")
        return f"{SQLITE}{ROOT / path}"
    if text.startswith(POSTGRES) and urlsplit(text).path.strip("/"):
        return text
    raise SettingsError("DATABASE_URL", f"要以 {SQLITE} 或 {POSTGRES} 开头并写出库名，现在的开头是“{_scheme(text)}”")


def _secret_key(text: str) -> str:
    if len(text) < 32:
        raise SettingsError("SECRET_KEY", f"至少要 32 个字符，现在是 {len(text)} 个")
    return text


def _identity_key(text: str) -> str:
    for place, key in enumerate(text.split(","), start=1):
        if _decoded_size(key) != 32:
            raise SettingsError("IDENTITY_KEY", f"的第 {place} 个密钥不是 32 字节的 base64（多个密钥以逗号分开，新的在前）")
    return text


def _decoded_size(text: str) -> int:
    """How many bytes a base64 text holds; 0 when it is none."""
    try:
        return len(base64.b64decode(text.strip(), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        return 0


def _ledger_key(text: str) -> str:
    if text and _decoded_size(text) != 32:
        raise SettingsError("LEDGER_KEY", "不是 32 字节的 base64")
    return text


def _vkeys(name: str, text: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    for place, key in enumerate(keys, start=1):
        if not re.fullmatch(r"[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}", key):
            raise SettingsError(name, f"的第 {place} 个不是公钥（名称+编号+密钥，多个以逗号分开）")
    return keys


def _mail_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme == "file" and parts.path.startswith("/") and not parts.netloc:
        return text
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise SettingsError("MAIL_URL", f"要以 smtp://主机、smtps://主机 或 file:///文件夹 开头，现在的开头是“{_scheme(text)}”")
    _port_of("MAIL_URL", text)
    if not unquote(f"{parts.username or ''}{parts.password or ''}").isascii():
        raise SettingsError("MAIL_URL", "里的用户名和密码只能用英文字母、数字和符号")
    unknown = [f"{name}={value}" for name, value in parse_qsl(parts.query) if (name, value) not in _MAIL_OPTIONS]
    if unknown:
        raise SettingsError("MAIL_URL", f"里的“{unknown[0]}”不认识，只可写 starttls=1 或 starttls=0")
    return text


_MAIL_OPTIONS = {("starttls", "0"), ("starttls", "1")}


def _mail_from(text: str) -> str:
    address = parseaddr(text)[1]
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", address):
        raise SettingsError("MAIL_FROM", "不是邮件地址，例如 销号平台 <xiaohao@example.org>")
    return text


def _evidence_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme == "file" and parts.path.startswith("/") and not parts.netloc:
        return text
    if parts.scheme == "s3" and parts.hostname:
        return text
    raise SettingsError("EVIDENCE_URL", f"要以 file:///文件夹 或 s3://桶/前缀 写出，现在的开头是“{_scheme(text)}”")


def _http_url(name: str, text: str) -> str:
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError(name, "要以 http:// 或 https:// 开头并写出主机")
    _port_of(name, text)
    return text.rstrip("/")


def _port_of(name: str, url: str) -> None:
    try:
        urlsplit(url).port  # noqa: B018 - reading it is what checks it
    except ValueError:
        raise SettingsError(name, "里的端口不是 1–65535 的数字") from None


def _port(text: str) -> int:
    return _whole("PORT", text, 1, 65535)


def _timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingsError("TIMEZONE", f"里没有“{text}”这个时区，例如 Asia/Shanghai") from None
    return text


def _locale(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2}(_[A-Z]{2})?", text):
        raise SettingsError("LOCALE", "要像 zh_CN 这样写")
    return text


def _district(text: str) -> str:
    if text not in (DEMO, OWN):
        raise SettingsError("DISTRICT", f"只可写 {DEMO}（演示辖区）或 {OWN}（自己的辖区），现在是“{text[:30]}”")
    return text


def _whole(name: str, text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise SettingsError(name, f"要是 {least} 到 {most} 的整数，现在是“{text}”")
    return int(text)


def _scheme(text: str) -> str:
    """What stands before the first colon: enough to see the mistake, without the password behind it."""
    return text.partition(":")[0][:30]
