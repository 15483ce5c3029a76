"""The responsibility list as files: a paper to sign, and a workbook that comes back."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from tracker.domain.house.say import Say
from tracker.domain.reports.document import Column, Document, Section, Table
from tracker.domain.territory.responsibility import asks_told
from tracker.domain.territory.routing import RoutingRule
from tracker.gateways.reports import docx
from tracker.services.house.master import sheets
from tracker.services.house.work import reading, wiring
from tracker.services.rules import rules
from tracker.services.rules.categories import categories
from tracker.services.territory import offices
from tracker.services.territory.lists import versions
from tracker.services.territory.lists.lines import MASTERS, values_of
from tracker.services.territory.lists.matrix import unit_names
from tracker.storage.territory.territory import RuleList

COLUMNS = (Column("条目", width=5), Column("问题和范围", width=24), Column("主办单位", width=14), Column("协办单位", width=14),
           Column("依据", width=20))


def workbook(version: RuleList) -> tuple[str, bytes]:
    """A row for each line; its name and content."""
    (master,) = MASTERS
    _, content = sheets.workbook_of(master, list(values_of(reading(), version)))
    return f"{versions.TITLE}第{version.number}版.xlsx", content


def paper(session: Session, version: RuleList) -> tuple[str, bytes]:
    """The list in the layout of official papers; its name and content."""
    lines, names = versions.rules_of(session, version), unit_names(session)
    words = {area.code: area.name for area in rules.gazetteer().areas} | dict(categories().names)
    rows = tuple(_paper_row(rule, names, words) for rule in lines)
    since = f"自 {version.valid_from} 起用" if version.valid_from is not None else "草稿，尚未启用"
    document = Document(
        "rule_list", f"第{version.number}版", wiring().home_area, version.title,
        "　".join(each for each in (version.document_no, f"第{version.number}版", since) if each), _as_of(version),
        (Section("责任分工", _opening_lines(lines), tables=(Table("", COLUMNS, rows),)),), {},
        (f"条目摘要 {version.lines_digest}",) if version.lines_digest else ())
    return f"{versions.TITLE}第{version.number}版.docx", docx.write(document, version.valid_from, offices.home())


def _opening_lines(lines: Sequence[RoutingRule]) -> tuple[str, ...]:
    return (Say("共 {count} 条。一件问题适用多条的，条件多的优先，区划小的优先，关键词长的优先，编号小的优先。", count=len(lines)),)


def _as_of(version: RuleList) -> str:
    day: date = version.valid_from or wiring().clock.today()
    return day.isoformat()


def _paper_row(rule: RoutingRule, names: dict[str, str], words: dict[str, str]) -> tuple[str, ...]:
    supporting = "、".join(names.get(code, code) for code in rule.supporting_unit_codes)
    return (rule.clause, asks_told(rule, words), names.get(rule.lead_unit_code, rule.lead_unit_code), supporting or "—",
            "；".join(each for each in (rule.reason, rule.basis) if each))
