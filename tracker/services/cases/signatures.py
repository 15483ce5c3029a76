"""Whose name stands on a case: the human's who acted, and beside it whom they stood in for."""

from collections.abc import Mapping
from typing import cast

from tracker.domain.cases.columns import CaseChanges
from tracker.domain.house.actor import Actor
from tracker.storage.cases.cases import Case

# `…_by_id` is the human, `…_for_id` the principal; a unit column says which of the two units it is likewise.
SIGNED = ("submitted", "verified", "closed", "pending")
UNITS = ("submitted", "verified")


def signed(case: Case, actor: Actor, changes: CaseChanges) -> CaseChanges:
    """The changes of a step with everything that they say of persons. Without a substitute they stay as they are."""
    signers: Mapping[str, object] = {**changes}
    principals: dict[str, object] = {}
    for name in SIGNED:
        if f"{name}_by_id" in signers:
            principals |= _principal_of(case, actor, name, is_cleared=signers[f"{name}_by_id"] is None)
    return changes | cast(CaseChanges, principals)  # these names are put together, so no checker can know them


def _principal_of(case: Case, actor: Actor, name: str, *, is_cleared: bool) -> dict[str, object]:
    has_unit = name in UNITS
    if is_cleared or actor.acting_for is None:
        columns = [f"{name}_for_id", *([f"{name}_for_unit_id"] if has_unit else [])]
        return {column: None for column in columns if getattr(case, column) is not None}
    found: dict[str, object] = {f"{name}_for_id": actor.acting_for.id}
    if has_unit:
        own = actor.own_unit_line[0] if actor.own_unit_line else None
        found |= {f"{name}_unit_id": own, f"{name}_for_unit_id": actor.unit_id}
    return found
