"""交办单: the case goes to its lead unit."""

from tracker.domain.cases.flow import ASSIGNED, Steps
from tracker.domain.cases.papers.official import FormRow, OfficialPaper
from tracker.services.cases.papers.telling import TellingCase, day_words, signed_line


def assignment_paper(told: TellingCase) -> OfficialPaper:
    """By the newest assignment, with the days by which the unit signs, sends back and finishes."""
    head, assigned = told.head, told.newest(ASSIGNED)
    times = sum(fact.kind in ASSIGNED for fact in told.page.facts)
    signed = told.newest((Steps.acknowledge.fact,)) if head.acknowledged_at is not None else None
    limits = [f"整改时限：{day_words(head.due_on)}{'（暂定）' if head.is_due_provisional else ''}",
              f"签收时限：{day_words(head.acknowledge_due_on)}"]
    if head.return_until_on is not None and not head.is_designated:
        limits.append(f"认为不属本单位职责的，最迟 {day_words(head.return_until_on)} 申请退回，并附依据")
    rows = (
        *told.about(), told.units(),
        FormRow((("包案领导", head.sponsor or "无"), ("交办方式", "指定办理" if head.is_designated else "交办"))),
        FormRow((("办理时限", "\n".join(limits)),)),
        FormRow((("交办意见", told.text_of(assigned, "reason") or "请按职责依法调查处理，落实整改。"),), least=20),
        FormRow((("办理要求", "一、查清事实，说明是否属实。\n二、落实整改，留存整改前后同一位置的照片。\n三、整改完成后在本系统报送整改措施与结果，由核查人员现场核查。\n"
                  "四、不能按期完成的，在时限前申请延期并说明理由。"),)),
        FormRow((("签收", signed_line(signed.told_by if signed else None, told.day_of(signed.at) if signed else None)),), least=14),
    )
    return OfficialPaper(
        title=tuple(filter(None, (told.office_name, "交办单"))), number=f"编号：{head.number}（第 {max(times, 1)} 次交办）", form=rows,
        signed_by=told.office_name, dated_on=told.day_of(assigned.at) if assigned else None,
        copies="、".join(told.page.supporting_units), foot=told.foot)
