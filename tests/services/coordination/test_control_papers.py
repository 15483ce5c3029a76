"""Papers of a control order: the order as it holds, and the list of whom to call, first those who get no mail."""

import io
from datetime import UTC, datetime

import docx
import openpyxl
import pytest

from tests.support.acts import do, opened, site_of
from tests.support.makers import Town
from tracker.domain.house.clock import SetClock
from tracker.domain.house.errors import NotFound
from tracker.services.acts import access
from tracker.services.coordination.control_papers import HEADINGS, call_lines, call_list, write_order
from tracker.services.house.work import reading, wiring
from tracker.services.people import accounts
from tracker.storage.acts.page import ActPage
from tracker.storage.cases.entries import entries

pytestmark = pytest.mark.one_engine  # the lives of acts, the counts and what waits run on both

KIND = "control"


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 11, 24, 7, 0, tzinfo=UTC))


def page(town: Town, number: str) -> ActPage:
    return access.page_for(town.actor("dispatcher"), number)


def issued(town: Town) -> str:
    number = opened(town, KIND, first_on="2026-11-25", last_on="2026-11-26", warning_by="市生态环境局", warning_no="洪预〔2026〕9号",
                    warned_at="2026-11-24 10:00")
    site_of(town, "昌北印刷", unit="TL-NC")
    do(town, number, KIND, "add_site", site="S-000001", hours="10—19 时")
    do(town, number, KIND, "add_site", site="S-000002", measures="停止喷涂")
    town.clock.move_to(datetime(2026, 11, 24, 16, tzinfo=wiring().zone))
    do(town, number, KIND, "issue", starts_at="2026-11-24 16:00")
    return number


def order_text(town: Town, number: str) -> str:
    found = page(town, number)
    made = docx.Document(io.BytesIO(write_order(found, entries(reading(), found.head.stream))))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in made.paragraphs), *cells])


def test_the_order_cites_the_warning_and_says_of_each_site_what_it_does_and_who_answers_for_it(town: Town) -> None:
    number = issued(town)
    said = order_text(town, number)
    for told in (number, "市生态环境局", "洪预〔2026〕9号", "臭氧", "黄色（Ⅲ级）", "2026年11月24日 16:00", "2026年11月25日", "2026年11月26日",
                 "桃花纺织", "错峰生产（10—19 时）", "朝阳洲街道", "昌北印刷", "停止喷涂", "南昌铁路工务段"):
        assert told in said
    do(town, number, KIND, "change")
    do(town, number, KIND, "lift", lifted_at="2026-11-24 23:30")
    said = order_text(town, number)
    assert "橙色（Ⅱ级）" in said and "由黄色（Ⅲ级）调整为现级别" in said and "本令已于2026年11月24日 23:30解除。" in said


def test_before_it_is_issued_there_is_neither_order_nor_list(town: Town) -> None:
    number = opened(town, KIND)
    for made in (lambda: order_text(town, number), lambda: call_lines(reading(), page(town, number))):
        with pytest.raises(NotFound, match="发布后才有"):
            made()


def test_the_list_names_sites_units_and_telephones_first_those_who_get_no_mail(town: Town) -> None:
    number = issued(town)
    accounts.change_email(town.actor("admin"), login="railman", email=None)
    lines = call_lines(reading(), page(town, number))
    assert [(line.site, line.unit, line.has_mail) for line in lines] == [
        ("昌北印刷", "南昌铁路工务段", False), ("桃花纺织", "朝阳洲街道", True)]
    sheet = openpyxl.load_workbook(io.BytesIO(call_list(number, lines)))["点位"]
    told = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert list(HEADINGS) in told
    (row,) = (row for row in told if "昌北印刷" in row)
    assert row[0] == "是" and row[9] == "不能" and row[10] == "未收到"
