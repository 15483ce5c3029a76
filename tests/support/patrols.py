"""A section of the railway with its chiefs on both sides: K1449+000—K1452+800, 3,800 metres."""

from datetime import date, datetime
from typing import Any

from tests.support import railway
from tests.support.makers import Town
from tracker.domain.house.actor import CLOCK
from tracker.domain.territory.shapes.layers import Layer
from tracker.services.acts import access
from tracker.services.house.master import rows
from tracker.services.house.work import reading, wiring
from tracker.services.territory.shapes.ground import shapes_on
from tracker.storage.acts.page import ActPage, DutyLine
from tracker.storage.house.ledger import stream_of
from tracker.storage.territory.chiefs import posts_on

SECTION, LINE_NAME, PLAN = "JJ-01", "京九线", "XJ-2026-0001"
NORTH = railway.SOUTH + 0.0361  # four thousand metres and a little more
LINE = railway.feature({"type": "LineString", "coordinates": [[railway.LNG, railway.SOUTH], [railway.LNG, NORTH]]}, code="JJ",
                       name=LINE_NAME, posts=[[1449, 0], [1450, 1000], [1451, 2000], [1452, 3000]])
SINCE = date(2026, 1, 1)
# side, tier, unit, who
POSTS = (("local", 1, "XH", "lead"), ("local", 2, "XH-CYZ", "officer"), ("local", 3, "XH-CYZ", "officer2"),
         ("rail", 1, "TL-NC", "railman"), ("rail", 2, "TL-NC", None), ("rail", 3, "TL-NC", "railman"))


def section(code: str = SECTION, begin: str = "K1449+000", end: str = "K1452+800", **said: Any) -> dict[str, Any]:
    """A section of a file."""
    return railway.feature(None, code=code, name=f"京九线{code}段", line=LINE_NAME, unit_code="TL-NC", area="360103002",
                           **{"from": begin, "to": end}, **said)


def drawn(town: Town, *sections: dict[str, Any]) -> None:
    """The line with these sections, in force."""
    for layer, features in ((Layer.line, (LINE,)), (Layer.section, sections or (section(),))):
        number = railway.load(town, layer, *features)
        railway.versions.activate(town.actor("lead"), number, railway.ActivateShapes(town.clock.today()))


def post(side: str, tier: int, unit: str, person: str | None, since: date = SINCE, code: str = SECTION, **more: object) -> None:
    """A post of a chief."""
    rows.save_row(None, "chiefs", None, {"section": code, "side": side, "tier": str(tier), "unit": unit, "person": person or "",
                                         "valid_from": since.isoformat(), **more})


def staffed(town: Town, *sections: dict[str, Any]) -> None:
    """The section with all six posts filled."""
    drawn(town, *sections)
    for side, tier, unit, person in POSTS:
        post(side, tier, unit, person)


def stand_ready(town: Town, kind: str) -> None:
    """What an act of this kind needs to begin."""
    today = town.clock.today()
    if kind == "patrol" and not shapes_on(reading(), today):
        drawn(town)
    if kind == "patrol" and not posts_on(reading(), today):
        for side, tier, unit, person in POSTS:
            post(side, tier, unit, person)


def at(town: Town, *when: int) -> None:
    town.clock.move_to(datetime(*when, 9, tzinfo=wiring().zone))  # type: ignore[arg-type, misc]


def page(number: str) -> ActPage:
    return access.page_for(CLOCK, number)


def kinds(number: str) -> list[str]:
    return [fact.kind for fact in stream_of(reading(), f"act:{number}")]


def owed(number: str, tier: int) -> list[DutyLine]:
    return [duty for duty in page(number).duties if duty.subject == f"shape:{SECTION}#{tier}"]
