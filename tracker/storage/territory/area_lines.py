"""Areas as a list to page through."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select, true, tuple_
from sqlalchemy.orm import Session

from tracker.storage.territory.territory import AreaRow

PAGE = 50


@dataclass(frozen=True)
class AreaLine:
    """One area of the list."""

    code: str
    valid_from: date
    name: str
    level: str
    parent_code: str
    valid_to: date | None
    successors: str
    kind: str
    formal_code: str
    document_no: str


@dataclass(frozen=True)
class AreaPage:
    """A page of the list, how many there are in all, and after which line the next one begins; "" on the last."""

    lines: tuple[AreaLine, ...]
    total: int
    after: str


_A = AreaRow.__table__.c
_COLUMNS = (_A.code, _A.valid_from, _A.name, _A.level, _A.parent_code, _A.valid_to, _A.successors, _A.kind, _A.formal_code,
            _A.document_no)


def area_page(session: Session, words: Sequence[str], *, is_former: bool = False, today: date, after: str = "") -> AreaPage:
    """Fifty areas by code, of those whose names or codes hold every word: the present ones, or those that have ended."""
    ended = and_(_A.valid_to.is_not(None), _A.valid_to < today)
    wanted: list[ColumnElement[bool]] = [ended if is_former else ~func.coalesce(ended, False)]
    wanted += [or_(_A.name.contains(word, autoescape=True), _A.code.startswith(word.upper(), autoescape=True),
                   _A.formal_code == word) for word in words]
    total = session.scalar(select(func.count()).where(*wanted)) or 0
    code, _, began = after.partition("/")
    beyond = tuple_(_A.code, _A.valid_from) > (code, _day_of(began)) if began else true()
    rows = session.execute(select(*_COLUMNS).where(*wanted, beyond).order_by(_A.code, _A.valid_from).limit(PAGE + 1)).all()
    lines = tuple(AreaLine(*tuple(row)) for row in rows[:PAGE])
    return AreaPage(lines, total, f"{lines[-1].code}/{lines[-1].valid_from}" if len(rows) > PAGE else "")


def _day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min
