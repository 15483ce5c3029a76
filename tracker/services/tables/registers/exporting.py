"""A register out as a file that comes back: the same columns as it is imported by, numbers as text."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import select

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.say import Listed
from tracker.domain.sites.register_columns import EntryColumn, columns_of
from tracker.domain.sites.registers import REGISTERS, REPORT_KINDS, SITE_KINDS, SiteRegister, word_of
from tracker.domain.sites.sight import site_scope
from tracker.gateways.tables.sheets_out import About, Cell, open_register
from tracker.services.house import permits
from tracker.services.house.work import reading, wiring
from tracker.services.people.taken_out import note_export
from tracker.services.tables.registers.planning import PORTION
from tracker.storage.sites.holding import holds
from tracker.storage.sites.register import readable_sites
from tracker.storage.sites.sites import Site, SiteEntry

C = EntryColumn
OF_ROW = {C.site_code: "code", C.name: "name", C.credit_code: "credit_code", C.plant_no: "plant_no", C.trade_code: "trade_code",
          C.area: "area_code", C.address: "address"}


def export_entries(actor: Actor, register: SiteRegister, path: Path, on: date | None = None) -> int:
    """The entries of a register that hold on a day, today where none is given; returns how many. What was taken out is a fact."""
    permits.require(actor, Permission.site_read)
    day, columns = on or wiring().clock.today(), columns_of(register)
    title = REGISTERS[register].word
    with open_register(path, list(columns.values()), About(title, day.isoformat(), "", sheet=title)) as writer:
        for site, entry in _held_rows(actor, register, day):
            writer.write([_cell_of(site, entry, column) for column in columns])
    reading().rollback()
    note_export(actor, "site_register", writer.count, path.suffix[1:].lower(), {"key": register.value, "as_of": day})
    return writer.count


def _held_rows(actor: Actor, register: SiteRegister, on: date) -> Iterator[tuple[Site, SiteEntry]]:
    query = select(Site, SiteEntry).join(SiteEntry, SiteEntry.site_id == Site.id).where(
        holds(register, on), readable_sites(site_scope(actor))).order_by(Site.code, SiteEntry.id)
    for found in reading().execute(query.execution_options(yield_per=PORTION)):
        yield found[0], found[1]


def _cell_of(site: Site, entry: SiteEntry, column: EntryColumn) -> Cell:
    if column in OF_ROW:
        return str(getattr(site, OF_ROW[column]) or "")
    if column is C.kind:
        return dict(SITE_KINDS)[site.kind]
    if column is C.value:
        return word_of(SiteRegister(entry.register), entry.value)
    if column is C.reports:
        reports = entry.payload.get("reports", ())
        return Listed(dict(REPORT_KINDS)[str(each)] for each in reports) if isinstance(reports, list) else ""
    if column is C.signer:
        return str(entry.payload.get("signer", ""))
    found = getattr(entry, column.value)
    return found if isinstance(found, date) else str(found or "")
