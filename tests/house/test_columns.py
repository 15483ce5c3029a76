"""What a fact may set is a column of its case, and of that column's type."""

from types import NoneType
from typing import get_args, get_type_hints

import pytest
from sqlalchemy import inspect

from tracker.domain.cases.columns import CaseChanges, CaseColumns
from tracker.domain.cases.intake_fields import CORRECTED_TEXTS
from tracker.storage.cases.cases import Case
from tracker.storage.cases.rows import BESIDE

COLUMNS = inspect(Case).columns
# Older cases hold nothing there, and no fact ever sets nothing.
FILLED_LATER = {"objection_count", "undecided_objections", "first_closed_at", "satisfaction", "escalated_at", "withdrawn_at",
                "area_code", "lat", "lng", "datum", "located_by"}  # fmt: skip
STATED_AT_FIRST = {
    "id", "number", "client_id", "source_id", "source_number", "is_key", "batch_label", "import_batch_id", "channel", "area_text",
    "lat", "lng", "datum", "accuracy_metres", "located_by", "device_lat", "device_lng", "device_datum", "device_accuracy_metres",
    "answers", "registered_at", "registered_by_id"}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(CaseChanges.__annotations__) - set(BESIDE)))
def test_what_a_fact_sets_is_a_column_of_that_type(name: str) -> None:
    column, said = COLUMNS[name], get_type_hints(CaseChanges)[name]
    kinds = set(get_args(said)) or {said}
    assert kinds - {NoneType} == {column.type.python_type}
    assert (NoneType in kinds) == (column.nullable and name not in FILLED_LATER)


def test_every_column_is_set_by_facts_or_stated_at_first_or_follows_from_others() -> None:
    followed = {"state", "seq", "list_due_on"}
    assert set(CaseChanges.__annotations__) - set(BESIDE) | STATED_AT_FIRST | followed | set(CORRECTED_TEXTS) == {
        column.key for column in inspect(Case).column_attrs}


def test_what_the_law_reads_is_a_column_too() -> None:
    read = {name for base in CaseColumns.__mro__ for name, part in vars(base).items() if isinstance(part, property)}
    assert len(read) > 20
    assert read <= {column.key for column in inspect(Case).column_attrs}
