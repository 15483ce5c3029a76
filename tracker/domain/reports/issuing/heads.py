"""What stands above and below the text of a paper that an office sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.domain.territory.offices import Office


@dataclass(frozen=True, slots=True)
class PaperHead:
    """文号, mark, 主送 and signature; `issued_on` is None while it is not issued, and then nobody has signed."""

    number: str = ""
    mark: str = ""
    addressees: str = ""
    office: str = ""
    copies: str = ""
    printed_by: str = ""  # of the 版记; none where the office has none
    issued_on: date | None = None
    digest: str = ""  # of all that was issued; without it, that of the document


def head_of(office: Office | None, issued_on: date | None) -> PaperHead:
    """Of a paper that needs no signature: its office sends it on the day on which it is frozen."""
    if office is None:
        return PaperHead(issued_on=issued_on)
    printed_by = (office.imprint or office.name) if office.has_imprint else ""
    return PaperHead(addressees=office.addressees, office=office.name, copies=office.copies, printed_by=printed_by,
                     issued_on=issued_on)
