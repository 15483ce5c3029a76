"""Importing on the page: what is asked, what is refused, what comes in, and who may."""

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from lxml import html
from sqlalchemy import func, select

from tests.support.tables import save_csv, save_xlsx
from tests.support.visitors import ROLES, check_page, found_town, in_town, send, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.services.tables.imports import running
from tracker.services.upkeep import integrity
from tracker.storage.cases.cases import Case
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.tables.imports import ImportFile, ImportJob

pytestmark = pytest.mark.one_engine
HEADER = ["工单号码", "工单标题", "来文内容", "推送日", "求助人员", "求助号码", "紧急程度"]
CHOSEN = {"column-0-0": "source_number", "column-0-1": "headline", "column-0-2": "description", "column-0-3": "received_on",
          "column-0-4": "reporter", "column-0-5": "contact", "column-0-6": "-"}
SECRETS = ("欧阳金丝雀", "13812345678")


def order(number: int, **cells: object) -> list[object]:
    row: list[object] = [f"GD{number:04d}", f"夜间施工{number}", f"第{number}次夜间施工噪声。", "2026-02-20", *SECRETS, "一般"]
    return [cells.get(name, cell) for name, cell in zip(HEADER, row, strict=True)]


@pytest.fixture
def clerk(app: Flask) -> Any:
    found_town(app)
    return visitor(app, "clerk")


def handed_in(client: Any, path: Path, **more: str) -> Any:
    given = {"file": (io.BytesIO(path.read_bytes()), path.name), "source": "H12345", "area": "360103", **more}
    return send(client, "/import", given)


def tick(app: Flask) -> None:
    """The clock looks once."""
    with app.app_context():
        running.run_waiting(None)  # type: ignore[arg-type]


def count_of(app: Flask, table: Any = Case) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def entered(app: Flask, client: Any, job: int, rows: str = "all") -> Any:
    send(client, f"/import/{job}/start", {"rows": rows}, at=f"/import/{job}/check")
    tick(app)
    return client.get(f"/import/{job}")


def test_a_sheet_is_mapped_once_and_the_next_day_goes_straight_to_the_check(app: Flask, clerk: Any, tmp_path: Path) -> None:
    answer = handed_in(clerk, save_csv(tmp_path / "周一.csv", [HEADER, order(1), order(2)]))
    assert answer.location.endswith("/import/1/sheets")
    assert "读这张表" in text_of(clerk.get("/import/1/sheets"))
    check_page(clerk.get("/import/1/sheets"))
    answer = send(clerk, "/import/1/sheets", {"read-0": "1", "header-0": "1", "unplaced": "home"})
    assert answer.location.endswith("/import/1/columns")
    page = clerk.get("/import/1/columns")
    check_page(page)
    assert not any(word in page.text for word in SECRETS)
    open_ones = html.fromstring(page.data).xpath("//select[option[@selected]]/@name")
    assert "column-0-4" in open_ones and "column-0-6" not in open_ones, "what is known is proposed, what is not stays open"
    answer = send(clerk, "/import/1/columns", {**CHOSEN, "is_kept": "1", "layout_name": "区平台日报"})
    assert answer.location.endswith("/import/1")
    assert "将新增2 件" in text_of(clerk.get("/import/1/check"))
    assert "新增2 件" in text_of(entered(app, clerk, 1))

    answer = handed_in(clerk, save_csv(tmp_path / "周二.csv", [HEADER, order(2), order(3)]))
    assert answer.location.endswith("/import/2")
    said = text_of(clerk.get("/import/2/check"))
    assert "将新增1 件" in said and "已有，不动1 件" in said
    entered(app, clerk, 2)
    assert count_of(app) == 3
    with app.app_context():
        assert integrity.verify().first is None


def test_nothing_comes_in_before_every_filled_column_is_placed_and_nothing_chosen_is_lost(app: Flask, clerk: Any,
                                                                                         tmp_path: Path) -> None:
    handed_in(clerk, save_csv(tmp_path / "t.csv", [HEADER, order(1)]))
    send(clerk, "/import/1/sheets", {"read-0": "1", "header-0": "1"})
    answer = send(clerk, "/import/1/columns", {**CHOSEN, "column-0-6": "", "layout_name": "打了一半"})
    assert answer.status_code == 422 and "“紧急程度”还没有选" in text_of(answer) and "打了一半" in answer.text
    chosen = html.fromstring(answer.data).xpath("//select[@name='column-0-2']/option[@selected]/@value")
    assert chosen == ["description"]
    answer = send(clerk, "/import/1/columns", {**CHOSEN, "column-0-2": "-"})
    assert answer.status_code == 422 and "问题描述" in text_of(answer)
    answer = send(clerk, "/import/1/columns", {**CHOSEN, "column-0-1": "description"})
    assert answer.status_code == 422 and "选了同一栏" in text_of(answer)
    assert count_of(app) == 0


def test_rows_of_elsewhere_are_wrong_each_with_its_place_or_are_left_out(app: Flask, clerk: Any, tmp_path: Path) -> None:
    header = ["受理编号", "问题描述", "行政区域"]
    rows = [[f"A{n}", f"第{n}件油烟。", "浔阳区" if n % 15 == 0 else "西湖区"] for n in range(1, 207)]
    path = save_xlsx(tmp_path / "t.xlsx", {"表": [header, *rows[:206]]})
    abroad = sum(row[2] == "浔阳区" for row in rows)
    answer = handed_in(clerk, path)
    assert answer.location.endswith("/import/1"), "known headers need no mapping"
    said = text_of(clerk.get("/import/1/check"))
    assert f"有误{abroad} 行" in said and "浔阳区（江西省九江市） 不在您的辖区" in said
    book = openpyxl.load_workbook(io.BytesIO(clerk.get("/import/1/errors.xlsx").data)).worksheets[0]
    assert book.max_row == abroad + 1 and "不在您的辖区" in book.cell(2, 4).value
    send(clerk, "/import/1/sheets", {"read-0": "1", "header-0": "1", "skips_abroad": "1"})
    send(clerk, "/import/1/columns", {"column-0-0": "source_number", "column-0-1": "description", "column-0-2": "area"})
    assert f"将新增{206 - abroad} 件" in text_of(clerk.get("/import/1/check"))
    entered(app, clerk, 1)
    assert count_of(app) == 206 - abroad


def test_words_that_nobody_knows_are_asked_for(app: Flask, clerk: Any, tmp_path: Path) -> None:
    rows = [["A1", "油烟。", "桃花源"], ["A2", "垃圾。", "西湖区"], ["A3", "废水。", "桃花源"]]
    handed_in(clerk, save_csv(tmp_path / "t.csv", [["受理编号", "问题描述", "行政区域", "备注说明"], *[[*row, "x"] for row in rows]]))
    send(clerk, "/import/1/sheets", {"read-0": "1", "header-0": "1"})
    chosen = {"column-0-0": "source_number", "column-0-1": "description", "column-0-2": "area", "column-0-3": "-"}
    assert send(clerk, "/import/1/columns", chosen).location.endswith("/import/1/words")
    page = clerk.get("/import/1/words")
    check_page(page)
    assert "桃花源" in text_of(page)
    send(clerk, "/import/1/words", {"word-0": "360103002"})
    entered(app, clerk, 1)
    with app.app_context():
        assert sorted(db.session.scalars(select(Case.area_code))) == ["360103", "360103002", "360103002"]


def test_a_row_that_looks_like_a_sum_may_be_said_to_be_a_case_and_hidden_rows_are_asked_for(app: Flask, clerk: Any,
                                                                                            tmp_path: Path) -> None:
    rows = [["受理编号", "问题描述"], *([f"A{n}", f"第{n}件油烟。"] for n in range(40)), [None, "合计：三家一起排烟"]]
    path = save_xlsx(tmp_path / "t.xlsx", {"表": rows}, write=lambda _, sheet: [
        sheet.set_row(n, None, None, {"hidden": True}) for n in range(1, 15)])
    assert handed_in(clerk, path).location.endswith("/sheets"), "hidden rows are asked for"
    send(clerk, "/import/1/sheets", {"read-0": "1", "header-0": "1", "hidden": "skip"})
    send(clerk, "/import/1/columns", {"column-0-0": "source_number", "column-0-1": "description"})
    page = clerk.get("/import/1/check")
    check_page(page)
    assert "将新增26 件" in text_of(page) and "以“合计”开头" in text_of(page)
    send(clerk, "/import/1/check", {"case_row": "42:表"})
    assert "将新增27 件" in text_of(clerk.get("/import/1/check"))


def test_only_the_good_rows_come_in_when_somebody_says_so_and_a_mail_tells_the_end(app: Flask, clerk: Any,
                                                                                   tmp_path: Path) -> None:
    rows = [["受理编号", "问题描述", "是否属实"], ["A1", "油烟。", "属实"], ["A2", "垃圾。", "也许13812345678"]]
    handed_in(clerk, save_csv(tmp_path / "t.csv", rows))
    assert "有误1 行" in text_of(clerk.get("/import/1/check")) and "13812345678" not in clerk.get("/import/1/check").text
    answer = send(clerk, "/import/1/start", {"rows": "all"}, at="/import/1/check")
    assert answer.status_code == 422 and "1 行有误" in text_of(answer) and count_of(app) == 0
    assert "新增1 件" in text_of(entered(app, clerk, 1, "good"))
    assert clerk.get("/import/1/errors.xlsx").status_code == 200
    with app.app_context():
        mail = db.session.scalars(select(Message).where(Message.mail == "import_finished")).one()
        assert "新增 1 件" in mail.subject and "/import/1" in mail.text
        assert list(db.session.scalars(select(ImportFile.kind))) == ["errors"], "the file itself is erased"


def test_a_pasted_table_is_read_like_a_file(app: Flask, clerk: Any) -> None:
    pasted = '受理编号\t问题描述\nA1\t"第一行\n第二行"\nA2\t油烟'
    assert send(clerk, "/import", {"pasted": pasted, "source": "H12345", "area": "360103"}).location.endswith("/import/1")
    assert "将新增2 件" in text_of(clerk.get("/import/1/check"))
    bad = send(clerk, "/import", {"pasted": "没有分列的话", "source": "H12345", "area": "360103"})
    assert bad.status_code == 422 and "没有分列" in text_of(bad) and "没有分列的话" in bad.text


@pytest.mark.parametrize(("name", "body", "says"), [
    ("空.csv", b"", "请选择要导入的文件"), ("图.csv", b"\x89PNG\r\n\x1a\n", "PNG"), ("坏.xlsx", b"PK\x03\x04" + b"\0" * 99, "损坏"),
    ("文.docx", b"PK\x03\x04" + b"\0" * 99, "损坏"),
])
def test_a_file_that_is_no_table_gets_one_sentence_and_leaves_nothing(app: Flask, clerk: Any, name: str, body: bytes,
                                                                      says: str) -> None:
    answer = send(clerk, "/import", {"file": (io.BytesIO(body), name), "source": "", "area": "360103"})
    assert answer.status_code == 422 and says in text_of(answer)
    assert count_of(app, ImportJob) == 0 and count_of(app, ImportFile) == 0


def test_the_same_file_is_known_by_its_batch(app: Flask, clerk: Any, tmp_path: Path) -> None:
    path = save_csv(tmp_path / "t.csv", [["受理编号", "问题描述"], ["A1", "油烟。"]])
    handed_in(clerk, path)
    entered(app, clerk, 1)
    answer = handed_in(clerk, path)
    assert answer.status_code == 409 and re.search("已由.+于.+导入（批次 IMP-2026-0001）", text_of(answer))


def test_a_batch_is_taken_back_on_the_page_but_for_the_cases_that_somebody_has_worked_on(app: Flask, clerk: Any,
                                                                                         tmp_path: Path) -> None:
    rows = [[f"A{n}", f"第{n}件油烟。", "朝阳洲街道"] for n in range(50)]
    handed_in(clerk, save_csv(tmp_path / "t.csv", [["受理编号", "问题描述", "行政区域"], *rows]))
    entered(app, clerk, 1)
    with in_town(app) as town:
        numbers = list(db.session.scalars(select(Case.number).order_by(Case.id).limit(2)))
        for number in numbers:
            town.do(number, "assign")
    assert send(clerk, "/import/batches/IMP-2026-0001/withdraw", at="/import").status_code == 422, "it asks first"
    send(clerk, "/import/batches/IMP-2026-0001/withdraw", {"sure": "1"}, at="/import")
    said = text_of(clerk.get("/import"))
    assert "48 件作废" in said and all(number in said for number in numbers)
    with app.app_context():
        states = list(db.session.scalars(select(Case.state)))
        assert states.count(CaseState.voided) == 48
        assert integrity.verify().first is None


def test_who_may_not_import_sees_nothing_and_a_job_is_its_person_s_own(app: Flask, clerk: Any, tmp_path: Path) -> None:
    handed_in(clerk, save_csv(tmp_path / "t.csv", [HEADER, order(1)]))
    for login in ROLES:
        status = {visitor(app, login).get(path).status_code for path in ("/import/1/sheets", "/import/1/errors.xlsx")}
        assert status == ({200, 404} if login == "clerk" else {404} if login == "dispatcher" else {403}), login
    assert visitor(app, "dispatcher").get("/import").status_code == 200
    assert {visitor(app, "dispatcher").get(path).status_code for path in ("/import/99", "/import/1")} == {404}


def test_what_is_kept_of_a_job_names_nobody_and_is_gone_after_a_day(app: Flask, clerk: Any, tmp_path: Path) -> None:
    handed_in(clerk, save_csv(tmp_path / "t.csv", [HEADER, order(1, 推送日="欧阳金丝雀说是13812345678")]))
    send(clerk, "/import/1/sheets", {"read-0": "1", "header-0": "1"})
    send(clerk, "/import/1/columns", CHOSEN)
    with in_town(app) as town:
        job = db.session.scalars(select(ImportJob)).one()
        kept = " ".join(str(value) for value in vars(job).values())
        sealed = db.session.scalars(select(ImportFile.sealed)).first() or b""
        assert "13812345678" not in kept and b"13812345678" not in sealed and "欧阳".encode() not in sealed
        db.session.rollback()
        town.clock.advance(hours=25)
    tick(app)
    assert count_of(app, ImportFile) == 0
    assert "24 小时" in text_of(clerk.get("/import/1"))


def test_a_table_that_tells_no_source_is_asked_for_it_and_the_layout_remembers(app: Flask, clerk: Any, tmp_path: Path) -> None:
    header = ["现场情况", "在哪里"]
    chosen = {"column-0-0": "description", "column-0-1": "place", "is_kept": "1", "layout_name": "巡查记录"}
    handed_in(clerk, save_csv(tmp_path / "一.csv", [header, ["河边堆放垃圾。", "桃花河"]]), source="")
    send(clerk, "/import/1/sheets", {"read-0": "1", "header-0": "1"})
    answer = send(clerk, "/import/1/columns", chosen)
    assert answer.status_code == 422 and "选来源" in text_of(answer)
    send(clerk, "/import/1/sheets", {"read-0": "1", "header-0": "1", "source": "PATROL"})
    send(clerk, "/import/1/columns", chosen)
    assert "将新增1 件" in text_of(clerk.get("/import/1/check"))
    assert handed_in(clerk, save_csv(tmp_path / "二.csv", [header, ["岸边焚烧。", "桃花河"]]), source="").location.endswith("/import/2")
    assert "将新增1 件" in text_of(clerk.get("/import/2/check"))
    assert send(clerk, "/import/2/sheets", {"read-0": "1", "header-0": "1", "source": "没有"}).status_code in (404, 422)
