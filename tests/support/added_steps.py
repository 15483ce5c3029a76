"""A step more in the flow, in memory and for one test: its row, and its word."""

import pytest

from tracker.domain.cases import wording
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.step_rows import CaseStep


def add_step(monkeypatch: pytest.MonkeyPatch, row: CaseStep, word: str = "") -> None:
    """All that a new step takes in the product; without a word it goes by its name."""
    monkeypatch.setitem(CASE_FLOW.steps, row.name, row)
    monkeypatch.setitem(CASE_FLOW.by_fact, row.fact, row)
    if word:
        monkeypatch.setitem(wording.STEPS, row.name, word)
