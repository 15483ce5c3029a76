"""The words of the due sheet: what moved the date, and what a reader must know of it now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tracker.domain.cases.due_sheet import Count, DueMove
from tracker.domain.cases.flow import Steps
from tracker.domain.cases.wording import fact_word
from tracker.domain.house.say import Say
from tracker.domain.rules.limits import Limit
from tracker.domain.rules.workdays import DayKind
from tracker.services.cases.due_sheets import DueSheet
from tracker.web.house.business_day import today
from tracker.web.house.drawing.filters import cn_date
from tracker.web.house.drawing.languages import tr
from tracker.web.house.drawing.wording import LIMIT_UNITS

DAY_KINDS: dict[str, str] = {
    DayKind.workday.value: "工作日", DayKind.weekend.value: "周末", DayKind.holiday.value: "法定节假日", DayKind.makeup.value: "调休上班",
}
BEGINS: dict[str, str] = {
    Steps.assign.fact: "交办，开始计时", Steps.confirm.fact: "归属已确认，开始计时", Steps.designate.fact: "指定办理，开始计时",
    Steps.refuse_close.fact: "不予销号，整改重新计时",
    Steps.sustain_objection.fact: "公示异议成立，整改重新计时", Steps.reopen.fact: "重开，整改重新计时",
}


@dataclass(frozen=True)
class MoveTold:
    """One fact that set or moved the date. `note` tells where a person's date stands instead of the rule's."""

    seq: int
    on: date
    text: str
    note: str
    reason: str


def moves_told(count: Count) -> list[MoveTold]:
    """The facts behind one clock as sentences, oldest first."""
    return [MoveTold(m.seq, m.on, tr(_move_text(m)), tr(_overruled_note(m, count)), m.reason) for m in count.moves]


def rule_told(limit: Limit) -> str:
    """15 个工作日，次日起算."""
    first = Say("当日即第 1 日" if limit.first_day_counts else "次日为第 1 日")
    told = "{amount} {unit}，{first}，末日逢休息日顺延，到期日 24:00 截止" if limit.rolls else "{amount} {unit}，{first}，到期日 24:00 截止"
    return str(tr(Say(told, amount=limit.amount, unit=Say(LIMIT_UNITS[limit.unit]), first=first)))


def warnings(sheet: DueSheet) -> Iterator[str]:
    """What holds today beyond the count."""
    head, running = sheet.head, sheet.running
    if running is None:
        return
    if head.is_due_provisional:
        yield tr("这个时限是暂定的：计算用到了尚未公布放假安排的年度，先按周末和预估节日计；该年度日历录入后会重算，并在本案留下记录。")
    if head.paused_from_on:
        yield tr(Say("自{paused_from_on}起暂停计时；下面是暂停前的计算，恢复办理后按停下的时间顺延。", paused_from_on=cn_date(head.paused_from_on)))
    if head.submitted_at and head.verified_at is None:
        on = today().clock.local(head.submitted_at).date()
        yield tr(Say("已于{on}报送整改，核查期间不占整改时间；若核查不通过，剩余时间继续计算。", on=cn_date(on)))
    if not running.lines:
        yield tr("账本没有写明所用的期限规则，只能列出时限的来历，不能逐日计算。")
    elif any(move.is_overruled for move in running.count.moves):
        yield tr("这个时限不是完全按规则计得的：有一步由人另行确定，见下面的来历。")


def _move_text(move: DueMove) -> str:
    after = cn_date(move.after)
    if move.before is None:
        return Say("{kind}，时限 {after}", kind=Say(BEGINS.get(move.kind, fact_word(move.kind, '记录'))), after=after)
    way = Say("仍为 {after}", after=after) if move.before == move.after else Say("由 {before} 改为 {after}",
                                                                               before=cn_date(move.before), after=after)
    if move.pause is not None:
        stretch = Say("{first}起停，{resumed_on}续计", first=cn_date(move.pause.first), resumed_on=cn_date(move.pause.resumed_on))
        cause = Say("核查不通过，核查期间不计") if move.kind == Steps.reject.fact else Say("{kind}，暂停期间不计",
                                                                             kind=Say(fact_word(move.kind, '记录')))
        return Say("{cause}（{stretch}），时限{way}", cause=cause, stretch=stretch, way=way)
    return Say("{kind}，时限{way}", kind=Say(fact_word(move.kind, '记录')), way=way)


def _overruled_note(move: DueMove, count: Count) -> str:
    if not move.is_overruled or move.by_rule is None:
        return ""
    own = "按剩余时间" if move.kind == Steps.reject.fact else "按规则" if move is count.moves[0] else "按原时限推算"
    return Say("由人另定：{own}应为 {by_rule}", own=own, by_rule=cn_date(move.by_rule))
