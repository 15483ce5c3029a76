"""Random lives of cases as raw facts: every road that the flow allows, with values as the deeds set them, from a seed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from tests.support.months import ZONE
from tests.support.stories import BEGINNING
from tracker.domain.cases.facts import FINAL
from tracker.domain.cases.flow import MOVES, OTHER_FACTS
from tracker.domain.cases.stories import Story, story

LONGEST = 25
NOTES = ("progressed", "urged", "commented", "escalated", "supervision_opened", "supervision_lifted", "sponsor_set",
         "joint_meeting_decided",
         "called_back", "looked_back", "field_corrected")
FORWARD = frozenset({"assign", "confirm", "acknowledge", "submit", "verify", "close", "open_notice", "end_notice"})
# Read by no report.
UNREAD = frozenset({"receive_objection"})
# Came after the reports' editions were agreed on: with it every life would go another way.
LATER = frozenset({"recall", "retract", "send_down", "recheck", "claim", "disclaim", "confirm", "find_nothing"})
AFTER_CLOSING = ("called_back", "looked_back", "field_corrected")
STREETS = ("360103002", "360103014", "360103011", "360103")
CHANNELS = ("phone", "web", "letter", "patrol", "drone", "transfer")
TYPES: tuple[list[str], ...] = (["garbage"], ["noise", "air"], ["water"], ["railway"], [])


@dataclass(frozen=True)
class Fact:
    """One fact as the ledger has it; `on` is its office date."""

    seq: int
    kind: str
    at: datetime
    body: Mapping[str, Any]

    @property
    def on(self) -> date:
        """The office date."""
        return self.at.astimezone(ZONE).date()

    @property
    def sets(self) -> Mapping[str, Any]:
        """What it sets."""
        found: Mapping[str, Any] = self.body.get("set", {})
        return found


Lives = Mapping[str, tuple[Fact, ...]]


def lives(seed: int, count: int, begins: Iterable[date], days: int, unread: frozenset[str] = UNREAD) -> Lives:
    """So many cases, registered within some days after one of the beginnings, each with a road of its own."""
    dice, first_days = Random(seed), tuple(begins)
    return {f"X{index:04d}": _life(dice, dice.choice(first_days) + timedelta(days=dice.randrange(days)), unread)
            for index in range(count)}


def stories_of(known: Lives, cut: datetime) -> list[Story]:
    """The lives as the law reads them, up to a moment."""
    told = {number: [(f.seq, f.kind, 7, f.at, f.body) for f in facts if f.at < cut] for number, facts in known.items()}
    return [story(number, facts, lambda moment: moment.astimezone(ZONE).date()) for number, facts in told.items() if facts]


def _life(dice: Random, begun: date, unread: frozenset[str]) -> tuple[Fact, ...]:
    at = datetime(begun.year, begun.month, begun.day, dice.randrange(8, 19), dice.randrange(60), tzinfo=ZONE)
    is_imported = dice.random() < 0.08
    values = {**BEGINNING, "channel": dice.choice(CHANNELS), "area_code": dice.choice(STREETS), "categories": dice.choice(TYPES),
              "source_id": dice.choice((1, 1, 2)), "received_on": str(begun - timedelta(days=dice.randrange(3))),
              "history": "imported" if is_imported else "own"}
    values["jurisdiction"] = values["area_code"]
    facts, state, pending = [Fact(1, "case:registered", at, {"set": values})], "registered", ""
    for seq in range(2, dice.randrange(3, LONGEST)):
        at += timedelta(hours=dice.choice((1, 5, 20, 30, 60, 100, 200)))
        step = "history_imported" if is_imported and seq == 2 else _next(dice, state, pending, unread)
        if step is None:
            break
        kind, state = _follow(step, state)
        changes, told = _said(dice, step, at.astimezone(ZONE).date())
        pending = step.removeprefix("request_") if step.startswith("request_") else "" if "pending" in changes else pending
        if pending and step.startswith("request_"):
            changes = {"pending": pending}
        facts.append(Fact(seq, kind, at, {**told, "set": changes}))
    return tuple(facts)


def _next(dice: Random, state: str, pending: str, unread: frozenset[str]) -> str | None:
    if dice.random() < 0.25:
        if state not in FINAL:
            return dice.choice(NOTES)
        if state == "closed":
            return dice.choice(AFTER_CLOSING)
    if state in ("registered", "verified") and dice.random() < 0.01:
        return "import_withdrawn"
    ends = {"decline", "transfer", "void", "merge"}
    steps = [s.name for s in MOVES if state in s.froms and s.name not in unread and (s.name not in ends or dice.random() < 0.15)]
    steps = [name for name in steps if not name.startswith(("grant_", "refuse_")) or name == "refuse_close"
             or name.endswith(pending or "-")]
    steps = [name for name in steps if not (pending and name.startswith("request_"))]
    onwards = [name for name in steps if name in FORWARD]
    return dice.choice(onwards if onwards and dice.random() < 0.5 else steps) if steps else None


def _follow(step: str, state: str) -> tuple[str, str]:
    for each in MOVES:
        if each.name == step:
            return each.fact, each.to.value if each.to is not None else state
    kind = f"case:{step}"
    to = OTHER_FACTS[kind].to if kind in OTHER_FACTS else None
    return kind, to.value if to is not None else state


def _said(dice: Random, step: str, on: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a step sets, and what it says besides."""

    def later(least: int, most: int) -> str:
        return str(on + timedelta(days=dice.randrange(least, most)))

    if step in ("assign", "confirm", "designate"):
        units = dice.sample((1, 2, 3), 3)
        return {"lead_unit_id": units[0], "supporting_unit_ids": units[1:dice.randrange(1, 3)], "assigned_on": str(on),
                "due_on": later(3, 25),
                "acknowledge_due_on": later(0, 4), "pending": None, "sponsor_id": dice.choice((None, 8))}, {}
    if step in ("grant_return", "recall", "unmerge"):
        return {"lead_unit_id": None, "supporting_unit_ids": [], "due_on": None, "acknowledge_due_on": None, "pending": None,
                "master_id": None}, {}
    if step in ("grant_extension", "resume", "resume_phase"):
        return {"due_on": later(3, 20), "pending": None}, {}
    if step in ("reject", "refuse_close", "sustain_objection", "reopen"):
        return {"due_on": later(2, 15), "round": 2, "lead_unit_id": dice.choice((1, 2, 3))}, {"reason": "还有残留"}
    plain: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "grant_phase": ({"phase_next_on": later(5, 40), "pending": None}, {}), "merge": ({"master_id": 1}, {}),
        "acknowledge": ({"pending": None}, {}), "submit": ({"finding": "true", "pending": None}, {}),
        "verify": ({}, {"conclusion": "整改到位"}), "close": ({"filing_no": "1号", "supervision_level": None}, {}),
        "called_back": ({"satisfaction": dice.choice(("satisfied", "basically", "unsatisfied", "unreached"))}, {}),
        "looked_back": ({}, {"result": dice.choice(("passed", "failed"))}), "progressed": ({}, {"text": "正在清运"}),
        "supervision_opened": ({"supervision_level": dice.choice(("ordinary", "key", "listed"))}, {"reason": "久拖不决"}),
        "supervision_lifted": ({"supervision_level": None}, {}), "sponsor_set": ({"sponsor_id": 8}, {}),
        "escalated": ({}, {"reason": "需市里协调"}), "joint_meeting_decided": ({}, {"text": "由甲街道牵头"}),
        "field_corrected": ({"area_code": dice.choice(STREETS)}, {"field": "area_code"}),
    }
    return plain.get(step, ({"pending": None}, {}) if step.startswith("refuse_") else ({}, {}))
