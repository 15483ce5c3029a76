"""Masking (脱敏): what is shown of phones, identity numbers and names.

The one rule: a mobile phone keeps 3 + 4 digits, a resident id 6 + 4, a name its first character; free text loses
mobile phones and resident ids wherever they stand alone. Codes such as UU0081274, case numbers and source numbers stay.
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
_FEWEST_DIGITS = 7
SOMEBODY = "某某"
# What stands in the field of the name where nobody is named, and in many a text besides.
NOBODY = frozenset({"匿名", "不详", "无名", "不愿透露", "举报人", "投诉人", "信访人", "反映人", "来电人", "群众", "匿名群众", "市民", "热心市民", "居民", "附近居民",
                    "周边居民", "村民", "业主", "住户", "网友", "网民"})


def mask_phone(phone: str) -> str:
    """138****8000; of a landline or a short number the last four digits are hidden."""
    digits = squeeze(phone)
    if re.fullmatch(r"(?:\+?86|0086)?-?1[3-9][0-9]{9}", digits):
        return f"{digits[-11:-8]}****{digits[-4:]}"
    return f"{digits[:-4]}****" if len(digits) > 4 else "*" * len(digits)


def mask_resident_id(number: str) -> str:
    """110105********0123; the fifteen digits of old cards keep 6 + 4 as well; anything shorter is hidden whole."""
    bare = squeeze(number)
    return f"{bare[:6]}{'*' * (len(bare) - 10)}{bare[-4:]}" if len(bare) >= 15 else "*" * len(bare)


def mask_name(name: str) -> str:
    """张三丰 becomes 张**: the first character and one star for each other; a single character is hidden."""
    bare = name.strip()
    return bare[:1] + "*" * (len(bare) - 1) if len(bare) > 1 else "*" * len(bare)


def mask_person(text: str, name: str, phone: str) -> str:
    """Free text without one person's own name and number as they were given. It gets no longer, and a word that names nobody
    stays."""
    named, number = name.strip(), phone.strip()
    if len(named) >= len(SOMEBODY) and named not in NOBODY:
        text = text.replace(named, SOMEBODY)
    return text.replace(number, mask_phone(number)) if len(re.sub(r"\D", "", number)) >= _FEWEST_DIGITS else text


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
