"""The outlines that come with the product: the counties of a city, kept from the file that set-up fetched. Where there is none,
maps have pins and no lines."""

import json
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy.orm import Session

from tracker.domain.house.actor import OPERATOR, Actor
from tracker.domain.house.errors import Invalid, NotFound, Refusal
from tracker.domain.rules.area_codes import bare_code
from tracker.domain.territory import boundaries
from tracker.domain.territory.fact_kinds import MapFacts
from tracker.domain.territory.positions import box_of
from tracker.gateways.territory.outlines import SOURCE, archive_in, outlines_of
from tracker.services.house.caching import rules_changed
from tracker.services.house.work import Work, deed, wiring
from tracker.services.rules.reference import DEMO_CITY
from tracker.storage.house.preferences import Preference

STREAM, KEPT = "map", "map_outlines"  # a digest for each city
SHIPPED = "nanchang-districts.geojson"  # of the demo's city: the demo starts without a network


def has_archive() -> bool:
    """Whether the file that set-up fetches is here."""
    return archive_in(wiring().outlines) is not None


@deed
def keep_outlines(work: Work, actor: Actor | None, city: str) -> int:
    """Keep a city's outlines from the fetched file and draw them from now on; returns of how many counties, none where the file
    is not here or knows none of them."""
    archive = archive_in(work.wiring.outlines)
    features = outlines_of(archive, city) if archive is not None else []
    if archive is None or not features:
        return 0
    for each in features:
        each["properties"]["code"] = bare_code(each["properties"]["code"])
    content = json.dumps(boundaries.read(json.dumps({"type": "FeatureCollection", "features": features}).encode()),
                         ensure_ascii=False, separators=(",", ":")).encode()
    digest, kept = work.wiring.blobs.put(content), _kept_digests(work.session)
    if kept.get(city) == digest:
        return len(features)
    _write_preference(work, json.dumps({**kept, city: digest}))
    work.record(STREAM, MapFacts.outlines_kept, actor or OPERATOR,
                {"sha256": digest, "city": city, "parts": len(features), "source": SOURCE, "file": archive.name})
    rules_changed(work.session)
    return len(features)


def try_to_keep(actor: Actor | None, city: str) -> int:
    """The same, where a file that cannot be read is as good as none: areas are loaded without their lines."""
    with suppress(Refusal):
        return keep_outlines(actor, city)
    return 0


def drawn(session: Session) -> Mapping[str, Any]:
    """The outlines of the home city as GeoJSON; without any, an empty one that says where on earth the province is."""
    home = wiring().home_area
    for city, digest in _kept_digests(session).items():
        if home.startswith(city):
            with suppress(NotFound, Invalid):
                found: dict[str, Any] = json.loads(wiring().blobs.get(digest))
                return found
    if home.startswith(DEMO_CITY):
        return shipped()
    box = box_of(home)
    return {"type": "FeatureCollection", "features": [], "bbox": [box.west, box.south, box.east, box.north]}


@cache
def shipped() -> Mapping[str, Any]:
    """The districts of the demo's city."""
    found: dict[str, Any] = json.loads(files("tracker.reference").joinpath(SHIPPED).read_text(encoding="utf-8"))
    return found


def _kept_digests(session: Session) -> dict[str, str]:
    row = session.get(Preference, KEPT)
    found: dict[str, str] = json.loads(row.value) if row is not None else {}
    return found


def _write_preference(work: Work, value: str) -> None:
    row = work.session.get(Preference, KEPT)
    if row is None:
        work.session.add(Preference(key=KEPT, value=value))
    else:
        row.value = value
