"""The opening list: what a district that was just set up still lacks, on its page and on the administrator's desk."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import founding
from tests.support.visitors import found_town, send, visitor
from tracker.domain.house.actor import Grant, Role
from tracker.domain.house.clock import SetClock
from tracker.services.house.work import reading, wiring
from tracker.services.mail.way_out import kept_way
from tracker.services.people import accounts
from tracker.services.upkeep.founding.readiness import conditions
from tracker.services.upkeep.founding.setting_up import set_up
from tracker.storage.house.ledger import stream_of

pytestmark = pytest.mark.one_engine


@pytest.fixture
def district(engine_name: str, tmp_path: Path, clock: SetClock) -> Iterator[Any]:
    for product in founding.unclaimed(engine_name, tmp_path, clock, is_mail_given=False):
        with product.app_context():
            set_up(founding.order(units=frozenset()), None)
        yield product


def met(app: Any) -> dict[str, bool]:
    with app.app_context():
        return {each.key: each.is_met for each in conditions()}


def test_a_new_district_is_told_what_it_lacks_with_the_way_to_mend_it(district: Any) -> None:
    admin = visitor(district, "guanli")
    page = admin.get("/settings/start").text
    assert "还没有：调度员、责任单位经办人、核查员、区领导" in page
    assert met(district) == {"duties": False, "separation": False, "heads": False, "list": False, "mail": False, "outline": True,
                             "calendar": True, "backup": False, "admins": False}
    assert 'href="/people"' in page and 'href="/settings/start/mail"' in page
    assert "开用清单还差 7 项" in admin.get("/").text


def test_people_make_it_green_line_by_line(district: Any) -> None:
    with district.app_context():
        for number, role in enumerate((Role.dispatcher, Role.officer, Role.verifier, Role.lead)):
            accounts.add_person(None, login=f"p{number}", name=f"人{number}", unit="ZGB", roles=[Grant(role, "360111")])
        accounts.add_person(None, login="admin2", name="李四", unit="ZGB", roles=[Grant(Role.admin)])
        accounts.set_head(None, login="p0", is_head=True)
    found = met(district)
    assert [key for key, is_met in found.items() if not is_met] == ["list", "mail", "backup"]


def test_of_one_person_with_three_duties_the_pairs_are_named(district: Any) -> None:
    with district.app_context():
        accounts.add_person(None, login="one", name="一人", unit="ZGB", roles=[Grant(Role.officer, "360111")])
    assert not met(district)["separation"]


def test_the_mail_server_is_tried_before_it_is_kept(district: Any) -> None:
    admin = visitor(district, "guanli")
    given = {"server": "127.0.0.1", "port": "1", "encryption": "none", "sender": "zgb@example.org", "secret": "geheim"}
    refused = send(admin, "/settings/start/mail", given)
    assert refused.status_code == 422 and "没有发出，邮件服务器的答复" in refused.text
    with district.app_context():
        assert kept_way(reading()) is None
    assert send(admin, "/settings/start/mail", given | {"is_later": "1"}).location == "/settings/start"
    with district.app_context():
        way = kept_way(reading())
        assert way is not None and (way.server, way.secret) == ("127.0.0.1", "geheim")
        fact = stream_of(reading(), "mail")[-1]
        assert "geheim" not in fact.body and fact.payload["server"] == "127.0.0.1"
        assert wiring().mail is not None
    assert not met(district)["mail"]


def test_nobody_but_an_administrator_sees_it_and_the_desk_of_a_running_district_is_quiet(app: Any) -> None:
    found_town(app)
    assert visitor(app, "dispatcher").get("/settings/start").status_code in (403, 404)
    assert "开用清单" not in visitor(app, "admin").get("/").text
    assert visitor(app, "admin").get("/settings/start").status_code == 200
    assert visitor(app, "admin").get("/settings/start/mail").status_code == 404
