"""Deeds that settle whose a case is: it is confirmed, or nothing was found; and why somebody may not."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import or_, select

from tracker.domain.cases.belonging.candidates import DRONE, TRAIN, UnitAnswer
from tracker.domain.cases.facts import CaseFacts, Why
from tracker.domain.cases.flow import Steps
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Listed, Say
from tracker.domain.reports.checked.unconfirmed import WAITED
from tracker.services.cases.assigning import assignment_changes, sponsor_changes
from tracker.services.cases.effects import Doing, Effect, step_deed, unit_named
from tracker.services.cases.works.setting import confirmed_works
from tracker.services.house.work import reading
from tracker.storage.cases.cases import Case
from tracker.storage.house import ledger
from tracker.storage.people.accounts import Person
from tracker.storage.territory.shapes import ChiefRow

ONE_DAY = timedelta(days=1)
FIRST_LOOKED_AT = {TRAIN: "乘火车发现的问题须先现场复核。", DRONE: "无人机拍的点位在围栏线上，须先现场复核。"}


@step_deed(Steps.confirm.name)
def confirm(doing: Doing) -> Effect:
    """Whose it is, for good: the unit gets the case, and its time for the work begins today. Who was asked and neither leads nor
    supports is told of it from now on."""
    changes, details = assignment_changes(doing, is_designated=False)
    asked, lead = doing.facts.belonging, changes["lead_unit_id"]
    _check_lead(doing, lead)
    charged = {lead, *changes["supporting_unit_ids"]}
    changes["informed_unit_ids"] = tuple(sorted({*_named_to_inform(doing), *asked.unit_ids} - charged))
    changes["confirmed_on"] = doing.today
    said = {"claiming_unit_ids": asked.units_that(UnitAnswer.claim),
            "disclaiming_unit_ids": asked.units_that(UnitAnswer.disclaim),
            "unanswered_unit_ids": asked.units_that("")}
    details[WAITED] = doing.calendar.workdays_between(_sent_down_on(doing) + ONE_DAY, doing.today)
    return Effect({**changes, **sponsor_changes(doing), **confirmed_works(doing)},
                  details | {name: list(units) for name, units in said.items() if units} | doing.texts("reason"))


def _sent_down_on(doing: Doing) -> date:
    """The day on which it was last sent down."""
    facts = ledger.stream_of(doing.work.session, doing.case.stream)
    sent = next(fact for fact in reversed(facts) if fact.kind == Steps.send_down.fact)
    return doing.work.clock.local(sent.at).date()


def _check_lead(doing: Doing, lead: int | None) -> None:
    """A section chief confirms what both sides agree on; who has not claimed the case leads it only for a reason."""
    asked = doing.facts.belonging
    is_agreed = lead == asked.agreed_unit_id
    if not is_agreed and not _is_dispatching(doing):
        raise Invalid("段长只能按双方一致的意见确认；要交给其他单位的，由调度员确认。", field="lead_unit")
    if lead not in asked.units_that(UnitAnswer.claim) and not doing.given.get("reason"):
        raise Incomplete("主办单位没有认领，请填写“确认意见”，写明理由。", field="reason")


def _is_dispatching(doing: Doing) -> bool:
    return Steps.confirm.who[0].admits(doing.actor, doing.facts)


def _named_to_inform(doing: Doing) -> set[int]:
    names = doing.given.get("informed_units") or ()
    assert isinstance(names, Sequence)
    return {unit_named(doing.work, str(name), doing.today, "informed_units").id for name in names}


@step_deed(Steps.find_nothing.name)
def find_nothing(doing: Doing) -> Effect:
    """Nothing of it was found on the spot: it is handled no further, as one that was not accepted."""
    return Effect({"confirm_due_on": None}, doing.texts("reason_code", "reason"))


def refusal_said(why: object, case: Case, facts: CaseFacts) -> str | None:
    """The sentence of a confirmation that is closed, where it names more than the law's own; None where it does not."""
    if why is Why.recheck_first:
        return FIRST_LOOKED_AT.get(case.channel)
    if why is Why.out_of_reach and (names := chiefs_now(case, facts.today)):
        return Say("本案由现任段长确认：{names}；或由调度员确认。", names=Listed(names))
    return None


def chiefs_now(case: Case, on: date) -> list[str]:
    """Who is chief of the case's section on a day."""
    section = case.place_beside.get("section_code")
    if not section:
        return []
    holds = (ChiefRow.valid_from <= on, or_(ChiefRow.valid_to.is_(None), ChiefRow.valid_to >= on))
    query = select(Person.name).join(ChiefRow, ChiefRow.person_id == Person.id).where(ChiefRow.section_code == section, *holds)
    return list(reading().scalars(query.distinct().order_by(Person.name)))
