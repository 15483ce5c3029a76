"""DAILY_PATROL_FLOW （日巡查）: who went where with how many people and vehicles, and what was found, or nothing. It has no other
side, so it is over as soon as it is recorded."""

from enum import StrEnum

from tracker.domain.acts.facts import of_its_units
from tracker.domain.acts.step_rows import FILES, UNOPENED, ActFlow, ActStep, ActWho, over_area, reason
from tracker.domain.coordination.patrols import FINDINGS, INSPECTORS, LOGGER, LOGGERS, NO_PHOTOS, inspects_it
from tracker.domain.house.actor import Permission
from tracker.domain.house.fields import FieldKind, Given
from tracker.domain.house.ledger import FactKind
from tracker.domain.house.lifecycle import STAY, rows_of

F, Step = FactKind, ActStep
KIND = "daily_patrol"
SIDES: tuple[ActWho, ...] = (ActWho(Permission.act_answer, of_its_units), ActWho(Permission.act_check, inspects_it))


class DailyPatrolState(StrEnum):
    """Where a daily patrol stands."""

    recorded = "recorded"


S = DailyPatrolState


class DailyPatrolSteps:
    """The steps of a daily patrol."""

    record = Step(UNOPENED, S.recorded, (over_area(Permission.act_answer), INSPECTORS), F("daily_patrol:recorded"),
        (Given("patrolled_on", "巡查日期", FieldKind.date), Given("people", "巡查人员", longest=120, hint="多人用、分开"),
         Given("person_count", "人数", FieldKind.number), Given("vehicle_count", "车辆数", FieldKind.number, is_required=False),
         Given("route_from", "起点", longest=80), Given("route_to", "终点", longest=80),
         Given("places", "巡查点位", FieldKind.long_text, is_required=False, longest=1000, hint="一行一个"),
         Given("findings", "巡查情况", FieldKind.choice, choices=FINDINGS),
         Given("text", "情况说明", FieldKind.long_text, is_required=False),
         reason("补录理由", is_required=False), FILES), hand=LOGGER, is_outside=True)
    find_problem = Step((S.recorded,), STAY, SIDES, F("daily_patrol:problem_found"),
        (Given("title", "问题", longest=120), Given("text", "情况", FieldKind.long_text), Given("place", "地点", longest=120),
         NO_PHOTOS, FILES), hands_files_on=True, is_outside=True)
    correct = Step((S.recorded,), STAY, LOGGERS, F("daily_patrol:corrected"),
        (Given("text", "更正为", FieldKind.long_text), reason("更正理由")), is_quiet=True)


DAILY_PATROL = ActFlow(
    kind=KIND, word="日巡查", prefix="RX", states={S.recorded: "已记录"}, finals=frozenset({S.recorded}),
    rows=rows_of(DailyPatrolSteps, ActStep),
    step_words={DailyPatrolSteps.record.name: "记录日巡查", DailyPatrolSteps.find_problem.name: "发现问题",
                DailyPatrolSteps.correct.name: "更正巡查记录"},
    parts={LOGGER: "记录"},
)
