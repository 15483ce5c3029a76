"""The acts that a search of the register finds beside the cases."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.acts import access
from tracker.services.house.work import reading
from tracker.storage.acts import register
from tracker.storage.acts.register import ActLine

MOST = 5


@dataclass(frozen=True)
class FoundActs:
    """The first of them, each with the words of its kind and state; whether there are more."""

    lines: tuple[tuple[ActLine, str, str], ...]
    has_more: bool


def found_acts(actor: Actor, q: str) -> FoundActs | None:
    """What is found among the acts that somebody reads; None for nothing."""
    lines = register.found_by(reading(), access.scope_of(actor), q, MOST + 1) if actor.has(Permission.act_read) else ()
    return FoundActs(_worded_lines(lines[:MOST]), len(lines) > MOST) if lines else None


def told_acts(lines: Sequence[ActLine]) -> FoundActs | None:
    """The same of acts at hand; None of none."""
    return FoundActs(_worded_lines(lines), has_more=False) if lines else None


def _worded_lines(lines: Sequence[ActLine]) -> tuple[tuple[ActLine, str, str], ...]:
    flows = [ACT_FLOWS[line.kind] for line in lines]
    return tuple((line, flow.word, flow.word_of_state(line.state)) for line, flow in zip(lines, flows, strict=True))
