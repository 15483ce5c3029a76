"""The auditor's room as it is read: facts of some kinds, the newest first, within the reader's area."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, or_, select, true, union_all
from sqlalchemy.orm import Session

from tracker.domain.people.devices import device_of
from tracker.domain.rules.area_codes import beyond
from tracker.storage.cases.cases import Case
from tracker.storage.house.ledger import FactRow
from tracker.storage.people.accounts import Person, RoleGrant, Unit
from tracker.storage.people.sign_ins import SignInSession

_F = FactRow.__table__.c
_COLUMNS = (_F.id, _F.at, _F.kind, _F.stream, _F.seq, _F.actor_id, _F.body)
CASE, PERSON = "case:", "person:"
Place = tuple[datetime, int]


@dataclass(frozen=True)
class AuditQuestion:
    """What is asked: kinds, from and until which instants, by or about whom, of which object, whose role. `areas` is the fence;
    `is_home` when it holds what the machine itself does."""

    kinds: tuple[str, ...]
    areas: tuple[str, ...]
    is_home: bool
    since: datetime
    until: datetime
    person_id: int | None = None
    stream: str = ""
    role: str = ""


@dataclass(frozen=True)
class AuditLine:
    """One fact: who did it, for whom, to whom or what, and from where, where that is known."""

    id: int
    at: datetime
    kind: str
    stream: str
    seq: int
    actor_id: int
    payload: dict[str, Any]
    actor: str
    principal: str
    subject: str
    address: str = ""

    @property
    def place(self) -> Place:
        """Where the next page begins."""
        return self.at, self.id


def lines(session: Session, asked: AuditQuestion, most: int, before: Place | None = None) -> list[AuditLine]:
    """At most so many lines below a place. Each kind is walked by its index and stops there; two statements more say who and from
    where."""
    wanted = _within_question(asked) if before is None else and_(_within_question(asked), _below_place(before))
    each = [select(*_COLUMNS).where(_F.kind == kind, wanted).order_by(_F.at.desc(), _F.id.desc()).limit(most).subquery().select()
            for kind in asked.kinds]
    if not each or not asked.areas:
        return []
    found = union_all(*each).subquery()
    rows = session.execute(select(found).order_by(found.c.at.desc(), found.c.id.desc()).limit(most)).all()
    return _told_lines(session, rows)


def _below_place(place: Place) -> ColumnElement[bool]:
    at, last = place
    return or_(_F.at < at, and_(_F.at == at, _F.id < last))


def _within_question(asked: AuditQuestion) -> ColumnElement[bool]:
    parts = [_F.at >= asked.since, _F.at < asked.until, _fence_of(asked)]
    if asked.person_id is not None:
        parts.append(or_(_F.actor_id == asked.person_id, _F.stream == f"{PERSON}{asked.person_id}"))
    if asked.stream:
        about = f'"case":"{asked.stream.removeprefix(CASE)}"'
        parts.append(or_(_F.stream == asked.stream, _F.body.contains(about, autoescape=True))
                     if asked.stream.startswith(CASE) else _F.stream == asked.stream)
    if asked.role:
        parts.append(_F.actor_id.in_(select(RoleGrant.person_id)
                                     .where(RoleGrant.role == asked.role, RoleGrant.revoked_at.is_(None))))
    return and_(*parts)


def _fence_of(asked: AuditQuestion) -> ColumnElement[bool]:
    """A person's facts are of the area of their unit, a case's of the case's, all else of who did it."""
    if "" in asked.areas:
        return true()
    here = or_(*(and_(Unit.area_code >= code, Unit.area_code < beyond(code)) for code in asked.areas))
    people = select(Person.id).join(Unit, Unit.id == Person.unit_id).where(here)
    streams = select(PERSON + cast(Person.id, String)).join(Unit, Unit.id == Person.unit_id).where(here)
    case_here = exists().where(Case.number == func.substr(_F.stream, len(CASE) + 1), or_(
        *(and_(Case.jurisdiction >= code, Case.jurisdiction < beyond(code)) for code in asked.areas)))
    doer = or_(_F.actor_id.in_(people), _F.actor_id <= 0) if asked.is_home else _F.actor_id.in_(people)
    is_person = and_(_F.stream.startswith(PERSON), ~_F.stream.startswith(PERSON + "-"))
    is_case = _F.stream.startswith(CASE)
    return or_(and_(is_person, _F.stream.in_(streams)), and_(is_case, case_here), and_(~is_person, ~is_case, doer))


def _told_lines(session: Session, rows: Sequence[Any]) -> list[AuditLine]:
    told = [(row, json.loads(row.body)) for row in rows]
    names = _names_of(session, told)
    addresses = _addresses_of(session, [payload["session"] for _, payload in told if isinstance(payload.get("session"), int)])
    return [AuditLine(
        row.id, row.at, row.kind, row.stream, row.seq, row.actor_id, payload, names.get(row.actor_id, ""),
        names.get(payload.get("for_id"), ""), names.get(_person_of(row.stream), "") or row.stream.partition(":")[2],
        addresses.get(payload.get("session"), "")) for row, payload in told]


def _names_of(session: Session, told: Sequence[tuple[Any, dict[str, Any]]]) -> dict[int | None, str]:
    ids = {row.actor_id for row, _ in told} | {payload.get("for_id")
                                               for _, payload in told} | {_person_of(row.stream) for row, _ in told}
    wanted = select(Person.id, Person.name).where(Person.id.in_([each for each in ids if each and each > 0]))
    return {row.id: row.name for row in session.execute(wanted)}


def _person_of(stream: str) -> int | None:
    number = stream.removeprefix(PERSON)
    return int(number) if stream.startswith(PERSON) and number.isdigit() else None


def _addresses_of(session: Session, session_ids: Sequence[int]) -> dict[int | None, str]:
    rows = select(SignInSession.id, SignInSession.address, SignInSession.agent).where(SignInSession.id.in_(session_ids))
    return {row.id: " ".join(filter(None, (row.address, device_of(row.agent))))
            for row in session.execute(rows)} if session_ids else {}
