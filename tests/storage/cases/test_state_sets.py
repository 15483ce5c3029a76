"""The sets of states that the database and its lists go by are those of the law."""

from datetime import date

import pytest

from tracker.domain.cases.facts import CLOCK_RUNS, CaseState
from tracker.domain.rules.lights import LightBounds
from tracker.storage.cases.cases import DONE_STATES, NOTICE_STATES, UNIT_STATES
from tracker.storage.cases.register.register import light_of

BOUNDS = LightBounds(date(2026, 3, 2), date(2026, 3, 5))


@pytest.mark.parametrize("state", CaseState)
def test_a_case_past_its_date_is_red_where_the_clock_runs_and_nowhere_else(state: CaseState) -> None:
    assert (light_of(state, date(2026, 3, 1), BOUNDS) == "red") is (state in CLOCK_RUNS)


def test_the_checks_of_the_database_name_the_states_as_the_migrations_do() -> None:
    assert UNIT_STATES == "'assigned', 'rectifying', 'suspended', 'phased', 'submitted'"
    assert DONE_STATES == "'verified', 'noticing', 'noticed', 'closed'"
    assert NOTICE_STATES == "'noticing', 'noticed'"
