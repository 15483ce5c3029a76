"""A frozen report as the paper that its office sends: what was counted, worded as it stands now, under its head; and whether
what was issued is still what it was."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from tracker.domain.house.errors import Broken
from tracker.domain.house.ledger import Fact, canonical
from tracker.domain.house.say import Say
from tracker.domain.reports.document import Document
from tracker.domain.reports.fact_kinds import CircularFacts
from tracker.domain.reports.issuing.blocks import TO, Block, blocks_of, issued_plain, paper_digest, with_texts
from tracker.domain.reports.issuing.flow import MARKED, STATES, PaperFacts, PaperState
from tracker.domain.reports.issuing.heads import PaperHead
from tracker.domain.reports.kinds import kind_of
from tracker.services.house.work import reading, wiring
from tracker.services.reports import reports
from tracker.storage.house import ledger
from tracker.storage.reports import circulars
from tracker.storage.reports.circulars import Circular
from tracker.storage.reports.stored import StoredReport


@dataclass(frozen=True)
class CircularPaper:
    """A circular as it stands: its row, its report, the texts that are worded otherwise with who did it, and the number of its
    last fact."""

    row: Circular
    report: StoredReport
    edited: Mapping[str, str]
    editors: frozenset[int]
    seq: int
    is_erased: bool = False  # some of its texts were, under the law

    @property
    def facts(self) -> PaperFacts:
        """What the law must know."""
        return PaperFacts(self.state, self.row.area_code, self.editors)

    @property
    def state(self) -> PaperState:
        """Where it stands."""
        return PaperState(self.row.state)

    @property
    def texts(self) -> Mapping[str, str]:
        """What it says otherwise than it was composed; nothing where nobody signed it."""
        return {} if self.state is PaperState.unsigned else self.edited

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Its text, block by block."""
        return blocks_of(reports.document_of(self.report), self.row.addressees, self.texts)

    @property
    def document(self) -> Document:
        """What was counted, in these words."""
        return with_texts(reports.document_of(self.report), self.texts)

    @property
    def head(self) -> PaperHead:
        """What stands above and below the text."""
        return head_of(self.row, self.texts)


def stream_of(report: StoredReport) -> str:
    """Where the facts of a circular stand."""
    return f"circular:{report.name}/{report.period}/{report.area_code}"


def paper_of(report: StoredReport, session: Session | None = None) -> CircularPaper | None:
    """The paper of a report; None for one that needs no signature, or was frozen before there were any."""
    session = session or reading()
    row = circulars.of_report(session, report.id) if _is_signed_for(report) else None
    return _paper_from(row, report, ledger.stream_of(session, stream_of(report))) if row is not None else None


def is_out(report: StoredReport) -> bool:
    """Whether its readers may have it: issued, or one that needs no signature."""
    row = circulars.of_report(reading(), report.id) if _is_signed_for(report) else None
    return row is None or row.issued_at is not None


def _is_signed_for(report: StoredReport) -> bool:
    kind = kind_of(report.name)
    return kind is not None and kind.is_signed


def waiting_papers() -> tuple[CircularPaper, ...]:
    """Those that nobody has signed yet, the oldest first."""
    session = reading()
    return tuple(_paper_from(row, report, ledger.stream_of(session, stream_of(report))) for row in circulars.waiting(session)
                 if (report := session.get(StoredReport, row.report_id)) is not None)


def head_of(row: Circular, texts: Mapping[str, str]) -> PaperHead:
    """The head of a circular with these texts, as far as it is issued."""
    state = PaperState(row.state)
    return PaperHead(number=row.number, mark=STATES[state] if state in MARKED else "", addressees=texts.get(TO, row.addressees),
                     office=row.office, copies=row.copies, printed_by=row.printed_by, issued_on=issued_on(row), digest=row.digest
                     or "")


def issued_on(row: Circular) -> date | None:
    """The office day on which it was issued."""
    return wiring().clock.local(row.issued_at).date() if row.issued_at is not None else None


def digest_of(report: StoredReport, row: Circular, texts: Mapping[str, str]) -> str:
    """Of what is issued, or was."""
    return paper_digest(report.digest, replace(head_of(row, texts), digest=""), row.state, texts)


def json_of(report: StoredReport, paper: CircularPaper | None) -> bytes:
    """The text that was hashed; of an issued circular with all that was issued beside it, whose own digest is made of the part
    `hashed`."""
    if paper is None or paper.row.issued_at is None:
        return report.body.encode()
    issued = issued_plain(report.digest, paper.head, paper.row.state, paper.texts, paper.blocks)
    return canonical({**json.loads(report.body), "issued": issued}).encode()


def check_issued(report: StoredReport) -> None:
    """Raise `Broken` where the circular of a report is not what was issued, by its row or by the ledger. Texts that were erased
    under the law cannot be compared any more."""
    paper = paper_of(report)
    if paper is None or paper.row.digest is None or paper.is_erased:
        return
    told = [fact.payload.get("digest") for fact in ledger.stream_of(reading(), stream_of(report))
            if fact.kind in (CircularFacts.signed, CircularFacts.issued_unsigned)]
    if told != [paper.row.digest] or digest_of(report, paper.row, paper.texts) != paper.row.digest:
        raise Broken(Say("{title}印发的文本与账本记录的摘要不符。", title=report.title))


def verify_issued(name: str = "") -> int:
    """Check every issued circular, of one report when given; how many there are. Raises `Broken` naming the first that
    differs."""
    session, done = reading(), 0
    for line in reports.stored(name):
        if circulars.of_report(session, line.id) is not None:
            check_issued(session.get_one(StoredReport, line.id))
            done += 1
    return done


def _paper_from(row: Circular, report: StoredReport, facts: Sequence[Fact]) -> CircularPaper:
    texts, hands = dict[str, str | None](), dict[str, tuple[int, ...]]()
    for fact in facts:
        said = fact.payload
        changed = said["text"] if fact.kind == CircularFacts.edited else {}
        assert isinstance(changed, dict)
        texts |= changed
        hands |= dict.fromkeys(changed, (fact.actor_id, *([int(str(said["for_id"]))] if "for_id" in said else [])))
    edited = {key: text for key, text in texts.items() if text is not None}
    return CircularPaper(row, report, edited, frozenset(hand for key in edited for hand in hands[key]), facts[-1].seq if facts
                         else 0,
                         any(text is None for fact in facts for text in (fact.texts or {}).values()))
