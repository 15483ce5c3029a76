"""The base of all forms: whitespace stripped, Chinese messages, choices handed in, refusals put to their fields."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from babel.support import Translations
from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import Field, FileField, Form, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.i18n import messages_path
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Refusal
from tracker.domain.house.say import Say
from tracker.services.evidence.evidence import Upload
from tracker.web.house.drawing.languages import is_english, tr
from tracker.web.house.kept_files import KeptFile, kept_uploads, stage
from tracker.web.house.script_answers import Told, told

FILES = "files"  # what is wrong with the files as a whole, and the id of the place where they stand


# The library's own sentences: Flask-WTF reads them from their files on every request.
SENTENCES = {is_english: Translations.load(messages_path(), [locale], domain="wtforms")
             for is_english, locale in ((True, "en"), (False, "zh_CN"))}


def stripped(value: object) -> object:
    """Text without blanks around it; line ends as one character."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


class HouseForm(FlaskForm):
    """A form of this house."""

    class Meta(FlaskForm.Meta):
        """Strips every text."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Add the stripping filter to text fields."""
            if issubclass(unbound_field.field_class, StringField) and unbound_field.field_class.__name__ != "PasswordField":
                options = {**options, "filters": [*options.get("filters", ()), stripped]}
            return unbound_field.bind(form=form, **options)

        def get_translations(self, form: Any) -> Any:
            """The library's own sentences in the reader's language."""
            return SENTENCES[is_english()]

        def render_field(self, field: Any, render_kw: Any) -> Any:
            """A list's words in the reader's language. What need not be filled in is said by the label, as HTML has no attribute
            for it; in a form sent back the summary takes the focus, and no field beside it."""
            if is_english() and isinstance(field, SelectField) and field.choices:
                field.choices = [replace(each, label=tr(each.label)) for each in map(SelectChoice.from_input, field.choices)]
            return super().render_field(field,
                                        {**render_kw, "optional": False,
                                         **({"autofocus": False} if request.method == "POST" else {})})

    def refuse(self, refusal: Refusal) -> None:
        """Put the refusal's sentence to the field that it names, or to the whole form."""
        field = self._fields.get(refusal.field or "")
        if refusal.field == FILES and self.file_pairs():
            self.file_errors += (refusal.sentence,)
        elif field is None or field.type == "CSRFTokenField":
            self.form_errors.append(refusal.sentence)
        else:
            field.errors = [*field.errors, refusal.sentence]

    kept: tuple[KeptFile, ...] = ()
    file_errors: tuple[str, ...] = ()
    is_answer = False

    def keep_files(self, actor: Actor) -> None:
        """Take in the files that came, so that the form comes back with them."""
        staged = stage(actor)
        self.kept, self.is_answer = staged.kept, True
        said = {sentence for _, sentence in self.troubles()}
        self.file_errors += tuple(trouble for trouble in staged.troubles if trouble not in said)

    def file_pairs(self) -> list[tuple[Field, Field | None]]:
        """Each file input with its role, where it has one."""
        names = [name for name, field in self._fields.items() if isinstance(field, FileField)]
        return [(self._fields[name], self._fields.get(f"{name}_role")) for name in names]

    def told_troubles(self, status: int, code: str) -> Told:
        """What is wrong, for a script that sent the form."""
        troubles = self.troubles()
        return told(status, code=code, sentence=" ".join(sentence for _, sentence in troubles), field=troubles[0][0] if troubles
                    else "")

    def troubles(self) -> list[tuple[str, str]]:
        """Every error with the id of its field, in the order of the page; "" for the form as a whole."""
        found = [("", error) for error in self.form_errors] + [(FILES, error) for error in self.file_errors]
        return found + [(field.id, str(error)) for field in self for error in _flat_errors(field.errors)]


def listed(pairs: Iterable[tuple[str, str]], first: str | None = None) -> list[SelectChoice]:
    """Codes with their words as a field offers them; `first` stands for choosing nothing."""
    offered = [] if first is None else [SelectChoice("", first)]
    return offered + [SelectChoice(code, word) for code, word in pairs]


def required(word: str) -> DataRequired:
    """Must be given."""
    return DataRequired(Say("请填写“{given_word}”。", given_word=Say(word)))


def chosen(word: str) -> InputRequired:
    """Must be chosen."""
    return InputRequired(Say("请选择“{given_word}”。", given_word=Say(word)))


class _AtMost(Length):
    """The library fills its own numbers into a message's Chinese; ours keeps the message."""

    def __call__(self, form: Form, field: Field) -> None:
        if len(field.data or "") > self.max:
            raise ValidationError(Say("最多 {longest} 字。", longest=self.max))


def at_most(longest: int) -> Length:
    """May not be longer."""
    return _AtMost(max=longest)


def text(word: str, *, longest: int = 200, is_required: bool = True, hint: str = "", mark: str = "",
         **render: object) -> StringField:
    """One line of text; `mark` tells it from a field of the same name in another form of the page."""
    rules = [required(word)] if is_required else []
    return StringField(word, [*rules, at_most(longest)], description=hint, id=mark or None,
                       render_kw=_render_options(is_required, render))


def long_text(word: str, *, longest: int = 4000, is_required: bool = True, hint: str = "", rows: int = 5,
              lang: str = "") -> TextAreaField:
    """Several lines of text; `lang` where it is not the page's."""
    rules = [required(word)] if is_required else []
    return TextAreaField(word, [*rules, at_most(longest)], description=hint,
                         render_kw=_render_options(is_required, {"rows": rows, **({"lang": lang} if lang else {})}))


def uploads_of(fields: Iterable[tuple[Field, Any]]) -> list[Upload]:
    """The files that were chosen, each with its role, and those that were received before."""
    found = []
    for field, role in fields:
        if isinstance(field, FileField) and isinstance(field.data, FileStorage) and field.data.filename:
            field.data.stream.seek(0)
            found.append(Upload(field.data.filename, field.data.read(), role))
    return found + kept_uploads()


def _render_options(is_required: bool, more: dict[str, object]) -> dict[str, object]:
    return {**more, "optional": not is_required}


def _flat_errors(errors: Any) -> list[object]:
    if isinstance(errors, dict):
        return [e for inner in errors.values() for e in _flat_errors(inner)]
    return [e for error in errors for e in (_flat_errors(error) if isinstance(error, list | tuple | dict) else [error])]
