"""How often the ledger is verified, and what is said when nobody does."""

from datetime import datetime, timedelta
from enum import StrEnum

from tracker.domain.house.say import Say

LATE = {"full": timedelta(days=8), "nightly": timedelta(days=2)}
FULL_ON = 6  # Sunday ◇
SEVENTHS = 7


class VerifyKind(StrEnum):
    """Everything; what changed since, and one seventh of the rest; what changed since an entry, as an operator asks."""

    full = "full"
    nightly = "nightly"
    since = "since"


def overdue(now: datetime, begun: datetime | None, full: datetime | None, nightly: datetime | None) -> str:
    """What is missing, "" while nothing is: a full run for eight days, or any run for two. `begun` is when there was first
    something to verify."""
    if begun is None:
        return ""
    if now - max(filter(None, (begun, full))) > LATE["full"]:
        return Say("已超过 8 天没有完整核验账本")
    if now - max(filter(None, (begun, full, nightly))) > LATE["nightly"]:
        return Say("已超过 2 天没有核验账本")
    return ""
