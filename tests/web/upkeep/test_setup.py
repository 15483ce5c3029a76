"""The pages of the set-up, without JavaScript: who has no code sees one box, and nothing is stored before the last screen."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.support import founding
from tracker.domain.house.clock import SetClock
from tracker.services.house.work import reading, wiring
from tracker.services.mail import way_out
from tracker.services.mail.way_out import ChosenSender, kept_way
from tracker.services.territory import offices
from tracker.services.upkeep.founding import claiming
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.preferences import Preference
from tracker.storage.people.accounts import Person

pytestmark = pytest.mark.one_engine
NAMES = {"name": "青山湖区整改办", "document_short": "青环督", "filing_short": "青环销"}
PERSON = {"login": "guanli", "name": "张三", "email": "zhang@example.org", "encryption": "none"}


@pytest.fixture
def empty(engine_name: str, tmp_path: Path, clock: SetClock) -> Iterator[Any]:
    yield from founding.unclaimed(engine_name, tmp_path, clock, is_mail_given=False)


class Founder:
    """Goes from screen to screen, as a browser without JavaScript does."""

    def __init__(self, client: Any) -> None:
        self.client, self.page = client, ""

    def answer(self, **given: object) -> Any:
        """Send what the page has, with what is typed and pressed."""
        carried = re.search(r'name="answers" value="([^"]*)"', self.page)
        token = re.search(r'name="csrf_token" value="([^"]*)"', self.page)
        assert token is not None
        sent = self.client.post("/setup", data={"csrf_token": token[1], **({"answers": carried[1]} if carried else {}), **given})
        if sent.status_code != 302:
            self.page = sent.text
        return sent


def founder(app: Any) -> Founder:
    found = Founder(app.test_client())
    found.page = found.client.get("/setup").text
    return found


def to_names(app: Any) -> Founder:
    with app.app_context():
        code = claiming.make_link().partition("#")[2]
    found = founder(app)
    assert found.answer(code=code).status_code == 200
    found.answer(screen="place", pick="360111")
    return found


def to_check(app: Any, **person: object) -> Founder:
    found = to_names(app)
    found.answer(screen="names", **NAMES)
    found.answer(screen="person", **PERSON, **person)
    return found


def fact_count(app: Any) -> int:
    with app.app_context():
        return len(list(reading().scalars(select(FactRow.id))))


def test_an_office_is_set_up_in_four_screens_and_goes_on_to_its_password(empty: Any) -> None:
    found = to_check(empty)
    assert "青环销〔2026〕1号" in found.page and "江西省南昌市青山湖区" in found.page
    assert fact_count(empty) == 0
    answer = found.answer(screen="check", units=["360111001"])
    assert (answer.status_code, answer.headers["Location"].partition("#")[0]) == (302, "/account/link")
    with empty.app_context():
        assert wiring().home_area == "360111"
        assert [person.login for person in reading().scalars(select(Person))] == ["guanli"]


def test_the_last_screen_sent_twice_makes_one_administrator(empty: Any) -> None:
    found = to_check(empty)
    first, second = found.answer(screen="check"), found.answer(screen="check")
    assert (first.status_code, second.status_code) == (302, 409)
    with empty.app_context():
        assert len(list(reading().scalars(select(Person)))) == 1
    assert found.client.get("/setup").status_code == 404
    assert Founder(empty.test_client()).client.get("/setup").status_code == 404


def test_who_has_no_code_comes_no_further_than_its_box(empty: Any) -> None:
    found = founder(empty)
    assert found.answer(code="aaaaaaaaaaaaaaaaaaaaaaaaaa").status_code == 404
    assert "开设链接无效或已过期" in found.page
    assert "江西省" not in found.page
    assert found.answer(answers="made-up", screen="place", pick="360111").status_code in (404, 422)
    assert "机关名称" not in found.page


def test_places_of_one_name_are_listed_and_pseudo_levels_are_not_shown(empty: Any) -> None:
    found = to_names(empty)
    found.answer(screen="place", area="鼓楼区")
    assert found.page.count('name="pick"') == 4
    found.answer(screen="place", at="3601")
    assert "市辖区" not in found.page and "西湖区" in found.page
    assert found.answer(screen="place", area="没有这个地方").status_code == 422
    assert "没有叫“没有这个地方”的区划" in found.page and 'value="没有这个地方"' in found.page


def test_a_short_name_with_brackets_is_refused_and_what_was_typed_stays(empty: Any) -> None:
    found = to_names(empty)
    assert found.answer(screen="names", **NAMES | {"filing_short": "青〔销〕", "copies": "区纪委"}).status_code == 422
    assert "销号代字应为 2 至 8 个字" in found.page and 'value="区纪委"' in found.page
    found.answer(screen="names", **NAMES | {"copies": "区纪委"})
    found.answer(screen="person", back="names", login="guanli", name="张三")
    assert 'value="区纪委"' in found.page


def test_mail_is_tried_at_once_and_says_what_the_server_answered(empty: Any) -> None:
    found = to_names(empty)
    found.answer(screen="names", **NAMES)
    given = PERSON | {"server": "127.0.0.1", "port": "1", "user": "zgb", "secret": "geheim77"}
    assert found.answer(screen="person", **given).status_code == 422
    assert "没有发出，邮件服务器的答复" in found.page and "Connection refused" in found.page
    assert "geheim77" not in found.page
    found.answer(screen="person", **given | {"secret": "", "is_later": "1"})
    assert "127.0.0.1:1" in found.page and "还没有试发" in found.page
    found.answer(screen="check")
    with empty.app_context():
        way = kept_way(reading())
        assert way is not None and way.secret == "geheim77"
        kept = reading().get(Preference, way_out.WAY)
        assert kept is not None and "geheim77" not in kept.value


@pytest.mark.parametrize("server", ["169.254.169.254", "fe80::1", "0.0.0.0"])
def test_link_local_hosts_are_no_mail_servers(empty: Any, server: str) -> None:
    found = to_names(empty)
    found.answer(screen="names", **NAMES)
    assert found.answer(screen="person", **PERSON, server=server).status_code == 422
    assert "本地链路地址" in found.page


def test_a_mail_server_of_the_environment_wins(engine_name: str, tmp_path: Path, clock: SetClock) -> None:
    for product in founding.unclaimed(engine_name, tmp_path, clock):
        found = to_names(product)
        found.answer(screen="names", **NAMES)
        assert "MAIL_URL" in found.page and 'name="server"' not in found.page
        found.answer(screen="person", **PERSON, server="127.0.0.1")
        found.answer(screen="check")
        with product.app_context():
            assert kept_way(reading()) is None
            assert not isinstance(wiring().mail, ChosenSender)
            home = offices.home()
            assert home is not None and home.name == "青山湖区整改办"
