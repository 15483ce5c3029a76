"""`flask demo load` at the command line."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY

from config import Settings
from tracker.services.people.passwords import PASSWORDS

pytestmark = pytest.mark.one_engine


@pytest.fixture(autouse=True)
def cheap_hashes() -> Iterator[None]:
    """The demo makes some sixty people at once."""
    PASSWORDS.use(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    PASSWORDS.use(PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY))


@pytest.fixture
def accounts_file(settings: Settings) -> Path:
    return settings.instance_dir / "demo-accounts.txt"


def test_it_prints_the_accounts_and_figures_and_keeps_the_passwords_for_this_user_alone(cli: Any, accounts_file: Path) -> None:
    done = cli.invoke(args=["demo", "load", "--cases-only", "--cases", "12"])
    assert done.exit_code == 0, done.output
    assert "第二轮中央生态环境保护督察信访件（D2JX）2 件" in done.stdout
    assert stat.S_IMODE(accounts_file.stat().st_mode) == 0o600
    lines = accounts_file.read_text().splitlines()
    assert all(line in done.stdout for line in lines)
    passwords = [line.split()[1] for line in lines[1:]]
    assert len(set(passwords)) == len(passwords) > 40
    assert min(len(password) for password in passwords) >= 12


def test_a_second_load_is_one_sentence_and_leaves_the_accounts_as_they_were(cli: Any, accounts_file: Path) -> None:
    assert cli.invoke(args=["demo", "load", "--cases-only", "--cases", "10"]).exit_code == 0
    before = accounts_file.read_text()
    again = cli.invoke(args=["demo", "load"])
    assert again.exit_code == 1
    assert again.stderr == "演示辖区已经装入，不能重复装入。\n"
    assert accounts_file.read_text() == before
