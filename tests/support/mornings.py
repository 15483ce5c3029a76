"""Mornings of a town: the clock is set to half past eight, and the list is composed and written as its run does."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select

from tests.support.makers import Town
from tracker.domain.cadence.beats import beat_named
from tracker.domain.rules.periods import period_of
from tracker.gateways.mail.pages import render
from tracker.services.cadence import morning
from tracker.services.cadence.composing import Composed
from tracker.services.house.work import Work, wiring
from tracker.services.mail import letters
from tracker.services.mail.letters import Letter
from tracker.storage.cadence.beats import ReminderRow
from tracker.storage.house.base import db
from tracker.storage.people.accounts import Person

HOME = "360103"


@dataclass(frozen=True)
class Morning:
    """What one morning came to: the texts by login."""

    composed: Composed
    texts: dict[str, str]

    def section(self, login: str, title: str) -> list[str]:
        """The numbered lines of one section of somebody's mail; empty where there is none."""
        parts = self.texts.get(login, "").split(f"■ {title} ")
        return [line for line in parts[1].split("■")[0].splitlines() if line[:1].isdigit()
                and ". " in line] if len(parts) > 1 else []

    def told(self, login: str) -> list[str]:
        """The rungs in somebody's mail."""
        return [line.rpartition("｜")[2].partition("（")[0] if "｜代" not in line else line.split("｜")[-2].partition("（")[0]
                for line in self.section(login, "提醒")]


def morning_of(town: Town, on: date | None = None, at: time = time(8, 30)) -> Morning:
    """The morning of a day, run at `at`; the town's clock goes there."""
    on = on or town.clock.today()
    town.clock.move_to(datetime.combine(on, at, wiring().zone))
    cadence = beat_named(morning.ID)
    prepared = morning.prepare(cadence, period_of(cadence.kind, on), HOME)
    with Work(wiring()) as work:
        composed = morning.commit(work, prepared, None)
        letters.put(work, composed.letters)
    return Morning(composed, texts_of(composed.letters))


def texts_of(found: tuple[Letter, ...] | object) -> dict[str, str]:
    """The text parts by login."""
    logins = {person.id: person.login for person in db.session.scalars(select(Person))}
    return {logins[each.person_id]: render(each.mail, {"base_url": wiring().base_url, **each.words}).text
            for each in found}  # type: ignore[attr-defined]


def rungs(number: str = "") -> list[str]:
    """The rungs behind the cases, as they were written."""
    db.session.rollback()
    return list(db.session.scalars(select(ReminderRow.rung).order_by(ReminderRow.id)))


def composed_now(area_code: str, login: str) -> int:
    """Compose and write today's morning; how many reminders stand in somebody's letter."""
    cadence, today = beat_named(morning.ID), wiring().clock.today()
    prepared = morning.prepare(cadence, period_of(cadence.kind, today), area_code)
    with Work(wiring()) as work:
        composed = morning.commit(work, prepared, None)
    return len(Morning(composed, texts_of(composed.letters)).told(login))
