"""What stands above the form of a step: what the step answers, which evidence it asks for, and the photos it is about."""

from dataclasses import dataclass, field

from tracker.domain.cases.columns import awaited_in
from tracker.domain.cases.facts import AWAITS_LEAD
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.step_rows import CaseStep
from tracker.domain.evidence.evidence import EvidenceRole, GateLine
from tracker.domain.house.say import Say
from tracker.services.cases.due_sheets import told_ahead
from tracker.services.evidence import evidence
from tracker.storage.cases.exhibits import EvidenceLine
from tracker.storage.cases.page import CasePage
from tracker.web.cases.timeline import Sentence, sentence
from tracker.web.cases.view import Pair, pairs_of
from tracker.web.house.business_day import today

Gate = tuple[str, tuple[GateLine, ...]]


@dataclass(frozen=True)
class Context:
    """What a reader has before their eyes. `befores` are the photos that an after-photo is to match."""

    answered: tuple[Sentence, ...]
    gate: tuple[Gate, ...] = ()
    befores: tuple[EvidenceLine, ...] = ()
    pairs: list[Pair] = field(default_factory=list)
    is_open: bool = False
    due_ahead: tuple[Say, ...] = ()
    silent: tuple[str, ...] = ()

    @property
    def lacks_files(self) -> bool:
        """Whether the step is refused unless files come along."""
        return any(not line.is_present for _, lines in self.gate for line in lines)


def context_of(name: str, page: CasePage) -> Context:
    """What belongs above the form of this step of this case."""
    step = CASE_FLOW.steps[name]
    gates = evidence.checklist(page.head.gates, page.dossier()) if step.has_gate else ()
    shows_after = step.photo_role is EvidenceRole.after
    befores = tuple(e for e in page.evidence if e.role is EvidenceRole.before and e.has_picture) if shows_after else ()
    pairs = [pair for pair in pairs_of(page) if pair.after.round == page.head.round] if step.compares_photos else []
    return Context(_answered_facts(step, page), tuple(gate for gate in gates if gate[0] == name), befores, pairs,
                   page.head.state in AWAITS_LEAD,  # who decides there reads the case first
                   told_ahead(page.head, name, today().on),
                   silent_units(page) if step.weighs_evidence else ())


def silent_units(page: CasePage) -> tuple[str, ...]:
    """The supporting units whose opinion is still owed, with those whose day has not passed yet."""
    names, owing = dict(zip(page.supporting_unit_ids, page.supporting_units, strict=True)), awaited_in(page.support_days)
    return tuple(names[unit] for unit, _ in owing if unit in names)


def _answered_facts(step: CaseStep, page: CasePage) -> tuple[Sentence, ...]:
    newest = (next((e for e in reversed(page.facts) if e.kind in kinds), None) for kinds in step.answers)
    return tuple(sentence(entry, page.units, page.people) for entry in newest if entry is not None)
