"""The works of a case in words: which there are, by the list of which day, and what the last verification found."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from tracker.domain.cases.works.items import STANDARDS, CaseWorks, read_works
from tracker.domain.cases.works.scoring import ItemAnswer, tenths
from tracker.domain.house.say import Listed, Say
from tracker.domain.territory.routing import WORKS
from tracker.services.cases.works.sheets import sheet_by
from tracker.storage.cases.page import CasePage

Line = tuple[str, str]


def works_told(works: CaseWorks) -> str:
    """The works with their standard and the day of its list; "" where there are none."""
    standard = works["standard"]
    if not works["works"] or standard is None:
        return ""
    named = Listed(Say(WORKS[work]) for work in WORKS if work in works["works"])
    return Say("{works}（{standard}，{since}）", works=named, standard=Say(STANDARDS[standard]),
               since=version_told(works["standard_from"]))


def version_told(since: date | None) -> str:
    """By the list of which day."""
    return Say("按 {since} 起的标准", since=since.isoformat()) if since is not None else Say("按系统默认的标准")


def works_lines(page: CasePage) -> list[Line]:
    """What the page of a case, its print and its dossier say of works."""
    works = page.works
    scored = [(work, each) for work, each in works["works"].items() if each["most"] is not None]
    got, most = sum(each["got"] or 0 for _, each in scored), sum(each["most"] or 0 for _, each in scored)
    lines = [("整治内容", works_told(works))]
    if most:
        told = Say("{points} 分（{got}/{most}，第 {round} 轮核查）", points=str(tenths(Fraction(100 * got, most))), got=got, most=most,
                   round=max(each["round"] or 1 for _, each in scored))
        lines.append(("整治评分", told))
    return [line for line in lines if line[1]]


def works_said(details: Mapping[str, Any]) -> dict[str, str]:
    """What a fact says of works, by the name of its part."""
    told = (details.get("set") or {}).get("works")
    if told is None:
        return {}
    works = read_works(told)
    if "checklist" not in details:
        return {"works_set": works_told(works) or Say("不再按整治内容核查")}
    score = Say("{points} 分（{got}/{most}，{since}）", points=details["score"], got=details["got"], most=details["most"],
                since=version_told(works["standard_from"]))
    return {"score_told": score, **{name: said for name, answer
                                    in (("items_failed", ItemAnswer.no), ("items_idle", ItemAnswer.idle))
                                    if (said := _items_with(works, details["checklist"], answer))}}


def _items_with(works: CaseWorks, answers: Mapping[str, str], answer: ItemAnswer) -> str:
    sheet = sheet_by(works)
    return Listed(item.name for item in sheet.items if answers.get(item.code) == answer) if sheet is not None else ""
