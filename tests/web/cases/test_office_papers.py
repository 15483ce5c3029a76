"""The papers that an office sends about a case, as Word documents and as PDF."""

import io
from dataclasses import replace

import pytest
from docx import Document
from flask import Flask

from tests.support.makers import Town
from tests.support.visitors import check_page, found_town, in_town, text_of, visitor
from tracker.domain.cases.facts import CaseState
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.gateways.reports.pdf import PdfMaker
from tracker.services.house import work
from tracker.services.house.work import reading, wiring
from tracker.storage.house.base import db
from tracker.storage.house.ledger import stream_of

pytestmark = pytest.mark.one_engine
PAPERS = ("assignment", "supervision", "approval")


def paper_text(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


class PaperPress:
    """Makes no PDF and says of what it should have been one."""

    def pdf_of(self, document: bytes, kind: str = "docx") -> bytes:
        return b"%PDF of " + kind.encode()


def press(app: Flask, maker: PdfMaker | None) -> None:
    with app.app_context():
        work.bind(db.engine, replace(wiring(), pdf=maker))


def supervised(town: Town) -> str:
    number = town.case_in(CaseState.rectifying, "PATROL")
    town.do(number, "open_supervision", level="listed", document_no="西环督〔2026〕7号", reason="逾期未整改")
    return number


def test_a_paper_that_is_too_early_says_after_what_it_can_be_made(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.registered()
    client = visitor(app, "dispatcher")
    page = text_of(client.get(f"/cases/{number}/papers"))
    assert "案件交办之后才有交办单。" in page and "主办单位报送整改之后才有销号审批表。" in page
    assert [client.get(f"/cases/{number}/papers/{name}.docx").status_code for name in PAPERS] == [409] * 3
    assert client.get(f"/cases/{number}/papers/letter.docx").status_code == 404


def test_the_assignment_names_the_office_the_units_and_the_days(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.rectifying, "D3JX")
        row = town.row(number)
        due_on, description = row.due_on, row.description
    text = paper_text(visitor(app, "officer").get(f"/cases/{number}/papers/assignment.docx").data)
    said = (f"编号：{number}（第 1 次交办）", "交办单", "朝阳洲街道", f"整改时限：{due_on.year}年{due_on.month}月{due_on.day}日", description,
            "签字：officer先生", "账本签名头")
    for words in said:
        assert words in text, words


def test_the_supervision_order_bears_its_number_and_its_reason(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = supervised(town)
    text = paper_text(visitor(app, "lead").get(f"/cases/{number}/papers/supervision.docx").data)
    for words in ("督办通知单", "西环督〔2026〕7号", "朝阳洲街道：", "现予以挂牌督办", "督办事由：逾期未整改"):
        assert words in text, words


def test_the_approval_sheet_leaves_room_for_what_has_not_happened_and_tells_what_has(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        submitted, closed = town.case_in(CaseState.submitted, "PATROL"), town.case_in(CaseState.closed, "PATROL")
        filing = town.row(closed).filing_no
    client = visitor(app, "lead")
    early, late = (paper_text(client.get(f"/cases/{number}/papers/approval.docx").data) for number in (submitted, closed))
    assert "申请销号。\n签字：officer先生" in early and "同意销号" not in early and "签字：　　　　　　　　年　　月　　日" in early
    assert filing in late and "签字：lead先生" in late and "现场核查。" in late and "按规定不需公示。" in late


def test_papers_are_for_whoever_sees_the_case_and_taking_one_is_noted(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.closed, "PATROL")
    assert visitor(app, "neighbour").get(f"/cases/{number}/papers/approval.docx").status_code == 404
    assert visitor(app, "neighbour").get(f"/cases/{number}/papers").status_code == 404
    visitor(app, "officer").get(f"/cases/{number}/papers/approval.docx")
    with in_town(app) as town:
        facts = stream_of(reading(), f"person:{town.actor('officer').id}")
    assert [fact.payload["format"] for fact in facts if fact.kind == PersonFacts.dossier_made] == ["docx"]


def test_without_a_maker_of_pdfs_the_page_says_so_and_offers_none(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.closed, "PATROL")
    press(app, None)
    client = visitor(app, "officer")
    page = client.get(f"/cases/{number}/papers").text
    answer = client.get(f"/cases/{number}/dossier.pdf")
    assert "本机没有安装 LibreOffice" in page and ".pdf" not in page
    assert answer.status_code == 503 and "浏览器另存为 PDF" in answer.text


def test_with_one_each_paper_and_the_dossier_come_as_pdf(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.closed, "PATROL")
    press(app, PaperPress())
    client = visitor(app, "officer")
    assert "本机没有安装" not in client.get(f"/cases/{number}/papers").text
    for path in ("papers/approval.pdf", "dossier.pdf?part=photos"):
        answer = client.get(f"/cases/{number}/{path}")
        assert (answer.mimetype, answer.data) == ("application/pdf", b"%PDF of docx")


def test_a_part_of_the_dossier_stands_alone_under_its_number(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        number = town.case_in(CaseState.closed, "PATROL")
    client = visitor(app, "officer")
    text = paper_text(client.get(f"/cases/{number}/dossier.docx?part=course&part=proof").data)
    assert "三、办理过程" in text and "六、核验" in text
    assert not any(words in text for words in ("一、案件情况", "四、照片", "五、证据目录"))
    assert client.get(f"/cases/{number}/dossier.docx?part=secrets").status_code == 422
    assert check_page(client.get(f"/cases/{number}/papers")).xpath("//input[@name='part' and @value='course']")
