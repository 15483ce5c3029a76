"""What a cadence's composer hands back to the run that called it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.services.mail.letters import Letter


@dataclass(frozen=True)
class Composed:
    """What one period came to: the letters to put out, how many cases they rest on, the frozen report, and a sentence for the
    receipt."""

    letters: Sequence[Letter] = ()
    case_count: int = 0
    report_id: int | None = None
    outcome: str = ""


@dataclass(frozen=True)
class ForeseenMail:
    """How many readers a beat would be mailed to if it were made now; or why to nobody."""

    readers: int = 0
    silence: str = ""
