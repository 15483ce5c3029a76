"""Charts of the kind `spans`: one row for each piece of a plan, its days as a frame, what is done of it filled, what is reported
striped, the first plan as a ghost below, and a line for the day that is asked about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tracker.domain.reports.document import Chart
from tracker.gateways.house.chart_tags import (
    LINE,
    MUTED,
    SMALL,
    WIDTH,
    box_tag,
    cut_text,
    length_text,
    svg_tag,
    text_tag,
    text_width,
)

SPANS = "spans"
ROW, TOP, BAR, GHOST = 50, 22, 13, 4
MOST_ROWS, MOST_TICKS = 60, 8
DONE, REPORTED, FRAME, NOW = "#1c4a66", "#5b87a0", "#8fa0ab", "#b02318"
KEY_HEIGHT, FLOOR, APART = 28, 40, 6
STARTS, DUE, FIRST_DUE, ACTUAL, EXTRA, TODAY = range(6)  # the series of such a chart, in this order


@dataclass(frozen=True)
class PlanSpan:
    """A piece of a plan: its days, the day by which it was to be done at first, how much is done, and what is reported beyond."""

    label: str
    starts_on: date
    due_on: date
    first_due_on: date
    actual: Fraction
    reported: Fraction


@dataclass(frozen=True)
class SpanWords:
    """How the parts of the picture are called."""

    title: str
    starts: str
    due: str
    first_due: str
    actual: str
    reported: str
    today: str


def span_chart(words: SpanWords, spans: Sequence[PlanSpan], on: date) -> Chart:
    """The chart of a plan on a day. Days are numbered from the first of the calendar, parts are of a thousand."""
    def column(values: Iterator[int]) -> tuple[int, ...]:
        return tuple(values)

    return Chart(words.title, SPANS, tuple(span.label for span in spans), (
        (words.starts, column(span.starts_on.toordinal() for span in spans)),
        (words.due, column(span.due_on.toordinal() for span in spans)),
        (words.first_due, column(span.first_due_on.toordinal() for span in spans)),
        (words.actual, column(_of_thousand(span.actual) for span in spans)),
        (words.reported, column(_of_thousand(span.reported) for span in spans)),
        (words.today, column(on.toordinal() for _ in spans))))


def spans_told(chart: Chart) -> list[str]:
    """The chart in words, a clause a row."""
    names = [name for name, _ in chart.series]
    return [f"{label} " + "，".join(_clauses_of(names, [values[at] for _, values in chart.series]))
            for at, label in enumerate(chart.labels)]


def draw_spans(chart: Chart) -> tuple[float, list[str]]:
    """The height and the parts of the picture: a row for each piece, the days below, and the day that is asked about."""
    columns = [values for _, values in chart.series]
    first = min(columns[STARTS])
    last = max(*columns[DUE], *columns[FIRST_DUE], columns[TODAY][0]) if columns[TODAY] else first
    scale, drawn = WIDTH / max(last - first + 1, 1), min(len(chart.labels), MOST_ROWS)
    base = KEY_HEIGHT + drawn * ROW
    parts = [*_draw_names(chart), *_draw_ticks(first, last, scale, base)]
    for at in range(drawn):
        parts += _draw_row(chart.labels[at], [values[at] for values in columns], first, scale, KEY_HEIGHT + at * ROW)
    x = (columns[TODAY][0] - first + 1) * scale
    if 0 <= x <= WIDTH:
        said = str(date.fromordinal(columns[TODAY][0]))
        half = text_width(said, SMALL) / 2
        parts += [svg_tag("path", d=f"M{length_text(x)} {KEY_HEIGHT - 4}V{base + 2}", stroke=NOW, stroke_width=1.5, fill="none"),
                  text_tag(min(max(x, half), WIDTH - half), base + 34, said, size=SMALL, fill=NOW, middle=True)]
    return base + FLOOR, parts


def _draw_row(label: str, row: Sequence[int], first: int, scale: float, y: float) -> list[str]:
    """Name and figure above, the frame with what fills it, and the ghost below."""
    left, wide = (row[STARTS] - first) * scale, (row[DUE] - row[STARTS] + 1) * scale
    done, more = wide * row[ACTUAL] / 1000, wide * row[EXTRA] / 1000
    said, top = f"{row[ACTUAL] / 10:.1f}%", y + TOP
    parts = [text_tag(0, y + 15, cut_text(label, WIDTH - text_width(said) - 14)),
             text_tag(WIDTH, y + 15, said, fill=MUTED, end=True),
             svg_tag("rect", x=length_text(left), y=length_text(top), width=length_text(max(wide, 2)), height=BAR, fill="#ffffff",
                     stroke=FRAME),
             box_tag(left, top, done, BAR, DONE), *_draw_stripes(left + done, top, more)]
    if row[FIRST_DUE] != row[DUE]:
        ghost = (row[FIRST_DUE] - row[STARTS] + 1) * scale
        parts.append(svg_tag("rect", x=length_text(left), y=length_text(top + BAR + 3), width=length_text(max(ghost, 2)),
                             height=GHOST, fill="none", stroke=FRAME, stroke_dasharray="4 3"))
    return parts


def _draw_stripes(x: float, y: float, wide: float) -> Iterator[str]:
    at = 0.0
    while at < wide:
        yield box_tag(x + at, y, min(2.0, wide - at), BAR, REPORTED)
        at += 4


def _draw_names(chart: Chart) -> Iterator[str]:
    """Which part of a row is which."""
    names, x = [name for name, _ in chart.series], 0.0
    for at, mark in ((DUE, _frame_mark), (ACTUAL, _done_mark), (EXTRA, _stripe_mark), (FIRST_DUE, _ghost_mark)):
        yield mark(x)
        yield text_tag(x + 22, 14, names[at], size=SMALL, fill=MUTED)
        x += 22 + text_width(names[at], SMALL) + 14


def _frame_mark(x: float) -> str:
    return svg_tag("rect", x=length_text(x + 0.5), y=4, width=16, height=10, fill="#ffffff", stroke=FRAME)


def _done_mark(x: float) -> str:
    return box_tag(x, 4, 16, 10, DONE)


def _stripe_mark(x: float) -> str:
    return "".join(box_tag(x + at, 4, 2, 10, REPORTED) for at in range(0, 16, 4))


def _ghost_mark(x: float) -> str:
    return svg_tag("rect", x=length_text(x), y=7, width=16, height=GHOST, fill="none", stroke=FRAME, stroke_dasharray="4 3")


def _draw_ticks(first: int, last: int, scale: float, base: float) -> list[str]:
    """The line below, and where years begin; in a plan of less than two years the months. What would be written over the word
    before has its mark alone."""
    parts, free_from = [svg_tag("path", d=f"M0 {length_text(base)}H{WIDTH}", stroke=LINE, fill="none")], 0.0
    for at, said in _ticks_between(first, last):
        x = (at - first) * scale
        half = text_width(said, SMALL) / 2
        middle = min(max(x, half), WIDTH - half)
        parts.append(svg_tag("path", d=f"M{length_text(x)} {KEY_HEIGHT}V{length_text(base + 4)}", stroke=LINE, fill="none"))
        if middle - half >= free_from:
            parts.append(text_tag(middle, base + 17, said, size=SMALL, fill=MUTED, middle=True))
            free_from = middle + half + APART
    return parts


def _ticks_between(first: int, last: int) -> list[tuple[int, str]]:
    begin, end = date.fromordinal(first), date.fromordinal(last)
    if end.year - begin.year > 1:
        found = [(date(year, 1, 1).toordinal(), str(year)) for year in range(begin.year, end.year + 1)]
    else:
        months = [(begin.year + n // 12, n % 12 + 1) for n in range(begin.month - 1, (end.year - begin.year) * 12 + end.month)]
        found = [(date(year, month, 1).toordinal(), f"{year}-{month:02d}") for year, month in months]
    inside = [each for each in found if first <= each[0] <= last]
    every = -(-len(inside) // MOST_TICKS) or 1
    return inside[::every]


def _clauses_of(names: Sequence[str], row: Sequence[int]) -> Iterator[str]:
    yield f"{names[STARTS]} {date.fromordinal(row[STARTS])}"
    yield f"{names[DUE]} {date.fromordinal(row[DUE])}"
    if row[FIRST_DUE] != row[DUE]:
        yield f"{names[FIRST_DUE]} {date.fromordinal(row[FIRST_DUE])}"
    yield f"{names[ACTUAL]} {row[ACTUAL] / 10:.1f}%"
    if row[EXTRA]:
        yield f"{names[EXTRA]} {row[EXTRA] / 10:.1f}%"


def _of_thousand(part: Fraction) -> int:
    return int((Decimal(part.numerator) * 1000 / Decimal(part.denominator)).quantize(Decimal(1), ROUND_HALF_UP))
