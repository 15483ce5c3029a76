"""Who may say whose a case is: the relations to a case that is being checked, and the rules of its steps."""

from tracker.domain.cases.facts import CaseFacts, CaseState, Relation, Why
from tracker.domain.house.actor import AREA_READERS, ROLE_GRANTS, Actor, Permission
from tracker.domain.house.lifecycle import FlowRule

SINCE = 5  # the edition of the law that brought them


def candidate_unit(actor: Actor, facts: CaseFacts) -> bool:
    """The actor's unit was asked whether the case is its own, or is below one that was."""
    return any(unit in actor.unit_line for unit in facts.belonging.unit_ids)


def reader_of_area(permission: Permission) -> Relation:
    """The permission is held in the case's area by a role that sees all of it: an officer's reaches no case but their unit's."""

    def holds(actor: Actor, facts: CaseFacts) -> bool:
        return any(grant.role in AREA_READERS and permission in ROLE_GRANTS[grant.role] and grant.covers(facts.area_code)
                   for grant in actor.grants)

    return holds


def clock_when_disclaimed(actor: Actor, facts: CaseFacts) -> bool:
    """The clock, once every unit that was asked has disclaimed the case."""
    return actor.is_clock and facts.belonging.is_disclaimed


def clock_when_silent(actor: Actor, facts: CaseFacts) -> bool:
    """The clock, once the time for an answer has passed and a unit that was asked has given none."""
    return actor.is_clock and facts.belonging.is_overdue(facts.today)


def section_chief(actor: Actor, facts: CaseFacts) -> bool:
    """The actor, or whom they stand in for, is chief of the case's section on this day."""
    return any(post.person_id == actor.right_holder_id and post.holds_on(facts.today) for post in facts.belonging.posts)


def is_dispatching(actor: Actor, facts: CaseFacts) -> bool:
    """The actor gives out cases in the area."""
    return actor.has_in(Permission.case_assign, facts.area_code)


def answers_agree(actor: Actor, facts: CaseFacts) -> bool:
    """One side claims the case and every other disclaims it; a dispatcher need not wait for that."""
    return is_dispatching(actor, facts) or facts.belonging.agreed_unit_id is not None


def may_confirm(actor: Actor, facts: CaseFacts) -> bool:
    """A dispatcher, or a section chief of the unit that will lead."""
    return is_dispatching(actor, facts) or (
        section_chief(actor, facts) and facts.belonging.agreed_unit_id in actor.unit_line)


def is_confirmed_first(actor: Actor, facts: CaseFacts) -> bool:
    """Whose the case is has been settled, where its source asks for it; out of a dispute it is settled by who decides that."""
    return facts.state is CaseState.disputed or not facts.belonging.is_needed or facts.belonging.is_confirmed


def asks_confirmation(actor: Actor, facts: CaseFacts) -> bool:
    """The source asks for it."""
    return facts.belonging.is_needed


def is_unconfirmed(actor: Actor, facts: CaseFacts) -> bool:
    """Nobody has confirmed whose it is: until then it may go back."""
    return not facts.belonging.is_confirmed


def is_seen_enough(actor: Actor, facts: CaseFacts) -> bool:
    """The case has been looked at as its channel asks."""
    return facts.belonging.is_seen_enough(facts.today)


def is_rechecked(actor: Actor, facts: CaseFacts) -> bool:
    """Somebody was on the spot since it was sent down."""
    return facts.belonging.is_rechecked


CONFIRM_FIRST = FlowRule(Why.confirm_first, is_confirmed_first, SINCE)
ASKS_CONFIRMATION = FlowRule(Why.wrong_source, asks_confirmation)
UNCONFIRMED = FlowRule(Why.confirmed, is_unconfirmed, SINCE)
SEEN_ENOUGH = FlowRule(Why.recheck_first, is_seen_enough)
RECHECKED = FlowRule(Why.recheck_first, is_rechecked)
AGREED = FlowRule(Why.not_agreed, answers_agree)
CONFIRMER = FlowRule(Why.out_of_reach, may_confirm)
