"""Who loads the demo makes many people. The demo with its supervision is made once for the session, and each test gets a copy."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support import databases, session
from tests.support.hashes import cheap_hashes
from tracker.domain.house.clock import SetClock

__all__ = ["cheap_hashes"]
MONDAY_MIDNIGHT = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)  # 00:30 in the office on 2 March 2026
CASES = 60


@pytest.fixture
def supervised(tmp_path: Path, cheap_hashes: None) -> Iterator[Any]:
    """The product on a copy of a demo of sixty cases that ended as this Monday began, and of the mails it wrote."""
    made = Path(session.made_once("supervised-demo", _make_demo))
    shutil.copytree(made, tmp_path / "demo")
    yield from _opened(tmp_path / "demo")


def _make_demo() -> str:
    from tracker import create_app
    from tracker.demo.loading import load
    from tracker.gateways.mail.sending import FolderSender

    folder = session.open_folder() / "supervised-demo"
    folder.mkdir()
    for url in databases.fresh("sqlite", folder):
        app = create_app(databases.settings_for(url, folder), clock=SetClock(MONDAY_MIDNIGHT))
        with app.app_context():
            load(keep=lambda accounts: None, mailer=FolderSender(folder / "outbox", "xiaohao@localhost"), cases=CASES)
        databases.close(app)
    return str(folder)


def _opened(folder: Path) -> Iterator[Any]:
    from tracker import create_app

    url = f"sqlite:///{folder / 'xiaohao.db'}"
    app = create_app(databases.settings_for(url, folder), clock=SetClock(MONDAY_MIDNIGHT))
    app.testing = True
    with app.app_context():
        yield app
    databases.close(app)
