"""A circular from its figures to its readers: composed, edited, signed, or issued unsigned; and it stays what was issued."""

import io
import json
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from hashlib import sha256

import docx
import pytest
from sqlalchemy import select, text

from tests.support.makers import Town
from tests.support.substitutes import delegate, standing
from tracker.domain.cadence.telling import Telling
from tracker.domain.house.actor import CLOCK
from tracker.domain.house.errors import Broken, Conflict, Invalid, NotAllowed, NotFound, WrongState
from tracker.domain.house.ledger import canonical
from tracker.domain.reports.issuing.flow import PAPER_FLOW, PaperState, PaperSteps
from tracker.domain.reports.sight import readable
from tracker.gateways.mail.sending import MemorySender
from tracker.services.cadence import beats
from tracker.services.house.work import wiring
from tracker.services.mail import outbox
from tracker.services.reports import circulars, papers, reports
from tracker.services.reports.jobs import issue_overdue
from tracker.services.reports.papers import CircularPaper, json_of
from tracker.services.rules import book
from tracker.services.upkeep.checks.numbers import number_troubles
from tracker.storage.house import ledger
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.reports import archive
from tracker.storage.reports.circulars import Circular

pytestmark = pytest.mark.one_engine

THAT = ("monthly", "2026-03")


@pytest.fixture
def composed(town: Town) -> Town:
    """March with two cases, composed on 1 April at 9:00."""
    town.walk(town.registered(), "assign", "acknowledge", "submit", "verify")
    town.walk(town.registered(), "assign", "acknowledge")
    beats.run_due()
    town.clock.move_to(datetime(2026, 4, 1, 9, 1, tzinfo=wiring().zone))
    db.session.execute(text("DELETE FROM outbox"))
    db.session.commit()
    beats.run("monthly-circular", "2026-03")
    return town


def paper(town: Town, login: str = "lead") -> CircularPaper:
    return circulars.paper_for(town.actor(login), *THAT)


def edited(town: Town, login: str = "dispatcher", **texts: str) -> tuple[str, ...]:
    now = paper(town, login)
    return tuple(each.block.key for each in circulars.edit(town.actor(login), now, texts, now.seq))


def signed(town: Town, login: str = "lead", serial: int | None = None) -> Circular:
    now = paper(town, login)
    return circulars.sign(town.actor(login), now, now.seq, serial)


def mailed() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def last_key(town: Town) -> str:
    return paper(town).blocks[-1].key


def test_when_the_figures_freeze_the_text_waits_and_only_who_may_act_is_told(composed: Town) -> None:
    now = paper(composed)
    assert (now.state, now.row.sign_by_on, now.row.number) == (PaperState.composed, date(2026, 4, 3), "")
    assert {(each.mail, each.person_id) for each in mailed()} == {
        ("circular_composed", composed.people[login]) for login in ("dispatcher", "dispatcher2", "lead", "lead2", "many_hats")}
    officer = composed.actor("officer")
    assert archive.archive(db.session(), readable(officer)).lines == ()
    assert "签发" in mailed()[0].subject


def test_a_dispatcher_edits_and_a_lead_signs_and_then_it_is_mailed_with_the_word_file(composed: Town,
                                                                                      mailer: MemorySender) -> None:
    key = last_key(composed)
    assert edited(composed, **{key: "请各单位抓紧办理。", "to": "各街道办事处："}) == (key, "to")
    composed.clock.move_to(composed.clock.now() + timedelta(minutes=5))
    row = signed(composed)
    assert (row.state, row.signed_by_id, row.number) == ("signed", composed.people["lead"], "西环督〔2026〕1号")
    letters = [each for each in mailed() if each.mail == "report"]
    assert letters and "请各单位抓紧办理。" in letters[0].text and row.number in letters[0].text
    assert "各街道办事处：" in letters[0].text and (row.digest or "?") in letters[0].text
    assert {each.record_id for each in letters} != {None}
    outbox.send_due()
    sent = [message_from_bytes(each.as_bytes(), policy=default) for each in mailer.messages]
    files = [part for each in sent for part in each.iter_attachments()]
    assert {part.get_filename() for part in files} == {"西湖区生态环境问题整改月通报（2026年3月）.docx"}
    lines = [line.text for line in docx.Document(io.BytesIO(files[0].get_content())).paragraphs]
    assert row.number in lines and "各街道办事处：" in lines and "请各单位抓紧办理。" in lines
    assert not any("原拟" in line or "未经签发" in line for line in lines)
    assert archive.archive(db.session(), readable(composed.actor("officer"))).lines != ()


def test_the_json_of_an_issued_circular_has_its_text_and_what_its_digest_is_made_of(composed: Town) -> None:
    edited(composed, **{last_key(composed): "请各单位抓紧办理。"})
    report = paper(composed).report
    assert json_of(report, paper(composed)) == report.body.encode()
    composed.clock.move_to(composed.clock.now() + timedelta(minutes=5))
    row = signed(composed)
    told = json.loads(json_of(report, paper(composed)))
    issued = told["issued"]
    assert sha256(canonical({"document": told["document"]}).encode()).hexdigest() == report.digest == issued["hashed"]["report"]
    assert sha256(canonical(issued["hashed"]).encode()).hexdigest() == row.digest == issued["digest"]
    assert issued["hashed"]["head"]["number"] == row.number
    assert [each["text"] for each in issued["blocks"]][-1] == "请各单位抓紧办理。" and len(issued["blocks"]) > 5


def test_unsigned_after_two_working_days_it_goes_out_as_composed_and_says_so(composed: Town) -> None:
    edited(composed, **{last_key(composed): "没有签发的改动。"})
    assert issue_overdue(date(2026, 4, 3)) == "未经签发印发通报 0 份"
    composed.clock.move_to(datetime(2026, 4, 7, 9, 30, tzinfo=wiring().zone))
    assert issue_overdue(date(2026, 4, 7)) == "未经签发印发通报 1 份"
    assert issue_overdue(date(2026, 4, 7)) == "未经签发印发通报 0 份"
    now = paper(composed)
    assert (now.state, now.head.mark, now.row.number) == (PaperState.unsigned, "未经签发", "西环督〔2026〕1号")
    letter = next(each for each in mailed() if each.mail == "report")
    assert letter.text.startswith("（未经签发）") and "没有签发的改动" not in letter.text
    assert now.edited and not now.texts  # the ledger keeps both
    with pytest.raises(WrongState, match="已经印发"):
        signed(composed)
    assert papers.verify_issued() == 1


def test_the_days_for_signing_are_a_rule(town: Town) -> None:
    book.set_value(None, "sign_workdays", "5", date(2026, 3, 2), "试行")
    town.registered()
    beats.run_due()
    town.clock.move_to(datetime(2026, 4, 1, 9, 1, tzinfo=wiring().zone))
    beats.run("monthly-circular", "2026-03")
    assert paper(town).row.sign_by_on == date(2026, 4, 9)  # 清明 left out


def test_facts_keep_what_was_composed_and_what_was_written_and_the_figures_stay(composed: Town) -> None:
    before, key = paper(composed), last_key(composed)
    edited(composed, **{key: "第一次改。"})
    edited(composed, **{key: "第二次改，电话13800138000。"})
    facts = ledger.stream_of(db.session(), "circular:monthly/2026-03/360103")
    assert [fact.kind for fact in facts] == ["circular:composed", "circular:edited", "circular:edited"]
    assert facts[1].payload["before"] == {key: before.blocks[-1].composed} and facts[1].payload["text"] == {key: "第一次改。"}
    assert "138****8000" in str(facts[2].payload["text"]) and "13800138000" not in facts[2].body
    assert "第一次改" not in facts[1].body  # it lies apart, where it can be erased
    now = paper(composed)
    assert now.blocks[-1].composed == before.blocks[-1].composed and now.report.body == before.report.body
    assert edited(composed, **{key: before.blocks[-1].composed}) == (key,)
    assert paper(composed).edited == {} and reports.rerun(now.report).digest() == now.report.digest


def test_a_number_that_nobody_counted_is_told_and_a_date_is_none(composed: Town) -> None:
    now = paper(composed, "dispatcher")
    (told,) = circulars.edit(composed.actor("dispatcher"), now, {last_key(composed): "月末未销号 1 件，另有 77 件，请于4月30日前办结。"},
                             now.seq)
    assert told.uncounted == ("77",)


@pytest.mark.parametrize("login", ["lead", "officer", "auditor", "admin", "supervisor", "verifier", "other_lead", "clerk"])
def test_nobody_but_a_dispatcher_of_the_area_edits(composed: Town, login: str) -> None:
    now = paper(composed)
    with pytest.raises(NotAllowed):
        circulars.edit(composed.actor(login), now, {last_key(composed): "改。"}, now.seq)


@pytest.mark.parametrize("login", ["dispatcher", "officer", "auditor", "admin", "supervisor", "verifier", "other_lead"])
def test_nobody_but_a_lead_of_the_area_signs(composed: Town, login: str) -> None:
    now = paper(composed)
    with pytest.raises(NotAllowed):
        circulars.sign(composed.actor(login), now, now.seq)


def test_who_worded_it_does_not_sign_it_even_for_somebody_else(composed: Town) -> None:
    edited(composed, "many_hats", **{last_key(composed): "改。"})
    delegate(composed, "lead", "many_hats")
    for actor in (composed.actor("many_hats"), standing(composed, "many_hats", "lead")):
        now = paper(composed)
        with pytest.raises(NotAllowed, match="修改过这份通报的人不能签发"):
            circulars.sign(actor, now, now.seq)
    edited(composed, "dispatcher", **{last_key(composed): "另一人改。"})
    assert signed(composed, "many_hats").state == "signed"


def test_one_predicate_is_asked_by_buttons_and_guard(composed: Town) -> None:
    now = paper(composed)
    for login in ("lead", "dispatcher", "officer", "supervisor"):
        for step in (PaperSteps.edit, PaperSteps.sign):
            is_open = PAPER_FLOW.refusal(step, composed.actor(login), now.facts) is None
            assert circulars.may(composed.actor(login), step, now) is is_open is (
                (login, step.name) in (("lead", "sign"), ("dispatcher", "edit")))
    assert PAPER_FLOW.refusal(PaperSteps.issue_unsigned, CLOCK, now.facts) is None


def test_of_two_who_change_it_at_once_one_is_told_and_nothing_is_half_done(composed: Town) -> None:
    old, key = paper(composed), last_key(composed)
    edited(composed, **{key: "先改。"})
    with pytest.raises(Conflict, match="别人刚改过"):
        circulars.edit(composed.actor("dispatcher"), old, {key: "后改。"}, old.seq)
    with pytest.raises(Conflict, match="别人刚改过"):
        circulars.sign(composed.actor("lead"), old, old.seq)
    assert paper(composed).edited == {key: "先改。"} and db.session.scalars(select(Circular.state)).one() == "composed"


def test_what_cannot_be_written_is_refused_naming_the_block(composed: Town) -> None:
    for texts, said in (({"s99p0": "改"}, "没有“s99p0”这一段"), ({"to": " ： "}, "请填写主送单位"),
                        ({last_key(composed): "长" * 2001}, "最多 2000 字")):
        with pytest.raises(Invalid, match=said) as refused:
            edited(composed, **texts)
        assert refused.value.field in (*texts, "key")


def test_the_office_may_skip_numbers_and_the_series_is_whole(composed: Town) -> None:
    with pytest.raises(Invalid, match="文号序号应大于已用的 0"):
        signed(composed, serial=0)
    assert signed(composed, serial=12).number == "西环督〔2026〕12号"
    assert list(number_troubles(db.session())) == []
    composed.clock.move_to(datetime(2026, 5, 6, 9, 1, tzinfo=wiring().zone))
    beats.run("monthly-circular", "2026-04")
    later = circulars.paper_for(composed.actor("lead"), "monthly", "2026-04")
    assert circulars.next_serial(later) == 13
    assert circulars.sign(composed.actor("lead"), later, later.seq).number == "西环督〔2026〕13号"


def test_an_issued_circular_that_was_changed_is_found(composed: Town) -> None:
    signed(composed)
    papers.verify_issued()
    db.session.execute(text("UPDATE circulars SET addressees = '别处'"))
    db.session.commit()
    with pytest.raises(Broken, match="印发的文本与账本记录的摘要不符"):
        papers.verify_issued()


def test_other_reports_have_no_circular_and_strangers_find_none(composed: Town) -> None:
    beats.run("weekly-review", "2026-W13")
    weekly = reports.find("weekly", "2026-W13", "360103")
    assert weekly is not None and papers.paper_of(weekly) is None
    for login, name in (("lead", "weekly"), ("officer", "monthly"), ("other_lead", "monthly")):
        with pytest.raises(NotFound):
            circulars.paper_for(composed.actor(login), name, "2026-03")


def test_a_month_made_without_mail_stays_without_it_when_it_is_signed(town: Town) -> None:
    town.registered()
    beats.run_due()
    town.clock.move_to(datetime(2026, 4, 1, 9, 1, tzinfo=wiring().zone))
    db.session.execute(text("DELETE FROM outbox"))
    db.session.commit()
    beats.run("monthly-circular", "2026-03", telling=Telling.silent)
    signed(town)
    assert mailed() == []
