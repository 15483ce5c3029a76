"""What a supervision sheet says of one case, from its moves alone: light, progress of the window, trouble, what needs
coordination, next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.domain.cases.facts import CLOCK_RUNS, FINAL, CaseState, Request
from tracker.domain.cases.flow import ASSIGNED, OtherFacts, Steps
from tracker.domain.cases.stories import Move, Story
from tracker.domain.cases.wording import FACT_WORDS, LIGHTS, REQUESTS, STATES, SUPERVISION
from tracker.domain.house.masking import mask_text
from tracker.domain.reports.document import Cell, is_reference
from tracker.domain.reports.inputs import Inputs, is_notice_due
from tracker.domain.rules.lights import Light, days_overdue
from tracker.domain.rules.periods import Window

LONGEST = 80
S = CaseState
# Facts that are news of a case's work; the rest is paper.
NEWS = frozenset({
    OtherFacts.registered.fact, *ASSIGNED, Steps.acknowledge.fact, Steps.grant_return.fact,
    Steps.recall.fact,
    Steps.dispute.fact, Steps.grant_extension.fact, Steps.suspend.fact, Steps.resume.fact, Steps.grant_phase.fact,
    Steps.resume_phase.fact, Steps.submit.fact, Steps.withdraw.fact, Steps.verify.fact, Steps.reject.fact, Steps.open_notice.fact,
    Steps.sustain_objection.fact, Steps.end_notice.fact, Steps.close.fact, Steps.refuse_close.fact, Steps.reopen.fact,
    Steps.unmerge.fact, Steps.progress.fact,
})
NEXT: Mapping[CaseState, str] = {
    S.registered: "交办", S.checking: "确认归属", S.assigned: "签收", S.disputed: "指定办理", S.rectifying: "报送整改", S.suspended: "恢复办理",
    S.phased: "到期恢复整改",
    S.submitted: "现场核查", S.verified: "销号", S.noticing: "公示期满后销号", S.noticed: "销号",
}
# Facts whose reason is the trouble of a case, until one of the others has overcome it.
TROUBLES = frozenset({Steps.reject.fact, Steps.refuse_close.fact, Steps.sustain_objection.fact, Steps.refuse_extension.fact,
                      Steps.refuse_phase.fact, Steps.suspend.fact, Steps.reopen.fact})
OVERCOME = frozenset({Steps.submit.fact, Steps.verify.fact, Steps.resume.fact, Steps.close.fact})
JOINT_MEETING, ESCALATED = Steps.joint_meeting_decision.fact, Steps.escalate.fact


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case of the sheet, ready to be sorted and printed once its title and place are known."""

    number: str
    unit_id: int
    light: str
    due_on: date | None
    # source, lead, sponsor, assigned, due, light, progress, trouble, coordination, next, conclusion, proposed
    cells: tuple[Cell, ...]
    is_proposed: bool
    matters: tuple[str, ...]


def recalled_of(moves: Sequence[Move]) -> frozenset[int]:
    """The numbers of the assignments that were taken back before anybody had signed for them: they count nowhere."""
    if not any(move.kind == Steps.recall.fact for move in moves):
        return frozenset()
    found, standing = set[int](), 0
    for move in moves:
        if move.kind in ASSIGNED:
            standing = move.seq
        elif move.kind == Steps.recall.fact:
            found.add(standing)
        elif move.kind == Steps.acknowledge.fact:
            standing = 0
    return frozenset(found)


def light_of(move: Move, inputs: Inputs) -> str:
    """The colour of a case on the day of the cut; a suspended or finished one has no running clock."""
    if move.state in FINAL:
        return Light.blue.value
    due_on = move.values.get("due_on")
    if move.state not in CLOCK_RUNS or due_on is None:
        return Light.green.value
    if due_on < inputs.today:
        return Light.red.value
    return Light.yellow.value if due_on <= inputs.due_soon_until else Light.green.value


def is_proposed_for_closing(move: Move, inputs: Inputs) -> bool:
    """Whether only the closing is left: passed, and no notice is needed or the notice has run its time. Imported history is left
    apart."""
    if move.values.get("history") == "imported":
        return False
    return move.state is S.noticed or (move.state is S.verified and not is_notice_due(inputs, move.values))


def line_of(story: Story, inputs: Inputs) -> CaseLine:
    """The line of one case that is in the stock at the cut."""
    last, values = story.last, story.last.values
    light, matters = light_of(last, inputs), matters_of(story, inputs.window)
    unit_id, due_on = values.get("lead_unit_id") or 0, values.get("due_on")
    is_proposed = is_proposed_for_closing(last, inputs)
    cells: tuple[Cell, ...] = (
        source_text(values, inputs), unit_name(unit_id, inputs), inputs.people.get(str(values.get("sponsor_id")), ""),
        day_text(values.get("assigned_on")), day_text(due_on), LIGHTS[light], _window_progress(story, inputs.window),
        _trouble_words(story, inputs, light),
        "；".join(matters), _next_told(story, inputs), _last_conclusion(story), "是" if is_proposed else "否")
    return CaseLine(story.number, unit_id, light, due_on, cells, is_proposed, matters)


def matters_of(story: Story, window: Window) -> tuple[str, ...]:
    """What others must help with: disputes, escalations, pauses, supervision, requests that wait, decisions of joint meetings
    this time."""
    last, found = story.last, []
    if last.state is S.disputed:
        found.append(f"争议提级：{_last_reason(story, Steps.dispute.fact)}")
    if last.state is S.suspended:
        found.append(f"缓办：{_last_reason(story, Steps.suspend.fact)}")
    if pending := last.values.get("pending"):
        found.append(f"{REQUESTS[Request(pending)]}待审批")
    if (level := last.values.get("supervision_level")) is not None:
        found.append(SUPERVISION[level])
    if last.values.get("matter_since_on") is not None:
        found.append(_matter_told(story))
    for move in story.moves:
        if move.kind == ESCALATED:
            found.append(f"提请市级协调（{day_text(move.on)}）：{_short_text(move.told.get('reason'))}")
        elif move.kind == JOINT_MEETING and window.holds(move.at):
            found.append(f"联席会议决定（{day_text(move.on)}）：{_short_text(move.told.get('text'))}")
    return tuple(found)


def _matter_told(story: Story) -> str:
    """What waits to be coordinated since when, and who is asked."""
    named = (move.told for move in reversed(story.moves) if move.kind == Steps.progress.fact and move.told.get("matters"))
    said: Mapping[str, Any] = next(named, {})
    to = f"（请{_short_text(said['matters_to'])}）" if said.get("matters_to") else ""
    return f"{day_text(story.get('matter_since_on'))} 起待协调{to}：{_short_text(said.get('matters'))}"


def source_text(values: Mapping[str, Any], inputs: Inputs) -> str:
    """The source's name with its own number."""
    name = inputs.sources.get(str(values.get("source_id")), ("", ""))[1]
    number = values.get("source_number")
    return f"{name} {number}" if number else name


def unit_name(unit_id: int, inputs: Inputs) -> str:
    """The name of a unit as it was when the report was made."""
    return inputs.units.get(str(unit_id), ("", "未交办", ""))[1] if unit_id else "未交办"


def unit_order(unit_id: int, inputs: Inputs) -> tuple[bool, str, int]:
    """Units by their code, what nobody leads last."""
    return unit_id == 0, inputs.units.get(str(unit_id), ("", "", ""))[0], unit_id


def day_text(on: date | None) -> str:
    """A date as it is printed, a dash for none."""
    return on.isoformat() if on is not None else "—"


def _window_progress(story: Story, window: Window) -> str:
    """The news of the window: the steps with their days, and the last report of progress in its own words."""
    said, words = [], ""
    for move in story.during(window):
        if move.kind == Steps.progress.fact:
            words = _short_text(move.told.get("text"))
        elif move.kind in NEWS:
            said.append(f"{move.on.month}月{move.on.day}日{FACT_WORDS[move.kind]}")
    return "；".join([*said[-4:], *([words] if words else [])]) or "本周无进展"


def _latest_said(moves: Sequence[Move], name: str) -> str:
    """What the newest report of progress among these says under a name; nothing where none says anything."""
    for move in reversed(moves):
        if move.kind == Steps.progress.fact and move.told.get(name):
            return _short_text(move.told[name])
    return ""


def _next_told(story: Story, inputs: Inputs) -> str:
    """The step that comes next, and what the unit itself means to do."""
    return "；".join(filter(None, (_next_step(story.last, inputs), _latest_said(story.during(inputs.window), "next"))))


def _trouble_words(story: Story, inputs: Inputs, light: str) -> str:
    found = []
    if light == Light.red.value:
        found.append(f"超期{days_overdue(story.get('due_on'), inputs.today)}日")
    if said := _latest_said(story.during(inputs.window), "problems"):
        found.append(said)
    for move in reversed(story.moves):
        if move.kind in OVERCOME:
            break
        if move.kind in TROUBLES:
            found.append(f"{FACT_WORDS[move.kind]}：{_short_text(move.told.get('reason'))}")
            break
    if (story.get("round") or 1) > 1:
        found.append(f"第{story.get('round')}轮整改")
    return "；".join(found) or "—"


def _next_step(last: Move, inputs: Inputs) -> str:
    if last.state is S.verified and is_notice_due(inputs, last.values) and last.values.get("history") != "imported":
        return "公示"
    if last.state is S.phased:
        return f"{day_text(last.values.get('phase_next_on'))} 恢复整改"
    return NEXT.get(last.state, STATES[last.state])


def _last_conclusion(story: Story) -> str:
    """What the latest verification said."""
    for move in reversed(story.moves):
        if move.kind == Steps.verify.fact:
            return f"通过：{_short_text(move.told.get('conclusion'))}"
        if move.kind == Steps.reject.fact:
            return f"不通过：{_short_text(move.told.get('reason'))}"
        if move.kind == OtherFacts.history_imported.fact:
            return "导入的历史办理结果"
    return "—"


def _last_reason(story: Story, kind: str) -> str:
    for move in reversed(story.moves):
        if move.kind == kind:
            return _short_text(move.told.get("reason"))
    return "—"


def _short_text(text: object) -> str:
    """What somebody wrote: as a reference where it lies apart, else the text itself, short."""
    return str(text) if is_reference(text) else short_text(text)


def short_text(text: object) -> str:
    """Free text in one line, masked once more and cut: a sheet is no file."""
    said = " ".join(mask_text(str(text or "")).split())
    return said if len(said) <= LONGEST else said[:LONGEST - 1] + "…"
