"""What an entry of a register says, read and checked: its number, its days, and that it does not meet another. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker.domain.house.errors import Conflict, Incomplete, Invalid
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.house.say import Say
from tracker.domain.sites.obligations import read_due
from tracker.domain.sites.registers import MISTAKEN, REGISTERS, REPORT_DUE, Exclusive, Register, SiteRegister, UsualTerm

# USCC(18), three digits, a letter. Its first 18 have a check digit.
PERMIT_NUMBER = re.compile(r"[0-9A-Z]{18}[0-9]{3}[A-Z]")
LONGEST_NUMBER, LONGEST_DOCUMENT = 40, 80
ONE_DAY = timedelta(days=1)
VALID_TO = Given("valid_to", "有效期止", FieldKind.date, is_required=False)
DOCUMENT = Given("document_no", "文号", is_required=False, longest=LONGEST_DOCUMENT)


@dataclass(frozen=True, slots=True)
class EntryGiven:
    """One entry as it shall stand; `valid_to` None is open."""

    register: SiteRegister
    valid_from: date
    valid_to: date | None = None
    value: str = ""
    number: str = ""
    document_no: str = ""
    payload: Mapping[str, object] = field(default_factory=dict)

    @property
    def content(self) -> tuple[object, ...]:
        """By which it is told that another says the same."""
        return (self.value, self.number, self.valid_from, self.valid_to, self.document_no, dict(self.payload))


@dataclass(frozen=True, slots=True)
class HeldSpan:
    """From when to when an entry that is there holds; `last` None is open, before `first` void."""

    first: date
    last: date | None
    number: str = ""
    value: str = ""

    def meets(self, first: date, last: date | None) -> bool:
        """Whether some day is in both."""
        is_void = self.last is not None and self.last < self.first
        return not is_void and (last is None or self.first <= last) and (self.last is None or first <= self.last)


def fields_of(register: Register) -> tuple[Given, ...]:
    """What is asked of an entry, in the order of forms and sheets."""
    value = Given("value", "管理类别", FieldKind.choice, choices=register.values)
    number = Given("number", register.number_word, longest=LONGEST_NUMBER)
    first = Given("valid_from", register.first_word, FieldKind.date)
    return (*((number,) if register.number_word else ()), *((value,) if register.values else ()), first, VALID_TO, DOCUMENT,
            *register.extras)


def read_entry(register: SiteRegister, raw: Mapping[str, object]) -> EntryGiven:
    """An entry as it was typed; a missing last day is the usual one. Raises `Invalid` or `Incomplete` naming the field."""
    row = REGISTERS[register]
    values = {each.name: read(each, raw.get(each.name)) for each in fields_of(row)}
    for each in fields_of(row):
        if each.is_required and values[each.name] is None:
            raise Incomplete(Say("请填写“{given_word}”。", given_word=Say(each.word)), field=each.name)
    first = values["valid_from"]
    assert isinstance(first, date)
    last = values["valid_to"] if isinstance(values["valid_to"], date) else usual_last_day(row, first)
    if last is not None and last < first:
        raise Invalid(Say("“有效期止”{last} 早于“{word}”{first}。", last=last, first=first, word=Say(row.first_word)), field="valid_to")
    payload = {each.name: _plain_extra(values[each.name]) for each in row.extras if values[each.name] is not None}
    read_due(str(payload.get(REPORT_DUE.name) or ""))
    return EntryGiven(register, first, last, str(values.get("value") or ""), plain_number(str(values.get("number") or "")),
                      str(values["document_no"] or ""), payload)


def _plain_extra(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def plain_number(text: str) -> str:
    """A number as it is kept and compared."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def usual_last_day(register: Register, first: date) -> date | None:
    """Through which day an entry holds that says nothing else; None is open."""
    if not register.years:
        return None
    if register.term is UsualTerm.year_ends:
        return date(first.year + register.years - 1, 12, 31)
    return years_on(first, register.years) - ONE_DAY


def years_on(day: date, years: int) -> date:
    """The same day years later; 29 February becomes 1 March, so that a term ends on the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def require_free(given: EntryGiven, name: str, of_site: Iterable[HeldSpan]) -> None:
    """No other entry of the site in the register is in the way. Raises `Conflict` naming site, day and number."""
    row = REGISTERS[given.register]
    for each in of_site:
        is_same = row.exclusive is Exclusive.site or (row.exclusive is Exclusive.number and each.number == given.number)
        if is_same and each.meets(given.valid_from, given.valid_to):
            raise Conflict(Say("“{name}”自 {first} 起已有一条{word}{number}，须先终止再登记。", name=name, first=each.first,
                               word=Say(row.word), number=f" {each.number}" if each.number else ""), code="overlap",
                           field="valid_from")


def end_day(first: date, last: date | None, ended_on: date, ground: str) -> date:
    """The last day of an entry that ends early; one entered by mistake never held. Raises `Invalid` naming the days."""
    if ground == MISTAKEN:
        return first - ONE_DAY
    if ended_on < first:
        raise Invalid(Say("“最后一天”不能早于这一条的首日 {first}；登记有误的，请选“登记有误”。", first=first), field="ended_on")
    if last is not None and ended_on > last:
        raise Invalid(Say("这一条至 {last} 为止，“最后一天”不能更晚。", last=last), field="ended_on")
    return ended_on


# From how many days before its end an entry is looked after, and by when its renewal is asked for.
AHEAD: Mapping[SiteRegister, int] = {SiteRegister.permit: 180, SiteRegister.registration: 60}
ASKED_BEFORE: Mapping[SiteRegister, int] = {SiteRegister.permit: 60, SiteRegister.registration: 0}
OPENS_BEFORE: Mapping[SiteRegister, int] = {SiteRegister.registration: 20}  # days in which it may be renewed


def last_day_to_ask(register: SiteRegister, last: date) -> date:
    """By which day the renewal of an entry is asked for."""
    return last - timedelta(days=ASKED_BEFORE[register])


def renewal_opens(register: SiteRegister, last: date) -> date:
    """From which day an entry may be renewed."""
    return last - timedelta(days=OPENS_BEFORE.get(register, AHEAD[register]))


def end_light(register: SiteRegister, last: date | None, *, is_followed: bool, on: date) -> str:
    """The light of a permit or a registration: blue once another follows it or it was cancelled, red once the day to ask has
    passed, yellow from some time before its end; "" for what is not watched."""
    if register not in AHEAD or last is None:
        return ""
    if is_followed:
        return "blue"
    if on > last_day_to_ask(register, last):
        return "red"
    return "yellow" if on >= last - timedelta(days=AHEAD[register]) else "green"
