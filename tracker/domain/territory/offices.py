"""The offices that handle cases, each for an area: what they are called on papers, and how they number their closings."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.domain.house.errors import Conflict, Invalid
from tracker.domain.house.say import Say

SHORTEST, LONGEST_SHORT, LONGEST_NAME, LONGEST_LIST = 2, 8, 80, 200
INVISIBLE = frozenset(map(chr, (0x115f, 0x1160, 0x2800, 0x3164, 0xffa0)))  # letters and signs that show nothing
SHORTS: dict[str, str] = {"document_short": "发文代字", "filing_short": "销号代字"}
# What an office says of itself, and what that is called, in the order in which it is asked.
FIELDS: dict[str, str] = {"name": "机关名称", **SHORTS, "addressees": "主送", "copies": "抄送", "imprint": "印发机关", "has_imprint": "版记"}


@dataclass(frozen=True)
class Office:
    """An office and the area it answers for. `document_short` and `filing_short` begin the numbers of its papers and its
    closings; `imprint` is who prints them, where they end with a 版记."""

    area_code: str
    name: str
    document_short: str
    filing_short: str
    addressees: str = ""
    copies: str = ""
    imprint: str = ""
    has_imprint: bool = False
    is_reporting: bool = False
    valid_from: date | None = None
    valid_to: date | None = None

    def exists_on(self, on: date) -> bool:
        """Whether it is in being on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class OfficeTable:
    """All offices, the area whose office keeps this installation ("" until it is set up), whether people and cases are the
    invented ones of the demo, and whether somebody set it up for a district of their own."""

    rows: tuple[Office, ...] = ()
    home_area: str = ""
    is_invented: bool = False
    is_set_up: bool = False

    @property
    def home(self) -> Office | None:
        """The office that keeps this installation."""
        return next((each for each in self.rows if each.area_code == self.home_area), None)

    def of(self, jurisdiction: str, on: date) -> Office | None:
        """Whose case it is: the office with the longest code that covers the jurisdiction; beyond all of them the home's."""
        found = [each for each in self.rows if jurisdiction.startswith(each.area_code) and each.exists_on(on)]
        return max(found, key=lambda each: len(each.area_code), default=self.home)


def checked(given: Mapping[str, object], others: Iterable[Office]) -> dict[str, object]:
    """What an office says of itself, as it is kept. Raises `Invalid` or `Conflict`, naming the field."""
    taken: dict[str, object] = {name: _plain_text(given.get(name)) for name in FIELDS if name != "has_imprint"}
    taken["has_imprint"] = bool(given.get("has_imprint"))
    name = str(taken["name"])
    if not has_visible(name) or len(name) > LONGEST_NAME:
        raise Invalid(Say("机关名称应为 1 至 {most} 字。", most=LONGEST_NAME), field="name")
    others = list(others)
    for field, word in SHORTS.items():
        _check_short(str(taken[field]), field, word, others)
    for field in ("addressees", "copies", "imprint"):
        if len(str(taken[field])) > LONGEST_LIST:
            raise Invalid(Say("{word}最多 {most} 字。", word=Say(FIELDS[field]), most=LONGEST_LIST), field=field)
    return taken


def has_visible(text: str) -> bool:
    """Whether there is anything to see in a text: blanks, marks of direction and fillers are nothing."""
    return any(unicodedata.category(each)[0] not in "ZC" and each not in INVISIBLE for each in text)


def _plain_text(value: object) -> str:
    return " ".join(str(value or "").split())


def _check_short(text: str, field: str, word: str, others: Iterable[Office]) -> None:
    if not SHORTEST <= len(text) <= LONGEST_SHORT or not text.isalpha():
        raise Invalid(Say("{word}应为 {least} 至 {most} 个字，不含括号、数字和空格，如“东环督”。", word=Say(word), least=SHORTEST,
                          most=LONGEST_SHORT), field=field)
    for each in others:
        if getattr(each, field) == text:
            raise Conflict(Say("{word}“{text}”已由{office}使用，请换一个。", word=Say(word), text=text, office=each.name),
                           code="short_taken", field=field)
