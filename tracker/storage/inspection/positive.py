"""Which sites stand on the positive list on a day."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session


def listed_until(session: Session, on: date) -> Mapping[int, date | None]:
    """Of each listed site the last day, None where there is none."""
    return {}
