"""How a case row follows a fact, and what of it the fold must equal. Nowhere else is a case row changed."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from sqlalchemy import delete, insert, inspect, select, update
from sqlalchemy.orm import Session, object_session

from tracker.domain.cases.columns import CaseChanges, SupportDay, SupportDays
from tracker.domain.cases.facts import CaseState, Request
from tracker.domain.house.ledger import plain
from tracker.storage.cases.cases import FAR, Case, CaseCategory, CasePart, UnitPart
from tracker.storage.cases.works.rows import replace_works, works_of

# Rows beside the case row; everything else in a fact's `set` is a column of the same name.
UNITS: Final = "supporting_unit_ids"
CATEGORIES: Final = "categories"
SUPPORT: Final = "support_days"
WORKS: Final = "works"


def apply(case: Case, to: CaseState, changes: CaseChanges, texts: Mapping[str, str]) -> None:
    """One fact more: the state, the columns, the assignments and the types that it changes; and texts, of which it says digests
    alone."""
    case.state, case.seq = to, case.seq + 1  # before the columns: the row must satisfy its CHECKs at every flush
    for name, value in {**changes, **texts}.items():
        if name not in (UNITS, CATEGORIES, SUPPORT, WORKS):
            setattr(case, name, value)
    if "due_on" in changes:
        case.list_due_on = case.due_on or FAR
    if UNITS in changes or "lead_unit_id" in changes or SUPPORT in changes:
        _set_parts(case, changes.get(UNITS, case.supporting_unit_ids), changes.get(SUPPORT, case.support_days))
    if CATEGORIES in changes:
        set_categories(_case_session(case), case.id, changes[CATEGORIES])
    if WORKS in changes:
        replace_works(_case_session(case), case.id, changes[WORKS])


def apply_to_many(session: Session, seqs: Mapping[int, int], to: CaseState, changes: CaseChanges) -> None:
    """The same for many cases at once, by their ids with the number of the fact: plain columns, the same of all."""
    session.execute(update(Case), [{"id": case, "state": to, "seq": seq, **changes} for case, seq in seqs.items()])


def empty_texts(case: Case, names: Iterable[str]) -> None:
    """Texts of a case that were erased: nothing stands in their place."""
    for name in names:
        setattr(case, name, "")


def set_categories(session: Session, case_id: int, categories: tuple[str, ...]) -> None:
    """Replace the types of a case."""
    session.execute(delete(CaseCategory).where(CaseCategory.case_id == case_id))
    if categories:
        session.execute(insert(CaseCategory), [{"case_id": case_id, "category": c} for c in categories])


def as_folded(session: Session, case: Case, names: Mapping[str, object]) -> dict[str, object]:
    """The present values of the named fields as the fold writes them, for comparison."""
    found: dict[str, object] = {}
    for name in names:
        if name == UNITS:
            found[name] = list(case.supporting_unit_ids)
        elif name == SUPPORT:
            found[name] = plain(case.support_days)
        elif name == WORKS:
            found[name] = plain(works_of(session, case.id))
        elif name == CATEGORIES:
            found[name] = list(session.scalars(
                select(CaseCategory.category).where(CaseCategory.case_id == case.id).order_by(CaseCategory.category)))
        else:
            found[name] = plain(getattr(case, name))
    return found


def typed(name: str, value: object) -> object:
    """A value out of a fact's JSON as the column holds it (dates, instants and enums restored)."""
    if not isinstance(value, str):
        return value
    column = inspect(Case).columns.get(name)
    kind = column.type.python_type if column is not None else str
    if kind is date:
        return date.fromisoformat(value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    return Request(value) if name == "pending" else value


def _set_parts(case: Case, supporting: tuple[int, ...], days: SupportDays) -> None:
    wanted = dict.fromkeys(supporting, UnitPart.supporting.value)
    if case.lead_unit_id is not None:
        wanted[case.lead_unit_id] = UnitPart.lead.value
    days = {unit: of_unit for unit, of_unit in days.items() if int(unit) in supporting}
    if {p.unit_id: p.part for p in case.parts} == wanted and case.support_days == days:
        return
    session = _case_session(case)
    session.execute(delete(CasePart).where(CasePart.case_id == case.id))
    session.flush()
    session.expire(case, ["parts"])
    if wanted:
        nothing: SupportDay = {"due_on": None, "answered_on": None}
        of_units = {unit: days.get(str(unit), nothing) for unit in wanted}
        session.execute(insert(CasePart), [
            {"case_id": case.id, "unit_id": unit, "part": part, "answer_due_on": of_units[unit]["due_on"],
             "answered_on": of_units[unit]["answered_on"]} for unit, part in sorted(wanted.items())])


def _case_session(case: Case) -> Session:
    session = object_session(case)
    assert session is not None
    return session
