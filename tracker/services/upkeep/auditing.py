"""The auditor's room: what people took out, who let whom in, which rules changed – read from the ledger, within an area; and what
of it is out of the ordinary (`adopt.md` §5)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from tracker.domain.cases.wording import ROLES
from tracker.domain.house.actor import Actor, Permission, Role
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Listed, Say
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.domain.upkeep.auditing import HEADINGS, OUTCOMES, OUTCOMES_ASKED, TOLD, WHAT, WORDS, kinds_of
from tracker.gateways.tables.sheets_out import About, open_register
from tracker.services.house import permits
from tracker.services.house.work import reading, wiring
from tracker.services.people.taken_out import note_export
from tracker.services.rules import places, rules
from tracker.storage.house.log import short_head
from tracker.storage.people.accounts import Person
from tracker.storage.upkeep import audit_lines
from tracker.storage.upkeep.audit_lines import AuditLine, AuditQuestion, Place

PAGE, MOST_DAYS, USUAL_DAYS = 50, 366, 31
FIRST_YEAR, LAST_YEAR = 2000, 2199
FAILURES, ORIGINALS, ROWS, NIGHT = 5, 10, 1000, (22, 6)
HEADERS = ("时间", "类别", "谁", "代谁", "对象", "说明", "来自", "账本")


@dataclass(frozen=True)
class AuditFilters:
    """What the reader asks: days, a heading, a login, an object, a role, an area, an outcome. Every field is one parameter of
    the address."""

    from_on: date
    to_on: date
    heading: str = ""
    person: str = ""
    object: str = ""
    role: str = ""
    area: str = ""
    outcome: str = ""

    def to_args(self) -> dict[str, str]:
        """The same as parameters, without the empty ones."""
        return {name: str(value) for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class AuditSignal:
    """Something out of the ordinary, and the view that shows it."""

    sentence: str
    filters: AuditFilters


def filters_of(args: Mapping[str, str]) -> AuditFilters:
    """Reads the parameters. Raises `Invalid` naming the first that means nothing, or a stretch of more than a year."""
    today = wiring().clock.today()
    to_on = _day_of(args, "to_on", today)
    from_on = _day_of(args, "from_on", to_on - timedelta(days=USUAL_DAYS - 1))
    if not timedelta(0) <= to_on - from_on < timedelta(days=MOST_DAYS):
        raise Invalid(Say("起止日期应先后有序，且不超过 {days} 天。", days=MOST_DAYS), field="from_on")
    heading, role = args.get("heading", ""), args.get("role", "")
    if heading not in {"", *(each.code for each in HEADINGS)}:
        raise Invalid(Say("没有“{heading}”这一类。", heading=heading), field="heading")
    if role and role not in ROLES:
        raise Invalid(Say("没有“{role}”这个角色。", role=role), field="role")
    outcome, area = args.get("outcome", ""), places.reach_of(args.get("area", ""), None, field="area")
    if outcome not in {"", *OUTCOMES_ASKED}:
        raise Invalid(Say("没有“{outcome}”这种结果。", outcome=outcome), field="outcome")
    return AuditFilters(from_on, to_on, heading, args.get("person", "").strip(), args.get("object", "").strip().upper(), role,
                        area, outcome)


def lines(actor: Actor, asked: AuditFilters, before: Place | None = None, most: int = PAGE) -> list[AuditLine]:
    """The newest first, below a place. Raises `NotAllowed`, and `Invalid` for a person nobody knows."""
    return audit_lines.lines(reading(), _asked_question(actor, asked), most, before)


def every_line(actor: Actor, asked: AuditFilters) -> Iterator[AuditLine]:
    """All of them, page by page."""
    before: Place | None = None
    while found := lines(actor, asked, before, 500):
        yield from found
        before = found[-1].place


def export(actor: Actor, path: Path, asked: AuditFilters) -> int:
    """The same as a file; returns how many rows. It is itself recorded, once."""
    clock, count = wiring().clock, 0
    about = About("审计记录", f"{clock.local(clock.now()):%Y-%m-%d %H:%M}", " ".join(f"{k}={v}" for k, v in asked.to_args().items()),
                  tuple(filter(None, (short_head(reading()),))))
    with open_register(path, HEADERS, about) as writer:
        for line in every_line(actor, asked):
            writer.write((f"{clock.local(line.at):%Y-%m-%d %H:%M:%S}", WORDS[line.kind], line.actor or who_of(line),
                          line.principal,
                          line.subject, " · ".join(f"{word} {value}" for word, value in told_of(line)), line.address,
                          f"{line.stream}#{line.seq}"))
        count = writer.count
    note_export(actor, "audit", count, path.suffix[1:], {"filters": {k: v for k, v in asked.to_args().items() if k != "object"}})
    return count


def signals(actor: Actor, asked: AuditFilters) -> list[AuditSignal]:
    """What of these days is out of the ordinary: guessing, many originals, large or nightly exports, a right given to oneself."""
    found: list[AuditSignal] = []
    for kind, heading, reader in SIGNALS:
        question = _asked_question(actor, asked, (kind,))
        found += [AuditSignal(said, AuditFilters(on, on, heading)) for said, on in reader(
            audit_lines.lines(reading(), question, MOST_SIGNAL_LINES))]
    return sorted(found, key=lambda each: each.filters.from_on, reverse=True)


def who_of(line: AuditLine) -> str:
    """What does facts that no person does."""
    return Say("时钟") if line.actor_id == 0 else Say("系统操作员")


def told_of(line: AuditLine) -> list[tuple[str, str]]:
    """What the fact says besides, in words: pairs of a word and a value. The case it is about stands elsewhere."""
    return [(TOLD[name], _value_of(name, line.payload[name])) for name in TOLD
            if line.payload.get(name) not in (None, "", [], {})]


def _value_of(name: str, value: object) -> str:
    if name == "role":
        return Say(ROLES[Role(str(value))]) if value in ROLES else str(value)
    words = {"outcome": OUTCOMES, "what": WHAT}.get(name, {})
    if str(value) in words:
        return Say(words[str(value)])
    if isinstance(value, Mapping):
        return " ".join(f"{key}={each}" for key, each in value.items())
    return Listed(map(str, value)) if isinstance(value, list) else str(value)


def _asked_question(actor: Actor, asked: AuditFilters, kinds: tuple[str, ...] = ()) -> AuditQuestion:
    permits.require(actor, Permission.audit_read)
    clock, home = wiring().clock, wiring().home_area
    areas = _areas_asked(actor, asked.area)
    is_case = asked.object.startswith("XH-")
    return AuditQuestion(
        kinds or kinds_of(asked.heading, asked.outcome), areas, any(home.startswith(code) for code in areas),
        clock.end_of(asked.from_on - timedelta(days=1)), clock.end_of(asked.to_on), _person_id(asked.person),
        f"case:{asked.object}" if is_case else asked.object.lower(), asked.role)


def _areas_asked(actor: Actor, area: str) -> tuple[str, ...]:
    """What the auditor reads of an area, or of everything within the own fence."""
    own = tuple(grant.area_code for grant in actor.grants if grant.role is Role.auditor)
    if not area:
        return own
    if any(area.startswith(code) for code in own):
        return (area,)
    return tuple(code for code in own if code.startswith(area))


def areas_offered(actor: Actor) -> dict[str, str]:
    """The areas that an auditor may ask for: those of the own fence, and the parts of these."""
    gazetteer, today = rules.gazetteer(), wiring().clock.today()
    own = {code or wiring().home_area for code in _areas_asked(actor, "")}
    codes = own | {part.code for code in own for part in gazetteer.parts(code, today)}
    found = (gazetteer.area(code) for code in sorted(codes, key=lambda code: (len(code), code)))
    return {area.code: area.name for area in found if area is not None}


def _person_id(login: str) -> int | None:
    if not login:
        return None
    found = reading().scalar(select(Person.id).where(Person.login == login.lower()))
    if found is None:
        raise Invalid(Say("没有登录名为“{login}”的人员。", login=login), field="person")
    return found


def _day_of(args: Mapping[str, str], name: str, otherwise: date) -> date:
    text = args.get(name, "").strip()
    try:
        found = date.fromisoformat(text) if text else otherwise
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise ValueError(text)
        return found
    except ValueError:
        raise Invalid(Say("“{text}”不是日期，应如 2026-12-01。", text=text), field=name) from None


Noticed = Iterator[tuple[str, date]]
MOST_SIGNAL_LINES = 5000


def _hour_of(line: AuditLine) -> datetime:
    return wiring().clock.local(line.at).replace(minute=0, second=0, microsecond=0)


def _many_failures(found: list[AuditLine]) -> Noticed:
    for (who, hour), count in Counter((line.subject, _hour_of(line)) for line in found).items():
        if count > FAILURES:
            yield Say("{who} 在 {hour} 的一小时里登录失败 {count} 次", who=who, hour=hour, count=count), hour.date()


def _many_originals(found: list[AuditLine]) -> Noticed:
    for (who, hour), count in Counter((line.actor, _hour_of(line)) for line in found).items():
        if count > ORIGINALS:
            yield Say("{who} 在 {hour} 的一小时里打开原件 {count} 份", who=who, hour=hour, count=count), hour.date()


def _odd_exports(found: list[AuditLine]) -> Noticed:
    for line in found:
        at, rows = wiring().clock.local(line.at), int(line.payload.get("lines", 0))
        who = line.actor or who_of(line)
        if rows > ROWS:
            yield Say("{who} 在 {at} 导出 {rows} 行", who=who, at=at, rows=rows), at.date()
        elif at.hour >= NIGHT[0] or at.hour < NIGHT[1]:
            yield Say("{who} 在夜间 {at} 导出 {rows} 行", who=who, at=at, rows=rows), at.date()


def _own_grants(found: list[AuditLine]) -> Noticed:
    for line in found:
        if line.stream == f"person:{line.actor_id}":
            at = wiring().clock.local(line.at)
            yield Say("{who} 在 {at} 给自己授予角色", who=line.actor, at=at), at.date()


SIGNALS: tuple[tuple[str, str, Callable[[list[AuditLine]], Noticed]], ...] = (
    (PersonFacts.sign_in_failed, "sign-in", _many_failures), (PersonFacts.original_read, "original", _many_originals),
    (PersonFacts.exported, "export", _odd_exports), (PersonFacts.granted, "grant", _own_grants),
)
