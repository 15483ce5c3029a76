"""Work that lies with nobody: no officer left in its unit, a request whose asker is gone, a sponsor who left. Shown to the
dispatcher."""

from collections.abc import Iterable, Iterator

from tracker.domain.cases.facts import IN_HAND
from tracker.services.mail.offices import Offices
from tracker.storage.cadence.reminders import OpenCase


def orphans(cases: Iterable[OpenCase], offices: Offices) -> Iterator[tuple[OpenCase, str]]:
    """Each such case with the reasons why nobody goes on with it by themselves."""
    for case in cases:
        if found := "；".join(_orphan_reasons(case, offices)):
            yield case, found


def _orphan_reasons(case: OpenCase, offices: Offices) -> Iterator[str]:
    if case.state in IN_HAND and case.lead_unit_id is not None:
        officers = offices.officers(case.lead_unit_id)
        if not officers:
            yield "责任单位没有在岗经办人"
        elif offices.reachable.isdisjoint(officers):
            yield "责任单位经办人都没有邮箱，收不到提醒"
    if case.pending_by_id is not None and not offices.is_in_office(case.pending_by_id):
        yield "申请待审批，申请人已停用"
    if case.sponsor_id is not None and not offices.is_in_office(case.sponsor_id):
        yield "包案领导已停用"
