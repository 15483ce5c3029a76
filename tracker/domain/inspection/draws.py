"""DRAW_FLOW （双随机抽取）: who is on the list, what is committed to, who witnesses the draw, and what came of it.

The roster and the secret are committed to before anybody knows the value that another person reads of a public source; each drawn
site becomes an inspection.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.domain.acts.facts import ActFacts, ActWhy, is_clock
from tracker.domain.acts.step_rows import UNOPENED, ActFlow, ActStep, ActWho, over_area, reason
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import Choices, FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, FlowRule, rows_of
from tracker.domain.house.say import Say

F, Step = FactKind, ActStep
KIND, PREPARER, WITNESS, CHECKER = "draw", "preparer", "witness", "checker"
WITNESS_MARK = "witness_mark"  # what an act keeps: what came of looking the value up again
EXCLUDED = "excluded"  # what an act keeps: rows of a site or an officer, and the fact that said so
LEVELS: Choices = (("county", "县区"), ("city", "设区市"))
POSITIVE_MODES: Choices = (("skip", "不抽取"), ("offsite", "抽中后非现场检查"))
COMMIT_LEADS: Choices = (("sealed", "当日封签以后"), ("same_day", "当天"))
MARKS: Choices = (("checked", "相符"), ("wrong", "不符"))
COUNTY_DIGITS = 6  # areas with fewer are cities
LEAST_REASON, LEAST_WITNESS, MOST_WITNESS = 10, 6, 80
_QUARTER = re.compile(r"(20\d\d)[^0-9]{0,3}([1-4])[^0-9]{0,3}", re.ASCII)


class DrawState(StrEnum):
    """Where a draw stands."""

    preparing = "preparing"
    committed = "committed"
    drawn = "drawn"
    closed = "closed"
    abandoned = "abandoned"


S = DrawState


@dataclass(frozen=True)
class DrawQuarter:
    """A quarter of a year."""

    year: int
    place: int

    def __str__(self) -> str:
        return f"{self.year}Q{self.place}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.place - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        following = date(self.year + 1, 1, 1) if self.place == 4 else date(self.year, 3 * self.place + 1, 1)
        return date.fromordinal(following.toordinal() - 1)


def read_quarter(text: str) -> DrawQuarter:
    """A quarter as it is typed, such as 2026Q4. Raises `Invalid`."""
    found = _QUARTER.fullmatch(text.strip())
    if found is None:
        raise Invalid(Say("“季度”应写成 2026Q4，“{text}”无法识别。", text=text.strip()[:20]), field="quarter")
    return DrawQuarter(int(found[1]), int(found[2]))


def quarter_of(on: date) -> DrawQuarter:
    """The quarter in which a day lies."""
    return DrawQuarter(on.year, (on.month + 2) // 3)


def level_of(area_code: str) -> str:
    """Whose draw it is."""
    return "county" if len(area_code) >= COUNTY_DIGITS else "city"


def numbered(area_code: str, given: Mapping[str, object]) -> str:
    """The number of a draw is its key."""
    return f"SJ-{read_quarter(str(given.get('quarter') or ''))}-{area_code}"


def _same_person_sentence(facts: ActFacts) -> str:
    is_drawn = facts.state in (DrawState.drawn, DrawState.closed)
    return "编制和见证的人不能核对见证数值。" if is_drawn else "抽取须由另一人见证。"


def _keeps_excluded(actor: Actor, facts: ActFacts) -> bool:
    return bool(facts.rows(EXCLUDED))


PREPARES: ActWho = over_area(Permission.draw_prepare)
RUNS: ActWho = over_area(Permission.draw_run)
AUDITS: ActWho = over_area(Permission.audit_read)
CLOCK: ActWho = ActWho(Permission.clock_tick, is_clock)
SITE = Given("site", "监管对象", is_required=False, longest=200, hint="编号或全称；与检查人员只填一个")
OFFICER = Given("officer", "检查人员", is_required=False, longest=60, hint="登录名")
INSPECTION_NO = Given("inspection", "检查编号", longest=24, hint="如 JC-2026-000045")


class DrawSteps:
    """The steps of a draw."""

    prepare = Step(UNOPENED, S.preparing, (PREPARES,), F("draw:prepared"),
        (Given("quarter", "季度", longest=12, hint="如 2026Q4"),
         Given("roster_on", "名录日期", FieldKind.date, hint="以哪一天的分类、状态和清单为准，不晚于今天")),
        hand=PREPARER)
    commit = Step((S.preparing,), S.committed, (PREPARES,), F("draw:committed"),
        (Given("witness_source", "见证来源", longest=60, hint="到那天才会知道、谁都查得到的一个数，如“上证指数收盘”"),
         Given("witness_on", "哪一天的", FieldKind.date, hint="须在今天以后")), hand=PREPARER)
    draw = Step((S.committed,), S.drawn, (RUNS,), F("draw:drawn"),
        (Given("witness", "见证数值", longest=MOST_WITNESS, hint="连同来源和日期照抄，如“上证指数2026-10-09收盘:3466.33”"),
         Given("planned_on", "检查开始日期", FieldKind.date),
         Given("due_on", "最迟检查日期", FieldKind.date, is_required=False, hint="不填为季度末"),
         reason("当天抽取的理由", is_required=False)), hand=WITNESS)
    replace = Step((S.drawn,), STAY, (PREPARES,), F("draw:replaced"), (INSPECTION_NO,))
    reassign = Step((S.drawn,), STAY, (PREPARES,), F("draw:reassigned"),
        (INSPECTION_NO, Given("officer", "换下的人员", is_required=False, longest=60, hint="登录名；人员不足只补人的不填"), reason("换人理由")),
        is_quiet=True)
    exclude = Step((S.preparing,), STAY, (PREPARES,), F("draw:excluded"),
        (SITE, OFFICER, reason("剔除依据"), Given("document_no", "文号", longest=60)), hand=PREPARER, is_quiet=True)
    include = Step((S.preparing,), STAY, (PREPARES,), F("draw:included"), (SITE, OFFICER, reason("恢复理由")),
        (FlowRule(ActWhy.nothing_excluded, _keeps_excluded),), hand=PREPARER, is_quiet=True)
    check_witness = Step((S.drawn, S.closed), STAY, (AUDITS,), F("draw:witness_checked"),
        (Given("verdict", "核对结果", FieldKind.choice, choices=MARKS),
         Given("text", "核对情况", FieldKind.long_text, hint="在哪里查到、查到的数是多少")), hand=CHECKER, is_quiet=True, is_after_end=True)
    close = Step((S.drawn,), S.closed, (PREPARES, CLOCK), F("draw:closed"), (), has_own_job=True)
    abandon = Step((S.preparing, S.committed), S.abandoned, (PREPARES,), F("draw:abandoned"), (reason("作废理由"),), is_quiet=True)


D = DrawSteps
DRAW = ActFlow(
    kind=KIND, word="抽取", prefix="SJ", subkinds=LEVELS, numbered=numbered,
    states={S.preparing: "编制名录", S.committed: "已封存", S.drawn: "已抽取", S.closed: "已结束", S.abandoned: "作废"},
    finals=frozenset({S.closed, S.abandoned}), narrow_in=frozenset({S.preparing, S.committed, S.drawn, S.abandoned}),
    rows=rows_of(DrawSteps, ActStep),
    step_words={D.prepare.name: "编制抽取名录", D.commit.name: "封存名录", D.draw.name: "抽取", D.replace.name: "递补", D.reassign.name: "换人",
                D.exclude.name: "剔除", D.include.name: "恢复", D.check_witness.name: "核对见证数值",
                D.close.name: "结束抽取", D.abandon.name: "作废抽取"},
    parts={PREPARER: "编制", WITNESS: "见证", CHECKER: "核对"}, says={ActWhy.same_person: _same_person_sentence},
    codes={"verdict": MARKS},
    words={"roster_digest": "名录摘要", "commitment": "密值摘要", "seed": "种子", "result_digest": "结果摘要", "secret": "密值",
           "drawn_count": "抽中", "site_name": "监管对象", "new_site": "递补的监管对象", "from_rank": "原名次", "rank": "名次"},
)
