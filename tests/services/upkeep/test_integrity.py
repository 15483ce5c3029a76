"""Whatever is changed behind the product's back is found, and the first bad fact is named."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.support.makers import Town, paper
from tests.support.older import make_older
from tests.support.tampering import tamper
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import EVERYTHING
from tracker.domain.house.errors import Invalid
from tracker.gateways.house.cipher import Cipher, new_key
from tracker.services.house.work import wiring
from tracker.services.people import accounts
from tracker.services.upkeep import integrity, seals
from tracker.storage.cases.page import case_page
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow


def first() -> str:
    """The first trouble that verify names, "" when everything holds."""
    found = integrity.verify().first
    return str(found) if found else ""


@pytest.mark.parametrize("source", ["H12345", "D2JX", "PATROL"])
def test_every_state_of_the_flow_verifies(town: Town, source: str) -> None:
    for state in CaseState:
        needs_notice = {CaseState.closed: False, CaseState.noticing: True, CaseState.noticed: True}
        if needs_notice.get(state, source == "D2JX") == (source == "D2JX"):
            town.case_in(state, source)
    report = integrity.verify()
    assert (report.first, report.trouble_count) == (None, 0)
    assert report.case_count > 10
    assert report.file_count >= 3


def test_corrections_and_notes_verify_too(town: Town) -> None:
    number = town.case_in(CaseState.rectifying)
    for field, value in (("title", "新标题"), ("description", "新的描述"), ("area_code", "360103001"), ("received_on", "2026-02-27")):
        town.do(number, "correct_field", field=field, value=value)
    town.walk(number, "comment", "progress", "urge", "open_supervision", "set_sponsor", "escalate")
    town.do(number, "add_evidence", uploads=[paper()])
    assert first() == ""


def changed_byte(stream: str, seq: int, column: str) -> str:
    return f"UPDATE facts SET {column} = '{'f' * 64}' WHERE stream = '{stream}' AND seq = {seq}"


TAMPERINGS: dict[str, Callable[[str], tuple[list[str], str]]] = {
    "a byte of a body": lambda s: (
        [f"UPDATE facts SET body = replace(body, 'garbage', 'garbagf') WHERE stream = '{s}' AND seq = 1"],
        f"{s}#1 case:registered：内容与哈希不符"),
    "an actor": lambda s: ([f"UPDATE facts SET actor_id = 1 WHERE stream = '{s}' AND seq = 2"], f"{s}#2 case:assigned：内容与哈希不符"),
    "a digest": lambda s: ([changed_byte(s, 2, "digest")], f"{s}#2 case:assigned：内容与哈希不符"),
    "a previous digest": lambda s: ([changed_byte(s, 3, "previous")], f"{s}#3 case:acknowledged：与前一条记录的哈希不衔接"),
    "a fact removed from the middle": lambda s: (
        [f"DELETE FROM facts WHERE stream = '{s}' AND seq = 2"], f"{s}#3 case:acknowledged：序号应为 2"),
    "facts removed from the end": lambda s: ([f"DELETE FROM facts WHERE stream = '{s}' AND seq > 2"], f"{s}#3：案件已记到第 3 条"),
    "all facts of a case removed": lambda s: ([f"DELETE FROM facts WHERE stream = '{s}'"], f"{s}#1：案件没有账本记录"),
    "a column of the row": lambda s: (
        [f"UPDATE cases SET due_on = '2030-01-01' WHERE number = '{s[5:]}'"], f"{s}#2 case:assigned：案件的 due_on 与账本推算的不同"),
    "the state of the row": lambda s: (
        [f"UPDATE cases SET state = 'suspended' WHERE number = '{s[5:]}'"], f"{s}#3 case:acknowledged：案件的 state 与账本推算的不同"),
    "the number of the row": lambda s: (
        [f"UPDATE cases SET seq = 2 WHERE number = '{s[5:]}'"], f"{s}#3 case:acknowledged：案件的 seq 与账本推算的不同"),
    "a supporting unit": lambda s: (
        [f"DELETE FROM case_units WHERE part = 'supporting' AND case_id = (SELECT id FROM cases WHERE number = '{s[5:]}')"],
        f"{s}#2 case:assigned：案件的 support_days"),
    "the lead unit's assignment": lambda s: (
        [f"DELETE FROM case_units WHERE part = 'lead' AND case_id = (SELECT id FROM cases WHERE number = '{s[5:]}')"],
        f"{s}#2 case:assigned：主办单位的分派行"),
    "a type": lambda s: (
        [f"DELETE FROM case_categories WHERE case_id = (SELECT id FROM cases WHERE number = '{s[5:]}')"],
        f"{s}#1 case:registered：案件的 categories"),
    "the description": lambda s: (
        [f"UPDATE cases SET description = 'nothing here' WHERE number = '{s[5:]}'"],
        f"{s}#1 case:registered：案件的 description 与记录的摘要不符"),
}


@pytest.mark.both_engines
@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_is_changed_behind_the_products_back_is_named(town: Town, what: str) -> None:
    sound, number, other = town.registered(), town.case_in(CaseState.rectifying), town.registered()
    statements, expected = TAMPERINGS[what](f"case:{number}")
    tamper(*statements)
    report = integrity.verify()
    assert str(report.first).startswith(expected)
    assert not any(n in str(report.troubles) for n in (sound, other))


def test_a_missing_evidence_row_is_named(town: Town) -> None:
    number = town.registered("PATROL")
    tamper(f"DELETE FROM evidence WHERE subject = 'case:{number}'")
    assert first() == "证据 1 不见了"


def test_a_case_row_that_is_gone_is_named(town: Town) -> None:
    number = town.registered()
    tamper("DELETE FROM case_categories", f"DELETE FROM cases WHERE number = '{number}'")
    assert first() == f"case:{number}#1 case:registered：案件行不见了"


def test_evidence_smuggled_in_is_found(town: Town) -> None:
    town.registered("PATROL")
    tamper("INSERT INTO evidence (subject, role, round, original_name, media_type, size, digest, uploaded_by_id, uploaded_at) "
           "SELECT subject, 'after', 1, 'x', media_type, size, digest, uploaded_by_id, uploaded_at FROM evidence")
    assert first() == "证据 2 没有账本记录"


def test_a_changed_or_lost_evidence_file_is_named_with_its_fact(town: Town, tmp_path: Path) -> None:
    number = town.case_in(CaseState.verified)
    town.do(number, "comment")
    row = db.session.scalars(select(EvidenceRow).where(EvidenceRow.role == "onsite")).one()
    file = tmp_path / "evidence" / row.digest[:2] / row.digest[2:4] / row.digest
    whole = file.read_bytes()
    fact = next(f"{f.stream}#{f.seq} {f.kind}" for f in town.facts(number) if f.kind == "case:verified")
    for damage in (lambda: file.write_bytes(whole[:-1] + b"!"), file.unlink):
        file.write_bytes(whole)
        assert first() == ""
        damage()
        assert first().startswith(fact)


def test_a_whole_chain_forged_anew_is_found_by_the_seal(town: Town) -> None:
    """The end of a stream that no case row follows: only the seal remembers it."""
    accounts.add_unit(None, code="U1", name="甲单位", kind="street")
    accounts.end_unit(None, code="U1")
    seals.seal()
    town.days_pass(1)
    town.registered()
    seals.seal()
    assert first() == ""
    tamper("DELETE FROM log WHERE fact_id = (SELECT id FROM facts WHERE stream = 'unit:U1' AND seq = 2)",
           "DELETE FROM facts WHERE stream = 'unit:U1' AND seq = 2")
    assert "账本不连续" in first()


def test_facts_written_after_a_seal_do_not_break_it(town: Town) -> None:
    number = town.registered()
    sealed = seals.seal()
    town.walk(number, "assign", "acknowledge")
    town.registered()
    assert first() == ""
    assert sealed.position == seals.seal().position


def test_a_day_is_sealed_once_and_the_seal_never_changes(town: Town) -> None:
    town.registered()
    made = seals.seal()
    town.registered()
    assert seals.seal() == made
    assert len(db.session.scalars(select(FactRow).where(FactRow.kind == "ledger:sealed")).all()) == 1
    with pytest.raises(Invalid, match="将来"):
        seals.seal(made.on.replace(year=2030))


def test_an_empty_ledger_holds_and_can_be_sealed(town: Town) -> None:
    assert seals.seal().stream_count == 1
    assert first() == ""


def test_many_troubles_are_counted_and_the_first_ones_named(town: Town) -> None:
    for _ in range(60):
        town.registered()
    tamper("UPDATE cases SET title = 'x'")
    report = integrity.verify()
    assert report.trouble_count == 60
    assert len(report.troubles) == integrity.MOST_NAMED
    assert report.troubles == sorted(report.troubles, key=lambda t: t.where)


def test_progress_reaches_its_end(town: Town) -> None:
    town.case_in(CaseState.verified)
    seen: list[tuple[int, int, str]] = []
    integrity.verify(lambda *step: seen.append(step))
    assert {done for done, total, what in seen if done == total} != set()
    assert all(done <= total for done, total, _ in seen)


def test_a_key_that_was_taken_away_is_said_to_be_missing(town: Town) -> None:
    make_older(town, town.registered())
    assert first() == ""
    old, wiring().cipher = wiring().cipher, Cipher(new_key())
    assert "IDENTITY_KEY" in first()
    wiring().cipher = old


def test_verify_leaves_no_transaction_behind_and_changes_nothing(town: Town) -> None:
    number = town.case_in(CaseState.assigned)
    before = town.snapshot(number)
    integrity.verify()
    assert not db.session().in_transaction()
    assert town.snapshot(number) == before
    assert case_page(db.session(), EVERYTHING, number).head.seq == 2
    assert db.session.execute(text("SELECT count(*) FROM facts")).scalar() == len(db.session.scalars(select(FactRow)).all())
