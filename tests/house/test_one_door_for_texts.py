"""No text of a case is written past the mask that knows its reporter."""

import ast
from collections.abc import Iterator
from dataclasses import fields

from tests.support.project_files import name_of, python_files
from tracker.services.cases.identities.masks import ORDER_TEXTS
from tracker.services.cases.intake import RegisterOrder

# Who makes what carries texts of a case, each with what masks it before.
MAKERS = {
    "Doing": {"tracker/services/cases/steps.py"},  # `given_masked`
    "EvidenceRow": {"tracker/services/evidence/evidence.py"},  # `masking`, which its callers hand in
    "register_many": {"tracker/services/tables/importing.py"},  # `order_masked`, and the history
    "_case_entries": {"tracker/services/cases/intake.py"},  # `order_masked`
    "ImportedHistory": {"tracker/services/tables/importing.py"},
}
# Who moves a case: a step, an intake, the deeds of identities, and what the clock and a succession say in words of ours.
MOVERS = {"tracker/services/cases/steps.py", "tracker/services/cases/intake.py", "tracker/services/cases/recounting.py",
          "tracker/services/people/succession.py", "tracker/services/people/mergers.py",
          "tracker/services/territory/moving.py"}
IDENTITIES = "tracker/services/cases/identities/"
# Texts of an order that are codes or numbers, and are checked as such.
CODES = {"source", "area_code", "source_number", "channel", "datum", "located_by", "device_datum", "client_id", "number",
         "jurisdiction", "no_photo", "act"}


def callers(name: str) -> Iterator[str]:
    for path in python_files("tracker"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == name:
                yield name_of(path)


def test_what_carries_texts_of_a_case_is_made_where_it_is_masked() -> None:
    assert {name: set(callers(name)) for name in MAKERS} == MAKERS


def test_a_case_is_moved_by_those_who_mask_what_they_say() -> None:
    movers = {path for path in callers("move") if path.startswith("tracker/services/")}
    assert {path for path in movers if not path.startswith(IDENTITIES)} == MOVERS


def test_every_text_of_an_order_is_masked_or_is_a_code() -> None:
    texts = {field.name for field in fields(RegisterOrder) if "str" in str(field.type) and "tuple" not in str(field.type)}
    assert texts - CODES - {"answers"} == set(ORDER_TEXTS)
