"""Reporters: sealed, opened only for a custodian and only with a fact, told apart without names, erased for good."""

import json

import pytest
from sqlalchemy import select

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import Actor, Grant, Role
from tracker.domain.house.errors import Incomplete, NotAllowed, NotFound
from tracker.services.cases import identities
from tracker.services.cases.identities import Reporter
from tracker.services.house.work import Work, deed
from tracker.services.upkeep import integrity
from tracker.storage.cases.cases import Case
from tracker.storage.cases.identities import Identity
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow

CANARY = Reporter("独特名字金丝雀", "138 0013 8000", "桃花路九号", "请替我保密")


@deed
def kept(work: Work, number: str, reporter: Reporter) -> int | None:
    case_id = work.session.scalars(select(Case.id).where(Case.number == number)).one()
    return identities.keep(work, case_id, name=reporter.name, phone=reporter.phone, address=reporter.address, text=reporter.text)


def test_a_custodian_who_gives_a_reason_reads_the_reporter_and_the_fact_says_so(town: Town) -> None:
    number = town.case_in(CaseState.rectifying)
    identity = kept(number, CANARY)
    assert identities.reveal(town.actor("custodian"), number.lower(), "回访 13800138000 需核对") == (CANARY,)
    fact = town.facts(number)[-1]
    assert (fact.kind, fact.actor_id) == ("case:identity_revealed", town.people["custodian"])
    assert fact.payload == {"reason": "回访 138****8000 需核对", "identities": [identity], "set": {}}
    assert town.row(number).seq == fact.seq
    assert town.row(number).state is CaseState.rectifying
    assert integrity.verify().first is None


@pytest.mark.parametrize("login", ["dispatcher", "lead", "auditor", "admin", "officer", "supervisor", "clerk"])
def test_nobody_else_reads_a_reporter(town: Town, login: str) -> None:
    number = town.registered()
    kept(number, CANARY)
    before = town.snapshot(number)
    for deed_ in (identities.reveal, identities.erase):
        with pytest.raises(NotAllowed):
            deed_(town.actor(login), number, "想看")
    assert town.snapshot(number) == before


def test_a_refused_reading_leaves_no_fact(town: Town) -> None:
    number, other = town.registered(), town.registered()
    kept(number, CANARY)
    custodian = town.actor("custodian")
    elsewhere = Actor(id=custodian.id, name="", grants=(Grant(Role.custodian, "360102"),))
    before = town.snapshot(number)
    with pytest.raises(Incomplete, match="理由"):
        identities.reveal(custodian, number, "  ")
    for actor, asked in ((elsewhere, number), (custodian, "XH-2026-999999"), (custodian, other)):
        with pytest.raises(NotFound):
            identities.reveal(actor, asked, "核对")
    assert town.snapshot(number) == before


def test_nothing_of_a_reporter_lies_in_clear_anywhere(town: Town) -> None:
    number = town.registered()
    kept(number, CANARY)
    identities.reveal(town.actor("custodian"), number, "核对")
    row = db.session.scalars(select(Identity)).one()
    bodies = " ".join(db.session.scalars(select(FactRow.body)))
    for secret in ("金丝雀", "13800138000", "138 0013 8000", "桃花路", "保密"):
        assert secret not in f"{row.sealed} {row.reporter_digest} {bodies}"
        assert secret not in repr(CANARY)


def test_a_record_does_not_open_beside_another_case(town: Town) -> None:
    first, second = town.registered(), town.registered()
    kept(first, CANARY)
    kept(second, Reporter(name="别人"))
    rows = db.session.scalars(select(Identity).order_by(Identity.id)).all()
    rows[1].sealed = rows[0].sealed
    db.session.commit()
    with pytest.raises(Exception, match="解不开"):
        identities.reveal(town.actor("custodian"), second, "核对")
    assert town.facts(second)[-1].kind == "case:registered"


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


def test_erasing_is_for_good_and_leaves_the_case_and_its_facts(town: Town) -> None:
    number = town.registered()
    identity = kept(number, CANARY)
    facts = town.facts(number)
    assert identities.erase(town.actor("custodian"), number, "本人申请") == 1
    row = db.session.scalars(select(Identity)).one()
    assert (row.sealed, row.reporter_digest) == (None, None)
    assert row.erased_at == town.clock.now()
    assert town.facts(number) == facts
    erased = select(FactRow.body).where(FactRow.stream == f"identity:{identity}", FactRow.seq == 2)
    told = json.loads(db.session.scalars(erased).one())
    rows = told.pop("rows")
    assert told == {"case": number, "reason": "本人申请"}
    assert rows[f"identities/{identity}"].keys() == {"sealed", "reporter_digest", "erased_at"}
    with pytest.raises(NotFound, match="没有可查阅"):
        identities.reveal(town.actor("custodian"), number, "核对")
    assert integrity.verify().first is None
