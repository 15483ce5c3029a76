"""What a report tells of the limits of acts whose day is past: how many of each stage, and of which acts. Of an act that only few
may read nothing is told."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import literal, or_, select
from sqlalchemy.orm import Session

from tracker.domain.acts.facts import ActSight
from tracker.domain.rules.limits import LASTING_LIMITS, LIMITS_OF_OTHERS, STAGE_WORDS, Stage
from tracker.domain.upkeep.acts_then import FoldedAct
from tracker.services.acts import then
from tracker.storage.acts.acts import Act, ClockRow
from tracker.storage.acts.scope import ACTS, in_area
from tracker.storage.cadence.owed import running_limits

ACT, MOST_NAMED = "act:", 10
DEFINITION = "截止时超过期限仍未办理的法定或规定时限；公安机关和当事人的期限不计"
Red = tuple[str, str]  # stage and number


def red_rows(session: Session, today: date, area_code: str, until: datetime | None) -> Iterator[Mapping[str, Any]]:
    """The limits whose day is past, by their stages, as they run now or ran at that moment."""
    found = _red_now(session, today, area_code) if until is None else _red_then(session, today, area_code, until)
    by_stage: dict[str, list[str]] = {}
    for stage, number in sorted(found):
        by_stage.setdefault(stage, []).append(number)
    for stage, word in STAGE_WORDS.items():
        if numbers := by_stage.get(stage.value):
            named = "、".join(dict.fromkeys(numbers[:MOST_NAMED]))
            yield {"word": f"{word}时限超期", "said": f"{len(numbers)} 项：{named}{'等' if len(numbers) > MOST_NAMED else ''}",
                   "definition": DEFINITION}


def _red_now(session: Session, today: date, area_code: str) -> Iterable[Red]:
    return [(str(each.stage), each.number) for each in running_limits(session, area_code, today)
            if each.due_on < today and each.sight is ActSight.area]


def _red_then(session: Session, today: date, area_code: str, until: datetime) -> Iterable[Red]:
    may_run = select(ClockRow.id).where(or_(ClockRow.subject == literal(ACT) + ACTS.number,
                                            ClockRow.subject.startswith(literal(ACT) + ACTS.number + "/")),
                                        or_(ClockRow.stopped_on.is_(None), ClockRow.stopped_on >= today)).exists()
    numbers = session.scalars(select(Act.number).where(in_area(area_code), may_run).order_by(Act.id))
    acts = then.folded_by_stream(session, [f"{ACT}{number}" for number in numbers], until)
    return [(str(clock["stage"]), str(act.act["number"])) for act in acts.values() if act.act["sight"] == ActSight.area
            for clock in _running_in(act) if date.fromisoformat(clock["due_on"]) < today]


def _running_in(act: FoldedAct) -> Iterator[Mapping[str, Any]]:
    for clock in act.of_table("clocks"):
        stage = Stage(clock["stage"])
        is_running = clock["stopped_on"] is None and clock["due_at"] is None and clock["paused_from_on"] is None
        if is_running and stage not in LIMITS_OF_OTHERS and (not act.act["is_over"] or stage in LASTING_LIMITS):
            yield clock
