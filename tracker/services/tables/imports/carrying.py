"""Saved layouts as they go from one office to another."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from tracker.domain.house.actor import OPERATOR
from tracker.domain.tables.fact_kinds import ImportFacts
from tracker.domain.tables.plans import headers_digest
from tracker.services.house.work import Work, deed, reading
from tracker.services.tables.imports.layouts import LONGEST_NAME, free_key
from tracker.storage.tables.imports import ImportLayout

CARRIED = ("name", "headers", "mapping", "value_map", "options", "source_key")


def carried_out() -> list[dict[str, str]]:
    """Every layout in force, without whose it was."""
    rows = reading().scalars(select(ImportLayout).where(ImportLayout.valid_to.is_(None)).order_by(ImportLayout.name))
    return [{name: getattr(row, name) for name in CARRIED} for row in rows]


def carry_in(kept: Mapping[str, Any], *, is_dry: bool = False) -> bool:
    """Take in one that another office kept; whether it is new here. One of the same name stays as it is, and so does the house
    where the words make no layout."""
    said = {name: str(kept.get(name, "")) for name in CARRIED}
    try:
        headers = [str(each) for each in json.loads(said["headers"])]
        json.loads(said["mapping"])
    except (ValueError, TypeError):
        return False
    known = reading().scalar(select(ImportLayout.id).where(ImportLayout.name == said["name"], ImportLayout.valid_to.is_(None)))
    if known is not None or not headers or not 1 <= len(said["name"]) <= LONGEST_NAME:
        return False
    if not is_dry:
        _enter_layout(said, headers)
    return True


@deed
def _enter_layout(work: Work, said: Mapping[str, str], headers: list[str]) -> None:
    row = ImportLayout(**said, key=free_key(work, said["name"]), area_code="", headers_digest=headers_digest(headers),
                       made_by_id=None,
                       made_at=work.clock.now(), valid_to=None)
    work.session.add(row)
    work.session.flush()
    work.record(f"import-layout:{row.key}", ImportFacts.layout_saved, OPERATOR, {"is_new": True})
