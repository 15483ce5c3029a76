"""An execution report that is late by so many days becomes an ordinary case, once."""

from datetime import date

from tracker.domain.cadence.ladder import To
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Conflict, Invalid, NotFound
from tracker.domain.house.say import Say, finished
from tracker.domain.inspection.inspections import SOURCE
from tracker.domain.rules.lights import days_overdue
from tracker.domain.sites.fact_kinds import SiteFacts
from tracker.domain.sites.obligations import period_words
from tracker.domain.sites.registers import REPORT_KINDS
from tracker.domain.sites.sight import site_scope
from tracker.services.cases import intake
from tracker.services.cases.intake import RegisterOrder
from tracker.services.house import permits
from tracker.services.house.work import Work, deed
from tracker.services.rules import values
from tracker.storage.inspection.late_reports import cases_made_of, report_locked
from tracker.storage.sites.obligations import OwedReport, report_of

CLOCK, USUAL_DAYS = "report", 15


def days_to_wait(on: date) -> int:
    """After how many days late: from the rung that tells the dispatcher."""
    rungs = values.value("obligation_ladder", on)
    found = [int(each["days"]) for each in rungs if each["clock"] == CLOCK and To.dispatcher.value in each["to"]
             and int(each["days"]) > 0] if isinstance(rungs, list) else []
    return min(found, default=USUAL_DAYS)


def number_of(report: OwedReport) -> str:
    """What the case is numbered by at its source: one for each permit and period."""
    return f"{report.number}-{report.period}"


def may_become_case(report: OwedReport, on: date) -> bool:
    """Whether it is late enough, neither in nor waived."""
    return report.satisfied_on is None and not report.waived_ground and days_overdue(report.due_on, on) >= days_to_wait(on)


@deed
def open_case(work: Work, actor: Actor, obligation_id: int) -> str:
    """The number of the case that comes of a late report. Raises `NotFound`, `NotAllowed`, `Invalid` where it is not late enough,
    `Conflict` naming the case that came of it before."""
    permits.require(actor, Permission.case_register)
    site = report_locked(work.session, obligation_id)
    report = report_of(work.session, site_scope(actor), obligation_id)
    if site is None or report is None:
        raise NotFound("没有这一期报告，或您无权查看。")
    made = cases_made_of(work.session, SOURCE, [number_of(report)])
    if made:
        raise Conflict(Say("这一期报告已转为案件 {number}。", number=made[number_of(report)]), code="made")
    if not may_become_case(report, work.clock.today()):
        raise Invalid(Say("执行报告超期满 {days} 日、仍未提交的，才能转案件。", days=days_to_wait(work.clock.today())))
    period, kind = period_words(report.period), Say(dict(REPORT_KINDS)[report.kind])
    order = RegisterOrder(
        SOURCE, finished(Say("未按期提交{period}{kind}", period=period, kind=kind)),
        finished(Say("{site}（许可证 {number}）的{period}{kind}应于 {due} 前提交，至今未提交。", site=site.name, number=report.number,
                     period=period, kind=kind, due=report.due_on)),
        categories=("other",), place=site.address or site.name, area_code=site.area_code, source_number=number_of(report),
        no_photo="gone", act=site.stream)
    number = intake.register(actor, order).number
    site.seq += 1
    work.record(site.stream, SiteFacts.report_made_case, actor, {"kind": report.kind, "period": report.period, "case": number})
    return number
