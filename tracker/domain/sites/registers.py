"""The registry of supervised sites （监管对象）: what kinds there are, and which dated entries each has.

The classes A, B and C are those of 江西省《生态环境保护分类监管办法（试行）》, heavy to light.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import Choices, FieldKind, Given
from tracker.domain.house.say import Say

SITE_KINDS: Choices = (("company", "企业"), ("construction", "工地"), ("catering", "餐饮"), ("station", "加油站"),
                       ("public_facility", "公共设施"), ("other", "其他"))
TRADE_CODE = re.compile(r"[A-T]?[0-9]{0,4}")  # of GB/T 4754: a letter, up to four digits


class SiteRegister(StrEnum):
    """A register of dated entries."""

    site_class = "site_class"
    status = "status"
    positive_list = "positive_list"
    commitment = "commitment"
    permit = "permit"
    registration = "registration"


class SiteStatus(StrEnum):
    """Whether a site works."""

    active = "active"
    suspended = "suspended"
    ended = "ended"


class Exclusive(StrEnum):
    """Of what one entry at most holds on a day: of anything, of a site, of a number."""

    nothing = "nothing"
    site = "site"
    number = "number"


class Shown(StrEnum):
    """How much of a register the public sees."""

    lines = "lines"
    total = "total"
    nothing = "nothing"


class UsualTerm(StrEnum):
    """How long an entry holds that names no last day: a number of years, or through the end of the last of them."""

    years = "years"
    year_ends = "year_ends"


@dataclass(frozen=True)
class Register:
    """One register. Of one that `follows` an entry holds until the next; where one `needs_second`, another person than who
    proposed it decides, and so no form and no file enters it. `number_word` is "" where entries have no number;
    `has_permit_number`: of the form of permits; another is kept and marked. `extras` are its own fields, kept as the payload."""

    code: SiteRegister
    word: str
    values: Choices = ()
    needs_second: bool = False
    follows: bool = False
    exclusive: Exclusive = Exclusive.site
    number_word: str = ""
    has_permit_number: bool = False
    years: int = 0  # of validity where no last day is given; 0: open
    term: UsualTerm = UsualTerm.years
    decides: Permission = Permission.site_manage
    shown: Shown = Shown.nothing
    first_word: str = "有效期起"
    extras: tuple[Given, ...] = ()

    @property
    def is_entered(self) -> bool:
        """Whether a form or a file enters it; the others have steps of their own."""
        return not self.needs_second and not self.follows


STATUS_WORDS: Choices = ((SiteStatus.active, "在营"), (SiteStatus.suspended, "停产"), (SiteStatus.ended, "注销或搬离"))
CLASS_WORDS: Choices = (("A", "A 类（重点）"), ("B", "B 类（一般）"), ("C", "C 类（简化）"))
PERMIT_KINDS: Choices = (("key", "重点管理"), ("simple", "简化管理"))
REPORT_KINDS: Choices = (("year", "年报"), ("half", "半年报"), ("quarter", "季报"), ("month", "月报"))
REPORTS = Given("reports", "执行报告", FieldKind.choices, is_required=False, choices=REPORT_KINDS, hint="按许可证副本的要求")
REPORT_DUE = Given("report_due", "报告期限", is_required=False, longest=80,
                   hint="许可证另有规定的才写：期满后第几个月的几日，如 年报 2-28、季报 1-20")
SIGNER = Given("signer", "签署人职务", is_required=False, longest=40, hint="只写职务，如 法定代表人，不写姓名")
REGISTERS: dict[SiteRegister, Register] = {each.code: each for each in (
    Register(SiteRegister.site_class, "分类", CLASS_WORDS, needs_second=True, follows=True, decides=Permission.site_decide,
             shown=Shown.lines),
    Register(SiteRegister.status, "状态", STATUS_WORDS, follows=True),
    Register(SiteRegister.positive_list, "正面清单", needs_second=True, number_word="清单编号", years=3,
             decides=Permission.site_decide, shown=Shown.lines),
    Register(SiteRegister.commitment, "环保承诺书", exclusive=Exclusive.nothing, years=3, term=UsualTerm.year_ends,
             shown=Shown.total, first_word="签署日", extras=(SIGNER,)),
    Register(SiteRegister.permit, "排污许可证", PERMIT_KINDS, exclusive=Exclusive.number, number_word="许可证编号",
             has_permit_number=True, years=5, shown=Shown.lines, extras=(REPORTS, REPORT_DUE)),
    Register(SiteRegister.registration, "排污登记", exclusive=Exclusive.number, number_word="登记编号", has_permit_number=True,
             years=5),
)}
# On what a class is grounded.
GROUNDS: Choices = (("pollution", "污染程度"), ("trade", "行业"), ("risk", "环境风险"), ("credit", "信用"), ("complaints", "投诉"),
                    ("penalties", "处罚"), ("other", "其他"))
# Why an entry ended before its last day.
MISTAKEN = "mistaken"
END_GROUNDS: Choices = (("cancelled", "依法注销"), ("replaced", "换发"), ("closed", "停业或搬离"), ("request", "企业申请"),
                        ("other", "其他"), (MISTAKEN, "登记有误"))
# Grounds that nobody chooses: what an import does, and the steps of the positive list.
OTHER_GROUNDS: Choices = (("changed", "内容变更"), ("absent", "名单中已无"), ("withdrawn", "撤回导入"), ("expiry", "到期"),
                          ("violation", "违法"), ("malicious", "恶意排污"), ("emergency", "突发环境事件"))
END_WORDS = dict(END_GROUNDS + OTHER_GROUNDS)
# What of a site may have a light, and which: by these a list is narrowed.
SITE_LIGHTS: Mapping[str, str] = {
    "permit-yellow": "许可证将到期", "permit-red": "许可证应延续未延续", "registration-yellow": "排污登记将到期",
    "registration-red": "排污登记应延续未延续", "report-yellow": "执行报告一周内到期", "report-red": "执行报告超期"}


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
