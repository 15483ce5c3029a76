"""Acts made by walking the real deeds."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from tests.support import patrols
from tests.support.enforcement import CARD, PENALTY, REFERRAL, WITH_PAPERS
from tests.support.makers import Town, paper, photo
from tracker.domain.house.actor import Actor, Permission, Role
from tracker.domain.house.fields import FieldKind
from tracker.domain.sites.sight import EVERY_SITE
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.acts import access, duties, steps
from tracker.services.acts.steps import ActOutcome
from tracker.services.house.master import rows
from tracker.services.house.work import reading
from tracker.services.people import accounts
from tracker.services.publications import publishing
from tracker.services.sites import entries, positive
from tracker.services.upkeep import seals
from tracker.storage.acts.acts import Act
from tracker.storage.inspection.draws import DrawRow
from tracker.storage.inspection.inspections import Inspection
from tracker.storage.inspection.roster import officers_on
from tracker.storage.sites.register import sites_named
from tracker.storage.sites.sites import Site

# Who takes a step, and what is given, where a test says nothing else.
USUAL: dict[str, dict[str, tuple[str, dict[str, object]]]] = {
    "meeting": {
        "open": ("dispatcher", {"series": "rail", "title": "铁路沿线三月例会", "planned_on": "2026-03-10"}),
        "add_item": ("dispatcher", {"question": "由谁牵头清运"}),
        "drop_item": ("dispatcher", {"position": "1", "reason": "已自行解决"}),
        "call": ("dispatcher", {"held_at": "2026-03-10 09:30", "place": "区政府三楼", "chair": "lead", "units": "XH-CYZ、TL-NC"}),
        "postpone": ("dispatcher", {"held_at": "2026-03-12 14:00", "reason": "主持人出差"}),
        "hold": ("dispatcher", {"held_at": "{today} 08:00", "units": "XH-CYZ", "person_count": "6"}),
        "decide_item": ("dispatcher", {"position": "1", "outcome": "none", "text": "不需处理"}),
        "issue": ("lead", {"document_no": "西整改办〔2026〕3号"}),
        "settle": ("clock", {}),
        "cancel": ("dispatcher", {"reason": "并入下月"}),
        "correct": ("dispatcher", {"position": "1", "text": "应为桃源街道", "reason": "笔误"}),
        "note": ("dispatcher", {"noted_on": "2026-03-02", "text": "电话征求了铁路方面意见"}),
    },
    "operation": {
        "plan": ("dispatcher", {"sort": "midnight", "title": "渣土车零点行动", "planned_on": "{today}", "lead_unit": "XH-CYZ"}),
        "begin": ("dispatcher", {"began_at": "{today} 00:10"}),
        "set_forces": ("dispatcher", {"unit": "XH-CYZ", "vehicle_count": "4", "person_count": "12"}),
        "check_place": ("dispatcher", {"place_kind": "building_site", "place_count": "2"}),
        "find": ("dispatcher", {"title": "渣土未覆盖", "description": "工地东门渣土未覆盖", "place": "工地东门", "no_photo": "dark"}),
        "report": ("dispatcher", {"ended_at": "{today} 03:00", "text": "检查工地两处"}),
        "finish": ("many_hats", {}),
        "cancel": ("dispatcher", {"reason": "大雨"}),
        "note": ("dispatcher", {"noted_on": "2026-03-02", "text": "已通知公安"}),
    },
    "interview": {
        "notify": ("dispatcher", {"unit": "XH-CYZ", "role": "unit_head", "ground": "repeated", "text": "扬尘问题反复",
                                  "held_at": "{today} 08:00", "place": "区政府"}),
        "miss": ("dispatcher", {"reason": "负责人外出", "held_at": "{today} 08:30"}),
        "hold": ("dispatcher", {"held_at": "{today} 08:00", "host": "lead", "came": "站长", "text": "通报问题",
                                "demands": "书面报送整改情况"}),
        "settle": ("clock", {}),
        "cancel": ("dispatcher", {"reason": "已整改"}),
        "note": ("dispatcher", {"noted_on": "2026-03-02", "text": "已电话联系"}),
    },
    "control": {
        "draft": ("dispatcher", {"title": "臭氧管控", "pollutant": "o3", "level": "yellow", "first_on": "{today}",
                                 "last_on": "{today}"}),
        "add_site": ("dispatcher", {"site": "S-000001", "measures": "错峰生产"}),
        "drop_site": ("dispatcher", {"site": "S-000001", "reason": "已停产"}),
        "issue": ("lead", {"starts_at": "{today} 23:00"}),
        "change": ("dispatcher", {"level": "orange", "reason": "预报加重"}),
        "find": ("inspector", {"position": "1", "problem": "没有错峰", "description": "现场仍在喷涂", "no_photo": "dark"}),
        "lift": ("lead", {"lifted_at": "{today} 23:30"}),
        "assess": ("verifier", {"aqi": "{today} 96", "station": "省外办", "published_by": "市生态环境局"}),
        "void": ("dispatcher", {"reason": "预报转好"}),
        "note": ("dispatcher", {"noted_on": "2026-03-02", "text": "已电话通知各点位"}),
    },
    "programme": {
        "draft": ("dispatcher", {"title": "排水单元达标规划", "document_no": "西府发〔2026〕1号", "zones": "朝阳新城",
                                 "phases": "一期摸排 2026-12-31"}),
        "add_milestone": ("dispatcher", {"zone": "朝阳新城", "phase": "一期摸排", "title": "管网摸排", "unit": "XH-CYZ", "weight": "100",
                                         "starts_on": "2026-01-01", "due_on": "2026-12-31", "indicator": "yes"}),
        "drop_milestone": ("dispatcher", {"position": "1", "reason": "重复"}),
        "leave_out": ("dispatcher", {"zone": "朝阳新城", "phase": "一期摸排", "reason": "没有管网"}),
        "adopt": ("lead", {}),
        "attach": ("dispatcher", {"position": "1", "target": "XH-2026-000001"}),
        "detach": ("dispatcher", {"target": "XH-2026-000001", "reason": "挂错"}),
        "revise": ("lead", {"position": "1", "due_on": "2027-06-30", "reason": "汛期停工"}),
        "finish": ("lead", {}),
        "cancel": ("dispatcher", {"reason": "并入市里规划"}),
        "note": ("dispatcher", {"noted_on": "2026-03-02", "text": "征求了各街道意见"}),
    },
    "patrol": {
        "log": ("officer", {"section": "JJ-01", "tier": "3", "patrolled_on": "{today}", "mode": "walk",
                            "mileage_from": "K1449+000",
                            "mileage_to": "K1450+600", "local_count": "2", "local_chief": "朱听雨", "rail_count": "2",
                            "rail_chief": "丁轨平", "findings": "none"}),
        "confirm": ("railman", {"text": "情况属实"}),
        "deny": ("railman", {"reason": "当天我方没有参加"}),
        "find_problem": ("officer", {"title": "护坡垃圾", "text": "护坡上堆有生活垃圾", "mileage": "K1450+150", "line_side": "right",
                                     "fence": "inside", "no_photo": "device"}),
        "void": ("officer", {"reason": "记错了区段"}),
        "note": ("officer", {"noted_on": "2026-03-02", "text": "已电话告知工区"}),
    },
    "daily_patrol": {
        "record": ("inspector", {"patrolled_on": "{today}", "people": "胡远航、聂青禾", "person_count": "2", "vehicle_count": "1",
                                 "route_from": "象湖", "route_to": "桃花路", "findings": "none"}),
        "find_problem": ("inspector", {"title": "渣土未覆盖", "text": "工地渣土裸露", "place": "桃花路北口", "no_photo": "dark"}),
        "correct": ("inspector", {"text": "终点为桃苑大街", "reason": "笔误"}),
        "note": ("inspector", {"noted_on": "2026-03-02", "text": "与街道一同巡查"}),
    },
    "patrol_plan": {
        "draft": ("dispatcher", {"year": "2026"}),
        "adopt": ("lead", {}),
        "finish": ("lead", {"text": "全年应巡均已完成"}),
        "cancel": ("dispatcher", {"reason": "并入市里计划"}),
        "note": ("dispatcher", {"noted_on": "2026-03-02", "text": "征求了工务段意见"}),
    },
    "penalty": PENALTY,
    "card": CARD,
    "referral": REFERRAL,
    "inspection": {
        "plan": ("dispatcher", {"site": "S-000001", "mode": "on_site", "origin": "complaint", "planned_on": "{today}",
                                "inspectors": "inspector、enforcer"}),
        "receive_drawn": ("lead", {"site": "S-000001", "mode": "on_site", "planned_on": "{today}", "target": "SJ-2026Q1-360103"}),
        "record": ("inspector", {"started_at": "{today} 08:00", "result": "ok", "text": "生产正常，治理设施运行"}),
        "publish": ("lead", {}),
        "fail": ("inspector", {"why_not": "suspended", "text": "厂门紧锁，已停产"}),
        "reassign": ("dispatcher", {"inspectors": "inspector、enforcer2", "reason": "另有任务"}),
        "reschedule": ("dispatcher", {"planned_on": "{today}", "reason": "降雨"}),
        "hand_over": ("clock", {"inspectors": "inspector、verifier"}),
        "reveal": ("clock", {}),
        "void": ("dispatcher", {"reason": "重复安排"}),
        "note": ("dispatcher", {"noted_on": "2026-03-02", "text": "已告知街道"}),
    },
}
USUAL["draw"] = {
    "prepare": ("dispatcher", {"quarter": "2026Q1", "roster_on": "{today}"}),
    "commit": ("dispatcher", {"witness_source": "上证指数收盘", "witness_on": "{tomorrow}"}),
    "draw": ("lead", {"witness": "上证指数2026-03-03收盘:3466.33", "planned_on": "{today}", "due_on": "{tomorrow}"}),
    "replace": ("dispatcher", {"inspection": "JC-2026-000001"}),
    "reassign": ("dispatcher", {"inspection": "JC-2026-000001", "reason": "出差"}),
    "check_witness": ("auditor", {"verdict": "checked", "text": "交易所网站当日收盘 3466.33"}),
    "exclude": ("dispatcher", {"site": "S-000002", "reason": "已纳入专案", "document_no": "西环〔2026〕3号"}),
    "include": ("dispatcher", {"site": "S-000002", "reason": "专案已结"}),
    "close": ("dispatcher", {}),
    "abandon": ("dispatcher", {"reason": "名录日期填错，重新编制名录"}),
    "note": ("dispatcher", {"noted_on": "2026-03-02", "text": "已请审计到场"}),
}
OFFICERS = ("enforcer", "enforcer2", "inspector", "verifier", "verifier2")


def rostered(town: Town, *logins: str) -> None:
    """Who may be sent to inspect."""
    for login in logins or OFFICERS:
        rows.save_row(town.actor("dispatcher"), "inspectors", None,
                      {"person": login, "certificate_no": f"赣{login}", "valid_from": "2026-01-01"})


def site_of(town: Town, name: str = "桃花纺织", **given: object) -> None:
    """A supervised site; the first is S-000001."""
    rows.save_row(town.actor("clerk"), "sites", None,
                  {"name": name, "kind": "company", "area_code": "360103", "unit": "XH-CYZ", **given})


def ready_for_draw(town: Town, count: int = 4) -> str:
    """Sites with a class, officers on the roster; the first quarter of which there is no draw yet."""
    if not officers_on(reading(), town.clock.today()):
        rostered(town)
    for place in range(1, count + 1):
        if not sites_named(reading(), EVERY_SITE, f"S-{place:06d}"):
            site_of(town, f"桃花第{place}厂" if place > 1 else "桃花纺织")
        classed(town, f"S-{place:06d}")
    taken = len(reading().scalars(select(DrawRow.act_id)).all())
    return f"{2026 + taken // 4}Q{taken % 4 + 1}"


def classed(town: Town, code: str, value: str = "A") -> None:
    """The site has a class, if it has none."""
    if reading().scalar(select(Site.site_class).where(Site.code == code)) == "":
        entries.propose_class(town.actor("clerk"), code, value, ["pollution"], "污染较重", valid_from=town.clock.today())
        entries.decide_class(town.actor("lead"), code, is_accepted=True)


def inspect_all(town: Town, draw: str) -> list[str]:
    """Every inspection of a draw that can be is done, by who was sent there or stands in for them."""
    found = reading().scalars(select(Act.number).join(Inspection, Inspection.act_id == Act.id).where(
        Act.state == "planned", Inspection.draw_id == select(Act.id).where(Act.number == draw).scalar_subquery())).all()
    for number in found:
        steps.take(sent_to(town, number), number, "record", filled(town, USUAL["inspection"]["record"][1]))
    return list(found)


def opened(town: Town, kind: str, **given: object) -> str:
    """The number of a new act of a kind; where it needs a site, there is one."""
    patrols.stand_ready(town, kind)
    if kind in OF_SITES and not sites_named(reading(), EVERY_SITE, "S-000001"):
        site_of(town)
    if kind == "card" and "site" not in given:  # a site has one card of a colour
        given["site"] = f"桃花纺织第{reading().scalar(select(func.count()).select_from(Site))}分厂"
        site_of(town, given["site"])
    if kind == "referral" and "target" not in given:
        given["target"] = opened(town, "penalty")
    if kind == "inspection" and not officers_on(reading(), town.clock.today()):
        rostered(town)
    if kind == "draw":
        given = {"quarter": ready_for_draw(town), **given}
    name = ACT_FLOWS[kind].opening.name
    login, usual = USUAL[kind][name]
    return steps.begin(town.actor(login), kind, filled(town, {**usual, **given})).number


def do(town: Town, number: str, kind: str, step: str, by: str = "", *, with_paper: bool = False, **given: object) -> ActOutcome:
    """Take a step as its usual taker, or another; with a paper where it needs one, or where it is said."""
    login, usual = USUAL[kind][step]
    if (kind, step) == ("inspection", "publish"):
        return publish_act(town, number, kind, by or login)
    asks_files = any(each.kind is FieldKind.files and each.is_required for each in ACT_FLOWS[kind].lifecycle.steps[step].given)
    papers = [photo()] if asks_files else [paper()] if with_paper or (kind, step) in WITH_PAPERS else []
    return steps.take(town.actor(by or login), number, step, filled(town, {**usual, **given}), uploads=papers)


def publish_act(town: Town, number: str, kind: str, by: str) -> ActOutcome:
    """What the public shall read of an act is drafted by one and published by another; the act takes its step with it."""
    made = publishing.draft(town.actor("clerk"), kind, f"act:{number}")
    publishing.publish(town.actor(by), made, 1)
    head = access.page_for(town.actor("lead"), number).head
    return ActOutcome(head.number, head.seq, head.state, "publish")


def act_in(town: Town, kind: str, state: str, **given: object) -> str:
    """An act of a kind that stands in a state, by the shortest way; a meeting has an item, which is decided. `given` is what its
    first step says otherwise."""
    flow, number = ACT_FLOWS[kind], opened(town, kind, **given)
    for name in flow.lifecycle.walk(flow.opening.to, flow.state_named(state)):  # type: ignore[arg-type]
        for before in BEFORE.get((kind, name), ()):
            do(town, number, kind, before)
        if (kind, name) in SETTLED_FIRST:
            for duty in access.page_for(town.actor("lead"), number).duties:
                duties.take(town.actor("dispatcher"), number, duty.position, "waive", {"reason": "并入下期"})
        if (kind, name) in SEALED_FIRST:
            seals.seal(town.clock.today())
        town.clock.move_to(town.clock.now() + timedelta(days=DAYS_FIRST.get((kind, name), 0)))
        if (kind, name) == ("draw", "close"):
            inspect_all(town, number)
        do(town, number, kind, name)
    return number


BEFORE: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("meeting", "call"): ("add_item",), ("meeting", "issue"): ("decide_item",), ("programme", "adopt"): ("add_milestone",),
    ("operation", "report"): ("set_forces", "check_place"),
    ("control", "issue"): ("add_site",),
    ("penalty", "decide"): ("plead", "review"), ("penalty", "close"): ("pay",),
}
# Steps for which so many days must be over.
DAYS_FIRST = {("control", "assess"): 1, ("penalty", "end_hearing"): 14, ("draw", "draw"): 1}
SEALED_FIRST = (("draw", "draw"),)  # steps for which the day must be sealed
OF_SITES = ("control", "penalty", "inspection")
SETTLED_FIRST = (("programme", "finish"),)  # steps before which nothing may be owed


def filled(town: Town, given: dict[str, Any]) -> dict[str, object]:
    """What is given, with the days that stand for others."""
    today = town.clock.today()
    days = {"{today}": today, "{tomorrow}": today + timedelta(days=1), "{fortnight}": today - timedelta(days=14)}
    return {name: _with_days(value, days) if isinstance(value, str) else value for name, value in given.items()
            if value is not None}


def _with_days(text: str, days: Mapping[str, date]) -> str:
    for name, on in days.items():
        text = text.replace(name, on.isoformat())
    return text


def take_as_sent(town: Town, number: str, step: str) -> None:
    """A step of an inspection by somebody who was sent, with the role that takes it."""
    steps.take(sent_to(town, number), number, step, filled(town, USUAL["inspection"][step][1]), uploads=[photo()])


def sent_to(town: Town, number: str) -> Actor:
    """Somebody who was sent to inspect, an inspector by now if they were none."""
    sent = access.page_for(town.actor("lead"), number).hands[0].person_id
    login = next(login for login, person in town.people.items() if person == sent)
    if not town.actor(login).has(Permission.inspection_record):
        accounts.grant(None, login=login, role=Role.inspector, area_code="360103")
    return town.actor(login)


def listed(town: Town, code: str, **given: object) -> None:
    """The site stands on the positive list."""
    positive.propose(town.actor("clerk"), code, [each for each, _ in positive.conditions()], "近两年无处罚、无投诉")
    positive.admit(town.actor("lead"), code, {"number": f"清单{code}", "valid_from": "2026-03-01",
                                                   "document_no": "西环〔2026〕1号", **given})
