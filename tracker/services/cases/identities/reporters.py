"""Who reported a case: sealed when kept, opened in memory alone to mask texts, told apart without names."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import insert, select

from tracker.domain.cases.fact_kinds import IdentityFacts
from tracker.domain.house.actor import OPERATOR, Actor
from tracker.domain.house.errors import Broken
from tracker.domain.house.folds import ToldRow
from tracker.domain.house.identifiers import squeeze
from tracker.services.house.work import Work, reading
from tracker.storage.cases.cases import Case
from tracker.storage.cases.identities import Identity


@dataclass(frozen=True)
class Reporter:
    """Who reported a case, in clear. Lives in memory and on the custodian's page, nowhere else."""

    name: str = ""
    phone: str = ""
    address: str = ""
    text: str = ""

    def __repr__(self) -> str:
        """Nothing: a log or a traceback must not betray a reporter."""
        return "Reporter(…)"


def keep(work: Work, case_id: int, by: Actor = OPERATOR, *, name: str = "", phone: str = "", address: str = "", text: str = "",
         is_masked: bool = False) -> int | None:
    """Seal a reporter beside their case, in the caller's transaction; returns the record's id, None when nothing was said.
    `is_masked`: the texts of the case were written without them; else the next sweep sees to it."""
    reporter = Reporter(name.strip(), phone.strip(), address.strip(), text.strip())
    if reporter == Reporter():
        return None
    work.masks.pop(case_id, None)  # from now on another one
    row = Identity(**_sealed_row(work, case_id, reporter, is_masked))
    work.session.add(row)
    work.session.flush()
    work.record(f"identity:{row.id}", IdentityFacts.kept, by, {"case_id": case_id})
    return row.id


def keep_many(work: Work, reporters: Iterable[tuple[int, Reporter]]) -> dict[str, ToldRow]:
    """The same for many new cases at once, by their ids, their texts masked; whoever is empty is left out. Returns what the
    caller's fact tells of it."""
    rows = [_sealed_row(work, case_id, reporter, True) for case_id, reporter in reporters if reporter != Reporter()]
    if not rows:
        return {}
    fold = work.wiring.folds[Identity.__tablename__]
    making = insert(Identity.__table__).returning(*Identity.__table__.c)  # type: ignore[arg-type]
    kept = work.session.execute(making, rows).mappings()
    return {fold.name_of(row): fold.telling(row, fold.told, work.wiring.cipher.keyed_digest) for row in map(dict, kept)}


def readable(work: Work, case_id: int, rows: Iterable[Identity]) -> tuple[Reporter, ...]:
    """Those that can be opened at all: a lost key must not stop the work on a case of whose reporter nobody can know."""
    found: list[Reporter] = []
    for row in rows:
        with suppress(Broken):
            found += opened(work, case_id, [row])
    return tuple(found)


def opened(work: Work, case_id: int, rows: Iterable[Identity]) -> tuple[Reporter, ...]:
    """The reporters of these records of a case, in clear."""
    context = _seal_context(case_id)
    return tuple(Reporter(**json.loads(work.wiring.cipher.open(row.sealed, context))) for row in rows if row.sealed)


def records_of(work: Work, case_id: int) -> Sequence[Identity]:
    """The records of a case that are not erased."""
    query = select(Identity).where(Identity.case_id == case_id, Identity.sealed.is_not(None)).order_by(Identity.id)
    return work.session.scalars(query).all()


def repeat_reporters(since: date) -> dict[str, int]:
    """Cases received since a day whose reporter reported another one too, each with a running number for the reporter.

    Neither names nor keys leave this module: the numbers say only which cases share a reporter.
    """
    query = select(Case.number, Identity.reporter_digest).join(Identity, Identity.case_id == Case.id).where(
        Identity.reporter_digest.is_not(None), Case.received_on >= since).order_by(Case.number)
    cases: dict[str, list[str]] = defaultdict(list)
    for number, digest in reading().execute(query):
        if digest is not None and number not in cases[digest]:
            cases[digest].append(number)
    repeated = [numbers for numbers in cases.values() if len(numbers) > 1]
    return {number: place for place, numbers in enumerate(repeated, start=1) for number in numbers}


def _sealed_row(work: Work, case_id: int, reporter: Reporter, is_masked: bool) -> dict[str, object]:
    cipher, said, now = work.wiring.cipher, json.dumps(asdict(reporter), ensure_ascii=False, sort_keys=True), work.clock.now()
    key = _same_reporter(reporter)
    return {"case_id": case_id, "sealed": cipher.seal(said, _seal_context(case_id)), "created_at": now,
            "reporter_digest": cipher.keyed_digest(key) if key else None, "erased_at": None,
            "masked_at": now if is_masked else None}


def _same_reporter(reporter: Reporter) -> str:
    """What tells one reporter from another: the phone's digits without the country, else the name without blanks."""
    digits = re.sub(r"\D", "", squeeze(reporter.phone))
    if len(digits) >= 7:
        return "phone:" + re.sub(r"^(?:0086|86)(?=1\d{10}$)", "", digits)
    name = squeeze(reporter.name)
    return f"name:{name}" if name else ""


def _seal_context(case_id: int) -> str:
    return f"identities:{case_id}"
