"""Deeds that move no state: comments, urging, supervision, sponsor, meetings, call-backs, look-backs, corrections."""

from datetime import date

from tracker.domain.cases.facts import Why, is_not_the_submitter, is_of_no_rectifying_unit
from tracker.domain.cases.flow import Steps
from tracker.domain.cases.intake_fields import CORRECTED_TEXTS
from tracker.domain.cases.wording import sentence, word
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Invalid, NotAllowed, WrongState
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.services.cases.effects import Doing, Effect, sponsor_named, step_deed
from tracker.services.evidence import evidence
from tracker.services.rules import rules
from tracker.storage.cases.rows import typed


@step_deed(Steps.add_evidence.name)
def add_evidence(doing: Doing) -> Effect:
    """More evidence, of a kind that may still be added; on-site photos only by a verifier, and they begin the verification."""
    role = EvidenceRole(str(doing.given["evidence_role"]))
    if doing.facts.state not in evidence.ADDABLE[role]:
        raise WrongState(f"案件现为“{word(doing.facts.state)}”，不能再补充{word(role)}。", field="evidence_role")
    if not doing.evidence:
        raise Invalid("请选择要补充的照片或文件。", field="files")
    is_onsite = role is EvidenceRole.onsite
    if is_onsite and not doing.actor.has_in(Permission.case_verify, doing.case.jurisdiction):
        raise NotAllowed("核查现场照片只能由核查员补充。", field="evidence_role")
    if is_onsite and not is_not_the_submitter(doing.actor, doing.facts):
        raise NotAllowed(sentence(Why.same_person), code=Why.same_person.value, field="evidence_role")
    if is_onsite and not is_of_no_rectifying_unit(doing.actor, doing.facts):
        raise NotAllowed(sentence(Why.same_unit), code=Why.same_unit.value, field="evidence_role")
    changes = {"verification_begun_at": doing.case.verification_begun_at or doing.work.clock.now()} if is_onsite else {}
    return Effect(changes, {"evidence": doing.evidence} | doing.texts("reason"))


@step_deed(Steps.open_supervision.name)
def open_supervision(doing: Doing) -> Effect:
    """Pressure from above, with a level and a number."""
    return Effect({"supervision_level": doing.given["level"]}, doing.texts("level", "document_no", "reason"))


@step_deed(Steps.lift_supervision.name)
def lift_supervision(doing: Doing) -> Effect:
    """The supervision ends."""
    return Effect({"supervision_level": None}, {"level": doing.case.supervision_level} | doing.texts("reason"))


@step_deed(Steps.set_sponsor.name)
def set_sponsor(doing: Doing) -> Effect:
    """The district leader who sponsors the case."""
    person = sponsor_named(doing.work, str(doing.given["sponsor"]), doing.case.jurisdiction)
    return Effect({"sponsor_id": person.id}, {"from": doing.case.sponsor_id} | doing.texts("reason"))


@step_deed(Steps.escalate.name)
def escalate(doing: Doing) -> Effect:
    """What needs the city."""
    return Effect({"escalated_at": doing.work.clock.now()}, doing.texts("reason"))


@step_deed(Steps.call_back.name)
def call_back(doing: Doing) -> Effect:
    """How the complainant finds the result."""
    return Effect({"satisfaction": doing.given["satisfaction"]}, doing.texts("satisfaction", "text"))


@step_deed(Steps.look_back.name)
def look_back(doing: Doing) -> Effect:
    """A check after closing; only a failed one allows reopening."""
    checked_on = doing.day("checked_on")
    if checked_on is not None and checked_on > doing.today:
        raise Invalid(f"回头看日期 {checked_on} 晚于今天。", field="checked_on")
    failed = doing.given["result"] == "failed"
    return Effect({"is_look_back_failed": failed},
                  {"evidence": doing.evidence, "checked_on": checked_on} | doing.texts("result", "text"))


@step_deed(Steps.correct_field.name)
def correct_field(doing: Doing) -> Effect:
    """Old and new value of a field; of texts that may hold personal data the fact keeps keyed digests only."""
    name, raw = str(doing.given["field"]), str(doing.given["value"])
    old = getattr(doing.case, name)
    value = _read_correction(name, raw, doing.today)
    if value == old:
        raise Invalid("更正后的内容与原来相同。", field="value")
    if name in CORRECTED_TEXTS:
        setattr(doing.case, name, value)
        digest = doing.work.wiring.cipher.keyed_digest
        return Effect({},
                      {"field": name, "old_digest": digest(str(old)), "text_digests": {name: digest(str(value))}}
                      | doing.texts("reason"))
    changes: dict[str, object] = {name: typed(name, value)}
    if name == "area_code":
        changes["jurisdiction"] = value
    return Effect(changes, {"field": name, "old": old, "new": value} | doing.texts("reason"))


def _read_correction(name: str, raw: str, today: date) -> object:
    if name == "received_on":
        value = read(Given("value", "受理日期", FieldKind.date), raw)
        if isinstance(value, date) and value > today:
            raise Invalid(f"受理日期 {value} 晚于今天。", field="value")
        return value
    if name == "area_code":
        area = rules.gazetteer().resolve(raw, today)
        if area is None:
            raise Invalid(f"区划“{raw}”不在本系统的区划表中。", field="value")
        return area.code
    return read(Given("value", "更正为", FieldKind.long_text, longest=CORRECTED_TEXTS[name].longest), raw)
