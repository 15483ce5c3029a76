"""Texts written before the reporter was known: gone over once, said in a fact, and never again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.makers import Town, paper
from tests.support.post_office import worded
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import EVERYTHING, OPERATOR
from tracker.domain.house.errors import Broken
from tracker.services.cases import identities
from tracker.services.cases.identities.sweeping import Swept, sweep_daily
from tracker.services.house.work import Work, wiring
from tracker.services.upkeep import integrity
from tracker.services.upkeep.checks.words import words_troubles
from tracker.storage.cases.cases import Case
from tracker.storage.cases.identities import Identity
from tracker.storage.cases.page import case_page
from tracker.storage.cases.search import found
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house.base import db
from tracker.storage.house.words import WordRow
from tracker.storage.mail.outbox import Message

NAME, PHONE = "欧阳·金丝雀", "13912345678"
TOLD = 6  # three mails that wait tell of the case: the words of each, and its line in a digest


def become_known(number: str, name: str = NAME, phone: str = PHONE) -> None:
    with Work(wiring()) as work:
        case_id = work.session.scalars(select(Case.id).where(Case.number == number)).one()
        identities.keep(work, case_id, name=name, phone=phone)


def named_case(town: Town) -> str:
    number = town.registered(title="欧阳金丝雀反映垃圾", description=f"来电１３９ 1234 5678，{NAME}", place="桃花河东岸")
    town.do(number, "add_evidence", uploads=[paper(f"{NAME}.pdf")])
    with Work(wiring()) as work:
        work.session.add(Message(dedupe_key="k", person_id=town.people["lead"], mail="m", subject=f"{number} {NAME}",
                                 body=worded(PHONE),
                                 message_id="i", due_at=work.clock.now() + timedelta(days=1)))
    return number


def test_rows_files_letters_and_the_search_forget_a_reporter_who_became_known_later(town: Town) -> None:
    number = named_case(town)
    become_known(number)
    town.registered()
    assert identities.sweep(OPERATOR) == (Swept(number, ("description", "evidence", "letter", "title"), 5 + TOLD),)
    row = town.row(number)
    assert (row.title, row.description, row.place) == ("某某反映垃圾", "来电****5678，某某", "桃花河东岸")
    assert db.session.scalars(select(EvidenceRow.original_name)).all() == ["某某.pdf"]
    letter = db.session.scalars(select(Message).where(Message.dedupe_key == "k")).one()
    assert (letter.subject, letter.text) == (f"{number} 某某", "****5678")
    assert not [each for each in db.session.scalars(select(Message)) if "金丝雀" in each.text + each.gist or PHONE in each.text]
    assert db.session.scalars(select(Case.id).where(found("金丝雀"))).all() == []
    fact = town.facts(number)[-1]
    assert fact.kind == "case:words_masked"
    assert set(fact.payload["words"]) == {"title", "description", "replaced.json"}
    assert set(fact.payload["replaced"]) == {"1/title", "1/description"}
    assert (fact.payload["fields"], fact.payload["count"]) == (["description", "evidence", "letter", "title"], 5 + TOLD)
    assert "金丝雀" not in fact.body and PHONE not in fact.body
    assert integrity.verify().first is None
    db.session.remove()
    assert identities.sweep(OPERATOR) == ()


def test_what_was_written_beside_a_fact_is_read_masked_and_the_old_text_is_gone(town: Town) -> None:
    number = town.case_in(CaseState.assigned)
    town.do(number, "dispute", reason=f"{NAME}两次来电")
    digests = [fact.digest for fact in town.facts(number)]
    become_known(number)
    assert identities.sweep(OPERATOR) == (Swept(number, ("letter", "reason"), 1 + TOLD),)
    assert town.facts(number)[2].payload["reason"] == "某某两次来电"
    assert case_page(db.session(), EVERYTHING, number).facts[2].details["reason"] == "某某两次来电"
    assert [fact.digest for fact in town.facts(number)[:3]] == digests
    assert "金丝雀" not in " ".join(db.session.scalars(select(WordRow.text)))
    assert list(words_troubles(db.session(), town.facts(number))) == []


def test_a_dry_run_says_what_it_would_hide_and_hides_nothing(town: Town) -> None:
    number = named_case(town)
    become_known(number)
    before = town.snapshot(number)
    assert identities.sweep(OPERATOR, is_dry=True) == (Swept(number, ("description", "evidence", "letter", "title"), 5 + TOLD),)
    assert town.snapshot(number) == before
    assert db.session.scalars(select(Identity.masked_at)).all() == [None]


@pytest.mark.one_engine
def test_a_reporter_who_was_known_at_the_start_is_not_looked_for_again(town: Town) -> None:
    with Work(wiring()) as work:
        identities.keep(work, work.session.scalars(select(Case.id).where(Case.number == town.registered())).one(), name=NAME,
                        is_masked=True)
    assert sweep_daily(town.clock.today()) == "隐去 0 件案件文字中的举报人"
    assert {row.masked_at for row in db.session.scalars(select(Identity))} == {town.clock.now()}


@pytest.mark.one_engine
def test_one_bad_record_does_not_stop_the_others(town: Town) -> None:
    first, second = named_case(town), town.registered(title="欧阳金丝雀反映油烟")
    become_known(first)
    become_known(second)
    db.session.scalars(select(Identity).order_by(Identity.id)).first().sealed = "x:y"  # type: ignore[union-attr]
    db.session.commit()
    with pytest.raises(Broken, match=first):
        identities.sweep(OPERATOR)
    assert town.row(second).title == "某某反映油烟"
