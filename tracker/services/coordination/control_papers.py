"""Papers of a control order: the order as it holds, and the list of whom to call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.cases.papers.official import OfficialPaper, PaperTable
from tracker.domain.coordination.controls import KIND, LEVELS, POLLUTANTS, ControlState, ControlSteps
from tracker.domain.house.errors import NotFound
from tracker.domain.house.links import to_act, url_of
from tracker.domain.house.say import Say
from tracker.gateways.reports.docx_official import write_official
from tracker.gateways.tables.sheets_out import About, open_register
from tracker.services.cases.papers.telling import day_words
from tracker.services.coordination.control_counts import STANDINGS, Board, board_of
from tracker.services.house.work import reading, wiring
from tracker.services.mail.offices import offices as mail_offices
from tracker.services.territory import offices
from tracker.storage.acts.page import ActPage
from tracker.storage.cases.entries import FactEntry
from tracker.storage.people.accounts import Person, Unit
from tracker.storage.sites.sites import Site

ORDER, CALLS = "管控令", "电话通知表"
HEADINGS = ("先打电话", "点位", "编号", "地址", "管控措施", "责任单位", "单位电话", "经办人", "经办人电话", "能收邮件", "现在状态", "接电话人", "通知时间")
OUT = (ControlState.drafted, ControlState.voided)


@dataclass(frozen=True)
class CallLine:
    """A site with whom to call. `has_mail`: somebody of its unit gets mails."""

    site: str
    code: str
    address: str
    measures: str
    unit: str
    unit_phone: str
    people: str
    phones: str
    has_mail: bool
    standing: str

    def cells(self) -> list[Any]:
        """As the sheet has it, under `HEADINGS`; the last two are written by hand."""
        return ["" if self.has_mail else "是", self.site, self.code, self.address, self.measures, self.unit, self.unit_phone,
                self.people, self.phones, "能" if self.has_mail else "不能", self.standing, "", ""]


def write_order(page: ActPage, facts: Sequence[FactEntry]) -> bytes:
    """The order with the level and the measures that hold now. Raises `NotFound` before it is issued."""
    _require_issued(page)
    return write_official(_order_of(page, facts))


def call_lines(session: Session, page: ActPage) -> list[CallLine]:
    """Every site of an order, first those whose unit gets no mail. Raises `NotFound` before it is issued."""
    _require_issued(page)
    board = board_of(session, page, wiring().clock.now())
    sites, owed = _sites_of(session, board), {duty.position: duty.unit_id for duty in page.duties}
    phones = {row.id: row.phone for row in session.execute(select(Unit.id, Unit.phone).where(Unit.id.in_(owed.values())))}
    staff = _officers_of(session, owed.values())
    found = []
    for line in board.lines:
        unit = owed[line.position]
        people, site = staff.get(unit, []), sites.get(line.site)
        names, numbers = "、".join(each.name for each in people), "、".join(each.phone for each in people if each.phone)
        found.append(CallLine(line.name, line.site, site.address if site else "", line.measures, line.unit,
                              phones.get(unit) or "", names, numbers, any(each.email for each in people),
                              STANDINGS[line.standing]))
    return sorted(found, key=lambda line: (line.has_mail, line.unit, line.code))


def call_list(number: str, lines: Sequence[CallLine]) -> bytes:
    """The list as a workbook."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "calls.xlsx"
        about = About(Say("电话通知表 {number}", number=number), str(wiring().clock.today()), number, sheet="点位")
        with open_register(path, HEADINGS, about) as writer:
            for each in lines:
                writer.write(each.cells())
        return path.read_bytes()


def _require_issued(page: ActPage) -> None:
    if page.head.kind != KIND or page.head.state in OUT:
        raise NotFound("管控令发布后才有这种文书。")


def _order_of(page: ActPage, facts: Sequence[FactEntry]) -> OfficialPaper:
    head, drafted = page.head, _facts_told(facts, ControlSteps.draft.fact)
    issued = next(fact for fact in facts if fact.kind == ControlSteps.issue.fact)
    on = wiring().clock.local(issued.at).date()
    office = offices.all_offices().of(head.area_code, on)
    name = office.name if office else ""
    board = board_of(reading(), page, wiring().clock.now())
    sites = _sites_of(reading(), board)
    rows = tuple((str(place), line.name, sites[line.site].address if line.site in sites else "", line.measures, line.unit)
                 for place, line in enumerate(board.lines, start=1))
    return OfficialPaper(
        title=tuple(filter(None, (name, "污染天气点对点管控令"))), number=head.number,
        addressee="、".join(dict.fromkeys(line.unit for line in board.lines)), paragraphs=_order_paragraphs(page, drafted, facts),
        table=PaperTable(("序号", "点位", "地址", "管控措施及时段", "责任单位"), (1, 4, 5, 8, 4), rows),
        closing=("各责任单位收到后请立即确认，逐点落实并报送到位情况；管控信息不对外公布。",),
        signed_by=name, dated_on=on, foot=(f"账本 {head.number} 第 {facts[-1].seq} 条 {facts[-1].digest}",),
        opens=url_of(to_act(head.number), wiring().base_url), opens_of="管控令")


def _order_paragraphs(page: ActPage, drafted: dict[str, Any], facts: Sequence[FactEntry]) -> tuple[str, ...]:
    details = page.head.details
    first, last = (day_words(date.fromisoformat(details[name])) for name in ("first_on", "last_on"))
    grounds = (f"根据{drafted['warning_by']}{_moment_words(drafted['warned_at'])}发布的预警（{drafted['warning_no']}）"
               if drafted.get("warning_no") else "为做好污染天气应对")
    days = first if first == last else f"{first}至{last}"
    texts = [f"{grounds}，对下列点位实施管控。首要污染物：{dict(POLLUTANTS)[page.head.subkind]}；管控级别："
             f"{dict(LEVELS)[details['level']]}；自{_moment_words(details['starts_at'])}起执行，目标日为{days}。"]
    changed = [fact for fact in facts if fact.kind == ControlSteps.change.fact]
    if changed:
        texts.append(f"本令已于{_moment_words(wiring().clock.local(changed[-1].at).isoformat())}由"
                     f"{dict(LEVELS)[changed[-1].details['from_level']]}调整为现级别，措施以下表为准。")
    if details.get("lifted_at"):
        texts.append(f"本令已于{_moment_words(details['lifted_at'])}解除。")
    return tuple(texts)


def _facts_told(facts: Sequence[FactEntry], kind: str) -> dict[str, Any]:
    return next((fact.details for fact in facts if fact.kind == kind), {})


def _moment_words(text: object) -> str:
    at = datetime.fromisoformat(str(text))
    return f"{day_words(at.date())} {at:%H:%M}"


def _sites_of(session: Session, board: Board) -> dict[str, Any]:
    codes = [line.site for line in board.lines]
    return {row.code: row for row in session.execute(select(Site.code, Site.address).where(Site.code.in_(codes)))}


def _officers_of(session: Session, unit_ids: Any) -> dict[int, list[Any]]:
    """The people of these units who are told of what is owed."""
    among = mail_offices(wiring().clock.today())
    officers = {unit: list(among.officers(unit)) for unit in dict.fromkeys(unit_ids)}
    wanted = [person for found in officers.values() for person in found]
    rows = {row.id: row for row in session.execute(select(Person.id, Person.name, Person.phone, Person.email)
                                                   .where(Person.id.in_(wanted)))}
    return {unit: [rows[person] for person in found if person in rows] for unit, found in officers.items()}
