"""The one road of every step: who sees, who may, what was seen; and a refused step changes nothing."""

import pytest

from tests.support.makers import DEFAULTS, FIRST, Town, photo
from tracker.domain.cases.facts import CaseState, Why
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound, Refusal, WrongState
from tracker.services.cases import steps as case_steps

pytestmark = pytest.mark.one_engine
S = CaseState


def test_every_deed_is_of_a_step() -> None:
    assert set(case_steps.STEP_DEEDS) <= set(CASE_FLOW.steps)


def started_from(town: Town, step: str) -> str:
    """A case in the first state from which a step starts."""
    return town.started(step, "PATROL", S.closed if step == "call_back" else None)


def test_every_step_writes_one_fact_of_its_kind_and_lands_where_the_table_says(town: Town) -> None:
    for step, law in CASE_FLOW.steps.items():
        number = started_from(town, step)
        before = town.row(number).state
        outcome, case, last = town.walk(number, step), town.row(number), town.facts(number)[-1]
        assert last.kind == law.fact
        assert outcome.seq == last.seq == case.seq
        assert outcome.state is case.state is law.goes_to(before), step
        assert last.actor_id == town.actor(DEFAULTS[step][0]).id


def test_an_older_seq_is_a_conflict_and_what_was_typed_is_kept(town: Town) -> None:
    number = town.registered()
    town.do(number, "comment")
    before = town.snapshot(number)
    with pytest.raises(Conflict, match=r"您看到的是第 1 条记录，本案已有第 2 条.*您填写的内容已保留") as stale:
        town.take(number, "decline", seq=1, reason_code="no_facts")
    assert stale.value.code == "stale"
    assert town.snapshot(number) == before
    assert town.take(number, "decline", seq=2, reason_code="no_facts").seq == 3


def test_a_seq_from_the_future_is_a_conflict_too(town: Town) -> None:
    with pytest.raises(Conflict):
        town.take(town.registered(), "comment", seq=9, text="早")


def test_absent_and_forbidden_look_alike(town: Town) -> None:
    number = town.registered()
    sentences = set()
    for login, asked in (("other_dispatcher", number), ("dispatcher", "XH-2026-999999"), ("neighbour", number),
                         ("custodian", number)):
        with pytest.raises(NotFound) as refusal:
            town.take(asked, "comment", by=login, text="看得到吗")
        sentences.add(refusal.value.sentence.replace(asked, "…"))
        with pytest.raises(NotFound) as offered:
            case_steps.offered(town.actor(login), asked)
        sentences.add(offered.value.sentence.replace(asked, "…"))
    assert sentences == {"没有找到案件“…”，或您无权查看。"}


def test_a_number_is_found_as_people_type_it(town: Town) -> None:
    number = town.registered()
    assert town.take(f" {number.lower()} ", "comment", text="收到").number == number
    assert case_steps.offered(town.actor("dispatcher"), f" {number.lower()} ")


def test_what_is_offered_is_what_is_taken(town: Town) -> None:
    number = town.case_in(S.submitted, "PATROL")
    for login in ("officer", "verifier", "street_verifier", "dispatcher", "lead", "admin", "auditor", "many_hats"):
        offers = {offer.name: offer for offer in case_steps.offered(town.actor(login), number)}
        assert set(offers) == {s.name for s in CASE_FLOW.steps.values() if S.submitted in s.froms}
        for name, offer in offers.items():
            if offer.why is not None:
                refusal = town.refused(number, name, by=login)
                assert (refusal.code, refusal.sentence) == (offer.why.value, offer.sentence)


def test_a_step_from_the_wrong_state_is_refused_before_anything_else(town: Town) -> None:
    number = town.registered()
    refusal = town.refused(number, "close", by="admin")
    assert isinstance(refusal, WrongState)
    assert refusal.code == Why.wrong_state


def test_an_unknown_step_is_refused_by_name(town: Town) -> None:
    with pytest.raises(Refusal, match="没有名为“fly”的步骤"):
        case_steps.take(town.actor("dispatcher"), town.registered(), "fly", {})


def test_a_field_that_the_step_does_not_ask_for_is_refused(town: Town) -> None:
    refusal = town.refused(town.registered(), "assign", closed_at="2026-03-02")
    assert isinstance(refusal, Invalid)
    assert refusal.sentence.startswith("这一步不接受“closed_at”；可填写：lead_unit(主办单位)、")


def test_a_step_without_what_must_be_given_names_all_that_is_missing(town: Town) -> None:
    for step, law in CASE_FLOW.steps.items():
        required = [field for field in law.given if field.is_required]
        if not required:
            continue
        number = started_from(town, step)
        if step in FIRST:
            town.do(number, FIRST[step])
        before = town.snapshot(number)
        with pytest.raises(Incomplete) as refusal:
            town.take(number, step)
        assert [f.name for f in required if f"“{f.word}”" not in refusal.value.sentence] == []
        assert town.snapshot(number) == before


def test_a_step_that_takes_no_files_says_so(town: Town) -> None:
    refusal = town.refused(town.case_in(S.assigned), "acknowledge", uploads=[photo()])
    assert refusal.field == "files"


@pytest.mark.parametrize(("name", "content", "sentence"), [
    ("空.jpg", b"", "文件“空.jpg”是空的"), ("文字.jpg", "这不是照片".encode(), "不是可以接受的类型"),
    ("断.jpg", photo().content[:150], "损坏，解不开"), ("大.jpg", b"\xff\xd8\xff" + b"0" * (40 << 20), "40.0 MB，超过每个文件"),
])  # fmt: skip
def test_a_bad_file_stops_the_whole_step(town: Town, name: str, content: bytes, sentence: str) -> None:
    number = town.case_in(S.rectifying)
    refusal = town.refused(number, "submit", uploads=[photo(), case_steps.Upload(name, content)])
    assert isinstance(refusal, Invalid)
    assert sentence in refusal.sentence


def test_too_many_files_are_refused(town: Town) -> None:
    refusal = town.refused(town.case_in(S.rectifying), "submit", uploads=[photo() for _ in range(31)])
    assert "一次最多上传 30 个文件，现为 31 个" in refusal.sentence


def test_an_admin_closes_nothing_and_neither_does_an_auditor(town: Town) -> None:
    number = town.case_in(S.verified)
    for login in ("admin", "auditor", "dispatcher", "supervisor"):
        refusal = town.refused(number, "close", by=login)
        assert isinstance(refusal, NotAllowed) and refusal.code == Why.no_permission


def test_somebody_deactivated_is_nobody(town: Town) -> None:
    from tracker.storage.house.base import db
    from tracker.storage.people.accounts import Person

    db.session.get_one(Person, town.people["officer"]).deactivated_on = town.clock.today()
    db.session.commit()
    with pytest.raises(NotFound, match="没有登录名为“officer”的在岗人员"):
        town.actor("officer")
