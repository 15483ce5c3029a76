"""What each case of the demo is about, and when it begins: drawn by chance, so that places and problems do not repeat early."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeVar

from tracker.demo.places import STREETS, Street
from tracker.demo.plots import Plot
from tracker.demo.problems import FAMILIES, MIX
from tracker.demo.railway import RAIL, RAIL_STREETS
from tracker.demo.walk import Matter, Year, office_moment

Item = TypeVar("Item")
INSPECTION_FROM, INSPECTION_DAYS = timedelta(days=135), 28  # the inspection team sits in the city for four weeks
ROOM_TO_END = {(): 36, ("looked_back",): 36}  # calendar days that a closed story needs before the demo's last day
ROOM_WITH_INCIDENTS, ROOM_TO_REOPEN = 80, 135
KEY_SHARE = 0.13


class Draw:
    """Draws matters; each text and each spot comes round before it comes again."""

    def __init__(self, year: Year, rng: Random) -> None:
        self._year, self._rng = year, rng
        self._turns: Counter[str] = Counter()
        self._numbers: Counter[str] = Counter()
        self._master: Matter | None = None
        days = (year.first + timedelta(days=n) for n in range((year.until - year.first).days))
        self._workdays = [day for day in days if year.calendar.is_workday(day)]

    def matter(self, story: Plot) -> Matter:
        """What a story of this source could be about."""
        names, weights = zip(*MIX[story.source].items(), strict=True)
        family_name: str = self._rng.choices(names, weights)[0]
        family, street = FAMILIES[family_name], self._draw_street(story.source)
        spot = self._next_in_turn(street.unit, street.spots)
        title, text = self._next_in_turn(family_name, family.texts)
        start = self._start_moment(story)
        is_key = story.source == "D2JX" and self._rng.random() < KEY_SHARE
        drawn = Matter(story.source, family, title.format(place=spot), text.format(place=street.name + spot), street, spot, start,
                       self._source_number(story.source, start.date(), is_key), self._batch_word(story.source, start.date()),
                       is_key,
                       has_sponsor=story.source in ("D2JX", "PSJX"), answers=family.answers.get(title, {}))
        if story.is_master:
            self._master = drawn
        same = self._master
        if same is None or not (story.end == "merged" or "unmerged" in story.incidents):
            return drawn
        return replace(drawn, family=same.family, title=same.title, text=same.text, street=same.street, spot=same.spot,
                       answers=same.answers)

    def _draw_street(self, source: str) -> Street:
        choices = [s for s in STREETS if source != RAIL or s.unit in RAIL_STREETS]
        return self._rng.choices(choices, [s.weight for s in choices])[0]

    def _next_in_turn(self, name: str, items: tuple[Item, ...]) -> Item:
        self._turns[name] += 1
        return items[self._turns[name] % len(items)]

    def _start_moment(self, story: Plot) -> datetime:
        if story.source == "D2JX":
            first = self._year.first + INSPECTION_FROM
            return self._moment_on(self._one_day(first, first + timedelta(days=INSPECTION_DAYS)))
        if story.age is not None:
            return self._moment_on(self._year.calendar.add_workdays(self._year.until, -story.age).on)
        is_reopened = any(name.startswith("reopened") for name in story.incidents)
        room = ROOM_TO_REOPEN if is_reopened else ROOM_TO_END.get(story.incidents, ROOM_WITH_INCIDENTS)
        return self._moment_on(self._one_day(self._year.first + timedelta(days=2), self._year.until - timedelta(days=room)))

    def _one_day(self, first: date, last: date) -> date:
        return self._rng.choice([day for day in self._workdays if first <= day < last])

    def _moment_on(self, on: date) -> datetime:
        return office_moment(on, self._rng, self._year.clock.zone)

    def _source_number(self, source: str, on: date, is_key: bool) -> str | None:
        shapes = {"D2JX": "D2JX36{on:%Y%m%d}{n:04d}", "PSJX": "JXDC{on:%Y%m%d}{n:03d}", "H12345": "NC12345-{on:%Y%m%d}-{n:05d}",
                  "H12369": "3601-{on:%Y}-{n:06d}"}
        if source not in shapes:
            return None
        self._numbers[source] += 1
        return shapes[source].format(on=on, n=self._numbers[source] * 7 + 3) + ("*" if is_key else "")

    def _batch_word(self, source: str, on: date) -> str:
        if source != "D2JX":
            return ""
        first = self._year.first + INSPECTION_FROM
        return f"第{self._year.calendar.workdays_between(first, on)}批"
