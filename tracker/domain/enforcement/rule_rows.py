"""What an office sets of penalties by day: what may be punished, from when on a hearing may be asked for, how much is fined on
the spot, and on which articles all of it rests."""

from collections.abc import Iterable, Mapping
from typing import Any

from tracker.domain.house.say import Say
from tracker.domain.rules import shapes
from tracker.domain.rules.book import Rule
from tracker.domain.rules.shapes import Misfit, Shape

MATTERS: Mapping[str, str] = {
    "file": "立案", "evidence": "调查取证", "notify": "告知与陈述申辩", "hearing": "听证", "review": "法制审核", "decide": "决定",
    "on_the_spot": "当场处罚", "serve": "送达", "pay": "缴款", "publish": "公开", "limitation": "追诉时效", "once": "一事不再罚",
    "referral": "移送涉嫌犯罪案件"}
BASES: list[dict[str, Any]] = [
    {"matter": matter, "law": law} for matter, law in (
        ("file", "《行政处罚法》(2021年)第四十二条、第五十四条"), ("evidence", "《行政处罚法》(2021年)第四十六条、第五十五条"),
        ("notify", "《行政处罚法》(2021年)第四十四条、第四十五条"), ("hearing", "《行政处罚法》(2021年)第六十三条至第六十五条"), ("review", "《行政处罚法》(2021年)第五十八条"),
        ("decide", "《行政处罚法》(2021年)第五十七条、第五十九条、第六十条"), ("on_the_spot", "《行政处罚法》(2021年)第五十一条、第五十二条"),
        ("serve", "《行政处罚法》(2021年)第六十一条"), ("pay", "《行政处罚法》(2021年)第六十六条、第六十七条"), ("publish", "《行政处罚法》(2021年)第四十八条"),
        ("limitation", "《行政处罚法》(2021年)第三十六条"), ("once", "《行政处罚法》(2021年)第二十九条"),
        ("referral", "《行政执法机关移送涉嫌犯罪案件的规定》(2020年)第五条至第十三条"))]
VIOLATIONS: list[dict[str, Any]] = [
    {"code": code, "word": word, "law": law, "years": 2} for code, word, law in (
        ("Q115", "施工扬尘未采取防治措施", "《大气污染防治法》(2018年)第一百一十五条"), ("Q116", "运输散装物料未密闭遮撒", "《大气污染防治法》(2018年)第一百一十六条"),
        ("Q117", "易产生扬尘的物料未密闭或未覆盖", "《大气污染防治法》(2018年)第一百一十七条"), ("Q118", "餐饮油烟未安装净化设施或超标排放", "《大气污染防治法》(2018年)第一百一十八条"),
        ("Q118B", "在禁止区域露天烧烤", "《大气污染防治法》(2018年)第一百一十八条"), ("Q119", "露天焚烧秸秆、落叶等", "《大气污染防治法》(2018年)第一百一十九条"),
        ("Q99", "超标或超总量排放大气污染物", "《大气污染防治法》(2018年)第九十九条"), ("Q99B", "逃避监管排放大气污染物", "《大气污染防治法》(2018年)第九十九条"),
        ("Q108", "挥发性有机物未在密闭空间或未按规定治理", "《大气污染防治法》(2018年)第一百零八条"), ("Q121", "未执行重污染天气应急措施", "《大气污染防治法》(2018年)第一百二十一条"))]
_FEN = shapes.number(1, 999_999_999)
_BY_PARTY = shapes.a_record({"company_fen": _FEN, "person_fen": _FEN},
                            names={"company_fen": "法人或其他组织（分）", "person_fen": "个人（分）"})
_VIOLATIONS = shapes.a_list(shapes.a_record(
    {"code": shapes.words(20), "word": shapes.words(80), "law": shapes.words(200), "years": shapes.number(1, 20)},
    names={"code": "代码", "word": "违法行为", "law": "法律依据", "years": "追诉时效（年）"}), 200)
_BASES = shapes.a_list(shapes.a_record({"matter": shapes.one_of(*MATTERS, names=MATTERS), "law": shapes.words(200)},
                                       names={"matter": "事项", "law": "依据"}), 40)


def _each_once(shape: Shape, name: str) -> Shape:
    """The rows, no two of the same."""

    def read(raw: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = shape(raw)
        seen = [row[name] for row in rows]
        if twice := next((each for each in seen if seen.count(each) > 1), None):
            raise Misfit(Say("“{twice}”写了两次", twice=Say(MATTERS[twice]) if twice in MATTERS else twice))
        return rows

    return shape.further(read)


def law_of(rows: Iterable[Mapping[str, Any]], matter: str) -> str:
    """On what a matter rests; "" where the office has entered nothing."""
    return next((str(row["law"]) for row in rows if row["matter"] == matter), "")


ENFORCEMENT_RULES: tuple[Rule, ...] = (
    Rule("violations", "违法行为", "json", VIOLATIONS, _each_once(_VIOLATIONS, "code"), "最多 200 项，代码不重复",
         "登记处罚线索时从中选取；法律依据随法律修改从生效日起更新，2026年8月15日起施行《生态环境法典》的须改为其条文",
         "各项违法行为的罚则；追诉时效见《行政处罚法》第三十六条，涉及生命健康安全且有危害后果的五年"),
    Rule("hearing_threshold", "听证的罚款数额", "json", {"company_fen": 5_000_000, "person_fen": 500_000}, _BY_PARTY, "1 分至 999999999 分",
         "罚款或没收不低于它的须告知听证权利并经法制审核", "《行政处罚法》第六十三条“较大数额”，数额由部门和地方规定，此为默认值"),
    Rule("on_the_spot", "当场处罚的罚款上限", "json", {"company_fen": 300_000, "person_fen": 20_000}, _BY_PARTY, "1 分至 999999999 分",
         "当场罚款不得高于它", "《行政处罚法》第五十一条：公民二百元以下、法人或其他组织三千元以下"),
    Rule("bases", "执法依据", "json", BASES, _each_once(_BASES, "matter"), "每个事项一行", "处罚、移送各环节所依据的条文，显示在事项页上", "《行政处罚法》(2021年)"),
)
