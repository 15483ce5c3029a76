"""Near-duplicates: what is already on the register and probably the same trouble. Informs, never blocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain.cases.columns import facts_of_area
from tracker.domain.cases.flow import CASE_FLOW, Steps
from tracker.domain.cases.likeness import LEAST_SIMILARITY, SAME_SPOT_METRES, WINDOW_DAYS, Likeness, ranked, reason
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Actor
from tracker.domain.house.search import tokens
from tracker.gateways.cases import similarity
from tracker.services.house.work import reading, wiring
from tracker.services.territory import positions
from tracker.storage.cases import page
from tracker.storage.cases.page import Head
from tracker.storage.cases.register import nearby
from tracker.storage.cases.register.nearby import NearCase

# Whoever finds it again shows how it looks before the work.
FOUND_AGAIN = next(row for row in Steps.add_evidence.choices if row.code == EvidenceRole.before)


@dataclass(frozen=True)
class CaseAtHand:
    """The case at hand, as far as it is known yet. `but` is its number where it is on the register already."""

    title: str
    description: str
    place: str = ""
    lat: float | None = None
    lng: float | None = None
    datum: str | None = None
    received_on: date | None = None
    but: str = ""

    def words(self) -> list[str]:
        """What is compared."""
        return tokens(f"{self.title}\n{self.place}\n{self.description[:nearby.READ_OF_TEXT]}")


@dataclass(frozen=True)
class Suggestion:
    """A case that is probably the same, and why."""

    case: NearCase
    reason: str
    is_open_to_photos: bool = False  # whether this person may add to it what they found


def suggestions(actor: Actor, asked: CaseAtHand) -> list[Suggestion]:
    """At most five cases that this person may see, the likeliest first."""
    on, words = asked.received_on or wiring().clock.today(), asked.words()
    if not words and asked.lat is None:
        return []
    window = timedelta(days=WINDOW_DAYS)
    found = nearby.candidates(reading(), actor.scope(), on - window, on + window, place=asked.place, point=_map_point(asked),
                              but=asked.but)
    likenesses = _likenesses_by_number(asked, on, words, found)
    return [Suggestion(found[number], reason(likeness), _is_open_to_photos(actor, found[number]))
            for number, likeness in ranked(likenesses.items())]


def _is_open_to_photos(actor: Actor, case: NearCase) -> bool:
    facts = facts_of_area(case.state, wiring().clock.today(), case.jurisdiction)
    return all(CASE_FLOW.refusal(row, actor, facts) is None for row in (Steps.add_evidence, FOUND_AGAIN))


def suggestions_for(actor: Actor, number: str) -> tuple[Head, list[Suggestion]]:
    """The same for a case on the register, which comes along. Raises `NotFound` for absent and forbidden alike."""
    head = page.head_of(reading(), actor.scope(), number)
    asked = CaseAtHand(head.title, head.description, head.place, head.lat, head.lng, head.datum, head.received_on, head.number)
    return head, suggestions(actor, asked)


def _likenesses_by_number(asked: CaseAtHand, on: date, words: list[str], found: Mapping[str, NearCase]) -> dict[str, Likeness]:
    by_id = {each.id: each for each in found.values()}
    texts = {each.id: tokens(f"{each.title}\n{each.place}\n{each.description}") for each in by_id.values()}
    alike = similarity.alike(words, texts, at_least=LEAST_SIMILARITY)
    metres = {i: _metres_between(asked, each) for i, each in by_id.items()}
    on_the_spot = {i: 0.0 for i, far in metres.items() if far is not None and far <= SAME_SPOT_METRES}
    return {by_id[i].number: Likeness(score, (on - by_id[i].received_on).days, metres[i])
            for i, score in {**on_the_spot, **alike}.items()}


def _map_point(asked: CaseAtHand) -> tuple[float, float] | None:
    return None if asked.lat is None or asked.lng is None else positions.on_the_map(asked.lat, asked.lng, asked.datum)


def _metres_between(asked: CaseAtHand, other: NearCase) -> float | None:
    if asked.lat is None or asked.lng is None or other.lat is None or other.lng is None:
        return None
    return positions.metres_apart(asked.lat, asked.lng, asked.datum, other.lat, other.lng, other.datum)
