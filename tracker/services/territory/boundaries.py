"""The boundaries under the maps: the built-in ones, or those that the authority handed in, with their source and 审图号."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Broken, Invalid, NotFound
from tracker.domain.house.say import Say
from tracker.domain.rules.area_codes import codes_above, typed_code
from tracker.domain.territory import boundaries
from tracker.domain.territory import positions as points
from tracker.domain.territory.fact_kinds import MapFacts, ShapeFacts
from tracker.domain.territory.positions import Datum
from tracker.gateways.evidence.blobs import digest_of
from tracker.services.house import permits
from tracker.services.house.caching import rules_changed, until_a_rule_changes
from tracker.services.house.faults import Fault
from tracker.services.house.work import Work, deed, wiring
from tracker.services.rules import rules
from tracker.services.territory import outlines, positions
from tracker.storage.house.ledger import stream_of
from tracker.storage.house.preferences import Preference

STREAM, CHOSEN = "map", "map_boundary"
STREAMS = (STREAM, "shapes")
BUILT_IN, COUNTY_DIGITS = "天地图行政区划", 6


@dataclass(frozen=True)
class Boundaries:
    """The boundaries in force. `digest` names the file as it was handed in; "" means the built-in ones."""

    digest: str = ""
    source: str = BUILT_IN
    approval: str = ""
    datum: str = ""
    file_name: str = ""
    part_count: int = 0
    loaded_at: str = ""

    @property
    def is_own(self) -> bool:
        """Whether the authority handed them in."""
        return bool(self.digest)


@dataclass(frozen=True)
class Drawn:
    """What a map draws: GeoJSON text and the mark by which a browser knows whether it changed."""

    text: str
    mark: str


@dataclass(frozen=True)
class District:
    """A division whose boundary is known; `code` is empty where a file of the authority's own says none."""

    code: str
    name: str


def current() -> Boundaries:
    """Which boundaries are in force, and whose they are."""
    return until_a_rule_changes("boundaries", _read_choice)


def is_blank() -> bool:
    """Whether the maps have no lines at all."""
    return not _in_force()["features"]


def geojson() -> Drawn:
    """The boundaries as the one GeoJSON that every map of the product draws.

    A file that the store has lost does not take the maps away: the built-in ones are drawn, and `ledger verify` names the loss.
    """
    return until_a_rule_changes("boundaries_drawn", lambda _: _current_drawing())


def district_at(lat: float, lng: float, datum: str | None = None) -> District | None:
    """The division in which a point lies, by the boundaries that the maps are drawn on, and beyond an own file's reach by the
    built-in ones. They are coarse: a hint, no ruling."""
    point = positions.on_the_map(lat, lng, datum)
    chosen, built_in = _in_force(), until_a_rule_changes("outlines", outlines.drawn)
    found = _district_around(point, chosen["features"])
    if found is not None or chosen is built_in:
        return found
    drawn = [feature["properties"]["code"] for feature in chosen["features"]]
    rest = [feature
            for feature in built_in["features"] if not any(code.startswith(feature["properties"]["code"]) for code in drawn)]
    return _district_around(point, rest)


def has_outline_in(area_code: str) -> bool:
    """Whether the maps draw an outline of this division, or of one in it."""
    return any(feature["properties"]["code"].startswith(area_code[:6]) for feature in _in_force()["features"])


def place_words(district: District) -> tuple[str, ...]:
    """A division with what contains it below the city, the widest first: 西湖区, 朝阳洲街道."""
    known = rules.gazetteer()
    above = (known.area(code) for code in codes_above(district.code)) if district.code else ()
    return (*(area.name for area in above if area is not None and len(area.code) >= COUNTY_DIGITS), district.name)


def doubt(content: bytes) -> str:
    """A sentence about boundaries that lie elsewhere than this house, "" when nothing is odd."""
    middle = boundaries.extent_of(boundaries.read(content)).middle
    odd = points.doubt(*middle, points.box_of(wiring().home_area))
    return odd and Say("边界已启用，但它的中心{misfit}", misfit=odd)


def unmatched(content: bytes) -> tuple[str, ...]:
    """What a file calls its parts that are no areas of this system, neither by code nor by name."""
    found = boundaries.matched(boundaries.read(content), _code_of_name)
    known = rules.gazetteer()
    return tuple(said["name"] or said["code"] or Say("第 {number} 个", number=number)
                 for number, said in enumerate((each["properties"] for each in found["features"]), start=1)
                 if not said["code"] or known.area(typed_code(said["code"])) is None)


@deed
def load(work: Work, actor: Actor | None, name: str, content: bytes, *, source: str, approval: str = "",
         datum: str = "cgcs2000") -> Boundaries:
    """Draw the maps on these boundaries from now on; the file stays as it was handed in. Raises `Invalid` naming what is
    wrong."""
    who = map_manager(actor)
    said, number, system = boundaries.check_source(source), boundaries.check_approval(approval), boundaries.check_datum(datum)
    found = boundaries.read(content)
    loaded = Boundaries(work.wiring.blobs.put(content), said, number, system.value, name[-120:], len(found["features"]),
                        work.clock.now().isoformat())
    _keep_choice(work, json.dumps(asdict(loaded), ensure_ascii=False))
    payload = {"sha256": loaded.digest, "file": loaded.file_name, "source": said, "approval": number, "datum": system,
               "parts": loaded.part_count}
    work.record(STREAM, MapFacts.boundary_loaded, who, payload)
    return loaded


@deed
def remove(work: Work, actor: Actor | None) -> None:
    """Back to the built-in boundaries. Raises `NotFound` when they are in force already. The file stays in the store."""
    who = map_manager(actor)
    row = work.session.get(Preference, CHOSEN)
    if row is None:
        raise NotFound("现在用的就是自带的边界，没有可以撤下的文件。")
    work.record(STREAM, MapFacts.boundary_removed, who, {"sha256": json.loads(row.value)["digest"]})
    work.session.delete(row)
    rules_changed(work.session)


def map_manager(actor: Actor | None) -> Actor:
    """Whoever may say what lies under the maps; at the command line, where nobody is given, the operator."""
    if actor is None:
        return OPERATOR
    permits.require(actor, Permission.rules_manage)
    return actor


def file_digests(session: Session) -> Mapping[str, str]:
    """Every file of boundaries or shapes that was ever handed in or kept, each with the fact that says so."""
    return {str(fact.payload["sha256"]): Fault.of(fact, "").where for stream in STREAMS for fact in stream_of(session, stream)
            if fact.kind in (MapFacts.boundary_loaded, MapFacts.outlines_kept, ShapeFacts.loaded)}


def file_troubles(session: Session) -> Iterator[Fault]:
    """The files of the map that are no longer what they were."""
    for digest, where in file_digests(session).items():
        try:
            wiring().blobs.verify(digest)
        except Broken as broken:
            yield Fault(where, broken.sentence.rstrip("。"))


def _keep_choice(work: Work, value: str) -> None:
    row = work.session.get(Preference, CHOSEN)
    if row is None:
        work.session.add(Preference(key=CHOSEN, value=value))
    else:
        row.value = value
    rules_changed(work.session)


def _read_choice(session: Session) -> Boundaries:
    row = session.get(Preference, CHOSEN)
    return Boundaries(**json.loads(row.value)) if row is not None else Boundaries()


def _district_around(point: tuple[float, float], features: Iterable[Mapping[str, Any]]) -> District | None:
    """The smallest of the named divisions that hold the point: of a county and its town the town."""
    for feature in sorted(features, key=lambda each: -len(each["properties"]["code"])):
        said, geometry = feature["properties"], feature["geometry"]
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        if said["name"] and points.lies_in(*point, polygons):
            return District(said["code"], said["name"])
    return None


def _in_force() -> Mapping[str, Any]:
    return until_a_rule_changes("boundaries_found", lambda _: _chosen_geojson(current()))


def _code_of_name(name: str) -> str:
    area = rules.gazetteer().resolve(name, wiring().clock.today())
    return area.code if area is not None else ""


def _out_of_the_shift(lat: float, lng: float) -> tuple[float, float]:
    return positions.on_the_map(lat, lng, Datum.gcj02)


def _current_drawing() -> Drawn:
    text = json.dumps(_in_force(), ensure_ascii=False, separators=(",", ":"))
    return Drawn(text, digest_of(text.encode())[:16])


def _chosen_geojson(chosen: Boundaries) -> Mapping[str, Any]:
    if chosen.is_own:
        with suppress(NotFound, Invalid):
            found = boundaries.matched(boundaries.read(wiring().blobs.get(chosen.digest)), _code_of_name)
            return boundaries.moved(found, _out_of_the_shift) if chosen.datum == Datum.gcj02 else found
    return until_a_rule_changes("outlines", outlines.drawn)
