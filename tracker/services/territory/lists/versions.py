"""Versions of the responsibility list: one draft at a time, written by some and put in force by another person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound, WrongState
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.say import Listed, Say
from tracker.domain.territory.fact_kinds import RuleListFacts
from tracker.domain.territory.responsibility import lines_digest, require_no_clash, require_sound
from tracker.domain.territory.routing import RoutingRule
from tracker.services.house import permits
from tracker.services.house.caching import rules_changed
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.rules import rules
from tracker.services.territory.lists import previews
from tracker.storage.people.accounts import Unit
from tracker.storage.territory.territory import RoutingRow, RuleList

TITLE, MOST_TITLE, MOST_DOCUMENT, MOST_REASON, MOST_NAMED = "责任清单", 100, 60, 300, 5
LINE_COLUMNS = ("number", "clause", "category", "area_code", "keywords", "side", "work", "lead_unit_code",
                "supporting_unit_codes", "reason", "basis", "valid_from", "valid_to")


@dataclass(frozen=True)
class DraftOrder:
    """A new draft: what it is called, its paper, and the number of the version that it begins as a copy of; None is the one in
    force, 0 is empty."""

    title: str = ""
    document_no: str = ""
    copied_from: int | None = None


@dataclass(frozen=True)
class ActivateOrder:
    """From which day the draft holds. `reason` says why matters stay without a unit; `seen` is the number of edits that were
    looked at."""

    number: int
    first_day: date
    reason: str = ""
    seen: int | None = None


def stream_of(number: int) -> str:
    """The stream of a version."""
    return f"list:{number}"


def all_versions(session: Session) -> Sequence[RuleList]:
    """Every version, the newest first; what was dropped among them."""
    return session.scalars(select(RuleList).order_by(RuleList.number.desc())).all()


def open_draft(session: Session, *, is_locked: bool = False) -> RuleList | None:
    """The draft that is worked on, if there is one."""
    query = select(RuleList).where(RuleList.activated_at.is_(None), RuleList.dropped_at.is_(None))
    return session.scalar(query.with_for_update() if is_locked else query)


def in_force(session: Session, on: date) -> RuleList | None:
    """The version that holds on a day."""
    holds = (RuleList.valid_to.is_(None)) | (RuleList.valid_to >= on)
    return session.scalar(select(RuleList).where(RuleList.valid_from <= on, holds))


def version_named(session: Session, number: int) -> RuleList:
    """The version with this number. Raises `NotFound`."""
    found = session.scalar(select(RuleList).where(RuleList.number == number))
    if found is None:
        raise NotFound(Say("没有责任清单第 {number} 版。", number=number))
    return found


def rules_of(session: Session, version: RuleList) -> tuple[RoutingRule, ...]:
    """Its lines."""
    query = select(RoutingRow).where(RoutingRow.list_id == version.id).order_by(RoutingRow.number)
    return tuple(rules.rule_of(row, version.number) for row in session.scalars(query))


def why_not_activate(actor: Actor, version: RuleList) -> NotAllowed | WrongState | None:
    """Why this person cannot put this version in force: asked by the page before it offers it, and by the deed."""
    if not actor.has_in(Permission.list_activate, wiring().home_area):
        return NotAllowed("您没有“启用责任清单”的权限。", code="no_permission")
    if version.activated_at is not None or version.dropped_at is not None:
        return WrongState(Say("责任清单第 {number} 版不是草稿。", number=version.number))
    if {version.edited_by_id, version.edited_for_id} & set(actor.persons):
        return NotAllowed("须由他人启用：您是最后修改这份草稿的人。", code="same_person")
    return None


@deed
def draft(work: Work, actor: Actor | None, order: DraftOrder) -> int:
    """A new draft; returns its number. Raises `Conflict` while another is open."""
    by, session = _require_drafter(actor), work.session
    if (other := open_draft(session, is_locked=True)) is not None:
        raise Conflict(Say("责任清单第 {number} 版还是草稿：先启用或作废它，再拟新版。", number=other.number), code="draft_open")
    source = _copied_version(work, order.copied_from)
    title = order.title.strip() or (source.title if source is not None else TITLE)
    document_no = order.document_no.strip()
    for field, text, most in (("title", title, MOST_TITLE), ("document_no", document_no, MOST_DOCUMENT)):
        if len(text) > most:
            raise Invalid(Say("最多 {most} 个字，现为 {count} 个。", most=most, count=len(text)), field=field)
    row = RuleList(number=(session.scalar(select(func.max(RuleList.number))) or 0) + 1, title=title, document_no=document_no,
                   copied_from=source.number if source is not None else None, drafted_by_id=_person_id(by),
                   drafted_at=work.clock.now())
    session.add(row)
    _note_edit(row, by)
    session.flush()
    count = _copy_lines(work, source, row) if source is not None else 0
    work.record(stream_of(row.number), RuleListFacts.drafted, by,
                {"title": title, "document_no": document_no, "copied_from": row.copied_from, "lines": count})
    return row.number


@deed
def drop(work: Work, actor: Actor | None, number: int) -> None:
    """Give up a draft; it stays to be read."""
    by, row = _require_drafter(actor), _draft_named(work, number)
    row.dropped_at = work.clock.now()
    work.record(stream_of(number), RuleListFacts.dropped, by, {"lines": len(rules_of(work.session, row))})


@deed
def remove_line(work: Work, actor: Actor | None, number: int, line: int) -> None:
    """Take a line out of a draft."""
    by, row = _require_drafter(actor), _draft_named(work, number)
    found = work.session.scalar(select(RoutingRow).where(RoutingRow.list_id == row.id, RoutingRow.number == line))
    if found is None:
        raise NotFound(Say("第 {version} 版里没有第 {number} 条。", version=number, number=line))
    work.session.delete(found)
    tell_edit(work, by, row, RuleListFacts.line_removed, {"number": line})


@deed
def activate(work: Work, actor: Actor, order: ActivateOrder) -> None:
    """Put the draft in force from a day on, by somebody who did not write it last; the version before it ends the day before.
    Raises what is wrong with the draft, naming the lines."""
    row = _locked_version(work, order.number)
    if (refusal := why_not_activate(actor, row)) is not None:
        raise refusal
    if order.seen is not None and order.seen != row.edits:
        raise Conflict("您看过之后有人改了这份草稿，请重新看一遍再启用。", code="stale")
    _require_first_day(work, order.first_day)
    lines, reason = rules_of(work.session, row), order.reason.strip()
    _require_fit_lines(work.session, lines, order.first_day)
    found = previews.preview(work.session, row, lines, order.first_day)
    if found.gaps and not reason:
        raise Incomplete(Say("还有 {count} 格无人负责（如 {cells}）；确要启用，须写明理由。", count=len(found.gaps),
                             cells=Listed(found.gaps_told(MOST_NAMED))), field="reason")
    if len(reason) > MOST_REASON:
        raise Invalid(Say("最多 {most} 个字，现为 {count} 个。", most=MOST_REASON, count=len(reason)), field="reason")
    for other in work.session.scalars(select(RuleList).where(RuleList.valid_from.is_not(None)).with_for_update()):
        if other.valid_to is None or other.valid_to >= order.first_day:
            other.valid_to = order.first_day - timedelta(days=1)
    row.valid_from, row.activated_by_id, row.activated_at = order.first_day, actor.id, work.clock.now()
    row.lines_digest, row.gap_reason = lines_digest(lines), reason
    rules_changed(work.session)
    work.record(stream_of(row.number), RuleListFacts.activated, actor,
                {"from": order.first_day, "lines": len(lines), "digest": row.lines_digest, "reason": reason, **found.told()})


def tell_edit(work: Work, by: Actor, row: RuleList, kind: FactKind, told: dict[str, object]) -> None:
    """A change of a line of a draft, with its fact: who made it cannot put the draft in force."""
    _note_edit(row, by)
    work.record(stream_of(row.number), kind, by, told)


def editable_draft(work: Work) -> RuleList:
    """The draft that may be written now, locked. Raises `WrongState` where there is none: what is in force does not change."""
    row = open_draft(work.session, is_locked=True)
    if row is None:
        raise WrongState("责任清单的条目只在草稿里改：已启用的版本不能改动。请先拟一份新版（页面“责任清单”，或 flask list draft）。",
                         code="no_draft")
    return row


def _require_drafter(actor: Actor | None) -> Actor:
    if actor is not None:
        permits.require(actor, Permission.list_manage)
    return actor or OPERATOR


def _person_id(by: Actor) -> int | None:
    return by.id if by.id > 0 else None


def _note_edit(row: RuleList, by: Actor) -> None:
    row.edited_by_id, row.edited_for_id = _person_id(by), by.acting_for.id if by.acting_for is not None else None
    row.edits = (row.edits or 0) + 1


def _locked_version(work: Work, number: int) -> RuleList:
    version_named(work.session, number)
    return work.session.scalars(select(RuleList).where(RuleList.number == number).with_for_update()
                                .execution_options(populate_existing=True)).one()


def _draft_named(work: Work, number: int) -> RuleList:
    row = _locked_version(work, number)
    if row.activated_at is not None or row.dropped_at is not None:
        raise WrongState(Say("责任清单第 {number} 版不是草稿。", number=number))
    return row


def _copied_version(work: Work, number: int | None) -> RuleList | None:
    if number == 0:
        return None
    return in_force(work.session, work.clock.today()) if number is None else version_named(work.session, number)


def _copy_lines(work: Work, source: RuleList, row: RuleList) -> int:
    """The lines that have not ended; a day on which one has begun already says nothing any more."""
    today, count = work.clock.today(), 0
    for line in work.session.scalars(select(RoutingRow).where(RoutingRow.list_id == source.id).order_by(RoutingRow.number)):
        if line.valid_to is not None and line.valid_to < today:
            continue
        values = {name: getattr(line, name) for name in LINE_COLUMNS}
        if line.valid_from is not None and line.valid_from <= today:
            values["valid_from"] = None
        work.session.add(RoutingRow(list_id=row.id, **values))
        count += 1
    return count


def _require_first_day(work: Work, first_day: date) -> None:
    today = work.clock.today()
    if first_day < today:
        raise Invalid(Say("责任清单只能从今天（{today}）或以后起用。", today=today), field="first_day")
    later = work.session.scalar(select(RuleList).where(RuleList.valid_from > first_day).order_by(RuleList.number).limit(1))
    if later is not None:
        raise Invalid(Say("第 {number} 版已定于 {day} 起用，新版不能更早。", number=later.number, day=later.valid_from), field="first_day")


def _require_fit_lines(session: Session, lines: Sequence[RoutingRule], on: date) -> None:
    if not lines:
        raise Incomplete("这份草稿里一条也没有。")
    units = {unit.code: unit.valid_to for unit in session.scalars(select(Unit))}
    areas = {area.code for area in rules.gazetteer().existing_on(on)}
    for line in lines:
        require_sound(line)
        for code in (line.lead_unit_code, *line.supporting_unit_codes):
            if code not in units or (units[code] or date.max) < on:
                raise Invalid(Say("第 {number} 条的单位“{code}”在 {day} 已不存在。", number=line.number, code=code, day=on),
                              field="lead_unit")
        if line.area_code is not None and line.area_code not in areas:
            raise Invalid(Say("第 {number} 条的区划“{code}”在 {day} 已不存在。", number=line.number, code=line.area_code, day=on),
                          field="area_code")
    require_no_clash(lines)


def draft_today() -> RuleList:
    """The draft, for who reads. Raises `NotFound`."""
    found = open_draft(reading())
    if found is None:
        raise NotFound("没有责任清单的草稿；先拟一份（页面“责任清单”，或 flask list draft）。")
    return found


def latest(number: int | None = None) -> RuleList:
    """For who reads: a version by its number, or the draft, or what is in force today. Raises `NotFound`."""
    session = reading()
    if number is not None:
        return version_named(session, number)
    return open_draft(session) or in_force(session, wiring().clock.today()) or draft_today()
