"""How far one goes through the house to do one thing: modules entered, and calls from one file of the product into another, by
*assign* (a step), *import row* (a file with one row) and *morning mail* (one morning list). `python docs/moves.py [FOLDER]`
walks a fresh small district of a checkout on SQLite; needs what the tests need. The second walk is counted: caches are warm.
"""

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[1]).resolve()
PRODUCT = str(ROOT / "tracker")
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HEAD = "信访编号,举报内容,行政区域,污染类型"


def walked(deed: Callable[[], Any]) -> tuple[int, int]:
    """Modules entered and moves between files while this runs."""
    entered: set[str] = set()
    moves = 0
    at: list[str] = [""]

    def watch(frame: FrameType, event: str, _: object) -> None:
        nonlocal moves
        name = frame.f_code.co_filename
        if not name.startswith(PRODUCT):
            return
        if event == "call":
            moves += name != at[-1] and bool(at[-1])
            entered.add(name)
            at.append(name)
        elif event == "return" and len(at) > 1:
            at.pop()

    sys.setprofile(watch)
    try:
        deed()
    finally:
        sys.setprofile(None)
    return len(entered), moves


def deeds(town: Any, app: Any, folder: Path) -> dict[str, list[Callable[[], Any]]]:
    """What is walked, twice each."""
    runner = app.test_cli_runner()
    numbers = [town.registered() for _ in range(2)]

    def run(*args: str) -> None:
        result = runner.invoke(args=list(args))
        assert result.exit_code == 0, result.output

    def row(serial: int) -> Callable[[], None]:
        file = folder / f"{serial}.csv"
        file.write_text(f"{HEAD}\nD3JX20260302{serial:04d},桃花河边堆放生活垃圾 {serial},西湖区,垃圾\n", encoding="utf-8")
        return lambda: run("data", "import", str(file), "--source", "D3JX")

    return {"assign": [lambda n=number: town.do(n, "assign") for number in numbers],  # type: ignore[misc]
            "import row": [row(1), row(2)],
            "morning mail": [lambda: run("jobs", "run", "daily-morning", "--on", "2026-03-02"),
                             lambda: run("jobs", "run", "daily-morning", "--on", "2026-03-03")]}


def main() -> None:
    """Print one line a deed."""
    sys.path.insert(0, str(ROOT))
    from tests.support import databases, session
    from tests.support.makers import Town
    from tracker import create_app
    from tracker.domain.house.clock import SetClock

    session.open_folder()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for url in databases.fresh("sqlite", folder):
            clock = SetClock(MONDAY)
            app = create_app(databases.settings_for(url, folder), clock=clock)
            with app.app_context():
                town = Town.founded()
                for word, (first, second) in deeds(town, app, folder).items():
                    first()
                    clock.move_to(MONDAY + timedelta(days=1))
                    modules, moves = walked(second)
                    print(f"{word}: {modules} modules entered, {moves} moves between files")
            databases.close(app)
    session.close_folder()


if __name__ == "__main__":
    main()
