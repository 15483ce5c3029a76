"""The mask of a case: what names its reporter is hidden in every text, however it is written, and all else stays as it was."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from unicodedata import normalize

from tracker.domain.house.masking.names import names_in
from tracker.domain.house.masking.normal import CHINESE_DIGITS, INVISIBLE, as_digits, normal, placed
from tracker.domain.house.masking.surnames import NOT_BETWEEN, PASSING, PLACES_END

SOMEBODY, HIDDEN = "某某", "****"
_FEWEST_DIGITS, _MOST_DIGITS, _CARD_DIGITS = 7, 19, 15
_NUMBER = re.compile(r"(?<![0-9])\+?[0-9](?:[\s.·\-‐-―−()]*[0-9])*[\s.\-]*[xX]?(?![0-9])")
_LANDLINE = re.compile(r"(0[0-9]{2,3})([2-9][0-9]{6,7})")
_MOBILE = re.compile(r"(?<![0-9])(?:\+?86|0086)?[\s-]*(1[3-9][0-9](?:[\s.\-]*[0-9]){8})(?![0-9])")
_RESIDENT = re.compile(r"(?<![0-9A-Za-z])[1-8][0-9]{5}[\s-]*[12][0-9]{3}[\s-]*[01][0-9][0-3][0-9][\s-]*[0-9]{3}[0-9Xx]"
                       r"(?![0-9A-Za-z])")
_MAIL = re.compile(r"[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)
_CHAT = re.compile(r"(?:微\s*信|wechat|weixin|wx|vx|v信)[^A-Za-z0-9]{0,4}(?:号|id)?[^A-Za-z0-9]{0,4}([A-Za-z][A-Za-z0-9_-]{5,19})",
                   re.ASCII | re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@.-])[A-Za-z][A-Za-z0-9_-]{5,19}(?![\w@])", re.ASCII)
_COUNTRY = re.compile(r"(?:\+?86|0086)$")


@dataclass(frozen=True)
class Said:
    """What is known of one reporter. Of `contact` every number counts, of the others only what is a person's by its form."""

    name: str = ""
    contact: str = ""
    address: str = ""
    text: str = ""

    def __repr__(self) -> str:
        """Nothing: a log or a traceback must not betray a reporter."""
        return "Said(…)"


@dataclass(frozen=True)
class Mask:
    """What is hidden: names, numbers and handles, each in normal form."""

    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return "Mask(…)"

    def __bool__(self) -> bool:
        return bool(self.names or self.numbers or self.handles)

    def apply(self, text: str) -> str:
        """The text without the identity. It gets no longer, and doing so again changes nothing."""
        while spans := self._spans_in(text):
            parts, end = [], 0
            for start, stop, instead in sorted(spans, key=lambda span: (span[0], -span[1])):
                if start >= end:
                    parts += [text[end:start], instead]
                    end = stop
            text = "".join((*parts, text[end:]))
        return text

    def _spans_in(self, text: str) -> list[tuple[int, int, str]]:
        form = normal(text)
        digits = as_digits(form) if self.numbers else ""
        if not (any(needle in form for needle in (*self.names, *self.handles)) or any(n in digits for n in self.numbers)):
            return []
        form, places = placed(text)
        return [*_names_found(text, form, places, self.names), *_handles_found(text, form, places, self.handles),
                *_numbers_found(text, as_digits(form), places, self.numbers)]


def mask_of(reporters: Iterable[Said], nouns: Collection[str] = ()) -> Mask:
    """The mask of a case with these reporters; no name that is one of the nouns (units, areas) is hidden."""
    names: set[str] = set()
    numbers: set[str] = set()
    handles: set[str] = set()
    for said in reporters:
        names |= names_in(said.name, nouns)
        numbers |= set(_numbers_of(said.contact))
        rest = "\n".join((said.name, said.contact, said.address, said.text))
        numbers |= set(_personal_numbers(rest))
        handles |= {normal(mail) for mail in _MAIL.findall(normalize("NFKC", rest))}
        handles |= {normal(found) for found in _CHAT.findall(normalize("NFKC", rest))}
        handles |= {normal(found) for found in _HANDLE.findall(normalize("NFKC", said.contact))}
    return Mask(frozenset(names), frozenset(numbers), frozenset(h for h in handles if len(h) >= 5))


def _numbers_of(contact: str) -> Iterator[str]:
    """Every number of 7 digits or more, without the country; of a landline the number without its area as well."""
    for found in _NUMBER.findall(_plain_form(contact)):
        parts = [normal(part) for part in found.split()]
        whole = [part for part in parts if _digits_in(part) >= _FEWEST_DIGITS]
        for each in whole if len(whole) > 1 else [re.sub(r"[^0-9x]", "", normal(found))]:
            number = re.sub(r"[^0-9x]", "", each)
            line = _LANDLINE.match(number)
            if line and len(number) < _CARD_DIGITS:
                yield from (line[0], line[2])
            elif _FEWEST_DIGITS <= _digits_in(number) <= _MOST_DIGITS:
                yield re.sub(r"^(?:0086|86)(?=1[3-9][0-9]{9}$)", "", number if len(number) == 18 else number.rstrip("x"))


def _personal_numbers(text: str) -> Iterator[str]:
    """Mobile phones, resident ids and bank cards of a text."""
    plain = _plain_form(text)
    yield from (re.sub(r"[^0-9]", "", found) for found in _MOBILE.findall(plain))
    yield from map(normal, _RESIDENT.findall(plain))
    yield from (number for found in _NUMBER.findall(plain)
                if 16 <= len(number := re.sub(r"[^0-9]", "", found)) <= _MOST_DIGITS and _is_card(number))


def _plain_form(text: str) -> str:
    """With half-width signs, Chinese digits as digits and nothing that cannot be seen."""
    return as_digits(INVISIBLE.sub("", normalize("NFKC", text)))


def _is_card(number: str) -> bool:
    """Whether the check digit of a bank card (Luhn) is right."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _digits_in(text: str) -> int:
    return sum(char.isdigit() for char in text)


def _found_at(form: str, places: list[int], needles: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """Where needles stand in the form, each beginning and ending with a character of the text."""
    for needle in needles:
        at = form.find(needle)
        while at >= 0:
            end = at + len(needle)
            begins_inside = at > 0 and places[at - 1] == places[at]
            if not begins_inside and (end == len(form) or places[end] != places[end - 1]):
                yield at, end, needle
            at = form.find(needle, at + 1)


def _names_found(text: str, form: str, places: list[int], needles: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    for at, end, name in _found_at(form, places, needles):
        start, stop = places[at], places[end - 1] + 1
        is_longer = name.isascii() and _joins_latin(text, start, stop)
        if not is_longer and not (len(name) == 2 and _is_place(form[end:end + 4])):
            yield start, stop, SOMEBODY


def _joins_latin(text: str, start: int, stop: int) -> bool:
    beside = text[start - 1:start] if start else "", text[stop:stop + 1]
    return any(char.isalpha() and normal(char).isascii() for char in beside)


def _is_place(following: str) -> bool:
    """Whether a two-character name goes on as the name of a road or a village."""
    if following.startswith(PASSING):
        return False
    return following.startswith(PLACES_END) or (
        following[:1] not in NOT_BETWEEN and following[1:].startswith(PLACES_END) and not following[1:].startswith(PASSING))


def _handles_found(text: str, form: str, places: list[int], needles: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """Mail addresses and ids of WeChat that are not part of a longer one."""
    for at, end, _ in _found_at(form, places, needles):
        start, stop = places[at], places[end - 1] + 1
        before, after = text[:start].rstrip(".-"), text[stop:stop + 2].lstrip(".-")
        if not (_is_of_handle(before[-1:]) or _is_of_handle(after[:1])):
            yield start, stop, HIDDEN


def _is_of_handle(char: str) -> bool:
    return bool(char) and char not in " \n" and ((normal(char).isascii() and normal(char).isalnum()) or char == "_")


def _numbers_found(text: str, form: str, places: list[int], needles: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    for at, end, number in _found_at(form, places, needles):
        country = _COUNTRY.search(form[:at])
        first = country.start() if country and not _goes_on(text, places[country.start()], -1) else at
        start, stop = places[first], places[end - 1] + 1
        if not _goes_on(text, start, -1) and not _goes_on(text, stop - 1, 1):
            kept = number[-4:]
            stars = HIDDEN if len(number) < _CARD_DIGITS else "*" * (len(number) - len(kept))
            yield start, stop, (stars + kept)[-(stop - start):] if stop - start >= _FEWEST_DIGITS else HIDDEN[:stop - start]


def _goes_on(text: str, place: int, way: int) -> bool:
    """Whether the digit at this place has another beside it. One Chinese digit alone may be a word: 同一一三九…"""
    is_chinese = text[place] in CHINESE_DIGITS
    beside = _next_seen(text, place, way)
    char = text[beside] if beside is not None else ""
    if char and char in CHINESE_DIGITS:
        further = _next_seen(text, beside, way) if beside is not None else None
        return is_chinese and further is not None and text[further] in CHINESE_DIGITS
    return bool(char) and normal(char).isdigit()


def _next_seen(text: str, place: int, way: int) -> int | None:
    place += way
    while 0 <= place < len(text):
        if not INVISIBLE.fullmatch(text[place]):
            return place
        place += way
    return None
