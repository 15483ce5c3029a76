"""Problem types are rows: no living code names one, but where the law asks of it."""

import ast
from collections.abc import Iterator

from tests.support.first_categories import first_categories
from tests.support.project_files import name_of, python_files

KEYS = frozenset(first_categories().names) - {"other"}  # which is the last answer to many questions
MAY_NAME = {
    "tracker/domain/cases/categories/first.py": "what reports frozen before there were rows call them",
    "tracker/domain/territory/routing.py": "a line asks on which side of the railway's fence, and which work",
    "tracker/services/coordination/patrols/joint.py": "what a patrol of the railway finds lies along it",
    "tracker/domain/reports/monthly/matters.py": "the circular counts what lies along the railway",
}
OTHER_THINGS = {  # the same words for other things
    "tracker/domain/cases/belonging/fields.py": "whose a parcel is",
    "tracker/domain/territory/shapes/layers.py": "whose a parcel is",
    "tracker/domain/territory/shapes/fence_rules.py": "whose a parcel is",
    "tracker/storage/territory/shapes.py": "whose a parcel is",
    "tracker/domain/territory/shapes/sections.py": "a kind of unit",
    "tracker/domain/reports/appraisal/groups.py": "units of the railway are a group of their own",
    "tracker/domain/cases/wording.py": "kinds of units", "tracker/gateways/reports/picture_scenes.py": "pictures of the demo",
    "tracker/domain/reports/monthly/circular.py": "a section of the circular",
}
MAY_ASK_FIRST = {"tracker/domain/reports/inputs.py"}


def living() -> Iterator[tuple[str, ast.Module]]:
    for path in python_files("tracker"):
        if "migrations" not in path.parts and "demo" not in path.parts:
            yield name_of(path), ast.parse(path.read_text())


def test_no_code_names_a_type_but_where_the_law_asks_of_it() -> None:
    naming = {name for name, tree in living() for node in ast.walk(tree)
              if isinstance(node, ast.Constant) and node.value in KEYS}
    assert naming - MAY_NAME.keys() - OTHER_THINGS.keys() == set()
    assert MAY_NAME.keys() <= naming


def test_the_first_names_are_asked_by_old_reports_alone() -> None:
    asking = {name for name, tree in living() for node in ast.walk(tree)
              if isinstance(node, ast.ImportFrom) and any(each.name == "FIRST_NAMES" for each in node.names)}
    assert asking == MAY_ASK_FIRST
