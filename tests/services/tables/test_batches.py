"""Batches: taken back while nobody has worked on their cases, and listed."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.services.tables.test_importing import cases, imported
from tests.support.makers import Town
from tests.support.tables import published, published_row, save_xlsx
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.errors import NotFound, WrongState
from tracker.services.cadence import beats
from tracker.services.tables import import_batches
from tracker.storage.cases.identities import Identity
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message


def test_a_batch_is_taken_back_with_its_reporters_and_its_file_may_come_again(town: Town, tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "t.xlsx", {"表": [["受理编号", "交办问题基本情况", "举报人", "是否办结"], ["A1", "油烟", "张三", None],
                                                 ["A2", "噪声", "李四", "已办结"]]})
    code = imported(path).batches[0]
    assert import_batches.withdraw(OPERATOR, code).count == 2
    assert {case.state for case in cases()} == {CaseState.voided}
    assert list(db.session.scalars(select(Identity.sealed))) == [None, None]
    with pytest.raises(WrongState, match="已于"):
        import_batches.withdraw(OPERATOR, code)
    assert imported(path).created_count == 2


def test_a_case_that_moved_stays_and_is_named_and_a_batch_of_such_cases_is_not_taken_back(town: Town, tmp_path: Path) -> None:
    code = imported(save_xlsx(tmp_path / "t.xlsx", {"表": published(3)})).batches[0]
    moved = cases()[1].number
    town.do(moved, "assign")
    done = import_batches.withdraw(OPERATOR, code)
    assert (done.count, done.kept) == (2, (moved,)) and moved in done.sentence()
    assert [case.state is CaseState.voided for case in cases()] == [True, False, True]
    other = imported(save_xlsx(tmp_path / "u.xlsx", {"表": [*published(0), published_row(9)]})).batches[0]
    town.do(cases()[-1].number, "assign")
    with pytest.raises(WrongState, match=cases()[-1].number):
        import_batches.withdraw(OPERATOR, other)


def test_who_had_a_case_of_it_on_a_list_is_told_once_that_the_import_was_taken_back(town: Town, tmp_path: Path) -> None:
    old, new = (imported(save_xlsx(tmp_path / name, {"表": rows})).batches[0]
                for name, rows in (("a.xlsx", published(3)), ("b.xlsx", [*published(0), published_row(9)])))
    withdrawn = select(Message).where(Message.mail == "import_withdrawn")
    import_batches.withdraw(OPERATOR, new)
    assert list(db.session.scalars(withdrawn)) == []  # nobody has seen it yet
    town.do(cases()[0].number, "assign")
    town.clock.advance(hours=23, minutes=30)
    beats.run("daily-morning", "2026-03-03")
    import_batches.withdraw(town.actor("dispatcher2"), old)
    mails = list(db.session.scalars(withdrawn))
    listed = set(db.session.scalars(select(Message.person_id).where(Message.mail == "morning")))
    assert mails and {mail.person_id for mail in mails} < listed
    told = [mail.person_id for mail in mails]
    assert len(set(told)) == len(told) and town.people["dispatcher"] in told and town.people["dispatcher2"] not in told
    assert "2 件作废" in mails[0].subject and "另有 1 件已经有人办理" in mails[0].text


def test_batches_are_listed_the_newest_first(town: Town, tmp_path: Path) -> None:
    first = imported(save_xlsx(tmp_path / "a.xlsx", {"表": published(1)})).batches[0]
    town.clock.advance(timedelta(hours=1))
    second = imported(save_xlsx(tmp_path / "b.xlsx", {"表": published(2)})).batches[0]
    import_batches.withdraw(OPERATOR, first)
    lines = import_batches.batches(OPERATOR)
    assert [(line.code, line.created_count, line.withdrawn_at is None)
            for line in lines] == [(second, 1, True), (first, 1, False)]
    with pytest.raises(NotFound):
        import_batches.withdraw(OPERATOR, "IMP-2099-0001")
