"""Numbers that name things: our case numbers, other people's source numbers, credit codes, document numbers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say

CASE_PREFIX = "XH"
_CASE_NUMBER = re.compile(r"XH-([0-9]{4})-([0-9]{6})")
_INVISIBLE = re.compile(r"[\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001-\U000e007f]+")
_HYPHENS = re.compile("[\u2010-\u2015]")


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """Our own number of a case: the year of registration in office time, and a serial within the year."""

    year: int
    serial: int

    def __str__(self) -> str:
        return f"{CASE_PREFIX}-{self.year:04d}-{self.serial:06d}"


def format_case_number(year: int, serial: int) -> str:
    """XH-2026-000123. Refuses a year without four digits and a serial outside 1 to 999999."""
    if not 1000 <= year <= 9999 or not 1 <= serial <= 999_999:
        raise Invalid(Say("无法编号：{year}年第{serial}号。", year=year, serial=serial), field="number")
    return str(CaseNumber(year, serial))


def parse_case_number(text: str) -> CaseNumber:
    """Reads a case number as people type it (lower case, full width, blanks around); anything else is refused."""
    match = _CASE_NUMBER.fullmatch(squeeze(text).upper())
    if match is None:
        raise Invalid(Say("“{text}”不是案件编号，应形如 XH-2026-000123。", text=text), field="number")
    return CaseNumber(int(match[1]), int(match[2]))


@dataclass(frozen=True, slots=True)
class SourceNumber:
    """A source's own number （受理编号）: as typed, as compared, and whether its `*` marked a key case （重点关注件）."""

    typed: str
    key: str
    is_key_case: bool


def source_number(text: str) -> SourceNumber:
    """Normalises a source number without assuming any grammar: as `number_key` has it, the trailing `*` taken off.

    Two numbers of one source are the same exactly when their `key` is.
    """
    bare = number_key(text)
    key = bare.rstrip("*")
    return SourceNumber(text.strip(), key, key != bare)


def number_key(text: str) -> str:
    """A number as it is compared: NFKC, nothing that cannot be seen, and every hyphen the one on the keyboard."""
    if text.isascii() and text.isprintable():
        return text.replace(" ", "")
    return _HYPHENS.sub("-", squeeze(text))


def squeeze(text: str) -> str:
    """NFKC without any blank, full-width and invisible ones included."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


_USCC_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def is_credit_code(text: str) -> bool:
    """Whether this is a unified social credit code with the right check digit (GB 32100-2015)."""
    code = squeeze(text).upper()
    if len(code) != 18 or any(digit not in _USCC_DIGITS for digit in code):
        return False
    total = sum(_USCC_DIGITS.index(digit) * weight for digit, weight in zip(code, _USCC_WEIGHTS, strict=False))
    return _USCC_DIGITS[(31 - total % 31) % 31] == code[17]


def credit_code(text: str) -> str:
    """The credit code in its one form; refused with a sentence when length, letters or check digit are wrong."""
    if not is_credit_code(text):
        raise Invalid(Say("“{text}”不是有效的统一社会信用代码(18位，末位为校验码)。", text=text), field="credit_code")
    return squeeze(text).upper()


_RESIDENT_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))


def is_resident_id(text: str) -> bool:
    """Whether this is an 18-digit resident identity number with the right check digit (GB 11643)."""
    number = squeeze(text).upper()
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _RESIDENT_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17]


_OPEN, _SHUT = "[(〔【", "])〕】"
_BRACKETED = re.compile(
    rf"(?P<agency>.*?)[{re.escape(_OPEN)}](?P<year>[0-9]{{4}})[{re.escape(_SHUT)}]第?(?P<serial>[0-9][0-9—–~-]*)号?"
)
_BRACKETS_LOST = re.compile(r"(?P<agency>.*[^0-9])(?P<year>(?:19|20)[0-9]{2})(?P<serial>[0-9]{1,4})号")


def format_document_number(agency: str, year: int, serial: int | str) -> str:
    """A document number （文号） as GB/T 9704 writes it: 东环督〔2021〕12号, no leading zero, no 第."""
    return f"{agency}〔{year}〕{str(serial).lstrip('0') or '0'}号"


def normalise_document_number(text: str) -> str | None:
    """The standard form of a document number typed with other or lost brackets; None when it is not recognisable.

    Keep what was typed beside it: lost brackets are a guess.
    """
    bare = squeeze(text)
    match = _BRACKETED.fullmatch(bare) or _BRACKETS_LOST.fullmatch(bare)
    if match is None:
        return None
    return format_document_number(match["agency"], int(match["year"]), match["serial"])


def format_filing_number(year: int, serial: int, agency: str) -> str:
    """The filing number of a closing, as its office writes it: 东环销〔2026〕12号."""
    if serial < 1:
        raise Invalid("备案序号应从1开始。", field="filing_number")
    return format_document_number(agency, year, serial)
