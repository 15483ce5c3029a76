"""Mails from templates: every mail as it is sent, word for word; renew with XIAOHAO_RENEW=1."""

import os
import re
from dataclasses import replace
from datetime import date, datetime

import pytest
from jinja2 import UndefinedError
from lxml import html

from tests.support.papers import report
from tests.support.project_files import ROOT
from tracker.domain.house.links import Link, Place, to_case, to_report
from tracker.domain.house.say import Say
from tracker.domain.mail.gists import Gist
from tracker.domain.reports.document import Column, Section, Table
from tracker.gateways.house.printed_cells import for_mail
from tracker.gateways.mail import pages
from tracker.gateways.reports.html import mail_fragment
from tracker.services.cases.declarations.mails import CLOSING_REQUIRED, ENDINGS, MAILS, PUBLICATION_NEEDED
from tracker.services.cases.identities.telling import IDENTITY_MAILS, OFTEN
from tracker.services.people.signing.own_week import OwnSignIn, WeekOfPerson
from tracker.services.reports.appeal_mails import APPEAL_MAILS

GOLDEN = ROOT / "tests" / "golden" / "mails"
BASE = "https://xh.example.cn"
OF_CASES = sorted({mail.name for mail in (*MAILS.values(), *ENDINGS.values(), CLOSING_REQUIRED, PUBLICATION_NEEDED)}
                  | {"step_taken"})
PLACED = {"title": "夜间施工噪声扰民", "place": "朝阳洲街道 云锦路 12 号", "notes": ("退回原因：不在本辖区", "依据：工地在邻街")}
LATE = "应于 15:00，补发于 16:12"


def report_words(late: str = "") -> dict[str, object]:
    paper = report()
    mailed = for_mail(paper)
    fragment, _ = mail_fragment(mailed, BASE, paper.digest())
    return {"base_url": BASE, "document": mailed, "fragment": fragment, "late": late, "digest": paper.digest(), "most_rows": 30,
            "link": to_report("weekly", "2026-W47", "360103", "360103"), "figures": mailed.sections[0].figures}


def same_as_golden(name: str, text: str) -> None:
    file = GOLDEN / name
    if os.environ.get("XIAOHAO_RENEW"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert file.read_text() == text


@pytest.mark.parametrize("mail", OF_CASES)
def test_a_notice_of_a_case_reads_as_agreed(mail: str) -> None:
    page = pages.render(mail, {"number": "XH-2026-000123", "due": "2026年3月9日 星期一", "word": "催办", "base_url": BASE, **PLACED,
                               "link": to_case("XH-2026-000123"), "answer_due": "2026年3月6日 星期五",
                               "confirm_due": "2026年3月5日 星期四"})
    assert page.html is None
    assert page.text.endswith(f"{BASE}/cases/XH-2026-000123\n")
    same_as_golden(f"{mail}.txt", f"{page.subject}\n\n{page.text}")


@pytest.mark.parametrize("is_digest", [False, True])
def test_a_mail_of_many_cases_reads_as_agreed(is_digest: bool) -> None:
    numbers, mail = ("XH-2026-000123", "XH-2026-000124"), "many_cases_digest" if is_digest else "many_cases"
    lines = [{"gist": Gist("新交办案件待签收", number, "夜间施工噪声扰民", "朝阳洲街道 云锦路 12 号", "交办意见：先停工" if is_digest else "",
                           "2026年3月9日 星期一"), "link": to_case(number)} for number in numbers]
    sections = [{"headline": "新交办案件待签收", "count": 2 + is_digest, "lines": lines, "more": int(is_digest)}]
    others = [{"word": "导入等任务办完", "text": f"新增 12 件。\n\n{BASE}/import/7"}] if is_digest else []
    page = pages.render("many_cases", {
        "named": "新交办案件待签收：2 件案件", "count": 4 if is_digest else 2, "sections": sections, "others": others,
        "is_digest": is_digest, "desk": Link(Place.desk), "base_url": BASE})
    same_as_golden(f"{mail}.txt", f"{page.subject}\n\n{page.text}")
    assert page.html is not None
    same_as_golden(f"{mail}.html", page.html)


@pytest.mark.parametrize("purpose", ["reveal", "erase"])
@pytest.mark.parametrize("mail", sorted(mail.name for mail in (*IDENTITY_MAILS.values(), OFTEN)))
def test_a_mail_of_a_request_about_a_reporter_reads_as_agreed(mail: str, purpose: str) -> None:
    page = pages.render(mail, {
        "number": "XH-2026-000123", "purpose": {"reveal": "查阅", "erase": "删除"}[purpose], "is_reveal": purpose == "reveal",
        "until": "2026-03-02 09:30", "name": "钱先生", "count": 6, "link": Link(Place.identity_request, ("7",)), "base_url": BASE})
    same_as_golden(f"{mail}.txt" if purpose == "reveal" else f"{mail}_erase.txt", f"{page.subject}\n\n{page.text}")


@pytest.mark.parametrize("mail", sorted(mail.name for mail in APPEAL_MAILS.values()))
def test_a_mail_of_an_appeal_reads_as_agreed(mail: str) -> None:
    words = {"title": "2026年第1季度考核", "word": "核查不通过", "points": "0.50", "number": "XH-2026-000123",
             "link": Link(Place.appeals, ("quarterly", "2026-Q1")), "base_url": BASE}
    page = pages.render(mail, words)
    assert "XH" not in pages.render(mail, {**words, "number": ""}).text
    assert "扣" not in pages.render(mail, {**words, "points": ""}).text.replace("原扣分", "")  # a veto has no points
    same_as_golden(f"{mail}.txt", f"{page.subject}\n\n{page.text}")


@pytest.mark.parametrize("mail", ["account_changed", "password_link", "role_proposed", "slip_used"])
def test_a_mail_of_an_account_reads_as_agreed(mail: str) -> None:
    words = {"login": "zhang.san", "word": Say("增加了角色“{role}”", role=Say("管理员")), "by": "李四", "role": Say("审计员"),
             "code": "abcd2345" * 3, "link": Link(Place.set_password), "is_new": True,
             "until": "2026-03-05 09:00", "base_url": BASE}
    page, renewed = pages.render(mail, words), pages.render(mail, {**words, "is_new": False})
    assert (renewed != page) == (mail == "password_link")
    same_as_golden(f"{mail}.txt", f"{page.subject}\n\n{page.text}")


def test_the_letter_of_one_s_own_week_reads_as_agreed() -> None:
    sign_in = OwnSignIn(datetime(2026, 3, 2, 9), "Firefox · Windows", "203.0.113.9", True)
    week = WeekOfPerson((sign_in,), (("XH-2026-000123", ("交办", "核查通过")),), 2)
    words = {"login": "zhang.san", "week": week, "monday": date(2026, 3, 2), "sunday": date(2026, 3, 8),
             "link": Link(Place.not_me, ("code",)), "base_url": BASE}
    page = pages.render("own_week", words)
    assert "没有" in pages.render("own_week", {**words, "week": WeekOfPerson()}).text
    same_as_golden("own_week.txt", f"{page.subject}\n\n{page.text}")


def test_the_mail_at_the_end_of_an_import_reads_as_agreed() -> None:
    words = {"created": 192, "known": 3, "bad": 14, "left_out": 2, "batches": ["IMP-2026-0007"],
             "link": Link(Place.import_job, ("7",)), "base_url": BASE}
    page = pages.render("import_finished", words)
    assert "错误本" not in pages.render("import_finished", {**words, "bad": 0}).text
    same_as_golden("import_finished.txt", f"{page.subject}\n\n{page.text}")


def test_the_mail_of_an_import_that_was_taken_back_reads_as_agreed() -> None:
    words = {"code": "IMP-2026-0007", "source": "12345热线", "day": "3月2日", "done": 48, "kept": 2, "link": Link(Place.desk),
             "base_url": BASE}
    page = pages.render("import_withdrawn", words)
    assert "另有" not in pages.render("import_withdrawn", {**words, "kept": 0}).text
    same_as_golden("import_withdrawn.txt", f"{page.subject}\n\n{page.text}")


@pytest.mark.parametrize("mail", ["report", "robot_report"])
def test_a_report_reads_as_agreed(mail: str) -> None:
    page = pages.render(mail, report_words(LATE))
    assert LATE in page.text.splitlines()[0]
    same_as_golden(f"{mail}.txt", f"{page.subject}\n\n{page.text}")
    if page.html is not None:
        same_as_golden(f"{mail}.html", page.html)


def test_what_comes_in_time_bears_no_label() -> None:
    page = pages.render("report", report_words())
    assert "补发" not in page.text
    assert "补发" not in (page.html or "")


def test_the_page_of_a_mail_needs_nothing_from_outside_and_carries_its_styles_in_its_elements() -> None:
    page = html.fromstring(pages.render("report", report_words(LATE)).html or "")
    sources = page.xpath("//@src")
    assert sources
    assert all(each.startswith("cid:") for each in sources)
    assert page.xpath("//script|//link|//iframe|//form") == []
    assert all(each.startswith(BASE) for each in page.xpath("//a/@href"))
    assert all(each.get("style") for each in page.xpath("//td"))
    assert page.xpath("//p[@class='late']/text()") == [LATE]


def test_a_page_whose_styles_stand_in_its_template_keeps_its_words_harmless() -> None:
    line = {"number": "XH-2026-000123", "words": '<b>"甲" & 乙</b>', "about": "丙", "link": to_case('"><script>'),
            "order_link": Link(Place.register, asked=(("a", "1&"), ("b", "2")))}
    section = {"title": "超期", "count": 2, "lines": [line, line], "more": 0, "link": Link(Place.desk)}
    words = {"base_url": BASE, "day": "3月2日", "late": "", "alarms": ("<i>警</i>",), "empty": "", "summary": "超期 2 件",
             "sections": [section]}
    page = html.fromstring(pages.render("morning", words).html or "")
    assert page.xpath("//b|//i|//script|//comment()") == []
    rows = page.xpath("//table/tbody/tr/td")
    assert len(rows) == 2 and all(each.get("style") for each in rows)
    assert '<b>"甲" & 乙</b>' in rows[0].text_content()
    assert rows[0].xpath("a/@href") == [f"{BASE}/cases/%22%3E%3Cscript%3E", f"{BASE}/cases?a=1%26&b=2"]
    assert page.xpath("//p[@class='late']/text()") == ["<i>警</i>"]


def test_a_row_that_begins_with_a_rank_says_what_the_number_is() -> None:
    columns = (Column("名次", "number"), Column("单位"), Column("说明"))
    assert pages.row_words((1, "桃源街道", None), columns) == "名次 1：单位 桃源街道"
    assert pages.row_words(("桃源街道", 1, ""), (columns[1], columns[0], columns[2])) == "桃源街道：名次 1"


def test_a_mail_leaves_out_columns_that_say_nothing_and_codes_beside_names() -> None:
    columns = (Column("单位代码"), Column("单位"), Column("超期天数", "number"), Column("件数", "number"))
    table = Table("临期", columns, (("XH-1", "桃源街道", None, 0), ("XH-2", "九洲街道", None, 2)))
    (section,) = for_mail(replace(report(), sections=(Section("一", tables=(table,)),))).sections
    assert [column.head for column in section.tables[0].columns] == ["单位", "件数"]
    assert section.tables[0].rows == (("桃源街道", 0), ("九洲街道", 2))


def test_a_word_that_nobody_gave_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        pages.render("case_assigned", {"number": "XH-2026-000123"})


def test_every_folder_of_templates_is_some_notice_and_has_a_text() -> None:
    assert set(OF_CASES) <= set(pages.mail_names())
    for mail in pages.mail_names():
        assert (pages.FOLDER / mail / "body.txt").is_file()


def test_no_template_asks_for_a_description_or_a_reporter() -> None:
    asked = {name for path in pages.FOLDER.rglob("*") if path.is_file() and path.suffix in (".txt", ".html")
             for name in re.findall(r"\b(reporter|phone|description|identity|case\.title|line\.title)\b", path.read_text())}
    assert asked == set()
