"""Fixtures that every test may ask for. What they rest on lies in tests/support, by topic."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from config import Settings
from tests.support import fences, session
from tracker.domain.house.clock import SetClock
from tracker.gateways.mail.sending import MemorySender

# Flask, SQLAlchemy and the database drivers are imported by the fixtures that need them: the tests of the law take two seconds.
ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
MONDAY_MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in the office, an ordinary working day

hypothesis.settings.register_profile("house", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """The session's folder must exist before xdist starts its workers."""
    session.open_folder()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Only the process that made the folder stops the server and clears up."""
    if not hasattr(config, "workerinput"):
        from tests.support import postgres

        postgres.stop()
        session.close_folder()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whatever touches the database runs on both engines, unless it is marked `one_engine`."""
    if "engine_name" in metafunc.fixturenames:
        is_one = metafunc.definition.get_closest_marker("one_engine")
        metafunc.parametrize("engine_name", ENGINES[:1] if is_one else ENGINES, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a test with many examples PostgreSQL sees the first: the examples differ in what is given, which is the same to both
    engines. A test of which that is not so is marked `both_engines`."""
    seen: set[str] = set()
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        params = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        name = item.nodeid.partition("[")[0]
        is_more = params.get("engine_name") == "postgres" and name in seen and not item.get_closest_marker("both_engines")
        (left if is_more else kept).append(item)
        if params.get("engine_name") == "postgres":
            seen.add(name)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


@pytest.fixture(autouse=True)
def _socket_fence(monkeypatch: pytest.MonkeyPatch) -> None:
    fences.fence_sockets(monkeypatch)


@pytest.fixture
def engine_name(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgres`."""
    return request.param


@pytest.fixture
def database_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database of this test's own: empty, or with the small district of a test that asks for `town`."""
    from tests.support import databases

    yield from databases.fresh(engine_name, tmp_path, is_settled="town" in request.fixturenames)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a product that keeps everything in this test's folder."""
    from tests.support import databases

    return databases.settings_for(database_url, tmp_path)


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands at 09:00 on Monday 2 March 2026 until the test moves it."""
    return SetClock(MONDAY_MORNING)


@pytest.fixture
def mailer() -> MemorySender:
    """A mail sender that keeps `messages`."""
    return MemorySender()


@pytest.fixture
def app(settings: Settings, clock: SetClock, mailer: MemorySender) -> Iterator[Any]:
    """The whole product on a fresh database, with the test's clock and mailbox."""
    from tests.support import databases, quick_addresses, quick_statements
    from tracker import create_app

    quick_addresses.remember()
    quick_statements.remember()
    product = create_app(settings, clock=clock, mailer=mailer)
    product.testing = True
    yield product
    databases.close(product)


@pytest.fixture
def town(app: Any) -> Iterator[Any]:
    """A small district with people in every role, inside an application context; its cases walk the real steps."""
    from tests.support.makers import Town

    with app.app_context():
        yield Town.founded()


@pytest.fixture
def client(app: Any) -> Any:
    """A visitor of the web door."""
    return app.test_client()


@pytest.fixture
def cli(app: Any) -> Any:
    """An operator at the command line: `cli.invoke(args=[...])`."""
    return app.test_cli_runner()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless browser for this worker's browser tests."""
    from tests.support import browser

    with browser.chromium() as running:
        yield running


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The published tables beside the project; tests on them skip where they are absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the published tables (../shared/data) are not here")
    return folder
