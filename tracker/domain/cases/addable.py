"""Which kinds of evidence may be added while a case is in which state, and by whom: what a verifier saw is not changed behind
their back."""

from tracker.domain.cases import step_fields as ask
from tracker.domain.cases.facts import ACTIVE, WITH_UNIT
from tracker.domain.cases.facts import CaseState as S
from tracker.domain.cases.step_rows import EITHER, OTHER_PERSON, OTHER_UNIT, VERIFY, ChoiceRow, area
from tracker.domain.evidence.evidence import EvidenceRole as E
from tracker.domain.house.actor import Permission

ADDERS = (area(Permission.case_evidence), EITHER, VERIFY)
ADDABLE = (
    *(ChoiceRow(ask.EVIDENCE_ROLE.name, role.value, states, ADDERS) for role, states in (
        (E.before, (S.registered, *WITH_UNIT)), (E.after, WITH_UNIT), (E.progress, WITH_UNIT), (E.document, ACTIVE))),
    ChoiceRow(ask.EVIDENCE_ROLE.name, E.onsite.value, (S.submitted,), (VERIFY,), (OTHER_PERSON, OTHER_UNIT)),
)
