"""The orders of the register: along which column, which way, and where a page goes on. Every one is read along an index."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, bindparam, or_

from tracker.domain.house.errors import Invalid
from tracker.domain.tables.cells import whole_number
from tracker.storage.cases.cases import Case

CASES = Case.__table__.c
LAST_ID, LAST_ON = bindparam("last_id", type_=BigInteger), bindparam("last_on", type_=Date)


@dataclass(frozen=True)
class ListOrder:
    """One order: `heading` is the column of the page that it sorts by, `day` the column of the table, "" for the number that a
    case was registered under; within a day the cases follow one another as they were registered."""

    heading: str
    word: str
    day: str = ""
    is_falling: bool = False

    def sorting(self, columns: Any = CASES) -> tuple[Any, ...]:
        """By what to sort cases, or what was read of them."""
        keys = (*([columns[self.day]] if self.day else []), columns.id)
        return tuple(key.desc() for key in keys) if self.is_falling else keys

    def beyond(self, last_on: Any = LAST_ON, last_id: Any = LAST_ID) -> list[ColumnElement[bool]]:
        """What comes after the case of this day and number."""
        further = CASES.id < last_id if self.is_falling else CASES.id > last_id
        if not self.day:
            return [further]
        column = CASES[self.day]
        # The first condition is what an index can seek to; the second drops what was shown on the day itself.
        return ([column <= last_on, or_(column < last_on, further)] if self.is_falling
                else [column >= last_on, or_(column > last_on, further)])

    def beyond_row(self, row: Any) -> list[ColumnElement[bool]]:
        """What comes after this row."""
        return self.beyond(getattr(row, self.day) if self.day else None, row.id)

    def mark_of(self, row: Any) -> str:
        """Where a page ends, for the address of the next."""
        return f"{getattr(row, self.day).isoformat()}.{row.id}" if self.day else str(row.id)

    def read_mark(self, mark: str) -> dict[str, object]:
        """Where the page before ended. Raises `Invalid` when the mark is none of ours."""
        on, _, number = mark.rpartition(".")
        if not mark:
            return {}
        try:
            last_id, last_on = whole_number(number), date.fromisoformat(on) if self.day else None
        except ValueError:
            last_id = None
        if last_id is None:
            raise Invalid("翻页位置无法识别，请回到第一页。", field="after")
        return {"last_id": last_id, "last_on": last_on} if self.day else {"last_id": last_id}


ORDERS: Mapping[str, ListOrder] = {
    "due": ListOrder("due", "按时限，近的在前", "list_due_on"),
    "due_last": ListOrder("due", "按时限，远的在前", "list_due_on", is_falling=True),
    "newest": ListOrder("case", "按登记先后，新的在前", is_falling=True),
    "oldest": ListOrder("case", "按登记先后，早的在前"),
    "received": ListOrder("received", "按受理日期，早的在前", "received_on"),
    "received_last": ListOrder("received", "按受理日期，近的在前", "received_on", is_falling=True),
}
# By which orders each heading sorts: the one that a first press gives stands first.
HEADINGS: Mapping[str, tuple[str, str]] = {
    "case": ("newest", "oldest"), "received": ("received_last", "received"), "due": ("due", "due_last"),
}
