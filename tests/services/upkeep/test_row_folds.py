"""Every folded row is what its facts amount to, and every fact's row stands there: whoever writes the database behind the
product's back is named."""

from datetime import date

import pytest

from tests.support.makers import Town
from tests.support.substitutes import delegate
from tests.support.tampering import tamper
from tests.support.tour import appraise_last_year
from tracker.domain.house.actor import OPERATOR
from tracker.domain.people.fact_kinds import UnitFacts
from tracker.domain.rules.limits import Limit, LimitUnit, Stage
from tracker.services.cases import identities
from tracker.services.cases.intake import RegisterOrder, register
from tracker.services.house.stating import UnstatedRows
from tracker.services.house.work import Work, reading, wiring
from tracker.services.reports import appeals
from tracker.services.rules import book, limits
from tracker.services.upkeep.checks.rows import LARGE, row_troubles
from tracker.services.upkeep.checks.unstated import state_seeds
from tracker.storage.house.base import db
from tracker.storage.people.accounts import Unit
from tracker.storage.reports.appeals import Appeal

GRANT = ("INSERT INTO role_grants (id, person_id, role, area_code, granted_at) "
         "VALUES (640, 1, 'lead', '', '2026-03-01 00:00:00')")
PERSON = ("INSERT INTO people (id, login, name, title, password_hash, created_at, is_head, kind) "
          "VALUES (640, 'ghost', '某', '', 'x', '2026-03-01 00:00:00', false, 'person')")
DELEGATION = ("INSERT INTO delegations (id, principal_id, substitute_id, from_on, to_on, reason, made_at) "
              "VALUES (640, 1, 2, '2026-03-02', '2026-03-03', '', '2026-03-02 00:00:00')")
VALUE = ("INSERT INTO rule_values (id, key, value, basis, effective_from, made_at) "
         "VALUES (640, 'daily_mail_cap', '9', '', '2026-03-09', '2026-03-02 00:00:00')")
DIGEST = "a" * 64
EVIDENCE = {"shown_digest": f"'{DIGEST}'", "thumb_digest": f"'{DIGEST}'", "digest": f"'{DIGEST}'",
            "role": "'before'", "round": "9",
            "taken_at": "'2020-01-01'",
            "lat": "28.1", "lng": "115.1", "size": "9", "media_type": "'image/gif'",
            "original_name": "'别的.jpg'", "uploaded_by_id": "1", "uploaded_at": "'2020-01-01 00:00:00'",
            "is_original_sealed": "true"}
TAMPERINGS: dict[str, tuple[tuple[str, ...], str]] = {
    "a role given": ((GRANT,), "role_grants 640 没有账本记录"),
    "a role removed": (("DELETE FROM role_grants WHERE id = 2",), "role_grants 2 不见了"),
    "a role widened": (("UPDATE role_grants SET area_code = '' WHERE id = 2",), "role_grants 2 被改动：area_code"),
    "a password": (("UPDATE people SET password_hash = 'another' WHERE id = 1",), "people 1 被改动：password_hash"),
    "a person added": ((PERSON,), "people 640 没有账本记录"),
    "a person renamed": (("UPDATE people SET name = '另一人' WHERE id = 1",), "people 1 被改动：name"),
    "a person moved": (("UPDATE people SET unit_id = 1 WHERE id = 1",), "people 1 被改动：unit_id"),
    "a delegation": ((DELEGATION,), "delegations 640 没有账本记录"),
    "a delegation's reason": (("UPDATE delegations SET reason = '另一个'",), "delegations 1 被改动：reason"),
    "a unit": (("UPDATE units SET kind = 'other' WHERE id = 1",), "units 1 被改动：kind"),
    "an area": (("UPDATE areas SET name = '别处' WHERE code = '360103'",), "areas 360103/0001-01-01 被改动：name"),
    "a source's gate": (("UPDATE sources SET close_gate = '' WHERE id = 1",), "sources 1 被改动：close_gate"),
    "a limit": (("UPDATE limits SET amount = 99 WHERE id = 1",), "limits 1 被改动：amount"),
    "a limit that was set": (("UPDATE limits SET amount = 99 WHERE basis = '局务会'",), "被改动：amount"),
    "the calendar": (("UPDATE calendar_days SET kind = 'workday' WHERE day = '2026-01-01'",),
                     "calendar_days 2026-01-01 被改动：kind"),
    "a day of the calendar": (("DELETE FROM calendar_days WHERE day = '2026-01-01'",), "calendar_days 2026-01-01 不见了"),
    "a value that nobody set": ((VALUE,), "rule_values 640 没有账本记录"),
    "a value": (("UPDATE rule_values SET value = '999'",), "rule_values 1 被改动：value"),
    "a reporter deleted": (("DELETE FROM identities",), "identities 1 不见了"),
    "a reporter moved": (("UPDATE identities SET case_id = (SELECT max(id) FROM cases)",), "identities 1 被改动：case_id"),
    "a report": (("UPDATE reports SET body = replace(body, '360103', '360104')",), "reports 1 被改动：body"),
    "a report taken away": (("UPDATE cadence_records SET report_id = NULL", "DELETE FROM appeals", "DELETE FROM reports"),
                            "reports 1 不见了"),
    "an appeal's decision": (("UPDATE appeals SET outcome = 'upheld'",), "appeals 1 被改动：outcome"),
    **{f"the {name} of a photo": ((f"UPDATE evidence SET {name} = {value} WHERE id = 2",), f"证据 2 被改动：{name}")
       for name, value in EVIDENCE.items()},
    "a pair of photos": (("UPDATE evidence SET pair_id = 1 WHERE id = 2",), "证据 2 被改动：pair_id"),
    "a photo": (("DELETE FROM evidence WHERE id = 2",), "证据 2 不见了"),
}


def troubles(**options: frozenset[str]) -> list[str]:
    found = [str(trouble) for trouble in row_troubles(reading(), **options)]
    reading().rollback()
    return found


@pytest.fixture
def used(town: Town) -> Town:
    """A district in which a row of every folded table stands."""
    town.case_in("closed")
    order = RegisterOrder(source="H12345", title="黑烟", description="车间冒黑烟", categories=("air",))
    register(town.actor("clerk"), order, reporter=identities.Reporter("王小明", "13912345678"))
    delegate(town, "officer", "clerk", reason="住院")
    book.set_value(town.actor("admin"), "daily_mail_cap", "7", town.clock.today(), "会议纪要")
    limits.set_limit(None, Limit(None, Stage.verify, 9, LimitUnit.working_day, False, "局务会", date(2026, 4, 1)))
    appraise_last_year(town)
    appeals.decide(town.actor("lead"), db.session.query(Appeal).one().id, appeals.REJECTED, "证据不足")
    assert troubles() == []
    return town


@pytest.mark.one_engine
@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_row_that_is_not_what_the_ledger_says_is_named(used: Town, name: str) -> None:
    statements, said = TAMPERINGS[name]
    tamper(*statements)
    assert any(said in each for each in troubles()), troubles()


def test_every_table_is_compared_on_both_engines(used: Town) -> None:
    tamper(GRANT, "UPDATE limits SET amount = 99 WHERE id = 1", "UPDATE evidence SET shown_digest = digest WHERE id = 2",
           "UPDATE people SET password_hash = 'another' WHERE id = 1")
    assert troubles() == ["people 1 被改动：password_hash", "role_grants 640 没有账本记录", "证据 2 被改动：shown_digest",
                          "limits 1 被改动：amount"]
    assert len(troubles(left_out=LARGE)) == 3


def test_a_deed_that_changes_a_row_and_tells_nothing_is_refused(town: Town) -> None:
    town.case_in("registered")
    with pytest.raises(UnstatedRows, match=r"units/1 \(name\)"), Work(wiring()) as work:
        work.session.get_one(Unit, 1).name = "另一个名字"
    assert reading().get_one(Unit, 1).name != "另一个名字"
    assert troubles() == []


def test_a_fact_tells_what_changed_since_the_one_before_and_an_ended_row_by_nothing(town: Town) -> None:
    with Work(wiring()) as work:
        unit = Unit(code="NEW", name="新单位", kind="bureau", valid_from=town.clock.today())
        work.session.add(unit)
        born = work.record("unit:NEW", UnitFacts.added, OPERATOR, {})
        unit.name = "改名"
        renamed = work.record("unit:NEW", UnitFacts.ended, OPERATOR, {})
        work.session.delete(unit)
        ended = work.record("unit:NEW", UnitFacts.ended, OPERATOR, {})
    name = f"units/{unit.id}"
    assert set(born.payload["rows"][name]) == {*wiring().folds["units"].told}  # type: ignore[index]
    assert (renamed.payload["rows"], ended.payload["rows"]) == ({name: {"name": "改名"}}, {name: None})
    assert troubles() == []


def test_what_migrations_seeded_is_told_once(town: Town) -> None:
    town.case_in("registered")
    with Work(wiring()) as work:
        assert state_seeds(work) == 0
