"""Acts as their facts had told them by a moment: a day later the same moment gives the same."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Invalid, NotFound
from tracker.domain.house.say import Say
from tracker.domain.upkeep.acts_then import FoldedAct
from tracker.services.acts import access
from tracker.services.house.work import reading, wiring
from tracker.storage.acts import page as act_pages
from tracker.storage.acts.page import ActNames, ActPage, ClockLine, ForceLine, HandLine, LinkLine
from tracker.storage.house import ledger
from tracker.storage.house.ledger import FactRow

PORTION = 200
Line = TypeVar("Line")
CLOCK_COLUMNS = tuple(each.name for each in fields(ClockLine))
KEPT = ("id", "title", "person_party")


def folded(session: Session, which: ColumnElement[bool], until: datetime) -> Iterator[FoldedAct]:
    """The acts whose streams these are, before a moment."""
    for _, facts in groupby(ledger.facts_like(session, which, FactRow.at < until), key=lambda fact: fact.stream):
        found = FoldedAct()
        for fact in facts:
            found.apply(fact.payload)
        yield found


def folded_each(session: Session, streams: Sequence[str], until: datetime) -> Iterator[FoldedAct]:
    """The same of these streams."""
    for start in range(0, len(streams), PORTION):
        yield from folded(session, FactRow.stream.in_(streams[start:start + PORTION]), until)


def folded_by_stream(session: Session, streams: Sequence[str], until: datetime) -> dict[str, FoldedAct]:
    """The same, by their streams; those that nothing was told of yet are not there."""
    return {f"act:{each.act['number']}": each for each in folded_each(session, streams, until) if each.act}


def page_on(actor: Actor, number: str, on: date) -> ActPage:
    """An act as its facts had told it by the end of a day, to who may open it today; titles are those of today, for
    facts say none. Raises `NotFound`, also for one that was not there yet, and `Invalid` for a day to come."""
    clock, session, now = wiring().clock, reading(), access.page_for(actor, number)
    if on > clock.today():
        raise Invalid(Say("截至日期 {on} 晚于今天（{today}），请改选今天或以前的日期。", on=on, today=clock.today()), field="on")
    act = next(folded_each(session, [now.head.stream], clock.end_of(on)), FoldedAct())
    if not act.act:
        raise NotFound(Say("{number} 在 {on} 还没有登记。", number=now.head.number, on=on))
    return _page_made(now, act, act_pages.names_of(session))


def _page_made(now: ActPage, act: FoldedAct, names: ActNames) -> ActPage:
    row, titles = _typed_row(act.act), {duty.position: duty for duty in now.duties}
    head = _made_line(now.head, row, unit=names.units.get(row["unit_id"]))
    duties = tuple(_made_line(titles[each["position"]], each, unit=names.units.get(each["unit_id"]),
                         answered_by=names.people.get(each["answered_by_id"]), checked_by=names.people.get(each["checked_by_id"]))
                   for each in _sorted_rows(act, "duties", "position") if each["position"] in titles)
    return ActPage(
        head, tuple(HandLine(each["round"], each["person_id"], names.people.get(each["person_id"], ""), each["part"])
                    for each in _sorted_rows(act, "act_hands", "at")),
        tuple(LinkLine(each["role"], each["target"], each["position"], each["grade"])
              for each in _sorted_rows(act, "act_links", "position")),
        tuple(ForceLine(each["unit_id"], names.units.get(each["unit_id"], ""), "", each["vehicle_count"], each["person_count"])
              for each in _sorted_rows(act, "act_forces", "unit_id")),
        duties, tuple(ClockLine(*(each[name] for name in CLOCK_COLUMNS))
                      for each in _sorted_rows(act, "clocks", "started_on") if each["subject"] == now.head.stream))


def _made_line(line: Line, row: Mapping[str, Any], **names: object) -> Line:
    """A line with what the row says of it; what it does not say, a title, stays as it is."""
    known = {each.name for each in fields(line)}  # type: ignore[arg-type]
    said = {name: value for name, value in row.items() if name in known and name not in KEPT}
    return replace(line, **said, **names)  # type: ignore[type-var]


def _sorted_rows(act: FoldedAct, table: str, by: str) -> list[dict[str, Any]]:
    return sorted((_typed_row(row) for row in act.of_table(table)), key=lambda row: row[by])


def _typed_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Days and instants as such: a fact holds their texts."""
    return {name: _dated_value(name, value) for name, value in row.items()}


def _dated_value(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name.endswith("_on"):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name == "at" or name.endswith("_at") else value
