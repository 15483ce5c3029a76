"""Values of the rule book: dated, never back-dated, never rewritten, and what the deeds go by."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState, Why
from tracker.domain.house.errors import Incomplete, Invalid, NotAllowed, NotFound, Refusal
from tracker.domain.rules.lights import Light
from tracker.services.rules import book, values
from tracker.services.rules.book import set_value
from tracker.services.upkeep import integrity
from tracker.storage.house import ledger
from tracker.storage.house.base import db


def set_now(town: Town, key: str, raw: str, days: int = 0) -> None:
    set_value(town.actor("admin"), key, raw, town.clock.today() + timedelta(days=days), "西环整改〔2026〕1号")


def test_a_value_holds_from_its_day_on_and_the_default_before(town: Town) -> None:
    today = town.clock.today()
    set_now(town, "most_returns", "1", days=3)
    set_now(town, "most_returns", "5", days=10)
    found = [values.value("most_returns", today + timedelta(days=n)) for n in (-400, 0, 2, 3, 9, 10, 4000)]
    assert found == [2, 2, 2, 1, 1, 5, 5]
    (page,) = [page for page in book.pages(today) if page.rule.key == "most_returns"]
    assert (page.text, page.is_default, [v.text for v in page.versions]) == ("2", True, ["5", "1"])
    assert page.versions[0].made_by == town.actor("admin").name


def test_setting_a_value_is_a_fact_with_what_was_before(town: Town) -> None:
    set_now(town, "warn_workdays", "5")
    (fact,) = ledger.stream_of(db.session(), "rules")
    assert (fact.kind, fact.actor_id) == ("rules:value_set", town.actor("admin").id)
    assert (fact.payload["key"], fact.payload["was"], fact.payload["value"]) == ("warn_workdays", "3", "5")
    assert integrity.verify().first is None


def test_nothing_is_set_for_a_day_gone_by_nor_twice_for_one_day_nor_without_a_basis(town: Town) -> None:
    with pytest.raises(Invalid, match=r"most_returns.*不能倒签") as refused:
        set_now(town, "most_returns", "1", days=-1)
    assert refused.value.field == "effective_from"
    set_now(town, "most_returns", "1")
    with pytest.raises(Invalid, match="已经设过"):
        set_now(town, "most_returns", "3")
    with pytest.raises(Incomplete, match="（most_returns）须写明依据"):
        set_value(town.actor("admin"), "most_returns", "3", town.clock.today() + timedelta(days=1), " ")
    with pytest.raises(Invalid, match="（most_returns）不能这样写"):
        set_now(town, "most_returns", "99", days=1)
    with pytest.raises(NotFound):
        set_now(town, "no_such_key", "1")
    assert values.value("most_returns", town.clock.today()) == 1


@pytest.mark.parametrize("login", ["dispatcher", "lead", "officer", "auditor"])
def test_only_who_manages_rules_sets_one(town: Town, login: str) -> None:
    with pytest.raises(NotAllowed):
        set_value(town.actor(login), "most_returns", "1", town.clock.today(), "依据")


def test_the_number_of_returns_follows_the_book(town: Town) -> None:
    set_now(town, "most_returns", "1")
    number = town.registered("H12345")
    town.do(number, "assign")
    town.walk(number, "grant_return")
    town.do(number, "assign")
    with pytest.raises(Refusal) as refused:
        town.do(number, "request_return")
    assert refused.value.code == Why.too_many_returns.value


def test_number_and_length_of_extensions_follow_the_book(town: Town) -> None:
    set_now(town, "longest_extension_days", "10")
    set_now(town, "most_extensions", "1")
    number = town.case_in(CaseState.rectifying, "H12345")
    due_on = town.row(number).due_on
    with pytest.raises(Invalid, match="一次延期最多 10 日"):
        town.do(number, "request_extension", new_due_on=(due_on + timedelta(days=11)).isoformat())
    town.walk(number, "grant_extension")
    with pytest.raises(Refusal) as refused:
        town.do(number, "request_extension")
    assert refused.value.code == Why.too_many_extensions.value


def test_the_yellow_light_follows_the_book(town: Town) -> None:
    today = town.clock.today()
    due_on = values.light_bounds(today).yellow_until + timedelta(days=4)
    assert values.light_bounds(today).light(due_on) is Light.green
    set_now(town, "warn_workdays", "15")
    assert values.light_bounds(today).light(due_on) is Light.yellow


def test_values_are_read_once_in_a_process(town: Town) -> None:
    values.value("most_returns", date(2026, 1, 1))
    seen: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    for key in ("most_returns", "most_extensions", "ladder", "office_hours"):
        values.value(key, date(2026, 1, 1))
    assert seen == []
