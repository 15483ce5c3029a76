"""Evidence: what a gate asks for, what is missing, and the hash of the exact set that a closing rests on."""

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

LONGEST_NAME = 200
UNSEEN = ("Cc", "Cf", "Cs")  # control characters, marks of direction, halves of characters
ENDINGS: dict[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg", ".jfif"), "image/png": (".png",), "image/webp": (".webp",), "image/heic": (".heic", ".heif"),
    "image/heif": (".heic", ".heif"), "application/pdf": (".pdf",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
}


class EvidenceRole(StrEnum):
    """What a file shows."""

    before = "before"
    after = "after"
    onsite = "onsite"
    progress = "progress"
    document = "document"


class Requirement(StrEnum):
    """One line of an evidence gate. A source lists which ones apply at which step."""

    after_photo = "after_photo"
    before_after_pair = "before_after_pair"
    onsite_photo = "onsite_photo"
    onsite_record = "onsite_record"
    closing_document = "closing_document"


@dataclass(frozen=True)
class Exhibit:
    """One piece of evidence as the gate sees it. `pair_id` ties an after-photo to its before-photo."""

    id: int
    role: EvidenceRole
    digest: str
    round: int
    is_photo: bool
    pair_id: int | None = None


@dataclass(frozen=True)
class Dossier:
    """What a case has to show when a gate is asked."""

    exhibits: tuple[Exhibit, ...]
    round: int
    has_no_work_basis: bool = False
    has_onsite_record: bool = False
    is_history: bool = False


@dataclass(frozen=True)
class GateLine:
    """One requirement of a gate: whether it holds, and the exhibits that speak to it."""

    requirement: Requirement
    is_present: bool
    exhibit_ids: tuple[int, ...] = ()


def seals_original(is_picture: bool, is_from_reporter: bool, has_reporter: bool) -> bool:
    """Whether an original betrays who reported, by its place and device: what was said to come from a reporter, and a picture
    that came in together with one. A paper that came with a reporter is the complaint itself, and is read."""
    return is_from_reporter or (is_picture and has_reporter)


def plain_name(name: str) -> str:
    """A file's name as it may be shown: without characters that nobody sees, such as those that turn the rest of it round."""
    return "".join(c for c in name if unicodedata.category(c) not in UNSEEN).strip()[-LONGEST_NAME:] or "file"


def saved_name(name: str, media_type: str) -> str:
    """The name under which a file is handed out: its ending says what it is, so that no picture opens as a page or a program."""
    bare, endings = plain_name(name), ENDINGS.get(media_type, ())
    return bare if not endings or bare.lower().endswith(endings) else f"{bare}{endings[0]}"


def gate_lines(requirements: Iterable[Requirement], dossier: Dossier) -> tuple[GateLine, ...]:
    """Every requirement, in its order, as the gate judges it. A case imported as handled needs a closing document instead."""
    return tuple(GateLine(r, _HOLDS[r](dossier), _spoken_for(r, dossier)) for r in _asked_of(requirements, dossier))


def missing(requirements: Iterable[Requirement], dossier: Dossier) -> tuple[Requirement, ...]:
    """The requirements that do not hold."""
    return tuple([r for r in _asked_of(requirements, dossier) if not _HOLDS[r](dossier)])


def _asked_of(requirements: Iterable[Requirement], dossier: Dossier) -> Iterable[Requirement]:
    return (Requirement.closing_document,) if dossier.is_history else requirements


def evidence_set_digest(exhibits: Iterable[Exhibit]) -> str:
    """SHA-256 over the sorted (role, digest) lines: the exact evidence a decision rests on."""
    lines = sorted(f"{e.role.value} {e.digest}" for e in exhibits)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _spoken_for(requirement: Requirement, dossier: Dossier) -> tuple[int, ...]:
    """The exhibits of this round that are of the kind asked for."""
    role = _SHOWN_BY.get(requirement)
    if role is EvidenceRole.document:
        return tuple(e.id for e in dossier.exhibits if e.role is role)
    return tuple(e.id for e in dossier.exhibits if e.role is role and e.is_photo and e.round == dossier.round)


def _photos_of(dossier: Dossier, role: EvidenceRole) -> list[Exhibit]:
    return [e for e in dossier.exhibits if e.role is role and e.is_photo]


def unmatched_photos(gate: Iterable[Requirement], dossier: Dossier) -> tuple[int, int]:
    """Where the gate asks for after-photos and this round has fewer of them than there are before-photos: how many there are of
    each, before and after; else (0, 0)."""
    befores, afters = len(_photos_of(dossier, EvidenceRole.before)), len(_spoken_for(Requirement.after_photo, dossier))
    asks = {Requirement.after_photo, Requirement.before_after_pair} & set(gate)
    return (befores, afters) if asks and not dossier.has_no_work_basis and 0 < afters < befores else (0, 0)


def _has_after_photo(dossier: Dossier) -> bool:
    return dossier.has_no_work_basis or any(e.round == dossier.round for e in _photos_of(dossier, EvidenceRole.after))


def _has_photo_pair(dossier: Dossier) -> bool:
    befores = {e.id for e in _photos_of(dossier, EvidenceRole.before)}
    afters = [e for e in _photos_of(dossier, EvidenceRole.after) if e.round == dossier.round]
    return dossier.has_no_work_basis or any(e.pair_id in befores for e in afters)


_SHOWN_BY = {
    Requirement.after_photo: EvidenceRole.after, Requirement.before_after_pair: EvidenceRole.after,
    Requirement.onsite_photo: EvidenceRole.onsite, Requirement.closing_document: EvidenceRole.document,
}
_HOLDS: Mapping[Requirement, Callable[[Dossier], bool]] = {
    Requirement.after_photo: _has_after_photo,
    Requirement.before_after_pair: _has_photo_pair,
    Requirement.onsite_photo: lambda d: any(e.round == d.round for e in _photos_of(d, EvidenceRole.onsite)),
    Requirement.onsite_record: lambda d: d.has_onsite_record,
    Requirement.closing_document: lambda d: any(e.role is EvidenceRole.document for e in d.exhibits),
}
