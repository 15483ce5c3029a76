"""Who goes on with the work of somebody who leaves."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from tracker.domain.cases.facts import ACTIVE
from tracker.domain.cases.flow import Steps
from tracker.domain.house.actor import CLOCK, Permission, Role
from tracker.domain.house.errors import Invalid, WrongState
from tracker.domain.house.say import Listed, Say
from tracker.services.house.work import Work
from tracker.services.people import access
from tracker.storage.cases.cases import Case
from tracker.storage.people.accounts import Person, RoleGrant


@dataclass(frozen=True)
class OpenWork:
    """What would be left lying: cases sponsored, requests waiting, and cases of a unit whose last officer this person is."""

    sponsored: int
    requested: int
    unit_cases: int

    def sentence(self) -> str:
        """The same in words; empty when there is nothing."""
        parts = (
            (self.sponsored, "件包案未办结"), (self.requested, "项申请待审批"),
            (self.unit_cases, "件案件由其单位主办而单位内没有其他经办人"),
        )
        return Listed(Say("{n} {what}", n=amount, what=Say(what)) for amount, what in parts if amount)


def open_work(work: Work, person: Person) -> OpenWork:
    """What this person would leave behind today."""

    def count(*conditions: object) -> int:
        return work.session.scalar(select(func.count()).select_from(Case)
                                   .where(*conditions, Case.state.in_(ACTIVE))) or 0  # type: ignore[arg-type]

    led = count(Case.lead_unit_id == person.unit_id) if _is_last_officer(work, person) else 0
    asked = or_(Case.pending_by_id == person.id, Case.pending_for_id == person.id)
    return OpenWork(count(Case.sponsor_id == person.id), count(asked), led)


def require_no_open_work(work: Work, person: Person, *, moving: bool = False) -> None:
    """Raise `WrongState` naming what is open, so that an heir is named."""
    left = open_work(work, person).sentence()
    if left:
        pattern = "“{person_name}”尚有 {left}，请指定由谁接手后再调动。" if moving else "“{person_name}”尚有 {left}，请指定由谁接手后再停用。"
        raise WrongState(Say(pattern, person_name=person.name, left=left), code="heir_needed", field="heir")


def hand_over(work: Work, person: Person, heir: Person, because: str) -> int:
    """Give the open sponsorships to the heir; returns how many.

    An administrator takes no step on a case, so the fact is the clock's and points to the deactivation that caused it.
    """
    if _is_last_officer(work, person) and open_work(work, person).unit_cases and not goes_on(work, person, heir):
        raise Invalid(Say("“{heir_name}”不是同一单位的责任单位经办人，接不了该单位的案件。", heir_name=heir.name), field="heir")
    successor = access.actor_for(heir.id)
    query = select(Case).where(Case.sponsor_id == person.id, Case.state.in_(ACTIVE)).order_by(Case.id).with_for_update(of=Case)
    cases = list(work.session.scalars(query))
    for case in cases:
        if not successor.has_in(Permission.case_close, case.jurisdiction):
            raise Invalid(Say("“{heir_name}”没有 {case_number} 所在区域的销号权限，不能接任包案领导。", heir_name=heir.name, case_number=case.number),
                          field="heir")
        work.move(case, Steps.set_sponsor.fact, CLOCK, case.state, {"sponsor_id": heir.id},
                  {"reason": "原包案领导已离任，由继任者接手。", "because": because})
    return len(cases)


def _is_last_officer(work: Work, person: Person) -> bool:
    officers = set(work.session.scalars(
        select(Person.id).join(RoleGrant).where(
            Person.unit_id == person.unit_id, Person.deactivated_on.is_(None), RoleGrant.role == Role.officer,
            RoleGrant.revoked_at.is_(None))))
    return person.unit_id is not None and officers <= {person.id} and bool(_was_officer(work, person))


def _was_officer(work: Work, person: Person) -> bool:
    return any(g.role is Role.officer for g in access.grants_now(person.id))


def goes_on(work: Work, person: Person, heir: Person) -> bool:
    """Whether the heir can go on with what the unit of this person leads."""
    return heir.unit_id == person.unit_id and _was_officer(work, heir)
