"""Which papers there are of a case, and since when each may be made."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tracker.domain.cases.flow import ASSIGNED, SUBMITTED, Steps
from tracker.domain.cases.papers.official import OfficialPaper
from tracker.domain.house.errors import NotFound, Unavailable, WrongState
from tracker.domain.house.links import to_case, url_of
from tracker.gateways.reports.docx_official import write_official
from tracker.services.cases.papers.approval import approval_paper
from tracker.services.cases.papers.assignment import assignment_paper
from tracker.services.cases.papers.supervision import supervision_paper
from tracker.services.cases.papers.telling import TellingCase, telling
from tracker.services.house.work import wiring
from tracker.storage.cases.page import CasePage

NO_PDF = "本机没有安装 LibreOffice，不能生成 PDF；请下载 Word 文件，或在打印页用浏览器另存为 PDF。"


@dataclass(frozen=True)
class CasePaper:
    """One paper: its name in addresses, what it is called, after which facts it may be made and what is said before."""

    name: str
    word: str
    after: tuple[str, ...]
    before: str
    build: Callable[[TellingCase], OfficialPaper]

    def is_open(self, page: CasePage) -> bool:
        """Whether there is something to write."""
        return any(fact.kind in self.after for fact in page.facts)


CASE_PAPERS: tuple[CasePaper, ...] = (
    CasePaper("assignment", "交办单", ASSIGNED, "案件交办之后才有交办单。", assignment_paper),
    CasePaper("supervision", "督办通知单", (Steps.open_supervision.fact,), "对案件督办之后才有督办通知单。", supervision_paper),
    CasePaper("approval", "销号审批表", SUBMITTED, "主办单位报送整改之后才有销号审批表。", approval_paper),
)


def as_pdf(document: bytes, kind: str = "docx") -> bytes:
    """The same as PDF. Raises `Unavailable` where this machine has no program for it."""
    maker = wiring().pdf
    if maker is None:
        raise Unavailable(NO_PDF)
    return maker.pdf_of(document, kind)


def paper_named(name: str) -> CasePaper:
    """The paper of this name. Raises `NotFound`."""
    found = next((each for each in CASE_PAPERS if each.name == name), None)
    if found is None:
        raise NotFound("没有这种文书。")
    return found


def write_paper_of(page: CasePage, name: str) -> bytes:
    """The paper of a case that its reader may see, as a Word document. Raises `NotFound`, or `WrongState` if too early."""
    paper = paper_named(name)
    if not paper.is_open(page):
        raise WrongState(paper.before)
    return write_official(replace(paper.build(telling(page)), opens=url_of(to_case(page.head.number), wiring().base_url)))
