"""The questions of the problem types as form fields, and the fields that say where."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from wtforms import Field, HiddenField, SelectField, StringField
from wtforms.validators import ValidationError

from tracker.domain.cases.categories.questions import Question, read_answer
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import FieldKind
from tracker.domain.house.say import Say
from tracker.domain.territory.positions import DATUMS
from tracker.web.house.forms import HouseForm, at_most, listed

PREFIX = "q_"
Asked = tuple[tuple[str, tuple[Question, ...]], ...]  # by type
YES_OR_NO = (("1", "是"), ("0", "否"))


@dataclass(frozen=True)
class BoundQuestions:
    """What one problem type asks, as bound fields."""

    category: str
    fields: tuple[Field, ...]


def question_fields(asked: Asked) -> dict[str, Any]:
    """A field for each question, by its name in a form."""
    return {f"{PREFIX}{key}_{question.code}": _question_field(question) for key, questions in asked for question in questions}


def asked_of(form: HouseForm, asked: Asked) -> list[BoundQuestions]:
    """The fields of a form by problem type, in the order of the types."""
    return [BoundQuestions(key, tuple(form[f"{PREFIX}{key}_{question.code}"] for question in questions))
            for key, questions in asked]


def answers_of(form: HouseForm) -> dict[str, object]:
    """What was answered, by the name of the question."""
    return {field.name.removeprefix(PREFIX): field.data for field in form if field.name.startswith(PREFIX)
            and field.data not in (None, "")}


def point_fields() -> dict[str, Any]:
    """The fields of a point: typed numbers that anybody sees, and what only a script fills in."""
    typed = {"inputmode": "decimal", "autocomplete": "off", "optional": True}
    hidden = ("located_by", "accuracy_metres", "device_lat", "device_lng", "device_accuracy_metres")
    return {
        "lat": StringField("纬度", [_check_number, at_most(20)], description="北纬，如 28.6551", render_kw=typed),
        "lng": StringField("经度", [_check_number, at_most(20)], description="东经，如 115.8652", render_kw=typed),
        "datum": SelectField("坐标系", choices=listed(DATUMS.items()), default="wgs84", render_kw={"optional": True}),
        **{name: HiddenField(validators=[at_most(20)] if name == "located_by" else [_check_number]) for name in hidden},
    }


def number_of(field: Field) -> float | None:
    """The number that was typed, without a degree sign and in any width; None when there is none. Raises ValueError for anything
    else."""
    text = unicodedata.normalize("NFKC", str(field.data or "")).strip().rstrip("°")
    return float(text) if text else None


def _check_number(form: HouseForm, field: Field) -> None:
    try:
        number_of(field)
    except ValueError:
        raise ValidationError(Say("“{text}”不是度数；请填小数，如 28.6551。", text=str(field.data)[:20])) from None


class _Answers:
    """The shape that the question asks for, read by the same reader as the deed's."""

    def __init__(self, question: Question) -> None:
        self.question = question

    def __call__(self, form: HouseForm, field: Field) -> None:
        try:
            read_answer(self.question, field.data, field.name)
        except Invalid as invalid:
            raise ValidationError(invalid.sentence) from None


def _question_field(question: Question) -> Field:
    word = Say("{question_word}（{unit}）", question_word=Say(question.word),
               unit=Say(question.unit)) if question.unit else question.word
    shape: dict[str, object] = {} if question.is_required else {"optional": True}
    if question.kind in (FieldKind.choice, FieldKind.yes):
        choices = listed(question.choices or YES_OR_NO, "请选择" if question.is_required else "未填")
        return SelectField(word, [_Answers(question)], choices=choices, validate_choice=False, description=question.hint,
                           render_kw=shape)
    shape |= {FieldKind.number: {"inputmode": "decimal"}, FieldKind.date: {"type": "date"}}.get(
        question.kind, {"maxlength": question.longest})
    return StringField(word, [_Answers(question)], description=question.hint, render_kw={**shape, "autocomplete": "off"})
