"""The registry of supervised sites （监管对象）: what kinds there are, and which dated entries each has.

The classes A, B and C are those of 江西省《生态环境保护分类监管办法（试行）》, heavy to light.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import Choices
from tracker.domain.house.say import Say

SITE_KINDS: Choices = (("company", "企业"), ("construction", "工地"), ("catering", "餐饮"), ("station", "加油站"),
                       ("public_facility", "公共设施"), ("other", "其他"))
TRADE_CODE = re.compile(r"[A-T]?[0-9]{0,4}")  # of GB/T 4754: a letter, up to four digits


class SiteRegister(StrEnum):
    """A register of dated entries."""

    site_class = "site_class"
    status = "status"


class SiteStatus(StrEnum):
    """Whether a site works."""

    active = "active"
    suspended = "suspended"
    ended = "ended"


@dataclass(frozen=True)
class Register:
    """One register: its word and values. Entries of it follow one another, so one holds on a day; where one `needs_second`,
    another person than who proposed it decides."""

    code: SiteRegister
    word: str
    values: Choices
    needs_second: bool = False


STATUS_WORDS: Choices = ((SiteStatus.active, "在营"), (SiteStatus.suspended, "停产"), (SiteStatus.ended, "注销或搬离"))
CLASS_WORDS: Choices = (("A", "A 类（重点）"), ("B", "B 类（一般）"), ("C", "C 类（简化）"))
REGISTERS: dict[SiteRegister, Register] = {each.code: each for each in (
    Register(SiteRegister.site_class, "分类", CLASS_WORDS, needs_second=True),
    Register(SiteRegister.status, "状态", STATUS_WORDS),
)}
# On what a class is grounded.
GROUNDS: Choices = (("pollution", "污染程度"), ("trade", "行业"), ("risk", "环境风险"), ("credit", "信用"), ("complaints", "投诉"),
                    ("penalties", "处罚"), ("other", "其他"))


def read_trade_code(text: str) -> str:
    """A code of GB/T 4754 as it is kept. Raises `Invalid`."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if not TRADE_CODE.fullmatch(plain):
        raise Invalid(Say("“{code}”不是国民经济行业分类代码，如 C26、2614。", code=plain[:40]), field="trade_code")
    return plain


def word_of(register: SiteRegister, value: str) -> str:
    """The word of a value; "" where there is none."""
    return dict(REGISTERS[register].values).get(value, "")


def require_after(valid_from: date, last: date | None, name: str) -> None:
    """An entry follows the one before. Raises `Invalid` naming the site."""
    if last is not None and valid_from <= last:
        raise Invalid(Say("“{name}”已有自 {last} 起的一条，新的须晚于这一天。", name=name, last=last), field="valid_from")
