"""`flask sites …`."""

import pytest

from tests.cli.conftest import Run
from tests.support.makers import Town
from tracker.services.house.master import rows

pytestmark = pytest.mark.one_engine


def test_the_list_is_printed_whole_and_by_class(town: Town, flask: Run) -> None:
    rows.save_row(town.actor("clerk"), "sites", None, {"name": "桃花纺织有限公司", "kind": "company", "area_code": "360103"})
    assert "桃花纺织有限公司" in flask("sites", "list").output
    result = flask("sites", "list", "--class", "A")
    assert (result.exit_code, result.output) == (0, "")
