"""Division codes: their grammar, their levels, and the one law of containment, which is the prefix.

Official codes have 2, 4, 6, 9 or 12 digits. Local ones, of areas that the state has given none, put a letter where the digits of
their level begin and never end in 0: 3601K1 (county), 330106Z01 (town), 330106002G01 (cell). No later official code can meet one.
"""

import re
import unicodedata
from enum import StrEnum
from itertools import pairwise, product
from string import ascii_uppercase, digits

from tracker.domain.house.errors import Invalid
from tracker.domain.house.identifiers import squeeze
from tracker.domain.house.say import Say


class AreaLevel(StrEnum):
    """The rungs of the division code."""

    province = "province"
    city = "city"
    county = "county"
    township = "township"
    cell = "cell"


LEVELS: dict[int, AreaLevel] = {2: AreaLevel.province, 4: AreaLevel.city, 6: AreaLevel.county, 9: AreaLevel.township,
                                12: AreaLevel.cell}
LENGTHS = tuple(LEVELS)
_LOCAL_COUNTY, _LOCAL_PART = "[A-Z][1-9A-Z]", "[A-Z][0-9A-Z][1-9A-Z]"
_GRAMMAR = re.compile(rf"\d\d(?:\d\d(?:(?:\d\d|{_LOCAL_COUNTY})(?:(?:\d{{3}}|{_LOCAL_PART})(?:\d{{3}}|{_LOCAL_PART})?)?)?)?",
                      re.ASCII)
_TAIL = digits[1:] + ascii_uppercase
_NEXT = dict(pairwise(digits + ascii_uppercase))


def bare_code(code: str) -> str:
    """A division code without the zeros that only fill it up: 360100 is 3601, 330106000000 is 330106."""
    for length, zeros in ((12, "000"), (9, "000"), (6, "00"), (4, "00")):
        if len(code) == length and code.endswith(zeros):
            code = code[: -len(zeros)]
    return code


def covers(area_code: str, code: str) -> bool:
    """Whether the area with `area_code` is the one with `code` or contains it. An empty code covers nothing."""
    outer, inner = bare_code(area_code), bare_code(code)
    return len(outer) in LEVELS and len(inner) in LEVELS and inner.startswith(outer)


def beyond(code: str) -> str:
    """The end of the range of codes that begin with this one, itself left out. Letters and digits stand in one order in every
    collation of a database, other signs do not."""
    kept = code.rstrip(_TAIL[-1])
    return kept[:-1] + _NEXT[kept[-1]] if kept else _TAIL[-1]


def typed_code(text: str) -> str:
    """What somebody typed, as the bare code that it would be: no blanks, full width or small letters. It need not be one."""
    return bare_code(squeeze(unicodedata.normalize("NFKC", text)).upper())


def is_code(code: str) -> bool:
    """Whether a bare code follows the grammar, official or local."""
    return _GRAMMAR.fullmatch(code) is not None


def is_local(code: str) -> bool:
    """Whether a code is one that the state did not give."""
    return not code.isdigit()


def level_of(code: str) -> AreaLevel:
    """The level of a code. Raises `Invalid` for what is none."""
    bare = bare_code(code)
    if not is_code(bare):
        raise Invalid(Say("“{code}”不是区划代码：应为 2、4、6、9 或 12 位，地方自编的以字母代替数字，如 3601K1。", code=code), field="code")
    return LEVELS[len(bare)]


def codes_above(code: str) -> tuple[str, ...]:
    """The codes that contain this one by the law of prefix, the widest first."""
    bare = bare_code(code)
    return tuple(dict.fromkeys(bare_code(bare[:length]) for length in LENGTHS if length < len(bare)))


def next_local(parent: str, letter: str, taken: frozenset[str]) -> str:
    """The first local code below a parent that nobody has had yet. Raises `Invalid` where none is left or none can be."""
    tails = ("".join(pair) for pair in product(digits + ascii_uppercase if len(parent) > 4 else ("",), _TAIL))
    if len(parent) not in (4, 6, 9) or len(letter) != 1 or letter not in ascii_uppercase:
        raise Invalid("自编代码只能在市、县区、乡镇街道之下，以一个大写字母开头。", field="parent")
    found = next((code for tail in tails if (code := f"{parent}{letter}{tail}") not in taken), None)
    if found is None:
        raise Invalid(Say("{parent} 之下以 {letter} 开头的自编代码已经用完。", parent=parent, letter=letter), field="parent")
    return found
