"""The law replayed over every case: what was not lawful when it was written, named with its reason."""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate, groupby

from sqlalchemy.orm import Session

from tracker.domain.acts.facts import ActWhy
from tracker.domain.acts.wording import refusal_sentence as act_refusal
from tracker.domain.cases.facts import Why
from tracker.domain.cases.flow import Steps
from tracker.domain.cases.wording import sentence
from tracker.domain.house.actor import CLOCK
from tracker.domain.house.folds import rows_told
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.domain.house.say import Say
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.upkeep.acts_then import ActReplay
from tracker.domain.upkeep.breaches import Breach, Wrong
from tracker.domain.upkeep.editions import EDITIONS, NEWEST, falls
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.domain.upkeep.replay import Replay
from tracker.domain.upkeep.timelines import TABLES, Timelines
from tracker.services.house.faults import Fault, RowFault
from tracker.services.house.work import Work, wiring
from tracker.storage.upkeep import act_states, placed_facts
from tracker.storage.upkeep.placed_facts import ACT, PlacedFact

LEAVING = (PersonFacts.deactivated, PersonFacts.changed)  # whoever leaves a unit hands their sponsorships over too
LONGEST_WORK, SLACK = timedelta(hours=6), timedelta(seconds=5)
WORDS: dict[Wrong, str] = {
    Wrong.unknown_kind: "记录种类不明", Wrong.wrong_state: "不能从当时的状态发生", Wrong.nobody: "无此人",
    Wrong.no_sign_in: "没有登录记录",
    Wrong.deactivated: "行为人当时已停用", Wrong.no_permission: "当时没有权限", Wrong.no_delegation: "当时没有委托",
    Wrong.other_signer: "署名不是行为人", Wrong.other_evidence: "证据与销号时的摘要不符", Wrong.future: "时间在将来",
    Wrong.too_old: "早于账本的登记时间", Wrong.no_reason: "没有写明须写明的原因",
    Wrong.other_works: "整治内容或所用标准不合规则", Wrong.other_score: "整治评分与核查表不符", Wrong.score_too_low: "整治评分不合格，不应通过",
}
SHORT: dict[Why, str] = {
    Why.same_person: "同一人", Why.same_unit: "同一单位", Why.evidence_missing: "证据不齐", Why.notice_running: "公示未满",
    Why.notice_required: "公示未满", Why.out_of_reach: "当时不归此人办理",
}


def law_troubles(session: Session, streams: Sequence[str] | None = None) -> Iterator[Fault]:
    """What was unlawful in each case, or in those of these streams, what people wrote beside the cases in no session of theirs,
    and every edition of the law that is not above the one before it."""
    law = LawThen(session)
    yield from law.edition_troubles()
    for read in (placed_facts.of_cases, placed_facts.of_acts):
        for _, placed_of in groupby(read(session, streams), key=lambda each: each.fact.stream):
            yield from law.record_troubles(list(placed_of))
    yield from law.people_troubles(session, streams)


class LawThen:
    """The law at each position of the log, read once; then asked of one case or act after the other."""

    def __init__(self, session: Session) -> None:
        self._changed = [(placed, int(str(placed.fact.payload["edition"])))
                         for placed in placed_facts.of_kinds(session, LedgerFacts.law_changed)]
        self._begun = _first_timed(session)
        self._replay = _replay_of(session, [(each.position, edition) for each, edition in self._changed], self._begun)
        self._acts = ActReplay(self._replay, ACT_FLOWS)

    def edition_troubles(self) -> Iterator[Fault]:
        """Every edition that is not above the one before it."""
        for at, before in falls([edition for _, edition in self._changed]):
            placed, edition = self._changed[at]
            yield RowFault(Fault.of(placed.fact, "").where,
                           Say("版本只增不减：{before} 之后是 {edition}", before=before, edition=edition))

    def record_troubles(self, facts: Sequence[PlacedFact]) -> Iterator[Fault]:
        """What was unlawful in the facts of one case, or of one act, in their order."""
        placed = [(each.position, each.fact) for each in facts]
        if facts[0].fact.stream.startswith(ACT):
            yield from map(_breach_fault, self._acts.breaches(placed))
            return
        yield from (fault for each in facts if each.position > self._begun for fault in _moment_troubles(each))
        yield from map(_breach_fault, self._replay.breaches(placed))

    def people_troubles(self, session: Session, streams: Sequence[str] | None) -> Iterator[Fault]:
        """What people wrote beside the cases in no session of theirs."""
        for placed in placed_facts.of_people(session, self._begun, streams):
            if not self._replay.is_in_session(placed.position, placed.fact):
                yield _breach_fault(Breach(placed.fact, Wrong.no_sign_in))


def act_state_troubles(session: Session) -> Iterator[Fault]:
    """A state of acts that no flow knows, or one that is missing: the database would hold the rows to another law."""
    wanted = {(kind, state.value, state in flow.finals) for kind, flow in ACT_FLOWS.items() for state in flow.states}
    for kind, state, _ in sorted(act_states.state_rows(session) ^ wanted):
        yield RowFault("act_states", Say("{kind} 的状态 {state} 与流程表不符", kind=kind, state=state))


def note_law(work: Work) -> None:
    """Record the edition of the law by which facts are judged from now on, once."""
    last = max((int(str(placed.fact.payload["edition"]))
                for placed in placed_facts.of_kinds(work.session, LedgerFacts.law_changed)), default=0)
    if last < NEWEST:
        work.record(LEDGER, LedgerFacts.law_changed, CLOCK, {"edition": NEWEST, "digest": EDITIONS[NEWEST]})


def _replay_of(session: Session, editions: list[tuple[int, int]], begun: int) -> Replay:
    past = Timelines()
    for placed in placed_facts.telling_rows(session, TABLES):
        past.add(placed.position, rows_told(json.loads(placed.fact.body)), is_found=placed.fact.kind == LedgerFacts.rows_stated)
    gone = {f"{placed.fact.stream}#{placed.fact.seq}" for placed in placed_facts.of_kinds(session, *LEAVING)}
    local = wiring().clock.local
    sign_ins = {f"{placed.fact.stream}#{placed.fact.seq}": (placed.fact.actor_id, placed.position)
                for placed in placed_facts.of_kinds(session, PersonFacts.signed_in)}
    return Replay(past, _members_by_master(session), gone, lambda at: local(at).date(), _edition_reader(editions), sign_ins,
                  begun)


def _members_by_master(session: Session) -> Mapping[str, list[tuple[int, int]]]:
    """By master: where in the log a case was merged into it, +1, or taken out again, -1."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    master_of: dict[str, str] = {}
    for placed in placed_facts.of_kinds(session, Steps.merge.fact, Steps.unmerge.fact):
        stream = placed.fact.stream
        if placed.fact.kind == Steps.merge.fact:
            master_of[stream] = str(placed.fact.payload["master"])
        if stream in master_of:
            found[master_of[stream]].append((placed.position, 1 if placed.fact.kind == Steps.merge.fact else -1))
    return found


def _edition_reader(editions: list[tuple[int, int]]) -> Callable[[int], int]:
    positions = [position for position, _ in editions]
    highest = [1, *accumulate((edition for _, edition in editions), max)]

    def edition_at(position: int) -> int:
        return highest[bisect_right(positions, position)]

    return edition_at


def _first_timed(session: Session) -> int:
    """Behind which position facts were logged when they were written: what is older was logged when the log was begun, or is the
    invented past of a demo."""
    return max((placed.position for placed in placed_facts.of_kinds(session, LedgerFacts.begun, LedgerFacts.demo_loaded)),
               default=0)


def _moment_troubles(placed: PlacedFact) -> Iterator[Fault]:
    if placed.logged_at is None:
        return
    logged = datetime.fromtimestamp(placed.logged_at / 1_000_000, tz=UTC)
    if placed.fact.at > logged + SLACK:
        yield RowFault(Fault.of(placed.fact, "").where, WORDS[Wrong.future])
    elif placed.fact.at < logged - LONGEST_WORK:
        yield RowFault(Fault.of(placed.fact, "").where, WORDS[Wrong.too_old])


def _breach_fault(breach: Breach) -> Fault:
    return RowFault(Fault.of(breach.fact, "").where, _breach_words(breach))


def _breach_words(breach: Breach) -> str:
    if breach.wrong is Wrong.other_date:
        return Say("不合规则：{column} 应为 {due}", column=breach.detail, due=breach.due)
    if breach.why is None or breach.wrong is not Wrong.unlawful:
        return Say("不合规则：{reason}", reason=Say(WORDS[breach.wrong]))
    if isinstance(breach.why, ActWhy):
        return Say("不合规则：{reason}", reason=Say(act_refusal(breach.why)))
    return Say("不合规则：{reason}", reason=Say(SHORT[Why(breach.why)]) if breach.why in SHORT else Say(sentence(Why(breach.why))))
