"""The rule book as it is shown, and the deed that sets a value from a day on."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from tracker.domain.actor import OPERATOR, Actor, Permission
from tracker.domain.errors import Incomplete, Invalid
from tracker.domain.rule_book import LONGEST_BASIS, RULE_BOOK, Rule, read, rule_named, write
from tracker.services import access, rules
from tracker.services.rule_values import value
from tracker.services.work import Work, deed
from tracker.storage.accounts import Person
from tracker.storage.base import db
from tracker.storage.supervision import RuleValue

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
class Page:
    """One line of the book as it is shown: the text in force today and every version, the newest first."""

    rule: Rule
    text: str
    is_default: bool
    versions: tuple[Version, ...]


@deed
def set_value(work: Work, actor: Actor | None, key: str, raw: str, effective_from: date, basis: str) -> Version:
    """From that day on the key has this value; what held before stays on record.

    Raises `Invalid` with a sentence naming the key, also for a day gone by and for a day that already has a value:
    a value that was set is never changed, only followed by a later one.
    """
    if actor is not None:
        access.require(actor, Permission.rules_manage)
    rule, by = rule_named(key), actor or OPERATOR
    text, said, was = write(rule, read(key, raw)), _basis(rule, basis), write(rule, value(key, effective_from))
    _check_day(work, rule, effective_from)
    row = RuleValue(key=key, value=text, basis=said, effective_from=effective_from, made_by_id=by.id if by.id > 0 else None,
                    made_at=work.clock.now())
    work.session.add(row)
    payload = {"key": key, "value": text, "was": was, "from": effective_from, "basis": said}
    work.record(STREAM, "rules:value_set", by, payload)
    rules.changed(work.session)
    return Version(text, effective_from, said, by.name, row.made_at)


def pages(on: date) -> tuple[Page, ...]:
    """The whole book, for people who may read it."""
    query = select(RuleValue, Person.name).outerjoin(Person, Person.id == RuleValue.made_by_id).order_by(RuleValue.effective_from.desc())
    found: dict[str, list[Version]] = {}
    for row, name in db.session.execute(query):
        found.setdefault(row.key, []).append(Version(row.value, row.effective_from, row.basis, name, row.made_at))
    return tuple(_page(rule, tuple(found.get(rule.key, ())), on) for rule in RULE_BOOK)


def _page(rule: Rule, versions: tuple[Version, ...], on: date) -> Page:
    return Page(rule, write(rule, value(rule.key, on)), all(version.effective_from > on for version in versions), versions)


def _basis(rule: Rule, basis: str) -> str:
    said = " ".join(basis.split())
    if not said:
        raise Incomplete(f"“{rule.word}”({rule.key})须写明依据，如文号或会议纪要。", field="basis")
    if len(said) > LONGEST_BASIS:
        raise Invalid(f"“{rule.word}”({rule.key})的依据最多 {LONGEST_BASIS} 字。", field="basis")
    return said


def _check_day(work: Work, rule: Rule, on: date) -> None:
    if on < work.clock.today():
        raise Invalid(f"“{rule.word}”({rule.key})只能从今天（{work.clock.today()}）或以后起生效，不能倒签到 {on}。", field="effective_from")
    if work.session.scalar(select(RuleValue.id).where(RuleValue.key == rule.key, RuleValue.effective_from == on)) is not None:
        raise Invalid(f"“{rule.word}”({rule.key})从 {on} 起的值已经设过，设过的值不改，请另选一个生效日期。", field="effective_from")
