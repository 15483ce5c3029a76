"""The jobs of cases: each reads what is due and takes the ordinary steps; one bad item does not stop the others."""

from collections.abc import Iterable, Mapping
from datetime import date, time

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from tracker.domain.cases.belonging.candidates import UnitAnswer
from tracker.domain.cases.belonging.fields import DISCLAIMED_BY_ALL
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import Steps
from tracker.domain.house.actor import CLOCK
from tracker.domain.house.errors import Broken, Refusal, WrongState
from tracker.domain.house.lifecycle import StepName
from tracker.domain.house.say import Say
from tracker.services.cases import identities, recounting
from tracker.services.cases.belonging.asking import silence_paper
from tracker.services.cases.steps import take
from tracker.services.house.jobs import Frequency, Job
from tracker.services.house.work import reading
from tracker.storage.cases.belonging.parts import CasePart, UnitPart
from tracker.storage.cases.cases import Case


def end_notices(on: date) -> str:
    """Every public notice whose last day is over ends, unless an objection waits to be decided."""
    ended = select(Case.number).where(Case.state == CaseState.noticing, Case.notice_to_on < on,
                                      func.coalesce(Case.undecided_objections, 0) == 0).order_by(Case.id)
    return Say("公示期满 {count} 件", count=_take_each(_read_numbers(reading(), ended), Steps.end_notice.name))


def resume_phases(on: date) -> str:
    """Every phase whose next date has come goes back to rectifying."""
    due = select(Case.number).where(Case.state == CaseState.phased, Case.phase_next_on <= on).order_by(Case.id)
    return Say("恢复整改 {count} 件", count=_take_each(_read_numbers(reading(), due), Steps.resume_phase.name))


def dispute_disclaimed(on: date) -> str:
    """Every case that all units disclaim which were asked goes up: nobody leaves it lying where nobody has it."""
    is_open = exists().where(CasePart.case_id == Case.id, CasePart.part == UnitPart.candidate.value,
                             func.coalesce(CasePart.answer, "") != UnitAnswer.disclaim.value)
    disclaimed = select(Case.number).where(Case.state == CaseState.checking, ~is_open).order_by(Case.id)
    return Say("双方都不认领、提级 {count} 件", count=_take_each(_read_numbers(reading(), disclaimed), Steps.dispute.name,
                                                        {"reason": DISCLAIMED_BY_ALL}))


def presume_claims(on: date) -> str:
    """Every case of which a unit that was asked has said nothing in time, where silence counts as a claim on that day."""
    if silence_paper(on) is None:
        return "“沉默视为认领”没有启用"
    is_silent = exists().where(CasePart.case_id == Case.id, CasePart.part == UnitPart.candidate.value, CasePart.answer.is_(None))
    overdue = select(Case.number).where(Case.state == CaseState.checking, Case.confirm_due_on < on, is_silent).order_by(Case.id)
    return Say("逾期未答复、视为认领 {count} 件", count=_take_each(_read_numbers(reading(), overdue), Steps.presume.name))


def recount_dates(on: date) -> str:
    """Count again the cases that a loading of the calendar left behind when it was cut short."""
    done = recounting.finish()
    return Say("按新日历重算案件 {count} 件", count=done) if done is not None else "没有待重算的案件"


def _take_each(numbers: Iterable[str], step: StepName, given: Mapping[str, object] | None = None) -> int:
    """Take one step on each case; who was quicker than the clock is no trouble, anything else fails the run at the end."""
    taken, troubles = 0, []
    for number in numbers:
        try:
            take(CLOCK, number, step, given or {})
            taken += 1
        except WrongState:
            continue
        except Refusal as refusal:
            troubles.append(Say("{place}：{misfit}", place=number, misfit=refusal.sentence))
    if troubles:
        raise Broken(Say("办成 {taken} 件，{failed} 件未成，第一件 {first}", taken=taken, failed=len(troubles), first=troubles[0]))
    return taken


def _read_numbers(session: Session, query: object) -> list[str]:
    found = list(session.scalars(query))  # type: ignore[call-overload]
    session.rollback()  # the reading ends here; each step opens its own transaction
    return found


JOBS: tuple[Job, ...] = (
    Job("daily-notice-end", Frequency.daily, "公示期满的案件转入公示期满", end_notices, time(0, 5)),
    Job("daily-phase-resume", Frequency.daily, "阶段性办结到下一节点的案件恢复整改", resume_phases, time(0, 10)),
    Job("daily-calendar-recount", Frequency.daily, "补完录入日历后中断的时限重算", recount_dates, time(0, 15)),
    Job("daily-identity-sweep", Frequency.daily, "举报人登记在后的案件，隐去文字中的姓名和号码", identities.sweep_daily, time(0, 20)),
    Job("daily-presumed", Frequency.daily, "逾期没有答复的候选单位视为认领（规则启用时）", presume_claims, time(0, 25)),
    Job("daily-disclaimed", Frequency.daily, "双方都不认领的案件提级", dispute_disclaimed, time(23, 50)),
    Job("minutely-identity-lapse", Frequency.minutely, "逾期未审批、到时未用的举报人信息申请失效", identities.lapse, due_words="每分钟",
        grace_minutes=60),
)
