"""One person registers only so many cases within an hour."""

from pathlib import Path

import pytest
from flask import Flask

from tests.support.makers import Town
from tests.support.tables import published, save_xlsx
from tests.support.visitors import found_town, in_town, send, text_of, visitor
from tests.web.evidence.test_uploads import GIVEN
from tracker.domain.house.errors import TooMany
from tracker.services.cases import intake
from tracker.services.cases.intake import RegisterOrder
from tracker.services.rules import book
from tracker.services.tables.importing import import_file

ORDER = RegisterOrder("H12345", "噪声", "夜间施工噪声")


def at_most(town: Town, number: int) -> None:
    book.set_value(None, "hourly_registrations", str(number), town.clock.today(), "试行")


def test_who_registered_too_many_within_an_hour_is_told_how_long_to_wait(town: Town) -> None:
    at_most(town, 3)
    clerk = town.actor("clerk")
    for _ in range(3):
        intake.register(clerk, ORDER)
        town.clock.advance(minutes=10)
    with pytest.raises(TooMany, match="一小时内已登记 3 件，请在 31 分钟后再登记"):
        intake.register(clerk, ORDER)
    intake.register(town.actor("dispatcher"), ORDER)
    town.clock.advance(minutes=31)
    intake.register(clerk, ORDER)


def test_asking_again_for_what_was_registered_is_no_registration(town: Town) -> None:
    at_most(town, 1)
    clerk = town.actor("clerk")
    order = RegisterOrder("H12345", "噪声", "夜间施工噪声", client_id="a1")
    made = intake.register(clerk, order)
    assert intake.register(clerk, order).number == made.number


def test_imported_cases_do_not_count(town: Town, tmp_path: Path) -> None:
    at_most(town, 1)
    clerk = town.actor("clerk")
    import_file(clerk, save_xlsx(tmp_path / "t.xlsx", {"表": published(2)}))
    intake.register(clerk, ORDER)
    with pytest.raises(TooMany):
        intake.register(clerk, ORDER)


def test_the_page_says_so_and_keeps_what_was_typed(app: Flask) -> None:
    found_town(app)
    with in_town(app) as town:
        at_most(town, 1)
        intake.register(town.actor("clerk"), ORDER)
    answer = send(visitor(app, "clerk"), "/cases/new", {**GIVEN, "title": "河边"})
    assert answer.status_code == 429
    assert "一小时内已登记 1 件" in text_of(answer)
    assert 'value="河边"' in answer.text
