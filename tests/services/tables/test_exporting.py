"""Export: everything the reader may see, as it is or as it was, in a form that comes back unchanged."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.support import databases
from tests.support.makers import Town
from tests.support.tables import published, published_row, save_xlsx
from tracker import create_app
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import OtherFacts, Steps
from tracker.domain.cases.wording import STATES
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.errors import Invalid, NotAllowed
from tracker.domain.house.words import SEVERAL
from tracker.gateways.tables.sheets_in import open_sheets
from tracker.gateways.territory.datums import shifted
from tracker.services.cases.belonging.positions import Sighting
from tracker.services.tables import exporting, import_batches
from tracker.services.tables.exporting import HEADERS, Exported, export_register
from tracker.services.tables.importing import import_file
from tracker.services.upkeep import integrity
from tracker.storage.house.base import db
from tracker.storage.tables import case_export

Row = dict[str, Any]


def read(path: Path) -> list[Row]:
    """The rows of a register, by header."""
    with open_sheets(path) as sheets:
        rows = [cells for sheet in sheets if sheet.name != "说明" for _, cells in sheet.rows]
    bodies = [row for row in rows if row[0] != HEADERS[0] and not str(row[0]).startswith("#")]
    return [dict(zip(HEADERS, row + [None] * (len(HEADERS) - len(row)), strict=True)) for row in bodies]


def exported(path: Path, **how: Any) -> list[Row]:
    export_register(how.pop("actor", OPERATOR), path, **how)
    return read(path)


@pytest.fixture
def second_town(engine_name: str, tmp_path: Path, clock: Any, mailer: Any) -> Iterator[Any]:
    """Another product with an empty database."""
    folder = tmp_path / "second"
    folder.mkdir()
    for url in databases.fresh(engine_name, folder):
        product = create_app(databases.settings_for(url, folder), clock=clock, mailer=mailer)
        yield product
        databases.close(product)


NASTY = ["=1+1 油烟", "+86 投诉", "'=x", "第一行\n第二行", "0012", "<b>&amp;</b> “引号”,逗号;分号", "_x000D_ 字样", "@所有人", "-5度"]


def filled(tmp_path: Path) -> Path:
    """A table with everything that a table can tell."""
    rows = published(0)
    outcomes = ["已办结", "阶段性办结", "正在办理", None]
    for n, text in enumerate(NASTY, 1):
        rows.append(published_row(n, 交办问题基本情况=text, 是否办结=outcomes[n % 4], 受理编号=None if n == 5
                                  else f"D3JX2024052400{n:02d}{'*' * (n % 2)}",
                                  行政区域=["西湖区", "九江市浔阳区", "西湖区朝阳洲街道"][n % 3], 问题类型=["大气、水", "光污染", None][n % 3]))
    return save_xlsx(tmp_path / "all.xlsx", {"表": rows}, calculates=False)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_was_exported_comes_back_unchanged_into_an_empty_register(town: Town, second_town: Any, tmp_path: Path,
                                                                       kind: str) -> None:
    import_file(OPERATOR, filled(tmp_path))
    messages = [["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "点赞数", "答复意见"],
                [7, "A001", "油烟", "2020/1/8 8:14:02", "油烟\n扰民", 24, "已回复：\n第二行"], [8, "A002", "噪声", "2020/1/9", "噪声", 0, None]]
    import_file(OPERATOR, save_xlsx(tmp_path / "m.xlsx", {"表": messages}))
    first = tmp_path / f"一.{kind}"
    before = exported(first)
    assert len(before) == len(NASTY) + 2
    db.session.remove()
    with second_town.app_context():
        assert import_file(OPERATOR, first).created_count == len(before)
        after = exported(tmp_path / f"二.{kind}")
        assert integrity.verify().first is None
        assert import_file(OPERATOR, tmp_path / f"二.{kind}").created_count == 0
        db.session.remove()
    for row in [*before, *after]:
        del row["登记时间"]  # when it entered this register
    assert after == before


def test_line_and_mileage_go_out_and_come_back_now_and_as_of_a_day(town: Town, second_town: Any, tmp_path: Path) -> None:
    said = Sighting(line="京九线", mileage="k1449 + 300", mileage_to="1450.1km", side="left")
    town.registered("RAIL", channel="train", sighting=said)
    told = ["京九线", "K1449+300", "K1450+100", "左侧"]
    along = ("线路", "里程", "终点里程", "线路侧别")
    (row,) = exported(tmp_path / "一.xlsx")
    (then,) = exported(tmp_path / "日.xlsx", as_of=town.clock.today())
    assert [row[name] for name in along] == [then[name] for name in along] == told
    db.session.remove()
    with second_town.app_context():
        assert import_file(OPERATOR, tmp_path / "一.xlsx").created_count == 1
        (again,) = exported(tmp_path / "二.xlsx")
        assert integrity.verify().first is None
        db.session.remove()
    assert [again[name] for name in along] == told


def test_our_own_cases_come_back_as_they_stood_and_say_where_they_were(town: Town, second_town: Any, tmp_path: Path) -> None:
    numbers = [town.case_in(state) for state in (CaseState.registered, CaseState.rectifying, CaseState.phased, CaseState.closed,
                                                 CaseState.voided)]
    before = exported(tmp_path / "一.xlsx")
    assert [row["状态"] for row in before] == ["待交办", "整改中", "阶段性办结", "已销号", "作废"]
    assert [row["是否办结"] for row in before] == [None, "正在办理", "阶段性办结", "已办结", None]
    assert before[3]["处理和整改情况"] == "已清运垃圾并硬化地面" and before[1]["主办单位"] == "朝阳洲街道"
    db.session.remove()
    with second_town.app_context():
        report = import_file(OPERATOR, tmp_path / "一.xlsx")
        assert report.created_count == 4 and any("作废" in note for note in report.notes)
        after = exported(tmp_path / "二.xlsx")
        db.session.remove()
    assert [row["案件编号"] for row in after] == numbers[:4]
    assert [row["状态"] for row in after] == ["待交办", "待交办", "待交办", "核查通过"]
    assert "状态：整改中" in after[1]["其他信息"] and "主办单位：朝阳洲街道" in after[1]["其他信息"]
    for name in ("来源代码", "标题", "问题描述", "区划代码", "问题类型", "受理日期", "是否办结"):
        assert [row[name] for row in after] == [row[name] for row in before[:4]]


def test_new_cases_never_get_a_number_that_came_along(town: Town, second_town: Any, tmp_path: Path) -> None:
    for _ in range(3):
        town.registered()
    exported(tmp_path / "一.csv")
    db.session.remove()
    with second_town.app_context():
        import_file(OPERATOR, tmp_path / "一.csv")
        import_file(OPERATOR, save_xlsx(tmp_path / "t.xlsx", {"表": published(1)}))
        assert [row["案件编号"][-6:] for row in exported(tmp_path / "二.csv")] == ["000001", "000002", "000003", "000004"]
        db.session.remove()


def test_a_csv_that_lost_its_last_line_is_refused(town: Town, second_town: Any, tmp_path: Path) -> None:
    town.registered()
    exported(tmp_path / "一.csv")
    body = (tmp_path / "一.csv").read_text("utf-8-sig").splitlines()
    (tmp_path / "断.csv").write_text("\n".join(body[:-1]), "utf-8-sig")
    db.session.remove()
    with second_town.app_context(), pytest.raises(Invalid, match="没有导出或传输完整"):
        import_file(OPERATOR, tmp_path / "断.csv")


def test_no_reporter_is_in_any_export(town: Town, tmp_path: Path) -> None:
    rows = [["受理编号", "交办问题基本情况", "举报人", "联系电话", "处理和整改情况"], ["A1", "油烟", "独一无二的人", "13812345678", "已答复独一无二的人"]]
    import_file(OPERATOR, save_xlsx(tmp_path / "t.xlsx", {"表": rows}))
    for kind in ("xlsx", "csv"):
        assert "独一无二" not in str(exported(tmp_path / f"r.{kind}")) and "13812345678" not in str(read(tmp_path / f"r.{kind}"))


@pytest.mark.both_engines
@pytest.mark.parametrize(("where", "picked"), [
    ({"state": "rectifying"}, [1]), ({"state": ["整改中", "待交办"]}, [0, 1]), ({"unit": "XH-CYZ"}, [1, 2]), ({"source": "D3JX"}, []),
    ({"type": "garbage"}, [0, 1, 2]), ({"area": "360103"}, [0, 1, 2]), ({"q": "河边"}, [0, 1, 2]), ({"overdue": "1"}, []),
])
@pytest.mark.parametrize("as_of", [None, "today"])
def test_filters_pick_the_same_cases_now_and_as_of_today(town: Town, tmp_path: Path, where: dict[str, object], picked: list[int],
                                                         as_of: str | None) -> None:
    numbers = [town.case_in(state) for state in (CaseState.registered, CaseState.rectifying, CaseState.closed)]
    rows = exported(tmp_path / "r.csv", where=where, as_of=town.clock.today() if as_of else None)
    assert [row["案件编号"] for row in rows] == [numbers[n] for n in picked]


def test_the_register_of_an_earlier_day_is_folded_from_the_facts(town: Town, tmp_path: Path) -> None:
    number = town.registered()
    first_day = town.clock.today()
    town.days_pass(1)
    town.walk(number, "assign", "acknowledge")
    town.days_pass(1)
    late = town.registered()
    town.walk(number, "submit", "verify", "close")
    states = {on: [(row["案件编号"], row["状态"], row["主办单位"]) for row in exported(tmp_path / f"{on}.csv", as_of=on)]
              for on in (date(2026, 3, 1), first_day, date(2026, 3, 3), date(2026, 3, 4))}
    assert states == {date(2026, 3, 1): [], first_day: [(number, "待交办", None)], date(2026, 3, 3): [(number, "整改中", "朝阳洲街道")],
                      date(2026, 3, 4): [(number, "已销号", "朝阳洲街道"), (late, "待交办", None)]}
    assert exported(tmp_path / "now.csv") == exported(tmp_path / "today.csv", as_of=town.clock.today())


def test_every_state_is_the_same_now_and_as_of_today(town: Town, tmp_path: Path) -> None:
    for state in CaseState:
        town.case_in(state, "D2JX" if state in (CaseState.noticing, CaseState.noticed) else "H12345")
    now = exported(tmp_path / "now.csv")
    assert {row["状态"] for row in now} >= set(STATES.values())
    assert now == exported(tmp_path / "today.csv", as_of=town.clock.today())


def test_a_reader_gets_no_more_than_their_scope(town: Town, tmp_path: Path) -> None:
    ours, theirs = town.case_in(CaseState.rectifying), town.registered(by="other_dispatcher", area_code="360102002")
    seen = {login: [row["案件编号"] for row in exported(tmp_path / f"{login}.csv", actor=town.actor(login))]
            for login in ("clerk", "officer", "neighbour", "other_dispatcher", "supervisor")}
    assert seen == {"clerk": [ours], "officer": [ours], "neighbour": [], "other_dispatcher": [theirs],
                    "supervisor": [ours, theirs]}
    with pytest.raises(NotAllowed):
        export_register(town.actor("verifier"), tmp_path / "r.csv")


def test_cases_of_withdrawn_imports_are_left_out(town: Town, tmp_path: Path) -> None:
    code = import_file(OPERATOR, save_xlsx(tmp_path / "t.xlsx", {"表": published(2)})).batches[0]
    import_batches.withdraw(OPERATOR, code)
    assert exported(tmp_path / "r.csv") == []


@pytest.mark.parametrize(("how", "says"), [
    ({"where": {"颜色": "红"}}, "不能按“颜色”筛选"), ({"where": {"state": "没有"}}, "“状态”里没有“没有”"), ({"where": {"source": "没有"}}, "没有来源“没有”"),
    ({"as_of": date(2026, 3, 3)}, "晚于今天"),
])
def test_a_question_that_means_nothing_is_refused_and_leaves_no_file(town: Town, tmp_path: Path, how: dict[str, Any],
                                                                     says: str) -> None:
    with pytest.raises(Invalid, match=says):
        export_register(OPERATOR, tmp_path / "r.csv", **how)
    assert not (tmp_path / "r.csv").exists()


def test_an_export_tells_what_it_is(town: Town, tmp_path: Path) -> None:
    town.registered()
    done = export_register(OPERATOR, tmp_path / "r.csv", where={"state": "registered"})
    assert done == Exported(1, "2026-03-02 09:00", "state=registered")
    assert (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()[-1] == "# 共 1 行，截至 2026-03-02 09:00，筛选：state=registered"


def test_a_portion_costs_the_same_number_of_statements_however_many_cases_it_has(town: Town, tmp_path: Path,
                                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    def statements() -> int:
        told: list[str] = []
        engine = db.engine

        def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
            told.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        exported(tmp_path / "r.csv")
        event.remove(engine, "before_cursor_execute", note)
        return len(told)

    town.case_in(CaseState.closed)
    few = statements()
    for _ in range(5):
        town.case_in(CaseState.closed)
    assert statements() == few
    assert exporting.HEADERS[0] == "案件编号" and case_export.PORTION == 1000


def test_a_shifted_point_leaves_as_what_it_is_on_everybody_s_map(town: Town, tmp_path: Path) -> None:
    lat, lng = shifted(28.655, 115.865)
    town.registered(lat=lat, lng=lng, datum="gcj02")
    for as_of in (None, town.clock.today()):
        (row,) = exported(tmp_path / "r.csv", as_of=as_of)
        assert (round(float(row["纬度"]), 6), round(float(row["经度"]), 6)) == (28.655, 115.865)


def test_the_texts_that_the_register_tells_of_handling_belong_to_these_facts_alone() -> None:
    facts = {getattr(table, name).fact for table in (Steps, OtherFacts) for name in dir(table)
             if hasattr(getattr(table, name), "fact")}
    having = {name: {fact for fact in facts if name.removesuffix(SEVERAL) in fact.words} for name in case_export.NAMES_TOLD}
    told = {name: {fact for fact, each in case_export.TEXT_TOLD.items() if each == name} for name in case_export.NAMES_TOLD}
    assert having == told and all(told.values()), "the export reads these texts without their facts"
