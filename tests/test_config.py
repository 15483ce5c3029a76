"""Settings: what is missing or malformed stops the start with one sentence that names the setting."""

import base64
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config import INSTANCE, ROOT, SETTINGS, Settings, SettingsError, SingleSignOn

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
LEAST = {"SECRET_KEY": "s" * 32, "IDENTITY_KEY": KEY}


def settings(**more: str) -> Settings:
    return Settings.from_env(LEAST | more, dotenv=None)


def test_two_keys_are_enough() -> None:
    got = settings()
    assert got.database_url == f"sqlite:///{INSTANCE}/xiaohao.db"
    assert got.mail_url == (INSTANCE / "outbox").as_uri()
    assert got.evidence_url == (INSTANCE / "evidence").as_uri()
    assert (got.base_url, got.timezone, got.locale) == ("http://127.0.0.1:8000", "Asia/Shanghai", "zh_CN")
    assert (got.trusted_proxies, got.s3_endpoint_url, got.upload_max_bytes) == (0, None, 20 * 1024 * 1024)


def test_an_empty_value_counts_as_not_given() -> None:
    assert settings(TIMEZONE="", BASE_URL=" ") == settings()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f"SECRET_KEY={'f' * 40}\nIDENTITY_KEY={KEY}\nMAIL_FROM=文件 <file@example.org>\n")
    got = Settings.from_env({"MAIL_FROM": "env@example.org"}, dotenv=file)
    assert (got.secret_key, got.mail_from) == ("f" * 40, "env@example.org")


def test_a_relative_sqlite_file_lies_in_the_project() -> None:
    assert settings(DATABASE_URL="sqlite:///instance/a.db").database_url == f"sqlite:///{ROOT}/instance/a.db"
    assert settings(DATABASE_URL="sqlite:////var/lib/a.db").database_url == "sqlite:////var/lib/a.db"


def test_the_port_is_part_of_the_default_address() -> None:
    assert settings(PORT="8123").base_url == "http://127.0.0.1:8123"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql+psycopg://user:pw@db.example.org/xiaohao"),
        ("DATABASE_URL", "postgresql+psycopg://postgres@/xiaohao?host=%2Ftmp%2Fpg"),
        ("IDENTITY_KEY", f"{KEY}, {KEY}"),
        ("MAIL_URL", "smtp://user%40x:p%2Fw@mail.example.org:587?starttls=1"),
        ("MAIL_URL", "smtps://mail.example.org"),
        ("EVIDENCE_URL", "s3://bucket/prefix"),
        ("S3_ENDPOINT_URL", "http://127.0.0.1:9000"),
    ],
)
def test_every_documented_form_is_taken(name: str, value: str) -> None:
    settings(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://root:geheim@host/db"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql+psycopg://host"),
        ("SECRET_KEY", "geheim"),
        ("IDENTITY_KEY", "geheim"),
        ("IDENTITY_KEY", f"{KEY},"),
        ("IDENTITY_KEY", "密钥"),
        ("MAIL_URL", "http://user:geheim@host"),
        ("MAIL_URL", "smtp://"),
        ("MAIL_URL", "smtp://host:99999"),
        ("MAIL_URL", "smtp://host?starttls=yes"),
        ("MAIL_URL", "smtp://user:%E5%AF%86@host"),
        ("MAIL_URL", "file://relative/dir"),
        ("MAIL_FROM", "销号平台"),
        ("EVIDENCE_URL", "instance/evidence"),
        ("EVIDENCE_URL", "s3://"),
        ("S3_ENDPOINT_URL", "127.0.0.1:9000"),
        ("BASE_URL", "example.org"),
        ("BASE_URL", "http://host:port"),
        ("PORT", "0"),
        ("PORT", "８０００"),
        ("TIMEZONE", "Asia/Nanchang"),
        ("TIMEZONE", "../etc/passwd"),
        ("LOCALE", "中文"),
        ("TRUSTED_PROXIES", "-1"),
        ("UPLOAD_MAX_MB", "20MB"),
        ("OIDC_URL", "sso.example.org"),
        ("OIDC_ONLY", "yes"),
    ],
)
def test_what_is_malformed_is_named_in_one_sentence_that_betrays_no_password(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as error:
        settings(**{name: value})
    assert re.fullmatch(rf"设置 {name} [^。\n]+。", str(error.value))
    assert "geheim" not in str(error.value)


@pytest.mark.parametrize("name", ["SECRET_KEY", "IDENTITY_KEY"])
def test_a_missing_key_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=f"设置 {name} 没有给出"):
        Settings.from_env({key: value for key, value in LEAST.items() if key != name}, dotenv=None)


def test_every_field_comes_from_a_setting_of_the_list() -> None:
    beside = ("instance_dir", "is_mail_given", "single_sign_on")
    fields = {field.upper() for field in Settings.__dataclass_fields__ if field not in beside}
    provider = {f"OIDC_{field.removeprefix('is_').upper()}" for field in SingleSignOn.__dataclass_fields__}
    assert fields | provider == set(SETTINGS) - {"PORT"}


def test_a_single_sign_on_is_set_whole_or_not_at_all() -> None:
    whole = {"OIDC_URL": "https://sso.example.org/realms/a/", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}
    assert settings().single_sign_on is None
    read = settings(**whole, OIDC_ONLY="1").single_sign_on
    assert read == SingleSignOn("https://sso.example.org/realms/a", "a", "b", is_only=True)
    for left in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
        with pytest.raises(SettingsError, match=f"设置 {left} 没有给出"):
            settings(**{name: value for name, value in whole.items() if name != left})
    with pytest.raises(SettingsError, match="设置 OIDC_URL 没有给出"):
        settings(OIDC_ONLY="1")


def test_a_malformed_setting_stops_the_start_with_the_sentence_alone() -> None:
    started = subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=ROOT, env=LEAST | {"TIMEZONE": "Mars/Olympus"}, capture_output=True, text=True
    )
    assert started.returncode == 3
    assert started.stderr == "设置 TIMEZONE 里没有“Mars/Olympus”这个时区，例如 Asia/Shanghai。\n"


def test_an_own_district_keeps_its_data_apart_from_the_demo_s() -> None:
    got = settings(DISTRICT="own")
    assert (got.is_demo, settings().is_demo) == (False, True)
    assert got.database_url == f"sqlite:///{INSTANCE}/own/xiaohao.db"
    assert (got.ledger_key_file, got.ledger_heads) == (INSTANCE / "own" / "ledger.key", INSTANCE / "own" / "heads")
    assert (got.mail_url, got.is_mail_given) == ((INSTANCE / "own" / "outbox").as_uri(), False)
    assert got.evidence_url == (INSTANCE / "own" / "evidence").as_uri()
    assert settings(MAIL_URL="smtp://host").is_mail_given
    with pytest.raises(SettingsError, match="设置 DISTRICT 只可写 demo（演示辖区）或 own（自己的辖区）"):
        settings(DISTRICT="mine")
