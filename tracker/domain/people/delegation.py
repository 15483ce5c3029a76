"""Standing in (代): who may be stood in for, for how long, and what the substitute is to the law meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.house.actor import Absentee, Actor, Grant, Permission, Role
from tracker.domain.house.errors import Invalid, NotAllowed
from tracker.domain.house.say import Say

# What a person holds for themself alone: whoever needs another administrator or custodian appoints one.
NOT_DELEGABLE = frozenset({Role.admin, Role.custodian})
LONGEST_DAYS = 90


@dataclass(frozen=True)
class Term:
    """The days of a delegation, both included."""

    from_on: date
    to_on: date


def check_term(term: Term, today: date) -> None:
    """Raise `Invalid` unless the term is in order, begins today or later, and is not too long."""
    if term.from_on < today:
        raise Invalid(Say("起始日 {from_on} 早于今天，委托不能补办。", from_on=term.from_on), field="from_on")
    if term.to_on < term.from_on:
        raise Invalid(Say("截止日 {to_on} 早于起始日 {from_on}。", to_on=term.to_on, from_on=term.from_on), field="to_on")
    if (term.to_on - term.from_on).days >= LONGEST_DAYS:
        raise Invalid(Say("一次委托最长 {longest_days} 天(含首尾两日)，请缩短期限。", longest_days=LONGEST_DAYS), field="to_on")


def delegable(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """The grants that a substitute may use."""
    return tuple(grant for grant in grants if grant.role not in NOT_DELEGABLE)


def check_pair(principal: Actor, substitute: Actor) -> None:
    """Raise unless the one may stand in for the other. An administrator takes no step on a case, not for somebody else either."""
    if principal.id == substitute.id:
        raise Invalid("不能委托给本人。", field="substitute")
    if not delegable(principal.grants):
        raise NotAllowed(Say("“{principal_name}”没有可以委托的角色：管理员、身份保管员的职责不得由他人代办。", principal_name=principal.name),
                         code="not_delegable")
    if substitute.has(Permission.account_manage):
        raise NotAllowed(Say("“{substitute_name}”是管理员，管理员不得代他人办案。", substitute_name=substitute.name), code="admin_takes_no_step",
                         field="substitute")


def acting(substitute: Actor, principal: Actor) -> Actor:
    """The substitute with the rights of the principal and no others: what either holds besides is left behind.

    The id stays the human's, for that is who acts; the law asks both wherever persons must differ.
    """
    check_pair(principal, substitute)
    return replace(
        principal, id=substitute.id, name=substitute.name, login=substitute.login, grants=delegable(principal.grants),
        acting_for=Absentee(principal.id, principal.name), own_unit_line=substitute.unit_line,
        sign_in=substitute.sign_in,
    )
