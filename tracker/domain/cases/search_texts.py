"""The texts by which a case is found: its own, and what its facts say in public. Never reasons, objections or names."""


import re
from collections.abc import Iterable, Mapping

from tracker.domain.cases.flow import OtherFacts, Steps
from tracker.domain.house.say import Say

# Measures and conclusions, and what a published table told.
PUBLIC_TEXTS = ("measures", "conclusion", "notice_text", "investigation", "target")
TELLING_KINDS = (Steps.submit.fact, Steps.verify.fact, Steps.open_notice.fact, OtherFacts.history_noted.fact,
                 OtherFacts.history_imported.fact)
_SERIAL = re.compile(r"[0-9]+$")


def case_texts(number: str, row: Mapping[str, object], told: Iterable[str]) -> list[str]:
    """The texts by which a case is found: its numbers, what and where, and what facts say in public. Of the running number also
    what is left without its zeros."""
    serial = _SERIAL.search(number)
    short = serial.group().lstrip("0") if serial else ""
    named = (row["source_number"], row["title"], row["description"], row["place"], row["area_text"])
    return [number, short, *(str(text) for text in named if text), *told]


def told_in(kind: str, payload: Mapping[str, object]) -> list[str]:
    """The public texts of one fact; nobody is found by what was erased."""
    if kind not in TELLING_KINDS:
        return []
    published = payload.get("published")
    said = [payload, published] if isinstance(published, Mapping) else [payload]
    return [text for each in said for name in PUBLIC_TEXTS
            if isinstance(text := each.get(name), str) and text and not isinstance(text, Say)]
