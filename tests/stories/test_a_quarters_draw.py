"""A quarter's draw from its list to what the public reads: one site is replaced, one has a problem that becomes a case and is
rectified, and anybody may repeat it all."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.services.inspection.test_draws import drawn_in
from tests.support.acts import do, opened, publish_act, ready_for_draw, sent_to, take_as_sent
from tests.support.makers import Town, photo
from tracker.domain.acts.facts import LinkRole
from tracker.domain.reports.measures.registry import measure_asked
from tracker.services.acts import access, steps, waiting
from tracker.services.house.work import reading
from tracker.services.inspection import jobs, proofs
from tracker.services.reports.measures.readers import asked_window, measured
from tracker.services.upkeep import seals
from tracker.services.upkeep.integrity import verify

pytestmark = pytest.mark.one_engine


def figure(key: str) -> object:
    row, params = measure_asked(key)
    found = measured(reading(), row, asked_window(date(2026, 1, 1), date(2026, 3, 31), "360103", None, params)).counted
    return None if found is None else (found.value, found.out_of)


def test_a_quarter_is_drawn_inspected_and_told_in_public(town: Town, tmp_path: Path) -> None:
    ready_for_draw(town, 8)
    number = opened(town, "draw", quarter="2026Q1")
    do(town, number, "draw", "exclude")
    do(town, number, "draw", "commit")
    seals.seal(town.clock.today())
    town.clock.advance(timedelta(days=1))
    do(town, number, "draw", "draw", by="auditor", planned_on="2026-03-06", due_on="2026-03-31")
    (first, _, _, _), (second, _, _, _) = drawn_in(number)
    assert all(access.page_for(town.actor("lead"), each).hands == () for each in (first, second))

    town.clock.advance(timedelta(days=2))
    jobs.run_inspections(town.clock.today())
    town.clock.advance(timedelta(days=1))
    take_as_sent(town, first, "fail")
    do(town, number, "draw", "replace", inspection=first)
    third = drawn_in(number)[2][0]
    hands = {hand.person_id for hand in access.page_for(town.actor("lead"), second).hands}
    gone = next(login for login, person in town.people.items() if person in hands)
    do(town, number, "draw", "reassign", inspection=second, officer=gone)
    assert town.people[gone] not in {hand.person_id for hand in access.page_for(town.actor("lead"), second).hands}
    sent = sent_to(town, second)
    assert second in [line.number for line in waiting.waiting_for(sent)]
    steps.take(sent, second, "record", {
        "started_at": "2026-03-06 08:10", "result": "serious", "text": "夜间检查", "findings": "偷排废水"}, uploads=[photo(), photo()])
    take_as_sent(town, third, "record")

    links = access.page_for(town.actor("clerk"), second).links
    (case,) = [link.target.removeprefix("case:") for link in links if link.role == LinkRole.found]
    town.walk(case, "assign", "acknowledge", "submit", "verify", "close")
    for inspection in (second, third):
        publish_act(town, inspection, "inspection", "lead")
    assert "结束抽取 1 次" in jobs.run_inspections(town.clock.today())
    path = tmp_path / "bundle.zip"
    path.write_bytes(proofs.bundle_of(town.actor("clerk"), number))
    assert proofs.proof_in(path).is_sound
    assert (figure("draws.completion"), figure("draws.closed"), figure("inspections.done")) == ((3, 3), (1, 1), (2, None))
    assert (figure("inspections.problem_rate"), figure("inspections.coverage")) == ((1, 2), (2, 8))
    assert [str(each) for each in verify().troubles] == []
