"""What is thrown away after its term: the words of mails sent long ago, and the trail of old sign-ins. Facts tell of it; who got
which mail, when, stays. Of forms that were sent long ago nobody needs to know any more (`adopt.md` §5, §6.5)."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, exists, update

from tracker.domain.house.actor import CLOCK
from tracker.domain.house.say import Say
from tracker.domain.upkeep.fact_kinds import TidyFacts
from tracker.services.house import posted_forms
from tracker.services.house.work import Work, deed, wiring
from tracker.services.people.signing import trail
from tracker.services.rules import values
from tracker.storage.mail.outbox import Message, drop_unread
from tracker.storage.people.sign_ins import SignIn, SignInSession

STREAM = "tidying"


def tidy(on: date) -> str:
    """Tidy what is past its term on a business date; a second run finds nothing."""
    mails = _tidy_mails(_instant_of(on - timedelta(days=values.number("mail_body_days", on))))
    trail.tell_unknown()
    tries = _tidy_sign_ins(_instant_of(_months_before(on, values.number("sign_in_months", on))))
    forms = posted_forms.tidy(on)
    return Say("整理邮件正文 {mails} 封，登录记录 {tries} 条，提交过的表单 {forms} 份", mails=mails, tries=tries, forms=forms)


def _instant_of(on: date) -> datetime:
    return datetime.combine(on, time(), wiring().zone)


def _months_before(on: date, months: int) -> date:
    """The first day of the month so many months before."""
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    return date(year, month + 1, 1)


@deed
def _tidy_mails(work: Work, before: datetime) -> int:
    """Words of what was sent before; waiting, held and given-up mails are not touched."""
    old = update(Message).where(Message.state == "sent", Message.sent_at < before, Message.body_digest.is_not(None)).values(
        body_digest=None, pictures="")
    mails = len(work.session.scalars(old.returning(Message.id).execution_options(synchronize_session=False)).all())
    forgotten = drop_unread(work.session)
    if mails or forgotten:
        work.record(STREAM, TidyFacts.mails, CLOCK, {"before": before, "count": mails, "bodies": forgotten})
    return mails


@deed
def _tidy_sign_ins(work: Work, before: datetime) -> int:
    """Tries to sign in before, and the sessions that ended with them. The database keeps what is younger than half a year."""
    tries = len(work.session.scalars(delete(SignIn).where(SignIn.at < before).returning(SignIn.id)).all())
    if tries:
        named = exists().where(SignIn.session_id == SignInSession.id)
        work.session.execute(delete(SignInSession).where(SignInSession.ends_at < before, ~named))
        work.record(STREAM, TidyFacts.sign_ins, CLOCK, {"before": before, "count": tries})
    return tries
