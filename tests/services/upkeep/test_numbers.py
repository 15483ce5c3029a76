"""A case that is gone with all its facts leaves its number behind."""

from tests.support.makers import Town
from tests.support.tampering import tamper
from tracker.services.cases.intake import RegisterOrder, register_many
from tracker.services.house.work import Work, reading, wiring
from tracker.services.rules import rules
from tracker.services.upkeep.checks.numbers import number_troubles


def troubles() -> list[str]:
    found = [str(trouble) for trouble in number_troubles(reading())]
    reading().rollback()
    return found


def erase(number: str) -> tuple[str, ...]:
    case = f"(SELECT id FROM cases WHERE number = '{number}')"
    return (f"DELETE FROM facts WHERE stream = 'case:{number}'", f"DELETE FROM case_units WHERE case_id = {case}",
            f"DELETE FROM case_categories WHERE case_id = {case}", f"DELETE FROM cases WHERE number = '{number}'")


def test_a_case_that_is_erased_is_missed_by_its_number(town: Town) -> None:
    _, middle, last = town.registered(), town.registered(), town.registered()
    assert troubles() == []
    tamper(*erase(middle))
    assert troubles() == ["XH-2026-000002 没有登记记录"]
    tamper(*erase(last))
    assert troubles() == ["XH-2026-000002 没有登记记录", "XH-2026-000003 没有登记记录"]


def test_a_counter_that_was_set_back_is_named(town: Town) -> None:
    town.registered()
    town.registered()
    tamper("UPDATE counters SET last = 1 WHERE key = 'case:2026'")
    assert troubles() == ["案件 2026：2 件，编号到 1"]


def test_numbers_that_came_along_from_another_register_leave_no_hole(town: Town) -> None:
    town.registered()
    order = RegisterOrder(source="PATROL", title="旧案", description="旧案", number="XH-2026-000009")
    with Work(wiring()) as work:
        register_many(work, town.actor("clerk"), rules.source("PATROL"), [order])
    assert town.registered() == "XH-2026-000010"
    assert troubles() == []
    tamper(*erase("XH-2026-000010"))
    assert troubles() == ["XH-2026-000010 没有登记记录"]
