"""My desk: what waits for this person, by urgency."""

from dataclasses import dataclass, field
from itertools import islice

from flask import Blueprint, current_app, render_template
from werkzeug.wrappers import Response

from tracker.domain.actor import Actor, Role
from tracker.domain.case_facts import OPEN, CaseState
from tracker.domain.wording import STEPS
from tracker.storage.queries import register
from tracker.storage.queries.register import Filters
from tracker.web.guard import current_actor, needs_sign_in, public
from tracker.web.today import today
from tracker.web.wording import DUTIES

blueprint = Blueprint("home", __name__)
MOST_NUMBERS = 4
URGENCY = {light: rank for rank, light in enumerate(("red", "yellow", "none", "green", "blue"))}


@dataclass(frozen=True)
class Desk:
    """What a person may do something about: the states, and the step that is theirs in each."""

    steps: dict[CaseState, str] = field(default_factory=dict)

    @property
    def filters(self) -> Filters:
        """The waiting cases as a view of the register."""
        return Filters(state=tuple(self.steps))


def desk_of(actor: Actor) -> Desk:
    """The desk of all roles that a person holds together."""
    steps: dict[CaseState, str] = {}
    for role in actor.roles:
        for state, step in DUTIES.get(role, {}).items():
            steps.setdefault(state, step)
    return Desk(steps)


def numbers_of(actor: Actor, desk: Desk) -> list[tuple[str, Filters]]:
    """At most four headings, each with the view of the register that it counts."""
    mine = desk.filters if desk.steps else Filters(state=OPEN)
    asked = [
        ("等我办理" if desk.steps else "未办结", mine),
        ("超期", Filters(is_overdue=True)),
        ("临期", Filters(light="yellow")),
        ("我的包案", Filters(sponsor=str(actor.id), state=OPEN)) if Role.lead in actor.roles else None,
        ("待审批的申请", Filters(is_pending=True)) if Role.dispatcher in actor.roles else None,
    ]
    return list(islice((number for number in asked if number), MOST_NUMBERS))


@blueprint.get("/")
@needs_sign_in
def desk() -> str:
    """What is mine and what is late."""
    actor, now = current_actor(), today()
    mine = desk_of(actor)
    headings = numbers_of(actor, mine)
    counted = register.numbers(actor.scope(), [filters for _, filters in headings], now.bounds)
    page = register.page(actor.scope(), mine.filters, now.bounds) if mine.steps else None
    lines = sorted(page.lines, key=lambda line: URGENCY[line.light]) if page else []
    numbers = [(word, filters, count) for (word, filters), count in zip(headings, counted, strict=True)]
    return render_template("home/desk.html", numbers=numbers, page=page, lines=lines, desk=mine, steps=STEPS)


@blueprint.get("/favicon.ico")
@public
def favicon() -> Response:
    """For browsers that ask for it at the root."""
    return current_app.send_static_file("img/favicon.svg")
