"""One case, one file (一案一档): the dossier as an editable Word document, with photos and every hash that proves it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from tracker.domain.cases.papers.parts import PARTS
from tracker.domain.cases.wording import word
from tracker.domain.evidence.evidence import evidence_set_digest
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Broken, Invalid
from tracker.domain.house.ledger import first_bad
from tracker.domain.house.links import to_case, url_of
from tracker.domain.house.say import Say
from tracker.gateways.reports.docx_out import AIR, CaptionedPicture, Paper, write_paper
from tracker.gateways.reports.docx_parts import PrintedTable, Row
from tracker.services.evidence.soundness import copy_of
from tracker.services.house.work import reading, wiring
from tracker.services.territory import offices
from tracker.storage.cases.family import Member
from tracker.storage.cases.page import CasePage
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house import ledger
from tracker.storage.house.log import short_head

NOT_SHOWN = "\n证据文件与登记的摘要不符，未收入本卷"
Lines = Sequence[tuple[str, str]]
HeadedPart = tuple[str, Lines | PrintedTable]
PictureRows = tuple[tuple[tuple[CaptionedPicture, ...], str], ...]


@dataclass(frozen=True)
class CaseWords:
    """The case in the words of its page: facts, duties, the facts of the ledger as sentences, what stands under each photo.

    `pairs` ties photos by id, with what lies between them.
    """

    facts: Lines
    duties: Lines
    sentences: Sequence[Row]
    captions: Mapping[int, str]
    pairs: Sequence[tuple[int | None, int, str]]
    made: str
    members: Sequence[Member] = ()


def dossier_of(actor: Actor, page: CasePage, told: CaseWords, parts: Collection[str] = ()) -> bytes:
    """The dossier of a case that its reader may see, or some parts of it under their own numbers. It says nothing that the page
    does not; the reporter is in neither. A photo that is not what came in is named in its list, and the dossier is made all the
    same. Raises `Invalid` for a part that is none."""
    if unknown := set(parts) - set(PARTS):
        raise Invalid(Say("一案一档里没有“{part}”这一部分。", part=min(unknown)[:40]), field="part")
    head, shown, chosen = page.head, _shown_copies(actor, page), frozenset(parts or PARTS)
    headed: dict[str, HeadedPart] = {
        "facts": ("一、案件情况", told.facts), "duties": ("二、责任与时限", told.duties), "course": ("三、办理过程", _course_table(told)),
        "members": ("并入案件", [(member.number, _member_told(member)) for member in told.members]),
        "files": ("五、证据目录", _files_table(page, shown)), "proof": ("六、核验", proof_of(page)),
    }
    if not told.members:
        del headed["members"]
    before, after = ([headed[name] for name in names if name in headed and name in chosen]
                     for names in (("facts", "duties", "course", "members"), ("files", "proof")))
    return write_paper(Paper(
        title="一案一档", subtitle=head.title, number=head.number, sections=tuple(before),
        pictures_title="四、照片" if "photos" in chosen else "",
        pictures=_picture_rows(shown, page, told) + _member_pictures(actor, told.members), closing=tuple(after),
        made=_office_line(page, told.made), opens=url_of(to_case(head.number), wiring().base_url)))


def _course_table(told: CaseWords) -> PrintedTable:
    return PrintedTable(("序号", "时间", "记录", "指纹（SHA-256）"), (12, 31, 71, 46), tuple(told.sentences), air=AIR)


def _files_table(page: CasePage, shown: Mapping[int, bytes | None]) -> PrintedTable:
    return PrintedTable(("类别", "轮次", "文件", "SHA-256"), (29, 13, 72, 46), tuple(
        (word(e.role), str(e.round), f"{e.name}\n{e.size:,} 字节{'' if shown.get(e.id, b'') is not None else NOT_SHOWN}", e.digest)
        for e in page.evidence), air=AIR)


def _office_line(page: CasePage, made: str) -> str:
    """Whose case it is, and when this was drawn up."""
    office = offices.all_offices().of(page.head.jurisdiction, wiring().clock.today())
    return f"{office.name} · {made}" if office is not None else made


def _member_told(member: Member) -> str:
    """What of a member who leads its master must know; the reporter is no part of it."""
    files = "、".join(f"{file.name}（{file.digest}）" for file in member.files)
    return "\n".join(filter(None, (member.title, member.place, member.description, files and f"证据：{files}")))


def _member_pictures(actor: Actor, members: Sequence[Member]) -> PictureRows:
    """The photos of the members, each under the number of its case."""
    ids = {file.id: f"{member.number} {file.name}" for member in members for file in member.files if file.has_picture}
    rows = reading().scalars(select(EvidenceRow).where(EvidenceRow.id.in_(ids)).order_by(EvidenceRow.id)).all() if ids else ()
    shown = [CaptionedPicture(copy, ids[row.id]) for row in rows if (copy := _copy_if_sound(actor, row)) is not None]
    return tuple((tuple(shown[at:at + 2]), "") for at in range(0, len(shown), 2))


def proof_of(page: CasePage) -> tuple[tuple[str, str], ...]:
    """The hashes that the dossier rests on, and whether the case's stream holds."""
    head, now = page.head, evidence_set_digest(page.dossier().exhibits)
    lines = [("证据集指纹（现在）", now)]
    if head.evidence_digest:
        same = "，与现在一致" if head.evidence_digest == now else "；此后又补充了文件，与现在不同"
        lines.append(("证据集指纹（销号时）", head.evidence_digest + same))
    bad = first_bad(ledger.stream_of(reading(), head.stream), {
        mark: digest for mark, (_, digest) in ledger.redactions(reading()).items()})
    held = "逐条核验，前后衔接" if bad is None else f"第 {bad[0].seq} 条核验不符：{bad[1]}"
    return (*lines, ("账本", f"{head.stream}，共 {len(page.facts)} 条，{held}"),
            ("账本末条指纹", page.facts[-1].digest if page.facts else "—"), ("账本签名头", short_head(reading()) or "—"))


def _picture_rows(copies: Mapping[int, bytes | None], page: CasePage,
                  told: CaseWords) -> PictureRows:
    """Pairs side by side, then the photos that stand alone, two in a row."""
    shown = {evidence_id: content for evidence_id, content in copies.items() if content is not None}
    paired = [((*([before] if before else []), after), words) for before, after, words in told.pairs]
    alone = [e.id for e in page.loose()]
    rows = paired + [(tuple(alone[at:at + 2]), "") for at in range(0, len(alone), 2)]
    return tuple((tuple(CaptionedPicture(shown[i], told.captions[i]) for i in ids if i in shown), words) for ids, words in rows)


def _shown_copies(actor: Actor, page: CasePage) -> dict[int, bytes | None]:
    """The copies that may be shown: no place, no device; None where there is none any more. A photo of several pairs is read
    once."""
    query = select(EvidenceRow).where(EvidenceRow.subject == page.head.stream, EvidenceRow.shown_digest.is_not(None))
    return {row.id: _copy_if_sound(actor, row) for row in reading().scalars(query).all()}


def _copy_if_sound(actor: Actor, row: EvidenceRow) -> bytes | None:
    try:
        return copy_of(actor, row)
    except Broken:
        return None
