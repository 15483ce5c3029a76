"""Files that a form knows as received already: named by it, and kept when it comes back, so that nothing is chosen again."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from flask import request
from werkzeug.datastructures import FileStorage

from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Refusal
from tracker.services.evidence import uploads
from tracker.services.evidence.evidence import Upload
from tracker.services.evidence.uploads import UploadReceipt
from tracker.services.house import form_claims

KEPT, DROPPED, MORE = "kept", "dropped", "more"


@dataclass(frozen=True)
class KeptFile:
    """A received file as its row in the form shows it: the receipt, and what it was said to show."""

    receipt: UploadReceipt
    role: str


@dataclass(frozen=True)
class Staged:
    """What came of the files of a request: those kept by now, and a sentence for each that could not be."""

    kept: tuple[KeptFile, ...]
    troubles: tuple[str, ...]


def role_named(code: str) -> EvidenceRole | None:
    """The role with this code; None where none was chosen."""
    return next((role for role in EvidenceRole if role.value == code), None)


def asks_for_more() -> bool:
    """Whether the button 「继续添加」 sent the form."""
    return MORE in request.form


def kept_uploads() -> list[Upload]:
    """The received files that the form names, for the deed."""
    return [Upload("", role=role_named(_role_of(each)), client_id=each) for each in _kept_ids()]


def has_files() -> bool:
    """Whether any file was chosen."""
    return any(file.filename for file in request.files.values())


def stage(actor: Actor) -> Staged:
    """Take in every file that came with the form; what was ticked for removal is forgotten."""
    with form_claims.aside():
        return _take_in(actor)


def _take_in(actor: Actor) -> Staged:
    for client_id in request.form.getlist(DROPPED):
        uploads.drop(actor, client_id)
    kept = [KeptFile(receipt, _role_of(receipt.client_id)) for receipt in uploads.mine(actor, _kept_ids())]
    troubles = []
    for slot, file in _chosen_files():
        try:
            kept.append(_receive_file(actor, slot, file))
        except Refusal as refusal:
            troubles.append(refusal.sentence)
    return Staged(tuple(kept), tuple(troubles))


def _receive_file(actor: Actor, slot: str, file: FileStorage) -> KeptFile:
    role = request.form.get(f"{slot}_role", "")
    file.stream.seek(0)
    receipt = uploads.receive(actor, uuid4().hex, file.filename or "", file.read(), role_named(role))
    return KeptFile(receipt, role)


def _chosen_files() -> Iterable[tuple[str, FileStorage]]:
    return ((slot, file) for slot, file in request.files.items(multi=True) if file.filename)


def _kept_ids() -> list[str]:
    dropped = set(request.form.getlist(DROPPED))
    return [each for each in dict.fromkeys(request.form.getlist(KEPT)) if each not in dropped]


def _role_of(client_id: str) -> str:
    return request.form.get(f"{KEPT}_role_{client_id}", "")
