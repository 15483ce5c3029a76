"""Deeds that move no state: comments, urging, supervision, sponsor, meetings, call-backs, look-backs, corrections."""

from datetime import date

from tracker.domain.cases.columns import CaseChanges, SupportDay
from tracker.domain.cases.flow import Steps
from tracker.domain.cases.intake_fields import CORRECTED_TEXTS
from tracker.domain.cases.step_fields import DEFERRED
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Invalid, NotAllowed
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.house.say import DateWords, Say
from tracker.domain.rules.area_codes import is_code, typed_code
from tracker.domain.rules.workdays import WorkCalendar
from tracker.services.cases.effects import Doing, Effect, sponsor_named, step_deed
from tracker.services.rules import rules, values
from tracker.services.rules.places import known_area


@step_deed(Steps.add_evidence.name)
def add_evidence(doing: Doing) -> Effect:
    """More evidence, of a kind that the flow lets them add; on-site photos begin the verification."""
    if not doing.evidence:
        raise Invalid("请选择要补充的照片或文件。", field="files")
    is_onsite = doing.given["evidence_role"] == EvidenceRole.onsite
    begun_at = doing.case.verification_begun_at or doing.work.clock.now()
    changes: CaseChanges = {"verification_begun_at": begun_at} if is_onsite else {}
    return Effect(changes, {"evidence": doing.evidence} | doing.texts("reason"))


@step_deed(Steps.support_reply.name)
def support_reply(doing: Doing) -> Effect:
    """What a supporting unit has to say, once, for each of the actor's units that owes it."""
    owed = {str(unit) for unit, _ in doing.facts.awaited_replies if unit in doing.actor.unit_line}
    days: dict[str, SupportDay] = {
        unit: {"due_on": day["due_on"], "answered_on": doing.today if unit in owed else day["answered_on"]}
        for unit, day in doing.case.support_days.items()}
    is_late = any(due_on < doing.today for unit, due_on in doing.facts.awaited_replies if str(unit) in owed)
    return Effect({"support_days": days}, {"unit_ids": sorted(map(int, owed)), "is_late": is_late, "evidence": doing.evidence}
                  | doing.texts("text"))


@step_deed(Steps.open_supervision.name)
def open_supervision(doing: Doing) -> Effect:
    """Pressure from above, with a level and a number, and a day by which the unit that has the case answers."""
    answer_on = _answer_on(doing)
    return Effect({"supervision_level": doing.code("level"), "supervision_due_on": answer_on},
                  ({"answer_on": answer_on} if answer_on else {}) | doing.texts("level", "document_no", "reason"))


def _answer_on(doing: Doing) -> date | None:
    given = doing.day("answer_on")
    if doing.facts.is_with_no_unit:
        if given is not None:
            raise Invalid("案件现在不在主办单位手上，不必填“反馈期限”。", field="answer_on")
        return None
    if given is not None and given < doing.today:
        raise Invalid(Say("反馈期限 {answer_on} 早于今天 {today}。", answer_on=DateWords(given), today=DateWords(doing.today)),
                      field="answer_on")
    return given or answer_day(doing.today, doing.calendar)


def answer_day(on: date, calendar: WorkCalendar) -> date:
    """The day by which an order of this day is answered where it names none."""
    return calendar.add_workdays(on, values.number("answer_workdays", on)).on


@step_deed(Steps.lift_supervision.name)
def lift_supervision(doing: Doing) -> Effect:
    """The supervision ends."""
    return Effect({"supervision_level": None, "supervision_due_on": None},
                  {"level": doing.case.supervision_level} | doing.texts("reason"))


@step_deed(Steps.set_sponsor.name)
def set_sponsor(doing: Doing) -> Effect:
    """The district leader who sponsors the case."""
    person = sponsor_named(doing.work, str(doing.given["sponsor"]), doing.case.jurisdiction)
    return Effect({"sponsor_id": person.id}, {"from": doing.case.sponsor_id} | doing.texts("reason"))


@step_deed(Steps.joint_meeting_decision.name)
def joint_meeting_decision(doing: Doing) -> Effect:
    """What a joint meeting decided; what waited to be coordinated waits no longer, unless it was put off to the next one."""
    is_settled = doing.case.matter_since_on is not None and doing.given.get("outcome") != DEFERRED
    return Effect({"matter_since_on": None} if is_settled else {},
                  {"held_on": doing.day("held_on")} | doing.texts("text", "meeting", "outcome"))


@step_deed(Steps.escalate.name)
def escalate(doing: Doing) -> Effect:
    """What needs the city."""
    return Effect({"escalated_at": doing.work.clock.now()}, doing.texts("reason"))


@step_deed(Steps.call_back.name)
def call_back(doing: Doing) -> Effect:
    """How the complainant finds the result."""
    return Effect({"satisfaction": doing.code("satisfaction")}, doing.texts("satisfaction", "text"))


@step_deed(Steps.look_back.name)
def look_back(doing: Doing) -> Effect:
    """A check after closing; only a failed one allows reopening."""
    checked_on = doing.day("checked_on")
    if checked_on is not None and checked_on > doing.today:
        raise Invalid(Say("回头看日期 {checked_on} 晚于今天。", checked_on=checked_on), field="checked_on")
    failed = doing.given["result"] == "failed"
    return Effect({"is_look_back_failed": failed},
                  {"evidence": doing.evidence, "checked_on": checked_on} | doing.texts("result", "text"))


@step_deed(Steps.correct_field.name)
def correct_field(doing: Doing) -> Effect:
    """Old and new value of a field; of texts that may hold personal data the fact keeps commitments only."""
    name, raw = str(doing.given["field"]), str(doing.given["value"])
    old = getattr(doing.case, name)
    value = _read_correction(name, raw, doing.today)
    if value == old:
        raise Invalid("更正后的内容与原来相同。", field="value")
    if name in CORRECTED_TEXTS:
        return Effect({}, {"field": name} | doing.texts("reason"), {name: str(value)})
    if name == "area_code":
        _require_reach(doing, str(value))
    changes: CaseChanges = {"received_on": value} if isinstance(value, date) else {"area_code": value, "jurisdiction": value}
    return Effect(changes, {"field": name, "old": old, "new": value} | doing.texts("reason"))


def _require_reach(doing: Doing, area: str) -> None:
    """Who corrects only what they registered moves it nowhere that they could not have registered it."""
    is_corrector = doing.actor.has_in(Permission.case_correct, doing.case.jurisdiction)
    if not is_corrector and not doing.actor.has_in(Permission.case_register, area):
        raise NotAllowed("您不能登记这个区域的案件。", code="out_of_reach", field="value")


def _read_correction(name: str, raw: str, today: date) -> date | str:
    if name == "received_on":
        value = read(Given("value", "受理日期", FieldKind.date), raw)
        assert isinstance(value, date)
        if value > today:
            raise Invalid(Say("受理日期 {received_on} 晚于今天。", received_on=value), field="value")
        return value
    if name == "area_code":
        if is_code(typed_code(raw)):
            known_area(raw, today, field="value")
        area = rules.gazetteer().resolve(raw, today)
        if area is None:
            raise Invalid(Say("区划“{area_code}”不在本系统的区划表中。", area_code=raw), field="value")
        return area.code
    return str(read(Given("value", "更正为", FieldKind.long_text, longest=CORRECTED_TEXTS[name].longest), raw))
