"""The running numbers that were given out, by their series, as the ledger and the counters have them."""

import json
import re
from collections import defaultdict

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.domain.cases.fact_kinds import NumberFacts
from tracker.domain.upkeep.series import Range
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.preferences import Counter

NUMBERED = ("case", "import")
_STREAM = re.compile(r"(case|import):[A-Z]+-([0-9]{4})-([0-9]+)")


def first_facts(session: Session) -> dict[str, dict[int, str]]:
    """Of each series the numbers with a first fact, each with its whole text."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    of_series = or_(*(FactRow.stream.startswith(f"{name}:") for name in NUMBERED))
    for stream in session.scalars(select(FactRow.stream).where(FactRow.seq == 1, of_series)):
        if match := _STREAM.fullmatch(stream):
            found[f"{match[1]}:{match[2]}"][int(match[3])] = stream.partition(":")[2]
    return found


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
