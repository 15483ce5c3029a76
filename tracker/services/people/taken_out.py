"""What somebody takes out of the house: tables, dossiers, originals. A fact of each, committed before the first byte leaves; it
says ids and codes alone (`adopt.md` §5)."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from tracker.domain.house.actor import Actor
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.services.house.work import Work, deed
from tracker.services.people.persons import stream_of
from tracker.storage.house.ledger import FactRow

ONCE_IN = timedelta(minutes=10)
_CODE = re.compile(r"[A-Za-z0-9._-]{0,40}")


def told_value(value: object) -> object:
    """A filter as a fact may say it: codes as they are, of what is none its length. An address can be typed by hand, and a fact
    is for ever."""
    if isinstance(value, list):
        return [told_value(each) for each in value]
    return value if _CODE.fullmatch(str(value)) else {"length": len(str(value))}


@deed
def note_export(work: Work, actor: Actor, what: str, count: int, form: str, said: Mapping[str, object] | None = None) -> None:
    """A table of so many rows, as .xlsx or .csv. `said` are the filters by their codes; texts that somebody typed are told by
    their length."""
    work.record(stream_of(actor.id), PersonFacts.exported, actor, {"what": what, "lines": count, "format": form, **(said or {})})


@deed
def note_dossier(work: Work, actor: Actor, number: str, form: str) -> None:
    """The dossier of a case, to read or to prove."""
    work.record(stream_of(actor.id), PersonFacts.dossier_made, actor, {"case": number, "format": form})


@deed
def note_original(work: Work, actor: Actor, subject: str, evidence_id: int, digest: str) -> None:
    """An original of the evidence. The same one again within ten minutes is the same reading."""
    lately = select(FactRow.body).where(
        FactRow.kind == PersonFacts.original_read, FactRow.at > work.clock.now() - ONCE_IN, FactRow.stream == stream_of(actor.id))
    if any(json.loads(body)["evidence"] == evidence_id for body in work.session.scalars(lately)):
        return
    work.record(stream_of(actor.id), PersonFacts.original_read, actor, {
        "case": subject.removeprefix("case:"), "evidence": evidence_id, "digest": digest})
