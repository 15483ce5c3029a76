"""The pictures of the dashboard: what is drawn where, in the units of the picture, and titles that state the answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.domain.house.say import Say
from tracker.storage.cases.register.dashboard import CaseFigures, Week
from tracker.storage.cases.register.filters import NOBODY
from tracker.web.house.drawing.languages import told, tr

WIDTH, ROW = 320, 44
MOST_ROWS, MOST_NAMED, MOST_LETTERS = 8, 2, 16
MOST_OVERDUE = "{names}超期最多：{number} 件", "{names}超期最多：各 {number} 件"
MOST_OPEN = "没有超期；{names}在办最多：{number} 件", "没有超期；{names}在办最多：各 {number} 件"
BARS_TOP, BARS_HEIGHT = 20, 76


@dataclass(frozen=True, slots=True)
class FiguresRow:
    """One unit, area or type with its figures; `code` is what the register's filter takes."""

    code: str
    name: str
    figures: CaseFigures


@dataclass(frozen=True, slots=True)
class BarPart:
    """A stretch of a bar: which figure it shows, from where, how long."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class ChartBar:
    """A row of the picture."""

    row: FiguresRow
    y: int
    parts: tuple[BarPart, ...]


@dataclass(frozen=True, slots=True)
class WeekColumn:
    """One week of the trend; heights of the two bars."""

    week: Week
    x: float
    received: float
    closed: float


def ordered(rows: Sequence[FiguresRow]) -> list[FiguresRow]:
    """Most overdue first, then most due soon, then most open; what counts nowhere is left out."""
    counting = [row for row in rows if row.figures != CaseFigures()]
    return sorted(counting, key=lambda r: (-r.figures.overdue, -r.figures.due_soon, -r.figures.open, -r.figures.done, r.code))


def bars(rows: Sequence[FiguresRow]) -> list[ChartBar]:
    """The open cases of the first rows as bars, split into overdue, due soon and the rest."""
    drawn = [row for row in rows if row.figures.open][:MOST_ROWS]
    most = max((row.figures.open for row in drawn), default=1)
    return [ChartBar(row, place * ROW, _bar_parts(row.figures, WIDTH / most)) for place, row in enumerate(drawn)]


def columns(weeks: Sequence[Week]) -> list[WeekColumn]:
    """The weeks as two rows of bars on one scale."""
    most = max((max(week.received, week.closed) for week in weeks), default=0) or 1
    step, scale = WIDTH / len(weeks), BARS_HEIGHT / most
    return [WeekColumn(week, place * step, week.received * scale, week.closed * scale) for place, week in enumerate(weeks)]


def answer(rows: Sequence[FiguresRow], measure: str) -> str:
    """Who has most overdue; where nothing is, who has most open."""
    known = [row for row in rows if row.code != NOBODY]
    overdue = max((row.figures.overdue for row in known), default=0)
    if overdue:
        return _rows_told([r for r in known if r.figures.overdue == overdue], MOST_OVERDUE, overdue, measure)
    most = max((row.figures.open for row in known), default=0)
    if most:
        return _rows_told([r for r in known if r.figures.open == most], MOST_OPEN, most, measure)
    return str(tr("没有在办案件"))


def trend_answer(weeks: Sequence[Week]) -> str:
    """Whether more came in than was closed."""
    received, closed = sum(week.received for week in weeks), sum(week.closed for week in weeks)
    if received == closed:
        return str(tr(Say("近 {count} 周受理、销号持平：各 {received} 件", count=len(weeks), received=received)))
    word = Say("受理多于销号" if received > closed else "销号多于受理")
    return str(tr(Say("近 {count} 周{word}：受理 {received} 件，销号 {closed} 件", count=len(weeks), word=word, received=received,
                      closed=closed)))


def _rows_told(rows: Sequence[FiguresRow], words: tuple[str, str], number: int, measure: str) -> str:
    """`words` are the sentence for one row and for several."""
    names = tr("、").join(tr(row.name) for row in rows[:MOST_NAMED])
    if len(rows) > MOST_NAMED:
        names = told("{names}等 {measure}", names=names, measure=told(measure, n=len(rows)))
    return told(words[len(rows) > 1], names=names, number=number)


def _bar_parts(figures: CaseFigures, scale: float) -> tuple[BarPart, ...]:
    parts, x = [], 0.0
    rest = figures.open - figures.overdue - figures.due_soon
    for kind, number in (("overdue", figures.overdue), ("due_soon", figures.due_soon), ("rest", rest)):
        if number:
            parts.append(BarPart(kind, round(x, 2), round(number * scale, 2)))
            x += number * scale
    return tuple(parts)
