"""What counts as a person's name, and under which names somebody who gave one may be written of."""

import re
from collections.abc import Collection
from itertools import chain

from tracker.domain.house.masking.normal import normal
from tracker.domain.house.masking.surnames import (
    COMPOUND,
    NO_NAMES_END,
    NO_NAMES_HOLD,
    NOBODY,
    ORDINARY,
    SURNAMES,
    TITLES,
)

_HAN = re.compile(r"[〇\u3400-\u9fff\U00020000-\U0003ffff]+")
_LATIN = re.compile(r"[^\W\d_]+")
_HIDDEN = re.compile(r"[某*＊×Ｘ○□]")
_INNER_DOT = re.compile(r"\w\s*[·•‧∙⋅・･]\s*\w")
_APART = re.compile(r"[、，,;；/／|（）()\[\]【】\n\r\t]+|[和与及]")
LONGEST, MOST_OF_SURNAMED = 40, 4


def counts_as_name(text: str, nouns: Collection[str] = ()) -> bool:
    """Whether a text is the name of a person: 2 to 4 characters that begin with a surname, a name with a dot inside, two Latin
    words or more; and no ordinary word, and none of the nouns (units, areas). Longer Chinese ones count where they look like
    nothing else. What was hidden before (张某, 李**) is no name."""
    form = normal(text)
    if not 2 <= len(form) <= LONGEST or _HIDDEN.search(text) or form in NOBODY or form in ORDINARY or form in nouns:
        return False
    if _INNER_DOT.search(text):
        return not any(char.isdigit() for char in form)
    if _HAN.fullmatch(form):
        return _looks_chinese(form)
    words = re.split(r"[\s.'’\-]+", text.strip())
    return len(words) >= 2 and all(_LATIN.fullmatch(word) and not _HAN.search(word) for word in words if word) and len(form) >= 5


def is_nobody(text: str) -> bool:
    """One of the words with which the field of a name is filled where nobody is named: 群众, 业主, 匿名."""
    return bool(text) and normal(text) in NOBODY


def names_in(text: str, nouns: Collection[str] = ()) -> frozenset[str]:
    """The names that the field of a name holds, in normal form: as a whole, its parts where there are several, and without a
    title."""
    parts = [part for part in _APART.split(text) if part.strip()]
    several = [words for part in parts if len(words := part.split()) > 1 and all(counts_as_name(word, nouns) for word in words)]
    found = {normal(part) for part in (text, *parts, *chain(*several)) if counts_as_name(part, nouns)}
    bare = {form.removesuffix(title) for form in map(normal, {text, *parts}) for title in TITLES if form.endswith(title)}
    return frozenset(found | {form for form in bare if counts_as_name(form, nouns)})


def _looks_chinese(form: str) -> bool:
    if len(form) > 2 and (form[-1] in NO_NAMES_END or any(word in form for word in NO_NAMES_HOLD)):
        return False
    return len(form) > MOST_OF_SURNAMED or form[0] in SURNAMES or form[:2] in COMPOUND
