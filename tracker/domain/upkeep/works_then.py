"""The works of a case replayed: set by the list of that day, and scored as the answers say?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.domain.cases.facts import CaseFacts
from tracker.domain.cases.step_rows import CaseStep
from tracker.domain.cases.works.items import NO_RESULT, CaseWorks, CheckSheet, read_works
from tracker.domain.cases.works.scoring import ItemAnswer, Score, idle_works, results_of, score_of
from tracker.domain.cases.works.standards import PASS_MARK, WORK_STANDARDS, sheet_of
from tracker.domain.upkeep.breaches import Wrong
from tracker.domain.upkeep.folded_case import FoldedCase
from tracker.domain.upkeep.rules_then import RulesThen


@dataclass(frozen=True)
class WorksStep:
    """One fact of a step that asks for works, with what stood beside it."""

    case: FoldedCase
    step: CaseStep
    law: CaseFacts
    on: date
    position: int
    payload: Mapping[str, Any]
    rules: RulesThen


def sheet_then(case: FoldedCase, rules: RulesThen, position: int) -> CheckSheet | None:
    """By what the works of a case were judged; None where it had none."""
    works = case.works
    if not works["works"] or works["standard"] is None:
        return None
    value = rules.value(WORK_STANDARDS, works["standard_from"] or date.min, position)
    return sheet_of(value, works["standard"], works["standard_from"], works["works"])


def wrong_works(taken: WorksStep) -> Wrong | None:
    """What is wrong with the works that a fact sets, or with what it says of them."""
    told = (taken.payload.get("set") or {}).get("works")
    if taken.step.knows_works:
        return Wrong.other_works if told is not None and not _is_lawful(taken, read_works(told)) else None
    if taken.law.sheet is None:
        return Wrong.other_score if told is not None else None
    answers = taken.payload.get("checklist")
    if answers is None:
        return Wrong.other_score if taken.step.has_gate or told is not None else None
    return _wrong_score(taken, taken.law.sheet, answers, told)


def _is_lawful(taken: WorksStep, new: CaseWorks) -> bool:
    """Whether these works may be set: once the work was handed in they only become fewer; the version stays, or is that day's."""
    old = taken.case.works
    if any(result != old["works"].get(work, NO_RESULT) for work, result in new["works"].items()):
        return False
    if not new["works"]:
        return bool(old["works"])
    if taken.law.has_been_submitted and (new["standard"] != old["standard"] or not set(new["works"]) <= set(old["works"])):
        return False
    since = old["standard_from"] if old["works"] else taken.rules.since(WORK_STANDARDS, taken.on, taken.position)
    return new["standard_from"] == since


def _wrong_score(taken: WorksStep, sheet: CheckSheet, answers: Mapping[str, str], told: Any) -> Wrong | None:
    if set(answers) != {item.code for item in sheet.items} or not set(answers.values()) <= set(ItemAnswer):
        return Wrong.other_score
    score = score_of(sheet.items, answers)
    if told is None or idle_works(sheet.items, answers) or not _is_that_score(taken, score, told):
        return Wrong.other_score
    mark = taken.rules.number(PASS_MARK, taken.on, taken.position)
    return Wrong.score_too_low if taken.step.has_gate and not score.passes(mark) else None


def _is_that_score(taken: WorksStep, score: Score, told: Any) -> bool:
    kept = taken.case.works
    wanted: CaseWorks = {**kept, "works": results_of(score, taken.case.round)}
    return bool(read_works(told) == wanted and taken.payload.get("score") == str(score.points))
