"""Facts as sentences: who did what, and what they said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.domain.cases import intake_fields, step_fields
from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.cases.wording import fact_word
from tracker.domain.house.fields import FieldKind, Given
from tracker.domain.house.say import Say
from tracker.storage.cases.entries import FactEntry
from tracker.storage.cases.page import CasePage
from tracker.web.cases.works.telling import works_said
from tracker.web.house.drawing.filters import cn_date, cn_moment
from tracker.web.house.drawing.languages import tr
from tracker.web.house.drawing.wording import DETAILS, PUBLISHED, SENTENCES

# Codes that a fact may hold, with their words, by the name under which they stand.
CODES: dict[str, dict[str, str]] = {
    "finding": dict(step_fields.FINDINGS), "level": dict(step_fields.SUPERVISION_LEVELS),
    "field": dict(intake_fields.CORRECTABLE), "no_photo": dict(intake_fields.NO_PHOTO),
    "satisfaction": dict(step_fields.SATISFACTION), "result": dict(step_fields.LOOK_BACK_RESULTS),
}
UNIT_LISTS = frozenset({"supporting_unit_ids", "silent_unit_ids", "unit_ids", "asked_unit_ids", "informed_unit_ids",
                        "claiming_unit_ids", "disclaiming_unit_ids", "unanswered_unit_ids"})
SAID_IN_THE_HEADLINE = frozenset({"new_due_on", "due_on", "finding", "level", "satisfaction", "result", "checked_on", "master",
                                  "field", "lead_unit", "held_on", "next_on", "filing_no", "notice_from_on", "notice_workdays",
                                  "candidate_units"})


@dataclass(frozen=True)
class Sentence:
    """One fact as the timeline tells it."""

    seq: int
    kind: str
    at: datetime
    actor: str
    unit: str | None
    headline: str
    details: tuple[tuple[str, str], ...]
    photos: tuple[int, ...]
    papers: tuple[int, ...]
    digest: str


def sentences(page: CasePage, facts: Iterable[FactEntry] | None = None) -> list[Sentence]:
    """The facts of a case as sentences, newest first."""
    chosen = page.facts if facts is None else facts
    return [sentence(entry, page.units, page.people) for entry in sorted(chosen, key=lambda e: -e.seq)]


def sentence(entry: FactEntry, units: Mapping[int, str], people: Mapping[int, str]) -> Sentence:
    """One fact as a sentence."""
    said = _FactWords(entry, units, people)
    pattern = tr(SENTENCES.get(entry.kind, fact_word(entry.kind, "记录")), "fact")
    exhibits = [e for e in entry.details.get("evidence") or () if isinstance(e, dict)]
    return Sentence(
        entry.seq, entry.kind, entry.at, tr(entry.told_by), entry.unit, pattern.format_map(said),
        _detail_lines(entry, said), tuple(e["id"] for e in exhibits if str(e.get("media_type", "")).startswith("image/")),
        tuple(e["id"] for e in exhibits if not str(e.get("media_type", "")).startswith("image/")), entry.digest,
    )


class _FactWords(dict[str, str]):
    """What a fact says, in words: dates, names and the words of codes, each when it is asked for; “—” for what it says nothing
    of."""

    def __init__(self, entry: FactEntry, units: Mapping[int, str], people: Mapping[int, str]) -> None:
        super().__init__({name: tr(text) for name, text in works_said(entry.details).items()})
        self._values = {**(entry.details.get("set") or {}), **entry.details}
        self._units, self._people = units, people

    def __missing__(self, name: str) -> str:
        said = self._word_of(name)
        return "—" if said is None else said

    def told(self, name: str) -> str:
        """The same, "" for what it does not say."""
        return self.get(name) or self._word_of(name) or ""

    def _word_of(self, name: str) -> str | None:
        values = self._values
        if name == "overruled_routing":  # the rule names another unit than the one that leads
            return _in_words(name, values["routing"]) if "routing" in values and values.get("is_routing_overruled") else None
        value: Any = values.get(name)
        if name in UNIT_LISTS and name in values:
            return str(tr("、").join(self._units.get(unit, "—") for unit in value))
        if name in ("lead_unit_id", "former_lead_unit_id") and name in values:
            return self._units.get(value, "—")
        if name == "sponsor_id" and name in values:
            return self._people.get(value, "—")
        is_hidden = name == "routing" and values.get("is_routing_overruled")
        return _in_words(name, value) if isinstance(value, str | int) and not isinstance(value, bool) and not is_hidden else None


def _detail_lines(entry: FactEntry, said: _FactWords) -> tuple[tuple[str, str], ...]:
    """What the fact says beyond its headline: the fields of its step, then the rest that has a word."""
    step = CASE_FLOW.by_fact.get(entry.kind)
    fields = [given for given in (step.given if step else ()) if given.kind is not FieldKind.files]
    lines = [(tr(given.word), _of_choice(given, entry)) for given in fields
             if entry.details.get(given.name) and given.name not in SAID_IN_THE_HEADLINE]
    known = {given.name for given in fields}
    lines += [(tr(word), text) for name, word in DETAILS.items() if name not in known and (text := said.told(name))]
    published = entry.details.get("published") or {}
    return tuple(lines + [(tr(word), _in_words(name, published[name])) for name, word in PUBLISHED.items()
                          if published.get(name)])


def _of_choice(given: Given, entry: FactEntry) -> str:
    value = str(entry.details[given.name])
    if given.kind is FieldKind.yes:
        return str(tr("是"))
    words = dict(given.choices)
    return str(tr(words[value])) if value in words else _in_words(given.name, value)


def _in_words(name: str, value: object) -> str:
    text = str(value)
    if isinstance(value, Say):
        return str(tr(value))
    if name in CODES:
        return str(tr(CODES[name].get(text, text)))
    if not name.endswith(("_on", "_at")):
        return text
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    if name.endswith("_on"):
        return cn_date(at.date())
    return cn_moment(at) if at.tzinfo else f"{cn_date(at.date())} {at:%H:%M}"  # what somebody typed is office time already
