"""The form of a delegation."""

from datetime import date

from wtforms import SelectField, StringField
from wtforms.validators import ValidationError

from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import Choices, FieldKind, Given, read
from tracker.domain.house.say import Say
from tracker.web.house.forms import HouseForm, chosen, listed, text

FROM, TO = Given("from_on", "起始日", FieldKind.date), Given("to_on", "截止日", FieldKind.date)


class DelegationForm(HouseForm):
    """Who stands in, from when to when, and why."""

    substitute = SelectField("由谁代办", [chosen("由谁代办")])
    from_on = StringField(FROM.word, render_kw={"type": "date"})
    to_on = StringField(TO.word, description="含当日，最长 90 天", render_kw={"type": "date"})
    reason = text("事由", longest=200, is_required=False, hint="如休假、出差；只有双方和管理员看得到")

    def offer(self, people: Choices) -> "DelegationForm":
        """Hand in who can be chosen."""
        self.substitute.choices = listed(people, "请选择")
        return self

    def validate_from_on(self, field: StringField) -> None:
        """A date."""
        _check_day(FROM, field)

    def validate_to_on(self, field: StringField) -> None:
        """A date, too."""
        _check_day(TO, field)

    def days(self) -> tuple[date, date]:
        """The first and the last day, once the form is sound."""
        return _read_day(FROM, self.from_on), _read_day(TO, self.to_on)


def _check_day(given: Given, field: StringField) -> None:
    if not (field.data or "").strip():
        raise ValidationError(Say("请填写“{given_word}”。", given_word=Say(given.word)))
    try:
        read(given, field.data)
    except Invalid as invalid:
        raise ValidationError(invalid.sentence) from None


def _read_day(given: Given, field: StringField) -> date:
    found = read(given, field.data)
    assert isinstance(found, date)
    return found
