"""What each builder says of one fixed district, pinned by edition: whoever changes a builder raises its edition and adds a
line."""

import json
import os
from dataclasses import replace

import pytest

from tests.support.editions import of_the_district
from tests.support.project_files import ROOT
from tests.support.stories import inputs_for
from tracker.domain.reports.inputs import read_inputs
from tracker.domain.reports.kinds import REPORTS, Report, report_named

PINNED = ROOT / "tests" / "golden" / "report-editions.json"


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_the_builder_says_what_its_edition_says(report: Report) -> None:
    pinned, key = json.loads(PINNED.read_text()), f"{report.name}/{report.edition}"
    digest = of_the_district(report).digest()
    if key not in pinned and os.environ.get("XIAOHAO_RENEW"):
        PINNED.write_text(json.dumps({**pinned, key: digest}, indent=1, sort_keys=True) + "\n")
        return
    assert key in pinned, f"{report.name} has no line for its edition {report.edition}: XIAOHAO_RENEW=1 adds it"
    assert pinned[key] == digest, (
        f"{report.name} says something else than its edition {report.edition}: raise `edition` in domain/reports/kinds.py, "
        f"then XIAOHAO_RENEW=1 adds a line")


@pytest.mark.parametrize("name", ["quarterly", "annual"])
def test_an_appraisal_of_a_district_that_was_owed_nothing_says_what_its_second_edition_said(name: str) -> None:
    report = replace(report_named(name), tells_met=False)
    assert of_the_district(report).digest() == json.loads(PINNED.read_text())[f"{name}/2"]


def test_every_edition_up_to_todays_is_pinned_once() -> None:
    expected = {f"{report.name}/{number}" for report in REPORTS for number in range(1, report.edition + 1)}
    assert set(json.loads(PINNED.read_text())) == expected


def test_inputs_that_say_no_edition_are_of_the_first() -> None:
    said = inputs_for("2026-03", "monthly-circular").plain()
    assert read_inputs({name: value for name, value in said.items() if name != "edition"}).edition == 1
    assert read_inputs({**said, "edition": 3}).edition == 3


def test_the_fixed_district_reaches_every_part_of_every_report() -> None:
    documents = {report.name: of_the_district(report) for report in REPORTS}
    assert documents["monthly"].cases["hot_spot/1"] and documents["monthly"].cases["railway"] and documents["daily"].cases[
        "patrol"]
    assert documents["weekly"].cases["proposed"] and documents["weekly"].cases["matters"]
    assert documents["annual"].cases["deducted"] and documents["quarterly"].cases["deducted"]
    empty = {name: [s.heading for s in document.sections if not (s.tables or s.figures or s.charts or s.paragraphs)]
             for name, document in documents.items()}
    assert not any(empty.values())
