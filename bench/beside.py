"""What stands beside the cases, at scale: acts copied by SQL from one that was begun by its deed, the places of a railway,
and a responsibility list tried on every case."""

import json
import time
from collections.abc import Iterator
from datetime import date
from statistics import median
from typing import Any

from sqlalchemy import Connection, insert, select, text

from bench.people import HOME
from bench.register import AREAS
from config import Settings
from tests.support.railway import FILES, ORDER, content
from tracker import create_app
from tracker.domain.coordination.meetings import KIND
from tracker.services.acts import steps
from tracker.services.house.master import rows
from tracker.services.house.work import reading, wiring
from tracker.services.people import access, accounts
from tracker.services.rules import book
from tracker.services.territory.lists import previews
from tracker.services.territory.lists import versions as lists
from tracker.services.territory.shapes import versions as shapes
from tracker.services.territory.shapes.places import RailPlace, explained
from tracker.storage.acts.acts import FAR, Act, ActLink
from tracker.storage.house.base import db

PORTION, GOING_ON, CANCELLED = 20_000, 50, 900  # rows written at once; one in so many is not over; one was cancelled
LINKED, TIED = 2000, 5000  # closed cases that are on the agenda of three acts each, of so many acts
POINTS, ROUNDS = 40, 20
OLDEST = 3650  # days: every case of the register is tried
LINES, TYPES = 120, ("garbage", "dust", "noise", "water")


def fill_acts(count: int) -> None:
    """So many meetings, one in fifty of which goes on; the first one was begun by its deed, the others are its copies."""
    with create_app(Settings.from_env()).app_context():
        number = steps.begin(access.at_command_line("dispatcher0"), KIND, {
            "series": "rail", "title": "铁路沿线例会", "planned_on": wiring().clock.today().isoformat()}).number
        db.session.remove()
        with db.engine.begin() as connection:
            first = dict(connection.execute(select(Act.__table__).where(Act.number == number)).mappings().one())
            for portion in _portions_of(_act_copies(connection, first, count)):
                connection.execute(insert(Act.__table__), portion)  # type: ignore[arg-type]
            links = list(_agenda_links(connection, first["id"], min(count - 1, TIED)))
            connection.execute(insert(ActLink.__table__), links)  # type: ignore[arg-type]
        db.engine.dispose()


def _act_copies(connection: Connection, first: dict[str, Any], count: int) -> Iterator[dict[str, Any]]:
    units = [row.id for row in connection.execute(text("SELECT id FROM units WHERE code LIKE 'U0%' ORDER BY id"))]
    for at in range(1, count):
        ended = "cancelled" if at % CANCELLED == 1 else "settled"
        over = {} if at % GOING_ON == 0 else {"state": ended, "is_over": True, "closed_at": first["opened_at"],
                                              "list_due_on": FAR}
        yield {**first, "id": first["id"] + at, "number": f"HY-2000-{at:07d}", "title": f"铁路沿线例会第{at}次",
               "unit_id": units[at % len(units)], **over}


def _portions_of(copies: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    portion: list[dict[str, Any]] = []
    for each in copies:
        portion.append(each)
        if len(portion) == PORTION:
            yield portion
            portion = []
    if portion:
        yield portion


def _agenda_links(connection: Connection, first_id: int, count: int) -> Iterator[dict[str, Any]]:
    numbers = connection.scalars(text(f"SELECT number FROM cases WHERE state = 'closed' ORDER BY id LIMIT {LINKED}"))
    for at, number in enumerate(numbers):
        for nth in range(3):
            yield {"act_id": first_id + 1 + (at * 3 + nth) % count, "role": "agenda", "target": f"case:{number}",
                   "position": at + nth * LINKED + 1}


def explain_places() -> None:
    """How long one answer takes, once the shapes have been read; in milliseconds, as JSON."""
    with create_app(Settings.from_env()).app_context():
        accounts.add_unit(None, code="NTJ-GWD", name="南昌工务段", kind="railway", area_code=HOME, valid_from=date(2018, 1, 1))
        accounts.add_unit(None, code="XH-NSJ", name="水利局", kind="department", area_code=HOME, valid_from=date(2018, 1, 1))
        for layer in ORDER:
            number = shapes.load(None, shapes.LoadOrder(layer.value, f"{layer}.geojson", content(*FILES[layer]), "工务段"))
            shapes.activate(access.at_command_line("lead0"), number, shapes.ActivateShapes(wiring().clock.today()))
        places = [RailPlace(28.6601 + at * 0.0004, 115.92 + (at % 7 - 3) * 0.00004, "wgs84", 5.0,
                            categories=frozenset({"railway"})) for at in range(POINTS)]
        explained(places[0], wiring().clock.today())
        taken = [_seconds_of(place) for _ in range(ROUNDS) for place in places]
        print(json.dumps({"p50": median(taken) * 1000, "worst": max(taken) * 1000}))


def _seconds_of(place: RailPlace) -> float:
    begin = time.perf_counter()
    explained(place, wiring().clock.today())
    return time.perf_counter() - begin


def try_list() -> None:
    """A list of a hundred and twenty lines, tried on every case of the register; in seconds, as JSON."""
    with create_app(Settings.from_env()).app_context():
        today = wiring().clock.today()
        book.set_value(None, "list_preview_days", str(OLDEST), today, "bench")
        lists.draft(None, lists.DraftOrder(title="测速"))
        for at in range(1, LINES + 1):
            rows.save_row(None, "routing", str(at), {
                "category": TYPES[at % len(TYPES)], "area_code": f"{HOME}{AREAS[at // len(TYPES) % len(AREAS)]}",
                "lead_unit": f"U{at % 60:03}", "reason": "测速",
                "keywords": f"词{at}" if at > len(TYPES) * len(AREAS) else ""})
        begin, told = time.perf_counter(), list[tuple[int, int]]()
        draft = lists.draft_today()
        found = previews.preview(reading(), draft, lists.rules_of(reading(), draft), today,
                                 lambda done, total: told.append((done, total)))
        print(json.dumps({"seconds": time.perf_counter() - begin, "cases": found.effect.recent_count, "told": len(told)}))
