"""The case as the law sees it, made of its columns."""

from dataclasses import fields
from datetime import date

from tracker.domain.cases.columns import facts_of_columns
from tracker.domain.cases.facts import CaseFacts, CaseState
from tracker.domain.upkeep.folded_case import FoldedCase


def test_a_case_read_from_its_columns_has_every_field_that_the_law_asks_for() -> None:
    case = FoldedCase()
    case.apply({"jurisdiction": "360103", "source_id": 1})
    case.reach(CaseState.registered)
    made = facts_of_columns(case, date(2026, 3, 2), (), support_days={}, is_noticed=False, closing_gaps=(), member_count=0,
                            most_returns=2, most_extensions=2)
    assert set(vars(made)) == {each.name for each in fields(CaseFacts)}
    assert made == CaseFacts(CaseState.registered, date(2026, 3, 2), "360103")
