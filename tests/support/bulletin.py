"""The year of the bulletin of 2021 (南昌市“五型”办简报第30期): the operations, findings, interviews and controls in its numbers, each
by its real steps, and a few meetings and patrols. Made once for the session; each test gets a copy."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tests.support import databases, patrols, session
from tests.support.acts import act_in, do, opened, site_of
from tests.support.district import STREET_AREA, District
from tests.support.makers import Town, photo
from tracker.domain.coordination.operations import SOURCE
from tracker.domain.house.clock import SetClock
from tracker.services.cases.intake import RegisterOrder
from tracker.services.coordination.operations import register_found
from tracker.services.house.work import reading, wiring
from tracker.storage.people.accounts import Person, Unit

FIRST, CUT = date(2021, 1, 1), date(2021, 8, 31)
BEGINS, CIRCULAR = datetime(2021, 1, 4, 1, tzinfo=UTC), datetime(2021, 9, 3, 1, tzinfo=UTC)
CAMPAIGNS, MIDNIGHTS, VEHICLES, PEOPLE = 12, 24, 195, 380
FOUND, RECTIFIED, INTERVIEWED, ORDERS, KEPT, MEETINGS = 230, 227, 12, 8, 5, 3
OPERATIONS = CAMPAIGNS + MIDNIGHTS
WORKED = ("assign", "acknowledge", "submit", "verify")
WINDOW = ("--from", FIRST.isoformat(), "--to", CUT.isoformat())


@contextmanager
def bulletin_2021(folder: Path) -> Iterator[Town]:
    """A town on a copy of the year, on the morning when the bulletin was issued."""
    made = Path(session.made_once("bulletin-2021", _make_year))
    shutil.copytree(made, folder / "bulletin")
    with _opened(f"sqlite:///{folder / 'bulletin' / 'xiaohao.db'}", folder / "bulletin", CIRCULAR):
        yield _town_again()


def _make_year() -> str:
    folder = session.open_folder() / "bulletin-2021"
    folder.mkdir()
    for url in databases.fresh("sqlite", folder):
        with _opened(url, folder, BEGINS):
            walk_year(Town.founded())
    return str(folder)


@contextmanager
def opened_at(folder: Path) -> Iterator[Town]:
    """A new town in a folder, on the morning on which the year begins."""
    for url in databases.fresh("sqlite", folder):
        with _opened(url, folder, BEGINS):
            yield Town.founded()


@contextmanager
def _opened(url: str, folder: Path, now: datetime) -> Iterator[Any]:
    from tracker import create_app

    app = create_app(databases.settings_for(url, folder), clock=SetClock(now))
    app.testing = True
    with app.app_context():
        yield app
    databases.close(app)


def walk_year(town: Town) -> None:
    """Everything up to the cut, and the days to the circular."""
    patrols.drawn(town)
    for side, tier, unit, person in patrols.POSTS:
        patrols.post(side, tier, unit, person, FIRST)
    site_of(town)
    found: list[str] = []
    for index in range(OPERATIONS):
        on = FIRST + timedelta(days=10 + 6 * index)
        _stand_at(town, on)
        _operate(town, index, found)
        if index >= OPERATIONS - ORDERS:
            _control(town, on + timedelta(days=2), is_kept=index < OPERATIONS - ORDERS + KEPT)
    _settle_findings(town, found)
    for index in range(MEETINGS):
        _stand_at(town, date(2021, 8, 18 + index))
        _meet(town)
    _patrol(town)
    town.clock.move_to(CIRCULAR)


def share(whole: int, index: int, parts: int = OPERATIONS) -> int:
    """What falls to one of several, so that all come to the whole."""
    return whole * (index + 1) // parts - whole * index // parts


def _stand_at(town: Town, on: date, hour: int = 9) -> None:
    town.clock.move_to(datetime(on.year, on.month, on.day, hour, tzinfo=wiring().zone))  # type: ignore[arg-type]


def _operate(town: Town, index: int, found: list[str]) -> None:
    """An operation with its forces and findings; every third one was a campaign, and led to an interview."""
    is_campaign = index % 3 == 0
    number = opened(town, "operation", sort="campaign" if is_campaign else "midnight")
    do(town, number, "operation", "begin")
    do(town, number, "operation", "set_forces", vehicle_count=str(share(VEHICLES, index)), person_count=str(share(PEOPLE, index)))
    for _ in range(share(FOUND, index)):
        order = RegisterOrder(SOURCE, f"第{len(found) + 1}处渣土未覆盖", "工地东门渣土未覆盖", place=f"第{len(found) + 1}处工地",
                              area_code=STREET_AREA, categories=("dust",))
        found.append(register_found(town.actor("dispatcher"), number, order, uploads=[photo()]).number)
    if is_campaign:
        do(town, opened(town, "interview", target=number), "interview", "hold")


def _settle_findings(town: Town, found: list[str]) -> None:
    """All but three are verified; one of these was merged into another, which was closed."""
    _stand_at(town, date(2021, 8, 16))
    master, merged = found[0], found[1]
    town.do(merged, "merge", master=master)
    for number in [master, *found[2:RECTIFIED]]:
        town.walk(number, *WORKED)
    town.walk(master, "close")


def _control(town: Town, on: date, *, is_kept: bool) -> None:
    """An order over one day, issued the day before, and whether it kept the day."""
    _stand_at(town, on - timedelta(days=1))
    number = opened(town, "control", first_on=on.isoformat(), last_on=on.isoformat())
    do(town, number, "control", "add_site")
    do(town, number, "control", "issue")
    _stand_at(town, on + timedelta(days=1))
    do(town, number, "control", "lift", lifted_at=f"{on} 23:30")
    do(town, number, "control", "assess", aqi=f"{on} {96 if is_kept else 101}")


def _meet(town: Town) -> None:
    """A meeting with one item, which is decided."""
    on = town.clock.today()
    number = opened(town, "meeting", planned_on=on.isoformat())
    do(town, number, "meeting", "add_item")
    do(town, number, "meeting", "call", held_at=f"{on} 08:30", reason="急")
    do(town, number, "meeting", "hold")
    do(town, number, "meeting", "decide_item")


def _patrol(town: Town) -> None:
    """One of both sides, confirmed; and one that the other side has not answered."""
    _stand_at(town, date(2021, 8, 26))
    act_in(town, "patrol", "confirmed")
    _stand_at(town, date(2021, 8, 27))
    opened(town, "patrol")


def _town_again() -> Town:
    people = {login: each for each, login in reading().execute(select(Person.id, Person.login))}
    return Town(District({code: each for each, code in reading().execute(select(Unit.id, Unit.code))}, people))
