"""How a case row follows a fact, and what of it the fold must equal. Nowhere else is a case row changed."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from sqlalchemy import CursorResult, Table, delete, insert, inspect, select, update
from sqlalchemy.orm import Session, make_transient_to_detached, object_session
from sqlalchemy.orm.util import identity_key

from tracker.domain.cases.belonging.candidates import PlaceSaid
from tracker.domain.cases.columns import CaseChanges, SupportDay
from tracker.domain.cases.facts import CaseState, Request
from tracker.domain.house.ledger import plain
from tracker.storage.cases.belonging.parts import EMPTY_PLACE, PLACE_COLUMNS, CasePart, CasePlace, UnitPart
from tracker.storage.cases.cases import FAR, Case, CaseCategory
from tracker.storage.cases.works.rows import replace_works, works_of

# Rows beside the case row; everything else in a fact's `set` is a column of the same name.
UNITS: Final = "supporting_unit_ids"
CATEGORIES: Final = "categories"
SUPPORT: Final = "support_days"
INFORMED: Final = "informed_unit_ids"
CANDIDATES: Final = "candidates"
PLACE: Final = "place_beside"
WORKS: Final = "works"
BESIDE = (UNITS, CATEGORIES, SUPPORT, INFORMED, CANDIDATES, PLACE, WORKS)
_OF_PARTS = {"lead_unit_id", UNITS, SUPPORT, INFORMED, CANDIDATES}


_CASES = Table("cases", Case.metadata)
_ENTERING = insert(_CASES)
_UNSAID = {each.key: None for each in _CASES.c if each.default is None and each.key != "id"}


def entered(session: Session, row: Mapping[str, object]) -> Case:
    """A new case on the register, at hand as it stands there. It has no parts, and whoever is told of it need not look."""
    made = session.execute(_ENTERING, row)
    assert isinstance(made, CursorResult)
    key, said = made.inserted_primary_key, made.last_inserted_params()
    assert key is not None
    assert isinstance(said, Mapping)
    if (given_up := session.identity_map.get(identity_key(Case, key[0]))) is not None:
        session.expunge(given_up)  # of a transaction that was rolled back: its id is given again
    case = Case(**{**_UNSAID, **said, "id": key[0]}, parts=[])
    make_transient_to_detached(case)
    session.add(case)
    return case


def apply(case: Case, to: CaseState, changes: CaseChanges, texts: Mapping[str, str]) -> None:
    """One fact more: the state, the columns, the assignments and the types that it changes; and texts, of which it says digests
    alone."""
    case.state, case.seq = to, case.seq + 1  # before the columns: the row must satisfy its CHECKs at every flush
    for name, value in {**changes, **texts}.items():
        if name not in BESIDE:
            setattr(case, name, value)
    if "due_on" in changes:
        case.list_due_on = case.due_on or FAR
    if _OF_PARTS & changes.keys():
        _set_parts(case, _parts_after(case, changes))
    if PLACE in changes:
        _set_place(case, changes[PLACE])
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
        elif name == INFORMED:
            found[name] = list(case.informed_unit_ids)
        elif name == CANDIDATES:
            found[name] = dict(case.candidates)
        elif name == PLACE:
            found[name] = plain(case.place_beside)
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


PartRow = dict[str, object]


def _parts_after(case: Case, changes: CaseChanges) -> dict[int, PartRow]:
    """The rows of the units as they stand after these changes: of a unit with two parts the weightier one."""
    days, answers = changes.get(SUPPORT, case.support_days), changes.get(CANDIDATES, case.candidates)
    wanted = {int(unit): _part_row(UnitPart.candidate, answer=answer) for unit, answer in answers.items()}
    wanted |= {unit: _part_row(UnitPart.informed) for unit in changes.get(INFORMED, case.informed_unit_ids)}
    wanted |= {unit: _part_row(UnitPart.supporting, days.get(str(unit))) for unit in changes.get(UNITS, case.supporting_unit_ids)}
    if case.lead_unit_id is not None:
        wanted[case.lead_unit_id] = _part_row(UnitPart.lead)
    return wanted


def _part_row(part: UnitPart, day: SupportDay | None = None, answer: str | None = None) -> PartRow:
    due_on, answered_on = (day["due_on"], day["answered_on"]) if day is not None else (None, None)
    return {"part": part.value, "answer_due_on": due_on, "answered_on": answered_on, "answer": answer}


def _set_parts(case: Case, wanted: Mapping[int, PartRow]) -> None:
    present = {p.unit_id: {"part": p.part, "answer_due_on": p.answer_due_on, "answered_on": p.answered_on, "answer": p.answer}
               for p in case.parts}
    if present == wanted:
        return
    session = _case_session(case)
    session.execute(delete(CasePart).where(CasePart.case_id == case.id))
    session.flush()
    session.expire(case, ["parts"])
    if wanted:
        session.execute(insert(CasePart), [{"case_id": case.id, "unit_id": unit, **row} for unit, row in sorted(wanted.items())])


def _set_place(case: Case, said: PlaceSaid) -> None:
    """Where the case lies by the railway: what is not said is empty."""
    if case.place_row is None:
        case.place_row = CasePlace(case_id=case.id)
    for name in PLACE_COLUMNS:
        setattr(case.place_row, name, said.get(name, EMPTY_PLACE.get(name)))


def _case_session(case: Case) -> Session:
    session = object_session(case)
    assert session is not None
    return session
