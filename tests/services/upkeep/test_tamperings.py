"""`ledger.md` §14 by the hardest attacker of each row: guards put back, hashes recomputed, macs where the keys were in hand.

Where the other rows stand says the table of tests/house/test_every_tampering_has_its_test.py.
"""

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.support.makers import Town
from tests.support.tampering import tamper
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import Broken
from tracker.domain.house.ledger import GENESIS, digest_of
from tracker.domain.house.log.notes import LogHead
from tracker.services.house.work import wiring
from tracker.services.upkeep import head_alarm, integrity, seals
from tracker.services.upkeep.proofs import comparing
from tracker.storage.house import log
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.log import LogRow


def troubles() -> str:
    """Everything that verify says."""
    return "\n".join(str(each) for each in integrity.verify().troubles)


def rechained(stream: str) -> list[str]:
    """The statements that make a stream's hashes fit its contents again."""
    previous, statements = GENESIS, []
    for row in db.session.scalars(select(FactRow).where(FactRow.stream == stream).order_by(FactRow.seq)):
        digest = digest_of(row.stream, row.seq, row.kind, row.actor_id, row.at, row.body, previous)
        statements.append(f"UPDATE facts SET previous = '{previous}', digest = '{digest}' WHERE id = {row.id}")
        previous = digest
    db.session.rollback()
    return statements


def relogged() -> list[str]:
    """The statements of somebody who holds IDENTITY_KEY: all facts there are, in the order of their ids, with valid macs."""
    times = {row.fact_id: row.logged_at for row in db.session.execute(select(LogRow.fact_id, LogRow.logged_at))}
    statements = ["DELETE FROM log"]
    for position, row in enumerate(db.session.execute(select(FactRow.id, FactRow.digest).order_by(FactRow.id)), start=1):
        at = times[row.id]
        mac = wiring().cipher.entry_mac(position, row.digest, at).replace(":", "\\:")
        statements.append(f"INSERT INTO log (position, fact_id, logged_at, mac) VALUES ({position}, {row.id}, {at}, '{mac}')")
    db.session.rollback()
    return statements


def erase_case(number: str) -> None:
    """A whole case gone, rows and facts, as if it had never been."""
    stream = f"case:{number}"
    of_case = f"(SELECT id FROM cases WHERE number = '{number}')"
    tamper(f"DELETE FROM words WHERE stream = '{stream}'",
           f"DELETE FROM log WHERE fact_id IN (SELECT id FROM facts WHERE stream = '{stream}')",
           f"DELETE FROM facts WHERE stream = '{stream}'", f"DELETE FROM evidence WHERE subject = '{stream}'",
           *(f"DELETE FROM {table} WHERE case_id = {of_case}" for table in ("case_units", "case_categories", "identities")),
           f"DELETE FROM cases WHERE number = '{number}'")


@pytest.mark.parametrize("statement", [
    "UPDATE log SET mac = mac", "DELETE FROM log", "UPDATE facts SET body = body", "DELETE FROM facts"])
def test_row_1_the_database_refuses_to_change_facts_and_log(town: Town, statement: str) -> None:
    town.registered()
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


def test_row_2_an_edited_body_is_named(town: Town) -> None:
    number = town.case_in(CaseState.assigned)
    tamper(f"UPDATE facts SET actor_id = actor_id + 1 WHERE stream = 'case:{number}' AND seq = 2")
    assert "内容与哈希不符" in troubles()


def test_row_3_a_chain_rehashed_has_no_entry_codes_any_more(town: Town) -> None:
    number = town.case_in(CaseState.assigned)
    head_alarm.sign_or_tell()
    tamper(f"UPDATE facts SET actor_id = actor_id + 1 WHERE stream = 'case:{number}' AND seq = 2")
    tamper(*rechained(f"case:{number}"))
    assert "没有有效的登记码" in troubles()
    assert "签名头不符" in troubles()
    with pytest.raises(Broken, match="签名头不符"):
        head_alarm.sign_or_tell()


def test_row_3_with_the_web_s_keys_too_it_still_differs_from_the_head(town: Town) -> None:
    number = town.case_in(CaseState.assigned)
    head_alarm.sign_or_tell()
    tamper(f"UPDATE facts SET actor_id = actor_id + 1 WHERE stream = 'case:{number}' AND seq = 2")
    tamper(*rechained(f"case:{number}"))
    tamper(*relogged())
    assert "没有有效的登记码" not in troubles()
    assert "签名头不符" in troubles()


def test_row_6_a_case_erased_on_its_first_day_leaves_its_number(town: Town) -> None:
    town.registered()
    number = town.registered()
    town.registered()
    erase_case(number)
    tamper(*relogged())
    assert f"{number} 没有登记记录" in troubles()


def test_row_7_with_the_counter_lowered_it_is_the_head_that_differs(town: Town) -> None:
    town.registered()
    number = town.registered()
    head_alarm.sign_or_tell()
    erase_case(number)
    tamper("UPDATE counters SET last = 1 WHERE key LIKE 'case%'", *relogged())
    assert "账本被回退" in troubles() or "签名头不符" in troubles()
    with pytest.raises(Broken, match="已停止签名"):
        head_alarm.sign_or_tell()


def test_row_8_two_cases_swapped_with_their_chains_differ_from_the_head(town: Town) -> None:
    one, other = town.registered(), town.registered()
    head_alarm.sign_or_tell()
    tamper(*(f"UPDATE {table} SET stream = '{to}' WHERE stream = '{was}'" for table in ("facts", "words") for was, to in (
        (f"case:{one}", "case:-"), (f"case:{other}", f"case:{one}"), ("case:-", f"case:{other}"))),
        *(f"UPDATE cases SET number = '{to}' WHERE number = '{was}'" for was, to in ((one, "-"), (other, one), ("-", other))))
    tamper(*rechained(f"case:{one}"), *rechained(f"case:{other}"))
    tamper(*relogged())
    assert "签名头不符" in troubles()
    with pytest.raises(Broken, match="签名头不符"):
        head_alarm.sign_or_tell()


def test_row_9_a_deleted_seal_is_missed(town: Town) -> None:
    town.registered()
    days = []
    for _ in range(3):
        days.append(seals.seal().on)
        town.days_pass(1)
        town.registered()
    seals.seal()
    middle = next(row.seq for row in db.session.execute(select(FactRow.seq, FactRow.body).where(FactRow.kind == "ledger:sealed"))
                  if json.loads(row.body)["on"] == days[1].isoformat())
    db.session.rollback()
    gone = f"(SELECT id FROM facts WHERE stream = 'ledger' AND seq = {middle})"
    tamper(f"DELETE FROM log WHERE fact_id = {gone}", f"DELETE FROM facts WHERE stream = 'ledger' AND seq = {middle}",
           f"UPDATE facts SET seq = seq - 1 WHERE stream = 'ledger' AND seq > {middle}",
           f"DELETE FROM checkpoints WHERE day = '{days[1]}'")
    tamper(*rechained("ledger"))
    tamper(*relogged())
    assert f"缺 {days[1].year}年{days[1].month}月{days[1].day}日 的封签" in troubles()


@pytest.mark.one_engine
def test_row_27_a_dropped_and_an_emptied_guard_are_named(town: Town) -> None:
    """PostgreSQL's are tried in storage/upkeep/test_guards."""
    town.registered()
    with db.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER facts_no_UPDATE"))
        connection.execute(text("DROP TRIGGER log_no_DELETE"))
        connection.execute(text("CREATE TRIGGER log_no_DELETE BEFORE DELETE ON log BEGIN SELECT 1; END"))
    said = troubles()
    assert "缺触发器 facts_no_UPDATE" in said
    assert "log_no_DELETE" in said


@pytest.mark.one_engine
def test_rows_28_and_29_yesterday_s_file_put_back(town: Town, tmp_path: Path) -> None:
    """With the head file in place the clock stops; without it, whoever has a mail sees it."""
    town.registered()
    head_alarm.sign_or_tell()
    db.session.remove()
    db.engine.dispose()
    shutil.copyfile(tmp_path / "xiaohao.db", tmp_path / "yesterday.db")
    shutil.copytree(tmp_path / "heads", tmp_path / "yesterday")
    town.case_in(CaseState.rectifying)
    head_alarm.sign_or_tell()
    mailed = log.newest_head(db.session())
    assert isinstance(mailed, LogHead)
    db.session.remove()
    db.engine.dispose()
    for beside in tmp_path.glob("xiaohao.db-*"):
        beside.unlink()
    shutil.copyfile(tmp_path / "yesterday.db", tmp_path / "xiaohao.db")
    with pytest.raises(Broken, match="比签名头少 3 条"):
        head_alarm.sign_or_tell()
    assert "比签名头少 3 条" in troubles()
    shutil.rmtree(tmp_path / "heads")
    shutil.copytree(tmp_path / "yesterday", tmp_path / "heads")
    assert "账本被回退" in comparing.compare_text(f"昨天的日报 {mailed.short}").sentences()[1]
