"""What is done to a circular: composed when its figures freeze, edited, signed, and issued unsigned when nobody signed in time.

Whatever is issued is mailed in the same transaction, with the Word file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.domain.house.actor import CLOCK, Actor
from tracker.domain.house.errors import Conflict, Invalid, NotFound
from tracker.domain.house.identifiers import format_document_number
from tracker.domain.house.lifecycle import Step
from tracker.domain.house.masking import mask_text
from tracker.domain.house.say import Say
from tracker.domain.reports import sight
from tracker.domain.reports.fact_kinds import CircularFacts
from tracker.domain.reports.imprint import ADDRESSEES
from tracker.domain.reports.issuing.blocks import LONGEST, TO, Block, uncounted_numbers
from tracker.domain.reports.issuing.flow import PAPER_FLOW, SIGN_WORKDAYS, PaperFacts, PaperState, PaperSteps, refusal_sentence
from tracker.domain.reports.kinds import kind_of
from tracker.services.house.numbers import next_number, reserve_number
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.reports import mails, reports
from tracker.services.reports.papers import CircularPaper, digest_of, paper_of, stream_of
from tracker.services.rules import rules, values
from tracker.storage.house.preferences import Counter
from tracker.storage.reports.circulars import Circular, of_report
from tracker.storage.reports.stored import StoredReport

COLONS = f":{chr(0xff1a)}"  # that somebody typed behind the addressees
PAPER, MOST_SERIAL = "paper", 99_999  # the series of what an office sends within a year


@dataclass(frozen=True)
class EditedBlock:
    """A block that was worded otherwise, and the numbers in it that were not counted."""

    block: Block
    uncounted: tuple[str, ...]


def paper_for(actor: Actor, name: str, period: str, area_code: str = "") -> CircularPaper:
    """The circular, to who watches over its area. Raises `NotFound`: absent and forbidden look alike."""
    area, kind = area_code or wiring().home_area, kind_of(name)
    report = reports.find(name, period, area) if kind is not None and kind.is_signed and sight.reads_whole(actor, area) else None
    paper = paper_of(report) if report is not None else None
    if paper is None:
        raise NotFound("没有找到这份通报，或您无权查看。")
    return paper


@deed
def compose(work: Work, report: StoredReport, *, is_mailed: bool) -> Circular:
    """The circular of a report that was just frozen; the one that is there where it was composed before."""
    known = of_report(work.session, report.id)
    if known is not None:
        return known
    office, today = reports.office_of(report.area_code), work.clock.today()
    days = int(str(values.value("sign_workdays", today) or SIGN_WORKDAYS))
    printed_by = (office.imprint or office.name) if office is not None and office.has_imprint else ""
    row = Circular(
        report_id=report.id, area_code=report.area_code, state=PaperState.composed, is_mailed=is_mailed,
        sign_by_on=rules.calendar(report.area_code).add_workdays(today, days).on,
        addressees=(office.addressees if office is not None else "") or ADDRESSEES, office=office.name if office else "",
        office_area=office.area_code if office else "",
        document_short=office.document_short if office else "", copies=office.copies if office else "", printed_by=printed_by,
        composed_at=work.clock.now())
    work.session.add(row)
    work.session.flush()
    work.record(stream_of(report), CircularFacts.composed, CLOCK, {"report": report.digest, "sign_by": row.sign_by_on})
    return row


@deed
def edit(work: Work, actor: Actor, paper: CircularPaper, texts: Mapping[str, str], seq: int) -> tuple[EditedBlock, ...]:
    """Word blocks otherwise, by their keys; what is given as it stands stays, what is given as it was composed is restored.
    Returns what changed. Raises `Conflict` when somebody changed it since, `Invalid` naming the block."""
    now = _locked_paper(work, actor, paper, PaperSteps.edit, seq)
    blocks = {block.key: block for block in now.blocks}
    new = {key: said for key, text in texts.items() if (said := _checked_text(blocks, key, text)) != blocks[key].text}
    if not new:
        return ()
    work.record(stream_of(now.report), CircularFacts.edited, actor, {
        "text": {key: None if said == blocks[key].composed else said for key, said in new.items()},
        "before": {key: blocks[key].text for key in new}})
    document = reports.document_of(now.report)
    composed = " ".join(block.composed for block in blocks.values())
    return tuple(EditedBlock(Block(key, blocks[key].level, blocks[key].heading, blocks[key].composed, said),
                             uncounted_numbers(said, composed, document)) for key, said in new.items())


@deed
def sign(work: Work, actor: Actor, paper: CircularPaper, seq: int, serial: int | None = None) -> Circular:
    """Sign it: from now on it is issued as it stands. `serial` is its number within the year where the office gave one. Raises
    `NotAllowed`, `Conflict` when it was changed since, `Invalid` for a number that is taken."""
    now = _locked_paper(work, actor, paper, PaperSteps.sign, seq)
    return _issue_paper(work, actor, now, PaperSteps.sign, serial)


@deed
def issue_unsigned(work: Work, report_id: int, on: date) -> bool:
    """Issue a circular that nobody signed in time, as it was composed. False where somebody was quicker, or its time is not
    over."""
    row = work.session.scalar(select(Circular).where(Circular.report_id == report_id).with_for_update()
                              .execution_options(populate_existing=True))
    report = work.session.get(StoredReport, report_id)
    paper = paper_of(report, work.session) if row is not None and report is not None else None
    if paper is None or paper.row.sign_by_on >= on or PAPER_FLOW.refusal(PaperSteps.issue_unsigned, CLOCK,
                                                                         paper.facts) is not None:
        return False
    _issue_paper(work, CLOCK, paper, PaperSteps.issue_unsigned, None)
    return True


def may(actor: Actor, step: Step[PaperFacts], paper: CircularPaper) -> bool:
    """Whether the step is open to this person now."""
    return PAPER_FLOW.refusal(step, actor, paper.facts) is None


def next_serial(paper: CircularPaper) -> int:
    """The number that it would get if it were issued now."""
    row = reading().get(Counter, _series_of(paper.row, wiring().clock.today().year))
    return (row.last if row is not None else 0) + 1


def _issue_paper(work: Work, actor: Actor, paper: CircularPaper, step: Step[PaperFacts], serial: int | None) -> Circular:
    row, report, now = paper.row, paper.report, work.clock.now()
    assert step.to is not None
    if row.document_short:  # drawn before anything of the row changes
        year = work.clock.local(now).year
        series = _series_of(row, year)
        serial = _drawn_serial(work, actor, series, serial)
        row.series, row.serial, row.number = series, serial, format_document_number(row.document_short, year, serial)
    row.state, row.issued_at = step.to.value, now
    if not actor.is_clock:
        row.signed_by_id, row.signed_for_id = actor.id, actor.acting_for.id if actor.acting_for else None
    row.digest = digest_of(report, row, paper.texts)
    work.session.flush()
    filed = {"filing": {"series": row.series, "serial": row.serial}} if row.series else {}
    work.record(stream_of(report), step.fact, actor, {"digest": row.digest, "number": row.number, **filed})
    if row.is_mailed and work.wiring.tell is not None:
        mails.mail_issued(work, paper)
    return row


def _series_of(row: Circular, year: int) -> str:
    return f"{PAPER}:{row.office_area}:{year}"


def _drawn_serial(work: Work, actor: Actor, series: str, wanted: int | None) -> int:
    """The next number of the series; or one further on that the office wants, and those between were given out elsewhere."""
    if wanted is None:
        return next_number(work, series)
    row = work.session.get(Counter, series, with_for_update=True)
    last = row.last if row is not None else 0
    if not last < wanted <= MOST_SERIAL:
        raise Invalid(Say("文号序号应大于已用的 {last}，最大 {most}。", last=last, most=MOST_SERIAL), field="serial")
    if wanted > last + 1:
        reserve_number(work, actor, series, wanted - 1)
    return next_number(work, series)


def _locked_paper(work: Work, actor: Actor, paper: CircularPaper, step: Step[PaperFacts], seq: int) -> CircularPaper:
    """The paper as it stands, its row locked, if this step is open to the actor and nobody changed it since."""
    work.session.scalar(select(Circular).where(Circular.id == paper.row.id).with_for_update()
                        .execution_options(populate_existing=True))
    now = paper_of(work.session.get_one(StoredReport, paper.report.id), work.session)
    assert now is not None
    PAPER_FLOW.require(step, actor, now.facts, refusal_sentence)
    if now.seq != seq:
        raise Conflict("别人刚改过这份通报，请对照现在的文字再改；您填写的内容还在。", code="stale")
    return now


def _checked_text(blocks: Mapping[str, Block], key: str, text: str) -> str:
    block = blocks.get(key)
    if block is None:
        raise Invalid(Say("通报里没有“{key}”这一段。", key=key), field="key")
    lines = (" ".join(line.split()) for line in text.replace("\r", "").split("\n"))
    said = mask_text("\n".join(line for line in lines if line))
    if key == TO:
        said = " ".join(said.split()).rstrip(COLONS)
        if not said:
            raise Invalid("请填写主送单位。", field=key)
    if len(said) > LONGEST:
        raise Invalid(Say("每段最多 {longest} 字，这一段 {count} 字。", longest=LONGEST, count=len(said)), field=key)
    return said
