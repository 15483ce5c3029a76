"""An empty machine becomes the office of another district: set up, people, list, a table with unknown headers, a closing under
its own number – in a real browser, at a desk and on phones."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.browser.windows import FORGIVEN
from tests.conftest import MONDAY_MORNING
from tests.support import founding
from tests.support.serving import serving
from tracker.domain.house.clock import SetClock
from tracker.domain.rules.periods import period_named
from tracker.gateways.mail.sending import MemorySender
from tracker.services.cadence import beats
from tracker.services.mail import outbox
from tracker.services.tables.imports import running
from tracker.services.upkeep.founding import claiming

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
MORNING = MONDAY_MORNING.date()
SECRET, STREET = "墨绿的旧雨伞挂在门后", "330106002"
PEOPLE = (
    ("dengji", "王登", "ZGB", "登记员"), ("diaodu", "赵调", "ZGB", "调度员"), ("jingban", "钱办", STREET, "责任单位经办人"),
    ("hecha", "周核", "ZGB", "核查员"), ("lingdao", "吴领", "ZGB", "区领导"), ("xuncha", "李巡", "ZGB", "巡查员"),
    ("dudao", "郑督", "ZGB", "市级督导"), ("jingban2", "孙办", "330106004", "责任单位经办人"), ("hecha2", "卫核", "ZGB", "核查员"),
    ("shenji", "冯审", "ZGB", "审计员"), ("guanli2", "陈管", "ZGB", "管理员"), ("baoguan", "褚保", "ZGB", "身份保管员"),
)
MAILED = ("区领导", "审计员", "管理员", "身份保管员")


class Machine:
    """The product of an empty machine, its clock and what it mailed, and a browser of one width."""

    def __init__(self, app: Any, base: str, chromium: Any, width: int, mailer: MemorySender) -> None:
        self.app, self.base, self.chromium, self.width, self.mailer = app, base, chromium, width, mailer
        self.contexts: list[Any] = []

    def page(self, login: str = "") -> Any:
        """A window of its own; of somebody who signs in by the form, when a login is given."""
        context = self.chromium.new_context(viewport={"width": self.width, "height": 900}, locale="zh-CN")
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        if login:
            page.goto(f"{self.base}/login")
            page.fill("[name=login]", login)
            page.fill("[type=password]", SECRET)
            self.send(page)
        return page

    def send(self, page: Any, button: str = "main form button.btn-action[type=submit]") -> None:
        """Press, and wait for the answer; no page is wider than its window."""
        with page.expect_navigation():
            page.click(button)
        page.wait_for_load_state()
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url

    def go(self, page: Any, address: str) -> Any:
        """Open a page."""
        page.goto(self.base + address)
        return page

    def set_password(self, link: str) -> None:
        """By a one-time link."""
        page = self.page()
        page.goto(f"{self.base}/account/link#{link.partition(chr(35))[2]}")
        page.fill("[name=new_password]", SECRET)
        page.fill("[name=repeat]", SECRET)
        self.send(page)

    def mailed_links(self) -> list[str]:
        """The links in what was sent since the last time."""
        with self.app.app_context():
            outbox.send_due()
        texts = [str(message.get_body(("plain",)).get_content()) for message in self.mailer.messages]
        self.mailer.messages.clear()
        return [link for text in texts for link in re.findall(r"http\S+/account/link#\w+", text)]


@pytest.fixture(params=[1280, 390])
def machine(request: Any, chromium: Any, engine_name: str, tmp_path: Path, clock: SetClock) -> Iterator[Machine]:
    mailer = MemorySender()
    for app in founding.unclaimed(engine_name, tmp_path, clock, mailer):
        with serving(app) as base:
            made = Machine(app, base, chromium, request.param, mailer)
            yield made
            for context in made.contexts:
                context.close()


def set_up(machine: Machine) -> None:
    """Four screens, by the code that the server printed."""
    with machine.app.app_context():
        code = claiming.make_link().partition("#")[2]
    page = machine.page()
    page.goto(f"{machine.base}/setup#{code}")
    machine.send(page)
    page.fill("main input[type=text]", "330106")
    machine.send(page, "main form button:has-text('查找')")
    machine.send(page, "main button:has-text('就是这里')")
    page.fill("[name=addressees]", "各街道办事处、镇人民政府，区直各部门")
    machine.send(page)
    for name, value in (("login", "guanli"), ("name", "张三"), ("email", "zhangsan@example.org")):
        page.fill(f"[name={name}]", value)
    machine.send(page, "main form button.btn-action:not([value=try])")
    assert "西环销〔2026〕1号" in page.inner_text("main")
    machine.send(page)
    page.fill("[name=new_password]", SECRET)
    page.fill("[name=repeat]", SECRET)
    machine.send(page)
    assert page.url.endswith("/login")


def bring_people(machine: Machine, page: Any) -> None:
    """Twelve in one sheet; each sets a password by a link of their own, on paper or by mail."""
    book = openpyxl.load_workbook(io.BytesIO(page.request.get(f"{machine.base}/settings/master/people/export").body()))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    for login, name, unit, role in PEOPLE:
        row = {"登录名": login, "姓名": name, "单位代码": unit, "角色": role, "辖区": "全部" if role in ("管理员", "身份保管员") else "330106",
               "邮箱": f"{login}@example.org" if role in MAILED else None}
        sheet.append([row.get(str(head)) for head in heads])
    kept = io.BytesIO()
    book.save(kept)
    machine.go(page, "/settings/master/people/load").set_input_files(
        "[type=file]", {"name": "人员.xlsx", "mimeType": "application/octet-stream", "buffer": kept.getvalue()})
    machine.send(page)
    assert "新增 12" in page.inner_text("main")
    machine.send(page)
    links = re.findall(r"http\S+/account/link#\w+", page.inner_text("main")) + machine.mailed_links()
    assert len(links) == len(PEOPLE)
    for link in links:
        machine.set_password(link)


def enter_the_table(machine: Machine) -> None:
    """A sheet of the hotline with words of its own: columns and values said once, one row of another district told, the sum no
    case."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["工单流水", "诉求标题", "诉求详情", "属地", "问题类别", "来电人", "来电号码"])
    for number in range(1, 6):
        rows.writerow([f"HZ20260302000{number}", f"第 {number} 处夜间装卸扰民", "夜间装卸，影响居民休息", "浔阳区" if number == 5 else "北山街道",
                       "噪音扰民", "欧阳告密", "13912345678"])
    page = machine.go(machine.page("dengji"), "/import")
    page.set_input_files("[name=file]", {"name": "热线.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode("utf-8-sig")})
    page.select_option("[name=source]", label="12345热线工单")
    machine.send(page)
    machine.send(page)
    for header, column in (("工单流水", "受理编号"), ("诉求详情", "问题描述")):
        page.select_option(f"tr:has-text('{header}') select", label=column)
    assert "13912345678" not in page.content() and "欧阳告密" not in page.content()
    machine.send(page)
    page.select_option("[name=word-0]", label="噪声")
    machine.send(page)
    assert "浔阳区（江西省九江市）" in page.inner_text("main")
    machine.send(page, "main button:has-text('只导入无误的 4 件')")
    with machine.app.app_context():
        running.run_waiting(MORNING)


def walk_to_the_seal(machine: Machine, number: str, photo: dict[str, Any]) -> None:
    """By five people, each in a window of their own; the list says who leads."""
    page = machine.go(machine.page("diaodu"), f"/cases/{number}/steps/assign")
    assert "按责任清单第1版第90条" in page.inner_text("main")
    page.select_option("[name=lead_unit]", STREET)
    machine.send(page)
    machine.send(machine.go(machine.page("jingban"), f"/cases/{number}/steps/acknowledge"))
    page = machine.go(machine.page("jingban"), f"/cases/{number}/steps/submit")
    page.set_input_files("[name=file_1]", photo)
    page.check("[name=finding][value=true]")
    page.fill("[name=measures]", "夜间停止装卸，加装隔声屏")
    page.wait_for_selector("[name^=kept_role_]", state="attached")
    machine.send(page)
    page = machine.go(machine.page("hecha"), f"/cases/{number}/steps/verify")
    page.fill("[name=onsite_at]", "2026-03-02T08:40")
    page.fill("[name=onsite_people]", "周核、卫核")
    page.fill("[name=conclusion]", "现场监测，噪声达标")
    machine.send(page)
    page = machine.go(machine.page("lingdao"), f"/cases/{number}/steps/close")
    machine.send(page)
    assert "西环销〔2026〕1号" in page.inner_text("main")


def test_an_empty_machine_becomes_the_office_of_another_district(machine: Machine, clock: SetClock,
                                                                 photo: dict[str, Any]) -> None:
    set_up(machine)
    page = machine.page("guanli")
    assert "开用清单还差" in page.inner_text("main")
    bring_people(machine, page)
    lead = machine.go(machine.page("lingdao"), "/people")
    for name in ("冯审", "褚保", "陈管"):  # a lead confirms only while there is no other administrator
        machine.send(lead, f"form:has(button:has-text('确认 {name}')) button.btn-quiet")
        machine.go(lead, "/people")
    machine.go(page, "/settings/master/routing/new").fill("[name=number]", "90")
    page.select_option("[name=category]", label="噪声")
    page.fill("[name=keywords]", "夜间装卸")
    page.select_option("[name=lead_unit]", label="北山街道办事处")
    page.fill("[name=reason]", "区责任清单〔2026〕1号")
    machine.send(page)
    assert "请调度员或区领导启用" in machine.go(page, "/territory/list/1/preview").inner_text("main")
    machine.send(machine.go(lead, "/territory/list/1/preview"), "main button:has-text('启用第 1 版')")
    assert "责任清单第 1 版自" in lead.inner_text("main")
    with machine.app.app_context():
        beats.run_due()
    enter_the_table(machine)
    walk_to_the_seal(machine, "XH-2026-000001", photo)
    clock.advance(days=4, hours=8)
    with machine.app.app_context():
        beats.run_due()
        outbox.send_due()
    (weekly,) = [each for each in machine.mailer.messages if "周调度" in str(each["Subject"]) and "lingdao" in str(each["To"])]
    assert "西湖区" in str(weekly["Subject"]) + str(weekly.get_body(("plain",)).get_content())
    assert period_named("2026-W10").first <= MORNING


@pytest.fixture
def photo() -> dict[str, Any]:
    """A small picture."""
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (320, 240), "#7a8").save(made, "JPEG")
    return {"name": "整改后.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}
