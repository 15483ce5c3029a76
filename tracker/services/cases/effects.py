"""What every step's deed has at hand, and what it returns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import bindparam, or_, select

from tracker.domain.cases.columns import CaseChanges
from tracker.domain.cases.facts import CaseFacts
from tracker.domain.cases.step_rows import CaseStep
from tracker.domain.evidence.evidence import Dossier
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Invalid, TooMany
from tracker.domain.house.fields import TOLD_AS_GIVEN, FieldKind
from tracker.domain.house.lifecycle import StepName
from tracker.domain.house.masking import mask_text
from tracker.domain.house.say import Say
from tracker.domain.people.kinds import PersonKind
from tracker.domain.rules.deadlines import Due
from tracker.domain.rules.limits import Limit, Stage, choose
from tracker.domain.rules.workdays import WorkCalendar
from tracker.services.cases.due_sheets import after_pause, ruled_due
from tracker.services.house.work import Work
from tracker.services.people import access
from tracker.services.rules import rules, values
from tracker.storage.cases.cases import Case
from tracker.storage.people.accounts import Person, Unit


@dataclass(frozen=True)
class Effect:
    """What a step does: the columns it sets, what else its fact says, and columns that the fact does not say: texts that may hold
    personal data."""

    changes: CaseChanges = field(default_factory=CaseChanges)
    details: Mapping[str, object] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Doing:
    """One step being taken. `dossier` is what the case had to show when a rule of the step weighed it, None where none does."""

    work: Work
    case: Case
    actor: Actor
    facts: CaseFacts
    given: Mapping[str, object]
    evidence: list[dict[str, object]]
    step: CaseStep
    dossier: Dossier | None = None

    @property
    def today(self) -> date:
        """The business date."""
        return self.facts.today

    def text(self, name: str) -> str:
        """A given text, with phones and identity numbers masked: facts cannot be erased."""
        value = self.given.get(name)
        return mask_text(str(value)) if value else ""

    def day(self, name: str) -> date | None:
        """A given date."""
        value = self.given.get(name)
        assert value is None or isinstance(value, date)
        return value

    def code(self, name: str) -> str:
        """The code of an answer that had to be chosen."""
        value = self.given[name]
        assert isinstance(value, str)
        return value

    def limit(self, stage: Stage) -> Limit:
        """The limit of a stage for this case's source, today."""
        return choose(rules.limits(), self.case.source.key, stage, self.today)

    @property
    def calendar(self) -> WorkCalendar:
        """The working calendar where the case lies."""
        return rules.calendar(self.case.jurisdiction)

    def due(self, stage: Stage) -> Due:
        """The due date of a stage that begins today."""
        return ruled_due(self.case.source.key, self.case.jurisdiction, stage, self.today)

    def texts(self, *names: str) -> dict[str, object]:
        """The given texts and codes that are not empty, for the fact."""
        return {name: self.text(name) for name in names if self.given.get(name)}


Does = Callable[[Doing], Effect]


@dataclass(frozen=True)
class StepDeed:
    """What taking one of these steps does: more than to note what was given and go where the row says."""

    steps: tuple[str, ...]
    does: Does


def step_deed(*steps: StepName) -> Callable[[Does], StepDeed]:
    """The function below is the deed of these steps."""
    return lambda does: StepDeed(steps, does)


def noted(doing: Doing) -> Effect:
    """What a step does of which nothing else is said: its fact tells what was given, with the files that came."""
    texts = doing.texts(*(field.name for field in doing.step.given if field.kind in TOLD_AS_GIVEN))
    takes_files = any(field.kind is FieldKind.files for field in doing.step.given)
    return Effect({}, texts | ({"evidence": doing.evidence} if takes_files else {}))


NOTHING_PENDING: CaseChanges = {"pending": None, "pending_by_id": None, "pending_on": None}
NOT_SUBMITTED: CaseChanges = {
    "submitted_at": None, "submitted_by_id": None, "submitted_unit_id": None, "verification_begun_at": None,
    "verified_at": None, "verified_by_id": None, "verified_unit_id": None,
}


def unit_named(work: Work, name: str, on: date, field_name: str) -> Unit:
    """The unit with this code or full name, in being on that day. Raises `Invalid` naming the field."""
    found = list(work.session.scalars(select(Unit).where(or_(Unit.code == name, Unit.name == name))))
    if not found:
        raise Invalid(Say("没有单位“{name}”，请填单位代码或全称。", name=name), field=field_name)
    for unit in found:
        if unit.valid_from <= on and (unit.valid_to is None or on <= unit.valid_to):
            return unit
    successor = work.session.get(Unit, found[0].successor_id) if found[0].successor_id else None
    hint = Say("，请改用“{successor_name}”", successor_name=successor.name) if successor else ""
    raise Invalid(Say("单位“{found_name}”已于 {valid_to} 撤销{hint}。", found_name=found[0].name, valid_to=found[0].valid_to,
                      hint=hint), field=field_name)


def sponsor_named(work: Work, name: str, area_code: str) -> Person:
    """The person with this login or name who may sign off closings in the area. Raises `Invalid`."""
    query = select(Person).where(or_(Person.login == name, Person.name == name), Person.deactivated_on.is_(None))
    found = list(work.session.scalars(query.where(Person.kind == PersonKind.person)))
    if len(found) != 1:
        raise Invalid(Say("没有找到唯一的在岗人员“{name}”，请填登录名。", name=name), field="sponsor")
    if not access.actor_for(found[0].id).has_in(Permission.case_close, area_code):
        raise Invalid(Say("“{found_name}”没有本案所在区域的销号权限，不能担任包案领导。", found_name=found[0].name), field="sponsor")
    return found[0]


def end_of_pause(doing: Doing) -> CaseChanges:
    """What changes when a paused clock runs again today: the time that was left is left. Nothing when it was not paused."""
    case = doing.case
    if case.paused_from_on is None:
        return {}
    changes: CaseChanges = {"paused_from_on": None}
    if left := after_pause(case, doing.today):
        changes |= {"due_on": left.on, "is_due_provisional": left.is_provisional}
    return changes


def new_due(doing: Doing, name: str = "new_due_on") -> date | None:
    """A new due date given by hand; it may not lie in the past."""
    on = doing.day(name)
    if on is not None and on < doing.today:
        raise Invalid(Say("新的时限 {on} 早于今天 {today}。", on=on, today=doing.today), field=name)
    return on


_HOUR = timedelta(hours=1)
_CASES = Case.__table__.c
_REGISTERED = select(_CASES.registered_at).where(
    _CASES.registered_by_id == bindparam("by"), _CASES.registered_at > bindparam("since"), _CASES.import_batch_id.is_(None)
).order_by(_CASES.registered_at.desc()).offset(bindparam("before")).limit(1)


def require_pace(work: Work, actor: Actor) -> None:
    """Raises `TooMany`, with the minutes to wait, once this person has registered as many cases within an hour as the rules let
    one person: a browser gone wild, or a stolen account, does not bury the office. Imported ones do not count."""
    most, now = values.number("hourly_registrations", work.clock.today()), work.clock.now()
    first = work.session.scalar(_REGISTERED, {"by": actor.id, "since": now - _HOUR, "before": most - 1})
    if first is not None:
        minutes = int((first + _HOUR - now).total_seconds() // 60) + 1
        raise TooMany(Say("您在一小时内已登记 {most} 件，请在 {minutes} 分钟后再登记。", most=most, minutes=minutes))
