"""The job of circulars: what nobody signed in time goes out all the same, marked so."""

from datetime import date, time

from tracker.domain.house.errors import Broken, Refusal
from tracker.domain.house.say import Say
from tracker.services.house.jobs import Frequency, Job
from tracker.services.house.work import reading
from tracker.services.reports import circulars
from tracker.storage.reports import circulars as rows


def issue_overdue(on: date) -> str:
    """Issue every circular whose last day for signing is over; one that fails does not stop the others."""
    wanted = [row.report_id for row in rows.waiting(reading()) if row.sign_by_on < on]
    reading().rollback()  # the reading ends here; each opens its own transaction
    issued, troubles = 0, list[str]()
    for report_id in wanted:
        try:
            issued += circulars.issue_unsigned(report_id, on)
        except Refusal as refusal:
            troubles.append(refusal.sentence)
    if troubles:
        raise Broken(Say("印发 {issued} 份，{failed} 份未成，第一份：{first}", issued=issued, failed=len(troubles), first=troubles[0]))
    return Say("未经签发印发通报 {issued} 份", issued=issued)


JOBS: tuple[Job, ...] = (
    Job("daily-circular-issue", Frequency.daily, "到期未签发的通报按原拟稿印发，标明未经签发", issue_overdue, time(9, 30)),
)
