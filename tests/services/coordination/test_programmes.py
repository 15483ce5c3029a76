"""Programmes: drafted in zones and phases, adopted by another hand, measured by what others passed, revised with both plans kept;
the examples of the design, lived through day by day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.support import railway
from tests.support.acts import act_in, do, opened
from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.coordination.schedules import ScheduleOn
from tracker.domain.house.clock import SetClock
from tracker.domain.house.errors import Conflict, Incomplete, Invalid, NotAllowed, Refusal
from tracker.domain.rules.lights import Light
from tracker.domain.territory.shapes.layers import Layer
from tracker.services.acts import access, duties, steps
from tracker.services.coordination import schedules
from tracker.services.house.work import reading, wiring
from tracker.services.territory.shapes import versions
from tracker.services.territory.shapes.versions import ActivateShapes
from tracker.services.upkeep.integrity import verify
from tracker.storage.acts.page import ActPage
from tracker.storage.cases.entries import entries
from tracker.storage.house.ledger import stream_of

pytestmark = pytest.mark.one_engine  # the lives of acts, the counts and what waits run on both

KIND = "programme"
ZONES = ("朝阳新城", "洪城商圈", "朝阳洲", "老城中心")
PHASES = "一期摸排 2021-12-31\n二期雨污分流 2023-12-31\n三期老城 2025-12-31"


@pytest.fixture
def clock() -> SetClock:
    """The plan of the bulletin begins with the year 2021."""
    return SetClock(datetime(2020, 12, 1, 1, 0, tzinfo=UTC))


def at(town: Town, *when: int) -> None:
    town.clock.move_to(datetime(*when, 9, tzinfo=wiring().zone))  # type: ignore[arg-type, misc]


def page(town: Town, number: str, login: str = "dispatcher") -> ActPage:
    return access.page_for(town.actor(login), number)


def on(number: str, *day: int) -> schedules.ProgrammeOn:
    return schedules.programme_on(reading(), entries(reading(), f"act:{number}"), date(*day))


def kinds(number: str) -> list[str]:
    return [fact.kind for fact in stream_of(reading(), f"act:{number}")]


def drafted(town: Town) -> str:
    """The plan of the bulletin as a draft: eight milestones, one cell left out, four never meant for what they are."""
    number = opened(town, KIND, title="排水单元达标规划", zones="\n".join(ZONES), phases=PHASES)
    for zone in ZONES:
        add(town, number, zone, "一期摸排", 10, "2021-01-01", "2021-12-31", indicator="yes")
    for zone in ZONES[:3]:
        add(town, number, zone, "二期雨污分流", 15, "2022-01-01", "2023-12-31", goal="10")
        do(town, number, KIND, "leave_out", zone=zone, phase="三期老城")
    do(town, number, KIND, "leave_out", zone="老城中心", phase="二期雨污分流")
    add(town, number, "老城中心", "三期老城", 15, "2022-01-01", "2025-12-31", goal="10")
    return number


def add(town: Town, number: str, zone: str, phase: str, weight: int, starts: str, due: str, **given: object) -> None:
    do(town, number, KIND, "add_milestone", zone=zone, phase=phase, weight=weight, starts_on=starts, due_on=due,
       **{"indicator": "quantity", "title": f"{zone}{phase}"} | given)


def report(town: Town, number: str, position: int, step: str = "pass", **given: object) -> None:
    """A unit reports, another passes the whole or books a part."""
    duties.take(town.actor("officer"), number, position, "answer", {"text": "见照片", **given})
    if step:
        duties.take(town.actor("verifier"), number, position, step, {"text": "现场核实"})


def lived(town: Town) -> str:
    """The same adopted, and worked on until the last of June 2023."""
    number = drafted(town)
    at(town, 2020, 12, 30)
    do(town, number, KIND, "adopt")
    at(town, 2021, 12, 20)
    for position in range(1, 5):
        report(town, number, position)
    at(town, 2023, 6, 28)
    for position, value in ((5, "8"), (6, "6.20"), (7, "4"), (8, "3.0")):
        report(town, number, position, "book", value=value)
    at(town, 2023, 6, 30)
    return number


def said(schedule: ScheduleOn) -> list[tuple[str, ...]]:
    """Each milestone and the whole, as a table tells them."""
    whole = schedule.whole
    assert whole is not None
    found = [*(schedule.of(each) for each in schedule.milestones), whole]
    return [(str(one.plan_points), str(one.actual_points), str(one.drift), one.light(schedule.bounds).value) for one in found]


JUNE = [*[("100.0", "100.0", "0.0", "blue")] * 4, ("74.8", "80.0", "5.2", "green"), ("74.8", "62.0", "-12.8", "yellow"),
        ("74.8", "40.0", "-34.8", "red"), ("37.4", "30.0", "-7.4", "green"), ("79.3", "71.8", "-7.5", "green")]


def test_the_plan_of_the_bulletin_stands_on_the_last_of_june_as_the_design_says(town: Town) -> None:
    number = lived(town)
    found = on(number, 2023, 6, 30).schedule
    assert said(found) == JUNE
    zone = found.of_zone(next(code for code, name in on(number, 2023, 6, 30).plan.zones.items() if name == "朝阳洲"))
    assert zone is not None
    assert (str(zone.plan_points), str(zone.actual_points), str(zone.drift)) == ("84.9", "64.0", "-20.9")
    assert found.whole is not None
    assert found.whole.red_count == 1
    assert [str(each) for each in verify().troubles] == []


def test_a_revision_keeps_both_plans_is_counted_in_its_month_and_leaves_the_month_before_as_it_was(town: Town) -> None:
    number = lived(town)
    at(town, 2023, 7, 5)
    do(town, number, KIND, "revise", position=7, due_on="2024-06-30")
    july = on(number, 2023, 7, 31)
    assert (july.schedule.revisions_in(2023, 7), july.schedule.revisions_in(2023, 6)) == (1, 0)
    milestone = july.plan.milestones[7]
    assert (milestone.first_due_on, milestone.due_on, milestone.has_ghost) == (date(2023, 12, 31), date(2024, 6, 30), True)
    owed = page(town, number).duties[6]
    assert (owed.original_due_on, owed.due_on, owed.extension_count) == (date(2023, 12, 31), date(2024, 6, 30), 1)
    assert said(on(number, 2023, 6, 30).schedule) == JUNE
    assert [str(each) for each in verify().troubles] == []


def test_of_ten_attached_cases_six_are_completed_and_one_that_was_merged_follows_its_master(town: Town) -> None:
    at(town, 2026, 3, 2)
    number = opened(town, KIND, phases="一期 2026-12-31")
    add(town, number, "朝阳新城", "一期", 100, "2026-01-01", "2026-12-31", indicator="cases")
    do(town, number, KIND, "adopt")
    master = town.case_in(CaseState.closed)
    merged = town.registered()
    into = town.registered()
    town.do(merged, "merge", master=into)
    closed = [town.case_in(CaseState.closed) for _ in range(3)]
    for step in ("assign", "acknowledge", "submit", "verify", "close"):
        town.walk(into, step)
    cases = [master, *closed, town.case_in(CaseState.verified), merged, *(town.registered() for _ in range(4))]
    for case in cases:
        do(town, number, KIND, "attach", target=case)
    today = town.clock.today()
    found = schedules.programme_on(reading(), entries(reading(), f"act:{number}"), today).schedule
    assert str(found.of(found.milestones[0]).actual_points) == "60.0"
    with pytest.raises(Invalid, match=r"“.+”已经列入"):
        do(town, number, KIND, "attach", target=cases[0])
    report(town, number, 1, "")
    with pytest.raises(Invalid, match="挂接的案件还有 4 件未办结"):
        duties.take(town.actor("verifier"), number, 1, "pass", {"text": "看过"})
    for case in cases[-4:]:
        do(town, number, KIND, "detach", target=case)
    duties.take(town.actor("verifier"), number, 1, "pass", {"text": "看过"})
    found = schedules.programme_on(reading(), entries(reading(), f"act:{number}"), today).schedule
    assert found.of(found.milestones[0]).light(found.bounds) is Light.blue


def test_what_was_reported_counts_once_another_unit_has_passed_it_and_what_reaches_the_goal_is_met(town: Town) -> None:
    at(town, 2026, 3, 2)
    number = opened(town, KIND, phases="一期 2026-12-31")
    add(town, number, "朝阳新城", "一期", 100, "2026-01-01", "2026-12-31", goal="12.6", measure="公里")
    do(town, number, KIND, "adopt")
    today = (2026, 3, 2)
    report(town, number, 1, "", value="6.30")
    assert [str(on(number, *today).plan.milestones[1].reported), on(number, *today).plan.milestones[1].passed] == ["6.3", None]
    with pytest.raises(NotAllowed, match="核实进度"):
        duties.take(town.actor("verifier"), number, 1, "pass", {"text": "看过"})
    with pytest.raises(NotAllowed, match="承办单位以外"):
        duties.take(town.actor("street_verifier"), number, 1, "book", {"text": "看过"})
    duties.take(town.actor("verifier"), number, 1, "book", {"text": "看过"})
    for value, sentence in (("5", "少于已核实的 6.3"), ("13", "超过目标 12.6"), ("-1", "不小于 0"), ("", "请填写“完成数量”")):
        with pytest.raises(Refusal, match=sentence):
            report(town, number, 1, "", value=value)
    report(town, number, 1, "", value="5", value_reason="复测更正")
    duties.take(town.actor("verifier"), number, 1, "send_back", {"reason": "请附测量记录"})
    report(town, number, 1, "", value="12.6")
    with pytest.raises(NotAllowed, match="核实通过"):
        duties.take(town.actor("verifier"), number, 1, "book", {"text": "看过"})
    duties.take(town.actor("verifier"), number, 1, "pass", {"text": "看过"})
    assert page(town, number).duties[0].state == "met"
    do(town, number, KIND, "finish")
    assert (page(town, number).head.state, page(town, number).head.is_over) == ("finished", True)
    assert [str(each) for each in verify().troubles] == []


def test_a_draft_is_adopted_by_another_hand_once_weights_are_whole_and_no_cell_is_open(town: Town) -> None:
    number = drafted(town)
    do(town, number, KIND, "drop_milestone", position=8)
    with pytest.raises(NotAllowed, match="没有节点，也没有标为不涉及"):
        do(town, number, KIND, "adopt")
    do(town, number, KIND, "leave_out", zone="老城中心", phase="三期老城")
    with pytest.raises(NotAllowed, match="合计须为 100"):
        do(town, number, KIND, "adopt")
    add(town, number, "老城中心", "三期老城", 15, "2022-01-01", "2025-12-31", goal="10")
    assert page(town, number).duties == ()
    by_lead = act_in(town, KIND, "drafting")
    do(town, by_lead, KIND, "add_milestone", by="lead")
    with pytest.raises(NotAllowed, match="不同的人"):
        do(town, by_lead, KIND, "adopt", by="lead")
    do(town, number, KIND, "adopt")
    owed = page(town, number).duties
    assert [duty.position for duty in owed] == list(range(1, 9))
    assert sum(duty.weight for duty in owed) == 100
    assert on(number, 2020, 12, 1).plan.milestones[8].title == "老城中心三期老城"


def test_the_day_of_a_milestone_is_changed_by_a_revision_alone(town: Town) -> None:
    number = act_in(town, KIND, "adopted")
    with pytest.raises(NotAllowed, match="调整节点"):
        duties.take(town.actor("dispatcher"), number, 1, "extend", {"due_on": "2027-01-31", "reason": "降雨"})
    with pytest.raises(NotAllowed):
        do(town, number, KIND, "revise", by="dispatcher")
    with pytest.raises(NotAllowed, match="还有应办事项"):
        do(town, number, KIND, "finish")


@pytest.mark.parametrize(("step", "given", "field", "sentence"), [
    ("draft", {"phases": "一期摸排"}, "phases", "分期“一期摸排”应写名称、空一格、再写最后一天，如“一期摸排 2021-12-31”。"),
    ("draft", {"phases": "一期 2022-12-31\n二期 2021-12-31"}, "phases", "分期“二期”的最后一天 2021年12月31日 须晚于前一期的 2022年12月31日。"),
    ("draft", {"zones": "朝阳洲\n朝阳洲"}, "zones", "“片区”中“朝阳洲”写了两次。"),
    ("add_milestone", {"zone": "红谷滩"}, "zone", "本规划没有片区“红谷滩”，现有：朝阳新城。"),
    ("add_milestone", {"starts_on": "2026-06-01", "due_on": "2026-05-31"}, "due_on", "完成日期 2026年5月31日 早于开始日期 2026年6月1日。"),
    ("add_milestone", {"due_on": "2027-01-01"}, "due_on", "完成日期 2027年1月1日 晚于这一期的最后一天 2026年12月31日。"),
    ("add_milestone", {"weight": "0"}, "weight", "“权重”应为 1 至 100 的整数，“0”不合。"),
    ("add_milestone", {"indicator": "quantity"}, "goal", "按完成数量计的节点，请填写“目标数量”。"),
    ("add_milestone", {"indicator": "quantity", "goal": "0"}, "goal", "“目标数量”须大于 0。"),
    ("add_milestone", {"indicator": "quantity", "goal": "12公里"}, "goal", "“目标数量”应为不小于 0 的数，最多三位小数；“12公里”无法识别。"),
    ("add_milestone", {"unit": "XH-NIX"}, "unit", "没有单位“XH-NIX”，请填单位代码或全称。"),
    ("drop_milestone", {"position": "7"}, "position", "没有第 7 项节点。"),
    ("attach", {"target": "XH-2026-999999"}, "target", "没有找到案件或事项“XH-2026-999999”，或您无权查看。"),
    ("attach", {"target": "{own}"}, "target", "只能挂接案件。"),
    ("detach", {"target": "XH-2026-999999"}, "target", "“XH-2026-999999”没有挂接在本规划。"),
    ("revise", {"due_on": None}, "due_on", "请填写与现在不同的完成日期或目标数量。"),
    ("revise", {"due_on": "2020-01-01"}, "due_on", "完成日期 2020年1月1日 早于开始日期，或已经过去。"),
    ("revise", {"due_on": None, "goal": "5"}, "goal", "这一项不按数量计，或目标数量为 0。"),
    ("revise", {"position": "9"}, "position", "没有第 9 项节点。"),
])
def test_what_cannot_be_is_said_in_one_sentence_and_changes_nothing(town: Town, step: str, given: dict[str, Any], field: str,
                                                                    sentence: str) -> None:
    if step == "draft":
        with pytest.raises(Refusal) as told:
            opened(town, KIND, **given)
        assert (told.value.field, told.value.sentence) == (field, sentence)
        return
    number = act_in(town, KIND, "drafting" if "milestone" in step else "adopted")
    before = kinds(number)
    with pytest.raises((Invalid, Incomplete)) as told:
        do(town, number, KIND, step, **{name: value and value.replace("{own}", number) for name, value in given.items()})
    assert (told.value.field, told.value.sentence) == (field, sentence)
    assert kinds(number) == before


def test_a_case_is_attached_to_a_milestone_that_counts_cases_alone(town: Town) -> None:
    number = act_in(town, KIND, "adopted")
    with pytest.raises(Invalid, match="第 1 项节点不按案件计"):
        do(town, number, KIND, "attach", target=town.registered())


def test_a_second_click_carries_an_old_number_and_is_told_so(town: Town) -> None:
    number = act_in(town, KIND, "drafting")
    seen = page(town, number).head.seq
    do(town, number, KIND, "note")
    with pytest.raises(Conflict):
        steps.take(town.actor("dispatcher"), number, "cancel", {"reason": "重复"}, seq=seen)


def test_owing_units_see_the_programme_once_it_is_adopted_and_not_while_it_is_drafted(town: Town) -> None:
    number = act_in(town, KIND, "drafting")
    do(town, number, KIND, "add_milestone")
    with pytest.raises(Refusal):
        access.page_for(town.actor("officer"), number)
    do(town, number, KIND, "adopt")
    assert access.page_for(town.actor("officer"), number).duties[0].unit == "朝阳洲街道"


def test_a_zone_of_the_map_gives_its_name_and_a_case_outside_of_it_is_marked_and_attached(town: Town) -> None:
    at(town, 2026, 3, 2)
    drawn = railway.feature(railway.box(115.86, 28.65, 115.88, 28.67), code="PQ-03", name="朝阳洲")
    versions.activate(town.actor("lead"), railway.load(town, Layer.zone, drawn), ActivateShapes(town.clock.today()))
    with pytest.raises(Invalid, match="“朝阳洲”写了两次"):
        opened(town, KIND, zones="PQ-03\n朝阳洲", phases="一期 2026-12-31")
    number = opened(town, KIND, zones="PQ-03\n老城中心", phases="一期 2026-12-31")
    assert on(number, 2026, 3, 2).plan.zones == {"PQ-03": "朝阳洲", "#2": "老城中心"}
    add(town, number, "朝阳洲", "一期", 100, "2026-01-01", "2026-12-31", indicator="cases")
    do(town, number, KIND, "leave_out", zone="老城中心", phase="一期")
    do(town, number, KIND, "adopt")
    inside, outside, unplaced = (town.registered(**where) for where in (
        {"lat": 28.66, "lng": 115.87, "datum": "wgs84"}, {"lat": 28.68, "lng": 115.87, "datum": "wgs84"}, {}))
    for case in (inside, outside, unplaced):
        do(town, number, KIND, "attach", target=case)
    plan = on(number, 2026, 3, 2).plan
    assert plan.outside == {f"case:{outside}"}
    assert len(plan.milestones[1].cases) == 3
