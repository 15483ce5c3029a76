"""What every step's deed of an act has at hand; who has which hand in it, what it is tied to, and when anything of it is owed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce

from sqlalchemy import and_, func, or_, select

from tracker.domain.acts.facts import OWED, ActFacts, LinkGrade, LinkRole
from tracker.domain.acts.sight import act_scope
from tracker.domain.acts.step_rows import ActFlow, ActStep
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import TOLD_AS_GIVEN
from tracker.domain.house.masking import mask_text
from tracker.domain.house.say import Say
from tracker.domain.people.kinds import PersonKind
from tracker.domain.rules.limits import LASTING_LIMITS, LIMITS_OF_OTHERS
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.acts.parties import mask_of_parties
from tracker.services.evidence.evidence import Upload
from tracker.services.house.work import Work
from tracker.storage.acts.acts import FAR, Act, ActForce, ActHand, ActLink, ClockRow, Duty
from tracker.storage.acts.scope import readable, tied_to_read
from tracker.storage.cases.cases import Case
from tracker.storage.cases.scope import visible
from tracker.storage.house import ledger
from tracker.storage.people.accounts import Person, Unit

CASE, ACT = "case:", "act:"
MOST_HEADS = 10_000  # people or vehicles that one unit brings along
Payload = Mapping[str, object]


@dataclass(frozen=True)
class ActDoing:
    """One step of an act being taken. Texts among what was `given` are masked."""

    work: Work
    act: Act
    actor: Actor
    facts: ActFacts
    given: Mapping[str, object]
    evidence: list[dict[str, object]]
    step: ActStep
    flow: ActFlow
    uploads: tuple[Upload, ...] = ()  # which the deed hands on

    @property
    def today(self) -> date:
        """The business date."""
        return self.facts.today

    def text(self, name: str) -> str:
        """A given text, "" where there is none."""
        value = self.given.get(name)
        return str(value) if value else ""

    def day(self, name: str) -> date | None:
        """A given date."""
        value = self.given.get(name)
        assert value is None or isinstance(value, date)
        return value

    def whole(self, name: str) -> int:
        """A given number. It was asked for."""
        return int(str(self.given[name]))

    def headcount(self, name: str) -> int:
        """A given number of people or vehicles. Raises `Invalid` for one that is none."""
        count = self.whole(name)
        if not 0 <= count <= MOST_HEADS:
            raise Invalid(Say("应为 0 至 {most} 的整数，现为 {count}。", most=MOST_HEADS, count=count), field=name)
        return count

    def told(self) -> dict[str, object]:
        """What was given, as the fact says it: texts, codes, days and files. People, units and cases it knows by their ids."""
        said = {field.name: self.given[field.name] for field in self.step.given
                if field.kind in TOLD_AS_GIVEN and not field.is_sealed and self.given.get(field.name) is not None}
        return said | ({"evidence": self.evidence} if self.evidence else {})

    def keep(self, **values: object) -> None:
        """Keep something of the act besides its columns."""
        self.act.details = {**self.act.details, **values}


ActDeed = Callable[[ActDoing], Payload]
ActDeeds = Mapping[tuple[str, str], ActDeed]  # by kind and step


def act_mask(work: Work, act: Act | None, named: object = None, people: Iterable[str] = ()) -> Callable[[str], str]:
    """What masks every text of an act: as any text, as those of the cases that it is tied to, or is about to be tied to by the
    number that is `named`, for these know their reporters, and without the person who is its party, or is to be."""
    numbers = [str(named).strip().upper()] if named else []
    if act is not None:
        numbers += [target.removeprefix(CASE) for target in work.session.scalars(
            select(ActLink.target).where(ActLink.act_id == act.id, ActLink.target.startswith(CASE)))]
    cases = list(work.session.scalars(select(Case).where(Case.number.in_(numbers)))) if numbers else []
    masks = [work.wiring.mask(work, case) for case in cases] if work.wiring.mask is not None else []
    masks.append(mask_of_parties(work, act, people).apply)
    return lambda text: reduce(lambda said, mask: mask(said), masks, mask_text(text))


def take_hand(work: Work, act: Act, actor: Actor, part: str) -> None:
    """The actor plays this part in the present round, and so does whom they stand in for."""
    for person in actor.persons:
        if work.session.get(ActHand, (act.id, act.round, person)) is None:
            work.session.add(ActHand(act_id=act.id, round=act.round, person_id=person, part=part, at=work.clock.now()))


def tie(doing: ActDoing, role: LinkRole, named: str, *, field: str, grade: LinkGrade = LinkGrade.ordinary) -> str:
    """Tie the act to a case or another act that the actor sees, by its number; returns the stream. Raises `Invalid` for what the
    actor cannot see, for the act itself, and for what it is tied to in this way already."""
    target, work = target_named(doing.work, doing.actor, named, field), doing.work
    if target == doing.act.stream:
        raise Invalid("不能关联到自己。", field=field)
    if work.session.get(ActLink, (doing.act.id, role, target)) is not None:
        raise Invalid(Say("“{named}”已经列入。", named=named.strip().upper()), field=field)
    position = work.session.scalar(select(func.max(ActLink.position)).where(ActLink.act_id == doing.act.id)) or 0
    work.session.add(ActLink(act_id=doing.act.id, role=role, target=target, position=position + 1, grade=grade))
    return target


def target_named(work: Work, actor: Actor, named: str, field: str) -> str:
    """The stream of the case or act with this number, if the actor sees it. Raises `Invalid` in one sentence for absent and
    forbidden alike."""
    number = named.strip().upper()
    sees = visible(actor.scope()) if actor.has(Permission.case_read) else tied_to_read(act_scope(actor, ACT_FLOWS), CASE + number)
    if work.session.scalar(select(Case.id).where(Case.number == number, sees)) is not None:
        return CASE + number
    if work.session.scalar(select(Act.id).where(Act.number == number, readable(act_scope(actor, ACT_FLOWS)))) is not None:
        return ACT + number
    raise Invalid(Say("没有找到案件或事项“{number}”，或您无权查看。", number=number), field=field)


def case_of(work: Work, target: str) -> Case | None:
    """The case of a link, its master where it was merged; None where it is no case."""
    if not target.startswith(CASE):
        return None
    case = work.session.scalar(select(Case).where(Case.number == target.removeprefix(CASE)))
    return work.session.get(Case, case.master_id) if case is not None and case.master_id is not None else case


def units_named(work: Work, names: object, on: date, field: str) -> list[Unit]:
    """The units with these codes or full names, each once, in being on that day. Raises `Invalid` naming the field."""
    found = [unit_named(work, str(name), on, field) for name in (names if isinstance(names, list | tuple) else ())]
    return list(dict.fromkeys(found))


def unit_named(work: Work, name: str, on: date, field: str) -> Unit:
    """The unit with this code or full name. Raises `Invalid` naming the field."""
    query = select(Unit).where(or_(Unit.code == name, Unit.name == name), Unit.valid_from <= on,
                               or_(Unit.valid_to.is_(None), Unit.valid_to >= on))
    found = work.session.scalar(query)
    if found is None:
        raise Invalid(Say("没有单位“{name}”，请填单位代码或全称。", name=name), field=field)
    return found


def person_named(work: Work, name: str, field: str) -> Person:
    """The one person in office with this login or name. Raises `Invalid`."""
    query = select(Person).where(or_(Person.login == name, Person.name == name), Person.deactivated_on.is_(None),
                                 Person.kind == PersonKind.person)
    found = list(work.session.scalars(query))
    if len(found) != 1:
        raise Invalid(Say("没有找到唯一的在岗人员“{name}”，请填登录名。", name=name), field=field)
    return found[0]


def set_force(work: Work, act: Act, unit: Unit, *, vehicles: int = 0, people: int = 0) -> None:
    """A unit takes part, with so many vehicles and people; what was said of it before is replaced."""
    row = work.session.get(ActForce, (act.id, unit.id))
    if row is None:
        work.session.add(ActForce(act_id=act.id, unit_id=unit.id, vehicle_count=vehicles, person_count=people))
    else:
        row.vehicle_count, row.person_count = vehicles, people


def next_seq(work: Work, act: Act) -> int:
    """The number of the next fact of the act."""
    seq, _ = ledger.head(work.session, act.stream)
    return seq + 1


def settle_due(work: Work, act: Act) -> None:
    """The day by which anything of the act is owed next; where it is over, what is public of it alone. Limits that stand still,
    and those of others, do not press."""
    work.session.flush()
    owed = work.session.scalar(select(func.min(Duty.due_on)).where(Duty.act_id == act.id, Duty.state.in_(OWED)))
    ours = and_(ClockRow.subject == act.stream, ClockRow.stopped_on.is_(None), ClockRow.paused_from_on.is_(None),
                ClockRow.stage.in_(LASTING_LIMITS) if act.is_over else ClockRow.stage.not_in(LIMITS_OF_OTHERS))
    running = work.session.scalar(select(func.min(ClockRow.due_on)).where(ours))
    act.list_due_on = min(running or FAR, FAR if act.is_over else owed or FAR)
