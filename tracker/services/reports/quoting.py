"""What people wrote about cases, in reports: frozen by reference and looked up when somebody reads, so that what was erased since
is read nowhere, and every digest still holds."""

from collections.abc import Collection

from sqlalchemy import and_, select

from tracker.domain.house.masking import mask_text
from tracker.domain.house.say import Say, finished, read_json
from tracker.domain.house.words import ERASED, WORDS, commitment
from tracker.domain.reports.case_lines import short_text
from tracker.domain.reports.document import Document, WordReference, references_in, with_words
from tracker.services.house.work import reading
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.words import W, WordRow, WordsByStream, rows_in

CASE = "case:"
PORTION = 400
NAMED = ("title", "place")  # of a case: printed whole, and masked alone
UNLIKE = Say("（文字与登记的摘要不符）")
_F = FactRow.__table__.c


def references_to(numbers: Collection[str]) -> dict[tuple[str, str], str]:
    """The present title and place of these cases, as they stand in a document, by number and name; none of cases older than the
    references."""
    query = select(_F.stream, _F.seq, W.name, _F.body).join_from(
        FactRow.__table__, WordRow.__table__, and_(W.stream == _F.stream, W.seq == _F.seq))
    wanted = query.where(_F.stream.in_([CASE + number for number in numbers]), W.name.in_(NAMED)).order_by(_F.seq)
    return {(stream.removeprefix(CASE), name): WordReference(stream, seq, name, read_json(body)[WORDS][name]).mark()
            for stream, seq, name, body in reading().execute(wanted)}


def shown(document: Document) -> Document:
    """The document as it is read today. Its digest is that of the one with the references."""
    wanted = {reference for reference in references_in(document.text()) if reference.stream.startswith(CASE)}
    if not wanted:
        return document
    streams, names = sorted({each.stream for each in wanted}), {each.name for each in wanted}
    kept: WordsByStream = {}
    for start in range(0, len(streams), PORTION):
        kept |= rows_in(reading(), streams[start:start + PORTION], names)
    worded: Document = with_words(document, lambda each: _word_of(each, kept))
    return worded


def _word_of(wanted: WordReference, kept: WordsByStream) -> str:
    word = kept.get(wanted.stream, {}).get((wanted.seq, wanted.name))
    if word is not None and word.erased_at is not None:
        return finished(ERASED)
    if word is None or commitment(word.salt, word.text) != wanted.commitment:
        return finished(UNLIKE)
    return mask_text(word.text) if wanted.name in NAMED else short_text(word.text)
