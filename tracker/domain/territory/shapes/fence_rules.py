"""围栏为界、产权为主 as rows: what the fence and the register of owners say of a place, and whose it then is. The first row that
fits decides. The rows are a value of the rule book, so an authority can change them from a day on."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from tracker.domain.house.say import Say
from tracker.domain.rules import shapes as forms
from tracker.domain.rules.book import LOCAL, Rule
from tracker.domain.rules.shapes import Misfit
from tracker.domain.territory.routing import FENCE_WORDS
from tracker.domain.territory.shapes.measures import Fence, Measures

Row = Mapping[str, Any]
FENCES: Mapping[str, str] = {"beyond": "沿线范围以外", **FENCE_WORDS, "doubtful": "在围栏线上或没有画围栏", "any": "不论"}
OWNERS: Mapping[str, str] = {"none": "没有记录", "railway": "铁路", "local": "地方单位", "third": "第三方", "several": "几家重叠或有争议"}
PARTIES: Mapping[str, str] = {"rail": "铁路", "local": "地方", "owner": "产权单位一方", "nobody": "未定"}
LEADS: Mapping[str, str] = {"list": "责任清单", "section": "段落的铁路单位", "owner": "产权单位", "nobody": "无人"}
OTHERS: Mapping[str, str] = {"nothing": "没有", "informed": "另一方知会", "supporting": "另一方协办",
                             "inside_supporting": "围栏内时铁路协办", "candidates": "都是候选单位"}
CONFIDENCE: Mapping[str, str] = {"settled": "明确", "doubtful": "存疑，须复核", "open": "未定"}
NAMES: Mapping[str, str] = {"A0": "规则 A0", "A1": "规则 A1", "A2": "规则 A2", "A3": "规则 A3", "A4": "规则 A4", "A5": "规则 A5",
                            "A6": "规则 A6", "A7": "规则 A7", "A8": "规则 A8"}
EVERYBODY = list(OWNERS)
FENCE_TABLE: list[dict[str, Any]] = [
    {"rule": rule, "fence": fence, "owners": owners, "party": party, "leads": leads, "others": others, "confidence": confidence}
    for rule, fence, owners, party, leads, others, confidence in (
        ("A0", "beyond", EVERYBODY, "nobody", "list", "nothing", "settled"),
        ("A1", "inside", ["none", "railway"], "rail", "section", "informed", "settled"),
        ("A2", "inside", ["local"], "local", "owner", "supporting", "settled"),
        ("A3", "outside", ["none", "local"], "local", "list", "informed", "settled"),
        ("A4", "outside", ["railway"], "rail", "owner", "supporting", "settled"),
        ("A5", "doubtful", ["railway", "local", "third"], "owner", "owner", "supporting", "doubtful"),
        ("A6", "doubtful", ["none"], "nobody", "nobody", "candidates", "open"),
        ("A7", "any", ["third"], "local", "list", "inside_supporting", "settled"),
        ("A8", "any", ["several"], "nobody", "nobody", "candidates", "open"))]
_ROW = forms.a_record({
    "rule": forms.one_of(*NAMES, names=NAMES), "fence": forms.one_of(*FENCES, names=FENCES),
    "owners": forms.a_list(forms.one_of(*OWNERS, names=OWNERS), len(OWNERS)), "party": forms.one_of(*PARTIES, names=PARTIES),
    "leads": forms.one_of(*LEADS, names=LEADS), "others": forms.one_of(*OTHERS, names=OTHERS),
    "confidence": forms.one_of(*CONFIDENCE, names=CONFIDENCE)})
_ROWS = forms.a_list(_ROW, 20)


def _read_table(raw: Any) -> list[dict[str, Any]]:
    """The rows, none twice, and one for whatever can be measured."""
    rows: list[dict[str, Any]] = _ROWS(raw)
    names = [row["rule"] for row in rows]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Misfit(Say("“{rule}”写了两次", rule=twice))
    for fence, owner in product(("beyond", "inside", "outside", "doubtful"), OWNERS):
        if _first_row(rows, fence, owner) is None:
            raise Misfit(Say("没有一行管“{fence}、产权{owner}”", fence=Say(FENCES[fence]), owner=Say(OWNERS[owner])))
    return rows


def row_for(rows: Sequence[Row], found: Measures) -> Row:
    """The row that decides for a place."""
    doubtful = found.fence in (Fence.on_line, Fence.unknown)
    row = _first_row(rows, "beyond" if found.is_beyond else "doubtful" if doubtful else found.fence.value, found.owner_class)
    assert row is not None, "the table has a row for everything"
    return row


def _first_row(rows: Iterable[Row], fence: str, owner: str) -> Row | None:
    return next((row for row in rows if (row["fence"] == fence or (row["fence"] == "any" and fence != "beyond"))
                 and owner in row["owners"]), None)


SILENCE_RULE = "silence_is_claim"


def _read_silence(raw: Any) -> dict[str, Any]:
    """Nobody becomes responsible by saying nothing but by a paper that says so."""
    found: dict[str, Any] = _SILENCE(raw)
    if found["is_on"] and not found.get("document_no"):
        raise Misfit("启用时要写明依据的文号")
    return found


_SILENCE = forms.a_record({"is_on": forms.yes}, {"document_no": forms.words(80)},
                          names={"is_on": "启用", "document_no": "依据的文号"})

FENCE_RULES: tuple[Rule, ...] = (
    Rule("fence_rules", "围栏为界、产权为主", "json", FENCE_TABLE, _ROWS.further(_read_table), "先中先用，每种情形都要有一行",
         "铁路沿线的问题由谁主办：先看围栏内外，再看产权登记，由上到下第一条合的作数", LOCAL),
    Rule("corridor", "铁路沿线范围", "json", {"urban": 100, "rural": 500}, forms.a_record(
        {"urban": forms.number(0, 5000), "rural": forms.number(0, 5000)}, names={"urban": "城区多少米以内", "rural": "农村多少米以内"}),
         "0–5000 米", "离铁路围栏（没有画围栏的，离线路）多少米以内算铁路沿线", "四川：红线外城镇100米、农村500米；此为参考值，地方可自定"),
    Rule("fence_margin", "定位误差下限", "json", {"least": 2, "pin": 5}, forms.a_record(
        {"least": forms.amount(0, 50), "pin": forms.amount(0, 100)}, names={"least": "任何点至少（米）", "pin": "手动图钉至少（米）"}),
         "0–100 米", "点位离围栏线在误差以内的，不判内外，先到现场复核", LOCAL),
    Rule("sighting_errors", "发现位置的误差", "json", {"train": 200, "drone": 10, "far": 500}, forms.a_record(
        {"train": forms.number(1, 5000), "drone": forms.number(1, 1000), "far": forms.number(10, 10_000)},
        names={"train": "乘火车看到的（米）", "drone": "无人机拍的（米）", "far": "复核位置离发现位置多远要提示（米）"}),
         "1–10000 米", "没有写明精度的发现位置按此误差判围栏内外；复核位置离得太远的加提示", LOCAL),
    Rule(SILENCE_RULE, "沉默视为认领", "json", {"is_on": False}, _SILENCE.further(_read_silence), "启用或不启用；启用时要有文号",
         "下派后逾期没有答复的候选单位，次日由系统记为认领；不启用时由调度员决定", LOCAL),
)
