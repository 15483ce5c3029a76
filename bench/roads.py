"""The roads that cases take: plausible chains of real steps, seeded, never later than now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from bench import texts
from bench.people import FILING_SHORT, Staff
from bench.walk import Walk, day, due_of, spread
from tracker.domain.cases.facts import Request
from tracker.domain.evidence.evidence import EvidenceRole, Exhibit, evidence_set_digest
from tracker.domain.house.identifiers import format_filing_number
from tracker.domain.house.ledger import plain
from tracker.domain.rules.limits import LimitUnit, Stage
from tracker.services.cases.effects import NOT_SUBMITTED, NOTHING_PENDING

# The first unit leads two cases in five, as an urban-management bureau does; the others share the rest.
BIG_SHARE = 0.4
# How it ends: weights for cases older than three months, and for younger ones.
ENDS = ("closed", "rectifying", "submitted", "verified", "assigned", "registered", "suspended", "declined", "transferred",
        "voided")
OLD, YOUNG = (88, 4, 1, 1, 0.5, 0.5, 1, 2, 1, 1), (10, 42, 10, 6, 18, 10, 1, 1, 1, 1)
YOUNG_DAYS = 90


@dataclass(frozen=True)
class Picture:
    """A stored photo: digests of the original and of its two copies."""

    digest: str
    shown: str
    thumb: str
    size: int


@dataclass
class District:
    """What all roads share: the staff, the photos, the sources by key, and the numbers drawn so far."""

    staff: Staff
    pictures: Sequence[Picture]
    sources: dict[str, int]
    now: datetime
    random: Random
    evidence: list[dict[str, object]] = field(default_factory=list)
    evidence_id: int = 0
    filings: dict[int, int] = field(default_factory=dict)
    serials: dict[int, int] = field(default_factory=dict)


@dataclass
class Road:
    """One case on its way."""

    district: District
    walk: Walk
    source: str
    lead: int
    officer: int
    exhibits: list[Exhibit] = field(default_factory=list)

    def any_of(self, people: tuple[int, ...]) -> int:
        return self.district.random.choice(people)


def travel(district: District, walk: Walk, source: str, category: str) -> Walk:
    """Lead a registered case to one of the ends."""
    start, random, staff = walk.facts[0].at, district.random, district.staff
    old = district.now - start > timedelta(days=YOUNG_DAYS)
    (end,) = random.choices(ENDS, OLD if old else YOUNG)
    index = 0 if random.random() < BIG_SHARE else random.randrange(1, len(staff.units))
    road = Road(district, walk, source, staff.units[index], staff.officers[index])
    steps = _steps(road, end, category)
    for step, at in zip(steps, spread(start, random.uniform(6, 40), district.now, len(steps)), strict=True):
        step(road, at)
    return walk


StepOf = Callable[[Road, datetime], None]


def _steps(road: Road, end: str, category: str) -> list[StepOf]:
    random = road.district.random
    if end == "registered":
        return []
    if end in ("declined", "voided", "transferred"):
        return [ASIDE[end]]
    steps: list[StepOf] = [assign]
    if end == "assigned":
        return steps
    steps.append(acknowledge)
    steps += [note(say, category) for say, share in ((progress, 0.85), (comment, 0.2), (urge, 0.15)) if random.random() < share]
    if random.random() < 0.06:
        steps += [ask_longer, grant_longer]
    if end == "suspended":
        return [*steps, suspend]
    if end == "rectifying":
        return steps
    if random.random() < 0.05:
        steps += [submit, reject]
    return steps + [submit, verify, close][: ("submitted", "verified", "closed").index(end) + 1]


# --- steps, each with the columns that its deed sets ----------------------------------------------------------------------


def assign(road: Road, at: datetime) -> None:
    """One lead unit, in one case of four a supporting one, and the due date by rule."""
    staff, on = road.district.staff, day(at)
    rule = due_of(road.source, Stage.rectify, on)
    other = road.any_of(staff.units)
    supporting = (other,) if other != road.lead and road.district.random.random() < 0.25 else ()
    road.walk.take("assign", road.any_of(staff.dispatchers), at, {
        "lead_unit_id": road.lead, "supporting_unit_ids": supporting, "is_designated": False, "assigned_at": at,
        "acknowledge_due_on": due_of(road.source, Stage.acknowledge, on).on,
        "return_until_on": due_of(road.source, Stage.return_request, on).on, "acknowledged_at": None, **NOTHING_PENDING,
        "assigned_on": on, "due_on": rule.on, "limit_unit": rule.limit.unit.value, "original_due_on": rule.on,
        "is_due_provisional": rule.is_provisional,
    }, limit=plain({"stage": rule.limit.stage, "amount": rule.limit.amount, "unit": rule.limit.unit, "basis": rule.limit.basis}),
        proposed_due_on=rule.on, routing="没有适用的交办规则，由调度员判定。")


def acknowledge(road: Road, at: datetime) -> None:
    """The lead unit signs for the case."""
    late = day(at) > road.walk.row["acknowledge_due_on"]  # type: ignore[operator]
    road.walk.take("acknowledge", road.officer, at, {"acknowledged_at": at, **NOTHING_PENDING}, is_late=late)


def progress(road: Road, at: datetime, text: str) -> None:
    road.walk.take("progress", road.officer, at, _work_reported(road, at), evidence=[], text=f"正在整改：{text}。")


def comment(road: Road, at: datetime, text: str) -> None:
    road.walk.take("comment", road.any_of(road.district.staff.dispatchers), at, text=f"请注意：{text}。")


def urge(road: Road, at: datetime, text: str) -> None:
    road.walk.take("urge", road.any_of(road.district.staff.leads), at, text=f"群众反映{text}，请抓紧办理。")


def note(say: Callable[[Road, datetime, str], None], category: str) -> StepOf:
    """A step that says something of the trouble."""
    return lambda road, at: say(road, at, road.district.random.choice(texts.TROUBLES[category]))


def ask_longer(road: Road, at: datetime) -> None:
    """Before the due date has passed, as the law has it; who is late does not ask."""
    due_on, later = road.walk.row["due_on"], _later(road)
    if day(at) > due_on:  # type: ignore[operator]
        return
    road.walk.take("request_extension", road.officer, at,
                   {"pending": Request.extension, "pending_by_id": road.officer, "pending_on": later},
                   due_on=due_on, new_due_on=later, reason="管网改造工程量大，需要延期。")


def grant_longer(road: Road, at: datetime) -> None:
    due_on, later = road.walk.row["due_on"], road.walk.row["pending_on"]
    if road.walk.row["pending"] is None:
        return
    count = int(str(road.walk.row["extension_count"])) + 1
    road.walk.take("grant_extension", road.any_of(road.district.staff.dispatchers), at,
                   {"due_on": later, "extension_count": count, "is_due_provisional": False, **NOTHING_PENDING},
                   from_due_on=due_on, to_due_on=later)


def suspend(road: Road, at: datetime) -> None:
    road.walk.take("suspend", road.any_of(road.district.staff.dispatchers), at,
                   {"paused_from_on": day(at), **NOTHING_PENDING}, reason_code="major_works", reason="纳入老旧小区改造统筹。")


def submit(road: Road, at: datetime) -> None:
    """With one photo of after the work."""
    said = _photo(road, at)
    road.walk.take("submit", road.officer, at, {
        "finding": road.district.random.choice(("true", "true", "partly", "false")), "has_no_work_basis": False,
        "submitted_at": at,
        "submitted_by_id": road.officer, "submitted_unit_id": road.lead, "verification_begun_at": None, **NOTHING_PENDING,
        **_work_reported(road, at),
    }, evidence=[said], round=road.walk.row["round"], finding="属实", measures=road.district.random.choice(texts.MEASURES))


def reject(road: Road, at: datetime) -> None:
    """Not passed: another round."""
    road.walk.take("reject", road.any_of(road.district.staff.verifiers), at, {
        "round": int(str(road.walk.row["round"])) + 1, "has_no_work_basis": False, **NOT_SUBMITTED, **NOTHING_PENDING,
    }, evidence=[], from_due_on=road.walk.row["due_on"], reason="现场仍有积水和异味。")


def verify(road: Road, at: datetime) -> None:
    who = road.any_of(road.district.staff.verifiers)
    road.walk.take("verify", who, at, {
        "verified_at": at, "verified_by_id": who, "verified_unit_id": road.district.staff.verify_unit,
    }, evidence=[], round=road.walk.row["round"], onsite_at=f"{at:%Y-%m-%d %H:%M}", onsite_people="核查组两人",
                   conclusion="整改到位，群众认可。")


def close(road: Road, at: datetime) -> None:
    year = day(at).year
    road.district.filings[year] = serial = road.district.filings.get(year, 0) + 1
    who = road.any_of(road.district.staff.leads)
    road.walk.take("close", who, at, {
        "closed_at": at, "closed_by_id": who, "filing_no": format_filing_number(year, serial, FILING_SHORT),
        "evidence_digest": evidence_set_digest(road.exhibits), "first_closed_at": at, "is_look_back_failed": False,
        "supervision_level": None,
    }, evidence=[e.digest for e in road.exhibits], is_history=False)


def decline(road: Road, at: datetime) -> None:
    road.walk.take("decline", road.any_of(road.district.staff.dispatchers), at, {}, reason_code="out_of_scope")


def void(road: Road, at: datetime) -> None:
    road.walk.take("void", road.any_of(road.district.staff.dispatchers), at, dict(NOTHING_PENDING), reason_code="mistaken")


def transfer(road: Road, at: datetime) -> None:
    road.walk.take("transfer", road.any_of(road.district.staff.dispatchers), at, dict(NOTHING_PENDING), authority="公安机关")


ASIDE: dict[str, StepOf] = {"declined": decline, "voided": void, "transferred": transfer}


def _later(road: Road) -> object:
    due_on = road.walk.row["due_on"]
    return due_on + timedelta(days=20 if road.walk.row["limit_unit"] == LimitUnit.calendar_day else 15)  # type: ignore[operator]


def _work_reported(road: Road, at: datetime) -> dict[str, object]:
    return {} if road.walk.row["work_reported_at"] else {"work_reported_at": at}


def _photo(road: Road, at: datetime) -> dict[str, object]:
    district, picture = road.district, road.district.random.choice(road.district.pictures)
    district.evidence_id += 1
    round_ = int(str(road.walk.row["round"]))
    road.exhibits.append(Exhibit(district.evidence_id, EvidenceRole.after, picture.digest, round_, True))
    district.evidence.append({
        "id": district.evidence_id, "subject": road.walk.stream, "role": EvidenceRole.after, "round": round_,
        "original_name": f"整改后{district.evidence_id}.jpg", "media_type": "image/jpeg", "size": picture.size,
        "digest": picture.digest,
        "shown_digest": picture.shown, "thumb_digest": picture.thumb, "uploaded_by_id": road.officer, "uploaded_at": at,
    })
    return {"id": district.evidence_id, "role": "after", "sha256": picture.digest, "media_type": "image/jpeg"}
