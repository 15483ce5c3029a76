"""One step for many cases: which of them it is open for and why not for the others, then each case in a transaction of its own.

Nothing here decides: eligibility is the law's own predicate, and every case goes the one road of `steps.take`.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.domain.cases.facts import CaseFacts, CaseState, Why
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.wording import outcome_words, sentence, step_word, word
from tracker.domain.evidence.evidence import Requirement
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Conflict, Invalid, NotFound, Refusal
from tracker.domain.house.fields import Given, read_all
from tracker.domain.house.say import Listed, Say
from tracker.services.cases import steps
from tracker.services.evidence import evidence
from tracker.services.house.database_trouble import DATABASE_ERRORS, sentence_of
from tracker.services.house.work import reading
from tracker.services.mail.bundles import WHOLE, RunPiece, one_mail_each
from tracker.services.people import access
from tracker.storage.cases.cases import Case
from tracker.storage.cases.family import member_counts
from tracker.storage.cases.scope import visible

MOST = 200  # in one transaction after the other, while somebody waits
MOST_OF_VIEW = 2000  # of a whole view, which is taken in such pieces
NOT_SHOWN = "本案的证据还没有展示给您，未办理。请打开预览，看过后勾选。"


@dataclass(frozen=True)
class BulkStep:
    """A step that makes sense for many cases at once. `without` are the questions whose answer differs from case to case."""

    name: str
    without: frozenset[str] = frozenset()

    @property
    def word(self) -> str:
        """What the step is called."""
        return step_word(self.name)

    @property
    def is_signed(self) -> bool:
        """Whether each case is signed for, so that what it rests on is shown before."""
        return CASE_FLOW.steps[self.name].weighs_evidence

    @property
    def given(self) -> tuple[Given, ...]:
        """What is asked, once for all cases."""
        return tuple(field for field in CASE_FLOW.steps[self.name].given if field.name not in self.without)


def bulk_steps() -> dict[str, BulkStep]:
    """The steps whose rows say so, in the order of their buttons."""
    found = [(step.bulk.order, BulkStep(step.name, step.bulk.without)) for step in CASE_FLOW.steps.values() if step.bulk]
    return {step.name: step for _, step in sorted(found, key=lambda pair: pair[0])}


@dataclass(frozen=True)
class PickedCase:
    """One case that was picked, as it stands. `why` is the sentence why the step is not open, empty where it is."""

    number: str
    title: str = ""
    state: CaseState | None = None
    seq: int = 0
    due_on: date | None = None
    why: str = ""

    @property
    def is_eligible(self) -> bool:
        """Whether the step is open to this person."""
        return not self.why


@dataclass(frozen=True)
class CaseOrder:
    """One case of many with the last fact that the person saw, and what the step is given for it; `saw` the digest of the
    evidence that was shown, where the step is signed for."""

    number: str
    seq: int
    raw: Mapping[str, object]
    saw: str | None = None


class Ending(StrEnum):
    """How one case of a bulk step ended."""

    conflict = "conflict"
    done = "done"
    refused = "refused"


@dataclass(frozen=True)
class Result:
    """What became of one case: done, refused with the law's sentence, or met by somebody quicker. Only `done` changed
    anything."""

    number: str
    ending: Ending
    sentence: str
    title: str = ""


def bulk_step(name: str) -> BulkStep:
    """The step of this name. Raises `NotFound` when it is none for many cases."""
    step = bulk_steps().get(name)
    if step is None:
        raise NotFound("没有这个批量步骤。")
    return step


def open_steps(actor: Actor, states: Sequence[CaseState]) -> tuple[BulkStep, ...]:
    """The bulk steps that start from one of these states and that this person could take somewhere."""
    return tuple(step for step in bulk_steps().values()
                 if set(CASE_FLOW.steps[step.name].froms) & set(states)
                 and any(actor.has(who.permission) for who in CASE_FLOW.steps[step.name].who))


def preview(actor: Actor, name: str, numbers: Sequence[str]) -> tuple[PickedCase, ...]:
    """Each picked case in the order given, with the reason where the step is closed; what the actor may not see is not there."""
    wanted = picked(numbers, MOST_OF_VIEW)
    found, step = _visible_cases(reading(), actor, wanted), bulk_step(name)
    row, cases = CASE_FLOW.steps[name], tuple(found.values())
    gaps = evidence.closing_gaps_of(cases) if row.weighs_evidence else {}
    members = member_counts(reading(), [case.id for case in cases]) if row.counts_members else {}
    facts = {case.number: access.facts_of(case, gaps.get(case.id, ()), members.get(case.id, 0), posts=()) for case in cases}
    return tuple(_picked_case(actor, step, found.get(number), number, facts.get(number)) for number in wanted)


def take_each(actor: Actor, name: str, raw: Mapping[str, object], rows: Sequence[tuple[str, int]],
              saw: Mapping[str, str] | None = None, piece: RunPiece = WHOLE) -> tuple[Result, ...]:
    """Take the step for each (number, seq that the actor saw), every case in a transaction of its own: done, refused or in
    conflict, and the next; whoever is told of several is told by one mail, of all pieces of a run. Sent twice, the second
    time meets its own first as a conflict. Raises `Invalid` or `Incomplete` for what was given, before anything is touched."""
    step = bulk_step(name)
    seen = {number.strip().upper(): seq for number, seq in rows}
    read_all(step.given, raw)
    return take_orders(actor, step, [CaseOrder(number, seen[number], raw, (saw or {}).get(number))
                                     for number in picked([number for number, _ in rows])], piece)


def take_orders(actor: Actor, step: BulkStep, orders: Sequence[CaseOrder], piece: RunPiece = WHOLE) -> tuple[Result, ...]:
    """The same where each case is given its own; what is given wrongly is refused in its row."""
    numbers = picked([order.number for order in orders])
    titles = {number: case.title for number, case in _visible_cases(reading(), actor, numbers).items()}
    by_number = {order.number: order for order in orders}
    with one_mail_each(replace(piece, name=piece.name and f"{actor.id}/{step.name}/{piece.name}")):
        return tuple(_take_one(actor, step, by_number[number], titles.get(number, "")) for number in numbers)


def set_mark(numbers: Iterable[str]) -> str:
    """How many cases these are, and a digest of which: the same for the same set in whatever order."""
    once = sorted(set(numbers))
    return f"{len(once)}-{sha256(' '.join(once).encode()).hexdigest()[:16]}"


def require_same_set(mark: str, numbers: Sequence[str]) -> None:
    """Raises `Conflict` where a view holds other cases than those that somebody looked at."""
    if mark != set_mark(numbers):
        before, _, _ = mark.partition("-")
        raise Conflict(Say("您核对之后，符合条件的案件变了：当时 {before} 件，现在 {now} 件。下面是现在的清单，请重新核对。",
                           before=before[:9], now=len(numbers)), code="stale")


def picked(numbers: Sequence[str], most: int = MOST) -> tuple[str, ...]:
    """Each number once. Raises `Invalid` for none and for too many."""
    once = tuple(dict.fromkeys(number.strip().upper() for number in numbers if number.strip()))
    if not once:
        raise Invalid("还没有选中案件。请回到台账，勾选要办理的案件。", field="rows")
    if len(once) > most:
        raise Invalid(Say("一次最多办理 {most} 件，选中的多于此数。请缩小范围，分批办理。", most=most), field="rows")
    return once


def _visible_cases(session: Session, actor: Actor, numbers: Sequence[str]) -> dict[str, Case]:
    query = select(Case).where(Case.number.in_(numbers), visible(actor.scope())).options(joinedload(Case.source),
                                                                                         selectinload(Case.parts),
                                                                                         joinedload(Case.place_row))
    return {case.number: case for case in session.scalars(query.execution_options(populate_existing=True))}


def _picked_case(actor: Actor, step: BulkStep, case: Case | None, number: str, facts: CaseFacts | None) -> PickedCase:
    if case is None or facts is None:
        return PickedCase(number, why="没有找到这件案件，或您无权查看。")
    why = next((o.why for o in steps.offers(actor, facts) if o.name == step.name), Why.wrong_state)
    return PickedCase(case.number, case.title, case.state, case.seq, case.due_on, _refusal_sentence(why, step, facts))


def _refusal_sentence(why: Why | None, step: BulkStep, facts: CaseFacts) -> str:
    if why is None:
        return ""
    if why is Why.wrong_state:
        return Say("案件现为“{state}”，不能“{step_word}”。", state=Say(word(facts.state)), step_word=Say(step.word))
    if why is Why.evidence_missing:
        return Say("证据不齐，还缺：{gaps}。", gaps=Listed(Say(word(Requirement(gap))) for gap in facts.closing_gaps))
    return sentence(why)


def _take_one(actor: Actor, step: BulkStep, order: CaseOrder, title: str) -> Result:
    number = order.number
    if step.is_signed and order.saw is None:
        return Result(number, Ending.refused, NOT_SHOWN, title)
    try:
        outcome = steps.take(actor, number, step.name, order.raw, seq=order.seq, saw=order.saw)
    except Conflict as conflict:
        told = "打开预览之后本案又有了新情况，这次未办理。" if conflict.code == "stale" else conflict.sentence
        return Result(number, Ending.conflict, told, title)
    except Refusal as refusal:
        return Result(number, Ending.refused, refusal.sentence, title)
    except DATABASE_ERRORS as error:
        logging.getLogger(__name__).exception("bulk %s of %s", step.name, number)
        return Result(number, Ending.refused, sentence_of(error), title)
    return Result(number, Ending.done, Say("{said}。", said=outcome_words(step.name, outcome.state)), title)
