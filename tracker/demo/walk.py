"""One case on its way through the demo's year: when the next step is due, who takes it, and with which photographs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from random import Random

from sqlalchemy import select

from tracker.demo import sentences
from tracker.demo.places import Street
from tracker.demo.problems import Family
from tracker.demo.railway import RAIL, RAIL_STREETS, spot_beside
from tracker.demo.sentences import SUPPORT_REPLIES
from tracker.domain.cases.facts import CaseFacts, CaseState
from tracker.domain.cases.flow import CASE_FLOW, Steps
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Actor, Role
from tracker.domain.house.clock import SetClock
from tracker.domain.house.lifecycle import StepName
from tracker.domain.rules.deadlines import OFFICE_HOURS
from tracker.domain.rules.workdays import WorkCalendar
from tracker.gateways.reports.pictures import Scene, StagedShot, photograph
from tracker.services.cases import steps
from tracker.services.cases.steps import Outcome
from tracker.services.evidence.evidence import Upload
from tracker.services.house.work import Work
from tracker.services.mail.audiences import TO_VERIFY, Audience, flow_allows
from tracker.services.people import access
from tracker.storage.cases.cases import Case

Walking = Iterator[datetime]  # a case's plot: it yields the instant at which it wants to go on, and goes on then
BREATH = timedelta(minutes=10)
HEARD = 0.9  # how many of the supporting units give their opinion


@dataclass(frozen=True)
class Cast:
    """The people of the district as actors, by login, and the unit ids by code."""

    by_login: dict[str, Actor]
    unit_ids: dict[str, int]

    def holding(self, role: Role) -> list[Actor]:
        return [actor for actor in self.by_login.values() if role in actor.roles]

    def officers(self, unit: str) -> list[Actor]:
        return [actor for actor in self.holding(Role.officer) if self.unit_ids[unit] in actor.unit_line]

    def asked(self, audience: Audience, facts: CaseFacts) -> list[Actor]:
        """Those who would be mailed for action: whom the flow lets act."""
        return [actor for actor in self.by_login.values() if flow_allows(facts, audience, actor)]


@dataclass
class Year:
    """What all cases of the demo share."""

    work: Work
    clock: SetClock
    cast: Cast
    calendar: WorkCalendar
    first: date
    until: date
    masters: list["Walk"] = field(default_factory=list)

    def at_hour(self, on: date, hour: int) -> datetime:
        """An hour of a day."""
        return datetime.combine(on, time(hour), self.clock.zone)

    def in_office(self, on: date, hour: int) -> datetime:
        """The same hour of the first working day from then on."""
        return self.at_hour(self.calendar.add_workdays(on - timedelta(days=1), 1).on, hour)


@dataclass(frozen=True)
class Matter:
    """What a case is about: drawn before the year begins."""

    source: str
    family: Family
    title: str
    text: str
    street: Street
    spot: str
    start: datetime
    number: str | None
    batch: str = ""
    is_key: bool = False
    has_sponsor: bool = False
    answers: Mapping[str, object] = field(default_factory=dict)


class Walk:
    """A case, and everything that its plot needs to take steps."""

    def __init__(self, year: Year, matter: Matter, rng: Random) -> None:
        self.year, self.matter, self.rng = year, matter, rng
        self.seed = rng.getrandbits(40)
        self.latitude = round(matter.street.latitude + rng.uniform(-0.004, 0.004), 6)
        self.longitude = round(matter.street.longitude + rng.uniform(-0.005, 0.005), 6)
        if matter.source == RAIL and matter.street.unit in RAIL_STREETS:
            self.latitude, self.longitude = spot_beside(matter.street.unit, matter.answers, Random(f"rail/{self.seed}"))
        self.outcome: Outcome | None = None
        self.lead, self.supporting = matter.street.unit, ()  # type: str, tuple[str, ...]
        self.sponsor: Actor | None = None
        self.submitter: Actor | None = None
        self.photo_count = 0
        self.before_count = 0

    @property
    def said(self) -> Outcome:
        """What the last step led to."""
        assert self.outcome is not None, "the case is not registered yet"
        return self.outcome

    @property
    def is_petition(self) -> bool:
        """Somebody outside complained, so somebody is called back."""
        return self.matter.source not in ("PATROL", "RAIL", "OPER", "INSPECT")

    @property
    def today(self) -> date:
        return self.year.clock.today()

    @property
    def is_before_due(self) -> bool:
        return self.said.due_on is not None and self.today < self.said.due_on

    def is_in(self, *states: CaseState) -> bool:
        return self.said.state in states

    # --- time ---------------------------------------------------------------------------------------------------------

    def later(self, least: int, most: int | None = None) -> datetime:
        """An office moment that many working days on; 0 is later today, or the next morning when the day is over."""
        days = self.rng.randint(least, least if most is None else most)
        now = self.year.clock.local(self.year.clock.now())
        if days == 0 and self.year.calendar.is_workday(now.date()):
            left = [minute for minute in MINUTES if minute > (now + BREATH).time()]
            if left:
                return datetime.combine(now.date(), self.rng.choice(left), now.tzinfo)
        return self.moment_on(self.year.calendar.add_workdays(now.date(), max(days, 1)).on)

    def moment_on(self, on: date) -> datetime:
        """An office moment of that day."""
        return office_moment(on, self.rng, self.year.clock.zone)

    def before_end(self, workdays: int) -> datetime:
        """An office moment so many working days before the demo's last day, but not before now."""
        wanted = self.moment_on(self.year.calendar.add_workdays(self.year.until, -workdays).on)
        return max(wanted, self.later(1))

    # --- people -------------------------------------------------------------------------------------------------------

    def one(self, role: Role) -> Actor:
        return self.rng.choice(self.year.cast.holding(role))

    def officer(self) -> Actor:
        return self.rng.choice(self.year.cast.officers(self.lead))

    def verifier(self) -> Actor:
        case = self.year.work.session.scalars(select(Case).where(Case.number == self.said.number)).one()
        return self.rng.choice(self.year.cast.asked(TO_VERIFY, access.facts_of(case)))

    def closer(self) -> Actor:
        return self.sponsor or self.one(Role.lead)

    def hear_supporters(self) -> None:
        """Most supporting units give their opinion as soon as the work begins."""
        reply, chance = CASE_FLOW.steps[Steps.support_reply.name], Random(self.seed)
        for unit in self.supporting:
            case = self.year.work.session.scalars(select(Case).where(Case.number == self.said.number)).one()
            actor = chance.choice(self.year.cast.officers(unit))
            if chance.random() < HEARD and CASE_FLOW.refusal(reply, actor, access.facts_of(case)) is None:
                self.take(actor, reply.name, text=chance.choice(SUPPORT_REPLIES))

    # --- steps --------------------------------------------------------------------------------------------------------

    def take(self, actor: Actor, step: StepName, photos: Sequence[Upload] = (), /, **given: object) -> None:
        """The step, by the deed that pages and commands use."""
        self.outcome = steps.take(actor, self.said.number, step, given, uploads=photos)

    def report(self, photos: Sequence[Upload] = ()) -> None:
        """How far the work is and what comes next; one report in four says what stands in the way, and who is to help."""
        officer, told = self.officer(), {"text": self.rng.choice(sentences.PROGRESS)}
        told["next"] = sentences.NEXT[self.seed % len(sentences.NEXT)]
        if self.seed % 4 == 0:
            stuck = sentences.STUCK[self.seed // 4 % len(sentences.STUCK)]
            told |= zip(("problems", "matters", "matters_to"), stuck, strict=True)
        self.take(officer, Steps.progress.name, photos, **told)

    def photo(self, amount: float, role: EvidenceRole | None = None, has_people: bool = False) -> Upload:
        """A photograph of the spot, taken within the last hour. With less `amount` there is less trouble on it."""
        self.before_count += role is EvidenceRole.before
        self.photo_count += 1
        local = self.year.clock.local(self.year.clock.now())
        taken_at = local.replace(microsecond=0) - timedelta(minutes=self.rng.randint(6, 50), seconds=self.rng.randint(0, 59))
        scene: Scene = self.matter.family.scene
        shot = StagedShot(scene, amount, taken_at, f"西湖区{self.matter.street.name}{self.matter.spot}",
                    self.latitude + self.rng.uniform(-1e-4, 1e-4), self.longitude + self.rng.uniform(-1e-4, 1e-4), self.seed,
                          has_people)
        return Upload(f"IMG_{taken_at:%Y%m%d_%H%M%S}_{self.photo_count}.jpg", photograph(shot), role)


def office_moment(on: date, rng: Random, zone: tzinfo) -> datetime:
    """A moment of that day inside office hours."""
    return datetime.combine(on, rng.choice(MINUTES), zone) + timedelta(seconds=rng.randint(0, 59))


def _office_minutes() -> Iterator[time]:
    for opens, shuts in OFFICE_HOURS:
        for minute in range(opens.hour * 60 + opens.minute, shuts.hour * 60 + shuts.minute):
            yield time(minute // 60, minute % 60)


MINUTES = tuple(_office_minutes())
