"""The papers of a case: the due sheet, the print view, the dossier, and the parts that they brought to the case page."""

import io
import zipfile

import pytest
from docx import Document
from flask import Flask

from tests.support.makers import photo
from tests.support.visitors import ROLES, WITHOUT_CASES, check_page, counted_statements, found_town, in_town, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.services.cases.identities import Reporter
from tracker.services.upkeep import seals
from tracker.web.house.drawing.filters import cn_date

pytestmark = pytest.mark.one_engine
PAPERS = ("due", "print", "dossier.docx")


def dossier_text(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_papers_are_for_whoever_sees_the_case(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.closed, "PATROL")
    for login in ROLES:
        for paper in PAPERS:
            status = visitor(app, login).get(f"/cases/{number}/{paper}").status_code
            assert status == (403 if login in WITHOUT_CASES else 200), (login, paper)
    assert {visitor(app, "neighbour").get(f"/cases/{number}/{paper}").status_code for paper in PAPERS} == {404}


def test_papers_of_every_state_are_sound(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        numbers = [town.case_in(state, "D2JX" if state in (CaseState.noticing, CaseState.noticed) else "RAIL")
                   for state in CaseState]
    client = visitor(app, "dispatcher")
    for number in numbers:
        check_page(client.get(f"/cases/{number}/due"))
        check_page(client.get(f"/cases/{number}/print"))
        assert number in dossier_text(client.get(f"/cases/{number}/dossier.docx").data)


def test_the_head_leads_to_the_sheet_and_the_sheet_names_the_due_day(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.rectifying, "D3JX")
        town.walk(number, "suspend")
        town.days_pass(3)
        town.walk(number, "resume", "grant_extension")
        due_on = town.row(number).due_on
    client = visitor(app, "officer")
    page = check_page(client.get(f"/cases/{number}"))
    assert page.xpath(f"//a[@href='/cases/{number}/due']")
    sheet = check_page(client.get(f"/cases/{number}/due"))
    (last,) = sheet.xpath("//tr[contains(@class, 'due-day')]")
    assert f"{due_on.month}月{due_on.day}日" in last.text_content()
    text = " ".join(sheet.text_content().split())
    for words in ("督察组交办要求的反馈时限", "自 2018年1月1日 起生效", "暂停期间不计", "同意延期", "停计 1 段", "延期 1 次", cn_date(due_on)):
        assert words in text, words


def test_the_sheet_says_where_a_person_set_the_date(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.registered("D3JX")
        town.do(number, "assign", due_on="2026-03-06", due_reason="区领导批示三日内办结")
    text = text_of(visitor(app, "dispatcher").get(f"/cases/{number}/due"))
    assert "由人另定：按规则应为 2026年3月12日" in text
    assert "区领导批示三日内办结" in text
    assert "不是完全按规则计得的" in text


def test_a_case_without_a_clock_says_when_one_begins(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.registered()
    assert "交办后这里会逐日列出" in text_of(visitor(app, "dispatcher").get(f"/cases/{number}/due"))


def test_the_page_lists_what_each_gate_still_lacks(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.rectifying, "PATROL")
        done = town.case_in(CaseState.closed, "PATROL")
    client = visitor(app, "officer")
    page = check_page(client.get(f"/cases/{number}"))
    lacking = [" ".join(li.text_content().split()) for li in page.xpath("//ul[@class='gate']/li[@class='lacks']")]
    assert len(lacking) == 6
    assert lacking[0].startswith("○与整改前照片配对的本轮整改后照片")
    page = check_page(client.get(f"/cases/{done}"))
    assert not page.xpath("//li[@class='lacks']")
    assert len(page.xpath("//li[@class='has']")) == 6


def test_a_master_lists_its_members_and_they_lead_back(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        master = town.case_in(CaseState.rectifying)
        members = [town.registered(title=f"第{n}封信") for n in (1, 2)]
        for member in members:
            town.do(member, "merge", master=master)
    client = visitor(app, "dispatcher")
    page = check_page(client.get(f"/cases/{master}"))
    assert [a.text_content() for a in page.xpath("//ul[@class='family']//a")] == members
    assert "并入 2 件" in page.text_content() and "已并案" in page.xpath("//ul[@class='family']")[0].text_content()
    assert check_page(client.get(f"/cases/{members[0]}")).xpath(f"//a[@href='/cases/{master}']")
    assert members[0] in text_of(client.get(f"/cases/{master}/print"))


def test_a_pair_tells_the_time_between_its_photos(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.rectifying, "PATROL")
        town.days_pass(3)
        town.do(number, "submit")
    text = text_of(visitor(app, "verifier").get(f"/cases/{number}"))
    assert "相隔 3 天（按上传时间）；两张照片没有都带定位，不计距离" in text


def test_the_print_view_carries_number_and_hashes(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.closed, "PATROL")
        facts, digest = town.facts(number), town.row(number).evidence_digest
    answer = visitor(app, "auditor").get(f"/cases/{number}/print")
    text = text_of(answer)
    assert all(fact.digest in text for fact in facts)
    assert f"{digest}，与现在一致" in text
    assert f"共 {len(facts)} 条，逐条核验，前后衔接" in text
    assert f'content: "{number}"' in answer.text


def test_the_dossier_holds_photos_and_hashes(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.closed, "PATROL")
        facts = town.facts(number)
    answer = visitor(app, "lead").get(f"/cases/{number}/dossier.docx")
    assert number in answer.headers["Content-Disposition"]
    document = Document(io.BytesIO(answer.data))
    assert len(document.inline_shapes) == 4, "three photos and the code"
    text = dossier_text(answer.data)
    assert all(fact.digest in text for fact in facts)
    assert "销号，备案号" in text and "朝阳洲街道" in text and "lead先生导出" in text


def test_a_reporter_is_in_no_paper(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        from tracker.services.cases import intake
        from tracker.services.cases.intake import RegisterOrder

        order = RegisterOrder(source="H12345", title="噪声", description="夜间施工", categories=("noise",), area_code="360103002")
        number = intake.register(town.actor("clerk"), order, uploads=[photo(role=EvidenceRole.before)],
                                 reporter=Reporter(name="金丝雀举报人", phone="13800001234")).number
        town.walk(number, "assign")
    client = visitor(app, "dispatcher")
    for paper in ("", *(f"/{p}" for p in PAPERS)):
        answer = client.get(f"/cases/{number}{paper}")
        text = dossier_text(answer.data) if paper.endswith("docx") else answer.text
        assert answer.status_code == 200
        assert "金丝雀" not in text and "13800001234" not in text


def test_the_price_of_the_papers_in_statements(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.closed, "PATROL")
    client = visitor(app, "officer")
    client.get("/territory")
    for paper in PAPERS:
        with counted_statements(app) as sent:
            assert client.get(f"/cases/{number}/{paper}").status_code == 200
        assert len(sent) <= 14, (paper, sent)


def test_the_proof_of_a_case_is_for_whoever_sees_it_once_it_is_sealed(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.closed, "PATROL")
    early = visitor(app, "lead").get(f"/cases/{number}/proof.zip")
    assert (early.status_code, "还没有检查点" in early.text) == (422, True)
    with in_town(app):
        seals.seal()
    for login, has_originals in (("clerk", True), ("lead", False)):
        answer = visitor(app, login).get(f"/cases/{number}/proof.zip")
        with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
            names = file.namelist()
        assert {"卷宗.docx", "ledger.json", "checkpoint.txt", "key.txt", "check.py"} <= set(names)
        assert any(name.startswith("evidence/") for name in names) is has_originals
    assert visitor(app, "neighbour").get(f"/cases/{number}/proof.zip").status_code == 404
