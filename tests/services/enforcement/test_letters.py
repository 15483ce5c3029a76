"""A letter of commitment is broken by a penalty, or a serious finding, on a day on which it was in force."""

from datetime import timedelta

import pytest

from tests.support.acts import act_in, do, opened, rostered, site_of
from tests.support.makers import Town
from tests.support.visitors import check_page, visitor
from tracker.domain.sites.registers import SiteRegister
from tracker.domain.sites.sight import EVERY_SITE, site_scope
from tracker.services.house.work import reading
from tracker.services.sites import entering
from tracker.storage.enforcement.letters import broken_letters

pytestmark = pytest.mark.one_engine


def test_it_is_computed_of_what_was_decided_and_found_while_it_was_in_force(town: Town) -> None:
    site_of(town)
    clerk = town.actor("clerk")
    entering.enter(clerk, "S-000001", SiteRegister.commitment, {"valid_from": "2026-03-01", "document_no": "诺1"})
    entering.enter(clerk, "S-000001", SiteRegister.commitment, {
        "valid_from": "2025-01-01", "valid_to": "2026-02-28", "document_no": "诺0"})
    filed = act_in(town, "penalty", "notified")
    assert broken_letters(reading(), EVERY_SITE) == (), "what is not decided breaks nothing, and is told nobody"
    penalty = act_in(town, "penalty", "served")
    rostered(town)
    inspection = opened(town, "inspection")
    do(town, inspection, "inspection", "record", result="serious", findings="偷排", no_photo="dark")
    found = broken_letters(reading(), EVERY_SITE)
    assert [(each.number, each.letter_id) for each in found] == [(inspection, 1), (penalty, 1)] and filed not in str(found)
    assert broken_letters(reading(), site_scope(town.actor("other_lead"))) == ()
    town.clock.advance(timedelta(days=1))
    do(town, penalty, "penalty", "revoke")
    assert [each.number for each in broken_letters(reading(), EVERY_SITE)] == [inspection]


def test_the_list_names_the_act_to_who_may_open_it(town: Town) -> None:
    from flask import current_app

    site_of(town)
    entering.enter(town.actor("clerk"), "S-000001", SiteRegister.commitment, {"valid_from": "2026-03-01"})
    penalty = act_in(town, "penalty", "served")
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    assert penalty in visitor(app, "lead").get("/sites/letters").text
    page = visitor(app, "admin").get("/sites/letters")
    check_page(page)
    assert "已违背" in visitor(app, "lead").get("/sites/S-000001").text
