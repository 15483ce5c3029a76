"""What becomes of each row of a register's file: entered anew, known already, or a change; and what the file no longer names."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.say import Listed, Say
from tracker.domain.sites.entries import ONE_DAY, HeldSpan
from tracker.domain.sites.register_columns import EntryColumn, columns_of
from tracker.domain.sites.registers import REGISTERS, Exclusive, SiteRegister
from tracker.domain.sites.sight import SiteScope
from tracker.domain.tables.incoming_rows import RowTrouble
from tracker.domain.tables.registers.rows import BadCell, IncomingEntry, trouble_at
from tracker.services.tables.registers.finding import KnownSite, Lookup, NewSite, SiteFinder, is_void, look_up
from tracker.storage.sites.holding import holds
from tracker.storage.sites.register import readable_sites
from tracker.storage.sites.sites import Site, SiteEntry

PORTION = 500
NEW, KNOWN, CHANGED = "new", "known", "changed"
ABSENT = "absent"
C = EntryColumn
COMPARED = (C.value, C.number, C.valid_from, C.valid_to, C.document_no, C.reports, C.report_due, C.signer)


@dataclass(slots=True)
class RowPlan:
    """One row with its site and what becomes of it; of a change the entry as it stands, with old and new of each field."""

    row: IncomingEntry
    site: KnownSite | NewSite
    outcome: str
    before: SiteEntry | None = None
    cells: tuple[tuple[EntryColumn, str, str], ...] = ()


@dataclass
class FilePlan:
    """What becomes of a whole file."""

    register: SiteRegister
    columns: frozenset[str]  # that the file has: what it does not tell stays as it stands
    rows: list[RowPlan] = field(default_factory=list)
    troubles: list[RowTrouble] = field(default_factory=list)
    matched: set[int] = field(default_factory=set)  # entries that the file names
    keys: dict[tuple[object, ...], list[tuple[HeldSpan, IncomingEntry]]] = field(default_factory=dict)

    def count(self, outcome: str) -> int:
        """How many rows come to this."""
        return sum(each.outcome == outcome for each in self.rows)


def portions(rows: Sequence[IncomingEntry]) -> Iterator[Sequence[IncomingEntry]]:
    """The rows in portions."""
    for start in range(0, len(rows), PORTION):
        yield rows[start:start + PORTION]


def plan_rows(session: Session, plan: FilePlan, finder: SiteFinder, rows: Sequence[IncomingEntry]) -> None:
    """What becomes of these rows, in the order of the file."""
    labels = columns_of(plan.register)
    found = look_up(session, plan.register, rows)
    for row in rows:
        try:
            site = finder.find(found, row)
            _require_single(plan, row, site)
            plan.rows.append(_planned_row(plan, found, row, site))
        except BadCell as bad:
            plan.troubles.append(trouble_at(row.sheet, row.row, bad.column, bad.clause, labels))


def _require_single(plan: FilePlan, row: IncomingEntry, site: KnownSite | NewSite) -> None:
    """The same entry stands in the file once. Raises `BadCell` naming the other row."""
    register, given = REGISTERS[plan.register], row.given
    by_number = register.exclusive is Exclusive.number
    own: object = given.number if by_number else site.id if isinstance(site, KnownSite) else id(site)
    earlier = plan.keys.setdefault((own,), [])
    for span, first in earlier:
        is_same = span.first == given.valid_from if register.exclusive is Exclusive.nothing else span.meets(
            given.valid_from, given.valid_to)
        if is_same:
            raise BadCell(C.number if by_number else C.name, Say("与{place}是同一条。", place=first.place))
    earlier.append((HeldSpan(given.valid_from, given.valid_to, given.number), row))


def _planned_row(plan: FilePlan, found: Lookup, row: IncomingEntry, site: KnownSite | NewSite) -> RowPlan:
    met = _entries_met(plan, found, row, site)
    if not met:
        return RowPlan(row, site, NEW)
    plan.matched |= {each.id for each in met}
    standing = met[-1]
    cells = tuple(_changed_cells(plan, standing, row, _begun_with(met).valid_from))
    return RowPlan(row, site, CHANGED, standing, cells) if cells else RowPlan(row, site, KNOWN)


def _entries_met(plan: FilePlan, found: Lookup, row: IncomingEntry, site: KnownSite | NewSite) -> list[SiteEntry]:
    """The entries of the registry that are this one, from the first: under the number, or of the site, in days that meet."""
    given, register = row.given, REGISTERS[plan.register]
    if isinstance(site, NewSite):
        return []
    own = found.entries.get(given.number, []) if register.exclusive is Exclusive.number else found.of_site.get(site.id, [])
    met = []
    for each in own:
        span = HeldSpan(each.valid_from, each.ended_on or each.valid_to)
        is_same = each.valid_from == given.valid_from if register.exclusive is Exclusive.nothing else span.meets(
            given.valid_from, given.valid_to)
        if is_same and each.site_id == site.id and not is_void(each):
            met.append(each)
    return sorted(met, key=lambda each: (each.valid_from, each.id))


def was_dropped(entry: SiteEntry) -> bool:
    """Whether it ended because a whole list did not name it: another list may take it up again."""
    return entry.end_ground == ABSENT


def _begun_with(met: Sequence[SiteEntry]) -> SiteEntry:
    """With which entry the last one begins, where lists dropped it and took it up again."""
    first = met[-1]
    for before in reversed(met[:-1]):
        if not was_dropped(before) or before.ended_on is None or before.ended_on + ONE_DAY != first.valid_from:
            break
        first = before
    return first


def _changed_cells(plan: FilePlan, entry: SiteEntry, row: IncomingEntry, began: date) -> Iterator[tuple[EntryColumn, str, str]]:
    for column in COMPARED:
        old, new = cell_of(entry, column), cell_of(row.given, column)
        if column is C.valid_from:
            old = began.isoformat()
        if column is C.valid_to and was_dropped(entry):
            old = cell_of(entry, C.valid_to) if entry.ended_on is None else entry.ended_on.isoformat()
        elif column.value not in plan.columns:
            continue
        if old != new:
            yield column, old, new


def cell_of(entry: object, column: EntryColumn) -> str:
    """What an entry says in a column, as text: of a row of the registry, or of what was given."""
    said = getattr(entry, column.value, None)
    if said is None:
        said = getattr(entry, "payload", {}).get(column.value)
    if isinstance(said, list):
        return ",".join(sorted(map(str, said)))
    return said.isoformat() if isinstance(said, date) else str(said or "")


def absent_entries(session: Session, plan: FilePlan, on: date, areas: SiteScope) -> Sequence[int]:
    """The entries that hold on a day, in the areas of who imports, and that the file does not name."""
    query = select(SiteEntry.id).join(Site, Site.id == SiteEntry.site_id).where(
        holds(plan.register, on), readable_sites(areas)).order_by(SiteEntry.id)
    return [each for each in session.scalars(query) if each not in plan.matched]


def held_count(session: Session, plan: FilePlan, on: date, areas: SiteScope) -> int:
    """How many entries hold on a day there."""
    return len(absent_entries(session, FilePlan(plan.register, frozenset()), on, areas))


def told_change(change: RowPlan, words: Iterable[tuple[EntryColumn, str]]) -> Say:
    """A change in words: old → new of each field."""
    named = dict(words)
    told = Listed((Say("{word}：{old} → {new}", word=Say(named[column]), old=old or "—", new=new or "—")
                   for column, old, new in change.cells), "；")
    return Say("{place}：{told}", place=change.row.place, told=told)
