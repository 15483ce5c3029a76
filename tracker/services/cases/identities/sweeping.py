"""Texts that were written before their case's reporter was known are gone over once, and the nightly job sees to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from tracker.domain.cases.flow import OtherFacts
from tracker.domain.house.actor import CLOCK, Actor
from tracker.domain.house.errors import Broken, Refusal
from tracker.domain.house.masking import Mask
from tracker.domain.house.say import Say
from tracker.domain.house.words import REPLACED, SEVERAL, mark_of
from tracker.services.cases.identities.masks import mask_of_case
from tracker.services.cases.identities.reporters import records_of
from tracker.services.house.work import Work, deed, reading
from tracker.storage.cases import search
from tracker.storage.cases.cases import Case
from tracker.storage.cases.identities import Identity
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.evidence.uploads import UploadRow
from tracker.storage.house import words
from tracker.storage.mail.bodies import MailBody
from tracker.storage.mail.outbox import Message, drop_unread
from tracker.storage.reports.appeals import Appeal

ROW_TEXTS = ("title", "description", "place", "answers")
UNSENT = ("waiting", "claimed", "held", "given_up")
PORTION = 200


@dataclass(frozen=True)
class Swept:
    """One case whose texts named its reporter: in which fields, and how many texts."""

    number: str
    fields: tuple[str, ...]
    count: int


def sweep(actor: Actor, *, is_dry: bool = False) -> tuple[Swept, ...]:
    """Mask what names a reporter who became known after it was written, case by case; a dry run says what it would mask. One bad
    case does not stop the others: `Broken` at the end names the first."""
    found, troubles = [], []
    for case_id, number in _waiting_cases():
        try:
            swept = _sweep_case(actor, case_id, is_dry)
        except Refusal as refusal:
            troubles.append(Say("{place}：{misfit}", place=number, misfit=refusal.sentence))
            continue
        found += [swept] if swept is not None else []
    if troubles:
        raise Broken(Say("查过 {count} 件，{failed} 件未成，第一件 {first}", count=len(found), failed=len(troubles), first=troubles[0]))
    return tuple(found)


def sweep_daily(on: date) -> str:
    """The nightly run, in words."""
    return Say("隐去 {count} 件案件文字中的举报人", count=len(sweep(CLOCK)))


def mask_texts(work: Work, actor: Actor, case: Case, mask: Mask, *, is_dry: bool = False) -> dict[str, int]:
    """Mask every text of a case that can still be changed; how many texts of each field. Facts and sent mails stay."""
    changed = {name: new for name in ROW_TEXTS
               if isinstance(old := getattr(case, name), str) and (new := mask.apply(old)) != old}
    counts = dict.fromkeys(changed, 1)
    outworn = set[str]()
    for field, row, name, new in _texts_beside(work, case, mask):
        counts[field] = counts.get(field, 0) + 1
        if not is_dry:
            outworn |= {row.body_digest or ""} if isinstance(row, Message) else set()
            setattr(row, name, new)
    if outworn:
        work.session.flush()
        drop_unread(work.session, outworn)
    replaced = _words_replaced(work, case, mask)
    for name in (mark.partition("/")[2].removesuffix(SEVERAL) for mark in replaced):
        counts[name] = counts.get(name, 0) + (name not in changed)  # the row's own text is counted already
    if counts and not is_dry:
        _erase_words(work, case, replaced)
        said = {"fields": sorted(counts), "count": sum(counts.values()), **({REPLACED: replaced} if replaced else {})}
        work.move(case, OtherFacts.words_masked.fact, actor, case.state, {}, said, changed)
    return counts


def _words_replaced(work: Work, case: Case, mask: Mask) -> dict[str, str]:
    """The texts beside the case's facts that name the reporter, masked, by number and name."""
    kept = words.rows_in(work.session, [case.stream])[case.stream]
    return {mark_of(seq, name): new for (seq, name), word in sorted(kept.items())
            if word.erased_at is None and (new := mask.apply(word.text)) != word.text}


def _erase_words(work: Work, case: Case, replaced: Mapping[str, str]) -> None:
    before = search.texts_of(work.session, case.id)
    which = [(int(seq), name) for seq, _, name in (mark.partition("/") for mark in replaced)]
    words.erase(work.session, case.stream, which, work.clock.now())
    search.replace(work.session, case.id, before, search.texts_of(work.session, case.id))


def _waiting_cases() -> Iterator[tuple[int, str]]:
    """The cases with a reporter of whom their texts may not know, in portions."""
    last = 0
    while True:
        waiting = select(Identity.case_id).where(Identity.sealed.is_not(None), Identity.masked_at.is_(None))
        query = select(Case.id, Case.number).where(Case.id > last, Case.id.in_(waiting)).order_by(Case.id).limit(PORTION)
        portion = reading().execute(query).all()
        reading().rollback()  # the reading ends here; each case opens its own transaction
        if not portion:
            return
        yield from ((row.id, row.number) for row in portion)
        last = portion[-1].id


@deed
def _sweep_case(work: Work, actor: Actor, case_id: int, is_dry: bool) -> Swept | None:
    query = select(Case).where(Case.id == case_id).with_for_update(of=Case).execution_options(populate_existing=True)
    case = work.session.scalars(query).one()
    counts = mask_texts(work, actor, case, mask_of_case(work, case, is_strict=True), is_dry=is_dry)
    if not is_dry:
        for record in records_of(work, case.id):
            record.masked_at = work.clock.now()
    return Swept(case.number, tuple(sorted(counts)), sum(counts.values())) if counts else None


def _texts_beside(work: Work, case: Case, mask: Mask) -> Iterator[tuple[str, object, str, str]]:
    """Texts of other rows about the case that name the reporter: the field's name, the row, its column, the masked text."""
    told = or_(Message.subject.contains(case.number), MailBody.text.contains(case.number))
    for field, columns, query in (
            ("evidence", ("original_name",), select(EvidenceRow).where(EvidenceRow.subject == case.stream)),
            ("upload", ("original_name",), select(UploadRow).where(UploadRow.subject == case.stream)),
            ("letter", ("subject", "text", "html", "gist"),
             select(Message).outerjoin(MailBody).where(Message.state.in_(UNSENT), told)),
            ("appeal", ("text", "reason"), select(Appeal).where(Appeal.case_number == case.number))):
        for row in work.session.scalars(query):
            for name in columns:
                old = getattr(row, name)
                if old and (new := mask.apply(old)) != old:
                    yield field, row, name, new
