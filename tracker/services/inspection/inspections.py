"""Deeds of inspections （检查）: who is sent where by when, what they saw, and the cases that come of it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from tracker.domain.acts.facts import LinkGrade, LinkRole
from tracker.domain.acts.step_rows import TARGET
from tracker.domain.cases.intake_fields import TITLE
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Say, finished
from tracker.domain.inspection.draws import KIND as DRAW
from tracker.domain.inspection.draws import DrawState
from tracker.domain.inspection.inspections import (
    ASSIGNED,
    GROUNDS_ON_SITE,
    KIND,
    LEAST_ON_SITE,
    MOST_FINDINGS,
    ORIGIN,
    REVEAL_ON,
    SOURCE,
    InspectionMode,
    InspectionOrigin,
    InspectionResult,
    InspectionSteps,
)
from tracker.domain.rules.limits import Stage
from tracker.domain.sites.registers import SiteStatus
from tracker.services.acts import clocks
from tracker.services.acts.effects import CASE, ActDeeds, ActDoing, Payload, act_mask, target_named, tie
from tracker.services.acts.sites import site_named, tie_site
from tracker.services.cases import intake
from tracker.services.evidence import evidence
from tracker.services.evidence.evidence import Upload
from tracker.services.inspection.teams import require_team, send, sent_ids, team_drawn, team_named
from tracker.services.rules import values
from tracker.storage.acts.acts import Act, ActLink, ClockRow
from tracker.storage.inspection.inspections import Inspection
from tracker.storage.inspection.positive import listed_until
from tracker.storage.publications.publications import published_of
from tracker.storage.sites.sites import Site


def plan(doing: ActDoing) -> Payload:
    """Somebody is sent to a site, on the spot or not, for a reason."""
    origin, mode = InspectionOrigin(doing.text(ORIGIN)), InspectionMode(doing.text("mode"))
    if (mode is InspectionMode.off_site) is not bool(doing.text("method")):
        raise Incomplete("非现场检查须选检查手段，现场检查不选。", field="method")
    site, people = _begin_row(doing, origin, mode)
    if mode is InspectionMode.on_site and origin not in GROUNDS_ON_SITE:
        _require_unlisted(doing, site)
    require_team(doing, site, mode, people, _planned_on(doing))
    send(doing, people)
    return doing.told() | _told_of_site(site) | {"inspector_ids": people} | _tied_target(doing)


def receive_drawn(doing: ActDoing) -> Payload:
    """A draw has taken a site: its inspectors learn of it shortly before the day."""
    site, people = _begin_row(doing, InspectionOrigin.draw, InspectionMode(doing.text("mode")))
    doing.keep(**{ASSIGNED: people})
    told = doing.told() | _told_of_site(site) | {"assigned_ids": people, "draw": doing.text(TARGET)} | _tied_target(doing)
    return told | _hide_until(doing, _planned_on(doing))


def record(doing: ActDoing) -> Payload:
    """It was done: what was seen, and of each problem a case, all or nothing."""
    row, started = inspection_of(doing), _moment_past(doing)
    result, lines = InspectionResult(doing.text("result")), _finding_lines(doing)
    if (result is InspectionResult.ok) is not (not lines):
        raise Invalid("“未发现问题”的不写发现的问题。" if lines else "发现问题的，请一行一个写明问题。", field="findings")
    if row.mode is InspectionMode.on_site and len(sent_ids(doing)) < LEAST_ON_SITE:
        raise Invalid(Say("现场检查不得少于 {least} 人，请先由调度员补派检查人员。", least=LEAST_ON_SITE), field="started_at")
    row.started_at, row.done_on, row.result = started, doing.work.clock.local(started).date(), result
    row.is_certificate_shown = row.mode is InspectionMode.on_site
    doing.act.ended_on = row.done_on
    doing.keep(found_count=len(lines))
    site, photos = doing.work.session.get_one(Site, row.site_id), doing.uploads
    cases = [_case_found(doing, site, n, line, photos[n - 1:n]) for n, line in enumerate(lines, start=1)]
    kept = _own_photos(doing, photos[len(lines):])
    clocks.stop(doing.work, doing.act.stream, Stage.inspect, row.done_on)
    clocks.start(doing.work, doing.act.stream, KIND, Stage.publish_result, row.done_on, area_code=doing.act.area_code)
    return doing.told() | _told_of_site(site) | {
        "evidence": kept, "cases": cases, "found_count": len(lines), "mode": row.mode.value, ORIGIN: row.origin.value}


def publish(doing: ActDoing) -> Payload:
    """What came of it is told in public: by the room that publishes, and only by it. Raises `Invalid`."""
    if published_of(doing.work.session, doing.act.stream) is None:
        raise Invalid("检查结果在“公开”中起草、由另一人复核后公开，这里不能直接公开。")
    clocks.stop(doing.work, doing.act.stream, Stage.publish_result, doing.today)
    return doing.told()


def fail(doing: ActDoing) -> Payload:
    """It cannot be done."""
    doing.act.ended_on = max(doing.today, doing.act.began_on or doing.today)
    doing.keep(why_not=doing.text("why_not"))
    return doing.told()


def reassign(doing: ActDoing) -> Payload:
    """Others are sent instead."""
    row = inspection_of(doing)
    site, before = doing.work.session.get_one(Site, row.site_id), sent_ids(doing)
    people = team_named(doing, row.planned_on)
    require_team(doing, site, row.mode, people, row.planned_on)
    if set(people) == set(before):
        raise Invalid("检查人员没有改变。", field="inspectors")
    send(doing, people)
    return doing.told() | {"inspector_ids": people, "from_ids": list(before)}


def reschedule(doing: ActDoing) -> Payload:
    """Another day; of a drawn one that its inspectors do not know yet, they learn of it by that day."""
    row, planned = inspection_of(doing), _planned_on(doing)
    due = doing.day("due_on") or max(row.due_on, planned)
    _require_days(doing, planned, due)
    row.planned_on, row.due_on, doing.act.began_on = planned, due, planned
    running = doing.work.session.scalars(select(ClockRow).where(ClockRow.subject == doing.act.stream,
                                                                ClockRow.stage == Stage.inspect.value)).one()
    running.due_on = due
    told = _hide_until(doing, planned) if doing.act.details.get(REVEAL_ON) else {}
    return doing.told() | {"due_on": due} | told


def hand_over(doing: ActDoing) -> Payload:
    """By the draw others go there; they learn of it when the others would have."""
    people = team_drawn(doing)
    doing.keep(**{ASSIGNED: people})
    if not doing.act.details.get(REVEAL_ON):
        send(doing, people)
    return {"assigned_ids": people}


def reveal(doing: ActDoing) -> Payload:
    """Whoever was drawn to go there learns of it."""
    people = [int(str(each)) for each in _listed_ids(doing)]
    doing.keep(**{REVEAL_ON: ""})
    send(doing, people)
    return {"inspector_ids": people}


# --- what several ask ---------------------------------------------------------------------------------------------------------


def inspection_of(doing: ActDoing) -> Inspection:
    """What stands beside its act."""
    return doing.work.session.get_one(Inspection, doing.act.id)


def _begin_row(doing: ActDoing, origin: InspectionOrigin, mode: InspectionMode) -> tuple[Site, list[int]]:
    """The row beside the act, its site and day, and who was named. Raises `Invalid` for a site that is no more."""
    site, planned, act = site_named(doing), _planned_on(doing), doing.act
    if site.status == SiteStatus.ended:
        raise Invalid(Say("“{name}”已注销或搬离。", name=site.name), field="site")
    act.title, act.subkind, act.unit_id, act.began_on = site.name, mode.value, doing.actor.unit_id, planned
    act.area_code = site.area_code
    people = team_drawn(doing) if origin is InspectionOrigin.draw else team_named(doing, planned)
    clock = clocks.start(doing.work, act.stream, KIND, Stage.inspect, max(doing.today, planned), area_code=act.area_code)
    if (due := doing.day("due_on")) is not None:
        clock.due_on, clock.is_provisional, clock.basis = due, False, Say("安排检查时写明的最迟日期")
        clock.started_on = min(clock.started_on, due)
    _require_days(doing, planned, clock.due_on)
    draw_id = _draw_named(doing, doing.text(TARGET)) if origin is InspectionOrigin.draw else None
    if draw_id is not None:
        act.unit_id = doing.work.session.get_one(Act, draw_id).unit_id
    doing.work.session.add(Inspection(act_id=act.id, site_id=site.id, mode=mode, method=doing.text("method"), origin=origin,
                                      planned_on=planned, due_on=clock.due_on, draw_id=draw_id))
    tie_site(doing, site)
    doing.keep(**{ORIGIN: origin.value})
    return site, people


def _require_unlisted(doing: ActDoing, site: Site) -> None:
    """A site of the positive list is looked at on the spot for a ground only. Raises `Invalid`."""
    listed = listed_until(doing.work.session, _planned_on(doing), site.id)
    if site.id in listed:
        raise Invalid(Say("“{name}”在正面清单内，现场检查须因投诉举报、专项行动、执法回访或突发事件；其他请用非现场检查。", name=site.name), field=ORIGIN)


def _draw_named(doing: ActDoing, number: str) -> int:
    """The act of the draw with this number, while it draws. Raises `Invalid`."""
    found = doing.work.session.scalar(select(Act.id).where(Act.number == number.strip().upper(), Act.kind == DRAW,
                                                           Act.state.in_((DrawState.committed.value, DrawState.drawn.value))))
    if found is None:
        raise Invalid(Say("“{number}”不是正在进行的抽取。", number=number), field=TARGET)
    return found


def _require_days(doing: ActDoing, planned: date, due: date) -> None:
    if planned < doing.today:
        raise Invalid(Say("计划日期 {on} 早于今天。", on=planned), field="planned_on")
    if due < planned:
        raise Invalid(Say("最迟日期 {due} 早于计划日期 {on}。", due=due, on=planned), field="due_on")


def _hide_until(doing: ActDoing, planned: date) -> dict[str, object]:
    """Its inspectors learn of it some days before, at once where that day is there."""
    on = planned - timedelta(days=values.number("draw_reveal_days", doing.today))
    if on > doing.today:
        doing.keep(**{REVEAL_ON: on.isoformat()})
        return {REVEAL_ON: on}
    doing.keep(**{REVEAL_ON: ""})
    send(doing, [int(str(each)) for each in _listed_ids(doing)])
    return {}


def _listed_ids(doing: ActDoing) -> Iterable[object]:
    found = doing.act.details.get(ASSIGNED)
    return found if isinstance(found, list | tuple) else ()


def _planned_on(doing: ActDoing) -> date:
    on = doing.day("planned_on")
    assert on is not None
    return on


def _tied_target(doing: ActDoing) -> dict[str, object]:
    named = doing.text(TARGET)
    if not named:
        return {}
    is_case = target_named(doing.work, doing.actor, named, TARGET).startswith(CASE)
    return {TARGET: tie(doing, LinkRole.ground if is_case else LinkRole.follows, named, field=TARGET)}


def _told_of_site(site: Site) -> dict[str, object]:
    return {"site": site.name, "site_code": site.code}


def _moment_past(doing: ActDoing) -> datetime:
    """When it was done. Raises `Invalid` for a moment to come, or one before it was planned at all."""
    clock = doing.work.clock
    now = clock.local(clock.now())
    at = datetime.fromisoformat(doing.text("started_at")).replace(tzinfo=now.tzinfo)
    if at > now:
        raise Invalid(Say("检查时间 {at} 还没有到。", at=at), field="started_at")
    if at.date() < clock.local(doing.act.opened_at).date():
        raise Invalid(Say("检查时间 {at} 早于安排检查的日期。", at=at), field="started_at")
    return at


def _finding_lines(doing: ActDoing) -> list[str]:
    lines = [line.strip() for line in doing.text("findings").splitlines() if line.strip()]
    if len(lines) > MOST_FINDINGS:
        raise Invalid(Say("一次检查最多写 {most} 个问题，现为 {count} 个。", most=MOST_FINDINGS, count=len(lines)), field="findings")
    for n, line in enumerate(lines, start=1):
        if len(line) > TITLE.longest:
            raise Invalid(Say("第 {n} 个问题超过 {longest} 字，请写短些，详情写在检查情况中。", n=n, longest=TITLE.longest), field="findings")
    return lines


def _case_found(doing: ActDoing, site: Site, n: int, line: str, photos: Sequence[Upload]) -> str:
    """The number of the case that comes of a problem, with its photo. Its number at the source is that of the inspection."""
    grade = LinkGrade.serious if doing.text("result") == InspectionResult.serious else LinkGrade.ordinary
    order = intake.RegisterOrder(
        SOURCE, line, finished(Say("{site}：{line}。{text}", site=site.name, line=line,
                                   text=doing.text("text"))), place=site.address or site.name,
        area_code=site.area_code, source_number=f"{doing.act.number}-{n}", no_photo="" if photos else doing.text("no_photo"),
        act=doing.act.stream)
    number = intake.register(doing.actor, order, uploads=photos).number
    doing.work.session.add(ActLink(act_id=doing.act.id, role=LinkRole.found, target=CASE + number, position=n, grade=grade))
    return number


def _own_photos(doing: ActDoing, uploads: Sequence[Upload]) -> list[dict[str, object]]:
    """The photos that belong to no problem stay with the inspection."""
    return evidence.keep(doing.work, doing.act, doing.actor, doing.step.name, [replace(each, role=None) for each in uploads],
                         masking=act_mask(doing.work, doing.act), photo_role=EvidenceRole.progress)


I = InspectionSteps  # noqa: E741
DEEDS: ActDeeds = {(KIND, step.name): deed for step, deed in (
    (I.plan, plan), (I.receive_drawn, receive_drawn), (I.record, record), (I.publish, publish), (I.fail, fail),
    (I.reassign, reassign), (I.reschedule, reschedule), (I.reveal, reveal), (I.hand_over, hand_over))}
