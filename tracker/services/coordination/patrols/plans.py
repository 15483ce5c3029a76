"""Plans of patrols （双段长巡查计划）: one for a year and an area. The clock opens what each section and tier owes in a period, once;
a patrol that both sides confirmed meets it."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.acts.facts import DutyKind, DutyState
from tracker.domain.acts.wording import DUTY_KINDS
from tracker.domain.coordination.patrols.joint import CONFIRMER, LOGGER, PatrolState
from tracker.domain.coordination.patrols.joint import KIND as PATROL
from tracker.domain.coordination.patrols.periods import (
    TIERS,
    Cadence,
    PatrolPeriod,
    period_about,
    section_and_tier,
    subject_of,
)
from tracker.domain.coordination.patrols.plans import KIND, YEAR, PatrolPlanState, PatrolPlanSteps
from tracker.domain.house.actor import CLOCK
from tracker.domain.house.errors import Conflict, Invalid
from tracker.domain.house.say import Say
from tracker.domain.territory.shapes.sections import LOCAL, RAIL, TIER_WORDS
from tracker.services.acts import access, duties
from tracker.services.acts.duties import PatrolHands
from tracker.services.acts.effects import ActDeeds, ActDoing, Payload
from tracker.services.coordination.patrols.sections import LineSection, sections_on
from tracker.services.house.work import Work, deed, reading
from tracker.services.rules import values
from tracker.storage.acts.acts import Act, ActHand, ActLink, Duty


def draft(doing: ActDoing) -> Payload:
    """The plan of a year. Raises `Conflict` where the area has one."""
    year, session = doing.whole(YEAR), doing.work.session
    if not doing.today.year - 1 <= year <= doing.today.year + 1:
        raise Invalid(Say("年度应为 {first} 至 {last}，现为 {year}。", first=doing.today.year - 1, last=doing.today.year + 1,
                          year=year), field=YEAR)
    same = select(Act).where(Act.kind == KIND, Act.area_code == doing.act.area_code, Act.id != doing.act.id,
                             Act.state != PatrolPlanState.cancelled.value)
    if (other := next((each for each in session.scalars(same) if each.details.get(YEAR) == year), None)) is not None:
        raise Conflict(Say("{year} 年的巡查计划已有一份（{number}）。", year=year, number=other.number), code="plan_taken", field=YEAR)
    act = doing.act
    act.title, act.unit_id, act.document_no = f"{doing.flow.word} {year}", doing.actor.unit_id, doing.text("document_no")
    act.began_on, act.ended_on = date(year, 1, 1), date(year, 12, 31)
    doing.keep(**{YEAR: year})
    return doing.told()


def open_patrols(on: date) -> int:
    """Whatever each section owes in the periods of a day, by the plans in force; how many are new. Once more opens nothing."""
    return sum(_open_for(number, on) for number in _plans_of(reading(), on))


@deed
def _open_for(work: Work, number: str, on: date) -> int:
    plan, count = access.act_for(work, CLOCK, number), 0
    known = {(row.subject, row.starts_on): row for row in work.session.scalars(
        select(Duty).where(Duty.act_id == plan.id, Duty.kind == DutyKind.patrol))}
    for section in _sections_within(work.session, plan, on):
        for tier, period in _owed_by(section, on):
            subject, local = subject_of(section.code, tier), section.post(LOCAL, tier)
            assert local is not None
            row = known.get((subject, period.starts_on))
            if row is None:
                row, count = _open_one(work, plan, section, tier, period, local.unit_id), count + 1
                _meet_by_earlier(work, plan, row)
            elif row.state is DutyState.open and row.unit_id != local.unit_id:
                duties.hand_on(work, plan, CLOCK, row, local.unit_id)
    return count


def _open_one(work: Work, plan: Act, section: LineSection, tier: int, period: PatrolPeriod, unit_id: int) -> Duty:
    title = f"{section.shape.name} {TIER_WORDS[tier]}{DUTY_KINDS[DutyKind.patrol]}"
    return duties.lay_down(work, plan, CLOCK, DutyKind.patrol, title=title, unit_id=unit_id, due_on=period.due_on,
                           starts_on=period.starts_on, subject=subject_of(section.code, tier), is_told=False)


def meet_with(doing: ActDoing) -> list[str]:
    """The patrol at hand, which its other side confirms now, meets what is owed; says which duty of which plan."""
    act, details = doing.act, doing.act.details
    hands = _hands_at(doing.work.session, act, doing.work.clock.now(), doing.actor.id, doing.actor.unit_id or 0)
    row = _owed_row(doing.work.session, subject_of(str(details["section"]), int(details["tier"])), act.began_on)
    if row is None:
        return []
    plan = doing.work.session.get_one(Act, row.act_id)
    duties.meet_by_patrol(doing.work, plan, doing.actor, row, hands)
    return [f"{plan.number}#{row.position}"]


def _meet_by_earlier(work: Work, plan: Act, row: Duty) -> None:
    """A patrol of the period that was confirmed before it was owed."""
    section, tier = section_and_tier(row.subject)
    query = (select(Act).join(ActLink, ActLink.act_id == Act.id)
             .where(ActLink.target == row.subject.rpartition("#")[0], Act.kind == PATROL,
                    Act.state == PatrolState.confirmed.value,
                    Act.began_on >= row.starts_on, Act.began_on <= row.due_on).order_by(Act.id))
    for act in work.session.scalars(query):
        if act.details["tier"] == tier and act.details["section"] == section:
            confirmer = work.session.scalars(select(ActHand).where(ActHand.act_id == act.id, ActHand.part == CONFIRMER)
                                             .order_by(ActHand.at)).first()
            assert confirmer is not None
            hands = _hands_at(work.session, act, confirmer.at, confirmer.person_id, int(act.details["confirmed_unit_id"]))
            duties.meet_by_patrol(work, plan, CLOCK, row, hands)
            return


def _hands_at(session: Session, act: Act, at: datetime, confirmed_by: int, confirmed_unit_id: int) -> PatrolHands:
    others = session.scalars(select(ActHand.person_id).where(ActHand.act_id == act.id, ActHand.part == LOGGER,
                                                             ActHand.person_id != act.opened_by_id)).first()
    return PatrolHands(act.number, act.opened_at, act.opened_by_id, others, act.unit_id or 0, at, confirmed_by,
                       confirmed_unit_id)


def _owed_row(session: Session, subject: str, on: date | None) -> Duty | None:
    """What is owed for a section and tier on a day, and not met yet."""
    return session.scalars(select(Duty).where(
        Duty.kind == DutyKind.patrol, Duty.subject == subject, Duty.state == DutyState.open, Duty.starts_on <= on,
        Duty.due_on >= on).with_for_update()).first()


def _owed_by(section: LineSection, on: date) -> Iterator[tuple[int, PatrolPeriod]]:
    """The tiers of a section that are filled on both sides, with their periods of a day."""
    cadences = values.value("patrol_cadences", on)
    assert isinstance(cadences, dict)
    for tier in TIERS:
        if section.post(LOCAL, tier) is not None and section.post(RAIL, tier) is not None:
            yield tier, period_about(Cadence(cadences[f"tier_{tier}"]), on)


def _sections_within(session: Session, plan: Act, on: date) -> list[LineSection]:
    return [each for each in sections_on(session, on)
            if str(each.shape.extra.get("area") or plan.area_code).startswith(plan.area_code)]


def _plans_of(session: Session, on: date) -> list[str]:
    query = select(Act.number).where(Act.kind == KIND, Act.state == PatrolPlanState.in_force.value, Act.began_on <= on,
                                     Act.ended_on >= on).order_by(Act.id)
    return list(session.scalars(query))


DEEDS: ActDeeds = {(KIND, PatrolPlanSteps.draft.name): draft}
