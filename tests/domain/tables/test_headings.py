"""Which rows are headers, and what a refusal may show of a table that nobody understands."""

import pytest

from tracker.domain.house.errors import Invalid
from tracker.domain.tables.columns import CaseColumn
from tracker.domain.tables.headings import looks_like_data
from tracker.domain.tables.layouts import recognise

C = CaseColumn


def rows(*given: list[object]) -> list[tuple[int, list[object]]]:
    return list(enumerate(given, 1))


def refusal(*given: list[object]) -> str:
    with pytest.raises(Invalid) as refused:
        recognise(rows(*given))
    return refused.value.sentence


@pytest.mark.parametrize(("header", "first"), [
    (["受理编号", "问题描述", "行政区域", "反映渠道"], ["EAT-001", "甲餐馆油烟。", "西湖区", "电话"]),
    (["受理编号", "问题描述", "行政区域", "定位方式"], ["EBT-001", "甲餐馆油烟。", "西湖区", "地点"]),
    (["受理编号", "问题描述", "反映渠道", "处理情况"], ["EAC-1", "甲餐馆油烟。", "电话", "已电话回访。"]),
    (["受理编号", "问题描述", None], ["EAC-1", "短", "电话"]),
])
def test_a_first_row_of_data_is_no_second_row_of_headers(header: list[object], first: list[object]) -> None:
    assert recognise(rows(header, first, ["X-2", "乙", "西湖区", "来信"])).header.rows == (1,)


def test_a_group_over_columns_and_words_split_over_two_rows_are_still_read_together() -> None:
    group = recognise(rows(["序号", "问题编号", "问题情况", None, None, "整改时限"], [None, None, "问题描述", "问题类别", "问题地点", None],
                           [1, "XC-1", "堆放垃圾。", "固废", "铁路桥下", "2026年6月底前"]))
    assert group.header.rows == (1, 2)
    assert group.header.found == {C.serial, C.source_number, C.description, C.categories, C.place, C.due_on}
    split = recognise(rows(["受理", "交办问题", "联系"], ["编号", "基本情况", "电话"], ["X-1", "油烟。", "138"]))
    assert split.header.rows == (1, 2) and C.contact in split.header.found


@pytest.mark.parametrize("cell", [7, 2.5, "2026-05-24", "13800000000", "大气", "属实", "来信", "西湖区", "某工地夜间施工噪声扰民，请处理一下。"])
def test_what_stands_in_cells_looks_like_data(cell: object) -> None:
    assert looks_like_data(cell)


@pytest.mark.parametrize("cell", ["受理编号", "问题类型", "诉求归口", "COMPLAINT TYPE", "", None])
def test_what_stands_in_headers_does_not(cell: object) -> None:
    assert not looks_like_data(cell)


def test_a_refusal_shows_words_of_headers_alone() -> None:
    header = ["工单号码", "诉求正文", "求助人员", "求助号码", "诉求渠道"]
    said = refusal(list(header), ["GD-1", "某工地夜间施工。", "张三丰", "13800000000", "电话"])
    assert "工单号码、诉求正文、求助人员、求助号码、诉求渠道" in said
    assert not any(word in said for word in ("GD-1", "某工地", "张三丰", "138"))


@pytest.mark.parametrize("data", [
    ["GD-1", "某工地夜间施工。", "张三丰", "13800000000", "电话"], ["油烟扰民", "张三丰", "西湖区"], ["电话", "欧阳金", "13800000000"],
])
def test_a_table_without_headers_shows_nothing_of_its_rows(data: list[object]) -> None:
    said = refusal(data, data)
    assert not any(word in said for word in ("张三丰", "欧阳金", "138", "某工地"))
