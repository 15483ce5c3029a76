"""Is each case row what its facts amount to? Compared in portions, on plain rows, so that nothing piles up in memory."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.cases.folding import fold
from tracker.domain.cases.intake_fields import WORDED
from tracker.domain.house.folds import ROWS
from tracker.domain.house.ledger import Fact, plain
from tracker.domain.house.words import SEVERAL, WORDS
from tracker.services.house.faults import Fault
from tracker.services.house.work import wiring
from tracker.services.upkeep.checks.words import Mark, erased_among, stream_troubles
from tracker.storage.cases.belonging.parts import PLACE_COLUMNS, CasePart, CasePlace, UnitPart
from tracker.storage.cases.cases import FAR, Case, CaseCategory
from tracker.storage.cases.rows import CANDIDATES, CATEGORIES, INFORMED, PLACE, SUPPORT, UNITS, WORKS
from tracker.storage.cases.works.rows import CaseWork, works_among
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house import words
from tracker.storage.house.words import WordOfFact, WordsByStream

CASE = "case:"
KeptFact = tuple[str, bool]  # of a file: its digest, and whether its original is sealed
TEXTS = "text_digests"
# Columns that came later than the first cases: empty where no fact states them.
LATER = ("located_by", "device_lat", "device_lng", "device_datum", "device_accuracy_metres", "answers", "objection_count",
         "undecided_objections", "supervision_due_on", "matter_since_on", "is_due_rolling", "confirm_due_on", "confirmed_on")


@dataclass
class _Rows:
    """What the database has of a portion of cases, by stream."""

    cases: dict[str, Mapping[str, object]] = field(default_factory=dict)
    beside: dict[str, dict[str, list[object]]] = field(
        default_factory=lambda: defaultdict(lambda: {UNITS: [], CATEGORIES: [], INFORMED: []}))
    support: dict[str, dict[str, object]] = field(default_factory=lambda: defaultdict(dict))
    works: dict[str, list[Mapping[str, object]]] = field(default_factory=lambda: defaultdict(list))
    candidates: dict[str, dict[str, object]] = field(default_factory=lambda: defaultdict(dict))
    places: dict[str, dict[str, object]] = field(default_factory=lambda: defaultdict(dict))
    leads: dict[str, list[object]] = field(default_factory=lambda: defaultdict(list))
    files: dict[str, dict[int, KeptFact]] = field(default_factory=lambda: defaultdict(dict))
    words: WordsByStream = field(default_factory=dict)
    erased: frozenset[Mark] = frozenset()


def case_troubles(session: Session, streams: Sequence[Sequence[Fact]]) -> dict[str, Fault]:
    """The first trouble of each of these cases, by stream. Each stream is a whole chain that holds."""
    rows = _read_rows(session, [facts[0].stream for facts in streams])
    found = ((facts[0].stream, _stream_trouble(rows, facts)) for facts in streams)
    return {stream: trouble for stream, trouble in found if trouble is not None}


def _read_rows(session: Session, streams: Sequence[str]) -> _Rows:
    rows = _Rows()
    by_id: dict[int, str] = {}
    numbers = [stream.removeprefix(CASE) for stream in streams]
    for row in session.execute(select(Case.__table__).where(Case.number.in_(numbers))).mappings():
        stream = f"{CASE}{row['number']}"
        rows.cases[stream], by_id[row["id"]] = dict(row), stream
    for part in session.execute(
            select(CasePart.case_id, CasePart.unit_id, CasePart.part, CasePart.answer_due_on, CasePart.answered_on,
                   CasePart.answer)
            .where(CasePart.case_id.in_(by_id))
            .order_by(CasePart.unit_id)):
        stream = by_id[part.case_id]
        _enter_part(rows, stream, part)
        if part.answer_due_on is not None:
            rows.support[stream][str(part.unit_id)] = plain({"due_on": part.answer_due_on, "answered_on": part.answered_on})
    _read_places(session, rows, by_id)
    for kind in session.execute(
            select(CaseCategory.case_id, CaseCategory.category).where(CaseCategory.case_id.in_(by_id))
            .order_by(CaseCategory.category)):
        rows.beside[by_id[kind.case_id]][CATEGORIES].append(kind.category)
    _enter_works(session, rows, by_id)
    for file in session.execute(
            select(EvidenceRow.id, EvidenceRow.subject, EvidenceRow.digest, EvidenceRow.is_original_sealed)
            .where(EvidenceRow.subject.in_(streams))):
        rows.files[file.subject][file.id] = file.digest, file.is_original_sealed
    rows.words = words.rows_in(session, streams)
    rows.erased = erased_among(session, rows.words)
    return rows


def _enter_works(session: Session, rows: _Rows, by_id: Mapping[int, str]) -> None:
    for work in session.execute(select(CaseWork.__table__).where(CaseWork.case_id.in_(by_id))).mappings():
        rows.works[by_id[work["case_id"]]].append(dict(work))


def _read_places(session: Session, rows: _Rows, by_id: Mapping[int, str]) -> None:
    for place in session.execute(select(CasePlace.__table__).where(CasePlace.case_id.in_(by_id))).mappings():
        rows.places[by_id[place["case_id"]]] = {n: plain(place[n]) for n in PLACE_COLUMNS if place[n] not in (None, "")}


def _enter_part(rows: _Rows, stream: str, part: Any) -> None:
    """A unit of a case, among those of its part."""
    if part.part == UnitPart.lead:
        rows.leads[stream].append(part.unit_id)
    elif part.part == UnitPart.candidate:
        rows.candidates[stream][str(part.unit_id)] = part.answer
    else:
        rows.beside[stream][UNITS if part.part == UnitPart.supporting else INFORMED].append(part.unit_id)


def _beside_of(rows: _Rows, stream: str) -> dict[str, object]:
    """What stands beside the row of a case, by the name under which facts set it."""
    return {**rows.beside[stream], SUPPORT: rows.support[stream], CANDIDATES: rows.candidates[stream],
            PLACE: rows.places[stream], WORKS: plain(works_among(rows.works[stream]))}


def _stream_trouble(rows: _Rows, facts: Sequence[Fact]) -> Fault | None:
    stream, last = facts[0].stream, facts[-1]
    row = rows.cases.get(stream)
    if row is None:
        return Fault.of(facts[0], "案件行不见了")
    try:
        folded = fold(facts)
    except (ValueError, TypeError, AssertionError) as error:
        named = next((f for f in facts if str(error).startswith(f"{f.stream}#{f.seq} ") or f.kind in str(error)), last)
        return Fault.of(named, "不能从当时的状态发生，或记录种类不明")
    if row["seq"] > last.seq:  # type: ignore[operator]
        return Fault(f"{stream}#{last.seq + 1}", f"案件已记到第 {row['seq']} 条，账本末尾却只到第 {last.seq} 条(记录缺失)")
    kept = rows.words[stream]
    found = (stream_troubles(kept, facts, rows.erased), _row_troubles(row, rows, facts, folded), _text_troubles(row, kept, facts),
             _evidence_troubles(rows.files[stream], facts))
    return next((first for each in found if (first := _earliest_trouble(each, facts)) is not None), None)


def _row_troubles(row: Mapping[str, object], rows: _Rows, facts: Sequence[Fact], folded: Mapping[str, object]) -> Iterable[Fault]:
    stream = facts[0].stream
    beside = _beside_of(rows, stream)
    for name, value in folded.items():
        present = beside[name] if name in beside else plain(row[name])
        if present != (sorted(value, key=_sort_key) if isinstance(value, list) else value):
            culprit = next((f for f in reversed(facts) if name in _fact_changes(f)), facts[-1])
            yield Fault.of(culprit, f"案件的 {name} 与账本推算的不同(账本 {value!r}，案件 {present!r})")
    if rows.works[stream] and WORKS not in folded:
        yield Fault.of(facts[0], "案件的 works 没有账本记录")
    for name in LATER:
        if name not in folded and row[name] is not None and row[name] is not False and name not in _told_by_digest(facts):
            yield Fault.of(facts[0], f"案件的 {name} 没有账本记录(案件 {row[name]!r})")
    if row["list_due_on"] != (row["due_on"] or FAR):
        yield Fault.of(facts[-1], "案件的 list_due_on 与 due_on 不符")
    if rows.leads[stream] != ([row["lead_unit_id"]] if row["lead_unit_id"] is not None else []):
        culprit = next((f for f in reversed(facts) if "lead_unit_id" in _fact_changes(f)), facts[0])
        yield Fault.of(culprit, "主办单位的分派行与案件不同")


def _present_value(rows: _Rows, stream: str, row: Mapping[str, object], name: str) -> object:
    if name in (UNITS, CATEGORIES):
        return rows.beside[stream][name]
    if name == WORKS:
        return plain(works_among(rows.works[stream]))
    return rows.support[stream] if name == SUPPORT else plain(row[name])


def _told_by_digest(facts: Sequence[Fact]) -> set[str]:
    said = (fact.payload.get(key) for fact in facts for key in (TEXTS, WORDS))
    return {name.removesuffix(SEVERAL) for each in said if isinstance(each, dict) for name in each}


def _text_troubles(row: Mapping[str, object], kept: Mapping[tuple[int, str], WordOfFact], facts: Sequence[Fact]
                   ) -> Iterable[Fault]:
    """Title, description, place and answers stand in no fact: the row has what the last word of them says, or, of cases
    registered before there were words, what fits their keyed digests."""
    now = {WORDED[name]: (seq, word) for (seq, name), word in sorted(kept.items()) if name in WORDED}
    for name in WORDED.values():
        if WORDS in facts[0].payload and name not in now and row[name]:
            yield Fault.of(facts[0], f"案件的 {name} 没有账本记录")
    for name, (seq, word) in now.items():
        if (row[name] or "") != word.text:
            yield Fault.of(facts[seq - 1], f"案件的 {name} 与记录的摘要不符(内容被改动)")
    told: dict[str, tuple[str, Fact]] = {}
    for fact in facts:
        said = fact.payload.get(TEXTS)
        if isinstance(said, dict):
            told |= {name: (digest, fact) for name, digest in said.items()}
    for name, (digest, fact) in told.items():
        if name not in now and not wiring().cipher.matches(str(row[name]), digest):
            yield Fault.of(fact, f"案件的 {name} 与记录的摘要不符(内容被改动，或 IDENTITY_KEY 里少了当时的密钥)")


def _evidence_troubles(files: Mapping[int, KeptFact], facts: Sequence[Fact]) -> Iterable[Fault]:
    """Files of facts that were written before facts told of rows; the others are compared with their rows."""
    for fact in facts:
        if ROWS not in fact.payload:
            for file_id, kept in _fact_evidence(fact):
                if files.get(file_id) != kept:
                    yield Fault.of(fact, f"证据 {file_id} 的行{'被改动' if file_id in files else '不见了'}")


def _earliest_trouble(troubles: Iterable[Fault], facts: Sequence[Fact]) -> Fault | None:
    """The trouble with the earliest fact."""
    found = list(troubles)
    if len(found) < 2:
        return found[0] if found else None
    order = {f"{f.stream}#{f.seq} {f.kind}": f.seq for f in facts}
    return min(found, key=lambda t: order.get(t.where, 0))


def _fact_changes(fact: Fact) -> Mapping[str, object]:
    changes = fact.payload.get("set", {})
    return changes if isinstance(changes, dict) else {}


def _fact_evidence(fact: Fact) -> list[tuple[int, KeptFact]]:
    said = fact.payload.get("evidence")
    if not isinstance(said, list):
        return []
    return [(e["id"], (e["sha256"], bool(e.get("is_original_sealed")))) for e in said if isinstance(e, dict) and "id" in e]


def _sort_key(value: object) -> tuple[int, str]:
    return (value, "") if isinstance(value, int) else (0, str(value))
