"""Charts as pictures: one drawing for page, mail and documents. The page shows the SVG itself, everything else its PNG.

Colour stands in attributes, never in styles, so that the same text passes the page's content policy. Equal charts give equal
bytes.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import resvg_py
from PIL import Image

from tracker.domain.reports.document import Chart
from tracker.domain.tables.cells import without_control
from tracker.gateways.house.chart_spans import SPANS, draw_spans, spans_told
from tracker.gateways.house.chart_tags import (
    INK,
    LINE,
    MUTED,
    PAPER,
    SIZE,
    SMALL,
    WIDTH,
    box_tag,
    cut_text,
    length_text,
    svg_tag,
    text_tag,
    text_width,
)

PIXELS, COLOURS = 960, 64
FONT_FILE = Path(__file__).resolve().parents[3] / "static" / "vendor" / "fonts" / "NotoSansSC-Regular.ttf"
FONTS = "Noto Sans SC,PingFang SC,Microsoft YaHei,Noto Sans CJK SC,Source Han Sans SC,sans-serif"
MOST_BARS = 15
BESIDE = 13  # from one bar of a row to the next
# The lights' colours are kept for what is late and what is nearly late; what stands beside a light is grey, all else blue.
# of bar, of type, sign
LIGHTS: Mapping[str, tuple[str, str, str]] = {"超期": ("#b02318", "#b02318", "■"), "临期": ("#d99a2b", "#8a5800", "▲")}
BESIDE_LIGHTS = ("#b7c3cb", "#8fa0ab", "#d5dce0")
BLUES = ("#1c4a66", "#8fa5b3", "#5b87a0", "#c2cfd7")


def chart_svg(chart: Chart) -> str:
    """The chart as one SVG text that scales to its place; its label tells title and numbers."""
    empty = (40, [text_tag(0, 24, "没有数据，无图可画。", fill=MUTED)])
    height, parts = _DRAWERS[chart.kind](chart) if chart.labels and chart.series else empty
    key_height, key = _draw_key(chart)
    moved = svg_tag("g", "".join(parts), transform=f"translate(0 {key_height})")
    return svg_tag("svg", "".join(key) + moved, xmlns="http://www.w3.org/2000/svg",
                    viewBox=f"0 0 {WIDTH} {height + key_height}", role="img",
                font_family=FONTS, font_size=SIZE, fill=INK, aria_label=alt_text(chart), **{"class": "chart"})


@lru_cache(maxsize=200)
def chart_png(chart: Chart) -> bytes:
    """The same as a picture on white, for mails and documents."""
    own = FONT_FILE.is_file()  # else whatever Chinese font the machine has
    drawn = resvg_py.svg_to_bytes(svg_string=chart_svg(chart), background=PAPER, width=PIXELS, skip_system_fonts=own,
                                  font_files=[str(FONT_FILE)] if own else None, sans_serif_family="Noto Sans SC" if own else None)
    return _few_colours(drawn)


def square_png(svg: str, size: int) -> bytes:
    """A square drawing as a picture of so many pixels a side."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size))


def _few_colours(png: bytes) -> bytes:
    """The same in a palette: a chart has few colours, and a mail to fifty readers carries it fifty times."""
    made = BytesIO()
    with Image.open(BytesIO(png)) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    return made.getvalue()


def alt_text(chart: Chart) -> str:
    """The chart in words: its title, then every number."""
    if chart.kind == SPANS:
        return without_control("；".join([chart.title, *spans_told(chart)]) + "。")
    said = "；".join(f"{label} " + "，".join(_named_value(chart, name, values[at]) for name, values in chart.series)
                    for at, label in enumerate(chart.labels))
    return without_control(f"{chart.title}。{said}。" if said else f"{chart.title}。")


def _named_value(chart: Chart, name: str, value: int) -> str:
    return f"{name} {value}" if name and len(chart.series) > 1 else str(value)


# --- the kinds ----------------------------------------------------------------------------------------------------------


def _draw_bars(chart: Chart) -> tuple[float, list[str]]:
    """One row for each label: name and numbers above its bars. Lights are parts of one number and lie end to end; other series
    are compared, and lie below each other."""
    is_whole, count = any(name in LIGHTS for name, _ in chart.series), len(chart.series)
    longest = max(sum(values[at] for _, values in chart.series)
                  for at in range(len(chart.labels))) if is_whole else _highest_value(chart)
    scale, row, parts = WIDTH / (longest or 1), 44 if is_whole else 44 + BESIDE * (count - 1), list[str]()
    for at, label in enumerate(chart.labels[:MOST_BARS]):
        numbers = [_signed_value(chart, name, values[at]) for name, values in chart.series if values[at] or count == 1]
        room = WIDTH - text_width("　".join(said for said, _ in numbers)) - 12
        parts += [text_tag(0, at * row + 16, cut_text(label, room)),
                  text_tag(WIDTH, at * row + 16, *numbers, fill=MUTED, end=True)]
        x, y = 0.0, at * row + 23
        for (_, values), colour in zip(chart.series, _series_colours(chart), strict=True):
            parts.append(box_tag(x, y, values[at] * scale, 11, colour))
            x, y = (x + values[at] * scale, y) if is_whole else (x, y + BESIDE)
    left_out = len(chart.labels) - MOST_BARS
    if left_out > 0:
        parts.append(text_tag(0, MOST_BARS * row + 16, f"图上为前 {MOST_BARS} 项，其余 {left_out} 项见表。", fill=MUTED, size=SMALL))
    return min(len(chart.labels), MOST_BARS) * row + (26 if left_out > 0 else 0), parts


def _draw_columns(chart: Chart) -> tuple[float, list[str]]:
    """The labels along the floor, the series side by side above each; their numbers, or where those have no room the highest."""
    base, tall = 174, 148
    step, most, colours = WIDTH / len(chart.labels), _highest_value(chart), _series_colours(chart)
    wide, parts = min((step - 6) / len(chart.series), 56), []
    has_room = text_width(str(most), SMALL) <= (wide if len(chart.series) > 1 else step - 6)
    for at in range(len(chart.labels)):
        left = at * step + (step - wide * len(chart.series)) / 2
        for place, (_, values) in enumerate(chart.series):
            height, x = values[at] / most * tall, left + place * wide
            parts.append(box_tag(x + 0.5, base - height, wide - 1, height, colours[place]))
            if values[at] and (has_room or values[at] == most):
                parts.append(text_tag(x + wide / 2, base - height - 5, str(values[at]), size=SMALL, middle=True))
    return base + 26, [*parts, *_draw_floor(chart.labels, base, step, lambda at: at * step + step / 2)]


def _draw_lines(chart: Chart) -> tuple[float, list[str]]:
    """One line for each series over the labels; its first, highest and last numbers are written, the rest stand in the table."""
    base, tall, edge = 174, 140, 22
    step = (WIDTH - 2 * edge) / max(len(chart.labels) - 1, 1)
    most, parts, lowest = _highest_value(chart), [], 0.0
    for (_, values), colour in zip(chart.series, _series_colours(chart), strict=True):
        points = [(edge + at * step, base - value / most * tall) for at, value in enumerate(values)]
        parts.append(svg_tag("path", d="M" + "L".join(f"{length_text(x)} {length_text(y)}" for x, y in points), stroke=colour,
                              stroke_width=2.5, fill="none"))
        written = {0, len(values) - 1, values.index(max(values))}
        for at, (x, y) in enumerate(points):
            parts.append(svg_tag("circle", cx=length_text(x), cy=length_text(y), r=3, fill=colour))
            if at in written:
                # another number is there
                is_under = any(0 < (other[at] - values[at]) / most * tall < SMALL + 3 for _, other in chart.series)
                lowest = max(lowest, y + 17 if is_under else 0)
                parts.append(text_tag(x, y + 17 if is_under else y - 8, str(values[at]), size=SMALL, middle=True))
    below = max(0.0, lowest + SMALL + 3 - (base + 19))  # a number under its point stands above the labels, not in them
    return base + below + 26, [*parts, *_draw_floor(chart.labels, base, step, lambda at: edge + at * step, below)]


_DRAWERS: Mapping[str, Callable[[Chart], tuple[float, list[str]]]] = {"bars": _draw_bars, "columns": _draw_columns,
                                                                      "lines": _draw_lines, SPANS: draw_spans}


# --- what they share ----------------------------------------------------------------------------------------------------------


def _draw_key(chart: Chart) -> tuple[float, list[str]]:
    """Which colour is which; a single series needs none, its title says what it is."""
    if len(chart.series) < 2 or not chart.labels or chart.kind == SPANS:
        return 0, []
    parts, x, y = [], 0.0, 14.0
    for (name, _), colour in zip(chart.series, _series_colours(chart), strict=True):
        wide = 16 + text_width(name, SMALL) + 18
        if x and x + wide > WIDTH:
            x, y = 0.0, y + 22
        parts += [box_tag(x, y - 10, 11, 11, colour), text_tag(x + 16, y, name, size=SMALL, fill=MUTED)]
        x += wide
    return y + 16, parts


def _draw_floor(labels: Sequence[str], base: float, step: float, place: Callable[[int], float], below: float = 0) -> list[str]:
    """The line that everything stands on, and as many labels as fit beside each other."""
    every = max(1, -int(-(max(text_width(label, SMALL) for label in labels) + 6) // step)) if len(labels) * 2 > WIDTH / 40 else 1
    parts = [svg_tag("path", d=f"M0 {base}H{WIDTH}", stroke=LINE, fill="none")]
    for at in range(0, len(labels), every):
        said = cut_text(labels[at], max(step * every - 4, 36), SMALL)
        half = text_width(said, SMALL) / 2
        parts.append(text_tag(min(max(place(at), half), WIDTH - half), base + below + 19, said, size=SMALL, fill=MUTED,
                               middle=True))
    return parts


def _series_colours(chart: Chart) -> list[str]:
    """Of bars that are compared the last, which is the present, is the darkest."""
    has_light, blues = any(name in LIGHTS for name, _ in chart.series), BLUES[:max(len(chart.series), 1)]
    plain = iter((BESIDE_LIGHTS if has_light else blues[::-1] if chart.kind == "bars" else BLUES) * len(chart.series))
    return [LIGHTS[name][0] if name in LIGHTS else next(plain) for name, _ in chart.series]


def _signed_value(chart: Chart, name: str, value: int) -> tuple[str, str]:
    """A number beside its row, and its colour: a light's with sign and colour, others by name."""
    _, colour, sign = LIGHTS.get(name, (MUTED, MUTED, ""))
    return (f"{sign}{value}" if sign or len(chart.series) == 1 else f"{name} {value}"), colour


def _highest_value(chart: Chart) -> int:
    return max((value for _, values in chart.series for value in values), default=0) or 1
