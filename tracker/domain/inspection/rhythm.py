"""How often a site of the positive list is looked at from afar: a year has so many even parts, each with one look. Pure."""

from datetime import date

MONTHS = 12


def looks_due(on: date, per_year: int, listed_from: date) -> int:
    """How many looks of the year should be done by a day: one for each part of it that is over, and through which the site stood
    on the list."""
    found = 0
    for part in range(per_year):
        first = date(on.year, MONTHS * part // per_year + 1, 1)
        after = MONTHS * (part + 1) // per_year + 1
        is_over = after <= MONTHS and date(on.year, after, 1) <= on
        found += is_over and listed_from <= first
    return found
