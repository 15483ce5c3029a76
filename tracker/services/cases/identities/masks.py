"""The one door for texts of a case: what is written there knows no reporter of it, however they are written."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from tracker.domain.house.fields import FieldKind, Given
from tracker.domain.house.masking import Mask, Said, mask_of
from tracker.domain.house.masking.normal import normal
from tracker.services.cases.identities.reporters import Reporter, opened, readable, records_of
from tracker.services.house.work import Work
from tracker.services.rules import rules
from tracker.storage.cases.cases import Case
from tracker.storage.people.accounts import Unit

Masking = Callable[[str], str]
FREE = frozenset({FieldKind.text, FieldKind.long_text})
ORDER_TEXTS = ("title", "description", "place", "area_text", "batch_label")


def masked_for(work: Work, case: Case, text: str) -> str:
    """The text without whoever reported this case. Who has many texts takes `masking_for` once."""
    return masking_for(work, case)(text) if text else text


def masked_for_number(work: Work, number: str, text: str) -> str:
    """The same by the number of the case; a text about no case of ours stays."""
    case = work.session.scalar(select(Case).where(Case.number == number)) if number else None
    return masked_for(work, case, text) if case is not None else text


def masking_for(work: Work, case: Case) -> Masking:
    """What masks every text of this case. Its reporters are opened in memory when the first text comes, for this work alone."""
    return work.masks.setdefault(case.id, _opened_late(work, case))


def _opened_late(work: Work, case: Case) -> Masking:
    masks: list[Mask] = []

    def masked(text: str) -> str:
        if text and not masks:
            masks.append(mask_of_case(work, case))
        return masks[0].apply(text) if text else text

    return masked


def mask_of_case(work: Work, case: Case, *, is_strict: bool = False) -> Mask:
    """The mask of a case, as its reporters are known now. Strictly it raises `Broken` where one of them cannot be opened."""
    rows = records_of(work, case.id)
    return masks_of(work, [(opened if is_strict else readable)(work, case.id, rows)])[0] if rows else Mask()


def masks_of(work: Work, each: Iterable[Iterable[Reporter]]) -> list[Mask]:
    """The mask of each case with these reporters. What is the name of a unit or an area hides nothing."""
    masks = [mask_of(Said(r.name, r.phone, r.address, r.text) for r in reporters) for reporters in each]
    names = frozenset[str]().union(*(mask.names for mask in masks))
    nouns = _nouns_among(work, names) if names else frozenset[str]()
    return [replace(mask, names=mask.names - nouns) for mask in masks] if nouns else masks


def given_masked(fields: Iterable[Given], given: Mapping[str, object], masking: Masking) -> dict[str, object]:
    """What a step was given, its free texts masked."""
    free = [field.name for field in fields if field.kind in FREE and given.get(field.name)]
    return {**given, **{name: masking(str(given[name])) for name in free}}


def order_masked(order: Any, mask: Mask) -> Any:
    """An order without its reporter in what everybody reads: name and number stand in the restricted record alone. The address
    stays, for often it is the very place that the case is about. No text gets longer by it."""
    if not mask:
        return order
    answers = {name: mask.apply(answer) if isinstance(answer, str) else answer for name, answer in order.answers.items()}
    return replace(order, answers=answers, **{name: mask.apply(getattr(order, name)) for name in ORDER_TEXTS})


def _nouns_among(work: Work, names: frozenset[str]) -> frozenset[str]:
    """Those of the names that units or areas have."""
    units = {normal(name) for name in work.session.scalars(select(Unit.name).where(Unit.name.in_(names)))}
    gazetteer, today = rules.gazetteer(), work.clock.today()
    return frozenset(units | {name for name in names if gazetteer.resolve(name, today) is not None})
