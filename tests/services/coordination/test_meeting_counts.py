"""What joint meetings come to: items by what was decided, follow-ups due, on time and overdue, and how long disputes waited."""

from datetime import date, datetime

from tests.support.acts import do, opened
from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.reports.measures.counted import MeasureKind, value_text
from tracker.services.acts import duties
from tracker.services.coordination.counts import counted
from tracker.services.house.work import reading, wiring
from tracker.services.reports.measures.acts import of_counts

KIND = "meeting"
MARCH, APRIL = (date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 4, 30))


def at(town: Town, *when: int) -> None:
    town.clock.move_to(datetime(*when, 9, tzinfo=wiring().zone))  # type: ignore[arg-type, misc]


def said(days: tuple[date, date], on: date | None = None) -> dict[str, str]:
    found = counted(reading(), *days, on=on).figures
    return {each.row.key.removeprefix("meetings."): each.text for each in found if each.row.key.startswith("meetings.")}


def meeting(town: Town, *cases: str) -> str:
    number = opened(town, KIND)
    for case in cases:
        do(town, number, KIND, "add_item", target=case)
    do(town, number, KIND, "call", held_at=f"{town.clock.today()} 09:00", reason="临时召开")
    do(town, number, KIND, "hold")
    return number


def decide(town: Town, number: str, position: int, outcome: str, **given: object) -> None:
    do(town, number, KIND, "decide_item", position=str(position), outcome=outcome, text="已议", **given)


def lived(town: Town) -> str:
    """Two meetings in March: disputes of eight and four days are decided, one case stands on both agendas, four follow-ups."""
    first = town.case_in(CaseState.disputed)
    at(town, 2026, 3, 6)
    second, third = town.case_in(CaseState.disputed), town.case_in(CaseState.rectifying)
    at(town, 2026, 3, 10)
    number = meeting(town, first, second, third)
    decide(town, number, 1, "designation", lead_unit="XH-CG")
    decide(town, number, 2, "designation", lead_unit="XH-CG")
    decide(town, number, 3, "measure", units="XH-CYZ、TL-NC", due_on="2026-03-20")
    at(town, 2026, 3, 17)
    other = meeting(town, third)
    decide(town, other, 1, "measure", units="XH-CYZ、TL-NC", due_on="2026-04-20")
    at(town, 2026, 3, 19)
    duties.take(town.actor("officer"), number, 1, "answer", {"text": "已清运"})
    duties.take(town.actor("verifier"), number, 1, "pass", {"text": "现场核实"})
    duties.take(town.actor("dispatcher"), other, 2, "waive", {"reason": "由街道一并完成"})
    return number


def test_a_month_of_meetings_is_counted_with_every_number_behind_it(town: Town) -> None:
    number = lived(town)
    at(town, 2026, 3, 25)
    told = said(MARCH)
    assert told == {
        "held": "2 次", "items": "4 件", "items.designation": "2 件", "items.measure": "2 件", "items.extend": "0 件",
        "items.defer": "0 件", "items.refer_up": "0 件", "items.none": "0 件", "cases": "3 件", "follow_ups.due": "2 项",
        "follow_ups.on_time": "1 项（1/2，50.0%）", "follow_ups.overdue": "1 项（1/2，50.0%）", "dispute_days": "6.0 天（12/2）"}
    late = next(each for each in counted(reading(), *MARCH).figures if each.row.key == "meetings.follow_ups.overdue")
    assert late.behind == ((f"{number}/2", 1),)


def test_on_an_earlier_day_it_is_counted_as_it_stood_then(town: Town) -> None:
    lived(town)
    at(town, 2026, 4, 2)
    told = said(MARCH, on=date(2026, 3, 18))
    assert (told["follow_ups.due"], told["follow_ups.on_time"], told["follow_ups.overdue"]) == (
        "2 项", "0 项（0/2，0.0%）", "0 项（0/2，0.0%）")


def test_what_is_due_a_month_after_its_meeting_counts_there_and_what_was_waived_nowhere(town: Town) -> None:
    lived(town)
    at(town, 2026, 4, 28)
    told = said(APRIL)
    assert (told["held"], told["follow_ups.due"], told["follow_ups.overdue"]) == ("0 次", "1 项", "1 项（1/1，100.0%）")
    assert told["dispute_days"] == "—"


def test_the_registry_of_figures_has_the_mean_of_the_disputes_with_the_cases_behind_it(town: Town) -> None:
    number = lived(town)
    at(town, 2026, 3, 25)
    found = of_counts(counted(reading(), *MARCH))
    days = found["meetings.dispute_days"]
    assert (value_text(MeasureKind.mean, days), sorted(each.amount for each in days.behind)) == ("6.0", [4, 8])
    assert {each.target.partition(":")[0] for each in (*days.behind, *found["meetings.cases"].behind)} == {"case"}
    assert [each.target for each in found["meetings.follow_ups.overdue"].behind] == [f"act:{number}/2"]
    assert value_text(MeasureKind.mean, of_counts(counted(reading(), *APRIL))["meetings.dispute_days"]) == "—"
