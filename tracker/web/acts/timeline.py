"""Facts of an act as sentences: who did what, and what they said. The words stand in the table of its kind."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker.domain.acts.duty_flow import DUTY_FLOW
from tracker.domain.acts.step_rows import TARGET, ActFlow
from tracker.domain.acts.wording import DUTY_FACTS, LIMIT_FACTS
from tracker.domain.house.fields import FieldKind, Given
from tracker.domain.house.say import Say
from tracker.domain.rules.limits import STAGE_WORDS, Stage
from tracker.storage.cases.entries import FactEntry
from tracker.web.house.drawing.filters import cn_date, cn_moment
from tracker.web.house.drawing.languages import tr

UNIT_LISTS: Mapping[str, str] = {"unit_ids": "单位", "lead_unit_ids": "主办单位", "absent_unit_ids": "未到会"}


@dataclass(frozen=True)
class ActSentence:
    """One fact as the timeline tells it."""

    seq: int
    at: datetime
    actor: str
    unit: str | None
    headline: str
    details: tuple[tuple[str, str], ...]
    papers: tuple[int, ...]
    photos: tuple[int, ...] = ()


def sentences(flow: ActFlow, facts: Sequence[FactEntry], units: Mapping[int, str], seen: Collection[str]) -> list[ActSentence]:
    """The facts of an act, newest first. Of what it is tied to, only what the reader has `seen` is named."""
    return [_told_fact(flow, entry, units, seen) for entry in sorted(facts, key=lambda each: -each.seq)]


def _told_fact(flow: ActFlow, entry: FactEntry, units: Mapping[int, str], seen: Collection[str]) -> ActSentence:
    exhibits = [each for each in entry.details.get("evidence") or () if isinstance(each, dict)]
    return ActSentence(entry.seq, entry.at, str(tr(entry.told_by)), entry.unit, _headline_of(flow, entry),
                       tuple(_detail_lines(flow, entry, units, seen)), tuple(each["id"] for each in exhibits))


def _headline_of(flow: ActFlow, entry: FactEntry) -> str:
    position = entry.details.get("position")
    if entry.kind in DUTY_FACTS:
        return str(tr(Say("{word}（第 {position} 项应办）", word=Say(DUTY_FACTS[entry.kind]), position=position)))
    step = flow.lifecycle.by_fact.get(entry.kind)
    word = Say(flow.word_of_step(step.name)) if step is not None else Say(LIMIT_FACTS.get(entry.kind, "记录"))
    return str(tr(Say("{word}（第 {position} 项）", word=word, position=position) if position else word))


def _detail_lines(flow: ActFlow, entry: FactEntry, units: Mapping[int, str], seen: Collection[str]) -> Iterator[tuple[str, str]]:
    step = flow.lifecycle.by_fact.get(entry.kind) or DUTY_FLOW.by_fact.get(entry.kind)
    if entry.kind in LIMIT_FACTS:
        yield str(tr(STAGE_WORDS[Stage(entry.details["stage"])])), " → ".join(
            cn_date(date.fromisoformat(entry.details[name])) for name in ("from_due_on", "to_due_on") if name in entry.details)
    for given in step.given if step is not None else ():
        value = entry.details.get(given.name)
        if given.name == TARGET:
            value = str(value).partition(":")[2] if value in seen else ""
        if given.kind is not FieldKind.files and given.name != "position" and value not in (None, ""):
            yield str(tr(given.word)), _value_said(given, value)
    asked = {given.name: given.word for given in (step.given if step is not None else ())}
    for name, word in UNIT_LISTS.items():
        if entry.details.get(name):
            yield str(tr(asked.get(name.removesuffix("_ids") + "s", word))), str(tr("、")).join(units.get(unit, "—") for unit
                                                                                               in entry.details[name])
    for name, word in flow.words.items():
        if entry.details.get(name) not in (None, "", []):
            said = dict(flow.codes.get(name, ())).get(str(entry.details[name]), entry.details[name])
            yield str(tr(word)), str(tr(said) if isinstance(said, Say) or said != entry.details[name] else said)


def _value_said(given: Given, value: Any) -> str:
    words = dict(given.choices)
    if given.kind is FieldKind.yes:
        return str(tr("是" if value else "否"))
    if isinstance(value, list):
        return str(tr("、")).join(str(tr(words.get(each, each))) for each in value)
    if str(value) in words:
        return str(tr(words[str(value)]))
    if given.kind is FieldKind.date:
        return cn_date(date.fromisoformat(str(value)))
    if given.kind is FieldKind.instant:
        at = datetime.fromisoformat(str(value))
        return cn_moment(at) if at.tzinfo else f"{cn_date(at.date())} {at:%H:%M}"
    return str(tr(value)) if isinstance(value, Say) else str(value)
