"""Text is erased for good by two persons and on a ground: in row, words, index and pages, while every hash holds."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from tests.support.makers import Town
from tests.support.older import make_older
from tests.support.tampering import tamper
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import EVERYTHING, Permission
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound
from tracker.domain.house.ledger import first_bad
from tracker.domain.house.words import ERASED
from tracker.domain.rules.periods import period_named
from tracker.services.house.work import wiring
from tracker.services.reports import quoting, reports
from tracker.services.upkeep import integrity
from tracker.services.upkeep.checks.words import redaction_notices, words_troubles
from tracker.services.upkeep.words import erasing
from tracker.storage.cases import search
from tracker.storage.cases.page import case_page
from tracker.storage.house.base import db
from tracker.storage.house.ledger import redactions, stream_of
from tracker.storage.house.words import WordRow

ORDER = {"basis": "secrecy", "document": "西环函〔2026〕3号"}


def asked(town: Town, number: str, *which: tuple[int, str]) -> int:
    return erasing.ask(town.actor("custodian"), f"case:{number}", which, **ORDER)


def erased(town: Town, number: str, *which: tuple[int, str]) -> None:
    erasing.decide(town.actor("lead"), asked(town, number, *which), is_granted=True)


def troubles_of(town: Town, number: str) -> list[str]:
    db.session.rollback()
    return [str(each) for each in words_troubles(db.session(), town.facts(number))]


def test_a_reason_that_was_erased_is_read_nowhere_and_every_hash_holds(town: Town) -> None:
    number = town.case_in(CaseState.assigned)
    town.do(number, "dispute", reason="王某家属反映")
    before = [fact.digest for fact in town.facts(number)]
    erased(town, number, (3, "reason"))
    assert town.facts(number)[-1].payload["reason"] == ERASED
    assert case_page(db.session(), EVERYTHING, number).facts[-1].details["reason"] == ERASED
    row = db.session.scalars(select(WordRow).where(WordRow.name == "reason")).one()
    assert (row.text, row.salt, row.erased_at) == ("", b"", town.clock.now())
    assert [fact.digest for fact in town.facts(number)] == before
    assert first_bad(town.facts(number)) is None
    assert troubles_of(town, number) == []
    told = stream_of(db.session(), "words")[-1]
    assert told.kind == "words:erased"
    assert told.payload == {"request": 1, "stream": f"case:{number}", "which": [[3, "reason"]], "by": "cli", **ORDER}


@pytest.mark.parametrize("name", ["title", "description", "place"])
def test_an_erased_text_of_the_case_is_gone_from_row_and_index(town: Town, name: str) -> None:
    number = town.registered(**{"title": "桃花路油烟", "description": "桃花路油烟扰民", "place": "桃花路9号", name: "张某某店铺"})
    erased(town, number, (1, name))
    assert getattr(town.row(number), name) == ""
    assert "张某某店铺" not in " ".join(search.texts_of(db.session(), town.row(number).id))
    head = case_page(db.session(), EVERYTHING, number).head
    assert getattr(head, name) == ("" if name == "place" else ERASED)
    assert troubles_of(town, number) == []
    town.do(number, "correct_field", field=name, value="新的文字")
    assert getattr(town.row(number), name) == "新的文字"


def test_an_older_text_can_be_erased_while_the_present_one_stays(town: Town) -> None:
    number = town.registered(title="张某某店铺油烟")
    town.do(number, "correct_field", field="title", value="某店铺油烟")
    erased(town, number, (1, "title"))
    assert town.row(number).title == "某店铺油烟"
    assert town.facts(number)[0].payload["title"] == ERASED


def test_a_report_that_was_frozen_says_erased_and_its_digest_still_holds(town: Town) -> None:
    number = town.case_in(CaseState.rectifying, title="张某某店铺油烟")
    week = period_named("2026-W10")
    town.clock.move_to(datetime.combine(week.first + timedelta(days=4), datetime.min.time(), wiring().zone)
                       .replace(hour=15, minute=1))
    row = reports.publish(reports.build("weekly", week, "360103"))
    erased(town, number, (1, "title"))
    db.session.refresh(row)
    assert "张某某" not in quoting.shown(reports.document_of(row)).text()
    assert str(ERASED) in quoting.shown(reports.document_of(row)).text()
    assert reports.rerun(row).digest() == row.digest


def test_who_asks_does_not_decide_and_only_a_lead_does(town: Town) -> None:
    number = town.registered()
    request = asked(town, number, (1, "title"))
    with pytest.raises(NotAllowed):
        erasing.decide(town.actor("custodian"), request, is_granted=True)
    mine = erasing.ask(town.actor("lead"), f"case:{number}", [(1, "place")] if town.row(number).place else [(1, "description")],
                       **ORDER)
    with pytest.raises(NotAllowed):
        erasing.decide(town.actor("lead"), mine, is_granted=True)
    for login in ("clerk", "dispatcher", "admin", "auditor"):
        assert not town.actor(login).has(Permission.words_erase)
        with pytest.raises(NotAllowed):
            erasing.ask(town.actor(login), f"case:{number}", [(1, "title")], **ORDER)
    erasing.decide(town.actor("lead"), request, is_granted=False)
    assert town.row(number).title != ""
    with pytest.raises(Conflict):
        erasing.decide(town.actor("lead"), request, is_granted=True)


def test_what_is_asked_for_must_be_there_and_have_a_ground(town: Town) -> None:
    number, custodian = town.registered(), town.actor("custodian")
    with pytest.raises(Incomplete):
        erasing.ask(custodian, f"case:{number}", [], **ORDER)
    for which, more in (([(9, "title")], {}), ([(1, "reason")], {}), ([(1, "title")], {"basis": "so"}),
                        ([(1, "title")], {"document": " "})):
        with pytest.raises(Invalid):
            erasing.ask(custodian, f"case:{number}", which, **(ORDER | more))
    with pytest.raises(NotFound):
        erasing.ask(custodian, "case:XH-2026-999999", [(1, "title")], **ORDER)


def test_a_text_emptied_behind_the_product_s_back_has_no_ground(town: Town, engine_name: str) -> None:
    number = town.registered(title="河边垃圾")
    nothing = "zeroblob(0)" if engine_name == "sqlite" else "''"
    tamper(f"UPDATE words SET text = '', salt = {nothing}, erased_at = CURRENT_TIMESTAMP WHERE name = 'title'",
           "UPDATE cases SET title = ''")
    assert troubles_of(town, number) == [f"case:{number}#1 case:registered：第 1 条的文字被删除，账本没有依据：title"]


# --- facts of before, which have words in their body --------------------------------------------------------------------------


def test_an_old_fact_loses_the_named_text_alone_and_keeps_its_digest(town: Town) -> None:
    number = town.case_in(CaseState.assigned)
    town.do(number, "dispute", reason="王某家属反映")
    make_older(town, number)
    before = town.facts(number)[2]
    erased(town, number, (3, "reason"))
    after = town.facts(number)[2]
    assert (after.digest, after.previous) == (before.digest, before.previous)
    assert "王某" not in after.body and after.payload == before.payload | {"reason": ERASED}
    told = next(fact for fact in stream_of(db.session(), "ledger") if fact.kind == "ledger:redacted")
    assert (told.payload["stream"], told.payload["seq"], told.payload["names"]) == (f"case:{number}", 3, ["reason"])
    redacted = {mark: digest for mark, (_, digest) in redactions(db.session()).items()}
    assert first_bad(town.facts(number)) is not None
    assert first_bad(town.facts(number), redacted) is None
    (notice,) = redaction_notices(db.session())
    assert notice.endswith(f"条的内容已依法删除（ledger#{told.seq}），摘要未变")
    assert not any(number in str(each) for each in integrity.verify().troubles)
    with pytest.raises(Invalid):
        asked(town, number, (3, "reason"))


@pytest.mark.parametrize("change", ["body = '{}'", "body = body, actor_id = 1", "body = '{\"set\":{}}', digest = previous"])
def test_the_database_lets_no_other_change_of_a_fact_pass(town: Town, change: str) -> None:
    number = town.case_in(CaseState.assigned)
    town.do(number, "dispute", reason="王某家属反映")
    make_older(town, number)
    erased(town, number, (3, "reason"))
    for seq in (1, 3):
        with pytest.raises(DatabaseError), db.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE facts SET {change} WHERE stream = 'case:{number}' AND seq = {seq}")
