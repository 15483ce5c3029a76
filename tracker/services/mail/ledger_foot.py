"""The last lines of every mail: how far the ledger was signed, so that its reader can hold us to it; or that it does not hold."""

from sqlalchemy.orm import Session

from tracker.domain.house.say import Say, read_json
from tracker.storage.house.log import newest_head
from tracker.storage.house.preferences import Preference

TROUBLE = "ledger_trouble"  # the preference in which the head job keeps what it met
NOT_HOLDING = "账本核验未通过"


def ledger_trouble(session: Session) -> str:
    """Why the ledger is not signed at present; empty while it is."""
    kept = session.get(Preference, TROUBLE)
    return read_json(kept.value)["said"] if kept is not None else ""


def ledger_foot(session: Session) -> str:
    """One line, empty before anything was signed."""
    if session.get(Preference, TROUBLE) is not None:
        return Say(NOT_HOLDING)
    head = newest_head(session)
    return head.short if head is not None else ""


def text_with_foot(text: str, foot: str) -> str:
    """A mail's text with the foot below it."""
    return f"{text.rstrip()}\n\n-- \n{foot}\n" if foot else text


def page_with_foot(html: str | None, foot: str) -> str | None:
    """A mail's page with the foot below its content."""
    if html is None or not foot:
        return html
    before, end, after = html.rpartition("</body>")
    return f'{before}<p class="system">{foot}</p>{end}{after}' if end else html
