"""No personal data in what can never be erased: facts, outbox and evidence rows know no reporter, no text, no phone."""

import pytest
from sqlalchemy import select

from tests.support.custody import granted
from tests.support.district import STREET_AREA
from tests.support.makers import DEFAULTS, FIRST, Town
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.house.fields import FieldKind
from tracker.services.cases import identities, intake
from tracker.services.cases.identities import Reporter
from tracker.services.cases.intake import RegisterOrder
from tracker.services.house.work import Work, wiring
from tracker.storage.cases.cases import Case
from tracker.storage.cases.identities import Identity
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import Base, db
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.words import WordRow
from tracker.storage.mail.outbox import Message

CANARY, PHONE, RESIDENT_ID = "金丝雀欧阳", "13912345678", "110105194912310025"
TITLE, DESCRIPTION, PLACE = "独一无二的标题", "独一无二的描述", "独一无二的地点"
TYPED = f"请联系{PHONE}或１３９１２３４５６７８，身份证{RESIDENT_ID}"


def dump(*tables: type[Base]) -> str:
    """Every value of every row of these tables."""
    return "\n".join(str(tuple(row)) for table in tables for row in db.session.execute(select(table.__table__)))


def lives(town: Town) -> list[str]:
    """Cases that between them took every step, with a phone typed into every free text."""
    numbers = []
    for step, law in CASE_FLOW.steps.items():
        number = town.started(step, "PATROL", law.froms[-1] if step in ("call_back", "add_evidence") else None, title=TITLE,
                              description=DESCRIPTION, place=PLACE)
        free = {f.name: TYPED for f in law.given if f.kind in (FieldKind.long_text, FieldKind.text)
                and f.name not in NAMES_OF_THINGS}
        if step in FIRST:
            town.do(number, FIRST[step])
        if step in ("end_notice", "presume"):
            town.walk(number, step)
        else:
            town.do(number, step, **({} if step == "correct_field" else free))
        numbers.append(number)
    return numbers


NAMES_OF_THINGS = {"document_no", "filing_no", "authority", "value", "onsite_place", "mileage", "line"}


@pytest.mark.one_engine
def test_whatever_is_typed_into_whichever_step_no_phone_and_no_text_of_the_case_is_in_any_fact(town: Town) -> None:
    lives(town)
    assert {row.kind for row in db.session.query(FactRow)} >= {step.fact for step in CASE_FLOW.steps.values()}
    kept = dump(FactRow, Message)
    for secret in (PHONE, "１３９１２３４５６７８", RESIDENT_ID, TITLE, DESCRIPTION, PLACE, DEFAULTS["correct_field"][1]["value"]):
        assert str(secret) not in kept, secret
    assert "139****5678" not in kept
    assert "139****5678" in dump(WordRow)
    assert PHONE not in dump(WordRow)


@pytest.mark.one_engine
def test_a_reporter_is_in_no_table_but_as_ciphertext(town: Town) -> None:
    number = town.registered("PATROL")
    with Work(wiring()) as work:
        case_id = work.session.scalars(select(Case.id).where(Case.number == number)).one()
        identities.keep(work, case_id, name=CANARY, phone=PHONE, address="金丝雀路1号", text="金丝雀说")
    town.walk(number, "assign", "acknowledge", "submit", "verify", "close", "reopen")
    everything = dump(*(mapper.class_ for mapper in Base.registry.mappers))
    for secret in (CANARY, PHONE, "金丝雀"):
        assert secret not in everything
    (row,) = db.session.query(Identity)
    assert row.sealed and CANARY not in row.sealed


@pytest.mark.one_engine
def test_a_reporter_s_name_does_not_hide_in_a_file_s_row_or_fact(town: Town) -> None:
    town.registered("PATROL")
    assert "前.jpg" in dump(EvidenceRow)
    assert "前.jpg" not in dump(FactRow)


@pytest.mark.one_engine
def test_revealing_a_reporter_is_a_fact_without_the_reporter(town: Town) -> None:
    number = town.registered()
    with Work(wiring()) as work:
        case_id = work.session.scalars(select(Case.id).where(Case.number == number)).one()
        identities.keep(work, case_id, name=CANARY, phone=PHONE)
    (reporter, *_) = identities.reveal(town.actor("custodian"), granted(town, number, reason=f"回访{PHONE}，核对地点")).reporters
    assert reporter.name == CANARY
    fact = town.facts(number)[-1]
    assert fact.kind == "case:identity_revealed"
    assert PHONE not in fact.body and CANARY not in fact.body


@pytest.mark.one_engine
def test_what_everybody_reads_of_a_case_does_not_name_its_reporter(town: Town) -> None:
    order = RegisterOrder("H12345", f"{CANARY}反映油烟", f"{CANARY}（{PHONE}）说：桃花路九号楼下油烟", categories=("garbage",),
                          place=f"桃花路九号{CANARY}家",
                          area_code=STREET_AREA)
    number = intake.register(town.actor("clerk"), order, reporter=Reporter(f" {CANARY} ", PHONE, "桃花路九号", "")).number
    row = town.row(number)
    assert (row.title, row.description, row.place) == ("某某反映油烟", "某某（****5678）说：桃花路九号楼下油烟", "桃花路九号某某家")
