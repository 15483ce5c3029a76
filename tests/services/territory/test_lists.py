"""Versions of the responsibility list: one person drafts, another puts in force, and what it would change is seen before."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.support import rule_lists
from tests.support.first_categories import first_categories
from tests.support.makers import Town
from tracker.domain.house.actor import Grant, Role
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound, WrongState
from tracker.domain.people.delegation import acting
from tracker.services.house.master import rows
from tracker.services.house.work import reading
from tracker.services.people import accounts
from tracker.services.rules import rules
from tracker.services.territory.lists import previews, versions
from tracker.services.territory.lists.versions import ActivateOrder, DraftOrder
from tracker.services.upkeep import integrity
from tracker.storage.house import ledger

pytestmark = pytest.mark.one_engine

ALL = {1: {"lead_unit": "XH-HB"}, 2: {"category": "dust", "keywords": "工地", "lead_unit": "XH-HB"}}


def test_who_wrote_a_draft_last_does_not_put_it_in_force(town: Town) -> None:
    number = versions.draft(None, DraftOrder())
    rows.save_row(town.actor("admin"), "routing", "1", {"lead_unit": "XH-HB", "reason": "属地"})
    promoted = replace(town.actor("admin"), grants=(Grant(Role.lead, "360103"),))
    for actor in (promoted, acting(town.actor("lead2"), promoted)):
        with pytest.raises(NotAllowed, match="须由他人启用"):
            versions.activate(actor, ActivateOrder(number, town.clock.today()))
    with pytest.raises(NotAllowed, match="没有“启用责任清单”的权限"):
        versions.activate(town.actor("admin"), ActivateOrder(number, town.clock.today()))
    with pytest.raises(NotAllowed, match="没有“启用责任清单”的权限"):
        versions.activate(town.actor("other_dispatcher"), ActivateOrder(number, town.clock.today()))
    with pytest.raises(NotAllowed, match="没有“拟责任清单”的权限"):
        versions.drop(town.actor("lead"), number)
    versions.activate(town.actor("dispatcher"), ActivateOrder(number, town.clock.today()))


def test_the_next_version_begins_as_a_copy_and_the_last_ends_the_day_before(town: Town) -> None:
    today = town.clock.today()
    rule_lists.in_force(town, ALL)
    second = rule_lists.drafted(town, {2: {"lead_unit": "XH-CG"}}, title="责任清单（修订）", document_no="西环整改〔2026〕9号")
    versions.activate(town.actor("lead"), ActivateOrder(second, today + timedelta(days=10)))
    first, now = versions.version_named(reading(), 1), versions.version_named(reading(), 2)
    assert (first.valid_to, now.valid_from, now.copied_from) == (today + timedelta(days=9), today + timedelta(days=10), 1)
    assert [rule.lead_unit_code for rule in rules.routing(today + timedelta(days=9))] == ["XH-HB", "XH-HB"]
    assert [rule.lead_unit_code for rule in rules.routing(today + timedelta(days=10))] == ["XH-HB", "XH-CG"]
    assert integrity.verify().first is None


def test_there_is_one_draft_at_a_time_and_a_dropped_one_stays_to_be_read(town: Town) -> None:
    rule_lists.drafted(town, ALL)
    with pytest.raises(Conflict, match="第 1 版还是草稿"):
        versions.draft(None, DraftOrder())
    versions.remove_line(town.actor("admin"), 1, 2)
    versions.drop(town.actor("admin"), 1)
    assert [rule.number for rule in versions.rules_of(reading(), versions.version_named(reading(), 1))] == [1]
    assert versions.draft(None, DraftOrder(copied_from=1)) == 2
    with pytest.raises(WrongState, match="第 1 版不是草稿"):
        versions.activate(town.actor("lead"), ActivateOrder(1, town.clock.today()))
    with pytest.raises(NotFound, match="没有责任清单第 9 版"):
        versions.activate(town.actor("lead"), ActivateOrder(9, town.clock.today()))


def test_a_first_day_is_today_or_later_and_never_before_a_version_that_waits(town: Town) -> None:
    today = town.clock.today()
    number = rule_lists.drafted(town, ALL)
    with pytest.raises(Invalid, match="只能从今天"):
        versions.activate(town.actor("lead"), ActivateOrder(number, today - timedelta(days=1)))
    versions.activate(town.actor("lead"), ActivateOrder(number, today + timedelta(days=5)))
    other = rule_lists.drafted(town, ALL)
    with pytest.raises(Invalid, match="第 1 版已定于"):
        versions.activate(town.actor("lead"), ActivateOrder(other, today))
    versions.activate(town.actor("lead"), ActivateOrder(other, today + timedelta(days=5)))
    assert {rule.version for rule in rules.routing(today + timedelta(days=5))} == {2}


def test_a_draft_that_was_written_since_it_was_looked_at_is_looked_at_again(town: Town) -> None:
    number = rule_lists.drafted(town, ALL)
    seen = versions.version_named(reading(), number).edits
    versions.remove_line(town.actor("admin"), number, 2)
    with pytest.raises(Conflict, match="有人改了这份草稿"):
        versions.activate(town.actor("lead"), ActivateOrder(number, town.clock.today(), seen=seen))
    versions.activate(town.actor("lead"), ActivateOrder(number, town.clock.today(), seen=seen + 1))


def test_a_matter_without_a_unit_needs_a_reason(town: Town) -> None:
    number = rule_lists.drafted(town, {n: {"category": category, "lead_unit": "XH-HB"} for n, category
                                       in enumerate(first_categories().names, start=1)
                                       if category != "noise"})
    with pytest.raises(Incomplete, match=r"无人负责（如 .*朝阳洲街道·噪声"):
        versions.activate(town.actor("lead"), ActivateOrder(number, town.clock.today()))
    versions.activate(town.actor("lead"), ActivateOrder(number, town.clock.today(), reason="噪声另行分工，电话 13912345678"))
    fact = ledger.stream_of(reading(), f"list:{number}")[-1]
    assert "噪声另行分工" not in fact.body
    assert fact.payload["gaps"] and len(str(fact.payload["digest"])) == 64
    assert integrity.verify().first is None


def test_a_unit_or_an_area_that_is_gone_on_the_first_day_is_named_with_its_line(town: Town) -> None:
    number = rule_lists.drafted(town, ALL)
    last = town.clock.today() + timedelta(days=10)
    accounts.end_unit(None, code="XH-HB", last_day=last, successor="XH-CG")
    with pytest.raises(Invalid, match="第 1 条的单位“XH-HB”在"):
        versions.activate(town.actor("lead"), ActivateOrder(number, last + timedelta(days=1)))
    draft = versions.version_named(reading(), number)
    found = previews.preview(reading(), draft, versions.rules_of(reading(), draft), last + timedelta(days=1))
    assert [(unit.code, unit.lines) for unit in found.ending] == [("XH-HB", (1, 2))]
    versions.activate(town.actor("lead"), ActivateOrder(number, last))


def test_an_empty_draft_is_not_put_in_force(town: Town) -> None:
    with pytest.raises(Incomplete, match="一条也没有"):
        versions.activate(town.actor("lead"), ActivateOrder(rule_lists.drafted(town), town.clock.today()))


def test_the_preview_counts_what_would_go_elsewhere_and_moves_nothing(town: Town) -> None:
    rule_lists.in_force(town, {**ALL, 3: {"category": "water", "lead_unit": "TL-NC"},
                               4: {"keywords": "工地", "lead_unit": "XH-TY"}})
    about = {"categories": ("dust",), "title": "工地扬尘", "description": "工地裸土未覆盖"}
    closed = [town.registered(**about) for _ in range(2)]
    for number in closed:
        town.walk(number, "decline")
    numbers = [town.registered(**about), town.registered(), *closed]
    second = rule_lists.drafted(town, {2: {"lead_unit": "XH-CG"},
                                       5: {"category": "dust", "keywords": "工地裸土", "lead_unit": "XH-CG"}})
    versions.remove_line(town.actor("admin"), second, 3)
    draft = versions.version_named(reading(), second)
    found = previews.preview(reading(), draft, versions.rules_of(reading(), draft), town.clock.today())
    (move,) = found.effect.moves
    assert (move.was, move.now, len(move.recent), move.open) == ("XH-HB", "XH-CG", 3, numbers[:1])
    assert (found.effect.open_count, found.effect.recent_count, found.days) == (2, 4, 90)
    assert [(rule.number, [each.number for each in by]) for rule, by in found.effect.beaten] == [(2, [5]), (4, [5])]
    assert found.effect.unmet == () and found.gaps == ()
    assert town.row(numbers[0]).seq == 1, "the case stands as it was registered"


def test_a_case_keeps_the_version_and_clause_by_which_it_was_given_away(town: Town) -> None:
    town.clock.move_to(town.clock.end_of(date(2026, 11, 9)))
    town.clock.advance(hours=10)
    rule_lists.in_force(town, {1: {"category": "garbage", "lead_unit": "XH-CYZ", "clause": "3.1"}})
    number = town.registered()
    town.do(number, "assign")
    rule_lists.in_force(town, {1: {"category": "garbage", "lead_unit": "XH-CG", "clause": "4.2"}}, date(2027, 1, 1))
    town.clock.move_to(town.clock.end_of(date(2027, 2, 28)))
    town.clock.advance(hours=10)
    said = next(fact.payload for fact in town.facts(number) if fact.kind == "case:assigned")
    assert said["routing"].startswith("按责任清单第1版第3.1条") and (said["routing_list"], said["routing_clause"]) == (1, "3.1")
