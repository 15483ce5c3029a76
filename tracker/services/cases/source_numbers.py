"""What a source asks of a case that is registered: that it is offered on that day, and that its number is new and written as the
source writes its numbers."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.errors import Conflict, Invalid
from tracker.domain.house.identifiers import source_number
from tracker.domain.house.say import Say
from tracker.domain.territory.numbers.grammar import read_grammar
from tracker.storage.cases.cases import Case
from tracker.storage.territory.territory import Source

REFUSING = "refuse"


def require_source(source: Source, on: date) -> None:
    """Raise `Invalid` for a source that is not offered yet, or no longer."""
    if on < source.valid_from:
        raise Invalid(Say("来源“{name}”自 {valid_from} 起才可选。", name=source.name, valid_from=source.valid_from), field="source")
    if source.valid_to is not None and source.valid_to < on:
        raise Invalid(Say("来源“{name}”已于 {valid_to} 终止，不能再登记。", name=source.name, valid_to=source.valid_to), field="source")


def require_free(session: Session, source: Source, number: str | None, on: date) -> None:
    """Raise `Conflict` for a number that is known, and `Invalid` for one that the source writes otherwise and refuses."""
    if not number:
        return
    key = source_number(number).key
    query = select(Case.number).where(Case.source_id == source.id, Case.source_number == key, Case.withdrawn_at.is_(None))
    known = session.scalar(query)
    if known:
        raise Conflict(Say("来源编号 {key} 已登记为 {known}。", key=key, known=known), code="known_source_number", field="source_number")
    if source.number_check == REFUSING and (doubt := doubt_of(source, number, on)) is not None:
        raise Invalid(doubt, field="source_number")


def doubt_of(source: Source, number: str | None, on: date) -> Say | None:
    """What is odd about a number, where its source writes others; the number stays as it was typed."""
    if not number or not source.number_grammar or (source.number_since is not None and on < source.number_since):
        return None
    if read_grammar(source.number_grammar).fits(source_number(number).key):
        return None
    return Say("来源编号“{number}”不符合“{name}”的格式 {grammar}。", number=number, name=source.name, grammar=source.number_grammar)
