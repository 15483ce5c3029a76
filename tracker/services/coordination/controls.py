"""Deeds of control orders （点对点管控）: sites and what they do, issued, changed, lifted, assessed by the published index."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from tracker.domain.acts.duty_flow import DutySteps
from tracker.domain.acts.facts import OWED, DutyKind, DutyState, LinkRole
from tracker.domain.coordination.control_rules import measures_for
from tracker.domain.coordination.controls import (
    DAYS,
    KIND,
    MOST_AQI,
    SITES,
    ControlState,
    ControlSteps,
    result_of,
)
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Listed, Say
from tracker.domain.sites.registers import SiteStatus
from tracker.services.acts import duties
from tracker.services.acts.effects import CASE, ActDeeds, ActDoing, Payload, next_seq, tie, unit_named
from tracker.services.acts.sites import SITE_STREAM, site_named, tie_site
from tracker.services.cases import intake
from tracker.services.rules import values
from tracker.storage.acts.acts import ActLink, Duty
from tracker.storage.cases.entries import entries
from tracker.storage.sites.sites import Site

SOURCE = "CONTROL"
EARLIEST = timedelta(hours=1)
MOST_DAYS = 31
_LINE = re.compile(r"\s*(\d{4}-\d{2}-\d{2})\s+(\d{1,4})\s*", re.ASCII)


def draft(doing: ActDoing) -> Payload:
    """An order is drafted: the warning on which it rests, the days to keep."""
    first, last, act = doing.day("first_on"), doing.day("last_on"), doing.act
    assert first is not None
    assert last is not None
    if not timedelta() <= last - first < timedelta(days=MOST_DAYS):
        raise Invalid(Say("“目标日至”应在 {first} 至其后 {most} 天之内。", first=first, most=MOST_DAYS - 1), field="last_on")
    given = [bool(doing.text(name)) for name in ("warning_by", "warning_no", "warned_at")]
    if any(given) and not all(given):
        raise Incomplete("有预警的，预警发布机关、文号和时间都要填写；没有预警的三项都不填。", field="warning_no")
    act.title, act.subkind, act.unit_id, act.began_on = doing.text("title"), doing.text("pollutant"), doing.actor.unit_id, first
    act.document_no = doing.text("warning_no")
    doing.keep(level=doing.text("level"), first_on=first.isoformat(), last_on=last.isoformat(), **{SITES: []})
    return doing.told()


def add_site(doing: ActDoing) -> Payload:
    """A site is named, with what it does; once the order is issued it is owed at once."""
    site = site_named(doing)
    if any(row["site"] == site.code for row in doing.facts.rows(SITES)):
        raise Invalid(Say("“{name}”已在管控点位中。", name=site.name), field="site")
    if site.status == SiteStatus.ended:
        raise Invalid(Say("“{name}”已注销或搬离。", name=site.name), field="site")
    unit = unit_named(doing.work, doing.text("unit"), doing.today, "unit").id if doing.text("unit") else site.unit_id
    if unit is None:
        raise Incomplete(Say("“{name}”没有登记日常监管单位，请填写责任单位。", name=site.name), field="unit")
    measures = _measures_for(doing, site)
    tie_site(doing, site)
    row = {"site": site.code, "unit_id": unit, "said": next_seq(doing.work, doing.act)}
    rest = [each for each in doing.facts.rows(SITES) if each["site"] != site.code]
    told = doing.told() | {"site": site.name, "site_code": site.code, "measures": measures, "unit_ids": [unit]}
    if doing.facts.state == ControlState.issued:
        row["position"] = told["position"] = _lay_measure(doing, site.code, unit, _with_hours(measures, doing.text("hours")),
                                                          is_told=True)
    doing.keep(**{SITES: [*rest, row]})
    return told


def drop_site(doing: ActDoing) -> Payload:
    """A site is taken out of the draft."""
    site = site_named(doing)
    if not any(row["site"] == site.code for row in doing.facts.rows(SITES)):
        raise Invalid(Say("“{name}”不在管控点位中。", name=site.name), field="site")
    doing.keep(**{SITES: [each for each in doing.facts.rows(SITES) if each["site"] != site.code]})
    link = doing.work.session.get(ActLink, (doing.act.id, LinkRole.site, SITE_STREAM + site.code))
    if link is not None:
        doing.work.session.delete(link)
    return doing.told() | {"site": site.name, "site_code": site.code}


def issue(doing: ActDoing) -> Payload:
    """The order is in force: each site has its measures and some hours to say that it knows of them."""
    starts, now = _moment_of(doing, "starts_at")
    if starts < now - EARLIEST and not doing.text("reason"):
        raise Incomplete("起始时间比现在早一小时以上，请写明理由。", field="reason")
    if str(doing.act.details["last_on"]) < starts.date().isoformat():
        raise Invalid("起始时间晚于最后一个目标日。", field="starts_at")
    told, laid = _texts_told(doing), []
    for row in doing.facts.rows(SITES):
        position = _lay_measure(doing, str(row["site"]), int(str(row["unit_id"])), told[int(str(row["said"]))], is_told=False)
        laid.append({**row, "position": position})
    doing.keep(starts_at=starts.isoformat(), **{SITES: laid})
    doing.act.began_on = starts.date()
    return doing.told() | {"positions": [row["position"] for row in laid]}


def change(doing: ActDoing) -> Payload:
    """Another level: what the rules ask of each site at it is owed anew, and nobody has acknowledged it yet."""
    before, level = str(doing.act.details["level"]), doing.text("level")
    if before == level:
        raise Invalid("管控级别没有改变。", field="level")
    doing.keep(level=level)
    reset = []
    for row in _measures_in(doing, *OWED, DutyState.met):
        site = doing.work.session.scalar(select(Site).where(Site.code == row.subject.removeprefix(SITE_STREAM)))
        measures = (site is not None and _proposed_measures(doing, level, site)) or row.title
        if duties.retake(doing.work, doing.act, row, doing.actor, DutySteps.reset,
                         {"measures": measures, "reason": doing.text("reason")}):
            reset.append(row.position)
    return doing.told() | {"from_level": before, "positions": reset}


def lift(doing: ActDoing) -> Payload:
    """The order ends: what is not reported yet is waived, unless its days were over."""
    at, _ = _moment_of(doing, "lifted_at")
    if at < datetime.fromisoformat(str(doing.act.details["starts_at"])):
        raise Invalid("解除时间早于管控开始。", field="lifted_at")
    waived = [row.position for row in _measures_in(doing, DutyState.open) if row.due_on >= doing.today
              and duties.retake(doing.work, doing.act, row, doing.actor, DutySteps.waive, {"reason": Say("管控已解除")})]
    doing.keep(lifted_at=at.isoformat())
    doing.act.ended_on = max(at.date(), doing.act.began_on or at.date())
    return doing.told() | {"positions": waived}


def find(doing: ActDoing) -> Payload:
    """A failed check becomes a case, tied to the order and to the site's place."""
    row = _duty_at(doing)
    site = doing.work.session.scalar(select(Site).where(Site.code == row.subject.removeprefix(SITE_STREAM)))
    assert site is not None
    order = intake.RegisterOrder(SOURCE, doing.text("problem"), doing.text("description"), place=site.address or site.name,
                                 area_code=site.area_code, no_photo=doing.text("no_photo"), act=doing.act.stream)
    made = intake.register(doing.actor, order, uploads=doing.uploads)
    tie(doing, LinkRole.found, made.number, field="problem")
    return doing.told() | {"position": row.position, "target": CASE + made.number}


def assess(doing: ActDoing) -> Payload:
    """What came of the target days, by the index as it was published; corrected with a reason."""
    wanted = _days_between(*(date.fromisoformat(str(doing.act.details[name])) for name in ("first_on", "last_on")))
    found = _index_lines(doing.text("aqi"))
    if list(found) != wanted:
        raise Incomplete(Say("请按顺序填写每个目标日的 AQI，一天一行：{days}。", days=Listed(map(str, wanted))), field="aqi")
    is_again = doing.facts.state == ControlState.assessed
    if (is_again or max(found.values()) > MOST_AQI) and not doing.text("reason"):
        raise Incomplete("更正评估，或 AQI 超过 500 的，请写明说明。", field="reason")
    result = result_of(found.values(), values.number("good_day", doing.today))
    doing.keep(result=result.value, **{DAYS: [{"on": day.isoformat(), "aqi": aqi} for day, aqi in found.items()]})
    return doing.told() | {"result": result.value, "days": list(found.values())}


# --- what several ask ---------------------------------------------------------------------------------------------------------


def _measures_for(doing: ActDoing, site: Site) -> str:
    """What the site does: as proposed, or as written, then with a reason."""
    proposed, typed = _proposed_measures(doing, str(doing.act.details["level"]), site), doing.text("measures")
    if not typed and not proposed:
        raise Incomplete(Say("规则中没有“{name}”这一级别和分类的措施，请填写管控措施。", name=site.name), field="measures")
    if typed and proposed and typed != proposed and not doing.text("reason"):
        raise Incomplete(Say("规则中的措施是“{proposed}”，改动的请写明理由。", proposed=proposed), field="reason")
    return typed or proposed


def _proposed_measures(doing: ActDoing, level: str, site: Site) -> str:
    rows: Any = values.value("control_measures", doing.today)
    return measures_for(rows, level, site.site_class, site.kind)


def _lay_measure(doing: ActDoing, site: str, unit_id: int, measures: str, *, is_told: bool) -> int:
    last = date.fromisoformat(str(doing.act.details["last_on"]))
    row = duties.lay_down(doing.work, doing.act, doing.actor, DutyKind.measure, title=measures, unit_id=unit_id, due_on=last,
                          subject=SITE_STREAM + site, is_told=is_told)
    duties.start_hours(doing.work, doing.act, row)
    return row.position


def _texts_told(doing: ActDoing) -> dict[int, str]:
    """What each fact that named a site said of its measures."""
    return {entry.seq: _with_hours(str(entry.details.get("measures") or ""), str(entry.details.get("hours") or ""))
            for entry in entries(doing.work.session, doing.act.stream) if entry.kind == ControlSteps.add_site.fact}


def _with_hours(measures: str, hours: str) -> str:
    return Say("{measures}（{hours}）", measures=measures, hours=hours) if hours else measures


def _measures_in(doing: ActDoing, *states: DutyState) -> list[Duty]:
    query = select(Duty).where(Duty.act_id == doing.act.id, Duty.kind == DutyKind.measure, Duty.state.in_(states))
    return list(doing.work.session.scalars(query.order_by(Duty.position)))


def _duty_at(doing: ActDoing) -> Duty:
    position = doing.whole("position")
    row = doing.work.session.scalar(select(Duty).where(Duty.act_id == doing.act.id, Duty.position == position))
    if row is None:
        raise Invalid(Say("没有第 {position} 项应办。", position=position), field="position")
    return row


def _index_lines(text: str) -> Mapping[date, int]:
    """Days with their index, a line each. Raises `Invalid` naming the line."""
    found: dict[date, int] = {}
    for line in (each for each in text.splitlines() if each.strip()):
        fitting = _LINE.fullmatch(line)
        try:
            day = date.fromisoformat(fitting[1]) if fitting else None
        except ValueError:
            day = None
        if day is None or fitting is None:
            raise Invalid(Say("“{line}”无法识别，应为日期和 AQI，如“2026-11-25 96”。", line=line.strip()[:40]), field="aqi")
        found[day] = int(fitting[2])
    return found


def _days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=place) for place in range((last - first).days + 1)]


def _moment_of(doing: ActDoing, name: str) -> tuple[datetime, datetime]:
    """A moment that was given, in office time, and now."""
    at, now = datetime.fromisoformat(doing.text(name)), doing.work.clock.local(doing.work.clock.now())
    return at if at.tzinfo is not None else at.replace(tzinfo=now.tzinfo), now


C = ControlSteps
DEEDS: ActDeeds = {
    (KIND, C.draft.name): draft, (KIND, C.add_site.name): add_site, (KIND, C.drop_site.name): drop_site,
    (KIND, C.issue.name): issue, (KIND, C.change.name): change, (KIND, C.lift.name): lift, (KIND, C.find.name): find,
    (KIND, C.assess.name): assess,
}
