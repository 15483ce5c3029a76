"""The running numbers that were given out, by their series, as the ledger and the counters have them."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from tracker.domain.cases.fact_kinds import NumberFacts
from tracker.domain.cases.flow import Steps
from tracker.domain.house.identifiers import format_filing_number
from tracker.domain.reports.fact_kinds import CircularFacts
from tracker.domain.territory.fact_kinds import OfficeFacts
from tracker.domain.upkeep.series import Range
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.preferences import Counter
from tracker.storage.territory.offices import OfficeRow

ACT, FILING, PAPER = "act", "filing", "paper"
PORTION = 1000
NUMBERED = ("case", "import", ACT, FILING, PAPER)
ISSUED = (CircularFacts.signed, CircularFacts.issued_unsigned)
_STREAM = re.compile(r"(case|import|act):([A-Z]+)-([0-9]{4})-([0-9]+)")


def first_facts(session: Session) -> dict[str, set[int]]:
    """Of each series the numbers with a first fact."""
    found: dict[str, set[int]] = defaultdict(set, _filed_numbers(session))
    for body in _each_of(session, select(FactRow.body).where(FactRow.kind.in_(ISSUED))):
        said = json.loads(body)
        if "filing" in said:
            found[said["filing"]["series"]].add(said["filing"]["serial"])
    of_series = or_(*(FactRow.stream.startswith(f"{name}:") for name in NUMBERED))
    for stream in _each_of(session, select(FactRow.stream).where(FactRow.seq == 1, of_series)):
        if match := _STREAM.fullmatch(stream):
            series = f"{ACT}:{match[2]}:{match[3]}" if match[1] == ACT else f"{match[1]}:{match[3]}"  # each kind for itself
            found[series].add(int(match[4]))
    return found


def _each_of(session: Session, query: Select[str]) -> Iterator[str]:
    """One text after the other, of which memory never holds more than a portion."""
    return iter(session.scalars(query.execution_options(yield_per=PORTION)))


def _filed_numbers(session: Session) -> dict[str, set[int]]:
    """The numbers of closings by series. A fact says its place in one; older ones are known as what an office writes, under each
    short name that it has or had."""
    found: dict[str, set[int]] = defaultdict(set)
    written = set()
    for body in _each_of(session, select(FactRow.body).where(FactRow.kind == Steps.close.fact)):
        said = json.loads(body)
        if "filing" in said:
            found[said["filing"]["series"]].add(said["filing"]["serial"])
        else:
            written.add(str(said.get("set", {}).get("filing_no") or ""))
    shorts = _short_names(session)
    for series, last in last_numbers(session).items():
        kind, _, place = series.partition(":")
        area, _, year = place.partition(":")
        for serial in range(1, last + 1) if kind == FILING else ():
            if written & {format_filing_number(int(year), serial, short) for short in shorts[area]}:
                found[series].add(serial)
    return dict(found)


def _short_names(session: Session) -> dict[str, set[str]]:
    """By area what its office calls its closings, and once called them."""
    known: dict[str, set[str]] = defaultdict(set)
    for row in session.execute(select(OfficeRow.filing_short, OfficeRow.area_code)):
        known[row.area_code].add(row.filing_short)
    changes = select(FactRow.stream, FactRow.body).where(FactRow.kind == OfficeFacts.changed)
    for stream, body in session.execute(changes):
        if before := json.loads(body)["from"].get("filing_short"):
            known[stream.partition(":")[2]].add(before)
    return known


def last_numbers(session: Session) -> dict[str, int]:
    """How far each series has counted."""
    every = session.execute(select(Counter.key, Counter.last).order_by(Counter.key))
    return {row.key: row.last for row in every if row.key.partition(":")[0] in NUMBERED}


def skipped(session: Session) -> dict[str, list[Range]]:
    """Of each series the ranges that were given out elsewhere."""
    found: dict[str, list[Range]] = defaultdict(list)
    for body in session.scalars(select(FactRow.body).where(FactRow.kind == NumberFacts.skipped).order_by(FactRow.id)):
        said = json.loads(body)
        found[said["series"]].append((said["first"], said["last"]))
    return found
