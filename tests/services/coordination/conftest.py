"""What tests of coordination stand on."""

import pytest

from tests.support import patrols as ground
from tests.support.acts import act_in
from tests.support.makers import Town


@pytest.fixture
def november(town: Town) -> Town:
    """1 November 2026, the section staffed on both sides, the year's plan in force."""
    ground.staffed(town)
    ground.at(town, 2026, 11, 1)
    act_in(town, "patrol_plan", "in_force")
    return town
