"""Line and mileage of an imported table: read, kept as they are written properly, and named where they are wrong."""

from pathlib import Path

import pytest
from sqlalchemy import select

from tests.support.makers import Town
from tests.support.tables import save_xlsx
from tracker.domain.house.actor import OPERATOR
from tracker.services.tables.importing import BadRows, import_file
from tracker.storage.cases.cases import Case
from tracker.storage.house.base import db


@pytest.mark.one_engine
@pytest.mark.parametrize(("cells", "said"), [
    ({"里程": "1449里"}, "第 2 行“里程”应写成 K1449+300 或 12.3 km 的样子，“1449里”无法识别。"),
    ({"线路侧别": "中间"}, "第 2 行“线路侧别”只能是 左侧、右侧；“中间”无法识别。"),
    ({"终点里程": "K1450+100"}, "第 2 行“里程”：填了“到”的里程，也要填从哪里起。"),
    ({"线路": "京" * 61, "里程": "K1449+300"}, "第 2 行“线路”最多 60 字，现为 61 字。"),
])
def test_a_bad_mileage_is_named_and_nothing_enters(town: Town, tmp_path: Path, cells: dict[str, str], said: str) -> None:
    head = ["工单编号", "工单标题", "工单内容", *cells]
    rows = [head, ["12345", "护坡垃圾", "护坡下堆有垃圾。", *cells.values()]]
    with pytest.raises(BadRows) as refused:
        import_file(OPERATOR, save_xlsx(tmp_path / "a.xlsx", {"表": rows}))
    report = refused.value.report
    assert report.troubles[0].sentence.removeprefix("工作表“表”") == said
    assert db.session.scalars(select(Case)).all() == []


@pytest.mark.one_engine
def test_a_mileage_of_a_table_stands_beside_the_case_as_it_is_written_properly(town: Town, tmp_path: Path) -> None:
    rows = [["工单编号", "工单标题", "工单内容", "线路", "里程", "侧别"], ["12345", "护坡垃圾", "护坡下堆有垃圾。", "京九线", "k1449+300", "左"]]
    import_file(OPERATOR, save_xlsx(tmp_path / "a.xlsx", {"表": rows}))
    case = db.session.scalars(select(Case)).one()
    assert {name: case.place_beside[name] for name in ("line", "mileage", "side")} == {
        "line": "京九线", "mileage": "K1449+300", "side": "left"}
