"""Are the rows beside the cases what the ledger says of them? Frozen reports, appeals, and the values of the rule book."""

from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.ledger import Fact
from tracker.domain.reports.fact_kinds import DECISIONS, AppealFacts, ReportFacts
from tracker.domain.rules.fact_kinds import RuleFacts
from tracker.services.house.faults import Fault
from tracker.storage.house.ledger import FactRow, facts_like
from tracker.storage.reports.appeals import Appeal
from tracker.storage.reports.stored import StoredReport
from tracker.storage.rules.rules import RuleValue


def troubles(session: Session) -> Iterator[Fault]:
    """Every fact that tells of a row which is gone or says something else, and every row that says what no fact tells."""
    told: set[tuple[object, ...]] = set()
    for kind, (reason_of, mark_of) in _OF_FACTS.items():
        for fact in facts_like(session, FactRow.__table__.c.kind == kind):
            told.add(mark_of(fact))
            if reason := reason_of(session, fact):
                yield Fault.of(fact, reason)
    yield from (Fault(_mark_text(mark), "没有账本记录") for mark in _row_marks(session) if mark not in told)


def _report_trouble(session: Session, fact: Fact) -> str:
    name, period, area_code = fact.stream.partition(":")[2].split("/")
    row = session.execute(select(StoredReport.title, StoredReport.digest, StoredReport.body).where(
        StoredReport.name == name, StoredReport.period == period, StoredReport.area_code == area_code)).first()
    if row is None:
        return "存档的报告不见了"
    is_same = (row.title, row.digest, sha256(row.body.encode()).hexdigest()) == (fact.payload["title"],
                                                                                 *[fact.payload["digest"]] * 2)
    return "" if is_same else "存档的报告被改动"


def _appeal_trouble(session: Session, fact: Fact) -> str:
    row = session.get(Appeal, int(fact.stream.partition(":")[2]))
    if row is None:
        return "申诉的行不见了"
    verb = fact.kind.partition(":")[2]
    said = (row.unit_id, row.points, row.text) if verb == "raised" else (row.outcome, row.reason)
    told = tuple(fact.payload[name]
                 for name in ("unit_id", "points", "text")) if verb == "raised" else (verb, fact.payload["reason"])
    return "" if said == told else "申诉的行被改动"


def _value_trouble(session: Session, fact: Fact) -> str:
    key, on = _value_mark(fact)
    row = session.scalar(select(RuleValue.value)
                         .where(RuleValue.key == key, RuleValue.effective_from == date.fromisoformat(str(on))))
    if row is None:
        return "规则的这个值不见了"
    return "" if row == fact.payload["value"] else "规则的这个值被改动"


def _value_mark(fact: Fact) -> tuple[object, ...]:
    return fact.payload["key"], fact.payload["from"]


def _stream_mark(fact: Fact) -> tuple[object, ...]:
    return fact.stream, fact.kind


def _row_marks(session: Session) -> Iterator[tuple[object, ...]]:
    """What the rows say, each as its fact would be known by."""
    for name, period, area_code in session.execute(select(StoredReport.name, StoredReport.period, StoredReport.area_code)):
        yield f"report:{name}/{period}/{area_code}", ReportFacts.published
    for appeal_id, outcome in session.execute(select(Appeal.id, Appeal.outcome).order_by(Appeal.id)):
        kinds = (AppealFacts.raised, *((DECISIONS[outcome],) if outcome else ()))
        yield from ((f"appeal:{appeal_id}", kind) for kind in kinds)
    for key, on in session.execute(select(RuleValue.key, RuleValue.effective_from).order_by(RuleValue.id)):
        yield key, on.isoformat()


def _mark_text(mark: tuple[object, ...]) -> str:
    return " ".join(map(str, mark))


_OF_FACTS: dict[str, tuple[Callable[[Session, Fact], str], Callable[[Fact], tuple[object, ...]]]] = {
    ReportFacts.published: (_report_trouble, _stream_mark), AppealFacts.raised: (_appeal_trouble, _stream_mark),
    AppealFacts.upheld: (_appeal_trouble, _stream_mark),
    AppealFacts.rejected: (_appeal_trouble, _stream_mark), RuleFacts.value_set: (_value_trouble, _value_mark),
}
