"""Acts of the demo's year, by their own real steps: joint meetings with an agenda, decisions, minutes and follow-ups, a
programme, and patrols along the railway."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from tracker.demo.controls import control_plots
from tracker.demo.enforcement import enforcement_plots
from tracker.demo.inspections import inspection_plots
from tracker.demo.operations import operation_plots
from tracker.demo.patrol_findings import finding_plots
from tracker.demo.patrols import patrol_plot
from tracker.demo.programmes import programme_plot
from tracker.demo.registry import registry_plots
from tracker.demo.sentences import JOINT_MEETINGS, MeetingWords
from tracker.demo.walk import Year
from tracker.domain.acts.duty_flow import DutySteps
from tracker.domain.cases.facts import IN_HAND
from tracker.domain.coordination.meetings import KIND, ItemOutcome, MeetingSteps
from tracker.domain.house.actor import Actor, Role
from tracker.services.acts import duties, steps
from tracker.services.acts.jobs import settle_duties
from tracker.storage.cases.cases import Case
from tracker.storage.people.accounts import Unit
from tracker.storage.territory.territory import Source

Plot = Iterator[datetime]
FOLLOW_UP = timedelta(days=14)


def act_plots(year: Year, cases: int) -> list[Plot]:
    """Whatever goes on beside so many cases."""
    return [*(_meeting_plot(year, words) for words in JOINT_MEETINGS), programme_plot(year), patrol_plot(year),
            *finding_plots(year),
            *operation_plots(year, cases), *control_plots(year), *registry_plots(year, cases), *enforcement_plots(year),
            *inspection_plots(year, cases)]


def _meeting_plot(year: Year, words: MeetingWords) -> Plot:
    """One meeting, from its preparation until its follow-up is checked."""
    dispatcher, lead = year.cast.holding(Role.dispatcher)[0], year.cast.holding(Role.lead)[0]
    held = year.calendar.add_workdays(year.until, -words.workdays_before).on
    yield year.at_hour(year.calendar.add_workdays(held, -6).on, 10)
    number = steps.begin(dispatcher, KIND, {"series": words.series, "title": words.title, "planned_on": held}).number
    targets = [case.number for case in _cases_in_hand(year, words)]
    for question, target in zip(words.items, [*targets, *[""] * len(words.items)], strict=False):
        asked = {"target": target} if target else {}
        steps.take(dispatcher, number, MeetingSteps.add_item.name, {"question": question, **asked})
    yield year.at_hour(year.calendar.add_workdays(held, -4).on, 15)
    units = _units_leading(year, targets)
    at = f"{held} 09:30"
    steps.take(dispatcher, number, MeetingSteps.call.name, {"held_at": at, "place": words.place, "chair": lead.login,
                                                            "units": units})
    yield year.at_hour(year.calendar.add_workdays(held, 0).on, 11)
    steps.take(dispatcher, number, MeetingSteps.hold.name, {"held_at": at, "units": units, "person_count": 3 + 2 * len(units)})
    for position, decision in enumerate(words.decisions, start=1):
        steps.take(dispatcher, number, MeetingSteps.decide_item.name, {
            "position": position, "outcome": ItemOutcome.measure.value, "text": decision, "units": units[:1],
            "due_on": year.clock.today() + FOLLOW_UP})
    yield year.at_hour(year.calendar.add_workdays(held, 3).on, 16)
    steps.take(lead, number, MeetingSteps.issue.name, {"document_no": words.document_no})
    yield from _follow_ups(year, number, units[0], len(words.decisions))


def _follow_ups(year: Year, number: str, unit: str, count: int) -> Plot:
    officer, checker = year.cast.officers(unit)[0], _checker_beside(year, unit)
    for position in range(1, count + 1):
        yield year.at_hour(year.calendar.add_workdays(year.clock.today(), 3).on, 14)
        duties.take(officer, number, position, DutySteps.answer.name, {"text": "已按会议要求办结，现场照片附案件。"})
        yield year.at_hour(year.calendar.add_workdays(year.clock.today(), 1).on, 10)
        duties.take(checker, number, position, DutySteps.pass_.name, {"text": "现场核实，已落实。"})
    settle_duties(year.clock.today())


def _checker_beside(year: Year, unit: str) -> Actor:
    """A verifier of another unit."""
    return next(actor for actor in year.cast.holding(Role.verifier) if year.cast.unit_ids[unit] not in actor.all_units)


def _cases_in_hand(year: Year, words: MeetingWords) -> list[Case]:
    """Cases that units work on, and that the meeting is about."""
    query = select(Case).join(Source, Source.id == Case.source_id).where(Case.state.in_(IN_HAND), Case.lead_unit_id.is_not(None))
    if words.source:
        query = query.where(Source.key == words.source)
    return list(year.work.session.scalars(query.order_by(Case.due_on, Case.id).limit(len(words.items))))


def _units_leading(year: Year, numbers: list[str]) -> list[str]:
    """The units of these cases with officers, by code; the first street where there is none."""
    query = select(Unit.code).join(Case, Case.lead_unit_id == Unit.id).where(Case.number.in_(numbers)).order_by(Case.id)
    found = [code for code in dict.fromkeys(year.work.session.scalars(query)) if year.cast.officers(code)]
    return found or [code for code in year.cast.unit_ids if year.cast.officers(code)][:1]
