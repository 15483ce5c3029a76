"""Signing with eyes open: what each case rests on is shown before it is signed for, and what is sent proves that it was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.say import Say
from tracker.services.cases.register.bulk import BulkStep, PickedCase
from tracker.services.evidence import evidence
from tracker.services.house.work import reading
from tracker.storage.cases.exhibits import EvidenceLine
from tracker.storage.cases.register import signing
from tracker.storage.cases.register.signing import SignedFor
from tracker.web.cases.step_context import Gate
from tracker.web.cases.timeline import Sentence, sentence
from tracker.web.cases.view import Pair, pairs_among
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor


@dataclass(frozen=True)
class SigningView:
    """One case before somebody's eyes: what was answered, the pairs of this round, other photos from the site, the gate, what to
    look at twice, and the seal that says all this was shown."""

    answered: tuple[Sentence, ...]
    pairs: list[Pair]
    onsite: tuple[EvidenceLine, ...]
    papers: tuple[EvidenceLine, ...]
    gate: tuple[Gate, ...]
    warnings: tuple[Say, ...]
    seal: str


def views_of(step: BulkStep, picked: Sequence[PickedCase]) -> dict[str, SigningView]:
    """What is shown of each case that the step is open for; nothing where nobody signs."""
    if not step.is_signed or not picked:
        return {}
    found = signing.signed_for(reading(), current_actor().scope(), [each.number for each in picked])
    return {each.number: _view_of(step, each, found[each.number]) for each in picked if each.number in found}


def shown_digests() -> dict[str, str]:
    """Of which cases this person was shown the evidence, and which evidence, as the seals that were sent say."""
    found: dict[str, str] = {}
    for sealed in request.form.getlist("shown"):
        try:
            person, number, digest = _eyes_seal().loads(sealed)
        except (BadSignature, ValueError):
            continue
        if person == current_actor().id:
            found[number] = digest
    return found


def confirmed(rows: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The rows that were ticked, one by one or all of them."""
    if request.form.get("seen_all"):
        return list(rows)
    seen = set(request.form.getlist("seen"))
    return [row for row in rows if row[0] in seen]


def _view_of(step: BulkStep, picked: PickedCase, case: SignedFor) -> SigningView:
    newest = (next((e for e in reversed(case.facts) if e.kind in kinds), None) for kinds in CASE_FLOW.steps[step.name].answers)
    pairs = [pair for pair in pairs_among(case.evidence) if pair.after.round == case.dossier.round]
    gate = tuple(each for each in evidence.checklist({step.name: case.close_gate}, case.dossier))
    return SigningView(
        tuple(sentence(entry, {}, {}) for entry in newest if entry is not None), pairs,
        tuple(e for e in case.evidence if e.role is EvidenceRole.onsite and e.has_picture),
        tuple(e for e in case.evidence if not e.has_picture), gate, tuple(_warnings_of(case, pairs)),
        str(_eyes_seal().dumps([current_actor().id, picked.number, case.digest])))


def _warnings_of(case: SignedFor, pairs: Sequence[Pair]) -> Iterator[Say]:
    """What one would overlook in a row of many."""
    if not pairs and not case.dossier.is_history:
        yield Say("本轮没有整改前后的照片对比。")
    if case.dossier.has_no_work_basis:
        yield Say("本案以“无需整改”报送，没有整改后照片。")
    if case.dossier.is_history:
        yield Say("本案是导入的历史案件，整改和核查不在本系统办理。")
    if case.dossier.round > 1:
        yield Say("本案曾被退回，这是第 {round} 轮整改。", round=case.dossier.round)
    for unit, due_on in case.owing:
        yield Say("{unit}应于{day}前提出协办意见，已超期：销号须写明理由。" if due_on < today().on
                  else "{unit}还没有提出协办意见。", unit=unit, day=due_on)


def _eyes_seal() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="evidence-shown")
