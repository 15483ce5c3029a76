"""The works of all cases counted over a period, from their facts alone: what is counted again tomorrow comes out the same."""

from collections.abc import Iterable, Iterator
from datetime import date

from tracker.domain.cases.flow import CASE_FLOW, Steps
from tracker.domain.cases.works.counting import WorksCheck, WorksCount, count_works
from tracker.domain.cases.works.items import NO_WORKS, CaseWorks, read_works
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.services.cases.works.sheets import sheet_by
from tracker.services.house.work import reading, wiring
from tracker.storage.cases.works.checks import WorksFact, works_facts


def counted_works(first: date, last: date, area_code: str = "", on: date | None = None) -> WorksCount:
    """The count of a period, both days within, in an area, "" everywhere; as it had been told by the end of a day, where one is
    given. Raises `Invalid` where it ends before it begins."""
    if last < first:
        raise Invalid(Say("末日 {last} 早于首日 {first}。", last=last, first=first), field="to")
    until = wiring().clock.end_of(min(last, on or last))
    return count_works(_checks_of(works_facts(reading(), until, area_code)), first, last)


def _checks_of(facts: Iterable[WorksFact]) -> Iterator[WorksCheck]:
    works: CaseWorks = NO_WORKS
    case = ""
    for fact in facts:
        if fact.case != case:
            works, case = NO_WORKS, fact.case
        told = (fact.body.get("set") or {}).get("works")
        works = works if told is None else read_works(told)
        sheet = sheet_by(works)
        if sheet is not None and CASE_FLOW.by_fact[fact.kind].checks_works:
            on = wiring().clock.local(fact.at).date()
            yield WorksCheck(case, on, fact.kind == Steps.verify.fact, works, sheet, fact.body.get("checklist"))
