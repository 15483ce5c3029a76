"""Inspections: nobody goes alone, what is found becomes a case at once and once, and few know of one before it is done."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from tests.support.acts import act_in, do, listed, opened, rostered, site_of
from tests.support.makers import Town, photo
from tests.support.mornings import morning_of
from tracker.domain.acts.facts import LinkGrade, LinkRole
from tracker.domain.house.actor import Actor, Grant, Role
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound, Refusal, WrongState
from tracker.domain.house.words import WORDS
from tracker.services.acts import access, exporting, steps, waiting
from tracker.services.house.master import rows
from tracker.services.house.work import reading, wiring
from tracker.services.upkeep.integrity import verify
from tracker.storage.acts import register
from tracker.storage.acts.acts import Act, ActHand, ActLink, ClockRow
from tracker.storage.acts.register import ActFilters
from tracker.storage.cases.cases import Case
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import db
from tracker.storage.inspection.inspections import Inspection
from tracker.storage.mail.outbox import Message

KIND = "inspection"
ONE = pytest.mark.one_engine


def found(town: Town, number: str, *, photos: int = 2, **given: object) -> None:
    """An inspection that found two problems, with photos."""
    told = {"started_at": f"{town.clock.today()} 08:30", "result": "problem", "text": "现场检查", "findings": "烟气未收集\n危废间未上锁",
            **given}
    steps.take(town.actor("inspector"), number, "record", told, uploads=[photo() for _ in range(photos)])


def row_of(number: str) -> Inspection:
    return db.session.scalars(select(Inspection).join(Act, Act.id == Inspection.act_id).where(Act.number == number)).one()


@ONE
def test_of_two_problems_two_cases_come_with_the_number_of_the_inspection_each_with_its_photo(town: Town) -> None:
    number = opened(town, KIND)
    assert number == "JC-2026-000001"
    found(town, number, photos=3)
    links = db.session.execute(select(ActLink.target, ActLink.position, ActLink.grade).where(
        ActLink.role == LinkRole.found).order_by(ActLink.position)).all()
    cases = db.session.scalars(select(Case).order_by(Case.id)).all()
    assert [(case.source_number, case.title, case.source.key) for case in cases] == [
        ("JC-2026-000001-1", "烟气未收集", "INSPECT"), ("JC-2026-000001-2", "危废间未上锁", "INSPECT")]
    assert [tuple(link) for link in links] == [(f"case:{case.number}", n, LinkGrade.ordinary) for n, case in enumerate(cases, 1)]
    subjects = [*db.session.scalars(select(EvidenceRow.subject).order_by(EvidenceRow.id))]
    assert sorted(subjects) == sorted([*(f"case:{case.number}" for case in cases), f"act:{number}"])
    assert [str(each) for each in verify().troubles] == []


@ONE
def test_the_same_record_sent_twice_makes_no_case_twice(town: Town) -> None:
    number = opened(town, KIND)
    found(town, number)
    with pytest.raises(WrongState):
        found(town, number)
    assert len(db.session.scalars(select(Case.id)).all()) == 2


@ONE
@pytest.mark.parametrize(("given", "photos", "said"), [
    ({"result": "ok"}, 2, "不写发现的问题"), ({"findings": "  \n "}, 2, "请一行一个写明问题"),
    ({"findings": "烟气未收集\n危废间未上锁"}, 1, "要有一张现场照片"), ({"findings": "长" * 301}, 1, "第 1 个问题超过"),
    ({"started_at": "2026-03-02 23:00"}, 2, "还没有到"), ({"started_at": "2026-03-01 08:00"}, 2, "早于安排检查"),
    ({"findings": "\n".join("问题" for _ in range(21))}, 2, "最多写 20 个问题"), ({"text": ""}, 2, "请填写")])
def test_a_record_that_does_not_fit_is_refused_and_nothing_of_it_is_there(town: Town, given: dict[str, object], photos: int,
                                                                          said: str) -> None:
    number = opened(town, KIND)
    with pytest.raises(Refusal, match=said):
        found(town, number, photos=photos, **given)
    assert access.page_for(town.actor("lead"), number).head.state == "planned"
    assert db.session.scalars(select(Case.id)).all() == [] and row_of(number).done_on is None


@ONE
@pytest.mark.parametrize(("done", "due"), [(date(2026, 2, 5), date(2026, 3, 11)), (date(2026, 4, 1), date(2026, 4, 30))])
def test_results_are_told_in_public_within_twenty_working_days(town: Town, done: date, due: date) -> None:
    town.clock.move_to(datetime.combine(done, datetime.min.time(), wiring().zone) + timedelta(hours=9))
    rostered(town)
    number = act_in(town, KIND, "done")
    clock = db.session.scalars(select(ClockRow).where(ClockRow.subject == f"act:{number}",
                                                      ClockRow.stage == "publish_result")).one()
    assert (clock.started_on, clock.due_on) == (done, due)
    do(town, number, KIND, "publish")
    db.session.refresh(clock)
    assert clock.outcome == "met"


@ONE
def test_who_inspected_does_not_publish_the_result(town: Town) -> None:
    number = act_in(town, KIND, "done")
    both = replace(town.actor("inspector"), grants=(Grant(Role.lead, "360103"),))
    with pytest.raises(NotAllowed, match="须由不同的人办理"):
        steps.take(both, number, "publish", {})
    with pytest.raises(Invalid, match="这里不能直接公开"):
        steps.take(town.actor("lead"), number, "publish", {})
    for login in ("inspector", "officer", "verifier", "auditor"):
        with pytest.raises((NotAllowed, NotFound)):
            steps.take(town.actor(login), number, "publish", {})


@ONE
@pytest.mark.parametrize(("given", "said"), [
    ({"inspectors": "inspector"}, "不得少于 2 人，现为 1 人"), ({"inspectors": "inspector、officer"}, "“officer”在 2026年3月2日 不在检查人员名录中"),
    ({"inspectors": "inspector、verifier"}, "verifier先生须回避“桃花纺织”"), ({"planned_on": "2026-03-01"}, "早于今天"),
    ({"due_on": "2026-03-01"}, "早于计划日期"), ({"site": "无此厂"}, "没有找到监管对象"), ({"mode": "off_site"}, "须选检查手段"),
    ({"method": "video"}, "现场检查不选"), ({"origin": "draw"}, "只能是"), ({"target": "XH-2026-999999"}, "没有找到案件或事项")])
def test_whoever_is_sent_stands_on_the_roster_goes_not_alone_and_has_no_interest_there(town: Town, given: dict[str, object],
                                                                                       said: str) -> None:
    site_of(town)
    rostered(town)
    rows.save_row(town.actor("dispatcher"), "interests", None,
                  {"person": "verifier", "site": "S-000001", "ground": "kin", "valid_from": "2026-01-01"})
    with pytest.raises(Refusal, match=said):
        opened(town, KIND, **given)
    assert db.session.scalars(select(Act.id)).all() == []


@ONE
def test_off_the_spot_one_is_enough_and_a_case_may_have_led_to_it(town: Town) -> None:
    case = town.registered()
    number = opened(town, KIND, mode="off_site", method="video", inspectors="inspector", target=case)
    do(town, number, KIND, "record")
    row = row_of(number)
    assert (row.is_certificate_shown, row.result, row.mode) == (False, "ok", "off_site")
    assert db.session.scalar(select(ActLink.target).where(ActLink.role == LinkRole.ground)) == f"case:{case}"


def test_the_database_too_lets_nobody_inspect_alone(town: Town) -> None:
    number = opened(town, KIND)
    act = db.session.scalars(select(Act).where(Act.number == number)).one()
    db.session.execute(delete(ActHand).where(ActHand.act_id == act.id, ActHand.person_id == town.people["enforcer"]))
    with pytest.raises(DatabaseError, match="two people or more"):
        db.session.execute(update(Act).where(Act.id == act.id).values(state="done"))
    db.session.rollback()


@ONE
def test_a_deed_too_lets_nobody_inspect_alone(town: Town) -> None:
    number = opened(town, KIND)
    act = db.session.scalars(select(Act).where(Act.number == number)).one()
    db.session.execute(delete(ActHand).where(ActHand.act_id == act.id, ActHand.person_id == town.people["enforcer"]))
    db.session.commit()
    with pytest.raises(Invalid, match="不得少于 2 人"):
        do(town, number, KIND, "record")


def test_without_a_certificate_nothing_on_the_spot_counts_as_done(town: Town) -> None:
    number = act_in(town, KIND, "done")
    with pytest.raises(DatabaseError, match=r"certificate|CHECK"):
        db.session.execute(text("UPDATE inspections SET is_certificate_shown = :no"), {"no": False})
    db.session.rollback()
    assert row_of(number).is_certificate_shown


@ONE
def test_who_is_sent_is_told_and_others_may_be_sent_instead(town: Town) -> None:
    number = opened(town, KIND)
    told = {row.person_id for row in db.session.scalars(select(Message).where(Message.mail == "act_step"))}
    assert told == {town.people["inspector"], town.people["enforcer"]}
    do(town, number, KIND, "reassign", inspectors="verifier、enforcer2")
    page = access.page_for(town.actor("dispatcher"), number)
    assert {hand.person_id for hand in page.hands} == {town.people["verifier"], town.people["enforcer2"]}
    with pytest.raises(NotFound):
        access.page_for(town.actor("inspector"), number)
    with pytest.raises(Invalid, match="没有改变"):
        do(town, number, KIND, "reassign", inspectors="enforcer2、verifier")


@ONE
def test_the_day_may_be_put_off_and_what_cannot_be_done_says_why(town: Town) -> None:
    number = opened(town, KIND)
    do(town, number, KIND, "reschedule", planned_on="2026-03-20")
    row = row_of(number)
    assert (row.planned_on, row.due_on) == (date(2026, 3, 20), date(2026, 3, 20))
    with pytest.raises(Incomplete, match="照片"):
        steps.take(town.actor("inspector"), number, "fail", {"why_not": "suspended", "text": "停产"})
    do(town, number, KIND, "fail")
    assert access.page_for(town.actor("lead"), number).head.is_over
    assert db.session.scalars(select(ClockRow.stopped_on).where(ClockRow.stopped_on.is_(None))).all() == []


@ONE
def test_it_waits_on_the_desk_of_those_who_are_sent_and_of_nobody_else(town: Town) -> None:
    number = opened(town, KIND)
    shown = {login: [each.word for each in waiting.waiting_for(town.actor(login)) if each.number == number] for login
             in town.people}
    assert {login for login, words in shown.items() if words} == {"inspector"} and shown["inspector"] == ["记录检查"]
    do(town, number, KIND, "record")
    assert [each.word for each in waiting.waiting_for(town.actor("lead")) if each.number == number] == ["公开结果"]


# --- who knows of it ------------------------------------------------------------------------------------------------------------

KNOW = {"dispatcher", "dispatcher2", "many_hats", "lead", "lead2", "supervisor", "auditor", "inspector", "enforcer"}


@ONE
@pytest.mark.parametrize("state", ["planned", "not_possible", "voided"])
def test_nobody_but_those_who_plan_watch_or_go_learns_of_it_by_any_way_out(town: Town, state: str) -> None:
    number, session = act_in(town, KIND, state, due_on="2026-03-02"), reading()
    others = [login for login in town.people if login not in KNOW]
    assert {"officer", "below_officer", "clerk", "admin", "verifier", "legal", "enforcer2", "neighbour"} <= set(others)
    for login in town.people:
        actor = town.actor(login)
        scope = access.scope_of(actor)
        seen = [register.page(session, scope, ActFilters(is_over=is_over)).lines for is_over in (False, True)]
        assert any(seen) is (login in KNOW), login
        assert bool(register.counts(session, scope, ActFilters())) is (login in KNOW and state == "planned"), login
        assert bool(register.found_by(session, scope, "桃花纺织", 9)) is (login in KNOW), login
        assert bool(list(register.rows(session, scope, ActFilters(is_over=state != "planned")))) is (login in KNOW), login
        assert bool(register.linked_to(session, scope, "site:S-000001")) is (login in KNOW), login
        assert bool(register.titles_of(session, scope, [f"act:{number}"])) is (login in KNOW), login
        if login not in KNOW:
            with pytest.raises(NotFound):
                steps.take(actor, number, "note", {})


@ONE
def test_no_mail_and_no_morning_list_tells_of_it(town: Town, tmp_path: object) -> None:
    number = opened(town, KIND, due_on="2026-03-03")
    told = {row.person_id for row in db.session.scalars(select(Message).where(Message.dedupe_key.startswith(f"act:{number}")))}
    assert told == {town.people["inspector"], town.people["enforcer"]}
    town.clock.move_to(town.clock.now() + timedelta(days=9))
    morning = morning_of(town)
    assert {login for login, said in morning.texts.items() if number in said or "桃花纺织" in said} <= KNOW
    assert number in morning.texts["dispatcher"]


@ONE
def test_an_inspector_who_is_not_sent_reads_nothing_of_it_before_it_is_done(town: Town) -> None:
    number = opened(town, KIND)
    other = Actor(town.people["verifier2"], "另一检查员", None, (), (), (Grant(Role.inspector, "360103"),))
    with pytest.raises(NotFound):
        access.page_for(other, number)
    do(town, number, KIND, "record")
    assert access.page_for(other, number).head.state == "done"
    assert access.page_for(town.actor("clerk"), number).head.state == "done"


@ONE
def test_the_file_of_the_list_has_it_only_for_those_who_know(town: Town, tmp_path_factory: pytest.TempPathFactory) -> None:
    number, path = opened(town, KIND), tmp_path_factory.mktemp("acts") / "acts.csv"
    for login in ("clerk", "officer", "lead"):
        exporting.export_acts(town.actor(login), path, ActFilters())
        assert (number in path.read_text("utf-8")) is (login in KNOW), login


@ONE
def test_facts_of_it_hold_no_name_of_anybody(town: Town) -> None:
    number = opened(town, KIND)
    body = db.session.scalars(text("SELECT body FROM facts WHERE kind = 'inspection:planned'")).one()
    assert "先生" not in body and WORDS in body and number


@ONE
def test_somebody_is_on_the_roster_once_at_a_time(town: Town) -> None:
    rostered(town, "inspector")
    with pytest.raises(Conflict, match="已在名录中"):
        rows.save_row(town.actor("dispatcher"), "inspectors", None,
                      {"person": "inspector", "certificate_no": "赣2", "valid_from": "2026-02-01"})
    with pytest.raises(Invalid, match="没有登录名为"):
        rostered(town, "nobody")


@ONE
@pytest.mark.parametrize(("given", "is_allowed"), [
    ({"origin": "complaint"}, True), ({"origin": "emergency"}, True), ({"origin": "positive_list"}, False),
    ({"origin": "positive_list", "mode": "off_site", "method": "video"}, True)])
def test_a_site_of_the_positive_list_is_looked_at_on_the_spot_for_a_ground_only(town: Town, given: dict[str, object],
                                                                               is_allowed: bool) -> None:
    site_of(town)
    listed(town, "S-000001")
    if is_allowed:
        assert row_of(opened(town, KIND, **given)).origin == given["origin"]
        return
    with pytest.raises(Invalid, match="在正面清单内，现场检查须因") as refused:
        opened(town, KIND, **given)
    assert refused.value.field == "origin"
