"""MEASURES: every figure that may be quoted, with what it counts. Circulars, the page of figures and the command line read this
table; who counts them stands by `owner` in the deeds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.cases.works.counting import NOT_ADDING_UP
from tracker.domain.coordination.counts import FIGURES
from tracker.domain.enforcement.counts import FIGURES as ENFORCEMENT_FIGURES
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Listed, Say
from tracker.domain.reports.measures.counted import MeasureKind
from tracker.domain.rules.periods import PeriodKind


class Owner(StrEnum):
    """Whose figures they are: those of one owner are counted together."""

    acts = "acts"
    patrols = "patrols"
    programmes = "programmes"
    attribution = "attribution"
    works = "works"
    cases = "cases"
    enforcement = "enforcement"
    inspections = "inspections"
    sites = "sites"


OWNERS: Mapping[Owner, str] = {
    Owner.acts: "行动、约谈、管控、会议", Owner.patrols: "双段长巡查", Owner.programmes: "规划", Owner.attribution: "归属认定",
    Owner.works: "整治内容", Owner.cases: "案件", Owner.enforcement: "处罚、警示牌、移送",
    Owner.inspections: "检查和抽取", Owner.sites: "监管对象",
}
K = MeasureKind
ONCE = "每案在一项里只计一次；两方都有的案件在两方各计一次，各方之和不等于合计。"


SHEETS, CIRCULAR = (PeriodKind.week, PeriodKind.month), (PeriodKind.month,)


@dataclass(frozen=True)
class MeasureRow:
    """One figure. `params` are what may be asked of it besides the window and the area, `note` is what its sums are not."""

    key: str
    word: str
    unit: str
    kind: MeasureKind
    definition: str
    owner: Owner
    params: tuple[str, ...] = ()
    note: str = ""
    told: tuple[PeriodKind, ...] = ()  # in the sheets of which periods it stands beside the cases; in no appraisal


MEASURES: tuple[MeasureRow, ...] = (
    *(MeasureRow(row.key, row.word, row.measure, K.mean if row.is_mean else K.number, row.definition, Owner.acts)
      for row in FIGURES),
    MeasureRow("patrols.due", "应巡", "次", K.number, "期限落在期内的联合巡查应办", Owner.patrols),
    MeasureRow("patrols.met", "已巡", "次", K.number, "其中经双方确认完成的", Owner.patrols),
    MeasureRow("patrols.on_time", "巡查按期率", "次", K.rate, "期限内记录并经双方确认的 ÷（应巡 − 免除）", Owner.patrols),
    MeasureRow("patrols.single", "单方记录", "次", K.number, "期内只有一方记录、另一方未确认或不认可的联合巡查", Owner.patrols),
    MeasureRow("patrols.coverage", "里程覆盖", "米", K.rate, "期内双方确认的巡查走过的里程（重叠的只计一次）÷ 区段全长", Owner.patrols),
    MeasureRow("programmes.drift", "规划偏差", "百分点", K.points, "截止日各节点实际与应达的百分点之差，按权重合计；有几个规划的逐个列出", Owner.programmes),
    MeasureRow("attribution.sent_down", "下派", "件", K.number, "期内下派核实归属的案件", Owner.attribution, note=ONCE),
    MeasureRow("attribution.claimed", "认领", "件", K.number, "期内有单位认领的案件", Owner.attribution, note=ONCE),
    MeasureRow("attribution.disclaimed", "不认领", "件", K.number, "期内有单位不认领的案件", Owner.attribution, note=ONCE),
    MeasureRow("attribution.presumed", "视为认领", "件", K.number, "期内有候选单位逾期没有答复、记为认领的案件", Owner.attribution, note=ONCE),
    MeasureRow("attribution.disputed", "争议", "件", K.number, "下派过、期内提级争议的案件", Owner.attribution, note=ONCE),
    MeasureRow("attribution.designated", "指定", "件", K.number, "下派过、期内指定办理的案件", Owner.attribution, note=ONCE),
    MeasureRow("attribution.dispute_rate", "争议率", "件", K.rate, "期内下派的案件中期内提级争议的 ÷ 期内下派的", Owner.attribution),
    MeasureRow("attribution.agreement", "一致率", "件", K.rate, "确认的主办单位就是规则所建议的 ÷ 期内确认归属的，没有建议的也在分母里", Owner.attribution),
    MeasureRow("attribution.overruled", "未采纳建议", "件", K.number, "期内确认归属时主办单位不是规则所建议的案件，附确认意见", Owner.attribution),
    MeasureRow("works.cases", "核查有整治内容的案件", "件", K.number, "期内核查过的有整治内容的案件", Owner.works, note=NOT_ADDING_UP),
    MeasureRow("works.first_pass", "首次通过率", "件", K.rate, "到末日为止没有被核查退回过的 ÷ 期内核查过的有整治内容的案件", Owner.works),
    MeasureRow("works.score", "末次核查均分", "分", K.score, "各案期内最后一次打分的平均，按整治内容和标准分列", Owner.works),
    MeasureRow("works.failed", "不合格项目", "次", K.number, "期内核查打分为不合格的次数，各类最多列十项；一次核查几项不合格的计几次", Owner.works),
    MeasureRow("cases.received", "登记案件", "件", K.number, "期内在本系统登记的案件，按登记日计，每案计一次", Owner.cases, ("source",)),
    MeasureRow("cases.handled", "已办结", "件", K.number, "期初未销号、期内登记或重开的案件中，期末处于核查通过、公示中、公示期满、已销号的", Owner.cases,
            ("source",)),
    MeasureRow("cases.completion", "办结率", "件", K.rate, "已办结（不含阶段性）÷ 应办（不含并案、移送、不予受理、作废）", Owner.cases, ("source",)),
    MeasureRow("complaints.handled", "办结信访投诉", "件", K.number, "督察信访件、热线和网络留言中期内核查通过的，按通过之日计；并案的随主案", Owner.cases,
            ("source",)),
    *(MeasureRow(row.key, row.word, row.unit, K.rate if row.out_of else K.number, row.definition, Owner.enforcement,
                 told=CIRCULAR)
      for row in ENFORCEMENT_FIGURES),
    MeasureRow("inspections.done", "检查", "家次", K.number, "期内完成的检查，按检查日计，一次计一家次", Owner.inspections, told=SHEETS),
    MeasureRow("inspections.sites", "检查对象", "家", K.number, "期内检查过的监管对象，每家计一次，附其第一次检查", Owner.inspections),
    MeasureRow("inspections.on_site", "现场检查", "家次", K.number, "期内完成的现场检查", Owner.inspections),
    MeasureRow("offsite.visits", "非现场检查", "家次", K.number, "期内完成的非现场检查，不限于正面清单内的对象", Owner.inspections, told=SHEETS),
    MeasureRow("offsite.sites", "非现场检查对象", "家", K.number, "期内非现场检查过的监管对象，每家计一次，附其第一次检查；不限于正面清单内的对象", Owner.inspections),
    MeasureRow("inspections.found", "检查立案", "件", K.number, "期内完成的检查发现问题登记的案件", Owner.inspections, told=SHEETS),
    MeasureRow("inspections.problem_rate", "问题发现率", "家次", K.rate, "期内完成的检查中至少立案一件的 ÷ 期内完成的检查", Owner.inspections, told=SHEETS),
    MeasureRow("inspections.coverage", "双随机覆盖率", "家", K.rate, "末日所在年度抽中并完成现场检查的监管对象（每家计一次）÷ 末日在册的，按分类分列",
               Owner.inspections, told=CIRCULAR),
    MeasureRow("draws.closed", "完成的抽取", "次", K.rate, "季度末日在期内、已结束的抽取 ÷ 季度末日在期内、已抽取的", Owner.inspections, told=CIRCULAR),
    MeasureRow("draws.completion", "抽查完成率", "家次", K.rate, "季度末日在期内的抽取中，已检查和不能检查的 ÷ 抽中和递补的", Owner.inspections, told=CIRCULAR),
    MeasureRow("sites.listed", "分类监管对象", "家", K.number, "末日有分类的监管对象，按分类列出占比", Owner.sites),
    *(MeasureRow(f"sites.class.{letter}", word, "家", K.rate, definition, Owner.sites) for letter, word, definition in (
        ("A", "A 类监管对象", "末日分类为 A 的 ÷ 末日有分类的"), ("B", "B 类监管对象", "末日分类为 B 的 ÷ 末日有分类的"),
        ("C", "C 类监管对象", "末日分类为 C 的 ÷ 末日有分类的"))),
    MeasureRow("commitments.sites", "签订承诺书", "家", K.number, "末日有环保承诺书在有效期内的监管对象，一家有几份只计一次", Owner.sites),
    MeasureRow("permits.sites", "持排污许可证", "家", K.number, "末日有排污许可证在有效期内的监管对象，一家有几证只计一次", Owner.sites),
    MeasureRow("registrations.sites", "排污登记", "家", K.number, "末日有排污登记在有效期内的监管对象，一家有几条只计一次", Owner.sites),
    MeasureRow("positive.sites", "正面清单企业", "家", K.number, "末日在正面清单的监管对象", Owner.sites),
    MeasureRow("reports.rate", "执行报告提交率", "份", K.rate, "期限落在期内、未免交的执行报告中，到查询日已提交的", Owner.sites, told=CIRCULAR),
    MeasureRow("reports.on_time", "执行报告按期率", "份", K.rate, "期限落在期内、未免交的执行报告中，在期限内提交的", Owner.sites),
    MeasureRow("audits.assessed", "清洁生产审核评估", "家", K.number, "期内通过评估的清洁生产审核", Owner.sites, told=CIRCULAR),
    MeasureRow("schemes.low", "无低费方案", "个", K.number, "期内通过评估的审核提出的无低费方案，作废的不计", Owner.sites),
    MeasureRow("schemes.high", "中高费方案", "个", K.number, "期内通过评估的审核提出的中高费方案，作废的不计", Owner.sites),
)
BY_KEY: Mapping[str, MeasureRow] = {each.key: each for each in MEASURES}
ASKED = re.compile(r"([a-z_.]+)(?:\(([^()]*)\))?")


def measure_asked(said: str) -> tuple[MeasureRow, dict[str, str]]:
    """The figure of a key as it is quoted, such as cases.received(source=D2JX) or operations.count(campaign), with what is asked
    of it. Raises `Invalid`."""
    fits = ASKED.fullmatch(said.strip())
    key, params = (fits[1], _params_of(fits[2] or "")) if fits else (said.strip(), {})
    for name in [name for name in params if name not in _params_known(key)]:
        key = f"{key}.{params.pop(name)}"  # what is written so is a figure of its own
    found = BY_KEY.get(key)
    if found is None:
        raise Invalid(Say("没有数据项“{key}”；近似的有：{keys}。", key=said.strip()[:60], keys=Listed(_near_keys(key))), field="key")
    return found, params


def _params_known(key: str) -> tuple[str, ...]:
    return BY_KEY[key].params if key in BY_KEY else ()


def _params_of(said: str) -> dict[str, str]:
    pairs = [each.partition("=") for each in said.split(",") if each.strip()]
    return {name.strip() if sign else f"#{at}": (value if sign else name).strip() for at, (name, sign, value) in enumerate(pairs)}


def _near_keys(key: str) -> list[str]:
    """Those of the same beginning, else all beginnings."""
    near = [each for each in BY_KEY if each.partition(".")[0] == key.partition(".")[0]]
    return near or sorted({each.partition(".")[0] for each in BY_KEY})
