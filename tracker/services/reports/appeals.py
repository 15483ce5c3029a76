"""Appeals against a published appraisal: raised by the unit, decided by somebody else, and never changing what was published."""

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Conflict, Invalid, NotAllowed, NotFound
from tracker.domain.house.links import Link, Place
from tracker.domain.house.masking import mask_text
from tracker.domain.house.say import Say
from tracker.domain.reports import sight
from tracker.domain.reports.appraisal import appealing
from tracker.domain.reports.appraisal.appealing import Citable
from tracker.domain.reports.appraisal.lines import key_of
from tracker.domain.reports.fact_kinds import DECISIONS, AppealFacts
from tracker.domain.reports.inputs import read_inputs
from tracker.domain.reports.kinds import kind_of
from tracker.services.cases.identities import masked_for_number
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.mail.audiences import Audience, Concern, Parties
from tracker.services.reports import reports
from tracker.services.reports.appeal_mails import tell_of_appeal
from tracker.services.rules import rules
from tracker.storage.reports.appeals import Appeal
from tracker.storage.reports.stored import StoredReport

LONGEST = 2000
UPHELD, REJECTED = "upheld", "rejected"
OUTCOMES = ((UPHELD, "成立，下期更正"), (REJECTED, "不成立，维持原扣分"))


@dataclass(frozen=True)
class Open:
    """What somebody may still say against a report: until when, and against which lines."""

    until: date
    is_open: bool
    lines: tuple[Citable, ...]


def report_for(actor: Actor, name: str, period: str, area_code: str = "") -> StoredReport:
    """The published appraisal. Raises `NotFound` when there is none, when it is no appraisal, and when it is not the reader's to
    see."""
    area = area_code or wiring().home_area
    kind = kind_of(name)
    is_theirs = kind is not None and kind.is_open_to_appeal and sight.may_read(actor, name, area)
    row = reports.find(name, period, area) if is_theirs else None
    if row is None:
        raise NotFound("没有找到这份考核，或您无权查看。")
    return row


def open_lines(actor: Actor, report: StoredReport) -> Open:
    """The lines of this person's units against which nobody has appealed yet."""
    until = appealing.last_day(wiring().clock.local(report.made_at).date(), rules.calendar())
    if not appealing.own_units(actor):
        return Open(until, False, ())
    taken = {_line_key(row) for row in reading().scalars(select(Appeal).where(Appeal.report_id == report.id))}
    lines = tuple(line for line in _citable_lines(report) if line.unit_id in appealing.own_units(actor) and line.key not in taken)
    return Open(until, wiring().clock.today() <= until, lines)


@deed
def raise_appeal(work: Work, actor: Actor, report: StoredReport, key: str, text: str) -> int:
    """Appeal against one line, for the own unit or one below it; the appeal's id. Raises `NotAllowed` for another unit's or too
    late, `Conflict` when the line was appealed against before."""
    line = next((each for each in _citable_lines(report) if each.key == key), None)
    if line is None or line.unit_id not in appealing.own_units(actor):
        raise NotAllowed("只能由被扣分单位或其上级单位的经办人对本单位的扣分提出申诉。", code="not_own_unit", field="line")
    until = appealing.last_day(work.clock.local(report.made_at).date(), rules.calendar())
    if work.clock.today() > until:
        raise NotAllowed(Say("申诉期为公布后 {appeal_workdays} 个工作日，已于 {until} 截止。", appeal_workdays=appealing.APPEAL_WORKDAYS,
                             until=until), code="too_late", field="line")
    said = _checked_text(masked_for_number(work, line.number, text), "text", "申诉理由")
    row = Appeal(
        report_id=report.id, unit_id=line.unit_id, rule=line.rule, clause=line.clause, word=line.word, case_number=line.number,
        seq=line.seq,
        fact_on=line.on, points=line.points, text=said, raised_by_id=actor.id, raised_at=work.clock.now(), reason="",
        raised_for_id=actor.acting_for.id if actor.acting_for else None)
    _add_appeal(work, row)
    fact = work.record(f"appeal:{row.id}", AppealFacts.raised, actor, {
        "report": report.name, "period": report.period, "area_code": report.area_code, "digest": report.digest,
        "unit_id": line.unit_id,
        "rule": line.rule, "case": line.number, "seq": line.seq, "on": line.on, "points": line.points, "text": said})
    tell_of_appeal(work, fact, _mail_concern(row, report.area_code), _mail_words(work, row, report))
    return row.id


@deed
def decide(work: Work, actor: Actor, appeal_id: int, outcome: str, reason: str) -> None:
    """Uphold or reject. Raises `NotFound` when absent or not the actor's to see, `NotAllowed` for who raised it, for people of
    the unit and for who is neither dispatcher nor lead of the area, `Conflict` when it was decided before."""
    row = work.session.scalar(select(Appeal).where(Appeal.id == appeal_id).with_for_update()
                              .execution_options(populate_existing=True))
    report = work.session.get(StoredReport, row.report_id) if row is not None else None
    if row is None or report is None or not _may_see(actor, row, report):
        raise NotFound("没有找到这项申诉，或您无权查看。")
    check_decider(actor, row.unit_id, (row.raised_by_id, row.raised_for_id), report.area_code)
    if row.outcome is not None:
        raise Conflict("这项申诉已经有了决定，不能再改。", code="decided")
    if outcome not in (UPHELD, REJECTED):
        raise Invalid("请选择“成立”或“不成立”。", field="outcome")
    said = _checked_text(masked_for_number(work, row.case_number, reason), "reason", "决定理由")
    row.reason, row.outcome, row.decided_at = said, outcome, work.clock.now()
    row.decided_by_id, row.decided_for_id = actor.id, actor.acting_for.id if actor.acting_for else None
    fact = work.record(f"appeal:{row.id}", DECISIONS[outcome], actor, {"reason": row.reason})
    tell_of_appeal(work, fact, _mail_concern(row, report.area_code), _mail_words(work, row, report))


def _mail_concern(row: Appeal, area_code: str) -> Concern:
    """Whom an appeal concerns, and who may decide it."""

    def allows(audience: Audience, actor: Actor) -> bool:
        return _decider_refusal(actor, row.unit_id, (row.raised_by_id, row.raised_for_id), area_code) is None

    return Concern(Parties(row.unit_id, (), area_code, None, row.raised_by_id), allows)


def _mail_words(work: Work, row: Appeal, report: StoredReport) -> dict[str, object]:
    """What a mail says of an appeal: nothing that anybody typed, for a mail leaves the house."""
    area = () if report.area_code == work.wiring.home_area else (("area", report.area_code),)
    return {"title": report.title, "word": row.word, "points": row.points, "number": row.case_number,
            "link": Link(Place.appeals, (report.name, report.period), area)}


def check_decider(actor: Actor, unit_id: int, raisers: tuple[int | None, ...], area_code: str) -> None:
    """Raise `NotAllowed` unless this person may decide an appeal of that unit, raised by those people."""
    if (refusal := _decider_refusal(actor, unit_id, raisers, area_code)) is not None:
        raise refusal


def _decider_refusal(actor: Actor, unit_id: int, raisers: tuple[int | None, ...], area_code: str) -> NotAllowed | None:
    if not appealing.may_decide(actor, area_code):
        return NotAllowed("申诉由本区域的调度员或区领导决定。", code="no_permission")
    if set(actor.persons) & set(raisers):
        return NotAllowed("不能决定自己提出的申诉。", code="same_person")
    if unit_id in actor.all_units:
        return NotAllowed("被扣分单位的人员不能决定本单位的申诉。", code="same_unit")
    return None


def _may_see(actor: Actor, row: Appeal, report: StoredReport) -> bool:
    return appealing.reads_all(actor, report.area_code) or row.unit_id in actor.scope().unit_ids


def _citable_lines(report: StoredReport) -> tuple[Citable, ...]:
    return tuple(appealing.citable(reports.document_of(report), read_inputs(json.loads(report.inputs))))


def _line_key(row: Appeal) -> str:
    return key_of(row.unit_id, row.rule, row.case_number, row.seq, row.fact_on)


def _checked_text(text: str, field: str, word: str) -> str:
    said = mask_text(text.strip())
    if not said or len(said) > LONGEST:
        raise Invalid(Say("请填写“{word}”，最多 {longest} 字。", word=word, longest=LONGEST), field=field)
    return said


def _add_appeal(work: Work, row: Appeal) -> None:
    """Once for each line: the database keeps the second one out, whoever is quicker."""
    twin = select(Appeal.id).where(
        Appeal.report_id == row.report_id, Appeal.unit_id == row.unit_id, Appeal.rule == row.rule,
        Appeal.case_number == row.case_number,
        Appeal.seq == row.seq, Appeal.fact_on == row.fact_on)
    known = Conflict("这一条已经提出过申诉，每条只能申诉一次。", code="known_appeal", field="line")
    if work.session.scalar(twin) is not None:
        raise known
    work.session.add(row)
    try:
        work.session.flush()
    except IntegrityError as error:
        raise known from error
