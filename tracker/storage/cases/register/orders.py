"""The orders of the register: along which column, which way, and where a page goes on. Every one is read along an index."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, and_, bindparam, case, false, or_

from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import Invalid
from tracker.domain.tables.cells import whole_number
from tracker.storage.cases.cases import Case

CASES = Case.__table__.c
LAST_ID, LAST_ON = bindparam("last_id", type_=BigInteger), bindparam("last_on", type_=Date)
LAST_GROUP: Any = bindparam("last_group")  # of the type of the column it is compared with
FIRST, ON, BLANK = "", "on", "blank"  # where a page begins: at the first, behind a case, behind a case without a group
RANKS: Mapping[CaseState, int] = {state: rank for rank, state in enumerate(CaseState)}
Conditions = list[ColumnElement[bool]]


@dataclass(frozen=True)
class ListOrder:
    """One order: `heading` is the column of the page that it sorts by, `day` the column of the table, "" for the number that a
    case was registered under; within a day the cases follow one another as they were registered. A `group` comes before the day:
    cases of one unit, source or area together, those without one last, or the states in the order in which a case takes them."""

    heading: str
    word: str
    day: str = ""
    is_falling: bool = False
    group: str = ""

    @property
    def is_by_state(self) -> bool:
        """Whether each state is a walk of its own."""
        return self.group == "state"

    @property
    def has_blanks(self) -> bool:
        """Whether a case may be without a group."""
        return bool(self.group) and bool(CASES[self.group].nullable)

    def sorting(self, columns: Any = CASES) -> tuple[Any, ...]:
        """By what to sort cases, or what was read of them."""
        grouped = [case(RANKS, value=columns.state)] if self.is_by_state else [columns[self.group]] if self.group else []
        blanks = [columns[self.group].is_(None)] if self.has_blanks else []
        return self._turned_keys(*blanks, *grouped, *([columns[self.day]] if self.day else []), columns.id)

    def walks(self, at: str = FIRST) -> Iterator[tuple[Conditions, tuple[Any, ...]]]:
        """The walks along an index that together give a page in order, each with its conditions and its keys."""
        inner = self._turned_keys(*([CASES[self.day]] if self.day else []), CASES.id)
        if not self.group or self.is_by_state:
            yield (self.beyond() if at else []), inner
            return
        column = CASES[self.group]
        outer, blank = (*self._turned_keys(column), *inner), column.is_(None)
        if at == BLANK:
            yield [blank, *self.beyond()], inner
        elif at:
            yield [column == LAST_GROUP, *self.beyond()], inner
            yield [column < LAST_GROUP if self.is_falling else column > LAST_GROUP], outer
        if not at or (at == BLANK and self.is_falling):
            yield ([column.is_not(None)] if self.has_blanks else []), outer
        if self.has_blanks and (not at or (at == ON and not self.is_falling)):
            yield [blank], inner

    def states_from(self, states: tuple[CaseState, ...], at: str) -> list[tuple[CaseState, str]]:
        """Where the states are walked one by one: those that come, in order, each with where it begins."""
        ordered = sorted(states or CaseState, key=RANKS.__getitem__, reverse=self.is_falling)
        begun = ordered.index(CaseState(at)) if at in ordered else 0
        return [(state, ON if at == state.value else FIRST) for state in ordered[begun:]]

    def beyond(self, last_on: Any = LAST_ON, last_id: Any = LAST_ID) -> Conditions:
        """What comes after the case of this day and number, in its group."""
        further = CASES.id < last_id if self.is_falling else CASES.id > last_id
        if not self.day:
            return [further]
        column = CASES[self.day]
        # The first condition is what an index can seek to; the second drops what was shown on the day itself.
        return ([column <= last_on, or_(column < last_on, further)] if self.is_falling
                else [column >= last_on, or_(column > last_on, further)])

    def beyond_row(self, row: Any) -> Conditions:
        """What comes after this row, whatever it costs."""
        inner = self.beyond(getattr(row, self.day) if self.day else None, row.id)
        if not self.group:
            return inner
        column, value = CASES[self.group], getattr(row, self.group)
        if self.is_by_state:
            ordered = sorted(CaseState, key=RANKS.__getitem__, reverse=self.is_falling)
            later: Any = column.in_(ordered[ordered.index(value) + 1:])
        elif value is None:
            later = column.is_not(None) if self.is_falling else false()
        else:
            later = column < value if self.is_falling else or_(column > value, column.is_(None))
        return [or_(later, and_(column.is_(None) if value is None else column == value, *inner))]

    def mark_of(self, row: Any) -> str:
        """Where a page ends, for the address of the next."""
        value = getattr(row, self.group) if self.group else None
        grouped = [value.value if isinstance(value, CaseState) else "" if value is None else str(value)] if self.group else []
        return ".".join((*grouped, *([getattr(row, self.day).isoformat()] if self.day else []), str(row.id)))

    def read_mark(self, mark: str) -> dict[str, object]:
        """Where the page before ended. Raises `Invalid` when the mark is none of ours."""
        if not mark:
            return {}
        parts = mark.split(".")
        try:
            if len(parts) != 1 + bool(self.day) + bool(self.group) or whole_number(parts[-1]) is None:
                raise ValueError(mark)
            on = {"last_on": date.fromisoformat(parts[-2])} if self.day else {}
            grouped = {"last_group": self._read_group(parts[0])} if self.group else {}
        except ValueError:
            raise Invalid("翻页位置无法识别，请回到第一页。", field="after") from None
        return {"last_id": whole_number(parts[-1]), **on, **grouped}

    def begins_at(self, mark: Mapping[str, object]) -> str:
        """Which walks a mark asks for."""
        if not mark:
            return FIRST
        if self.is_by_state:
            return str(mark["last_group"])
        return BLANK if self.group and mark["last_group"] is None else ON

    def _read_group(self, text: str) -> object:
        if self.is_by_state:
            return CaseState(text).value
        if not text and self.has_blanks:
            return None
        if self.group == "jurisdiction" and text.isdecimal() and len(text) <= LONGEST_CODE:
            return text
        if (number := whole_number(text)) is None:
            raise ValueError(text)
        return number

    def _turned_keys(self, *keys: Any) -> tuple[Any, ...]:
        return tuple(key.desc() for key in keys) if self.is_falling else keys


LONGEST_CODE = 12
ORDERS: Mapping[str, ListOrder] = {
    "due": ListOrder("due", "按时限，近的在前", "list_due_on"),
    "due_last": ListOrder("due", "按时限，远的在前", "list_due_on", is_falling=True),
    "newest": ListOrder("case", "按登记先后，新的在前", is_falling=True),
    "oldest": ListOrder("case", "按登记先后，早的在前"),
    "received": ListOrder("received", "按受理日期，早的在前", "received_on"),
    "received_last": ListOrder("received", "按受理日期，近的在前", "received_on", is_falling=True),
    "state": ListOrder("state", "按办理状态，同一状态的按时限", "list_due_on", group="state"),
    "state_last": ListOrder("state", "按办理状态，从后往前", "list_due_on", is_falling=True, group="state"),
    "unit": ListOrder("unit", "按主办单位，同一单位的按时限", "list_due_on", group="lead_unit_id"),
    "unit_last": ListOrder("unit", "按主办单位，从后往前", "list_due_on", is_falling=True, group="lead_unit_id"),
    "source": ListOrder("source", "按来源，同一来源的按时限", "list_due_on", group="source_id"),
    "source_last": ListOrder("source", "按来源，从后往前", "list_due_on", is_falling=True, group="source_id"),
    "area": ListOrder("area", "按区域，同一区域的按时限", "list_due_on", group="jurisdiction"),
    "area_last": ListOrder("area", "按区域，从后往前", "list_due_on", is_falling=True, group="jurisdiction"),
}
# By which orders each heading sorts: the one that a first press gives stands first.
HEADINGS: Mapping[str, tuple[str, str]] = {
    "case": ("newest", "oldest"), "received": ("received_last", "received"), "due": ("due", "due_last"),
    "state": ("state", "state_last"), "unit": ("unit", "unit_last"), "source": ("source", "source_last"),
    "area": ("area", "area_last"),
}
