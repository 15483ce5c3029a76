"""The rule book as it is shown, and the deed that sets a value from a day on."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from difflib import ndiff

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.house.actor import OPERATOR, Actor, Permission
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Say
from tracker.domain.reports.rule_book import RULE_BOOK, read, rule_named
from tracker.domain.rules.book import LONGEST_BASIS, Rule, write
from tracker.domain.rules.fact_kinds import RuleFacts
from tracker.services.house import permits
from tracker.services.house.caching import rules_changed
from tracker.services.house.work import Work, deed, reading, wiring
from tracker.services.rules.places import known_area
from tracker.services.rules.values import value
from tracker.storage.people.accounts import Person
from tracker.storage.rules.rules import RuleValue

STREAM = "rules"


@dataclass(frozen=True)
class Version:
    """One value that was set: from when, by whom, on what ground."""

    text: str
    effective_from: date
    basis: str
    made_by: str | None
    made_at: datetime


@dataclass(frozen=True)
class BookPage:
    """One line of the book as it is shown: the text in force today and every version, the newest first."""

    rule: Rule
    text: str
    is_default: bool
    versions: tuple[Version, ...]


@dataclass(frozen=True)
class WantedValue:
    """A value that may be set as it stands, and the one that would hold on its first day without it."""

    rule: Rule
    text: str
    was: str
    effective_from: date
    basis: str

    def lines(self) -> Iterator[tuple[str, str]]:
        """Both values line by line: `-` goes, `+` comes, a blank stays."""
        for line in ndiff(self.rule.shown(self.was).splitlines(), self.rule.shown(self.text).splitlines()):
            if line[0] != "?":
                yield line[0], line[2:]


def foresee(actor: Actor, key: str, raw: str, effective_from: date, basis: str) -> WantedValue:
    """What would be set. Raises what `set_value` would raise, and writes nothing."""
    permits.require(actor, Permission.rules_manage)
    return _checked_value(reading(), wiring().clock.today(), key, raw, effective_from, basis)


def look_at(key: str, raw: str, effective_from: date, basis: str) -> WantedValue:
    """The same for the operator."""
    return _checked_value(reading(), wiring().clock.today(), key, raw, effective_from, basis)


@deed
def set_value(work: Work, actor: Actor | None, key: str, raw: str, effective_from: date, basis: str) -> Version:
    """From that day on the key has this value; what held before stays on record.

    Raises `Invalid` with a sentence naming the key, also for a day gone by and for a day that already has a value:
    a value that was set is never changed, only followed by a later one.
    """
    if actor is not None:
        permits.require(actor, Permission.rules_manage)
    by, wanted = actor or OPERATOR, _checked_value(work.session, work.clock.today(), key, raw, effective_from, basis)
    row = RuleValue(key=key, value=wanted.text, basis=wanted.basis, effective_from=effective_from, made_by_id=by.id if by.id > 0
                    else None,
                    made_at=work.clock.now())
    work.session.add(row)
    payload = {"key": key, "value": wanted.text, "was": wanted.was, "from": effective_from, "basis": wanted.basis}
    work.record(STREAM, RuleFacts.value_set, by, payload)
    rules_changed(work.session)
    return Version(wanted.text, effective_from, wanted.basis, by.name, row.made_at)


def pages(on: date) -> tuple[BookPage, ...]:
    """The whole book, for people who may read it."""
    query = select(RuleValue, Person.name).outerjoin(Person,
                                                     Person.id == RuleValue.made_by_id).order_by(RuleValue.effective_from.desc())
    found: dict[str, list[Version]] = {}
    for row, name in reading().execute(query):
        found.setdefault(row.key, []).append(Version(row.value, row.effective_from, row.basis, name, row.made_at))
    return tuple(_book_page(rule, tuple(found.get(rule.key, ())), on) for rule in RULE_BOOK)


def _book_page(rule: Rule, versions: tuple[Version, ...], on: date) -> BookPage:
    return BookPage(rule, write(rule, value(rule.key, on)), all(version.effective_from > on for version in versions), versions)


def _checked_basis(rule: Rule, basis: str) -> str:
    said = " ".join(basis.split())
    if not said:
        raise Incomplete(Say("“{rule_word}”（{rule_key}）须写明依据，如文号或会议纪要。", rule_word=Say(rule.word), rule_key=rule.key),
                         field="basis")
    if len(said) > LONGEST_BASIS:
        raise Invalid(Say("“{rule_word}”（{rule_key}）的依据最多 {longest_basis} 字。", rule_word=Say(rule.word), rule_key=rule.key,
                          longest_basis=LONGEST_BASIS), field="basis")
    return said


def _checked_value(session: Session, today: date, key: str, raw: str, on: date, basis: str) -> WantedValue:
    rule = rule_named(key)
    wanted = WantedValue(rule, write(rule, read(key, raw)), write(rule, value(key, on)), on, _checked_basis(rule, basis))
    for code in json.loads(wanted.text) if rule.kind == "areas" else ():
        known_area(code, on, field="value")
    if on < today:
        raise Invalid(Say("“{rule_word}”（{rule_key}）只能从今天（{today}）或以后起生效，不能倒签到 {on}。", rule_word=Say(rule.word),
                          rule_key=rule.key, today=today, on=on), field="effective_from")
    if session.scalar(select(RuleValue.id).where(RuleValue.key == rule.key, RuleValue.effective_from == on)) is not None:
        raise Invalid(Say("“{rule_word}”（{rule_key}）从 {on} 起的值已经设过，设过的值不改，请另选一个生效日期。", rule_word=Say(rule.word),
                          rule_key=rule.key, on=on), field="effective_from")
    return wanted
