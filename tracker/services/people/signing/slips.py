"""Links of people without an address on one sheet, made once from what was just handed out and kept nowhere."""

from collections.abc import Sequence

from tracker.gateways.tables.master_out import MasterPaper, master_workbook
from tracker.services.house.work import wiring
from tracker.services.people.signing.links import PasswordLink

FILE_NAME = "设密码链接.xlsx"
HOW = "请当面交给本人，交完删除。每个链接只能用一次；账本记下由谁出具。"


def workbook_of(links: Sequence[PasswordLink]) -> bytes:
    """Login, name, until when, and the link."""
    local = wiring().clock.local
    rows = tuple((each.login, each.name, f"{local(each.expires_at):%Y-%m-%d %H:%M}", each.url) for each in links)
    return master_workbook(MasterPaper("设密码链接", (("怎样用", HOW),), ("登录名", "姓名", "有效至", "链接"), rows, ()))
