"""A register of some hundreds in a real browser: entered, synchronised to a shorter list, taken up again, a batch taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browser.act_forms import at, button
from tests.browser.windows import FORGIVEN, PHONE, Window
from tests.support.visitors import found_town, in_town
from tracker.domain.sites.registers import SiteRegister
from tracker.services.house.work import reading
from tracker.services.upkeep.integrity import verify
from tracker.storage.sites.holding import sites_holding

pytestmark = [pytest.mark.browser, pytest.mark.one_engine, FORGIVEN]
HEAD = "名称,登记编号,有效期起"


def sheet(name: str, count: int) -> dict[str, Any]:
    """A file of a register as a browser hands it in."""
    lines = [f"第{number}号厂,登{number:05d},2025-01-01" for number in range(1, count + 1)]
    return {"name": name, "mimeType": "text/csv", "buffer": "\n".join((HEAD, *lines)).encode()}


def look(window: Window, file: dict[str, Any], **chosen: str) -> None:
    """A file is chosen, how it is meant said, and what it would do looked at."""
    window.go("/sites")
    window.follow("main a:has-text('导入台账')")
    window.page.select_option("[name=register]", "registration")
    window.page.locator("[name=file]").set_input_files(file)
    for name, value in chosen.items():
        window.page.select_option(f"[name={name}]", value)
    button(window, "核对")
    window.check()


def held(app: Flask) -> int:
    """How many sites of the register hold now."""
    with in_town(app) as town:
        return len(sites_holding(reading(), SiteRegister.registration, town.clock.today()))


@pytest.mark.timeout(240)
def test_a_register_is_entered_shortened_entered_again_and_taken_back(app: Flask, opened: Callable[..., Window]) -> None:
    found_town(app)
    window = opened("clerk", width=PHONE)
    look(window, sheet("登记.csv", 300))
    assert "新增 300 条（新监管对象 300 个）" in window.says()
    button(window, "导入")
    assert held(app) == 300
    look(window, sheet("全部.csv", 270), mode="sync")
    assert "将终止 30 条" in window.says()
    button(window, "导入")
    assert "将终止；请写明这个数再导入" in window.says() and held(app) == 300
    window.page.fill("[name=endings]", "30")
    button(window, "导入")
    assert "终止 30 条" in window.says() and "有变更或终止，不能撤回" in window.says()
    at(app, 2026, 3, 3, 9)
    assert held(app) == 270
    look(window, sheet("登记.csv", 300))
    assert "与在册不同 30 条" in window.says() and "已在册 270 条" in window.says()
    window.page.check("[name=applies_changes]")
    button(window, "导入")
    window.check()
    assert held(app) == 300
    look(window, sheet("增补.csv", 310))
    button(window, "导入")
    assert held(app) == 310
    button(window, "撤回")
    assert "10 条作废" in window.says() and held(app) == 300
    look(window, sheet("增补.csv", 310))
    button(window, "导入")
    assert held(app) == 310
    window.go("/sites?q=第300号厂")
    window.follow("main table a")
    assert "登00300" in window.says()
    window.check()
    with in_town(app):
        assert [str(each) for each in verify().troubles] == []
