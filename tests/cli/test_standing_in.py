"""`flask case step --for`: a step in somebody's place, only with a delegation that holds today."""

from collections.abc import Callable

from click.testing import Result

from tests.support.makers import Town
from tests.support.substitutes import delegate
from tracker.domain.case_facts import CaseState


def test_a_step_is_taken_in_somebodys_place_and_told_so(
    town: Town, flask: Callable[..., Result], refused: Callable[..., str]
) -> None:
    number = town.case_in(CaseState.assigned)
    given = ("case", "step", number, "acknowledge", "--as", "clerk", "--for", "officer")
    assert "今天没有委托您代办" in refused(*given)
    delegate(town, "officer", "clerk")
    done = flask(*given)
    assert done.exit_code == 0, done.output
    assert "clerk先生 代 officer先生" in flask("case", "show", number).output
