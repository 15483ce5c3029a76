"""Who is told of a case: the one law for mails at once, morning lists, reports and previews.

An audience is a row. One for action names the steps that its people are expected to take, and the flow itself says who of them
may take one now; nobody else is told. One without steps is told for information.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import NamedTuple

from tracker.domain.cases.facts import CaseFacts, CaseState
from tracker.domain.cases.flow import CASE_FLOW, Steps
from tracker.domain.cases.identities.requesting import DECIDE as DECIDE_IDENTITY
from tracker.domain.house.actor import Actor, Role
from tracker.domain.house.lifecycle import StepName
from tracker.domain.reports.appraisal.appealing import DECIDE
from tracker.domain.reports.issuing.flow import PaperSteps
from tracker.domain.rules.limits import Stage
from tracker.services.mail.offices import Addressee, AudienceWay, Offices, each_once, offices
from tracker.services.people import access
from tracker.storage.mail.staff import StaffReach


class Parties(NamedTuple):
    """What decides whom something concerns."""

    lead_unit_id: int | None
    supporting_unit_ids: tuple[int, ...]
    jurisdiction: str
    sponsor_id: int | None
    raised_by_id: int | None = None
    registered_by_id: int | None = None
    candidate_unit_ids: tuple[int, ...] = ()
    informed_unit_ids: tuple[int, ...] = ()
    chief_ids: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Party:
    """Everybody who stands in one relation to a case. `roles` and `is_of_units` say where one has to look for them."""

    find: Callable[[Offices, Parties], Sequence[int]]
    roles: tuple[Role, ...] = ()
    is_of_units: bool = False


@dataclass(frozen=True, eq=False)
class Audience:
    """The first of some parties in which there is anybody, and the steps of which each of them may take one. `asked_in` is the
    state in which they were asked to, where they are told that it is over; `stage` whose limit runs against them."""

    name: str
    parties: tuple[Party, ...]
    steps: tuple[StepName, ...] = ()
    asked_in: CaseState | None = None
    stage: Stage | None = None

    @property
    def is_for_action(self) -> bool:
        """Whether those who are told are expected to act now."""
        return bool(self.steps) and self.asked_in is None


Allows = Callable[[Audience, Actor], bool]


class Concern(NamedTuple):
    """What somebody is told of: whom it concerns, and its law, which is asked about audiences that have steps."""

    parties: Parties
    allows: Allows


def holders(role: Role) -> Party:
    """Everybody with a role over the area of the case."""
    return Party(lambda among, of: among.over(role, of.jurisdiction), roles=(role,))


DISPATCHER, LEAD, SUPERVISOR, VERIFIER, AUDITOR = (
    holders(role) for role in (Role.dispatcher, Role.lead, Role.supervisor, Role.verifier, Role.auditor))
OFFICER = Party(lambda among, of: among.officers(of.lead_unit_id), is_of_units=True)
SUPPORTER = Party(lambda among, of: [p for unit in of.supporting_unit_ids for p in among.officers(unit)], is_of_units=True)
CANDIDATE = Party(lambda among, of: [p for unit in of.candidate_unit_ids for p in among.officers(unit)], is_of_units=True)
INFORMED_UNIT = Party(lambda among, of: [p for unit in of.informed_unit_ids for p in among.officers(unit)], is_of_units=True)
CHIEF = Party(lambda among, of: of.chief_ids)
HEAD = Party(lambda among, of: among.nearest_heads(of.lead_unit_id, of.jurisdiction), is_of_units=True)
SPONSOR = Party(lambda among, of: (of.sponsor_id,) if of.sponsor_id is not None else ())
IDENTITY_KEEPER = Party(lambda among, of: (*among.over(Role.custodian, of.jurisdiction), *among.over(Role.lead, of.jurisdiction)),
                        roles=(Role.custodian, Role.lead))
REGISTRAR = Party(lambda among, of: (of.registered_by_id,) if of.registered_by_id is not None else ())
RAISER = Party(lambda among, of: (of.raised_by_id,) if of.raised_by_id is not None else ())  # of the unit, or of one above it

# For information.
OFFICERS = Audience("officers", (OFFICER,))
SUPPORTERS = Audience("supporters", (SUPPORTER,))
CANDIDATES = Audience("candidates", (CANDIDATE,))
INFORMED_UNITS = Audience("informed_units", (INFORMED_UNIT,))
CHIEFS = Audience("chiefs", (CHIEF,))
HEADS = Audience("heads", (HEAD,))
DISPATCHERS = Audience("dispatchers", (DISPATCHER,))
VERIFIERS = Audience("verifiers", (VERIFIER,))
SPONSORS = Audience("sponsors", (SPONSOR,))
LEADS = Audience("leads", (LEAD,))
SUPERVISORS = Audience("supervisors", (SUPERVISOR,))
AUDITORS = Audience("auditors", (AUDITOR,))
CLOSERS = Audience("closers", (SPONSOR, LEAD))
RAISERS = Audience("raisers", (RAISER,))
REGISTRARS = Audience("registrars", (REGISTRAR,))
# For action.
TO_ASSIGN = Audience("to_assign", (DISPATCHER,), (Steps.assign.name, Steps.send_down.name, Steps.decline.name,
                                                  Steps.transfer.name),
                     stage=Stage.assign)
TO_ANSWER = Audience("to_answer", (CANDIDATE,), (Steps.claim.name, Steps.disclaim.name), stage=Stage.confirm)
TO_CONFIRM = Audience("to_confirm", (DISPATCHER,), (Steps.confirm.name, Steps.find_nothing.name, Steps.transfer.name),
                      stage=Stage.confirm)
TO_DESIGNATE = Audience("to_designate", (DISPATCHER,), (Steps.designate.name, Steps.assign.name))
TO_SIGN = Audience("to_sign", (OFFICER,), (Steps.acknowledge.name,), stage=Stage.acknowledge)
TO_RECTIFY = Audience("to_rectify", (OFFICER,), (Steps.submit.name,), stage=Stage.rectify)
DUE_TODAY = Audience("due_today", (OFFICER,), (Steps.submit.name, Steps.acknowledge.name))
TO_DECIDE_RETURN = Audience("to_decide_return", (DISPATCHER,), (Steps.grant_return.name, Steps.refuse_return.name))
TO_DECIDE_EXTENSION = Audience("to_decide_extension", (DISPATCHER,), (Steps.grant_extension.name, Steps.refuse_extension.name))
TO_DECIDE_PHASE = Audience("to_decide_phase", (DISPATCHER,), (Steps.grant_phase.name, Steps.refuse_phase.name))
TO_VERIFY = Audience("to_verify", (VERIFIER,), (Steps.verify.name, Steps.reject.name), stage=Stage.verify)
TO_PUBLISH = Audience("to_publish", (DISPATCHER,), (Steps.open_notice.name,))
TO_CLOSE = Audience("to_close", (SPONSOR, LEAD), (Steps.close.name, Steps.refuse_close.name), stage=Stage.close)
LEADS_TO_CLOSE = Audience("leads_to_close", (LEAD,), (Steps.close.name, Steps.refuse_close.name))
TO_DECIDE_APPEAL = Audience("to_decide_appeal", (DISPATCHER, LEAD), (DECIDE,))
TO_EDIT_PAPER = Audience("to_edit_paper", (DISPATCHER,), (PaperSteps.edit.name,))
TO_SIGN_PAPER = Audience("to_sign_paper", (LEAD,), (PaperSteps.sign.name,))
TO_DECIDE_IDENTITY = Audience("to_decide_identity", (IDENTITY_KEEPER,), (DECIDE_IDENTITY,))
# Who was asked, and need not act any more.
ASKED_TO_VERIFY = Audience("asked_to_verify", (VERIFIER,), TO_VERIFY.steps, CaseState.submitted)


def of_case(facts: CaseFacts) -> Concern:
    """A case as its law sees it."""
    parties = Parties(facts.lead_unit_id, facts.supporting_unit_ids, facts.area_code, facts.sponsor_id,
                      registered_by_id=facts.registered_by_id, candidate_unit_ids=facts.belonging.unit_ids,
                      informed_unit_ids=facts.belonging.informed_unit_ids,
                      chief_ids=tuple(post.person_id for post in facts.belonging.posts if post.holds_on(facts.today)))
    return Concern(parties, partial(flow_allows, facts))


def flow_allows(facts: CaseFacts, audience: Audience, actor: Actor) -> bool:
    """Whether the flow lets this person take one of the steps that the audience is expected to take."""
    asked = facts if audience.asked_in is None else replace(facts, state=audience.asked_in)
    return any(CASE_FLOW.refusal(CASE_FLOW.steps[step], actor, asked) is None for step in audience.steps)


def told(among: Offices, audiences: Iterable[Audience], concern: Concern) -> tuple[Addressee, ...]:
    """Who is told, each once: in their own right before standing in for another."""
    ways = [way for audience in audiences for way in _ways_of(among, audience, concern)]
    return tuple(way.reader for way in each_once(ways))


def _ways_of(among: Offices, audience: Audience, concern: Concern) -> list[AudienceWay]:
    for party in audience.parties:
        ways = among.ways((party, concern.parties), partial(party.find, among, concern.parties))
        if audience.steps:
            ways = [way for way in ways if concern.allows(audience, way.actor)]
        if ways:
            return ways
    return []


def told_now(audiences: Collection[Audience], concern: Concern, on: date) -> tuple[Addressee, ...]:
    """The same for one thing alone: nobody is read who cannot be told."""
    return told(offices(on, reach_of(audiences, concern.parties)), audiences, concern)


def reach_of(audiences: Iterable[Audience], of: Parties) -> StaffReach:
    """Where everybody stands whom these audiences can hold, in their own right."""
    parties = [party for audience in audiences for party in audience.parties]
    roles = tuple(dict.fromkeys(role for party in parties for role in party.roles))
    area_codes = tuple(of.jurisdiction[:length] for length in range(len(of.jurisdiction) + 1))  # whatever covers it
    units = (*access.unit_line(of.lead_unit_id), *of.supporting_unit_ids, *of.candidate_unit_ids,
             *of.informed_unit_ids) if any(party.is_of_units for party in parties) else ()
    persons = tuple(person for person in (of.sponsor_id, of.raised_by_id, of.registered_by_id,
                                          *of.chief_ids) if person is not None)
    return StaffReach(roles, area_codes, units, persons)


class MailReader(NamedTuple):
    """One person with a mail address. `actor` decides what they may be shown; a substitute reads with the eyes of the
    principal."""

    person_id: int
    name: str
    actor: Actor


def anybody(actor: Actor) -> bool:
    """No matter what they may open."""
    return True


def readers(roles: Collection[Role], area_code: str, on: date, *,
            is_wanted: Callable[[Actor], bool] = anybody) -> tuple[MailReader, ...]:
    """Who reads what the clock sends: everybody in office who holds one of the roles over the area or within it, and their
    substitutes of that day; each once, by their ids. `is_wanted` says who may open what is sent."""
    among = offices(on)
    ways = each_once(way for way in among.ways_to(among.holding(roles, area_code)) if is_wanted(way.actor))
    return tuple(MailReader(way.reader.id, way.actor.name, way.actor) for way in sorted(ways, key=lambda way: way.reader.id))
