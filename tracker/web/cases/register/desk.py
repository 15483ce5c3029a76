"""My desk: what waits for this person, by urgency; for who leads, what they watch over."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.domain.cases.facts import ACTIVE, CLOSABLE, OPEN, WORKING, CaseState
from tracker.domain.cases.flow import ASKED_IN, Steps
from tracker.domain.cases.wording import STEPS, step_word
from tracker.domain.house.actor import Actor, Permission, Role
from tracker.domain.reports.sight import reads_whole
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.cadence import beats
from tracker.services.cases.register import desk as desks
from tracker.services.cases.register.bulk import BulkStep, bulk_steps
from tracker.services.cases.register.desk import DeskRow
from tracker.services.house.work import wiring
from tracker.services.people import newcomers
from tracker.services.rules import calendar
from tracker.services.territory import offices
from tracker.services.upkeep.founding import readiness
from tracker.storage.cases.register.register import Filters
from tracker.web.cases.register.newcomer import strip_for
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor, needs_sign_in, public

blueprint = Blueprint("home", __name__)
S, R = CaseState, Role
MOST_NUMBERS = 4
Asked = Callable[[Actor], Filters]


def _fixed_filters(**asked: object) -> Asked:
    return lambda actor: Filters(**asked)  # type: ignore[arg-type]


def _sponsor_filters(**asked: object) -> Asked:
    return lambda actor: Filters(sponsor=str(actor.right_holder_id), **asked)  # type: ignore[arg-type]


LATE, SOON = ("超期", _fixed_filters(is_overdue=True)), ("临期", _fixed_filters(light="yellow"))
# The numbers above a desk, most telling first; each counts what its view of the register lists.
NUMBERS: tuple[tuple[Role, tuple[tuple[str, Asked], ...]], ...] = (
    (R.lead, (("我的包案", _sponsor_filters(state=ACTIVE)), ("包案超期", _sponsor_filters(is_overdue=True)),
              ("全区超期", _fixed_filters(is_overdue=True)),
              ("待销号", _fixed_filters(state=CLOSABLE)))),
    (R.dispatcher, (("待交办", _fixed_filters(state=(S.registered,))), ("争议提级", _fixed_filters(state=(S.disputed,))),
                    ("待审批", _fixed_filters(is_pending=True, state=ASKED_IN)), LATE)),
    (R.officer, (("待签收", _fixed_filters(state=(S.assigned,))), ("整改中", _fixed_filters(state=WORKING)), LATE,
                 SOON)),
    (R.verifier, (("待核查", _fixed_filters(state=(S.submitted,))), LATE, SOON)),
    (R.supervisor, (("争议提级", _fixed_filters(state=(S.disputed,))), ("督办中", _fixed_filters(state=OPEN, is_supervised=True)), LATE,
                    ("未办结", _fixed_filters(state=OPEN)))),
)
OTHERS = (("未办结", _fixed_filters(state=OPEN)), LATE, SOON)


@dataclass(frozen=True)
class Number:
    """One number, and the view of the register that it counts."""

    word: str
    filters: Filters
    count: int

    @property
    def is_alarm(self) -> bool:
        """Whether it is shown in red."""
        return bool(self.count and self.filters.is_overdue)


@dataclass(frozen=True)
class Group:
    """The rows of one light, with how many of them wait for each step."""

    light: str
    rows: tuple[DeskRow, ...]

    @property
    def steps(self) -> list[tuple[str, int]]:
        """Each step's word with its number of rows, in the order of the rows."""
        return [(step_word(step), count) for step, count in Counter(row.step for row in self.rows).items()]


@dataclass(frozen=True)
class StepsBar:
    """What the bar of the steps for many cases asks of a page: here nothing but the steps."""

    steps: tuple[BulkStep, ...]
    lines: tuple[DeskRow, ...]
    cols: None = None
    is_all_picked: bool = False
    most: int = 0


def views_of(actor: Actor) -> list[tuple[str, Filters]]:
    """At most four headings, each with the view of the register that it counts; none for who reads no cases."""
    if not actor.has(Permission.case_read):
        return []
    asked = [number for role, numbers in NUMBERS if role in actor.roles for number in numbers] or OTHERS
    found = {filters: word for word, ask in reversed(asked) for filters in (ask(actor),)}
    return [(word, filters) for filters, word in reversed(found.items())][:MOST_NUMBERS]


def groups_of(rows: Sequence[DeskRow]) -> list[Group]:
    """The rows by light, in the order in which they come."""
    lights = dict.fromkeys(row.light for row in rows)
    return [Group(light, tuple(row for row in rows if row.light == light)) for light in lights]


def bar_of(rows: Iterable[DeskRow]) -> StepsBar:
    """The steps that can be taken for many of these rows at once."""
    known = bulk_steps()
    lines = tuple(row for row in rows if row.step in known)
    return StepsBar(tuple(known[step] for step in dict.fromkeys(row.step for row in lines)), lines)


@blueprint.get("/")
@needs_sign_in
def desk() -> str:
    """What is mine and what is late."""
    actor = current_actor()
    views = views_of(actor)
    found = desks.desk_of(actor, [filters for _, filters in views], today().bounds)
    is_lead = Role.lead in actor.roles
    closing = [row for row in found.mine if is_lead and row.step == Steps.close.name]
    rows = [row for row in found.mine if row not in closing]
    numbers = [Number(*view, count) for view, count in zip(views, found.figures.numbers, strict=True)]
    steps = desks.duties_of(actor)
    return render_template(
        "cases/desk/show.html", desk=found, numbers=numbers, groups=groups_of(rows), closing=closing, bar=bar_of(rows),
        is_lead=is_lead,
        is_watching=bool(desks.LEADING & set(actor.roles)), has_duties=bool(steps), words=STEPS,
        waiting=Filters(state=desks.states_of(steps)), watched=watched_by(actor, is_lead), late=Filters(is_overdue=True),
        to_close=Filters(state=CLOSABLE, sort="due"),
        start_missing=missing_for(actor), act_words={kind: flow.word for kind,
            flow in ACT_FLOWS.items()},
        calendar_alarm=alarm_for(actor), beat_alarms=beat_alarms_for(actor), newcomer=strip_for(current_user.standing, found))


@blueprint.post("/newcomer/put-away")
@needs_sign_in
def put_away_newcomer() -> Response:
    """The strip of the demo district is not shown to this person again."""
    newcomers.put_away(current_actor())
    flash("演示辖区的提示已收起，不再显示。", "done")
    return redirect(url_for("home.desk"))


def missing_for(actor: Actor) -> int:
    """How much a district that somebody set up still lacks, for who sees to it."""
    is_theirs = actor.has(Permission.office_manage) and offices.all_offices().is_set_up
    return readiness.missing_count() if is_theirs else 0


def alarm_for(actor: Actor) -> str | None:
    """What is wrong with the working calendar, for who enters it and who sets dates by it."""
    is_theirs = actor.has(Permission.rules_manage) or actor.has(Permission.case_assign)
    return calendar.alarm(today().on) if is_theirs else None


def beat_alarms_for(actor: Actor) -> tuple[str, ...]:
    """What the dead man's switch says, for the dispatchers and leads of the whole area."""
    is_theirs = {Role.dispatcher, Role.lead} & set(actor.roles) and reads_whole(actor, wiring().home_area)
    return beats.alarm(today().clock.now()) if is_theirs else ()


def watched_by(actor: Actor, is_lead: bool) -> Filters:
    """What somebody watches over, as a view of the register: the cases they sponsor, or those under supervision."""
    return Filters(sponsor=str(actor.right_holder_id), state=ACTIVE) if is_lead else Filters(state=OPEN, is_supervised=True)


@blueprint.get("/favicon.ico")
@public
def favicon() -> Response:
    """For browsers that ask for it at the root."""
    return current_app.send_static_file("img/favicon.svg")
