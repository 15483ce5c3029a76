"""The offices: whose case it is, how the office that keeps this installation is called, and what is changed of that."""

from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Conflict, Invalid, NotFound
from tracker.domain.house.fields import FieldKind
from tracker.domain.house.identifiers import format_filing_number
from tracker.domain.house.log.fact_kinds import LedgerFacts
from tracker.domain.house.master import MasterEdit, MasterField, MasterTable, MasterValues, blank_of
from tracker.domain.house.say import Say
from tracker.domain.territory.fact_kinds import OfficeFacts
from tracker.domain.territory.offices import FIELDS, LONGEST_LIST, LONGEST_NAME, LONGEST_SHORT, Office, OfficeTable, checked
from tracker.services.house import permits
from tracker.services.house.caching import rules_changed, until_a_rule_changes
from tracker.services.house.master.declaring import Master
from tracker.services.house.work import Work, deed
from tracker.services.rules.places import known_area, require_exact
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.preferences import Preference
from tracker.storage.territory.offices import OfficeRow

HOME = "home_area"  # the preference that names it
_ALL = (select(OfficeRow, select(Preference.value).where(Preference.key == HOME).scalar_subquery().label("home"),
               exists().where(FactRow.kind == LedgerFacts.demo_loaded).label("is_invented"),
               exists().where(FactRow.kind == OfficeFacts.set_up).label("is_set_up"))
        .order_by(OfficeRow.area_code))
_PLAIN = tuple(name for name in Office.__dataclass_fields__)


def all_offices() -> OfficeTable:
    """Every office, old ones too."""
    return until_a_rule_changes("offices", _read_offices)


def home_area() -> str:
    """The area of the office that keeps this installation; "" until it is set up."""
    return all_offices().home_area


def home() -> Office | None:
    """The office that keeps this installation."""
    return all_offices().home


def reporting_areas(on: date) -> tuple[str, ...]:
    """The areas of the offices that report for themselves, the home's left out: beats, reports and numbers are their own."""
    known = all_offices()
    return tuple(each.area_code for each in known.rows
                 if each.is_reporting and each.exists_on(on) and each.area_code != known.home_area)


def is_invented() -> bool:
    """Whether the people and cases here are the invented ones of the demo."""
    return all_offices().is_invented


def series_of(office: Office, year: int) -> str:
    """The counter of an office's closings within a year."""
    return f"filing:{office.area_code}:{year}"


def filing_number(office: Office, year: int, serial: int) -> str:
    """How an office writes the number of a closing."""
    return format_filing_number(year, serial, office.filing_short)


@deed
def change(work: Work, actor: Actor | None, area_code: str, given: Mapping[str, object]) -> tuple[str, ...]:
    """Another name, other short names or other lines for an office; what is not given stays. Returns the names of the fields that
    are new. Numbers that were given out stay as they are, and their series goes on."""
    return _change_row(work, _require_manager(actor), area_code, given, {})


def _change_row(work: Work, by: Actor, area_code: str, given: Mapping[str, object], told: Mapping[str, object],
                valid_to: date | None = None) -> tuple[str, ...]:
    row = work.session.get(OfficeRow, area_code, with_for_update=True)
    if row is None:
        raise NotFound(Say("没有区划为“{area_code}”的机关。", area_code=area_code), field="area_code")
    before = _office_of(row)
    others = [each for each in _read_offices(work.session).rows if each.area_code != area_code]
    said = checked({**{name: getattr(before, name) for name in _PLAIN}, **given}, others)
    said["valid_to"] = valid_to or before.valid_to
    new = {name: value for name, value in said.items() if getattr(before, name) != value}
    if not new:
        return ()
    for name, value in new.items():
        setattr(row, name, value)
    rules_changed(work.session)
    work.record(stream_of(area_code), OfficeFacts.changed, by,
                {**told, "from": {name: getattr(before, name) for name in new}, "to": new})
    return tuple(new)


@deed
def open_office(work: Work, actor: Actor | None, area_code: str, given: Mapping[str, object]) -> Office:
    """Another office beside the one that keeps this installation, for a loaded area: from today on it numbers its own closings
    and papers, and reports for itself. Raises `Invalid` or `Conflict`."""
    by, today = _require_manager(actor), work.clock.today()
    area = known_area(area_code, today, field="area_code")
    if work.session.get(OfficeRow, area.code) is not None:
        raise Conflict(Say("{name}已有机关。", name=area.name), code="office_taken", field="area_code")
    office = enter(work, area.code, given, today)
    row = work.session.get_one(OfficeRow, area.code)
    row.is_reporting = True
    work.record(stream_of(area.code), OfficeFacts.added, by, {"area_code": area.code})
    rules_changed(work.session)
    return office


def enter(work: Work, area_code: str, given: Mapping[str, object], since: date, *, is_home: bool = False,
          valid_to: date | None = None) -> Office:
    """A new office, in the work of whoever founds it, who tells of it; the home's ousts the one that was only seeded."""
    others = _read_offices(work.session)
    if is_home and (seeded := work.session.get(OfficeRow, others.home_area)) is not None:
        work.session.delete(seeded)
        work.session.flush()
        others = _read_offices(work.session)
    row = OfficeRow(area_code=area_code, valid_from=since, valid_to=valid_to, is_reporting=False, **checked(given, others.rows))
    work.session.add(row)
    if is_home:
        mark = work.session.get(Preference, HOME)
        if mark is None:
            work.session.add(Preference(key=HOME, value=area_code))
        else:
            mark.value = area_code
    work.session.flush()
    rules_changed(work.session)
    return _office_of(row)


def stream_of(area_code: str) -> str:
    """The stream in which the facts of an office stand."""
    return f"office:{area_code}"


def _require_manager(actor: Actor | None) -> Actor:
    if actor is None:
        return OPERATOR
    permits.require(actor, Permission.office_manage)
    return actor


def _read_offices(session: Session) -> OfficeTable:
    rows = session.execute(_ALL).all()
    if not rows:
        return OfficeTable()
    return OfficeTable(tuple(_office_of(row[0]) for row in rows), rows[0].home or "", rows[0].is_invented, rows[0].is_set_up)


def _office_of(row: OfficeRow) -> Office:
    return Office(**{name: getattr(row, name) for name in _PLAIN})


# --- as master data -----------------------------------------------------------------------------------------------------------

TABLE = MasterTable("offices", "机关", "办案机关、文号编制和印发名称", (
    MasterField("area_code", "区划", hint="管辖的市、区县或乡镇街道的代码", longest=12, is_required=True, is_fixed=True),
    MasterField("name", FIELDS["name"], longest=LONGEST_NAME, is_required=True),
    MasterField("document_short", FIELDS["document_short"], longest=LONGEST_SHORT, is_required=True),
    MasterField("filing_short", FIELDS["filing_short"], longest=LONGEST_SHORT, is_required=True),
    MasterField("addressees", FIELDS["addressees"], longest=LONGEST_LIST, is_listed=False),
    MasterField("copies", FIELDS["copies"], longest=LONGEST_LIST, is_listed=False),
    MasterField("imprint", FIELDS["imprint"], longest=LONGEST_LIST, is_listed=False),
    MasterField("has_imprint", FIELDS["has_imprint"], FieldKind.yes, is_listed=False),
    MasterField("valid_to", "终止日", FieldKind.date, hint="最后一天；次日起归上级机关"),
), Permission.office_manage, key=("area_code",))


def _rows_now(session: Session) -> Iterator[MasterValues]:
    for each in _read_offices(session).rows:
        yield {field.name: getattr(each, field.name) or blank_of(field) for field in TABLE.fields}


def _save_office(work: Work, by: Actor, edit: MasterEdit) -> None:
    values, code = edit.values, str(edit.values["area_code"])
    ends = values["valid_to"]
    assert ends is None or isinstance(ends, date)
    if ends is not None and code == _read_offices(work.session).home_area:
        raise Invalid("本系统的机关不能终止。", field="valid_to")
    given = {name: values[name] for name in FIELDS}
    if not edit.is_new:
        _change_row(work, by, code, given, edit.told(), ends)
        return
    known_area(code, work.clock.today(), field="area_code")
    require_exact(code)
    enter(work, code, given, work.clock.today(), valid_to=ends)
    work.record(stream_of(code), OfficeFacts.added, by, edit.told())


MASTERS = (Master(TABLE, _rows_now, _save_office, lambda values: stream_of(str(values["area_code"]))),)
