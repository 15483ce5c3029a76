"""The columns of the files in which registers come in and go out: what each means, and every header that stands for it. The first
one is what our own export writes."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from tracker.domain.sites.entries import fields_of
from tracker.domain.sites.registers import REGISTERS, SiteRegister


class EntryColumn(StrEnum):
    """What a column of a register's file holds: first what tells the site, then what tells the entry, by the names of its
    fields."""

    site_code = "site_code"
    name = "name"
    credit_code = "credit_code"
    plant_no = "plant_no"
    kind = "kind"
    trade_code = "trade_code"
    area = "area"
    address = "address"
    number = "number"
    value = "value"
    valid_from = "valid_from"
    valid_to = "valid_to"
    document_no = "document_no"
    reports = "reports"
    report_due = "report_due"
    signer = "signer"


C = EntryColumn
OF_SITES = (C.site_code, C.name, C.credit_code, C.plant_no, C.kind, C.trade_code, C.area, C.address)
DAYS = frozenset({C.valid_from, C.valid_to})
NUMBERS = frozenset({C.number, C.credit_code, C.site_code})  # of which a spreadsheet may have lost digits
HEADERS: Mapping[EntryColumn, tuple[str, ...]] = {
    C.site_code: ("监管对象编号", "对象编号"),
    C.name: ("名称", "企业名称", "单位名称", "排污单位名称", "监管对象名称", "监管对象"),
    C.credit_code: ("统一社会信用代码", "信用代码", "社会信用代码"),
    C.plant_no: ("厂区序号",),
    C.kind: ("类别", "对象类别"),
    C.trade_code: ("行业代码", "行业类别代码"),
    C.area: ("区划", "所在区划", "行政区划", "所属区县", "所属乡镇街道", "所在地区"),
    C.address: ("地址", "生产经营场所地址", "单位地址", "经营地址"),
    C.number: ("编号", "许可证编号", "排污许可证编号", "登记编号", "排污登记编号", "登记回执编号", "证书编号"),
    C.value: ("管理类别", "许可证管理类别"),
    C.valid_from: ("有效期起", "有效期开始", "有效期限起", "起始日期", "发证日期", "登记日期", "签署日", "签署日期", "签订日期"),
    C.valid_to: ("有效期止", "有效期结束", "有效期限止", "截止日期", "到期日期", "有效期至"),
    C.document_no: ("文号",),
    C.reports: ("执行报告", "执行报告频次", "报告频次"),
    C.report_due: ("报告期限", "执行报告期限"),
    C.signer: ("签署人职务",),
}
_ASIDE = re.compile(r"[\s*＊:：]+|[(（][^)）]*[)）]$")


def plain_header(text: str) -> str:
    """A header as it is compared: without blanks, stars, colons and what stands in brackets at its end."""
    return _ASIDE.sub("", unicodedata.normalize("NFKC", text).strip())


_BY_HEADER = {plain_header(each): column for column, every in HEADERS.items() for each in every}


def column_of(header: str) -> EntryColumn | None:
    """The column that a header stands for."""
    return _BY_HEADER.get(plain_header(header))


def columns_of(register: SiteRegister) -> dict[EntryColumn, str]:
    """The columns of a register's file with the headers that our export writes."""
    asked = {C(each.name): each.word for each in fields_of(REGISTERS[register])}
    return {column: HEADERS[column][0] for column in OF_SITES} | asked
