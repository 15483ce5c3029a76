"""What people wrote is erased for good where the law asks for it: by two persons, with a ground and a document number, and every
hash still holds. Row, words, search index and fact change together."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.cadence.fact_kinds import CadenceFacts
from tracker.domain.cases.fact_kinds import IdentityFacts
from tracker.domain.cases.flow import CASE_FLOW, OTHER_FACTS
from tracker.domain.cases.intake_fields import WORDED
from tracker.domain.house.actor import Actor, Permission, Role
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound
from tracker.domain.house.ledger import Fact, body_digest, canonical, plain
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.domain.house.say import Say
from tracker.domain.house.words import ERASED, SEVERAL
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.reports.fact_kinds import AppealFacts
from tracker.domain.upkeep.erasure import BASES, STREAM, ErasureRequest, requests_in
from tracker.domain.upkeep.fact_kinds import WordFacts
from tracker.services.acts.access import no_such_act
from tracker.services.house import permits
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.people import access
from tracker.services.upkeep.words import parties
from tracker.storage.cadence.beats import BeatRecord
from tracker.storage.cases import search
from tracker.storage.cases.cases import Case
from tracker.storage.cases.rows import empty_texts
from tracker.storage.house import words
from tracker.storage.house.base import Base
from tracker.storage.house.ledger import redact, stream_of
from tracker.storage.people.delegations import Delegation
from tracker.storage.reports.appeals import Appeal

CASE, ACT = "case:", "act:"
LONGEST_DOCUMENT = 80
Marks = Collection[tuple[int, str]]
# Rows beside the cases that hold a text as it is now, by the fact whose word it is: table, column, and under which name the fact
# tells the row's id, "" where the stream does.
PRESENT: Mapping[tuple[str, str], tuple[type[Base], str, str]] = {
    (AppealFacts.raised, "text"): (Appeal, "text", ""), (AppealFacts.upheld, "reason"): (Appeal, "reason", ""),
    (AppealFacts.rejected, "reason"): (Appeal, "reason", ""), (CadenceFacts.signed, "note"): (BeatRecord, "sign_note", "record"),
    (PersonFacts.delegated, "reason"): (Delegation, "reason", "delegation_id"),
}
# What facts of each kind have as free text: old ones in their body.
WORDS_OF: Mapping[str, tuple[str, ...]] = {kind: kind.words for kind in (
    *(step.fact for step in CASE_FLOW.steps.values()), *(row.fact for row in OTHER_FACTS.values()), IdentityFacts.erased,
    AppealFacts.raised, AppealFacts.upheld, AppealFacts.rejected)}


@dataclass(frozen=True)
class ErasableText:
    """One text of a case that can be asked for; `text` is None once it is erased."""

    seq: int
    kind: str
    name: str
    text: str | None


def erasable_texts(actor: Actor, stream: str) -> tuple[ErasableText, ...]:
    """Every text that lies beside the facts of a stream, to who may have it erased. Raises `NotFound`."""
    _require_stream(reading(), actor, stream)
    facts = stream_of(reading(), stream)
    return tuple(ErasableText(fact.seq, fact.kind, name, text) for fact in facts
                 for name, text in (*parties.of_fact(reading(), fact), *_texts_of(fact).items()))


def requests_for(actor: Actor) -> tuple[ErasureRequest, ...]:
    """The requests of the areas where this person may ask or decide, the newest first."""
    permits.require(actor, Permission.words_erase)
    session = reading()
    found = requests_in(stream_of(session, STREAM)).values()
    return tuple(each for each in reversed(found) if _is_theirs(session, actor, each.stream))


def request_for(actor: Actor, number: int) -> ErasureRequest:
    """One of them. Raises `NotFound`."""
    found = next((each for each in requests_for(actor) if each.number == number), None)
    if found is None:
        raise NotFound("没有这项删除申请，或您无权查看。")
    return found


def may_decide(actor: Actor, asked: ErasureRequest) -> bool:
    """Whether this person is a lead, and another one than who asked."""
    return Role.lead in actor.roles and asked.asked_by_id not in actor.persons and not asked.outcome


@deed
def ask(work: Work, actor: Actor, stream: str, which: Marks, basis: str, document: str) -> int:
    """Ask for texts to be erased; the number of the request. Raises `NotFound`, `Incomplete` or `Invalid` naming the field."""
    _require_stream(work.session, actor, stream)
    document = " ".join(document.split())
    if not which:
        raise Incomplete("请至少选择一项要删除的文字。", field="which")
    if basis not in dict(BASES):
        raise Invalid("请选择删除的依据。", field="basis")
    if not document or len(document) > LONGEST_DOCUMENT:
        raise Invalid(Say("请填写文号，最多 {longest} 字。", longest=LONGEST_DOCUMENT), field="document")
    there = {(fact.seq, name) for fact in stream_of(work.session, stream)
             for name, text in (*parties.of_fact(work.session, fact), *_texts_of(fact).items()) if text is not None}
    for seq, name in which:
        if (seq, name) not in there:
            raise Invalid(Say("第 {seq} 条没有可删除的文字“{name}”。", seq=seq, name=name), field="which")
    return work.record(STREAM, WordFacts.asked, actor, {
        "stream": stream, "which": sorted(which), "basis": basis, "document": document}).seq


@deed
def decide(work: Work, actor: Actor, number: int, *, is_granted: bool) -> None:
    """Erase what was asked for, or refuse. Raises `NotFound`, `Conflict` when it was decided before, `NotAllowed` for who asked
    and for who is no lead."""
    asked = request_for(actor, number)
    if asked.outcome:
        raise Conflict("这项删除申请已经有了决定。", code="decided")
    if not may_decide(actor, asked):
        raise NotAllowed("删除由区领导决定，且不能是申请人本人。", code="same_person")
    if is_granted:
        _erase_texts(work, asked.stream, asked.which)
        _redact_bodies(work, actor, asked)
    work.record(STREAM, WordFacts.erased if is_granted else WordFacts.refused, actor, {
        "request": number, "stream": asked.stream, "which": asked.which, "basis": asked.basis, "document": asked.document})


def _erase_texts(work: Work, stream: str, which: Marks) -> None:
    session, facts = work.session, stream_of(work.session, stream)
    case = _case_of(session, stream)
    before = search.texts_of(session, case.id) if case is not None else ()
    parties.erase(session, facts, which)
    words.erase(session, stream, which, work.clock.now())
    for fact in facts:
        for name in fact.texts or {}:
            if (fact.seq, name) in which and (fact.kind, name) in PRESENT:
                table, column, told = PRESENT[fact.kind, name]
                row_id = fact.payload[told] if told else stream.partition(":")[2]
                setattr(session.get_one(table, int(str(row_id))), column, "")
    if case is not None:
        empty_texts(case, _present_columns(facts, which))
        session.flush()
        search.replace(session, case.id, before, search.texts_of(session, case.id))


def _texts_of(fact: Fact) -> dict[str, str | None]:
    """The texts of a fact: beside it, and those that an old one has in its body."""
    body = json.loads(fact.body)
    inside = {name: body[name] for name in WORDS_OF.get(fact.kind, ())
              if body.get(name) and name + SEVERAL not in (fact.texts or {})}
    return {name: None if _is_erased(said) else said if isinstance(said, str) else canonical(said)
            for name, said in inside.items()} | dict(fact.texts or {})


def _without_texts(said: object) -> object:
    if not isinstance(said, dict) or said == plain(ERASED):
        return ERASED
    return {key: _without_texts(each) for key, each in said.items()}


def _is_erased(said: object) -> bool:
    return said == plain(_without_texts(said))


def _redact_bodies(work: Work, actor: Actor, asked: ErasureRequest) -> None:
    """Of facts that have the texts in their body, another body: only these texts differ, and a fact of the ledger says so to the
    letter."""
    for fact in stream_of(work.session, asked.stream):
        body = json.loads(fact.body)
        wanted = [name for seq, name in asked.which if seq == fact.seq and name in body and name in WORDS_OF.get(fact.kind, ())]
        if not wanted:
            continue
        left = canonical(body | {name: _without_texts(body[name]) for name in wanted})
        work.record(LEDGER, LedgerFacts.redacted, actor, {
            "stream": fact.stream, "seq": fact.seq, "names": wanted, "body": left, "body_digest": body_digest(left),
            "basis": asked.basis, "document": asked.document, "request": asked.number})
        redact(work.session, fact.stream, fact.seq, left)


def _present_columns(facts: Collection[Fact], which: Marks) -> list[str]:
    """The columns of the case row whose present text is among these."""
    latest = {name: fact.seq for fact in facts for name in fact.texts or {} if name in WORDED}
    return [WORDED[name] for name, seq in latest.items() if (seq, name) in which]


def _case_of(session: Session, stream: str) -> Case | None:
    if not stream.startswith(CASE):
        return None
    return session.scalar(select(Case).where(Case.number == stream.removeprefix(CASE)))


def _is_theirs(session: Session, actor: Actor, stream: str) -> bool:
    if stream.startswith(ACT):
        return parties.is_theirs(session, actor, stream)
    case = _case_of(session, stream)
    return actor.has_in(Permission.words_erase, wiring().home_area if case is None else case.jurisdiction)


def _require_stream(session: Session, actor: Actor, stream: str) -> None:
    permits.require(actor, Permission.words_erase)
    if not _is_theirs(session, actor, stream) or (stream.startswith(CASE) and _case_of(session, stream) is None):
        raise no_such_act(stream.removeprefix(ACT)) if stream.startswith(ACT) else access.no_such_case(stream.removeprefix(CASE))


