"""Who is told of an appeal against an appraisal, and of the decision on it."""

from collections.abc import Mapping

from tracker.domain.house.ledger import Fact
from tracker.domain.reports.fact_kinds import AppealFacts
from tracker.services.house.work import Work
from tracker.services.mail import audiences as to
from tracker.services.mail.audiences import Concern
from tracker.services.mail.mails import Mail, put_mail

# fact kind → who is told; the unit that appeals stands for the lead unit
APPEAL_MAILS: Mapping[str, Mail] = {
    AppealFacts.raised: Mail("appeal_raised", (to.TO_DECIDE_APPEAL,)),
    AppealFacts.upheld: Mail("appeal_upheld", (to.OFFICERS, to.HEADS, to.RAISERS)),
    AppealFacts.rejected: Mail("appeal_rejected", (to.OFFICERS, to.HEADS, to.RAISERS)),
}


def tell_of_appeal(work: Work, fact: Fact, appeal: Concern, words: Mapping[str, object]) -> None:
    """The mails of an appeal, or of the decision on it, in its transaction; none where the deeds of this context tell nobody."""
    if work.wiring.tell is not None and (mail := APPEAL_MAILS.get(fact.kind)) is not None:
        put_mail(work, fact, mail, appeal, words)
