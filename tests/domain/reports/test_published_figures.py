"""Figures that offices have published, counted again by the law of this product.

The tables lie in ../shared/data and are not part of the project; where they are absent those tests skip, and the few figures
typed here hold alone.
"""

import csv
import re
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal

import pytest

from tests.support.project_files import ROOT
from tracker.domain.reports.counting import Rate, check_split
from tracker.domain.reports.monthly.growth import change
from tracker.domain.reports.monthly.ranking import Component, Contender, rank

SHARED = ROOT.parent / "shared" / "data"
Row = dict[str, str]


def shared(name: str) -> list[Row]:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the published table {name} (../shared/data) is not here")
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


# --- batches of petitions: which splits must sum, and which may exceed ------------------------------------------------------

EXCLUSIVE = ("来源渠道", "地区", "办结状态", "属实情况", "地区-转办", "地区-办结", "地区-阶段办结")
Key = tuple[str, str, str, str]


def published_splits() -> dict[Key, Counter[str]]:
    """Every split of every bulletin: bulletin, batch, what was counted, by what → parts."""
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    for row in shared("dispatch-batches.csv"):
        if row["单位"] == "件" and re.fullmatch(r"\d+", row["数值"]):
            found[row["来源编号"], row["批次"], row["口径"], row["维度"]][row["项目"]] += int(row["数值"])
    return found


def test_every_published_split_comes_out_as_checked() -> None:
    splits, checks = published_splits(), shared("dispatch-batches.checks.csv")
    for row in checks:
        parts = splits[row["来源编号"], row["批次"], row["口径"], row["维度"]]
        is_exclusive = row["分类性质"] == "互斥分类"
        checked = check_split(parts, int(row["公布总数"]), is_exclusive)
        assert checked.parts_sum == int(row["分项合计"]), row
        assert checked.difference == int(row["差额(合计-总数)"]), row
        assert checked.agrees, row
        assert check_split(parts, int(row["公布总数"]), is_exclusive=True).agrees == (checked.difference == 0), row
    assert len(checks) == 49
    assert {row["分类性质"] for row in checks if int(row["差额(合计-总数)"])} == {"可多选/共同办理"}


def test_streets_channels_and_findings_always_sum_and_types_never_do() -> None:
    by_nature: dict[str, set[str]] = defaultdict(set)
    for row in shared("dispatch-batches.checks.csv"):
        by_nature[row["维度"]].add(row["分类性质"])
        if row["维度"] in EXCLUSIVE:
            assert check_split({"sum": int(row["分项合计"])}, int(row["公布总数"]), is_exclusive=True).agrees, row
    assert all(by_nature[name] == {"互斥分类"} for name in by_nature if name in EXCLUSIVE)
    assert by_nature["污染类型"] == {"可多选/共同办理"}


def test_units_exceed_the_total_by_what_joint_cases_add() -> None:
    """Three joint cases with two, two and four units, as the bulletin's footnote says."""
    (row,) = [row for row in shared("dispatch-batches.checks.csv")
              if (row["来源编号"], row["批次"], row["维度"]) == ("ZZ01", "前10批", "责任单位")]
    joint = sum(units - 1 for units in (2, 2, 4))
    assert int(row["分项合计"]) - int(row["公布总数"]) == joint == 5
    assert not check_split({"units": int(row["分项合计"])}, int(row["公布总数"]), is_exclusive=True).agrees


def test_one_batch_typed_here_sums_by_channel_and_city_and_exceeds_by_type() -> None:
    """Batch 28 of the second round in Jiangxi, 2021-05-05: 97 petitions."""
    assert check_split({"来电": 65, "来信": 32}, 97, is_exclusive=True).agrees
    cities = dict(zip("昌饶赣浔宜抚萍吉鹰景新", (17, 15, 12, 11, 11, 10, 9, 8, 2, 1, 1), strict=True))
    assert check_split(cities, 97, is_exclusive=True).agrees
    types = dict(zip("气水噪态土辐他", (47, 37, 25, 23, 10, 1, 18), strict=True))
    assert check_split(types, 97, is_exclusive=False).difference == 64
    assert not check_split(types, 97, is_exclusive=True).agrees


# --- rates as printed -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("numerator", "denominator", "percent"), [
    (45, 48, "93.8"), (227, 230, "98.7"), (3431, 3435, "99.9"), (12461, 12806, "97.3"), (21243, 45510, "46.7"), (210, 45510, "0.5")])
def test_rates_are_printed_as_the_offices_printed_them(numerator: int, denominator: int, percent: str) -> None:
    assert str(Rate(numerator, denominator, "公布的比率").percent()) == percent


# --- a ranking of streets ---------------------------------------------------------------------------------------------------

NANTONG = (Component("system", "系统考核", Decimal("0.4")), Component("onsite", "现场考核", Decimal("0.4")), Component("duty", "履职考核", Decimal("0.2")))
TYPED = (("新开街道", ("95.32", "93.50", "93.90"), "94.31", 4), ("钟秀街道", ("95.20", "92.95", "95.25"), "94.31", 5),
         ("金沙街道", ("95.53", "91.01", "91.60"), "92.93", 12))


def test_the_published_ranking_comes_out_nineteen_of_nineteen() -> None:
    rows = shared("monthly-ranking-nantong-2017-08.csv")
    heads = ("系统考核得分(占40%)", "现场考核得分(占40%)", "履职考核得分(占20%)")
    placed = rank((Contender(row["街道名称"], row["街道名称"], tuple(Decimal(row[head]) for head in heads)) for row in rows), NANTONG)
    assert [(each.contender.name, str(each.score), each.place) for each in placed] == [
        (row["街道名称"], row["总分"], int(row["排名"])) for row in rows]
    assert len(placed) == 19


def test_equal_scores_are_placed_as_published() -> None:
    """Two streets with 94.31: the one with more in the first component stands first."""
    placed = rank((Contender(name, name, tuple(Decimal(each) for each in points)) for name, points, _, _ in TYPED), NANTONG)
    assert [(each.contender.name, str(each.score)) for each in placed] == [(name, score) for name, _, score, _ in TYPED]


# --- a city's month ---------------------------------------------------------------------------------------------------------


def digest() -> dict[str, Row]:
    return {row["指标"]: row for row in shared("monthly-digest-nantong-december.csv")}


def test_a_published_month_closes_and_its_overdue_are_what_is_left() -> None:
    rows = {name: row["数值"] for name, row in digest().items()}
    due, closed, late = (int(rows[name]) for name in ("应结案案件总数", "结案", "超时未结案"))
    assert f"{change(closed, due, '0.01') + 100}" == rows["总结案率"] == "97.31"  # type: ignore[operator]
    assert late == due - closed == 345
    units = {name: int(value) for name, value in rows.items() if name.startswith("超时未结案-")}
    assert check_split(units, late, is_exclusive=True).agrees
    assert check_split({"事件": int(rows["事件"]), "部件": int(rows["部件"])}, int(rows["受理有效案件"]), is_exclusive=True).agrees


def test_published_shares_and_growth_come_out_of_whole_cases() -> None:
    """To one decimal, as this product prints them, all six; to two decimals five: no whole number of billboards gives 13.30."""
    rows, total, checked = digest(), 12184, list[str]()
    for name, row in rows.items():
        if (said := re.search(r"占比([\d.]+)%,环比(-?[\d.]+)%", row["备注"])) is None:
            continue
        count, share, growth = int(row["数值"]), said[1], Decimal(said[2])
        assert (Decimal(100 * count) / total).quantize(Decimal("0.01")) == Decimal(share), name
        before = round(count / (1 + float(growth) / 100))
        assert change(count, before) == growth.quantize(Decimal("0.1"), ROUND_HALF_UP), name
        checked.append(str(change(count, before, "0.01") == growth))
    assert Counter(checked) == {"True": 5, "False": 1}


# --- the ministry's bulletins -----------------------------------------------------------------------------------------------


def bulletins() -> dict[str, dict[str, Decimal]]:
    found: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for row in shared("mee-12369-monthly.csv"):
        found[row["月份"]][row["项目"]] = Decimal(row["数值"])
    return found


def test_the_ministry_s_channels_sum_and_its_types_exceed_a_hundred_percent() -> None:
    for month, said in bulletins().items():
        total = int(said["接报总量"])
        channels = {name: int(said[name]) for name in ("电话", "微信", "网上", "其他渠道")}
        assert check_split(channels, total, is_exclusive=True).agrees, month
        assert check_split({"已受理": int(said["已受理"]), "未受理": int(said["未受理"])}, total, is_exclusive=True).agrees, month
        for name, count in channels.items():
            assert Rate(count, total, "渠道占比").percent() == said[f"{name}占比"], (month, name)
        assert sum(said[f"{name}占比"] for name in ("大气", "噪声", "水", "固废", "生态破坏", "辐射")) > 100, month
    assert len(bulletins()) == 3
