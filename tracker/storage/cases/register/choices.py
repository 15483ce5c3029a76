"""What the register may be filtered by: sources, units, areas and sponsors, and what those were called that are no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, String, and_, cast, exists, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from tracker.domain.evidence.sources import SAMPLE
from tracker.domain.house.actor import Role, Scope
from tracker.domain.house.say import Say
from tracker.domain.rules.area_codes import beyond
from tracker.storage.cases.cases import Case
from tracker.storage.people.accounts import Person, RoleGrant, Unit
from tracker.storage.territory.territory import AreaRow, Source

ENDING = ("source", "unit")  # kinds whose former ones stay in the filters, for old cases keep them


@dataclass(frozen=True)
class Choices:
    """What a reader may filter by: each a code with its name. `former` names what is no longer offered, by (kind, code)."""

    sources: tuple[tuple[str, str], ...]
    units: tuple[tuple[str, str], ...]
    areas: tuple[tuple[str, str], ...]
    sponsors: tuple[tuple[str, str], ...]
    former: Mapping[tuple[str, str], str]

    def offered(self, kind: str, chosen: str) -> tuple[tuple[str, str], ...]:
        """The list of a kind to filter by: with every former source and unit, and of the others the one that is chosen."""
        listed: tuple[tuple[str, str], ...] = getattr(self, f"{kind}s")
        if kind in ENDING:
            return (*listed, *sorted((code, name) for (of_kind, code), name in self.former.items() if of_kind == kind))
        return (*listed, (chosen, self.former[kind, chosen])) if (kind, chosen) in self.former else listed

    def name(self, kind: str, code: str) -> str:
        """What a code is called, now or formerly; the code itself where nobody knows it."""
        return dict(self.offered(kind, code)).get(code, code)


def choices(session: Session, scope: Scope, today: date) -> Choices:
    """Sources, units, areas and sponsors to filter by, in one statement. A sponsor is who is or was a lead: old cases keep
    theirs."""
    within = or_(*(and_(AreaRow.code >= code, AreaRow.code < beyond(code)) for code in scope.areas or ("",)))
    leads = Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role == Role.lead))
    lists: Any = union_all(
        select(literal("source"), Source.key, Source.name, Source.valid_from, Source.valid_to).where(
            or_(Source.kind != SAMPLE, exists().where(Case.source_id == Source.id))),
        select(literal("unit"), Unit.code, Unit.name, Unit.valid_from, Unit.valid_to),
        select(literal("area"), AreaRow.code, AreaRow.name, AreaRow.valid_from, AreaRow.valid_to).where(within),
        select(literal("sponsor"), cast(Person.id, String), Person.name, cast(null(), Date), cast(null(), Date)).where(leads),
    )
    found: dict[str, dict[str, str]] = {"source": {}, "unit": {}, "area": {}, "sponsor": {}}
    former: dict[tuple[str, str], str] = {}
    for kind, code, name, valid_from, valid_to in session.execute(lists):
        if valid_to is not None and valid_to < today:
            former[kind, code] = Say("{name}（至 {last}）", name=name, last=valid_to) if kind in ENDING else name
        elif valid_from is None or valid_from <= today or kind == "area":
            found[kind][code] = name
    sources, units, areas, sponsors = (tuple(sorted(named.items())) for named in found.values())
    return Choices(sources, units, areas, sponsors, {key: name for key, name in former.items() if key[1] not in found[key[0]]})
