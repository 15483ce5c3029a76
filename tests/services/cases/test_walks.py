"""Every state is reached by walking the real deeds, on both engines."""

import pytest

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState


@pytest.mark.parametrize("source", ["H12345", "PATROL"])
def test_every_state_is_reached_by_walking(town: Town, source: str) -> None:
    assert [state for state in CaseState if town.row(town.case_in(state, source)).state is not state] == []
