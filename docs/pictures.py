"""Makes the pictures of README and of the guides anew: `.venv/bin/python docs/pictures.py` (after `./run test` has brought the
browser).

Starts the product on a fresh demo district in a temporary folder, with the clock at one fixed morning, signs in as the people of
the district, and writes docs/pictures/*.png. Nothing of the machine's own instance is read or touched.
"""

import io
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import flask_migrate
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sqlalchemy import select  # noqa: E402

from tests.support.browser import chromium  # noqa: E402
from tests.support.databases import close, settings_for  # noqa: E402
from tests.support.serving import serving  # noqa: E402
from tracker import create_app  # noqa: E402
from tracker.demo.loading import load  # noqa: E402
from tracker.domain.cases.facts import CaseState  # noqa: E402
from tracker.domain.house.clock import SetClock  # noqa: E402
from tracker.gateways.mail.sending import FolderSender  # noqa: E402
from tracker.services.cadence import beats  # noqa: E402
from tracker.storage.cases.cases import Case  # noqa: E402
from tracker.storage.house.base import db  # noqa: E402
from tracker.storage.people.accounts import Unit  # noqa: E402
from tracker.storage.territory.territory import Source  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DESK, PHONE = (1280, 900), (390, 844)
MOST_BYTES = 120_000
MEASURES = "已于11月20日组织人员清运垃圾，清理场地约60平方米，并与责任人签订门前三包责任书。"
Touch = Callable[[Any], None]
KEPT = """async () => {
    while (!(navigator.serviceWorker.controller && await caches.match('/drafts')))
        await new Promise(later => setTimeout(later, 50));
}"""


def reported(page: Any) -> None:
    """An officer in the middle of a report."""
    page.check("[name=finding][value=true]")
    page.fill("[name=measures]", MEASURES)
    to_top(page)


def noted(page: Any) -> None:
    """An inspector in the middle of a note."""
    page.fill("[name=title]", "朝阳洲抚河北路沿线堆放建筑垃圾")
    page.fill("[name=place]", "抚河北路与孺子路交叉口东侧")
    to_top(page)


def drafted(page: Any) -> None:
    """An issue noted where there was no network, waiting to be sent."""
    page.goto(page.url.replace("/drafts", "/cases/new"))
    page.wait_for_function("() => document.querySelector('[data-draft-form]').dataset.drafts === 'on'")
    page.evaluate(KEPT)
    page.context.set_offline(True)
    page.fill("[name=title]", "抚河北路沿线堆放建筑垃圾")
    page.fill("[name=description]", "路东侧绿化带内约两车建筑垃圾。")
    page.check("[name=categories][value=garbage]")
    page.fill("[name=place]", "抚河北路与孺子路交叉口东侧")
    page.locator(".log-without summary").click()
    page.select_option("[name=no_photo]", index=1)
    page.locator("main form[data-draft-form] button[type=submit]").last.click()
    page.wait_for_url("**/drafts")
    page.locator(".draft-row").first.wait_for()


def to_photos(page: Any) -> None:
    """Down to where before and after stand side by side."""
    page.locator(".pair, .shots").first.scroll_into_view_if_needed()
    page.evaluate("window.scrollBy(0, document.querySelector('.pair, .shots').getBoundingClientRect().top - 260)")


def why_not(page: Any) -> None:
    """The reasons why the other steps are not open."""
    page.locator(".action-bar summary").first.click()


def to_top(page: Any) -> None:
    """Nothing has the focus, the page begins at its head."""
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")


@dataclass(frozen=True)
class Picture:
    """One picture: whose page, how large the window, where, and what is done there first. {…} are cases of `subjects`."""

    name: str
    login: str
    window: tuple[int, int]
    path: str
    touch: Touch = to_top


PICTURES: tuple[Picture, ...] = (
    # the six of README
    Picture("desk-lead-phone", "lead1", PHONE, "/"),
    Picture("register", "dispatcher1", DESK, "/cases"),
    Picture("case-photos", "verifier1", DESK, "/cases/{closed}", to_photos),
    Picture("step-form-phone", "{officer}", PHONE, "/cases/{rectifying}/steps/submit", reported),
    Picture("case-closed", "lead1", DESK, "/cases/{closed}"),
    Picture("people", "admin", DESK, "/people"),
    # the guides'
    Picture("new-case-phone", "inspector1", PHONE, "/cases/new", noted),
    Picture("desk-inspector-phone", "inspector1", PHONE, "/"),
    Picture("desk-officer-phone", "{officer}", PHONE, "/"),
    Picture("why-not-phone", "{officer}", PHONE, "/cases/{rectifying}", why_not),
    Picture("desk-verifier", "verifier1", DESK, "/"),
    Picture("verify-form-phone", "verifier1", PHONE, "/cases/{submitted}/steps/verify"),
    Picture("desk-dispatcher", "dispatcher1", DESK, "/"),
    Picture("assign-form", "dispatcher1", DESK, "/cases/{registered}/steps/assign"),
    Picture("dashboard", "lead1", DESK, "/dashboard"),
    Picture("map", "dispatcher1", DESK, "/map"),
    Picture("person-add", "admin", DESK, "/people/add"),
    Picture("close-form-phone", "lead1", PHONE, "/cases/{verified}/steps/close"),
    Picture("supervision", "lead1", DESK, "/supervision"),
    Picture("weekly-report", "lead1", DESK, "/reports/weekly/2026-W47"),
    Picture("limits", "admin", DESK, "/settings/limits"),
    Picture("drafts-phone", "inspector1", PHONE, "/drafts", drafted),
)


def subjects(logins: dict[str, str]) -> dict[str, str]:
    """A case in each state that a picture asks for, and the officer of the one in rectification; `logins` are the officers by
    unit."""
    found = {}
    for state, source in ((CaseState.registered, "H12345"), (CaseState.rectifying, "PATROL"), (CaseState.submitted, "PATROL"),
                          (CaseState.verified, "PATROL"), (CaseState.closed, "PATROL")):
        which = select(Case.number, Unit.name).join(Source,
                                                    Case.source_id == Source.id).outerjoin(Unit, Case.lead_unit_id == Unit.id)
        order = Case.list_due_on if state is CaseState.rectifying else Case.number.desc()  # a late case has something to refuse
        number, unit = db.session.execute(which.where(Case.state == state, Source.key == source)
                                          .order_by(order)).first() or ("", "")
        found[state.value] = number
        if state is CaseState.rectifying:
            found["officer"] = logins[unit]
    return found


@contextmanager
def district(folder: Path) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """The product on a fresh demo district: its address, the passwords by login, and the subjects of the pictures."""
    app = create_app(settings_for(f"sqlite:///{folder / 'xiaohao.db'}", folder), clock=SetClock(MORNING))
    secrets: dict[str, str] = {}
    logins: dict[str, str] = {}

    def keep(accounts: Any) -> None:
        secrets.update({account.login: account.password for account in accounts})
        logins.update({account.unit: account.login for account in reversed(accounts)})

    with app.app_context():
        flask_migrate.upgrade()
        load(keep=keep, mailer=FolderSender(folder / "outbox", "xiaohao@localhost"))
        chosen = subjects(logins)
        beats.run_due()  # what fell due this morning
    with serving(app) as address:
        yield address, secrets, chosen
    close(app)


def taken(browser: Any, address: str, picture: Picture, login: str, secret: str, path: str) -> bytes:
    """The picture as the browser shows it."""
    width, height = picture.window
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai",
                                  device_scale_factor=2 if picture.window == PHONE else 1, is_mobile=picture.window == PHONE)
    page = context.new_page()
    page.goto(f"{address}/login?next={path}")
    page.fill("[name=login]", login)
    page.fill("[name=password]", secret)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    page.wait_for_load_state("networkidle")
    assert page.url.endswith(path), f"{picture.name}: {page.url} is not {path}"
    picture.touch(page)
    page.wait_for_load_state("networkidle")
    shot: bytes = page.screenshot()
    context.close()
    return shot


def packed(shot: bytes) -> bytes:
    """The same picture in as many colours as fit into the limit."""
    for colours in (256, 128, 64, 32, 16):
        out = io.BytesIO()
        Image.open(io.BytesIO(shot)).convert("RGB").quantize(colours, method=Image.Quantize.MAXCOVERAGE,
                                                             dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue()


def main() -> None:
    """All pictures, or those named on the command line."""
    logging.disable(logging.INFO)
    # the browser's own words (选择文件), where its languages are installed (chromium-l10n)
    os.environ.setdefault("LANGUAGE", "zh_CN")
    wanted = [picture for picture in PICTURES if not sys.argv[1:] or picture.name in sys.argv[1:]]
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, district(Path(folder)) as (address, secrets, chosen), chromium() as browser:
        for picture in wanted:
            login = picture.login.format(**chosen)
            png = packed(taken(browser, address, picture, login, secrets[login], picture.path.format(**chosen)))
            (FOLDER / f"{picture.name}.png").write_bytes(png)
            print(f"{picture.name}.png  {len(png) // 1000} kB", file=sys.stderr)


if __name__ == "__main__":
    main()
