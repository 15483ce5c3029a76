"""What may be wrong with a fact by the law of its position."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.domain.house.ledger import Fact


class Wrong(StrEnum):
    """The kinds of it; each has a word where it is told."""

    unknown_kind = "unknown_kind"
    wrong_state = "wrong_state"
    nobody = "nobody"
    no_sign_in = "no_sign_in"
    deactivated = "deactivated"
    no_permission = "no_permission"
    no_delegation = "no_delegation"
    unlawful = "unlawful"
    other_signer = "other_signer"
    other_evidence = "other_evidence"
    other_date = "other_date"
    no_reason = "no_reason"
    other_works = "other_works"
    other_score = "other_score"
    score_too_low = "score_too_low"
    future = "future"
    too_old = "too_old"


@dataclass(frozen=True)
class Breach:
    """One fact that is not lawful. `why` is the flow's reason where it has one, `detail` a column, `due` what it should be."""

    fact: Fact
    wrong: Wrong
    why: StrEnum | None = None
    detail: str = ""
    due: date | None = None
