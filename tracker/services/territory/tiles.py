"""The tiles under the maps, where an office has set some: read once, set and taken off on the record. Their key is sealed."""

import json
from dataclasses import asdict, replace

from sqlalchemy.orm import Session

from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import NotFound, Refusal
from tracker.domain.territory.fact_kinds import MapFacts
from tracker.domain.territory.tiles import TileSource, checked_tiles
from tracker.services.house.caching import rules_changed, until_a_rule_changes
from tracker.services.house.work import Work, deed, wiring
from tracker.services.territory.boundaries import STREAM, map_manager
from tracker.storage.house.preferences import Preference

CHOSEN, CONTEXT = "map_tiles", "preferences/map_tiles"


def current() -> TileSource | None:
    """The tiles that are set; None where the maps are drawn on outlines alone."""
    return until_a_rule_changes("tiles", _read_tiles)


def _read_tiles(session: Session) -> TileSource | None:
    row = session.get(Preference, CHOSEN)
    if row is None:
        return None
    kept = TileSource(**json.loads(row.value))
    try:
        return replace(kept, key=wiring().cipher.open(kept.key, CONTEXT) if kept.key else "")
    except Refusal:  # another key of the house: without theirs the tiles would fail one by one
        return None


def tried(actor: Actor, *, base: str, label: str, credit: str, approval: str, key: str) -> TileSource:
    """These tiles as they would be set, to look at first. Raises `Invalid` or `Incomplete`."""
    map_manager(actor)
    return checked_tiles(base, label, credit, approval, key, before=current())


@deed
def set_tiles(work: Work, actor: Actor | None, *, base: str, label: str, credit: str, approval: str, key: str) -> TileSource:
    """Lay these tiles under every map from now on. A key that is left blank stays as it was. Raises `Invalid` or `Incomplete`."""
    who = map_manager(actor)
    before = _read_tiles(work.session)
    said = checked_tiles(base, label, credit, approval, key, before=before)
    if said == before:
        return said
    sealed = replace(said, key=work.wiring.cipher.seal(said.key, CONTEXT) if said.key else "")
    work.session.merge(Preference(key=CHOSEN, value=json.dumps(asdict(sealed), ensure_ascii=False)))
    rules_changed(work.session)
    work.record(STREAM, MapFacts.tiles_set, who, {"source": said.credit, "approval": said.approval, "name": said.origin})
    return said


@deed
def remove(work: Work, actor: Actor | None) -> None:
    """Back to outlines alone. Raises `NotFound` where no tiles are set."""
    who = map_manager(actor)
    row = work.session.get(Preference, CHOSEN)
    if row is None:
        raise NotFound("没有设在线底图，不用停用。")
    work.record(STREAM, MapFacts.tiles_removed, who, {})
    work.session.delete(row)
    rules_changed(work.session)
