"""Draws: committed before anybody knows the value that is read, witnessed by another, repeated by anybody; what is drawn stays a
secret until it is done."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from tests.support.acts import act_in, do, inspect_all, listed, opened, ready_for_draw, rostered, take_as_sent
from tests.support.makers import Town
from tracker.domain.acts.facts import LinkRole
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, Refusal
from tracker.domain.inspection.drawing import draw, faults_of_proof
from tracker.services.acts import access, steps
from tracker.services.house.master import rows
from tracker.services.house.work import reading, wiring
from tracker.services.inspection import jobs
from tracker.services.inspection.draws import frozen_roster
from tracker.services.publications import publishing
from tracker.services.rules import book
from tracker.services.upkeep import seals
from tracker.services.upkeep.integrity import verify
from tracker.storage.acts.acts import Act, ActLink
from tracker.storage.cases.entries import entries
from tracker.storage.house.base import db
from tracker.storage.inspection.draws import DrawRow, DrawSite
from tracker.storage.inspection.inspections import Inspection
from tracker.storage.publications.publications import Publication
from tracker.storage.sites.sites import Site

KIND = "draw"
ONE = pytest.mark.one_engine


def row_of(number: str) -> DrawRow:
    db.session.rollback()
    return db.session.scalars(select(DrawRow).join(Act, Act.id == DrawRow.act_id).where(Act.number == number)).one()


def drawn_in(number: str) -> list[tuple[str, str, int, str]]:
    """Of a draw the inspections, their sites, ranks and states."""
    query = (select(Act.number, Site.code, DrawSite.rank, Act.state).join(DrawSite, DrawSite.inspection_id == Act.id)
             .join(Site, Site.id == DrawSite.site_id).where(DrawSite.act_id == row_of(number).act_id).order_by(DrawSite.rank))
    return [(row[0], row[1], row[2], row[3]) for row in db.session.execute(query)]


@ONE
def test_what_was_drawn_follows_from_what_was_committed_and_what_was_read(town: Town) -> None:
    number = act_in(town, KIND, "committed")
    assert number == "SJ-2026Q1-360103"
    before = row_of(number)
    assert (before.seed, before.witness, len(before.commitment)) == ("", "", 64)
    assert before.secret is not None and before.commitment not in before.secret
    seals.seal(town.clock.today())
    town.clock.advance(timedelta(days=1))
    do(town, number, KIND, "draw")
    row, fact = row_of(number), entries(reading(), f"act:{number}")[-1].details
    roster = frozen_roster(wiring().blobs, row)
    assert faults_of_proof(roster.text, fact["secret"], fact["witness"], roster_digest=row.roster_digest,
                           commitment=row.commitment, seed=row.seed, result_digest=row.result_digest) == ()
    assert [code for _, code, _, _ in drawn_in(number)] == [line.code for line in draw(roster, row.seed).lines]
    assert [str(each) for each in verify().troubles] == []


@ONE
def test_each_drawn_site_has_its_inspection_which_follows_the_draw(town: Town) -> None:
    number = act_in(town, KIND, "drawn")
    (inspection, code, rank, state), = drawn_in(number)
    assert (rank, state) == (1, "planned")
    links = db.session.execute(select(ActLink.role, ActLink.target).join(Act, Act.id == ActLink.act_id).where(
        Act.number == inspection)).all()
    assert {tuple(each) for each in links} == {(LinkRole.follows, f"act:{number}"), (LinkRole.site, f"site:{code}")}


@ONE
def test_who_prepared_does_not_draw_neither_in_person_nor_for_another(town: Town) -> None:
    number = opened(town, KIND)
    do(town, number, KIND, "commit", by="many_hats")
    seals.seal(town.clock.today())
    town.clock.advance(timedelta(days=1))
    with pytest.raises(NotAllowed, match="抽取须由另一人见证"):
        do(town, number, KIND, "draw", by="many_hats")
    with pytest.raises(NotAllowed, match="抽取须由另一人见证"):
        do(town, number, KIND, "draw", by="lead>many_hats")
    with pytest.raises(NotAllowed):
        do(town, number, KIND, "draw", by="dispatcher")
    assert row_of(number).seed == ""


@ONE
def test_nothing_is_drawn_before_the_commitment_is_sealed_and_the_day_of_the_source_has_come(town: Town) -> None:
    number = act_in(town, KIND, "committed")
    with pytest.raises(Invalid, match="那天以后才能抽取"):
        do(town, number, KIND, "draw")
    town.clock.advance(timedelta(days=1))
    with pytest.raises(Invalid, match="还没有进入当日封签"):
        do(town, number, KIND, "draw")
    seals.seal_missed(town.clock.today() - timedelta(days=1))
    do(town, number, KIND, "draw")
    assert row_of(number).seed


@ONE
@pytest.mark.parametrize(("step", "given", "said"), [
    ("commit", {"witness_on": "2026-03-02"}, "须是今天以后的"), ("commit", {"witness_source": ""}, "请填写"),
    ("abandon", {"reason": "重来"}, "至少 10 字"), ("exclude", {"site": "S-000009"}, "没有找到监管对象"),
    ("exclude", {"officer": "inspector"}, "填且只填一个"), ("exclude", {"site": "", "officer": "lead"}, "不在检查人员名录中"),
    ("include", {}, "没有剔除过")])
def test_what_does_not_fit_is_refused_before_anything_is_committed(town: Town, step: str, given: dict[str, object],
                                                                   said: str) -> None:
    number = opened(town, KIND)
    with pytest.raises(Refusal, match=said):
        do(town, number, KIND, step, **given)
    assert access.page_for(town.actor("lead"), number).head.seq == 1


@ONE
@pytest.mark.parametrize(("given", "said"), [
    ({"witness": "3466"}, "至少 6 字"), ({"planned_on": "2026-03-01"}, "检查日期应在"), ({"due_on": "2026-03-02"}, "检查日期应在"),
    ({"witness": ""}, "请填写")])
def test_what_does_not_fit_is_refused_before_anything_is_drawn(town: Town, given: dict[str, object], said: str) -> None:
    number = act_in(town, KIND, "committed")
    seals.seal(town.clock.today())
    town.clock.advance(timedelta(days=1))
    with pytest.raises(Refusal, match=said):
        do(town, number, KIND, "draw", **given)
    assert row_of(number).seed == "" and drawn_in(number) == []


@ONE
def test_what_is_excluded_by_hand_or_cannot_be_drawn_stands_outside_with_its_reason(town: Town) -> None:
    ready_for_draw(town)
    rows.save_row(town.actor("clerk"), "sites", "S-000003", {"status": "suspended"})
    opened(town, "inspection", site="S-000004")
    number = opened(town, KIND)
    do(town, number, KIND, "exclude")
    do(town, number, KIND, "exclude", site=None, officer="verifier2")
    do(town, number, KIND, "commit")
    roster = frozen_roster(wiring().blobs, row_of(number))
    assert {site.code: site.out for site in roster.sites} == {
        "S-000001": "", "S-000002": "excluded", "S-000003": "not_active", "S-000004": "open_inspection"}
    assert roster.officers == ("enforcer", "enforcer2", "inspector", "verifier")
    assert [(each.site_class, each.quota) for each in roster.strata] == [("A", 1), ("B", 0), ("C", 0)]


@ONE
def test_what_was_put_back_may_be_drawn_again(town: Town) -> None:
    number = opened(town, KIND)
    do(town, number, KIND, "exclude")
    do(town, number, KIND, "include")
    do(town, number, KIND, "commit")
    assert all(site.out == "" for site in frozen_roster(wiring().blobs, row_of(number)).sites)


@ONE
def test_where_too_few_may_be_sent_nothing_is_committed(town: Town) -> None:
    rostered(town, "inspector")
    number = opened(town, KIND)
    with pytest.raises(Invalid, match="只剩 1 名人员，每家须 2 人"):
        do(town, number, KIND, "commit")
    assert row_of(number).commitment == ""


@ONE
def test_of_a_key_one_draw_stands_and_an_abandoned_one_is_counted(town: Town) -> None:
    first = act_in(town, KIND, "committed")
    with pytest.raises(Conflict, match=f"已有抽取 {first}"):
        opened(town, KIND, quarter="2026年第1季度")
    do(town, first, KIND, "abandon")
    second = opened(town, KIND, quarter="2026Q1")
    assert (second, row_of(second).attempt) == ("SJ-2026Q1-360103-2", 2)
    assert access.page_for(town.actor("lead"), second).head.title == "2026Q1 双随机抽取（第 2 次）"


def test_the_database_too_lets_one_draw_of_a_key_stand(town: Town) -> None:
    number = opened(town, KIND)
    row = row_of(number)
    other = opened(town, "meeting")
    act_id = db.session.scalars(select(Act.id).where(Act.number == other)).one()
    with pytest.raises(IntegrityError):
        db.session.execute(insert(DrawRow).values(act_id=act_id, level=row.level, area_code=row.area_code, quarter=row.quarter,
                                               attempt=2, is_abandoned=False, roster_on=date(2026, 3, 2), roster_digest="",
                                               commitment="", witness="", seed="", result_digest=""))
    db.session.rollback()


@ONE
def test_what_cannot_be_inspected_gives_way_to_the_next_rank(town: Town) -> None:
    number = act_in(town, KIND, "drawn")
    (inspection, code, _, _), = drawn_in(number)
    with pytest.raises(Invalid, match="没有登记为不能检查"):
        do(town, number, KIND, "replace", inspection=inspection)
    take_as_sent(town, inspection, "fail")
    do(town, number, KIND, "replace", inspection=inspection)
    (_, _, first, gone), (new, other, second, state) = drawn_in(number)
    roster = frozen_roster(wiring().blobs, row_of(number))
    assert (first, gone, second, state) == (1, "not_possible", 2, "planned") and other != code
    assert other == draw(roster, row_of(number).seed).ranked["A"][1]
    with pytest.raises(Invalid, match="已由第 2 名递补"):
        do(town, number, KIND, "replace", inspection=inspection)
    inspect_all(town, number)
    assert "结束" in jobs.close_draws(town.clock.today()) and new
    assert access.page_for(town.actor("clerk"), number).head.state == "closed"




@ONE
def test_an_officer_gives_way_to_the_next_of_the_order_and_what_was_drawn_is_not_voided(town: Town) -> None:
    number = act_in(town, KIND, "drawn")
    (inspection, _, _, _), = drawn_in(number)
    team = [hand.person_id for hand in access.page_for(town.actor("lead"), inspection).hands]
    login = next(login for login, person in town.people.items() if person == team[0])
    do(town, number, KIND, "reassign", inspection=inspection, officer=login)
    now = [hand.person_id for hand in access.page_for(town.actor("lead"), inspection).hands]
    assert len(now) == 2 and team[0] not in now and team[1] in now
    with pytest.raises(Incomplete, match="人员已满"):
        do(town, number, KIND, "reassign", inspection=inspection)
    for step, given in (("void", {"reason": "不查了"}), ("reassign", {"inspectors": "inspector、verifier", "reason": "换人"})):
        with pytest.raises(NotAllowed, match="由抽取换人或递补"):
            steps.take(town.actor("dispatcher"), inspection, step, given)


@ONE
def test_a_draw_ends_only_when_all_of_it_is_done(town: Town) -> None:
    number = act_in(town, KIND, "drawn")
    with pytest.raises(Invalid, match="还有 1 项检查没有完成"):
        do(town, number, KIND, "close")
    assert "0" in jobs.close_draws(town.clock.today())
    inspect_all(town, number)
    do(town, number, KIND, "close")
    assert access.page_for(town.actor("verifier"), number).head.is_over


@ONE
def test_a_quarter_that_fell_short_and_sites_that_were_drawn_count_in_the_next(town: Town) -> None:
    first = act_in(town, KIND, "closed")
    second = act_in(town, KIND, "drawn")
    assert second == "SJ-2026Q2-360103"
    roster = frozen_roster(wiring().blobs, row_of(second))
    (_, code, _, _), = drawn_in(first)
    assert {site.code: site.times for site in roster.sites}[code] == 1
    assert drawn_in(second)[0][1] != code


@ONE
def test_a_site_of_the_positive_list_counts_and_is_not_drawn_or_is_looked_at_off_the_spot(town: Town) -> None:
    ready_for_draw(town)
    for place in range(1, 5):
        listed(town, f"S-{place:06d}")
    number = opened(town, KIND)
    with pytest.raises(Invalid, match="没有可以抽取的监管对象"):
        do(town, number, KIND, "commit")
    book.set_value(town.actor("admin"), "draw_ways",
                   '{"positive_mode": "offsite", "commit_lead": "same_day", "is_rotated": false}',
                   date(2026, 3, 3), "省办法")
    do(town, number, KIND, "abandon")
    town.clock.advance(timedelta(days=1))
    again = opened(town, KIND, quarter="2026Q1", roster_on="2026-03-03")
    do(town, again, KIND, "commit")
    town.clock.advance(timedelta(days=1))
    with pytest.raises(Incomplete, match="请写明理由"):
        do(town, again, KIND, "draw", planned_on="2026-03-04", due_on="2026-03-20")
    do(town, again, KIND, "draw", planned_on="2026-03-04", due_on="2026-03-20", reason="汛期紧迫")
    assert [row.mode for row in db.session.scalars(select(Inspection))] == ["off_site"]


@ONE
def test_who_audits_looks_the_witnessed_value_up_and_no_hand_of_the_draw_does(town: Town) -> None:
    number = act_in(town, KIND, "closed")
    for login in ("lead", "dispatcher", "clerk"):
        with pytest.raises(Refusal):
            do(town, number, KIND, "check_witness", by=login)
    do(town, number, KIND, "check_witness", verdict="wrong", text="当日收盘为 3466.34")
    assert access.page_for(town.actor("lead"), number).head.details["witness_mark"] == "wrong"
    made = publishing.draft(town.actor("clerk"), "draw", f"act:{number}")
    kept = db.session.get(Publication, made)
    assert kept is not None and kept.body["texts"]["witness"].endswith("（审计核对：不符）")
    assert [str(each) for each in verify().troubles] == []
