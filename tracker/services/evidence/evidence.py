"""Evidence: keep what was uploaded, ask the gates, hand files out again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Select, and_, or_, select

from tracker.domain.acts.sight import act_scope
from tracker.domain.cases.flow import CASE_FLOW, Steps
from tracker.domain.cases.step_fields import EVIDENCE_ROLE
from tracker.domain.cases.wording import word
from tracker.domain.evidence.evidence import (
    Dossier,
    EvidenceRole,
    Exhibit,
    GateLine,
    Requirement,
    gate_lines,
    missing,
    seals_original,
    unmatched_photos,
)
from tracker.domain.evidence.sources import gate_from
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Incomplete, Invalid, NotAllowed, NotFound
from tracker.domain.house.say import Listed, Say
from tracker.domain.sites.sight import site_scope
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.evidence.marks import shown_with_mark
from tracker.services.evidence.soundness import OpenedFile, copy_of, original_of
from tracker.services.evidence.uploads import claim, inspect, sealed
from tracker.services.house.work import Work, reading
from tracker.storage.acts.acts import Act
from tracker.storage.acts.scope import readable
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import told_of
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.evidence.uploads import UploadRow
from tracker.storage.sites.register import readable_sites
from tracker.storage.sites.sites import Site

MOST_FILES = 30


@dataclass(frozen=True)
class Upload:
    """A file as it arrived, or by its `client_id` one that was received before. Without a role, the step decides which one it
    plays."""

    name: str
    content: bytes = b""
    role: EvidenceRole | None = None
    client_id: str = ""



class Subject(Protocol):
    """What evidence belongs to: a case, or an act."""

    @property
    def stream(self) -> str: ...
    @property
    def round(self) -> int: ...


def keep(work: Work, subject: Subject, actor: Actor, step: str, uploads: Sequence[Upload], *, is_from_reporter: bool = False,
         has_reporter: bool = False, masking: Callable[[str], str],
         photo_role: EvidenceRole | None = None) -> list[dict[str, object]]:
    """Store the uploads of one step and return what its fact says of them; their names are masked as every text of their
    subject. `photo_role` is what a photo shows where no step of a case says so. Raises `Invalid` naming the file."""
    if len(uploads) > MOST_FILES:
        raise Incomplete(Say("一次最多上传 {most_files} 个文件，现为 {count} 个。", most_files=MOST_FILES, count=len(uploads)), field="files")
    taken = claim(work, actor, [u.client_id for u in uploads if u.client_id], subject.stream)
    strange = next((u for u in uploads if u.role is not None and u.role not in _roles_at(step)), None)
    if strange is not None and strange.role is not None:
        name = taken[strange.client_id].original_name if strange.client_id else strange.name
        raise Invalid(Say("这一步不能上传{role}（“{name}”）。", role=Say(word(strange.role)), name=name), field="files")
    inspected = {index: inspect(u.name, u.content) for index, u in enumerate(uploads) if not u.client_id}
    told = [_file_columns(taken[u.client_id]) if u.client_id else sealed(u.name, u.content, inspected[index])
            for index, u in enumerate(uploads)]
    usual = photo_role or _usual_role(work, subject, step)
    rows = [_evidence_row(work, subject, actor, upload.role or usual, columns)
            for upload, columns in zip(uploads, told, strict=True)]
    for received in taken.values():
        received.original_name = masking(received.original_name)
    for row in rows:
        row.original_name = masking(row.original_name)
        row.is_original_sealed = seals_original(row.media_type.startswith("image/"), is_from_reporter, has_reporter)
    work.session.add_all(rows)
    work.session.flush()
    _pair_photos(work, subject, rows)
    return [_told_of(row) for row in rows]


def keep_made(work: Work, subject: Subject, actor: Actor, name: str, content: bytes, media_type: str) -> list[dict[str, object]]:
    """A document that a step has made itself, as evidence of its subject; what its fact says of it."""
    row = EvidenceRow(subject=subject.stream, role=EvidenceRole.document, round=subject.round, original_name=name,
                      size=len(content),
                      media_type=media_type, digest=work.wiring.blobs.put(content), uploaded_by_id=actor.id,
                      uploaded_at=work.clock.now())
    work.session.add(row)
    work.session.flush()
    return [_told_of(row)]


def _told_of(row: EvidenceRow) -> dict[str, object]:
    said: dict[str, object] = {"id": row.id, "role": row.role.value, "sha256": row.digest, "media_type": row.media_type}
    return said | ({"is_original_sealed": True} if row.is_original_sealed else {})


def _roles_at(step: str) -> frozenset[EvidenceRole]:
    """What a file may show at a step: who rectifies brings no on-site photo of the verification, who verifies nothing else."""
    if step in CASE_FLOW.steps and EVIDENCE_ROLE in CASE_FLOW.steps[step].given:
        return frozenset(EvidenceRole)
    visit = frozenset({EvidenceRole.onsite, EvidenceRole.document})
    return visit if _photo_role_at(step) is EvidenceRole.onsite else frozenset(EvidenceRole) - {EvidenceRole.onsite}


def _photo_role_at(step: str) -> EvidenceRole:
    """What a photo shows when nothing is said, at a step or at the registration; a paper is always a document."""
    return CASE_FLOW.steps[step].photo_role if step in CASE_FLOW.steps else EvidenceRole.before


def _usual_role(work: Work, subject: Subject, step: str) -> EvidenceRole:
    """The same of this subject: a first look shows it before the work, where nothing does yet."""
    row = CASE_FLOW.steps.get(step)
    if row is None or not row.is_first_look:
        return _photo_role_at(step)
    shown = work.session.scalar(_befores_of(subject).limit(1))
    return row.roles_where(is_shown_before=shown is not None)[0]


def dossier(case: Case) -> Dossier:
    """What the case has to show."""
    return _dossier_of(case,
                       reading().scalars(select(EvidenceRow).where(EvidenceRow.subject == case.stream).order_by(EvidenceRow.id)))


def _dossier_of(case: Case, rows: Iterable[EvidenceRow]) -> Dossier:
    exhibits = tuple(Exhibit(r.id, r.role, r.digest, r.round, r.media_type.startswith("image/"), r.pair_id) for r in rows)
    return Dossier(exhibits, case.round, has_no_work_basis=case.has_no_work_basis,
                   has_onsite_record=case.verified_at is not None, is_history=case.history == "imported")


def closing_gaps(case: Case, shown: Dossier | None = None) -> tuple[Requirement, ...]:
    """What the case still lacks for its closing; `shown` where what it has to show was read already."""
    return missing(gate_from(case.source.close_gate), shown or dossier(case))


def closing_gaps_of(cases: Sequence[Case]) -> dict[int, tuple[Requirement, ...]]:
    """The same for many cases by id, in one statement."""
    query = select(EvidenceRow).where(EvidenceRow.subject.in_([case.stream for case in cases])).order_by(EvidenceRow.id)
    shown: dict[str, list[EvidenceRow]] = {}
    for row in reading().scalars(query):
        shown.setdefault(row.subject, []).append(row)
    return {case.id: missing(gate_from(case.source.close_gate), _dossier_of(case, shown.get(case.stream, ()))) for case in cases}


def checklist(gates: Mapping[str, str], shown: Dossier) -> tuple[tuple[str, tuple[GateLine, ...]], ...]:
    """Each step's gate line by line, present or missing, as the gate itself judges it; what asks for nothing is left out.

    A case that arrived handled knows only the gate of its closing.
    """
    asked = {Steps.close.name: gates[Steps.close.name]} if shown.is_history else gates
    told = ((step, gate_lines(gate_from(gate), shown)) for step, gate in asked.items())
    return tuple((step, lines) for step, lines in told if lines)


def require(gate: str, shown: Dossier) -> None:
    """Raise `Incomplete` naming every requirement of the gate that does not hold."""
    gaps = missing(gate_from(gate), shown)
    if gaps:
        raise Incomplete(Say("证据不齐，还缺：{gaps}。", gaps=Listed(Say(word(gap)) for gap in gaps)), code="evidence_missing",
                         field="files")


def require_matched(gate: str, shown: Dossier) -> None:
    """Raise `Incomplete` where fewer photos show the place after the work than before it."""
    befores, afters = unmatched_photos(gate_from(gate), shown)
    if befores:
        raise Incomplete(Say("整改前照片有 {befores} 张，本轮整改后照片只有 {afters} 张：请逐张补拍，或在“未逐张对应的原因”里说明。",
                             befores=befores, afters=afters), code="photos_unmatched", field="unmatched")


def open_file(actor: Actor, evidence_id: int, size: str = "shown") -> OpenedFile:
    """A file of a case that the actor is told of, of an act or of a site that they read. `size` is thumb, shown or original; of a
    sealed original the shown copy is handed out instead. Raises `NotFound`, `NotAllowed` for a sealed one of which there is no
    copy, `Broken` for one that is not what came in."""
    found = reading().execute(
        select(EvidenceRow, Case.place).outerjoin(Case, EvidenceRow.subject == "case:" + Case.number)
        .outerjoin(Act, EvidenceRow.subject == "act:" + Act.number).outerjoin(Site, EvidenceRow.subject == "site:" + Site.code)
        .where(EvidenceRow.id == evidence_id,
               or_(and_(Case.id.is_not(None), told_of(actor.scope())),
                   and_(Act.id.is_not(None), readable(act_scope(actor, ACT_FLOWS))),
                   and_(Site.id.is_not(None), readable_sites(site_scope(actor)))))
    ).first()
    if found is None:
        raise NotFound("没有找到这份证据，或您无权查看。")
    row, place = found
    if row.is_original_sealed and row.shown_digest is None:
        raise NotAllowed("这份文件由举报人或群众提供，原件已封存，没有可以展示的副本；只有身份保管员能打开。", code="original_sealed")
    if row.shown_digest is None or (size == "original" and not row.is_original_sealed):
        return original_of(actor, row)
    copy = copy_of(actor, row, is_thumb=size == "thumb")
    if size != "thumb":
        copy = shown_with_mark(copy, row, place or "")
    return OpenedFile(copy, "image/jpeg", f"{row.id}.jpg", len(copy))


FILE_COLUMNS = ("original_name", "media_type", "size", "digest", "shown_digest", "thumb_digest", "taken_at", "lat", "lng")


def _file_columns(row: UploadRow) -> dict[str, Any]:
    """What a received file already knows of itself."""
    return {name: getattr(row, name) for name in FILE_COLUMNS}


def _evidence_row(work: Work, subject: Subject, actor: Actor, photo_role: EvidenceRole,
                  columns: Mapping[str, Any]) -> EvidenceRow:
    is_photo = columns["media_type"].startswith("image/")
    return EvidenceRow(
        subject=subject.stream, role=photo_role if is_photo else EvidenceRole.document, round=subject.round,
        uploaded_by_id=actor.id, uploaded_at=work.clock.now(), **columns,
    )


def _befores_of(subject: Subject) -> Select[int]:
    """The ids of what shows it before the work, the oldest first."""
    return select(EvidenceRow.id).where(EvidenceRow.subject == subject.stream,
                                        EvidenceRow.role == EvidenceRole.before).order_by(EvidenceRow.id)


def _pair_photos(work: Work, subject: Subject, rows: list[EvidenceRow]) -> None:
    """Tie after-photos to before-photos: in order of arrival, the last before-photo standing for the rest."""
    afters = [r for r in rows if r.role is EvidenceRole.after]
    if not afters:
        return
    befores = list(work.session.scalars(_befores_of(subject)))
    for index, row in enumerate(afters):
        if befores:
            row.pair_id = befores[min(index, len(befores) - 1)]
    work.session.flush()
