"""The monthly circular: what it says of a month, that its sums agree, and that every figure has its cases."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.support.months import LED, closed_life, life, march
from tests.support.stories import section_of, table_of
from tracker.domain.cases.stories import Story
from tracker.domain.reports.counting import Rate
from tracker.domain.reports.document import Document, Figure, PaperPart, read_document, value_text
from tracker.domain.reports.monthly.circular import Monthly
from tracker.domain.reports.monthly.growth import signed

Texts = dict[str, tuple[str, str]]


def circular(stories: Iterable[Story], texts: Texts | None = None, units: Mapping[str, tuple[str, str, str]] | None = None,
             **more: Any) -> Document:
    inputs = march(**more)
    builder = Monthly(inputs if units is None else replace(inputs, units=units))
    for each in stories:
        builder.add(each)
    return builder.document(texts or {})


def figures(document: Document) -> dict[str, Figure]:
    return {figure.key: figure for section in document.sections for figure in section.figures}


def cells(document: Document, title: str) -> list[list[str]]:
    return [[value_text(cell) for cell in row] for row in table_of(document, title).rows]


def said(document: Document, word: str) -> str:
    return "".join(section_of(document, word).paragraphs)


def new(number: str, on: str = "03-02", **registered: Any) -> Story:
    return life(number, (on, "registered"), **registered)


def late(number: str, unit: int = 1, due: str = "2026-03-20", **registered: Any) -> Story:
    return life(number, ("03-02", "registered"), ("03-02", "assign", LED | {"lead_unit_id": unit, "due_on": due}),
                ("03-03", "acknowledge"), **registered)


def test_the_month_is_set_beside_the_month_before_and_the_year_before() -> None:
    document = circular([new("A"), new("B"), new("C"), new("D", "02-03"), new("E", "02-04"), new("F", "2025-03-04")])
    received = figures(document)["received"]
    assert (received.value, received.before, received.year_before) == (3, 2, 1)
    assert document.cases["received"] == ("A", "B", "C")
    assert "登记生态环境案件 3 件，环比增长 50.0%，同比增长 200.0%" in said(document, "总体情况")


def test_what_had_to_be_done_is_what_came_and_what_became_of_it() -> None:
    document = circular([new("A"), new("B", "02-03"), life("C", ("03-02", "registered"), ("03-03", "decline")),
                         closed_life("D", "03-02", "03-09"),
                         life("E", ("01-02", "registered"), ("02-02", "close"), ("03-04", "reopen"))])
    assert "本月应办 5 件，其中月初未销号 1 件、本月登记 3 件、重开和撤销并案 1 件；月末已销号 1 件，并案、移送、不予受理和作废（另列）共 1 件，未销号 3 件。" in said(
        document, "总体情况")


def test_channels_and_streets_sum_to_the_total_and_types_may_exceed_it() -> None:
    document = circular([new("A", categories=["noise", "air"]), new("B", channel="letter", area_code=None), new("C")])
    by_type = table_of(document, "按问题类型")
    assert [row[1] for row in by_type.rows] == [2, 1, 1]
    assert "各项之和 4 件（一件多类的分别计），占比之和可以超过 100%" in by_type.note
    assert sum(int(str(row[1])) for row in table_of(document, "按渠道").rows) == 3
    assert {row[0] for row in table_of(document, "按街道（镇）").rows} == {"朝阳洲街道", "未填街道（镇）"}


def test_assignments_are_counted_apart_from_cases_and_both_are_printed() -> None:
    joint = life("A", ("03-02", "registered"), ("03-02", "assign", LED | {"supporting_unit_ids": [2, 3]}))
    document = circular([joint, late("B", 2), new("C")])
    table = table_of(document, "责任单位办理情况")
    assert [[row[0], row[1], row[2], row[3]] for row in table.rows] == [["甲街道", 1, 0, 1], ["乙局", 1, 1, 2], ["丙站", 0, 1, 1],
                                                                        ["未交办", 1, 0, 0]]
    assert table.total[:4] == ("案件数", 3, 2, 4)
    assert "本月应办 3 件，其中已交办 2 件；按单位分别计共 4 件（主办 2，协办 2）" in table.note


def test_overdue_cases_are_named_by_number_type_street_unit_and_days_and_never_by_title() -> None:
    document = circular([late("A"), late("B", 2, "2026-03-30")], {"A": ("王五家门口的垃圾", "王五家"), "B": ("标题", "地点")})
    assert cells(document, "超期案件名单") == [
        ["A", "垃圾", "朝阳洲街道", "甲街道", "2026-03-20", "11", "整改中"], ["B", "垃圾", "朝阳洲街道", "乙局", "2026-03-30", "1", "整改中"]]
    assert "超期未办结 2 件，最长超期 11 天，涉及乙局 1 件、甲街道 1 件" in said(document, "存在问题")
    assert "王五" not in document.text()


EACH_ALONE = {"ranking_groups": [{"kind": kind, "group": "各单位", "due": 1, "led": 1}
                                 for kind in ("street", "department", "railway")]}


def test_units_are_ranked_and_who_had_nothing_due_is_listed() -> None:
    done = life("A", ("03-02", "registered"), ("03-02", "assign", LED), ("03-03", "acknowledge"), ("03-10", "submit"),
                ("03-12", "verify"))
    document = circular([done, late("B", 2), late("C", 3, "2026-04-10")], rules=EACH_ALONE)
    assert [[row[0], row[1], row[-1]] for row in cells(document, "各单位排名")] == [["1", "甲街道", "100.00"], ["2", "乙局", "12.50"]]
    assert cells(document, "不排名的单位") == [["丙站", "铁路单位", "0", "本月到期 0 件，不足 1 件"]]
    assert "得分 = 按期办结率 × 40%" in table_of(document, "各单位排名").note  # 10 of 80: nothing of 乙局 was checked


def test_streets_are_ranked_beside_streets_and_who_has_too_few_cases_is_told_why() -> None:
    stories = [late(f"{unit}{place}", unit) for unit, number in ((1, 3), (2, 4), (3, 2)) for place in range(number)]
    document = circular(stories)
    assert [row[1] for row in cells(document, "街道（镇）排名")] == ["甲街道"]
    assert [row[1] for row in cells(document, "区直部门排名")] == ["乙局"]
    assert cells(document, "不排名的单位") == [["丙站", "铁路单位", "2", "本月到期 2 件，不足 3 件"]]
    assert "街道（镇）列入“街道（镇）”，本月到期满 3 件的排名" in table_of(document, "街道（镇）排名").note


def test_who_shares_the_first_place_is_never_named_among_the_last() -> None:
    units = {str(unit): (f"U{unit}", f"单位{unit}", "street") for unit in range(1, 9)}

    def done(unit: int) -> Any:
        return life(f"A{unit}", ("03-02", "registered"), ("03-02", "assign", {**LED, "lead_unit_id": unit}),
                    ("03-03", "acknowledge"), ("03-10", "submit"), ("03-12", "verify"))

    def ranking(*stories: Story) -> str:
        return said(circular(stories, units=units, rules=EACH_ALONE), "表扬与批评")

    alone = ranking(*(done(unit) for unit in range(1, 7)), late("B", 7))
    assert "批评：单位7得 12.50 分，列各单位第 7 名，按期办结率 0.0%（0/1），办结率 0.0%（0/1），月末超期 1 件。" in alone
    assert "表扬：单位1、单位2、单位3等 6 个单位得 100.00 分，并列各单位第 1 名，本月到期 6 件" in alone
    assert "批评" not in ranking(*(done(unit) for unit in range(1, 8)))
    three = ranking(*(done(unit) for unit in range(1, 6)), *(late(f"B{unit}", unit) for unit in (6, 7, 8)))
    assert all(f"单位{unit}得 12.50 分，列各单位第 6 名" in three for unit in (6, 7, 8))


def test_a_change_downwards_carries_the_same_sign_as_everywhere() -> None:
    assert (signed(2, 5), signed(5, 2), signed(5, 5), signed(5, 0)) == ("−60.0%", "+150.0%", "0.0%", "无可比基数")


def test_the_weights_of_the_rule_book_make_the_score() -> None:
    document = circular([late("B", 2)], rules={**EACH_ALONE, "ranking_weights": {"acknowledged": 0.9, "on_time": 0.1}})
    assert cells(document, "各单位排名")[0][-1] == "90.00"


def test_a_hot_spot_counts_a_repeat_reporter_once() -> None:
    here: dict[str, Any] = {"lat": 28.66, "lng": 115.88}
    stories = [new("A", **here), new("B", **here), new("C", **here)]
    alone = circular(stories, reporters={"A": 1, "B": 1})
    assert "没有达到认定标准的投诉热点" in said(alone, "总体情况") and "投诉热点" not in "".join(part.heading for part in alone.sections)
    document = circular(stories, {"A": ("异味", "桃花河边3栋502室")})
    assert cells(document, "信访投诉热点") == [
        ["1", "桃花河边", "朝阳洲街道", "同一点位", "垃圾", "3", "3", "3", "0", "0", "", "A、B、C"]]
    assert document.cases["hot_spot/1"] == ("A", "B", "C")
    assert "502" not in document.text()


def test_patrol_findings_and_voided_cases_are_no_complaints() -> None:
    here: dict[str, Any] = {"lat": 28.66, "lng": 115.88}
    voided = life("C", ("03-02", "registered"), ("03-03", "void"), **here)
    document = circular([new("A", channel="patrol", **here), new("B", **here), voided, new("D", **here)])
    assert document.cases["complaints"] == ("B", "D")
    assert "hot_spot/1" not in document.cases


def test_merged_members_are_complaints_like_others() -> None:
    here: dict[str, Any] = {"lat": 28.66, "lng": 115.88}
    merged = life("C", ("03-02", "registered"), ("03-03", "merge", {"master_id": 1}), **here)
    assert circular([new("A", **here), new("B", **here), merged]).cases["hot_spot/1"] == ("A", "B", "C")


def test_a_point_of_a_shifted_map_counts_only_as_the_inputs_convert_it() -> None:
    shifted: dict[str, Any] = {"lat": 28.66, "lng": 115.88, "datum": "gcj02"}
    stories = [new("A", lat=28.6627, lng=115.8751), new("B", lat=28.6627, lng=115.8751), new("C", **shifted)]
    assert "hot_spot/1" not in circular(stories).cases
    assert circular(stories, points={"C": (28.6627, 115.8751)}).cases["hot_spot/1"] == ("A", "B", "C")


def test_the_railway_is_told_by_owner_side_and_unit() -> None:
    left: dict[str, Any] = {"categories": ["railway"]}
    told = life("A", ("03-02", "registered", {"told": {"answers": {"railway_side": "left"}}}),
                ("03-02", "assign", LED | {"lead_unit_id": 3}), **left)
    document = circular([told, late("B", **left), new("C")])
    assert [row[:2] for row in cells(document, "按责任方")] == [["地方单位", "1"], ["铁路单位", "1"]]
    assert [row[:2] for row in cells(document, "按侧别")] == [["未注明侧别", "1"], ["线路左侧", "1"]]
    assert document.cases["railway"] == ("A", "B")


def test_what_needs_the_city_is_listed_with_its_reason() -> None:
    escalated = life("A", ("03-02", "registered"), ("03-02", "assign", LED), ("03-05", "escalate"))
    listed = life("B", ("03-02", "registered"), ("03-02", "assign", LED),
                  ("03-05", "open_supervision", {"supervision_level": "listed"}))
    disputed = life("C", ("03-02", "registered"), ("03-02", "assign", LED), ("03-05", "dispute"))
    fresh = life("D", ("03-02", "registered"), ("03-02", "assign", LED), ("03-30", "dispute"))
    document = circular([escalated, listed, disputed, fresh, late("E")], dispute_until=date(2026, 3, 24))
    assert [(row[0], row[-1]) for row in cells(document, "市级协调和督办事项")] == [
        ("A", "3月5日提请市级协调"), ("B", "挂牌督办"), ("C", "3月5日争议提级，已逾指定办理期限")]


def test_later_corrections_show_in_this_circular_and_name_the_month_concerned() -> None:
    reopened = life("A", ("02-02", "registered"), ("02-10", "close"), ("03-04", "reopen"))
    merged = life("B", ("02-02", "registered"), ("03-04", "merge"))
    withdrawn = life("C", ("02-02", "registered"), ("03-04", "import_withdrawn"))
    filed_late = new("D", received_on="2026-01-20")
    document = circular([reopened, merged, withdrawn, filed_late])
    assert [(row[0], row[1], row[2]) for row in cells(document, "往期数据更正")] == [
        ("往期销号、本月重开", "1", "2026年2月 1 件"), ("往期登记、本月撤回导入", "1", "2026年2月 1 件"), ("往期登记、本月并案", "1", "2026年2月 1 件"),
        ("往期受理、本月补登", "1", "2026年1月 1 件")]
    assert figures(document)["received"].before == 2  # the withdrawn one is no longer counted


def test_a_withdrawn_import_counts_nowhere() -> None:
    document = circular([life("A", ("03-02", "registered"), ("03-04", "import_withdrawn"))])
    assert figures(document)["received"].value == 0
    assert not any("更正" in part.heading for part in document.sections)


def test_an_empty_month_is_still_a_circular() -> None:
    document = circular([])
    assert "西湖区没有登记生态环境案件；没有销号。" in said(document, "总体情况")
    assert value_text(figures(document)["on_time"].value) == "—"
    assert said(document, "表扬与批评") == "本月没有可以比较的单位，不作表扬和批评。"
    assert [part.heading for part in document.sections if part.part is PaperPart.annex] == ["附件1　主要指标"]
    assert read_document(json.loads(document.text())) == document


def test_the_pictures_state_their_answer() -> None:
    document = circular([late("A"), late("B"), late("C", 2), new("D", categories=["noise"])])
    titles = [chart.title for section in document.sections for chart in section.charts]
    assert titles == ["近12个月登记 4 件，没有销号", "月末超期案件最多：甲街道，2 件", "本月登记案件的问题类型最多：垃圾，3 件"]


# --- any month at all -------------------------------------------------------------------------------------------------------

STEPS = ("assign", "acknowledge", "submit", "verify", "reject", "close", "reopen", "merge", "unmerge", "decline", "void",
         "suspend", "resume",
         "grant_phase", "resume_phase", "grant_extension", "grant_return", "dispute", "designate", "escalate", "look_back",
         "open_supervision",
         "import_withdrawn")
FIRST = date(2025, 2, 20)


@st.composite
def lives(draw: st.DrawFn, number: str) -> Story:
    """Steps in any order at all: the counting must hold whatever the ledger says."""
    days = sorted(draw(st.lists(st.integers(0, 404), min_size=1, max_size=9)))
    steps: list[tuple[Any, ...]] = [((FIRST + timedelta(days=days[0])).isoformat(), "registered")]
    for back in days[1:]:
        step = draw(st.sampled_from(STEPS))
        changes: dict[str, Any] = {}
        if step in ("assign", "designate", "grant_extension", "reject"):
            due = FIRST + timedelta(days=back + draw(st.integers(0, 40)))
            changes = {"lead_unit_id": draw(st.sampled_from((1, 2, 3))), "due_on": due.isoformat(),
                       "acknowledge_due_on": due.isoformat(),
                       "supporting_unit_ids": draw(st.lists(st.sampled_from((1, 2, 3)), max_size=2, unique=True))}
        steps.append(((FIRST + timedelta(days=back)).isoformat(), step, changes))
    return life(number, *steps, channel=draw(st.sampled_from(("phone", "letter", "patrol"))),
                area_code=draw(st.sampled_from(("360103002", None))),
                categories=draw(st.lists(st.sampled_from(("noise", "air", "railway")), max_size=3, unique=True)),
                lat=draw(st.sampled_from((28.66, 28.67))), lng=115.88)


@st.composite
def towns(draw: st.DrawFn) -> list[Story]:
    return [draw(lives(f"XH-2026-{at:05}")) for at in range(draw(st.integers(0, 12)))]


def _sums(document: Document, title: str) -> tuple[int, int]:
    table = table_of(document, title)
    return sum(int(str(row[1])) for row in table.rows), int(str(table.total[1]))


@given(towns())
def test_whatever_happened_exclusive_splits_sum_and_every_figure_has_its_cases(stories: Sequence[Story]) -> None:
    document = circular(stories)
    known = figures(document)
    for figure in known.values():
        of = figure.value.numerator if isinstance(figure.value, Rate) else figure.value
        assert of == len(document.cases.get(figure.key, ())), figure.key
        assert len(set(document.cases.get(figure.key, ()))) == of
        if isinstance(figure.value, Rate):
            assert figure.value.denominator == len(document.cases[f"{figure.key}/of"])
            assert set(document.cases[figure.key]) <= set(document.cases[f"{figure.key}/of"]), figure.key
            if figure.value.denominator:
                exact = Decimal(100 * of) / figure.value.denominator
                assert figure.value.percent() == exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    if known["received"].value:
        for title in ("按渠道", "按街道（镇）"):
            parts, total = _sums(document, title)
            assert parts == total == known["received"].value
        assert _sums(document, "按问题类型")[0] >= _sums(document, "按问题类型")[1]
    if known["load"].value:
        assert _sums(document, "责任单位办理情况") == (known["load"].value,) * 2


@given(towns())
def test_the_same_stories_give_the_same_bytes_and_the_document_reads_back(stories: Sequence[Story]) -> None:
    document = circular(stories)
    assert read_document(json.loads(document.text())) == document
    assert circular(list(reversed(stories))).text() == document.text()
