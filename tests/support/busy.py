"""A town on a busy day: a case in every state, requests that wait, cases that are late, sponsored and supervised,
a look-back that failed."""

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState

REQUESTS = (("request_return", CaseState.assigned), ("request_extension", CaseState.rectifying),
            ("request_phase", CaseState.rectifying))


def make_busy(town: Town) -> list[str]:
    """The numbers of the cases; a month goes by, so that the first ones are late."""
    numbers = [town.case_in(state, source) for state, source in (
        (CaseState.rectifying, "H12345"), (CaseState.assigned, "PATROL"), (CaseState.verified, "D2JX"),
        (CaseState.verified, "PATROL"))]
    town.do(numbers[0], "set_sponsor", sponsor="lead")
    town.do(numbers[1], "open_supervision")
    town.days_pass(30)
    numbers += [town.case_in(state)
                for state in CaseState if state not in (CaseState.closed, CaseState.noticing, CaseState.noticed)]
    numbers += [town.case_in(state, "D2JX") for state in (CaseState.closed, CaseState.noticing, CaseState.noticed)]
    for step, state in REQUESTS:
        numbers.append(town.case_in(state))
        town.do(numbers[-1], step)
    numbers += [town.registered("RAIL"), town.case_in(CaseState.checking)]
    town.walk(numbers[-1], "recheck", "claim", "disclaim")
    numbers.append(town.registered(area_code="360103011"))
    town.do(numbers[-1], "assign", lead_unit="XH-TY", supporting_units="XH-CG")
    numbers.append(town.case_in(CaseState.submitted))
    numbers.append(town.case_in(CaseState.closed, "PATROL"))
    town.do(numbers[-1], "look_back", result="failed")
    numbers.append(town.case_in(CaseState.noticing, "D2JX"))
    town.do(numbers[-1], "receive_objection")
    return numbers
