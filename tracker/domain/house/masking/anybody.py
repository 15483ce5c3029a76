"""Numbers of anybody: free text loses mobile phones and resident ids wherever they stand alone.

A mobile phone keeps 3 + 4 digits, a resident id 6 + 4. Codes such as UU0081274, case numbers and source numbers stay.
"""

from __future__ import annotations

import re
from datetime import date

from tracker.domain.house.identifiers import is_resident_id, squeeze

_ALONE_BEFORE, _ALONE_AFTER = r"(?<![0-9A-Za-z０-９])", r"(?![0-9A-Za-z０-９])"
_D = "[0-9０-９]"
_PHONE_IN_TEXT = re.compile(
    rf"{_ALONE_BEFORE}(?P<country>(?:[+＋]?86|００８６|0086)[- －]?)?"
    rf"(?P<first>[1１][3-9３-９]{_D})(?P<gap>[- －]?)(?P<middle>{_D}{{4}})(?P=gap)(?P<last>{_D}{{4}}){_ALONE_AFTER}"
)
_RESIDENT_IN_TEXT = re.compile(
    rf"{_ALONE_BEFORE}(?P<area>{_D}{{6}})(?P<birth>{_D}{{8}})(?P<last>{_D}{{3}}[0-9０-９XxＸｘ]){_ALONE_AFTER}"
)
_PROVINCES = frozenset(
    str(region * 10 + place)
    for region, last in ((1, 5), (2, 3), (3, 7), (4, 6), (5, 4), (6, 5), (7, 1), (8, 3))
    for place in range(0 if region == 5 else 1, last + 1)
)
_LAST_BIRTH_YEAR_WITHOUT_CHECK = 2015


def mask_text(text: str) -> str:
    """Free text with its mobile phones and resident ids masked and every other character as it was.

    A number counts as a resident id when province and birth date are possible and either the check digit is right or
    the birth year is an adult's, so that a mistyped id is still hidden while dated serial numbers are left alone.
    """
    return _PHONE_IN_TEXT.sub(_masked_phone, _RESIDENT_IN_TEXT.sub(_masked_resident, text))


def _masked_phone(match: re.Match[str]) -> str:
    gap = match["gap"]
    return f"{match['country'] or ''}{match['first']}{gap}****{gap}{match['last']}"


def _masked_resident(match: re.Match[str]) -> str:
    number = squeeze(match[0]).upper()
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return match[0]
    is_possible = number[:2] in _PROVINCES and born.year >= 1900
    if is_possible and (is_resident_id(number) or born.year <= _LAST_BIRTH_YEAR_WITHOUT_CHECK):
        return f"{match['area']}********{match['last']}"
    return match[0]
