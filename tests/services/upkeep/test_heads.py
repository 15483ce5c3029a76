"""The head job: what it signs, what it refuses to sign, and how that is heard of."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.support.makers import Town
from tests.support.tampering import tamper
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import Broken
from tracker.domain.house.log.notes import notes_in
from tracker.gateways.house.signing import SigningKey, is_signed
from tracker.services.house.work import wiring
from tracker.services.mail import outbox
from tracker.services.mail.ledger_foot import ledger_trouble
from tracker.services.upkeep import head_alarm, heads, integrity, jobs, seals
from tracker.storage.house import log
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.log import Checkpoint
from tracker.storage.mail.outbox import Message

pytestmark = pytest.mark.usefixtures("town")


def refusal() -> str:
    with pytest.raises(Broken) as broken:
        head_alarm.sign_or_tell()
    return broken.value.sentence


def test_every_fact_has_its_position_and_nothing_is_left_out(town: Town) -> None:
    town.case_in(CaseState.closed)
    positions = [entry.position for entry in log.entries(db.session())]
    assert positions == list(range(1, 1 + (db.session.scalar(select(func.count()).select_from(FactRow)) or 0)))


def test_a_head_is_signed_outside_the_database_and_shown_by_the_doors(town: Town, tmp_path: Path) -> None:
    town.registered()
    head_alarm.sign_or_tell()
    (file,) = (tmp_path / "heads").glob("20??-??.txt")
    note = notes_in(file.read_text())[-1]
    assert is_signed(note, heads.known_keys(db.session()))
    assert note.head == log.newest_head(db.session())
    assert note.head.size == log.end(db.session())[0]
    assert "没有新的记录" in head_alarm.sign_or_tell()


def test_a_seal_is_covered_by_a_checkpoint_of_its_day(town: Town) -> None:
    town.registered()
    made = seals.seal()
    kept = db.session.scalars(select(Checkpoint)).one()
    assert (kept.on, kept.size) == (made.on, made.position)
    assert notes_in(seals.note_of(made.on) or "")[0].head.size == made.position


def test_a_cut_end_stops_the_signing_within_the_minute_and_is_told(town: Town) -> None:
    """Row 5: the last fact of a case, row rolled back, on the same day."""
    number = town.case_in(CaseState.rectifying)
    head_alarm.sign_or_tell()
    last = log.end(db.session())[0]
    tamper(f"DELETE FROM log WHERE position = {last}", f"DELETE FROM facts WHERE stream = 'case:{number}' AND seq = 3",
           f"UPDATE cases SET state = 'assigned', seq = 2 WHERE number = '{number}'")
    assert f"账本缺第 {last:,} 条" in refusal()
    assert "已停止签名" in ledger_trouble(db.session())
    told = {town_login(town, each)
            for each in db.session.scalars(select(Message.person_id).where(Message.mail == "ledger_trouble"))}
    assert {"auditor", "lead", "admin"} <= told
    assert refusal()
    assert db.session.scalar(select(func.count()).select_from(Message).where(Message.mail == "ledger_trouble")) == len(told)


def town_login(town: Town, person_id: int | None) -> str:
    return next(login for login, each in town.people.items() if each == person_id)


def test_what_was_put_back_under_the_same_position_is_not_signed(town: Town) -> None:
    town.registered()
    head_alarm.sign_or_tell()
    last = log.end(db.session())[0]
    tamper(f"DELETE FROM log WHERE position = {last}")
    with pytest.raises(Broken, match="已停止签名"):
        heads.sign_new()


def test_a_comment_written_past_the_product_has_no_entry_code(town: Town) -> None:
    """Row 10."""
    number = town.case_in(CaseState.rectifying)
    head_alarm.sign_or_tell()
    last = log.end(db.session())[0]
    columns = "stream, seq, kind, actor_id, at, body, previous, digest"
    tamper(
        f"INSERT INTO facts (id, {columns}) SELECT 90001, stream, 4, 'case:commented', actor_id, at, body, digest, '{'a' * 64}' "
           f"FROM facts WHERE stream = 'case:{number}' AND seq = 3",
           f"INSERT INTO log (position, fact_id, logged_at, mac) SELECT {last + 1}, 90001, logged_at, mac FROM log "
           f"WHERE position = {last}")
    assert f"第 {last + 1:,} 条没有有效的登记码" in refusal()
    assert any("没有有效的登记码" in str(each) for each in integrity.verify().troubles)


def test_two_positions_swapped_differ_from_the_head(town: Town) -> None:
    """Row 8, by a minute's job: the last 256 entries are looked at again every time."""
    town.registered()
    town.registered()
    head_alarm.sign_or_tell()
    last = log.end(db.session())[0]
    tamper(f"UPDATE log SET fact_id = -fact_id WHERE position >= {last - 1}",
           f"UPDATE log SET fact_id = (SELECT -l.fact_id FROM log l WHERE l.position = {2 * last - 1} - log.position) "
           f"WHERE position >= {last - 1} AND fact_id < 0")
    assert "签名头不符" in refusal() or "缺第" in refusal()


def test_without_its_file_a_clock_signs_nothing_that_others_signed_before(town: Town, tmp_path: Path) -> None:
    town.registered()
    head_alarm.sign_or_tell()
    (tmp_path / "heads" / "state.json").unlink()
    town.registered()
    assert "flask ledger heads accept" in refusal()
    heads.accept("换了机器，旧文件随旧机报废")
    town.registered()
    head_alarm.sign_or_tell()
    assert ledger_trouble(db.session()) == ""
    assert integrity.verify().first is None
    told = db.session.scalars(select(FactRow.body).where(FactRow.kind == "ledger:heads_accepted")).one()
    assert json.loads(told)["from"] == 0


def test_another_key_does_not_sign_in_its_place(town: Town) -> None:
    town.registered()
    head_alarm.sign_or_tell()
    wiring().signing = SigningKey("b3RoZXItdGVzdHMtb3RoZXItdGVzdHMtb3RoZXItdGU=")
    town.registered()
    assert "flask ledger keys rotate" in refusal()


def test_a_clock_without_a_key_says_so(town: Town) -> None:
    wiring().signing = SigningKey("", Path("/nowhere/ledger.key"))
    town.registered()
    assert "LEDGER_KEY" in refusal()


def test_a_folder_that_cannot_be_written_stops_the_signing_and_not_the_work(town: Town, tmp_path: Path) -> None:
    (tmp_path / "heads").write_text("a file where a folder should be")
    town.registered()
    assert "LEDGER_HEADS" in refusal()
    assert town.registered()


def test_every_mail_carries_the_short_form_or_says_that_the_ledger_does_not_hold(town: Town, mailer: object) -> None:
    town.case_in(CaseState.assigned)
    head_alarm.sign_or_tell()
    head = log.newest_head(db.session())
    assert head is not None
    outbox.send_due()
    texts = [str(m.get_body(("plain",)).get_content()) for m in mailer.messages]  # type: ignore[attr-defined]
    assert texts
    assert all(head.short in text for text in texts)
    head_alarm.keep_trouble("账本缺第 9 条，已停止签名")
    outbox.send_due()
    later = [str(m.get_body(("plain",)).get_content()) for m in mailer.messages][len(texts):]  # type: ignore[attr-defined]
    assert later
    assert all("账本核验未通过" in text and "账本 " not in text for text in later)


def test_the_minute_s_job_signs(town: Town) -> None:
    town.registered()
    assert "已签名" in jobs.run("minutely-head").outcome


def test_old_months_keep_one_head_an_hour(town: Town, tmp_path: Path) -> None:
    for _ in range(3):
        town.registered()
        head_alarm.sign_or_tell()
        town.clock.advance(minutes=10)
    file = next((tmp_path / "heads").glob("20??-??.txt"))
    before = len(notes_in(file.read_text()))
    town.clock.advance(days=80)
    jobs.run("daily-heads-thin")
    assert len(notes_in(file.read_text())) < before
    assert notes_in(file.read_text())[-1].head == log.newest_head(db.session())
