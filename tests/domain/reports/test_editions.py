"""What each builder says of one fixed district, pinned by edition: whoever changes a builder raises its edition and adds a line."""

import json
import os
from datetime import date

import pytest

from tests.support.lives import lives, stories_of
from tests.support.project_files import ROOT
from tests.support.stories import inputs_for
from tracker.domain.reports.document import Document
from tracker.domain.reports.inputs import read_inputs
from tracker.services.reports.reports import REPORTS, Report

PINNED = ROOT / "tests" / "golden" / "report-editions.json"
PERIODS = {"daily": "2026-03-25", "weekly": "2026-W12", "monthly": "2026-03", "quarterly": "2026-Q1", "annual": "2026"}
DISTRICT = lives(7, 240, [date(2026, 1, 1), date(2025, 2, 10)], 90)
HERE = {f"X{index:04d}": (28.66 + index % 7 / 100, 115.88) for index in range(240)}


def of_the_district(report: Report) -> Document:
    """The report of the fixed district; the places and reporters are few, so that there are hot spots."""
    inputs = inputs_for(
        PERIODS[report.name], report.cadence, points=HERE, reporters={f"X{index:04d}": index % 9 for index in range(60)},
        appraised=("1", "2", "3"), seal=("2026-03-31", "0" * 64), dispute_until=date(2026, 3, 20))
    builder = report.make(inputs)
    for each in stories_of(DISTRICT, inputs.window.cuts):
        if report.is_with_withdrawn or not each.is_withdrawn:
            builder.add(each)
    return builder.document({number: (f"{number}餐饮油烟扰民", "桃花河边3栋502室") for number in builder.wanted()})


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_the_builder_says_what_its_edition_says(report: Report) -> None:
    pinned, key = json.loads(PINNED.read_text()), f"{report.name}/{report.edition}"
    digest = of_the_district(report).digest()
    if key not in pinned and os.environ.get("XIAOHAO_RENEW"):
        PINNED.write_text(json.dumps({**pinned, key: digest}, indent=1, sort_keys=True) + "\n")
        return
    assert pinned.get(key) == digest, (
        f"{report.name} says something else than its edition {report.edition}: raise `edition` in services/reports/reports.py, then XIAOHAO_RENEW=1 adds a line")


def test_every_edition_up_to_todays_is_pinned_once() -> None:
    expected = {f"{report.name}/{number}" for report in REPORTS for number in range(1, report.edition + 1)}
    assert set(json.loads(PINNED.read_text())) == expected


def test_inputs_that_say_no_edition_are_of_the_first() -> None:
    said = inputs_for("2026-03", "monthly-circular").plain()
    assert read_inputs({name: value for name, value in said.items() if name != "edition"}).edition == 1
    assert read_inputs({**said, "edition": 3}).edition == 3


def test_the_fixed_district_reaches_every_part_of_every_report() -> None:
    documents = {report.name: of_the_district(report) for report in REPORTS}
    assert documents["monthly"].cases["hot_spot/1"] and documents["monthly"].cases["railway"] and documents["daily"].cases["patrol"]
    assert documents["weekly"].cases["proposed"] and documents["weekly"].cases["matters"]
    assert documents["annual"].cases["deducted"] and documents["quarterly"].cases["deducted"]
    empty = {name: [s.heading for s in document.sections if not (s.tables or s.figures or s.charts or s.paragraphs)] for name, document in documents.items()}
    assert not any(empty.values())
