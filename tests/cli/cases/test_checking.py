"""`flask case step`: a case is sent down, checked, answered and confirmed at the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.support.makers import Town, jpeg
from tracker.domain.cases.facts import CaseState

pytestmark = pytest.mark.one_engine
Run = Callable[..., Result]


def test_the_road_to_a_confirmation_at_the_command_line(town: Town, flask: Run, tmp_path: Path) -> None:
    number = town.registered("RAIL", channel="train")
    (tmp_path / "现场.jpg").write_bytes(jpeg(7000))
    refused = flask("case", "step", number, "assign", "--as", "dispatcher", "--set", "lead_unit=XH-CYZ")
    assert refused.exit_code != 0 and "须先下派、确认归属" in refused.output
    steps = [
        ["send_down", "--as", "dispatcher", "--set", "candidate_units=XH-CYZ", "--set", "candidate_units=TL-NC"],
        ["claim", "--as", "officer", "--set", "extent=由本单位主办"],
        ["disclaim", "--as", "railman", "--set", "reason_code=产权属于其他单位", "--set", "reason=台账无此处"],
    ]
    for step in steps:
        done = flask("case", "step", number, *step)
        assert done.exit_code == 0, done.output
    early = flask("case", "step", number, "confirm", "--as", "dispatcher", "--set", "lead_unit=XH-CYZ")
    assert early.exit_code != 0 and "乘火车发现的问题须先现场复核。" in early.output
    spot = ["--set", "onsite_at=2026-03-02 09:00", "--set", "mileage=K1449+300", "--set", "fence_seen=围栏外", "--set",
            "owner_seen=地方单位"]
    done = flask("case", "step", number, "recheck", "--as", "inspector", *spot, "--evidence", str(tmp_path / "现场.jpg"))
    assert done.exit_code == 0, done.output
    done = flask("case", "step", number, "confirm", "--as", "dispatcher", "--set", "lead_unit=XH-CYZ")
    assert done.exit_code == 0, done.output
    assert town.row(number).state is CaseState.assigned
