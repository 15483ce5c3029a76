"""Charts: one drawing as SVG and as PNG, the same bytes every time, every number in words beside it."""

import io
import re
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from lxml import etree
from PIL import Image

from tests.support.papers import report
from tracker.domain.reports.document import Chart
from tracker.gateways.house.chart_spans import PlanSpan, SpanWords, span_chart
from tracker.gateways.house.chart_tags import SMALL, text_width
from tracker.gateways.house.charts import FONT_FILE, LIGHTS, PIXELS, alt_text, chart_png, chart_svg

CHARTS = [chart for section in report().sections for chart in section.charts]
ODD = Chart("<空&>", "columns", ("一月\x00", "<b>"), (("受\"理", (0, 0)), ("销号", (0, 3))))


@pytest.mark.parametrize("chart", [*CHARTS, ODD, Chart("空", "bars", (), ())], ids=lambda chart: chart.kind)
def test_every_kind_is_drawn_well_formed_and_twice_the_same(chart: Chart) -> None:
    drawn = etree.fromstring(chart_svg(chart).encode())
    assert drawn.get("role") == "img"
    assert drawn.get("aria-label") == alt_text(chart)
    assert chart_svg(chart) == chart_svg(chart)
    chart_png.cache_clear()
    first = chart_png(chart)
    chart_png.cache_clear()
    assert chart_png(chart) == first
    assert Image.open(io.BytesIO(first)).size[0] == PIXELS


def test_no_style_and_no_script_stand_in_a_chart() -> None:
    for chart in CHARTS:
        assert not re.search(r"style=|<style|<script|href|on\w+=", chart_svg(chart))


def test_the_words_hold_the_title_and_every_number_of_every_series() -> None:
    bars, columns, _ = CHARTS
    assert alt_text(bars).startswith("朝阳洲街道超期最多：4 件。朝阳洲街道 超期 4，临期 2，其余在办 5；西湖区城市管理局 超期 2")
    said = alt_text(columns)
    assert all(f"{label} 受理 {received}，销号 {closed}" in said
               for label, received, closed in zip(columns.labels, columns.series[0][1], columns.series[1][1], strict=True))


def test_the_colours_of_lights_are_kept_for_lights() -> None:
    lights = {colour for bar, type_, _ in LIGHTS.values() for colour in (bar, type_)}
    with_lights, without = chart_svg(CHARTS[0]), chart_svg(CHARTS[1])
    assert all(colour in with_lights for colour in lights)
    assert not any(colour in without for colour in lights)


def test_bars_are_as_long_as_their_numbers() -> None:
    drawn = etree.fromstring(chart_svg(Chart("一", "bars", ("甲", "乙"), (("件数", (10, 4)),))).encode())
    assert [float(rect.get("width")) for rect in drawn.iter("{*}rect")] == [400, 160]


def test_numbers_that_are_compared_lie_below_each_other_and_parts_of_a_whole_end_to_end() -> None:
    compared = etree.fromstring(chart_svg(Chart("一", "bars", ("甲",), (("上周存量", (2,)), ("本周存量", (4,))))).encode())
    bars = [each for each in compared.iter("{*}rect") if each.get("width") != "11"]
    assert [(float(bar.get("x")), float(bar.get("width"))) for bar in bars] == [(0, 200), (0, 400)]
    assert float(bars[1].get("y")) > float(bars[0].get("y")) + float(bars[0].get("height"))
    parts = etree.fromstring(chart_svg(Chart("一", "bars", ("甲",), (("超期", (1,)), ("其余", (3,))))).encode())
    bars = [each for each in parts.iter("{*}rect") if each.get("width") != "11"]
    assert [(float(bar.get("x")), float(bar.get("width"))) for bar in bars] == [(0, 100), (100, 300)]


def test_long_names_are_shortened_in_the_picture_alone() -> None:
    name = "一个名字特别特别长的单位名称办公室综合协调科以及其他许多科室和大队"
    drawn = chart_svg(Chart("一", "bars", (name,), (("件数", (10,)),)))
    assert drawn.count(name) == 1
    assert "…" in drawn


def test_more_bars_than_one_can_read_are_told_in_a_line() -> None:
    many = Chart("一", "bars", tuple(f"单位{n}" for n in range(40)), (("件数", tuple(range(40))),))
    assert "其余 25 项见表" in chart_svg(many)


@pytest.mark.skipif(not FONT_FILE.is_file(), reason="the font of the pictures is copied by ./run setup")
def test_chinese_is_drawn_with_the_font_of_the_house() -> None:
    """Two characters give two pictures; without a font both would be empty."""
    one, other = (chart_png(Chart("一", "bars", (sign,), (("件数", (1,)),))) for sign in ("街", "道"))
    assert one != other


def plan_on(on: date) -> Chart:
    """Two pieces of a plan: one half done with a quarter reported beyond, one revised."""
    words = SpanWords("各节点的计划与实际", "开始", "计划", "原计划", "实际", "已报待核", "截至")
    return span_chart(words, [
        PlanSpan("朝阳新城 · 二期", date(2022, 1, 1), date(2023, 12, 31), date(2023, 12, 31), Fraction(1, 2), Fraction(1, 4)),
        PlanSpan("朝阳洲 · 二期", date(2022, 1, 1), date(2024, 6, 30), date(2023, 12, 31), Fraction(2, 5), Fraction(0))], on)


def test_a_plan_is_drawn_with_what_is_done_what_is_reported_its_first_days_and_today() -> None:
    drawn = etree.fromstring(chart_svg(plan_on(date(2023, 6, 30))).encode())
    frames = [each for each in drawn.iter("{*}rect") if each.get("stroke") and not each.get("stroke-dasharray")][1:]
    ghosts = [each for each in drawn.iter("{*}rect") if each.get("stroke-dasharray")][1:]
    assert len(frames) == 2
    assert len(ghosts) == 1
    wide = float(frames[0].get("width"))
    assert float(ghosts[0].get("width")) == pytest.approx(wide)
    assert float(frames[1].get("width")) == pytest.approx(400)
    done = next(each for each in drawn.iter("{*}rect") if each.get("y") == frames[0].get("y") and each is not frames[0])
    assert float(done.get("width")) == pytest.approx(wide / 2, abs=0.01)
    line = next(each for each in drawn.iter("{*}path") if each.get("stroke") == "#b02318")
    assert float(line.get("d")[1:].split()[0]) == pytest.approx(400 * 546 / 912, abs=0.01)
    assert not re.search(r"style=|<style|<script|href|on\w+=", chart_svg(plan_on(date(2023, 6, 30))))


@pytest.mark.parametrize("begins", [date(2020, 12, 28), date(2020, 1, 2), date(2020, 1, 25)])
def test_no_day_below_a_plan_is_written_over_the_one_before(begins: date) -> None:
    words = SpanWords("各节点的计划与实际", "开始", "计划", "原计划", "实际", "已报待核", "截至")
    ends_on = date(2021, 1, 31) if begins.month == 1 else date(2027, 12, 31)
    span = PlanSpan("摸排", begins, ends_on, date(2021, 1, 31), Fraction(1), Fraction(0))
    drawn = etree.fromstring(chart_svg(span_chart(words, [span], date(2021, 1, 20))).encode())
    said = [(float(each.get("x", "0")), each.text or "") for each in drawn.iter("{*}text")
            if re.fullmatch(r"20\d\d(-\d\d)?", each.text or "")]
    ends = sorted((x - text_width(text, SMALL) / 2, x + text_width(text, SMALL) / 2) for x, text in said)
    assert len(ends) > 3
    assert all(end < begin for (_, end), (begin, _) in pairwise(ends))


def test_a_plan_in_words_names_its_days_the_first_ones_where_they_were_others_and_its_parts() -> None:
    assert alt_text(plan_on(date(2023, 6, 30))) == (
        "各节点的计划与实际；朝阳新城 · 二期 开始 2022-01-01，计划 2023-12-31，实际 50.0%，已报待核 25.0%；"
        "朝阳洲 · 二期 开始 2022-01-01，计划 2024-06-30，原计划 2023-12-31，实际 40.0%。")


def test_a_plan_is_a_picture_for_papers_too() -> None:
    assert Image.open(io.BytesIO(chart_png(plan_on(date(2023, 6, 30))))).size[0] == PIXELS
