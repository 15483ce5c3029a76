"""What stands above the form of a step: what the step answers, which evidence it asks for, and the photos it is about."""

from dataclasses import dataclass, field

from tracker.domain.cases.facts import CaseState
from tracker.domain.evidence.evidence import EvidenceRole, GateLine
from tracker.services.evidence import evidence
from tracker.storage.cases.page import CasePage, EvidenceLine
from tracker.web.cases.timeline import Sentence, sentence
from tracker.web.cases.view import Pair, pairs_of

Kinds = tuple[str, ...]
Gate = tuple[str, tuple[GateLine, ...]]
ASSIGNED: Kinds = ("case:assigned", "case:designated")
SENT_BACK: Kinds = ("case:rejected", "case:close_refused", "case:objection_sustained", "case:reopened")
SUBMITTED: Kinds = ("case:submitted",)
VERIFIED: Kinds = ("case:verified",)
# The facts that a step answers: the newest of each group is told above its form.
ANSWERS: dict[str, tuple[Kinds, ...]] = {
    "assign": (("case:return_granted", "case:disputed", "case:unmerged"),), "acknowledge": (ASSIGNED,),
    "request_return": (ASSIGNED,),
    "grant_return": (("case:return_requested",),), "refuse_return": (("case:return_requested",),),
    "designate": (("case:disputed",),),
    "grant_extension": (("case:extension_requested",),), "refuse_extension": (("case:extension_requested",),),
    "grant_phase": (("case:phase_requested",),), "refuse_phase": (("case:phase_requested",),), "resume": (("case:suspended",),),
    "resume_phase": (("case:phase_granted",),), "submit": ((*ASSIGNED, *SENT_BACK),), "withdraw": (SUBMITTED,),
    "verify": (SUBMITTED,), "reject": (SUBMITTED,), "open_notice": (SUBMITTED, VERIFIED), "close": (SUBMITTED, VERIFIED),
    "refuse_close": (SUBMITTED, VERIFIED), "reopen": (("case:looked_back",),),
}
GATED = frozenset({"submit", "verify", "close"})
COMPARED = frozenset({"verify", "reject", "close", "refuse_close"})
UNKNOWN_YET = frozenset({CaseState.registered, CaseState.disputed})  # who decides here reads the case first


@dataclass(frozen=True)
class Context:
    """What a reader has before their eyes. `befores` are the photos that an after-photo is to match."""

    answered: tuple[Sentence, ...]
    gate: tuple[Gate, ...] = ()
    befores: tuple[EvidenceLine, ...] = ()
    pairs: list[Pair] = field(default_factory=list)
    is_open: bool = False

    @property
    def lacks_files(self) -> bool:
        """Whether the step is refused unless files come along."""
        return any(not line.is_present for _, lines in self.gate for line in lines)


def context_of(step: str, page: CasePage) -> Context:
    """What belongs above the form of this step of this case."""
    gates = evidence.checklist(page.head.gates, page.dossier()) if step in GATED else ()
    befores = tuple(e for e in page.evidence if e.role is EvidenceRole.before and e.has_picture) if step == "submit" else ()
    pairs = [pair for pair in pairs_of(page) if pair.after.round == page.head.round] if step in COMPARED else []
    return Context(_answered_facts(step, page), tuple(gate for gate in gates if gate[0] == step), befores, pairs,
                   page.head.state in UNKNOWN_YET)


def _answered_facts(step: str, page: CasePage) -> tuple[Sentence, ...]:
    newest = (next((e for e in reversed(page.facts) if e.kind in kinds), None) for kinds in ANSWERS.get(step, ()))
    return tuple(sentence(entry, page.units, page.people) for entry in newest if entry is not None)
