"""What penalties, cards and referrals have in common: who takes a step as what, what is asked, and the rules that several rows
name."""

from enum import StrEnum

from tracker.domain.acts.facts import ActFacts, ActWhy, parts_of
from tracker.domain.acts.step_rows import ActStep, ActWho, over_area, reason
from tracker.domain.house.actor import Actor, Permission, Role
from tracker.domain.house.fields import Choices, FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, FlowRule

PERSON = "person_party"  # under which a step names a natural person
SITE = Given("site", "监管对象", longest=80, hint="登记在册的企业或工地，填编号、统一社会信用代码或全称")
DOCUMENT = Given("document_no", "文号", longest=80)
PAPERS = Given("files", "文书或照片", FieldKind.files, is_required=False, hint="文书另行制作，这里只存扫描件")
PARTNER = Given("partner", "另一名执法人员", FieldKind.person, hint="须由两人办理", offers=Role.enforcer.value)

WORKS = over_area(Permission.penalty_work)
REVIEWS = over_area(Permission.penalty_review)
DECIDES = over_area(Permission.penalty_decide)
PROPOSES = over_area(Permission.referral_work)
APPROVES = over_area(Permission.referral_approve)
PUBLISHES = over_area(Permission.publication_review)

INVESTIGATORS = "investigator_ids"  # under which a penalty keeps who investigates it
TEAM = "team"  # the part of those who propose a referral
RIGHT_UNTIL, PAUSED_FROM = "right_until_on", "paused_from_on"
OWES_REVIEW, REVIEW = "owes_review", "review"
PUBLISHED, PAUSES, HELD_BY = "is_published", "pauses", "held_by"
WAYS: Choices = (("direct", "直接送达"), ("lien", "留置送达"), ("post", "邮寄送达"), ("electronic", "电子送达"), ("entrust", "委托送达"),
                 ("notice", "公告送达"))


def _is_among(actor: Actor, facts: ActFacts, name: str) -> bool:
    found = facts.details.get(name)
    return isinstance(found, list | tuple) and not set(found).isdisjoint(actor.persons)


def investigates(actor: Actor, facts: ActFacts) -> bool:
    """One of those who investigate it, in its area."""
    return actor.has_in(Permission.penalty_work, facts.area_code) and _is_among(actor, facts, INVESTIGATORS)


def heads_its_unit(actor: Actor, facts: ActFacts) -> bool:
    """Who heads the unit that it is worked on in, and works on penalties there."""
    return actor.is_head and actor.unit_id is not None and actor.unit_id == facts.unit_id and actor.has_in(
        Permission.penalty_work, facts.area_code)


def is_of_team(actor: Actor, facts: ActFacts) -> bool:
    """One of those who proposed it, in its area."""
    return actor.has_in(Permission.referral_work, facts.area_code) and TEAM in parts_of(actor, facts)


def _rights_are_over(actor: Actor, facts: ActFacts) -> bool:
    """The last day on which the party may plead, or ask for a hearing, is gone by."""
    return str(facts.details.get(RIGHT_UNTIL) or "") < facts.today.isoformat()


def _is_reviewed(actor: Actor, facts: ActFacts) -> bool:
    return not facts.details.get(OWES_REVIEW) or facts.details.get(REVIEW) == "passed"


def _is_running(actor: Actor, facts: ActFacts) -> bool:
    return not facts.details.get(PAUSED_FROM)


def _stands_still(actor: Actor, facts: ActFacts) -> bool:
    return bool(facts.details.get(PAUSED_FROM))


def _is_published(actor: Actor, facts: ActFacts) -> bool:
    return bool(facts.details.get(PUBLISHED))


def _has_no_part(actor: Actor, facts: ActFacts) -> bool:
    return not parts_of(actor, facts)


INVESTIGATES: ActWho = ActWho(Permission.penalty_work, investigates)
HEADS: ActWho = ActWho(Permission.penalty_work, heads_its_unit)
OF_TEAM: ActWho = ActWho(Permission.referral_work, is_of_team)
RIGHTS_OVER: FlowRule[ActFacts] = FlowRule(ActWhy.rights_open, _rights_are_over)
REVIEWED: FlowRule[ActFacts] = FlowRule(ActWhy.not_reviewed, _is_reviewed)
RUNNING: FlowRule[ActFacts] = FlowRule(ActWhy.stands_still, _is_running)
STILL: FlowRule[ActFacts] = FlowRule(ActWhy.goes_on, _stands_still)
IS_PUBLIC: FlowRule[ActFacts] = FlowRule(ActWhy.not_published, _is_published)
NO_PART: FlowRule[ActFacts] = FlowRule(ActWhy.same_person, _has_no_part)


def publish_step(kind: str, froms: tuple[StrEnum, ...]) -> ActStep:
    """It is made public: taken by the room of publications, with what another than its hands has reviewed."""
    return ActStep(froms, STAY, (PUBLISHES,), FactKind(f"{kind}:published"), (), (NO_PART,), is_quiet=True)


def withdraw_step(kind: str, froms: tuple[StrEnum, ...]) -> ActStep:
    """It is public no more, for a reason: taken by the room of publications."""
    return ActStep(froms, STAY, (PUBLISHES,), FactKind(f"{kind}:unpublished"), (reason("撤回公开的理由"),), (IS_PUBLIC,), is_quiet=True)
