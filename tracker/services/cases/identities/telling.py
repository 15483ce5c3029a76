"""Who is told of a request about a reporter: who must decide, who asked, and who watches over those who open many."""

from collections.abc import Mapping

from tracker.domain.cases.flow import OtherFacts
from tracker.domain.cases.identities.requesting import PURPOSES, AskedIdentity, RequestPurpose, decider_refusal
from tracker.domain.house.actor import Actor
from tracker.domain.house.ledger import Fact
from tracker.domain.house.links import Link, Place, to_case
from tracker.domain.mail.kinds import Kinds
from tracker.services.house.work import Work
from tracker.services.mail import audiences as to
from tracker.services.mail.audiences import Audience, Concern, Parties
from tracker.services.mail.mails import Mail, put_mail
from tracker.storage.cases.cases import Case
from tracker.storage.cases.identities import IdentityRequest

# fact kind → who is told; who asked is the raiser
IDENTITY_MAILS: Mapping[str, Mail] = {
    OtherFacts.identity_requested.fact: Mail("identity_requested", (to.TO_DECIDE_IDENTITY,), Kinds.hourly),
    OtherFacts.identity_granted.fact: Mail("identity_granted", (to.RAISERS,), Kinds.hourly),
    OtherFacts.identity_refused.fact: Mail("identity_refused", (to.RAISERS,), Kinds.hourly),
    OtherFacts.identity_lapsed.fact: Mail("identity_lapsed", (to.RAISERS,), Kinds.hourly),
}
OFTEN = Mail("identity_often", (to.AUDITORS, to.LEADS), Kinds.security)


def tell(work: Work, fact: Fact, case: Case, row: IdentityRequest) -> None:
    """The mail of one fact of a request, in its transaction; none where the deeds of this context tell nobody."""
    if work.wiring.tell is not None and (mail := IDENTITY_MAILS.get(fact.kind)) is not None:
        put_mail(work, fact, mail, _mail_concern(case, row), {
            "number": case.number, "purpose": PURPOSES[RequestPurpose(row.purpose)],
            "until": f"{work.clock.local(row.open_until):%Y-%m-%d %H:%M}", "is_reveal": row.purpose == RequestPurpose.reveal,
            "link": Link(Place.identity_request, (str(row.id),))})


def tell_of_many(work: Work, fact: Fact, case: Case, row: IdentityRequest, actor: Actor, count: int) -> None:
    """Auditors and leads are told of who opens more than is usual in a day."""
    if work.wiring.tell is not None:
        put_mail(work, fact, OFTEN, _mail_concern(case, row),
                 {"name": actor.name, "count": count, "number": case.number, "link": to_case(case.number)})


def _mail_concern(case: Case, row: IdentityRequest) -> Concern:
    units = frozenset(unit for unit in (case.lead_unit_id, *case.supporting_unit_ids) if unit is not None)
    asked = AskedIdentity(case.jurisdiction, units, (row.asked_by_id, row.asked_for_id))

    def allows(audience: Audience, actor: Actor) -> bool:
        return decider_refusal(actor, asked) is None

    return Concern(Parties(None, (), case.jurisdiction, None, row.asked_by_id), allows)
