"""督办通知单: pressure from above on the lead unit, with a day by which it answers."""

from datetime import date

from tracker.domain.cases.flow import Steps
from tracker.domain.cases.papers.official import FormRow, OfficialPaper
from tracker.domain.cases.wording import SUPERVISION, word
from tracker.domain.rules.lights import days_overdue
from tracker.services.cases.papers.telling import TellingCase, day_read, day_words
from tracker.services.house.work import wiring


def supervision_paper(told: TellingCase) -> OfficialPaper:
    """By the newest supervision order; without a number of its own there is room for one."""
    head, ordered = told.head, told.newest((Steps.open_supervision.fact,))
    on = told.day_of(ordered.at) if ordered else None
    level, answer_on = SUPERVISION.get(told.text_of(ordered, "level"), "督办"), day_read(told.text_of(ordered, "answer_on"))
    short, year = told.office.document_short if told.office else "", on.year if on else wiring().clock.today().year
    answer = f"请于{day_words(answer_on)}前" if answer_on else "请于收到本通知后"
    return OfficialPaper(
        title=tuple(filter(None, (told.office_name, "督办通知单"))),
        number=told.text_of(ordered, "document_no") or f"{short}〔{year}〕　　号",
        addressee=head.lead_unit or "", paragraphs=(
            f"你单位主办的“{head.title}”（案件编号 {head.number}），{_lateness_told(told, on)}。经研究，现予以{level}。",
            f"督办事由：{told.text_of(ordered, 'reason') or '—'}",
            f"{answer}书面反馈办理情况，说明进展、存在的问题、下一步措施和完成时间。逾期不反馈或整改不到位的，将按规定予以通报。"),
        form=(*told.about(), told.units(), FormRow((("包案领导", head.sponsor or "无"), ("整改时限", day_words(head.due_on))))),
        signed_by=told.office_name, dated_on=on, copies="、".join(told.page.supporting_units), foot=told.foot)


def _lateness_told(told: TellingCase, on: date | None) -> str:
    """Where the case stood on the day of the order."""
    head = told.head
    late = days_overdue(head.due_on, on) if on is not None else 0
    if late > 0:
        return f"整改时限为{day_words(head.due_on)}，至今已超期{late}天，现为“{word(head.state)}”"
    return f"整改时限为{day_words(head.due_on)}，现为“{word(head.state)}”" if head.due_on else f"现为“{word(head.state)}”"
