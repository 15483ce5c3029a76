"""How the numbers of a source are written: fixed text, letters, digits, and a date in parts. No regular expression is typed by
anybody: X3JX{年4}{月2}{日2}{数字4}."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.domain.territory.numbers.parts import DAY, DIGITS, LETTERS, MONTH, YEAR

LEAST_SAMPLES, MOST_PARTS, MOST_SIGNS = 3, 20, 30
_PART = re.compile(r"\{([^{}0-9]+)([0-9]{1,2})\}")
_BETWEEN = re.compile(r"[,，、;；\s]+")
WIDTHS = {YEAR: 4, MONTH: 2, DAY: 2}  # of the parts of a date, which have no other
HOW = "可用固定文字，和花括号里的 字母n、数字n、年4、月2、日2"


@dataclass(frozen=True)
class GrammarPart:
    """One stretch of a number: fixed text where `kind` is ""."""

    kind: str
    width: int
    text: str = ""


@dataclass(frozen=True)
class NumberGrammar:
    """The parts of a number, in order."""

    parts: tuple[GrammarPart, ...]

    def fits(self, number: str) -> bool:
        """Whether the number is written like this, with a date that there is."""
        at, found = 0, {YEAR: "2000", MONTH: "01", DAY: "01"}
        for part in self.parts:
            piece = number[at:at + part.width]
            if len(piece) < part.width or not _is_piece(part, piece):
                return False
            if part.kind in found:
                found[part.kind] = piece
            at += part.width
        return at == len(number) and _is_date(found[YEAR], found[MONTH], found[DAY])


def read_grammar(text: str) -> NumberGrammar:
    """What was typed as a grammar. Raises `Invalid` naming the part that is none."""
    parts: list[GrammarPart] = []
    at = 0
    for found in _PART.finditer(text):
        parts += _fixed_part(text[at:found.start()])
        kind, width = found[1], int(found[2])
        if kind not in (*WIDTHS, DIGITS, LETTERS) or not 1 <= width <= MOST_SIGNS or WIDTHS.get(kind, width) != width:
            raise Invalid(Say("编号格式里的“{part}”不认识。{how}。", part=found[0], how=Say(HOW)), field="number_grammar")
        parts.append(GrammarPart(kind, width))
        at = found.end()
    parts += _fixed_part(text[at:])
    if not parts or len(parts) > MOST_PARTS:
        raise Invalid(Say("编号格式应有 1 至 {most} 段。{how}。", most=MOST_PARTS, how=Say(HOW)), field="number_grammar")
    return NumberGrammar(tuple(parts))


def require_samples(grammar: NumberGrammar, samples: str) -> None:
    """Raise `Invalid` unless three samples were given and all of them fit."""
    given = [part for part in _BETWEEN.split(samples.strip()) if part]
    if len(set(given)) < LEAST_SAMPLES:
        raise Invalid(Say("编号格式要附 {least} 个不同的样例，用、分开。", least=LEAST_SAMPLES), field="number_samples")
    if odd := next((each for each in given if not grammar.fits(each)), None):
        raise Invalid(Say("样例“{sample}”不符合编号格式。", sample=odd), field="number_samples")


def misfits(grammar: NumberGrammar, numbers: Iterable[str]) -> list[str]:
    """The numbers that are written otherwise."""
    return [number for number in numbers if not grammar.fits(number)]


def _fixed_part(text: str) -> list[GrammarPart]:
    if "{" in text or "}" in text:
        raise Invalid(Say("编号格式里的“{part}”不认识。{how}。", part=text, how=Say(HOW)), field="number_grammar")
    return [GrammarPart("", len(text), text)] if text else []


def _is_piece(part: GrammarPart, piece: str) -> bool:
    if not part.kind:
        return piece == part.text
    return piece.isascii() and (piece.isalpha() if part.kind == LETTERS else piece.isdigit())


def _is_date(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True
