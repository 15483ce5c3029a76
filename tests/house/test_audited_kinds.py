"""Each kind of fact that is no step of a case stands in the auditor's room, or is left out for a reason."""

import pkgutil
from importlib import import_module

import tracker.domain
from tracker.domain.house.ledger import FactKind
from tracker.domain.upkeep.auditing import HEADINGS, LEFT_OUT, WORDS

BESIDE = frozenset({  # what beats, reports and evidence tell on their own pages
    "cadence:finished", "cadence:signed", "report:published", "appeal:raised", "appeal:rejected", "appeal:upheld",
    "clock:accepted",
})


def kinds() -> set[str]:
    """Every kind that some room's list names."""
    found = set()
    for module in pkgutil.walk_packages(tracker.domain.__path__, "tracker.domain."):
        if module.name.endswith(".fact_kinds"):
            holders = [each for each in vars(import_module(module.name)).values() if isinstance(each, type)]
            found |= {kind for holder in holders for kind in vars(holder).values() if isinstance(kind, FactKind)}
    return found


def test_every_kind_has_its_place() -> None:
    assert kinds() - set(WORDS) - set(LEFT_OUT) - BESIDE == set()
    assert set(WORDS) & set(LEFT_OUT) == set()
    assert all(len(reason) >= 10 for reason in LEFT_OUT.values())


def test_a_kind_stands_under_one_heading() -> None:
    listed = [kind for heading in HEADINGS for kind, _ in heading.kinds]
    assert len(listed) == len(set(listed))
