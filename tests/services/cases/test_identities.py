"""Reporters: sealed, opened and erased by two persons and only with facts, told apart without names."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.custody import REASON, asked, asked_to_erase, granted, kept, opened
from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.identities.requesting import RequestPurpose
from tracker.domain.house.actor import Actor, Grant, Role
from tracker.domain.house.errors import Broken, Conflict, Incomplete, Invalid, NotAllowed, NotFound
from tracker.services.cases import identities
from tracker.services.cases.identities import Reporter
from tracker.services.people import accounts
from tracker.services.upkeep import doctor, integrity, jobs
from tracker.storage.cases.identities import Identity, IdentityRequest
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow
from tracker.storage.mail.outbox import Message

CANARY = Reporter("欧阳·金丝雀", "138 0013 8000", "桃花路九号", "请替我保密")
SECRETS = ("金丝雀", "13800138000", "138 0013 8000", "桃花路", "保密")


def mails(name: str) -> set[int | None]:
    return set(db.session.scalars(select(Message.person_id).where(Message.mail == name)))


def named(town: Town, **order: object) -> str:
    number = town.case_in(CaseState.rectifying, **order)
    kept(number, CANARY)
    return number


def test_one_asks_another_grants_and_each_opening_is_a_fact_before_anything_is_shown(town: Town) -> None:
    number = named(town)
    request = asked(town, number.lower(), reason="回访 138 0013 8000 核对地点，欧阳金丝雀")
    said = town.facts(number)[-1]
    assert (said.kind, said.actor_id) == ("case:identity_requested", town.people["custodian"])
    assert said.payload["reason_code"] == "clarify"
    assert db.session.scalars(select(IdentityRequest.reason)).one() == "回访 ****8000 核对地点，某某"
    identities.decide(town.actor("lead"), request, True, "同意")
    assert town.facts(number)[-1].kind == "case:identity_granted"
    for count in (1, 2, 3):
        found = identities.reveal(town.actor("custodian"), request)
        assert (found.reporters, found.left) == ((CANARY,), 3 - count)
        fact = town.facts(number)[-1]
        assert (fact.kind, fact.actor_id) == ("case:identity_revealed", town.people["custodian"])
        assert {"request": request, "opened": count, "identities": [1]}.items() <= fact.payload.items()
    with pytest.raises(NotAllowed, match="3 次"):
        identities.reveal(town.actor("custodian"), request)
    assert town.row(number).state is CaseState.rectifying
    assert integrity.verify().first is None
    assert not any(secret in fact.body for fact in town.facts(number)[-5:] for secret in (*SECRETS, "核对地点", "同意"))


def test_what_was_granted_is_over_after_half_an_hour_and_lapses_with_a_fact(town: Town) -> None:
    number = named(town)
    request = granted(town, number)
    town.clock.advance(minutes=30)
    with pytest.raises(NotAllowed, match="30 分钟"):
        identities.reveal(town.actor("custodian"), request)
    assert jobs.run("minutely-identity-lapse").outcome == "举报人信息的申请失效 1 项"
    fact = town.facts(number)[-1]
    assert (fact.kind, fact.payload["opened"]) == ("case:identity_lapsed", 0)
    assert mails("identity_lapsed") == {town.people["custodian"]}
    assert identities.lapse(town.clock.today()) == "举报人信息的申请失效 0 项"


def test_what_nobody_decides_in_three_days_lapses(town: Town) -> None:
    request = asked(town, named(town))
    town.clock.advance(timedelta(days=3))
    with pytest.raises(Conflict, match="已失效"):
        identities.decide(town.actor("lead"), request, True, "")
    assert identities.request_seen(town.actor("lead"), request).state_word == "已失效"
    identities.lapse(town.clock.today())
    assert db.session.scalars(select(IdentityRequest.state)).all() == ["lapsed"]


def test_what_is_refused_stays_shut_and_needs_a_reason(town: Town) -> None:
    number = named(town)
    request = asked(town, number)
    with pytest.raises(Incomplete, match="不同意的"):
        identities.decide(town.actor("lead"), request, False, " ")
    identities.decide(town.actor("lead"), request, False, "没有必要")
    assert town.facts(number)[-1].kind == "case:identity_refused"
    with pytest.raises(NotAllowed):
        identities.reveal(town.actor("custodian"), request)
    with pytest.raises(Conflict):
        identities.decide(town.actor("lead"), request, True, "")
    assert mails("identity_refused") == {town.people["custodian"]}


def test_neither_who_asked_nor_a_rectifying_unit_nor_another_role_decides(town: Town) -> None:
    number = named(town)
    accounts.grant(None, login="officer", role=Role.lead, area_code="360103")
    request = asked(town, number)
    for login, error, match in (("custodian", NotAllowed, "自己提出"), ("officer", NotAllowed, "整改单位"),
                                ("dispatcher", NotFound, "没有找到"), ("admin", NotFound, "没有找到")):
        with pytest.raises(error, match=match):
            identities.decide(town.actor(login), request, True, "")
    elsewhere = Actor(town.people["lead"], "", grants=(Grant(Role.lead, "360102"),))
    with pytest.raises(NotFound):
        identities.decide(elsewhere, request, True, "")
    assert mails("identity_requested") == {town.people["lead"], town.people["lead2"]}
    accounts.grant(None, login="clerk", role=Role.custodian, area_code="360103")
    identities.decide(town.actor("clerk"), request, True, "")
    assert mails("identity_granted") == {town.people["custodian"]}


def test_only_who_asked_opens_it(town: Town) -> None:
    request = granted(town, named(town))
    accounts.grant(None, login="clerk", role=Role.custodian, area_code="360103")
    with pytest.raises(NotFound):
        identities.reveal(town.actor("clerk"), request)
    with pytest.raises(NotAllowed):
        identities.reveal(town.actor("lead"), request)


@pytest.mark.parametrize("login", ["dispatcher", "lead", "auditor", "admin", "officer", "supervisor", "clerk"])
def test_nobody_else_asks(town: Town, login: str) -> None:
    number = named(town)
    before = town.snapshot(number)
    for purpose, code in ((RequestPurpose.reveal, "other"), (RequestPurpose.erase, "ruling")):
        with pytest.raises(NotAllowed):
            identities.ask(town.actor(login), number, purpose, code, REASON, "1号")
    assert town.snapshot(number) == before


def test_a_request_that_cannot_be_leaves_no_fact(town: Town) -> None:
    number, other = named(town), town.registered()
    custodian = town.actor("custodian")
    elsewhere = Actor(id=custodian.id, name="", grants=(Grant(Role.custodian, "360102"),))
    before = town.snapshot(number)
    reveal, erase = RequestPurpose.reveal, RequestPurpose.erase
    for error, actor, number_, purpose, code, reason, paper in (
            (Incomplete, custodian, number, reveal, "other", "想看", ""),
            (Invalid, custodian, number, reveal, "ruling", REASON, ""),
            (Incomplete, custodian, number, erase, "ruling", REASON, " "),
            (NotFound, elsewhere, number, reveal, "other", REASON, ""),
            (NotFound, custodian, "XH-2026-999999", reveal, "other", REASON, ""),
            (NotFound, custodian, other, reveal, "other", REASON, "")):
        with pytest.raises(error):
            identities.ask(actor, number_, purpose, code, reason, paper)
    assert town.snapshot(number) == before
    asked(town, number)
    with pytest.raises(Conflict):
        asked(town, number)


def test_where_nobody_could_decide_nothing_can_be_asked_and_the_doctor_says_so(town: Town) -> None:
    number = named(town)

    def checked() -> bool:
        return next(check.is_well for check in doctor.examine() if check.name == "举报人信息")

    assert checked()
    for login in ("lead", "lead2", "many_hats"):
        accounts.revoke(None, login=login, role=Role.lead, area_code="360103")
    assert not checked()
    with pytest.raises(NotAllowed, match="没有其他身份保管员"):
        asked(town, number)


def test_more_than_five_openings_a_day_are_told_to_auditors_and_leads(town: Town) -> None:
    numbers = [named(town), named(town)]
    for number in numbers:
        request = granted(town, number)
        for _ in range(3):
            assert mails("identity_often") == set()
            identities.reveal(town.actor("custodian"), request)
    assert mails("identity_often") == {town.people[login] for login in ("auditor", "many_hats", "lead", "lead2")}


def test_nothing_of_a_reporter_lies_in_clear_anywhere(town: Town) -> None:
    number = named(town)
    opened(town, number)
    row = db.session.scalars(select(Identity)).one()
    rows = [str(tuple(each)) for each in db.session.execute(select(IdentityRequest.__table__))]
    bodies = " ".join(db.session.scalars(select(FactRow.body)))
    for secret in SECRETS:
        assert secret not in f"{row.sealed} {row.reporter_digest} {rows} {bodies}"
        assert secret not in repr(CANARY)


def test_a_record_does_not_open_beside_another_case(town: Town) -> None:
    first, second = town.registered(), town.registered()
    kept(first, CANARY)
    kept(second, Reporter(name="别人"))
    rows = db.session.scalars(select(Identity).order_by(Identity.id)).all()
    rows[1].sealed = rows[0].sealed
    db.session.commit()
    with pytest.raises(Broken, match="解不开"):
        opened(town, second)
    assert town.facts(second)[-1].kind == "case:identity_granted"


@pytest.mark.parametrize(("one", "other", "same"), [
    (Reporter("张三", "13800138000"), Reporter("张先生", "+86 138-0013-8000"), True),
    (Reporter("张三", "13800138000"), Reporter("张三", "13900139000"), False),
    (Reporter("张 三"), Reporter("张三"), True),
    (Reporter(address="某路"), Reporter(address="某路"), False),
])  # fmt: skip
def test_repeat_reporters_are_told_without_their_names(town: Town, one: Reporter, other: Reporter, same: bool) -> None:
    kept(town.registered(), one)
    kept(town.registered(), other)
    digests = list(db.session.scalars(select(Identity.reporter_digest)))
    assert (digests[0] is not None and digests[0] == digests[1]) is same


def test_nothing_said_keeps_nothing(town: Town) -> None:
    assert kept(town.registered(), Reporter(" ", "", "")) is None
    assert db.session.scalars(select(Identity)).all() == []


def test_erasing_is_for_good_says_what_is_beyond_reach_and_leaves_the_case_and_its_facts(town: Town) -> None:
    number = named(town, description="欧阳金丝雀反映垃圾")
    facts = town.facts(number)
    request = asked_to_erase(town, number)
    assert mails("identity_requested") == {town.people["lead"], town.people["lead2"]}
    db.session.query(Message).filter(Message.mail == "case_assigned").update({"state": "sent", "sent_at": town.clock.now()})
    db.session.commit()
    erased = identities.decide(town.actor("lead"), request, True, "同意")
    assert erased is not None
    assert (erased.records, erased.texts) == (1, 1)
    assert erased.sent_mails >= 1
    row = db.session.scalars(select(Identity)).one()
    assert (row.sealed, row.reporter_digest, row.erased_at) == (None, None, town.clock.now())
    assert town.row(number).description == "某某反映垃圾"
    assert town.facts(number)[:len(facts)] == facts
    told = json.loads(db.session.scalars(select(FactRow).where(FactRow.stream == "identity:1", FactRow.seq == 2)).one().body)
    assert told.pop("rows")["identities/1"].keys() >= {"sealed", "reporter_digest", "erased_at"}
    assert told == {"case": number, "request": request, "basis": "pipl_47_consent", "document_no": "西环信〔2026〕3号", "by": "cli"}
    with pytest.raises(NotFound, match="没有可查阅"):
        asked(town, number)
    with pytest.raises(NotFound):
        identities.reveal(town.actor("custodian"), request)
    assert integrity.verify().first is None


def test_an_erasure_that_is_refused_erases_nothing(town: Town) -> None:
    number = named(town)
    assert identities.decide(town.actor("lead"), asked_to_erase(town, number), False, "档案尚未到期") is None
    assert opened(town, number) == (CANARY,)
