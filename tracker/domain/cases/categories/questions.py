"""What may be asked beyond the six required fields, by problem type: questions, and answers as they are typed and kept."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.house.say import Say

Answer = str | int | float | bool
LARGEST = 10_000_000
_NUMBER = re.compile(r"[0-9]+(\.[0-9]{1,3})?")


@dataclass(frozen=True)
class Question:
    """One question of a problem type. `kind` is text, choice, number, yes or date; without days it is asked always."""

    code: str
    word: str
    kind: FieldKind = FieldKind.text
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    hint: str = ""
    longest: int = 60
    is_required: bool = False
    valid_from: date | None = None
    valid_to: date | None = None

    def is_asked_on(self, on: date) -> bool:
        """Whether whoever registers a case on that day is asked."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)

    def told(self, answer: Answer) -> str:
        """An answer in words."""
        if isinstance(answer, bool):
            return "是" if answer else "否"
        return f"{dict(self.choices).get(str(answer), answer)}" + (f" {self.unit}" if self.unit else "")


def read_answer(question: Question, raw: object, field: str) -> Answer | None:
    """One typed answer, None when nothing was given. Raises `Invalid` with a sentence."""
    if question.kind is FieldKind.number:
        return _read_number(question, raw, field)
    value = read(Given(field, question.word, question.kind, is_required=False, choices=question.choices,
                       longest=question.longest), raw)
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | bool) else None


def _read_number(question: Question, raw: object, field: str) -> int | float | None:
    text = str("" if raw is None else raw).strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(text) or float(text) > LARGEST:
        raise Invalid(Say("“{question_word}”应为不小于 0 的数，小数不超过三位；“{text}”无法识别。", question_word=Say(question.word), text=text[:20]),
                      field=field)
    return float(text) if "." in text else int(text)


def written(answers: Mapping[str, Answer]) -> str | None:
    """Answers as a case row keeps them; None when there are none."""
    return json.dumps(dict(answers), ensure_ascii=False, sort_keys=True, separators=(",", ":")) if answers else None


def kept_answers(kept: str | None) -> dict[str, Answer]:
    """The answers of a case row, by name."""
    answers: dict[str, Answer] = json.loads(kept) if kept else {}
    return answers
