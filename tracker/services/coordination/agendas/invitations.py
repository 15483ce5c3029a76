"""What is attached to the mails of a joint meeting: its entry for the calendar, the notice with the agenda, the minutes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parseaddr

from tracker.domain.coordination.meetings import KIND, MeetingSteps
from tracker.domain.house.links import to_act, url_of
from tracker.domain.house.say import Say
from tracker.gateways.mail.ics_out import Invitation, calendar_file
from tracker.services.coordination.agendas.papers import AGENDA, MINUTES_TITLE, agenda_file, write_minutes
from tracker.services.house.work import Work
from tracker.storage.acts.acts import Act
from tracker.storage.cases.entries import entries

M = MeetingSteps
CHANGES = (M.postpone.fact, M.cancel.fact)  # each gives the entry of the calendar a higher number
Files = Mapping[str, bytes]


def of_call(work: Work, act: Act) -> Files:
    """The notice and the entry."""
    return {f"{AGENDA}-{act.number}.docx": agenda_file(work.session, act), **of_change(work, act)}


def of_change(work: Work, act: Act) -> Files:
    """The entry as it stands now; none of a meeting that nobody was called to."""
    facts = entries(work.session, act.stream)
    called = next((fact for fact in reversed(facts) if fact.kind == M.call.fact), None)
    if called is None:
        return {}
    at = datetime.fromisoformat(str(act.details["held_at"]))
    wiring = work.wiring
    return {f"{act.number}.ics": calendar_file(Invitation(
        uid=f"{act.number}-{act.opened_at:%Y%m%dT%H%M%SZ}@xiaohao", sequence=sum(fact.kind in CHANGES for fact in facts),
        title=Say("联席会议 {number}", number=act.number), place=str(called.details.get("place") or ""),
        starts_at=at if at.tzinfo else at.replace(tzinfo=wiring.zone), made_at=work.clock.now(),
        organiser=parseaddr(wiring.mail_from)[1], page=url_of(to_act(act.number), wiring.base_url),
        is_cancelled=facts[-1].kind == M.cancel.fact))}


def of_issue(work: Work, act: Act) -> Files:
    """The minutes."""
    return {f"{MINUTES_TITLE}-{act.number}.docx": write_minutes(act, entries(work.session, act.stream))}


FILES: Mapping[tuple[str, str], Callable[[Work, Act], Files]] = {
    (KIND, M.call.name): of_call, (KIND, M.postpone.name): of_change, (KIND, M.cancel.name): of_change,
    (KIND, M.issue.name): of_issue,
}
