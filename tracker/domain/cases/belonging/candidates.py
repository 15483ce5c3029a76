"""Whose a case may be （归属）, while that is not confirmed: the units that were asked, what they answered, and where it lies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

CandidateAnswers = Mapping[str, str | None]  # by the id of the unit, as JSON has its keys
PlaceSaid = Mapping[str, Any]  # what facts set of the place beside the case, by column
TRAIN, DRONE = "train", "drone"
ON_LINE = "on_line"
_BETWEEN, _WITHIN = ",", "|"


class UnitAnswer(StrEnum):
    """What a candidate unit says."""

    claim = "claim"
    disclaim = "disclaim"


@dataclass(frozen=True)
class Post:
    """Somebody who is chief of the case's section, from a day to a day."""

    person_id: int
    from_on: date
    to_on: date | None = None

    def holds_on(self, on: date) -> bool:
        """Whether it is theirs on that day."""
        return self.from_on <= on and (self.to_on is None or on <= self.to_on)


@dataclass(frozen=True)
class Belonging:
    """What the law knows of it. `is_needed`: the source of the case asks that it be confirmed before anybody is charged."""

    is_needed: bool = False
    confirmed_on: date | None = None
    candidates: tuple[tuple[int, str], ...] = ()  # unit and answer, "" for none yet
    informed_unit_ids: tuple[int, ...] = ()
    due_on: date | None = None
    channel: str = ""
    fence: str = ""
    is_rechecked: bool = False
    posts: tuple[Post, ...] = ()

    @property
    def is_confirmed(self) -> bool:
        """Whether it was."""
        return self.confirmed_on is not None

    @property
    def unit_ids(self) -> tuple[int, ...]:
        """The units that were asked."""
        return tuple(unit for unit, _ in self.candidates)

    def units_that(self, answer: str) -> tuple[int, ...]:
        """Those that answered so; "" for those that are silent."""
        return tuple(unit for unit, said in self.candidates if said == answer)

    @property
    def agreed_unit_id(self) -> int | None:
        """The one unit that claims it while every other disclaims it."""
        claims = self.units_that(UnitAnswer.claim)
        return claims[0] if len(claims) == 1 and not self.units_that("") and len(self.candidates) > 1 else None

    @property
    def is_disclaimed(self) -> bool:
        """Whether every unit that was asked disclaims it."""
        return bool(self.candidates) and len(self.units_that(UnitAnswer.disclaim)) == len(self.candidates)

    def is_overdue(self, today: date) -> bool:
        """Whether a unit that was asked is silent, and the time for its answer has passed."""
        return bool(self.units_that("")) and self.due_on is not None and self.due_on < today

    def is_seen_enough(self, today: date) -> bool:
        """Whether it has been looked at as its channel asks: on the spot what was seen from a train, or by a drone on the very
        line of the fence; of anything else also every answer will do, or that the time for them has passed."""
        if self.is_rechecked:
            return True
        if self.channel == TRAIN or (self.channel == DRONE and self.fence == ON_LINE):
            return False
        return self.is_answered(today)

    def is_answered(self, today: date) -> bool:
        """Whether every unit that was asked has answered, or the time for it has passed."""
        return not self.units_that("") or self.is_overdue(today)


UNASKED = Belonging()


class BelongingColumns(Protocol):
    """What of a case row it is made of."""

    @property
    def channel(self) -> str: ...
    @property
    def confirm_due_on(self) -> date | None: ...
    @property
    def confirmed_on(self) -> date | None: ...


def belonging_of(case: BelongingColumns, *, is_needed: bool, answers: CandidateAnswers, place: PlaceSaid,
                 posts: Iterable[Post], informed: Iterable[int] = ()) -> Belonging:
    """The same from the columns of a case and the rows beside it."""
    return Belonging(is_needed, case.confirmed_on,
                     tuple((int(unit), said or "") for unit, said in sorted(answers.items(), key=lambda each: int(each[0]))),
                     tuple(informed), case.confirm_due_on, case.channel, str(place.get("fence") or ""),
                     bool(place.get("rechecked_at")),
                     tuple(posts))


def read_posts(told: str | None) -> tuple[Post, ...]:
    """The posts as one column tells them: person|from|to, apart by commas."""
    found = [each.split(_WITHIN) for each in (told or "").split(_BETWEEN) if each]
    return tuple(sorted((Post(int(person), date.fromisoformat(begins), date.fromisoformat(ends) if ends else None)
                         for person, begins, ends in found), key=lambda post: (post.from_on, post.person_id)))
