"""What a verifier answered to the items of a case: the score, what stands in the fact, and why it is not enough."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from tracker.domain.cases.columns import CaseChanges
from tracker.domain.cases.works.fields import ITEM, REMARK, answers_in, remarks_in
from tracker.domain.cases.works.items import CheckItem, CheckSheet
from tracker.domain.cases.works.scoring import ItemAnswer, Score, idle_works, results_of, score_of
from tracker.domain.cases.works.standards import PASS_MARK
from tracker.domain.evidence.evidence import Dossier, EvidenceRole
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.masking import mask_text
from tracker.domain.house.say import Listed, Say, finished
from tracker.domain.territory.routing import WORKS
from tracker.services.cases.effects import Doing
from tracker.services.cases.works.sheets import sheet_of_case
from tracker.services.house.work import reading
from tracker.services.rules import values
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import visible
from tracker.storage.cases.works.rows import works_of


@dataclass(frozen=True)
class JudgedWorks:
    """What the answers change and what the fact says of them; nothing where nothing was asked, or nothing answered."""

    changes: CaseChanges = field(default_factory=CaseChanges)
    details: Mapping[str, object] = field(default_factory=dict)
    score: Score | None = None


def judged_works(doing: Doing, shown: Dossier | None = None) -> JudgedWorks:
    """The answers judged. Raises `Incomplete` where only some were given, where a must is said not to apply without a reason, or
    where a photo is missing; `Invalid` where all of a work is said not to apply. `shown` is what the case has to show."""
    sheet = doing.facts.sheet
    answers = answers_in(sheet, doing.given) if sheet is not None else {}
    if sheet is None or not answers:
        return JudgedWorks()
    remarks = {code: mask_text(text) for code, text in remarks_in(sheet, doing.given).items()}
    _check_answers(sheet, answers, remarks)
    if shown is not None:
        _check_photos(sheet, answers, shown)
    score, told = score_of(sheet.items, answers), works_of(doing.work.session, doing.case.id)
    said = "\n".join(Say("{item}：{remark}", item=item.name, remark=remarks[item.code]) for item in sheet.items if item.code
                     in remarks)
    return JudgedWorks(
        {"works": {**told, "works": results_of(score, doing.case.round)}},
        {"checklist": answers, "score": str(score.points), "got": score.got, "most": score.most,
         **({"remarks": said} if said else {})},
        score)


def require_pass(doing: Doing, judged: JudgedWorks) -> None:
    """Raise `Invalid` with every reason why the works do not pass: the musts that fail, by name, and a score that is too low."""
    mark = values.number(PASS_MARK, doing.today)
    if judged.score is None or judged.score.passes(mark):
        return
    first = next((item for item in judged.score.failed_musts or judged.score.failed), None)
    raise Invalid(Say("整治核查不合格，不能通过：{reasons}。", reasons=Listed(failing_reasons(judged.score, mark), "；")), code="works_failed",
                  field=f"{ITEM}{first.code}" if first is not None else None)


def failing_reasons(score: Score, mark: int) -> list[str]:
    """Why works do not pass, a clause each: what must hold and does not, what else fails, and the score."""
    musts, others = score.failed_musts, [item for item in score.failed if not item.is_must]
    said: list[str] = []
    if musts:
        said.append(Say("★ 否决项为“否”：{items}", items=_names_listed(musts)))
    if others:
        said.append(Say("为“否”：{items}", items=_names_listed(others)))
    if score.points < mark:
        said.append(Say("评分 {got}/{most} = {points}，低于 {mark} 分", got=score.got, most=score.most, points=str(score.points),
                        mark=mark))
    return said


def proposed_reason(actor: Actor, number: str, given: Mapping[str, object], on: date) -> str:
    """What the answers of a form say against passing, for who then rejects; "" where not every item is answered, or nothing
    stands against it."""
    case_id = reading().scalar(select(Case.id).where(Case.number == number, visible(actor.scope())))
    sheet = sheet_of_case(reading(), case_id) if case_id is not None else None
    answers = answers_in(sheet, given) if sheet is not None else {}
    if sheet is None or set(answers) != {item.code for item in sheet.items} or not set(answers.values()) <= set(ItemAnswer):
        return ""
    score, mark = score_of(sheet.items, answers), values.number(PASS_MARK, on)
    return "" if score.passes(mark) else finished(Listed(failing_reasons(score, mark), "；"))


def _names_listed(items: tuple[CheckItem, ...] | list[CheckItem]) -> Listed:
    return Listed(item.name for item in items)


def _check_answers(sheet: CheckSheet, answers: Mapping[str, str], remarks: Mapping[str, str]) -> None:
    if missing := [item for item in sheet.items if item.code not in answers]:
        raise Incomplete(Say("整治核查表没有答完，还缺：{items}。", items=_names_listed(missing)), field=f"{ITEM}{missing[0].code}")
    if silent := next((item for item in sheet.items
                       if item.is_must and answers[item.code] == ItemAnswer.idle and item.code not in remarks), None):
        raise Incomplete(Say("★ 否决项“{item}”选“不适用”的，须在说明里写明理由。", item=silent.name), field=f"{REMARK}{silent.code}")
    if idle := idle_works(sheet.items, answers):
        first = next(item for item in sheet.items if item.work == idle[0])
        raise Invalid(Say("“{works}”不能全部不适用；本案没有这项整治内容的，请调度员写明理由后去掉。",
                          works=Listed(Say(WORKS[work]) for work in idle)), field=f"{ITEM}{first.code}")


def _check_photos(sheet: CheckSheet, answers: Mapping[str, str], shown: Dossier) -> None:
    """Each item that must be shown has a photo of its own among those of this round."""
    wanted = [item for item in sheet.items if item.has_photo and answers[item.code] != ItemAnswer.idle]
    count = sum(each.is_photo and each.role is EvidenceRole.onsite and each.round == shown.round for each in shown.exhibits)
    if count < len(wanted):
        raise Incomplete(Say("须有现场照片的有 {wanted} 项（{items}），本轮核查现场照片只有 {count} 张。", wanted=len(wanted),
                             items=_names_listed(wanted), count=count), field="files")
