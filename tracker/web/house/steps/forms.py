"""The form of any step, built from the table of what it must be given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.domain.cases import step_fields as ask
from tracker.domain.cases.wording import word
from tracker.domain.cases.works.fields import ITEM, REMARK
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import Actor
from tracker.domain.house.clock import Clock
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import Choices, FieldKind, Given, read
from tracker.domain.house.say import Say
from tracker.domain.tables.cells import whole_number
from tracker.services.evidence.evidence import Upload
from tracker.web.house.forms import HouseForm, listed, uploads_of

SLOTS = 3
FEW = 5
PHOTOS = "image/jpeg,image/png,image/webp,image/heic,.heic,.pdf,.docx,.xlsx"


@dataclass(frozen=True)
class StepOptions:
    """What a form may offer to choose from."""

    units: Choices = ()
    people: Choices = ()


class StepForm(HouseForm):
    """Any step. `seq` is the last fact that the person saw."""

    seq = HiddenField()
    table: tuple[Given, ...] = ()

    def raw(self) -> dict[str, object]:
        """What was given, as the deed reads it; what was left empty is left out."""
        names = [given.name for given in self.table if given.kind is not FieldKind.files]
        values = {name: self[name].data for name in names if name in self}
        return {name: value for name, value in values.items() if value not in (None, "", [], False)}

    def has_given(self, name: str) -> bool:
        """Whether something stands in a field; files stand in slots of their own."""
        return bool(self[name].data) if name in self else bool(self.uploads())

    def seen(self) -> int | None:
        """The number of the last fact that the person saw."""
        return whole_number(self.seq.data or "")

    def uploads(self) -> list[Upload]:
        """The chosen files with their roles."""
        return uploads_of((self[f"file_{n}"], self._slot_role(n)) for n in self.slots())

    def items(self) -> list[Given]:
        """The questions whether an item holds; each has another for a remark."""
        return [given for given in self.table if given.name.startswith(ITEM)]

    def has_items(self) -> bool:
        """Whether there are any."""
        return bool(self.items())

    def plain(self) -> list[Given]:
        """Every other question, but for files."""
        return [given for given in self.table if given.kind is not FieldKind.files and not given.name.startswith((ITEM, REMARK))]

    def slots(self) -> range:
        """The numbers of the file inputs."""
        return range(1, SLOTS + 1) if "file_1" in self else range(0)

    def narrow(self, table: tuple[Given, ...]) -> None:
        """Draw no answer that this table leaves out."""
        for given in table:
            if given.choices:
                left = {code for code, _ in given.choices}
                self[given.name].choices = [each for each in self[given.name].choices if not each.value or each.value in left]

    def _slot_role(self, slot: int) -> EvidenceRole | None:
        name = f"file_{slot}_role"
        return EvidenceRole(self[name].data) if name in self and self[name].data else None


def start_with(form: StepForm, actor: Actor, clock: Clock) -> None:
    """An empty form begins with now and me, where it asks when and who."""
    starts = {ask.ONSITE_AT.name: f"{clock.local(clock.now()):%Y-%m-%dT%H:%M}", ask.ONSITE_PEOPLE.name: actor.name}
    for name, value in starts.items():
        if name in form:
            form[name].data = value


def step_form(table: tuple[Given, ...], options: StepOptions, roles: tuple[EvidenceRole, ...] = ()) -> StepForm:
    """The form of what a step asks for. `roles` are what its files may be said to show."""
    return _form_class(table, options, roles)()


def _form_class(table: tuple[Given, ...], options: StepOptions, roles: tuple[EvidenceRole, ...]) -> type[StepForm]:
    fields: dict[str, Any] = {"table": table}
    for given in table:
        if given.kind is FieldKind.files:
            fields |= _file_fields(given, roles)
        else:
            fields[given.name] = _BUILDERS.get(given.kind, _line_field)(given, options)
    built: type[StepForm] = type("BuiltStepForm", (StepForm,), fields)
    return built


CHOSEN = frozenset({FieldKind.choice, FieldKind.unit, FieldKind.units, FieldKind.people, FieldKind.person})


class _Shape:
    """The shape that the table asks for, checked by the same reader as the deed's."""

    field_flags: Mapping[str, object] = {}

    def __init__(self, given: Given) -> None:
        self.given = given

    def __call__(self, form: StepForm, field: Field) -> None:
        if field.data in (None, "", [], False):
            stands_in = self.given.alternative and form.has_given(self.given.alternative)
            if self.given.is_required and not stands_in:
                raise StopValidation(Say("请选择“{given_word}”。", given_word=Say(self.given.word)) if self.given.kind in CHOSEN
                                     else Say("请填写“{given_word}”。", given_word=Say(self.given.word)))
            raise StopValidation
        try:
            read(self.given, field.data)
        except Invalid as invalid:
            raise ValidationError(invalid.sentence) from None


def _make_field(kind: type[Field], given: Given, render: Mapping[str, object] | None = None, **more: Any) -> Field:
    hint = "" if given.kind in (FieldKind.unit, FieldKind.units,
                                FieldKind.people) else given.hint  # these say how to type what is chosen here
    return kind(given.word, [_Shape(given)], description=hint, render_kw={**(render or {}), "optional": not given.is_required},
                **more)


def _line_field(given: Given, options: StepOptions) -> Field:
    return _make_field(StringField, given, {"maxlength": given.longest})


def _text_area_field(given: Given, options: StepOptions) -> Field:
    return _make_field(TextAreaField, given, {"rows": 5 if given.is_required else 3})


def _typed_field(kind: str, **more: object) -> Callable[[Given, StepOptions], Field]:
    return lambda given, options: _make_field(StringField, given, {"type": kind, **more})


def _choice_field(given: Given, options: StepOptions) -> Field:
    if len(given.choices) <= FEW:
        return _make_field(RadioField, given, choices=listed(given.choices), validate_choice=False)
    return _make_field(SelectField, given, choices=listed(given.choices, "请选择"), validate_choice=False)


def _option_field(which: str) -> Callable[[Given, StepOptions], Field]:
    return lambda given, options: _make_field(SelectField, given, choices=listed(getattr(options, which), "请选择"),
                                              validate_choice=False)


def _units_field(given: Given, options: StepOptions) -> Field:
    return _make_field(SelectMultipleField, given, choices=listed(options.units), validate_choice=False,
                       widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())


def _choices_field(given: Given, options: StepOptions) -> Field:
    return _make_field(SelectMultipleField, given, choices=listed(given.choices), validate_choice=False,
                       widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())


def _yes_field(given: Given, options: StepOptions) -> Field:
    return _make_field(BooleanField, given)


def _file_fields(given: Given, roles: tuple[EvidenceRole, ...]) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    for slot in range(1, SLOTS + 1):
        fields[f"file_{slot}"] = FileField(Say("{word} {slot}", word=Say(given.word), slot=slot),
                                           render_kw={"accept": PHOTOS, "optional": True})
        if roles:
            choices = listed((role.value, word(role)) for role in roles)
            fields[f"file_{slot}_role"] = SelectField(Say("第 {slot} 个文件是", slot=slot), choices=choices, default=roles[0].value,
                                                           render_kw={"optional": True})
    return fields


_BUILDERS: dict[FieldKind, Callable[[Given, StepOptions], Field]] = {
    FieldKind.long_text: _text_area_field, FieldKind.date: _typed_field("date"),
    FieldKind.instant: _typed_field("datetime-local"), FieldKind.number: _typed_field("number", min=1),
    FieldKind.choice: _choice_field, FieldKind.choices: _choices_field, FieldKind.unit: _option_field("units"),
    FieldKind.units: _units_field, FieldKind.people: _choices_field,
    FieldKind.person: _option_field("people"), FieldKind.yes: _yes_field,
}
