"""What proves a draw: the committed roster, the secret, the witnessed value and the result, as a bundle for anybody."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Invalid, WrongState
from tracker.domain.house.say import Say
from tracker.domain.inspection.drawing import Roster, canonical_json, draw, faults_of_proof, roster_from
from tracker.domain.inspection.draws import KIND, DrawState, DrawSteps
from tracker.services.acts import access
from tracker.services.house.work import reading, wiring
from tracker.services.inspection.bundle_texts import README, SCRIPT
from tracker.storage.acts.page import ActPage
from tracker.storage.cases.entries import FactEntry, entries
from tracker.storage.inspection.draws import DrawRow

ROSTER, PROOF, RESULT = "roster.json", "proof.json", "result.json"
NUMBERS = ("roster_digest", "commitment", "seed", "result_digest")
DAY = (1980, 1, 1, 0, 0, 0)  # of every member, so that the same bundle has the same bytes
MOST_BYTES = 50 * 1024 ** 2


@dataclass(frozen=True)
class Proof:
    """The published numbers of a draw, and which of them do not follow."""

    number: str
    told: Mapping[str, str]
    faults: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether everything follows."""
        return not self.faults


@dataclass(frozen=True)
class DrawRecord:
    """A draw with its row, its page, and what its facts said."""

    page: ActPage
    row: DrawRow
    committed: FactEntry | None
    drawn: FactEntry | None

    @property
    def roster_text(self) -> str:
        """The committed roster as it lies in the store; "" where it is not text."""
        return wiring().blobs.get(self.row.roster_digest).decode(errors="replace") if self.row.roster_digest else ""

    @property
    def roster(self) -> Roster:
        """The roster of that text."""
        return roster_from(json.loads(self.roster_text))


def record_for(actor: Actor, number: str) -> DrawRecord:
    """A draw that the actor reads. Absent and forbidden look alike: raises `NotFound`."""
    page = access.page_for(actor, number)
    row = reading().scalar(select(DrawRow).where(DrawRow.act_id == page.head.id))
    if page.head.kind != KIND or row is None:
        raise access.no_such_act(number)
    facts = entries(reading(), page.head.stream)
    said = {kind: next((each for each in facts if each.kind == kind), None) for kind
            in (DrawSteps.commit.fact, DrawSteps.draw.fact)}
    return DrawRecord(page, row, said[DrawSteps.commit.fact], said[DrawSteps.draw.fact])


def proof_of(actor: Actor, number: str) -> Proof:
    """The numbers of a draw, computed again. Raises `NotFound`, `WrongState` before it was drawn."""
    found = record_for(actor, number)
    told = _numbers_told(found)
    return Proof(found.page.head.number, told, _faults_in(found.roster_text, told))


def proof_in(path: Path) -> Proof:
    """The same of a bundle in a file. Raises `Invalid` for what is none."""
    try:
        with zipfile.ZipFile(path) as bundle:
            if sum(member.file_size for member in bundle.infolist()) > MOST_BYTES:
                raise Invalid(Say("“{name}”不是抽取验证包。", name=path.name), field="file")
            roster, told = bundle.read(ROSTER).decode(), json.loads(bundle.read(PROOF))
        return Proof(str(told["number"]), told, _faults_in(roster, told))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, TypeError):
        raise Invalid(Say("“{name}”不是抽取验证包。", name=path.name), field="file") from None


def bundle_of(actor: Actor, number: str) -> bytes:
    """Everything that is needed to repeat a draw, once it is closed. Raises `NotFound`, `WrongState`."""
    found = record_for(actor, number)
    if found.page.head.state != DrawState.closed:
        raise WrongState("抽取结束以后才有验证包。", code="not_closed")
    told = _numbers_told(found)
    result = canonical_json(draw(found.roster, told["seed"]).told())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in ((ROSTER, found.roster_text),
                              (PROOF, json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)),
                              (RESULT, result), ("xh_draw_1.py", SCRIPT), ("README.txt", README.format(**told))):
            bundle.writestr(zipfile.ZipInfo(name, DAY), content.encode())
    return out.getvalue()


def _numbers_told(found: DrawRecord) -> dict[str, str]:
    if found.drawn is None or found.committed is None:
        raise WrongState(Say("{number} 还没有抽取。", number=found.page.head.number), code="not_drawn")
    return {"number": found.page.head.number, "secret": str(found.drawn.details["secret"]), "witness": found.row.witness,
            "witness_source": f"{found.committed.details.get('witness_source') or ''} {found.row.witness_on}",
            **{name: str(getattr(found.row, name)) for name in NUMBERS}}


def _faults_in(roster: str, told: Mapping[str, str]) -> tuple[str, ...]:
    return faults_of_proof(roster, told["secret"], told["witness"], **{name: told[name] for name in NUMBERS})


