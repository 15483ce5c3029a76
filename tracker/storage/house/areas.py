"""An area as a condition: division codes are hierarchical text, so it is a range of them."""

from typing import Any

from sqlalchemy import ColumnElement, and_, true

from tracker.domain.rules.area_codes import beyond


def within_area(column: Any, code: str) -> ColumnElement[bool]:
    """Whether a column of codes lies in an area; "" is everywhere."""
    return true() if not code else and_(column >= code, column < beyond(code))
