"""Export: the case register as it is, or as it was at the end of a day, in a form that our own import reads back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from tracker.domain.cases.facts import COUNTED_AS, CaseState
from tracker.domain.cases.register.columns import COLUMNS
from tracker.domain.cases.wording import CHANNELS, FINDINGS, LIGHTS, STATES
from tracker.domain.house.actor import Actor, Permission, Scope
from tracker.domain.house.clock import Clock
from tracker.domain.house.errors import Invalid
from tracker.domain.rules.lights import LightBounds
from tracker.domain.tables.cells import OUTCOMES
from tracker.domain.tables.columns import CaseColumn, own_header
from tracker.domain.tables.incoming_rows import others_told
from tracker.domain.tables.layouts import REGISTER_COLUMNS
from tracker.domain.territory.shapes.layers import SIDES
from tracker.domain.territory.territory import Gazetteer
from tracker.gateways.tables.sheets_out import About, Cell, open_register
from tracker.services.house import permits
from tracker.services.house.work import reading, wiring
from tracker.services.people.taken_out import note_export, told_value
from tracker.services.rules import rules, values
from tracker.services.rules.categories import categories
from tracker.services.rules.places import known_area
from tracker.services.tables.import_reading import STEP, Progress, quiet
from tracker.services.tables.register_as_of import rows_as_of
from tracker.services.territory import positions
from tracker.storage.cases.register.filters import NOBODY, Filters
from tracker.storage.cases.register.register import light_of
from tracker.storage.house.log import short_head
from tracker.storage.tables import case_export
from tracker.storage.tables.case_export import Names, Portion

HEADERS = tuple(own_header(column) for column in REGISTER_COLUMNS)
# What the register's columns on the page are called in the file; number and title always stand.
SHOWN_AS: Mapping[str, str] = {**COLUMNS, "area": "行政区域", "source_number": "受理编号", "due": "整改时限"}
LIGHT = SHOWN_AS["light"]
ALWAYS = ("案件编号", "标题")
WHERE = ("state", "light", "source", "unit", "area", "type", "batch", "sponsor", "key", "overdue", "pending", "supervised",
         "unsettled", "received_from", "received_to", "q")
_STATE_CODES = {word: state.value for state, word in STATES.items()}
MOST_UNASKED = 1000  # cases in a file that asks for no fresh proof
_BY_COUNT = {"completed": "done", "closed": "done", "phased": "phased", "open": "open"}


@dataclass(frozen=True)
class Exported:
    """What was written."""

    count: int
    as_of: str
    filters: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownView:
    """A view of the register as somebody has it before their eyes, and how it is told. Without columns, all there are."""

    filters: Filters
    told: str
    columns: tuple[str, ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """The first row of the file."""
        return (*ALWAYS, *(SHOWN_AS[name] for name in self.columns)) if self.columns else HEADERS


def export_register(actor: Actor, path: Path, *, where: Mapping[str, object] | None = None, as_of: date | None = None,
                    shown: ShownView | None = None, progress: Progress = quiet) -> Exported:
    """Write every case within the actor's scope that the filters leave. Raises `Invalid` naming a filter that means nothing.
    With `shown`, exactly the cases of that view, in its order."""
    session = reading()
    permits.require(actor, Permission.case_export)
    clock = wiring().clock
    if as_of is not None and as_of > clock.today():
        raise Invalid(f"截至日期 {as_of} 晚于今天。", field="as_of")
    filters, told = (shown.filters, shown.told) if shown else _read_filters(where or {})
    moment = f"{as_of} 24:00" if as_of else f"{clock.local(clock.now()):%Y-%m-%d %H:%M}"
    notes = tuple(filter(None, ("标题、问题描述和地点为现在的文字；其余各栏按账本推算到该日终了" if as_of else "", short_head(session))))
    _start_snapshot()
    try:
        bounds = values.light_bounds(as_of or clock.today())
        headers = shown.headers if shown else HEADERS
        with open_register(path, headers, About("案件登记表", moment, told, notes)) as writer:
            words = _Words(case_export.names(session), categories().names, rules.gazetteer(), clock)
            for row in _shown_rows(actor.scope(), filters, bounds) if shown else _export_rows(
                    actor.scope(), filters, bounds, words.names, as_of, progress):
                writer.write(_register_cells(row, words) if headers is HEADERS else _chosen_cells(row, words, headers, bounds))
    finally:
        session.rollback()
    asked = {name: told_value(value) for name, value in filters.to_args(q=None, sort=None).items()}
    asked |= {"q_length": len(filters.q)} if filters.q else {}
    note_export(actor, "register", writer.count, path.suffix[1:].lower(), {
        "filters": asked, "columns": list(shown.columns) if shown else [], "as_of": as_of or clock.today()})
    return Exported(writer.count, moment, told, notes)


def is_large(actor: Actor, filters: Filters) -> bool:
    """Whether a file of these cases is so long that who takes it shows again that it is them."""
    bounds = values.light_bounds(wiring().clock.today())
    return case_export.count(reading(), actor.scope(), filters, bounds) > MOST_UNASKED


class ToldCase(NamedTuple):
    """A case as the register's file tells it, column by column, and its types one by one."""

    cells: Mapping[CaseColumn, str]
    types: tuple[str, ...]


def told_cases(actor: Actor, filters: Filters) -> Iterator[ToldCase]:
    """The cases that the filters leave, by number."""
    session, clock = reading(), wiring().clock
    permits.require(actor, Permission.case_export)
    words, bounds = _Words(case_export.names(session), categories().names, rules.gazetteer(),
                           clock), values.light_bounds(clock.today())
    for portion in case_export.portions(session, actor.scope(), filters, bounds):
        for row in _complete_rows(portion):
            cells = zip(REGISTER_COLUMNS, _register_cells(row, words), strict=True)
            told = {column: "" if cell is None else str(cell) for column, cell in cells}
            yield ToldCase(told, tuple(words.types.get(code, code) for code in row["categories"]))


def _start_snapshot() -> None:
    """All statements of an export see the same moment."""
    session = reading()
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _read_filters(where: Mapping[str, object]) -> tuple[Filters, str]:
    """The filters, and how the register tells them."""
    for name in where:
        if name not in WHERE:
            raise Invalid(f"不能按“{name}”筛选；可用：{'、'.join(WHERE)}。", field="where")
    args: dict[str, object] = dict(where)
    states = args.get("state")
    if states:
        listed = states if isinstance(states, list) else [states]
        args["state"] = [_STATE_CODES.get(str(state), str(state)) for state in listed]
    filters = Filters.from_args(args)
    if filters.source:
        rules.source(filters.source)
    if filters.area not in ("", NOBODY):
        known_area(filters.area, None, field="where")
    told = "；".join(f"{name}={'、'.join(map(str, v)) if isinstance(v, list) else v}" for name, v in where.items())
    return filters, told


def _export_rows(scope: Scope, filters: Filters, bounds: LightBounds, names: Names, as_of: date | None, progress: Progress
          ) -> Iterator[Mapping[str, Any]]:
    """The rows to write, each with its types, its supporting units and what was said of the handling."""
    session = reading()
    if as_of is not None:
        yield from rows_as_of(scope, filters, bounds, names, wiring().clock.end_of(as_of), progress)
        return
    total, done = case_export.count(session, scope, filters, bounds), 0
    for portion in case_export.portions(session, scope, filters, bounds):
        yield from _complete_rows(portion)
        done += len(portion.rows)
        if total > STEP:
            progress(done, total, "导出（件）")


def _shown_rows(scope: Scope, filters: Filters, bounds: LightBounds) -> Iterator[Mapping[str, Any]]:
    """The rows of a view as the register has them."""
    for portion in case_export.portions(reading(), scope, filters, bounds, is_as_shown=True):
        yield from _complete_rows(portion)


def _complete_rows(portion: Portion) -> Sequence[Mapping[str, Any]]:
    for row in portion.rows:
        case = row["id"]
        row["categories"], row["supporting"] = portion.categories.get(case, ()), portion.supporting.get(case, ())
        row["place_beside"] = portion.places.get(case, {})
        row["told"] = portion.told.get(f"case:{row['number']}", {})
    return portion.rows


def _register_cells(row: Mapping[str, Any], words: "_Words") -> list[Cell]:
    """One case as the register writes it, in the order of `REGISTER_COLUMNS`."""
    told = row["told"]
    extra = told.get("extra")
    source_key, source_name = words.names.sources[row["source_id"]]
    return [
        row["number"], source_key, source_name, f"{row['source_number'] or ''}{'*' if row['is_key'] else ''}",
        STATES[row["state"]], row["title"], row["description"], row["area_code"], row["area_text"]
        or words.area(row["area_code"]),
        row["place"], "、".join([words.types.get(code, code) for code in row["categories"]]),
        CHANNELS.get(row["channel"], row["channel"]),
        row["received_on"], _received_at(extra) if extra else None, row["batch_label"], words.local(row["registered_at"]),
        words.unit(row["lead_unit_id"]), "、".join([words.unit(unit) for unit in row["supporting"]]),
        words.local(row["assigned_at"]), row["due_on"], told.get("investigation"), FINDINGS.get(row["finding"] or "", ""),
        told.get("target"), told.get("measures"), _outcome_word(row, told), told.get("accountability"),
        words.local(row["closed_at"]),
        row["filing_no"], row["supervision_due_on"], row["matter_since_on"],
        others_told(extra.items()) if extra else "", *_wgs_point(row), *_along_railway(row["place_beside"]),
    ]


def _along_railway(said: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Line, mileage and side as our import reads them back."""
    return (str(said.get("line") or ""), str(said.get("mileage") or ""), str(said.get("mileage_to") or ""),
            SIDES.get(str(said.get("side") or ""), ""))


def _wgs_point(row: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """The place as WGS-84: a table has no column for the datum, and who reads it back must not be led astray."""
    if row["lat"] is None or row["lng"] is None:
        return row["lat"], row["lng"]
    return positions.on_the_map(row["lat"], row["lng"], row["datum"])


def _chosen_cells(row: Mapping[str, Any], words: "_Words", headers: Sequence[str], bounds: LightBounds) -> list[Cell]:
    """One case under the columns of a view; its light and its street as on the page, not as the source wrote the area."""
    cells = dict(zip(HEADERS, _register_cells(row, words), strict=True))
    cells[LIGHT] = LIGHTS[light_of(row["state"], row["due_on"], bounds)]
    cells[SHOWN_AS["area"]] = words.area(row["area_code"]) or row["area_text"]
    return [cells[header] for header in headers]


def _outcome_word(row: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """已办结 and so on: what the table said while nobody here has acted, else what the state amounts to."""
    if row["state"] is CaseState.registered or row["history"] == "imported":
        return str(told.get("outcome", ""))
    return OUTCOMES.get(_BY_COUNT.get(COUNTED_AS[row["state"]], ""), "")


def _received_at(extra: Mapping[str, str]) -> datetime | None:
    written = extra.get(CaseColumn.received_at.value)
    return datetime.fromisoformat(written) if written else None


@dataclass(frozen=True)
class _Words:
    """What ids, codes and instants are called, asked of the database once for a whole export."""

    names: Names
    types: Mapping[str, str]
    gazetteer: Gazetteer
    clock: Clock
    areas: dict[str, str] = field(default_factory=dict)  # as they were called already

    def local(self, moment: datetime | None) -> datetime | None:
        if moment is None:
            return None
        at = self.clock.local(moment)
        return datetime(at.year, at.month, at.day, at.hour, at.minute, at.second)  # noqa: DTZ001 - a cell; quicker than `replace`

    def unit(self, unit_id: int | None) -> str:
        return self.names.units[unit_id][1] if unit_id is not None else ""

    def area(self, code: str | None) -> str:
        if not code:
            return ""
        if code not in self.areas:
            self.areas[code] = self._area_told(code)
        return self.areas[code]

    def _area_told(self, code: str) -> str:
        area = self.gazetteer.area(code)
        if area is None:
            return ""
        return f"{area.name}（{area.formal_code}）" if area.formal_code else area.name
