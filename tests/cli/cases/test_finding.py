"""`flask search …` at the operator's door."""

import pytest

from tests.cli.conftest import Run
from tests.support.makers import Town

pytestmark = pytest.mark.one_engine


def test_the_index_is_made_anew_and_counted(flask: Run, town: Town) -> None:
    town.registered()
    town.registered()
    result = flask("search", "rebuild")
    assert result.exit_code == 0
    assert result.output == "搜索索引已重建：2 件\n"
