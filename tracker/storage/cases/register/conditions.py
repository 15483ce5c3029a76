"""Conditions on cases that a list and a count of the same cases must share: led by whom, lying where, closed when."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from tracker.domain.house.clock import OFFICE_ZONE
from tracker.domain.rules.area_codes import beyond
from tracker.storage.cases.cases import Case, CaseCategory
from tracker.storage.cases.register.filters import NOBODY
from tracker.storage.people.accounts import Unit
from tracker.storage.rules.categories import CategoryRow

STREET_DIGITS = 9  # a shorter division code names a district or a city
CASES, UNITS, TYPES = Case.__table__.c, Unit.__table__.c, CaseCategory.__table__.c


def led_by(unit: str) -> ColumnElement[bool]:
    """Led by the unit of this code, or by none yet."""
    if unit == NOBODY:
        return CASES.lead_unit_id.is_(None)
    unit_id = select(UNITS.id).where(UNITS.code == unit).scalar_subquery()
    return CASES.lead_unit_id == unit_id


def lying_in(area: str) -> ColumnElement[bool]:
    """Lying in the division of this code, or where no street is named."""
    if area == NOBODY:
        return or_(CASES.area_code.is_(None), func.length(CASES.area_code) < STREET_DIGITS)
    return and_(CASES.area_code >= area, CASES.area_code < beyond(area))


def of_type(key: str) -> ColumnElement[bool]:
    """Of a problem type, or of one below it."""
    below = select(CategoryRow.key).where(CategoryRow.parent == key)
    return exists().where(TYPES.case_id == CASES.id, or_(TYPES.category == key, TYPES.category.in_(below)))


def received_between(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """Received on these days of the office or between them; an open end is None."""
    return [*([CASES.received_on >= first] if first else []), *([CASES.received_on <= last] if last else [])]


def closed_between(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """Closed on these days of the office or between them; an open end is None."""
    begins = [CASES.closed_at >= _office_midnight(first)] if first else []
    return [*begins, *([CASES.closed_at < _office_midnight(last + timedelta(days=1))] if last else [])]


def _office_midnight(on: date) -> datetime:
    return datetime.combine(on, time(), ZoneInfo(OFFICE_ZONE))
