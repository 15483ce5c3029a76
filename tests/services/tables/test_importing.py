"""Import: whole or not at all, once and only once, taken back while nobody has worked on it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from tests.support.custody import opened
from tests.support.makers import Town
from tests.support.tables import PUBLISHED, published, published_row, save_csv, save_xlsx
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.errors import Invalid, NotAllowed
from tracker.domain.house.ledger import Fact
from tracker.domain.tables.plans import ReadingChoices
from tracker.domain.territory.territory import AreaKind
from tracker.services.rules import rules
from tracker.services.tables.importing import BadRows, ImportOutcome, import_file
from tracker.services.territory.slices import load_city_slice
from tracker.services.upkeep import integrity
from tracker.storage.cases.cases import Case, CaseCategory, ImportBatch
from tracker.storage.cases.identities import Identity
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.words import WordRow

EVERYTHING = (Case, CaseCategory, ImportBatch, Identity, FactRow, WordRow)


def counts() -> list[int]:
    """How many rows each table has that an import may write."""
    db.session.rollback()
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in EVERYTHING]


def cases() -> list[Case]:
    db.session.rollback()
    return list(db.session.scalars(select(Case).order_by(Case.id).execution_options(populate_existing=True)))


@pytest.fixture(autouse=True)
def _the_ledger_holds(town: Town) -> Iterator[None]:
    """After every test: every chain, every row against its facts."""
    yield
    report = integrity.verify()
    assert report.first is None, report.first


def imported(path: Path, **how: Any) -> ImportOutcome:
    return import_file(OPERATOR, path, **how)


def bad(path: Path, **how: Any) -> ImportOutcome:
    before = counts()
    with pytest.raises(BadRows) as refused:
        imported(path, **how)
    assert counts() == before
    return refused.value.report


# --- what comes in ----------------------------------------------------------------------------------------------------


def test_the_published_workbook_comes_in_with_its_history_marked_as_imported(town: Town, shared_data: Path) -> None:
    report = imported(shared_data / "yilanbiao-layouts.xlsx", source="D3JX")
    assert (report.row_count, report.created_count, report.known_count, report.bad_count) == (6, 6, 0, 0)
    first = cases()[0]
    assert (first.source_number, first.state, first.history, first.finding) == ("D3JX202405240023", CaseState.verified,
                                                                                "imported", "mostly")
    assert first.submitted_by_id is None and first.verified_by_id is None
    assert [fact.kind for fact in town.facts(first.number)] == ["case:registered", "case:history_imported"]
    assert {case.state for case in cases()[1:]} == {CaseState.registered}


def test_every_published_table_comes_in(town: Town, shared_data: Path) -> None:
    created = {name: imported(shared_data / name, skip_bad=True).created_count for name in (
        "cases-real.csv", "messages-messy-import.xlsx", "messages-hotspot-env.csv", "chicago-environmental-complaints-2021.csv")}
    assert created == {"cases-real.csv": 9, "messages-messy-import.xlsx": 200, "messages-hotspot-env.csv": 361,
                       "chicago-environmental-complaints-2021.csv": 2248}


def test_the_years_of_2053_in_the_chicago_table_are_named(town: Town, shared_data: Path, tmp_path: Path) -> None:
    report = bad(shared_data / "chicago-environmental-complaints-2021.csv", errors=tmp_path / "错误.xlsx")
    assert [trouble.row for trouble in report.troubles] == [93, 606, 932]
    assert all("INSPECTION AT" in t.sentence and "2053" in t.sentence for t in report.troubles)
    sheet = openpyxl.load_workbook(tmp_path / "错误.xlsx").worksheets[0]
    assert sheet.max_row == 2426
    assert [row for row in range(1, 2427) if sheet.cell(row, 13).value] == [1, 93, 606, 932]


def test_areas_become_codes_those_of_other_cities_too(town: Town, tmp_path: Path) -> None:
    rows = [*published(0), *(published_row(n, 行政区域=area) for n, area in enumerate(("西湖区", "西湖区朝阳洲街道", "九江市浔阳区"), 1))]
    for name in ("t.xlsx", "u.xlsx"):
        save_xlsx(tmp_path / name, {"表": [[*row[:-1], f"{row[-1]}{name[0]}"] if name == "u.xlsx" and at else row
                                          for at, row in enumerate(rows)]})
    imported(tmp_path / "t.xlsx")
    assert [(case.area_code, case.area_text, case.jurisdiction) for case in cases()] == [
        ("360103", "", "360103"), ("360103002", "西湖区朝阳洲街道", "360103002"), ("360403", "九江市浔阳区", "360403")]
    outside = rules.gazetteer().area("360403")
    assert outside is not None and (outside.name, outside.kind) == ("浔阳区（江西省九江市）", AreaKind.outside)
    assert rules.gazetteer().resolve("浔阳区", date(2026, 3, 2)) is None
    assert imported(tmp_path / "u.xlsx").known_count == 3
    load_city_slice(None, "3604")
    assert [(row.kind, row.name) for row in rules.gazetteer().areas_with("360403")] == [(AreaKind.official, "浔阳区")]


def test_a_code_of_another_city_is_outside_when_it_comes_again(town: Town, tmp_path: Path) -> None:
    sheet = {"表": [["受理编号", "交办问题基本情况", "区划代码"], ["A1", "油烟", "360403"]]}
    imported(save_xlsx(tmp_path / "t.xlsx", sheet))
    sheet["表"][1][0] = "A2"
    again = imported(save_xlsx(tmp_path / "u.xlsx", sheet), choices=ReadingChoices(skips_abroad=True))
    assert (again.created_count, again.skipped_count) == (0, 1)


def test_types_key_mark_batch_and_dates_come_along(town: Town, tmp_path: Path) -> None:
    imported(save_xlsx(tmp_path / "t.xlsx", {"表": [*published(0), published_row(1, 受理编号="D3JX202405240001*", 问题类型="大气,噪音/光污染")]}))
    case = cases()[0]
    assert (case.source_number, case.is_key, case.batch_label, case.channel) == ("D3JX202405240001", True, "第十七批", "phone")
    assert case.received_on == date(2024, 5, 24)
    types = db.session.scalars(select(CaseCategory.category).where(CaseCategory.case_id == case.id)
                               .order_by(CaseCategory.category))
    assert list(types) == ["air", "noise", "other"]
    assert published_of(town.facts(case.number)[1])["extra"] == {"category_note": "光污染"}


@pytest.mark.parametrize(("outcome", "state", "history"), [
    ("已办结", CaseState.verified, "imported"), ("阶段性办结", CaseState.registered, "own"), ("正在办理", CaseState.registered, "own"),
])
def test_only_what_is_told_as_done_arrives_as_done(town: Town, tmp_path: Path, outcome: str, state: CaseState,
                                                   history: str) -> None:
    imported(save_xlsx(tmp_path / "t.xlsx", {"表": published(1, 是否办结=outcome)}))
    case = cases()[0]
    assert (case.state, case.history) == (state, history)
    assert published_of(town.facts(case.number)[1])["outcome"] == outcome


def test_a_reporter_goes_to_the_identity_record_and_to_no_fact_and_no_row(town: Town, tmp_path: Path) -> None:
    header = ["留言编号", "留言用户", "联系电话", "留言主题", "留言时间", "留言详情", "答复意见"]
    rows = [header, [1, "独一无二的人", "13812345678", "油烟", "2020/1/8 8:14:02", "独一无二的人反映油烟扰民，电话13812345678",
                     "独一无二的人您好，13812345678已回访"]]
    imported(save_xlsx(tmp_path / "t.xlsx", {"表": rows}))
    number = cases()[0].number
    told = " ".join([*db.session.scalars(select(FactRow.body)), *db.session.scalars(select(WordRow.text)),
                     *(str(vars(case)) for case in cases())])
    assert "独一无二的人" not in told and "13812345678" not in told
    assert cases()[0].description == "某某反映油烟扰民，电话****5678"
    reporter = opened(town, number)[0]
    assert (reporter.name, reporter.phone) == ("独一无二的人", "13812345678")


def test_a_case_without_a_number_is_known_again_though_its_reporter_was_hidden(town: Town, tmp_path: Path) -> None:
    header = ["受理编号", "交办问题基本情况", "行政区域", "受理日期", "举报人", "联系电话"]
    row = ["", "欧阳金丝雀（13812345678）反映油烟扰民", "西湖区", "2026-02-27", "欧阳·金丝雀", "13812345678"]
    imported(save_csv(tmp_path / "a.csv", [header, row]))
    report = imported(save_csv(tmp_path / "b.csv", [header, row, ["", "桃花河边垃圾", "西湖区", "2026-02-27", "", ""]]))
    assert (cases()[0].description, report.created_count, report.known_count) == ("某某（****5678）反映油烟扰民", 1, 1)


def test_a_message_keeps_the_instant_it_was_written(town: Town, tmp_path: Path) -> None:
    header = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数"]
    imported(save_xlsx(tmp_path / "t.xlsx", {"表": [header, [1, "A1", "油烟", "2020/1/8 8:14:02", "\t\n油烟扰民", 0, 24]]}))
    case = cases()[0]
    assert (case.received_on, case.description, case.channel) == (date(2020, 1, 8), "油烟扰民", "web")
    assert published_of(town.facts(case.number)[1])["extra"] == {"received_at": "2020-01-08 08:14:02",
                                                                                 "likes": "24"}


def published_of(fact: Fact) -> dict[str, Any]:
    """What the table told, which lies apart from the fact."""
    return fact.payload["published"]  # type: ignore[return-value]


# --- once and only once -------------------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing_and_says_so(town: Town, tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "t.xlsx", {"表": published(3)})
    code = imported(path).batches[0]
    before = counts()
    again = imported(path)
    assert code in again.already and "未作任何改动" in again.already
    assert counts() == before


def test_the_same_source_number_in_another_file_changes_nothing_and_is_named(town: Town, tmp_path: Path) -> None:
    imported(save_xlsx(tmp_path / "a.xlsx", {"表": published(3)}))
    before = counts()
    report = imported(save_csv(tmp_path / "b.csv", published(3), "gb18030"))
    assert (report.created_count, report.known_count, report.batches) == (0, 3, [])
    assert report.known[0] == f"D3JX202405240001（已登记为 {cases()[0].number}）"
    assert counts() == before


def test_only_new_rows_of_a_longer_table_come_in(town: Town, tmp_path: Path) -> None:
    imported(save_xlsx(tmp_path / "a.xlsx", {"表": published(3)}))
    report = imported(save_xlsx(tmp_path / "b.xlsx", {"表": published(5)}))
    assert (report.created_count, report.known_count) == (2, 3)
    batch = db.session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()
    assert batch is not None and (batch.row_count, batch.created_count, batch.known_count) == (5, 2, 3)


def test_a_row_without_a_number_comes_in_once(town: Town, tmp_path: Path) -> None:
    rows = [*published(0), published_row(1, 受理编号=None), published_row(2)]
    assert imported(save_xlsx(tmp_path / "a.xlsx", {"表": rows})).created_count == 2
    town.days_pass(3)
    again = imported(save_xlsx(tmp_path / "b.xlsx", {"表": [*rows, published_row(3)]}))
    assert (again.created_count, again.known_count) == (1, 2)


def test_the_same_number_of_another_source_is_another_case(town: Town, tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "a.xlsx", {"表": published(1)})
    assert [imported(path, source=source).created_count for source in ("D3JX", "D2JX")] == [1, 1]


# --- whole or not at all ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cells", "says"), [
    ({"交办问题基本情况": None}, "第 5 行“交办问题基本情况”不能为空。"),
    ({"是否属实": "也许"}, "第 5 行“是否属实”只能是"),
    ({"受理编号": "D3JX202405240001"}, "第 5 行“受理编号”D3JX202405240001 与第 4 行重复。"),
    ({"受理编号": "=A1"}, "第 5 行“受理编号”是公式"),
])
def test_one_bad_row_keeps_the_whole_file_out(town: Town, tmp_path: Path, cells: dict[str, Any], says: str) -> None:
    rows = [*published(1), published_row(2, **cells), published_row(3)]
    report = bad(save_xlsx(tmp_path / "t.xlsx", {"表": rows}))
    assert report.bad_count == 1
    assert report.troubles[0].sentence.removeprefix("工作表“表”").startswith(says)


def test_bad_rows_can_be_skipped_and_are_told(town: Town, tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "t.xlsx", {"表": [*published(1), published_row(2, 是否属实="也许"), published_row(3)]})
    report = imported(path, skip_bad=True, errors=tmp_path / "e.xlsx")
    assert (report.created_count, report.bad_count) == (2, 1)
    sheet = openpyxl.load_workbook(tmp_path / "e.xlsx")["表"]
    assert [cell.value for cell in sheet["L"]][:4] == [None, None, "原因", None]
    assert "“是否属实”只能是" in sheet["L5"].value


def test_a_dry_run_says_what_would_happen_and_writes_nothing(town: Town, tmp_path: Path) -> None:
    imported(save_xlsx(tmp_path / "a.xlsx", {"表": published(2)}))
    before = counts()
    report = imported(save_xlsx(tmp_path / "b.xlsx", {"表": published(5)}), is_dry=True)
    assert (report.created_count, report.known_count) == (3, 2)
    assert counts() == before


def test_a_failure_in_the_middle_leaves_nothing_behind(town: Town, tmp_path: Path) -> None:
    def stop(done: int, total: int, what: str) -> None:
        if what.startswith("导入"):
            raise KeyboardInterrupt

    before = counts()
    path = save_csv(tmp_path / "t.csv", [list(PUBLISHED), *(published_row(n) for n in range(1, 2102))])
    with pytest.raises(KeyboardInterrupt):
        imported(path, progress=stop)
    assert counts() == before
    assert imported(path).created_count == 2101


def test_sheets_of_several_layouts_come_in_together_and_foreign_ones_are_told(town: Town, tmp_path: Path) -> None:
    messages = [["留言编号", "留言主题", "留言详情", "领导批示"], [7, "油烟", "油烟扰民", "请办"]]
    report = imported(save_xlsx(tmp_path / "t.xlsx", {"一览": published(1), "留言": messages, "统计": [["月份", "件数"], [1, 2]], "空": []}))
    assert report.created_count == 2
    assert {case.source.key for case in cases()} == {"D3JX", "MSG"}
    assert report.notes == ["未导入的栏目：领导批示", "工作表“统计”不是案件表，未读取", "1 行没有写明或未识别区划，归入西湖区",
                            "1 件的受理日期由受理编号推定"]


def test_an_unknown_source_is_refused_with_the_known_ones(town: Town, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="D3JX"):
        imported(save_xlsx(tmp_path / "t.xlsx", {"表": published(1)}), source="没有")


def test_an_inspector_imports_nothing_and_a_clerk_nothing_of_another_district(town: Town, tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "t.xlsx", {"表": [*published(1), published_row(2, 行政区域="东湖区")]})
    with pytest.raises(NotAllowed):
        import_file(town.actor("inspector"), path)
    with pytest.raises(BadRows, match="“行政区域”东湖区 不在您的辖区"):
        import_file(town.actor("clerk"), path)
    assert import_file(town.actor("clerk"), path, skip_bad=True).created_count == 1
