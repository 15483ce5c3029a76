"""What a draw would say to the public once it is over: how often it was committed to, the numbers that prove it, what it drew."""

from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import NotFound
from tracker.domain.house.say import DateWords, Listed, Say, finished
from tracker.domain.inspection.draws import KIND, MARKS, WITNESS_MARK, DrawState, DrawSteps
from tracker.domain.inspection.inspections import INSPECTION
from tracker.services.house.work import reading, wiring
from tracker.services.inspection import proofs
from tracker.services.inspection.proofs import DrawRecord
from tracker.services.publications.projected import Projected, no_such_subject
from tracker.storage.cases.entries import FactEntry, entries
from tracker.storage.inspection.drawn import drawn_sites, earlier_attempts

COLUMNS = ("分类", "名次", "监管对象", "检查", "递补")


def draw_read(actor: Actor, number: str) -> Projected:
    """A closed draw, with the attempts before it that were abandoned, each with its reason. Raises `NotFound` for one that still
    goes on: what it drew is a surprise."""
    try:
        found = proofs.record_for(actor, number)
    except NotFound:
        raise no_such_subject(f"act:{number}") from None
    page, row = found.page, found.row
    if page.head.kind != KIND or page.head.state != DrawState.closed or found.committed is None or found.drawn is None:
        raise no_such_subject(f"act:{number}")
    texts = {"attempts": _attempts_of(found), "roster_digest": row.roster_digest, "commitment": row.commitment,
             "secret": str(found.drawn.details["secret"]), "witness": _witness_of(found, row.witness),
             "seed": row.seed, "result_digest": row.result_digest, "text": ""}
    return Projected(finished(Say("双随机抽取结果（{number}）", number=page.head.number)), page.head.area_code, texts, COLUMNS,
                     _lines_of(page.head.id), page.head.seq, frozenset(hand.person_id for hand in page.hands))


def _attempts_of(found: DrawRecord) -> str:
    """第2次封存；第1次于…作废，原因…: of the attempts before, those that had been committed to."""
    said, committed = [], 1
    for attempt, number in earlier_attempts(reading(), found.row):
        facts = {fact.kind: fact for fact in entries(reading(), f"act:{number}")}
        if DrawSteps.commit.fact in facts and DrawSteps.abandon.fact in facts:
            committed += 1
            said.append(_abandoned_attempt(attempt, facts[DrawSteps.abandon.fact]))
    now = Say("第{count}次封存", count=committed)
    return finished(Listed([now, *said], "；"))


def _abandoned_attempt(attempt: int, fact: FactEntry) -> Say:
    on = wiring().clock.local(fact.at).date()
    return Say("第{attempt}次于{day}作废，原因：{reason}", attempt=attempt, day=DateWords(on),
               reason=str(fact.details.get("reason") or ""))


def _witness_of(found: DrawRecord, value: str) -> str:
    assert found.committed is not None
    source = str(found.committed.details.get("witness_source") or "")
    said = Say("{source} {on}：{value}", source=source, on=str(found.row.witness_on), value=value)
    mark = str(found.page.head.details.get(WITNESS_MARK) or "")
    return finished(Say("{said}（审计核对：{mark}）", said=said, mark=Say(dict(MARKS)[mark])) if mark else said)


def _lines_of(act_id: int) -> tuple[tuple[str, ...], ...]:
    """What was drawn, and whether it was inspected; what came of an inspection, its own publication tells."""
    states = {state.value: word for state, word in INSPECTION.states.items()}
    return tuple((line.stratum, str(line.rank), line.name, states[line.state], str(line.replaced_by_rank or ""))
                 for line in drawn_sites(reading(), act_id))
