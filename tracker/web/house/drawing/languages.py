"""The language of a page: Chinese as everything is written, or the English of the catalogue. Templates say `_()`; messages and
words of the code go through `tr` when they are shown, by their pattern and values: nothing reads finished Chinese."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from flask import Blueprint, Flask, current_app, redirect, request, request_started, session, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from tracker.domain.house.say import DateForm, DateWords, Listed, Say
from tracker.web.house.guard import public

blueprint = Blueprint("languages", __name__)
FOLDER = Path(__file__).resolve().parents[3] / "translations"
CHINESE, ENGLISH = "zh", "en"
# The name of the product, which is also the word of a step.
NAMES = {CHINESE: "销号", ENGLISH: "Xiaohao"}
TAGS = {CHINESE: "zh-CN", ENGLISH: "en"}
DAY_FORMS = {DateForm.full: "d MMM y", DateForm.without_year: "d MMM", DateForm.month: "MMM y", DateForm.weekday: "EEE"}
COUNTED = re.compile(r"\{(\w+):([^|{}]*)\|([^|{}]*)\}")  # the English for one and for more than one, by the number of that name
View = TypeVar("View", bound=Callable[..., Any])


class Catalogue:
    """The translations into one language, made by Babel's catalogue, plural forms and dates. `meant` has those of words that
    stand for more than one thing: (what is meant, the word)."""

    def __init__(self, entries: Mapping[str, str], meant: Mapping[tuple[str, str], str] | None = None,
                 locale: str = "en") -> None:
        self.entries, self.meant, self._locale = entries, meant or {}, Locale.parse(locale)

    def said(self, text: str) -> str:
        """A word of ours, or a message with its values, in this language. What is neither is what somebody wrote, and stays."""
        return self._message_said(text, {}) if isinstance(text, Say) else self.entries.get(text, text)

    def filled(self, text: str, values: Mapping[str, Any]) -> Markup:
        """A text of a template."""
        said = self._plural_chosen(self.entries.get(text, text), values)
        return Markup(said) % values if values or "%" in said else Markup(said)  # noqa: S704 - templates and catalogue are ours

    def told(self, pattern: str, values: Mapping[str, Any]) -> str:
        """A pattern of the code with its values."""
        return self._plural_chosen(self.entries.get(pattern, pattern), values).format_map(values)

    def _message_said(self, say: Say, around: Mapping[str, object]) -> str:
        if isinstance(say, DateWords):
            return format_date(say.on, DAY_FORMS[say.form], self._locale)
        if isinstance(say, Listed):
            mark = self.entries.get(say.pattern, say.pattern)
            return mark.join(self._message_said(part, {}) if isinstance(part, Say) else part for part in say.parts)
        pattern, every = self.entries.get(say.pattern, say.pattern), {**around, **say.values}
        values = {name: self._value_said(each, every, f"{{{name}}}" in pattern) for name, each in say.values.items()}
        said = self._plural_chosen(pattern, every)
        return said.format_map(values) if values else said

    def _value_said(self, value: object, around: Mapping[str, object], is_plain: bool) -> object:
        """`is_plain` where the pattern asks for no form of its own."""
        if isinstance(value, Say):
            return self._message_said(value, around)
        if not isinstance(value, date) or not is_plain:
            return value
        clock = f" {value:%H:%M}" if isinstance(value, datetime) else ""
        return format_date(value, DAY_FORMS[DateForm.full], self._locale) + clock

    def _plural_chosen(self, text: str, values: Mapping[str, Any]) -> str:
        """1 day, 2 days for "{n} {n:day|days}"."""
        return COUNTED.sub(lambda found: found[2 if self._is_one(values.get(found[1])) else 3], text) if "|" in text else text

    def _is_one(self, number: object) -> bool:
        return isinstance(number, int) and self._locale.plural_form(number) == "one"


@cache
def catalogue_of(language: str) -> Catalogue | None:
    """The catalogue, read at its first use in this process; none for Chinese."""
    if language == CHINESE:
        return None
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        known = [entry for entry in read_po(source) if entry.id and entry.string and not entry.fuzzy]
    return Catalogue({str(entry.id): str(entry.string) for entry in known if not entry.context},
                     {(entry.context, str(entry.id)): str(entry.string) for entry in known if entry.context}, language)


# Set at the start of each request; where no request is, everything is Chinese.
_STR = str.__str__
_catalogue: ContextVar[Catalogue | None] = ContextVar("catalogue", default=None)


def gettext(text: str, **values: Any) -> Markup:
    """A text of a template in the reader's language."""
    found = _catalogue.get()
    if found is not None:
        return found.filled(text, values)
    if not values and "%" not in text:
        return Markup(text)  # noqa: S704 - a template's own text
    # What Markup's own % does, in a third of the time: a page fills in dozens.
    return Markup(text % {name: _STR(escape(value)) for name, value in values.items()})  # noqa: S704


def ngettext(one: str, many: str, num: int, **values: Any) -> Markup:
    """Chinese has one form, and the catalogue's (s) makes the English two."""
    return gettext(many, num=num, **values)


def tr(text: Any, meant: str = "") -> Any:
    """A sentence, word or heading of the code in the reader's language. What is one word in Chinese may be two in English:
    `meant` is "step" for what can be done and "fact" for what somebody did, where the word alone is a state or a thing."""
    found = _catalogue.get()
    if found is None or not isinstance(text, str):
        return text
    return (found.meant.get((meant, text)) if meant else None) or found.said(text)


def told(pattern: str, **values: object) -> str:
    """A sentence of the code with its names in braces filled in, in the reader's language."""
    found = _catalogue.get()
    return pattern.format_map(values) if found is None else found.told(pattern, values)


def is_english() -> bool:
    """Whether the reader reads English."""
    return _catalogue.get() is not None


def language() -> str:
    """zh or en."""
    return ENGLISH if is_english() else CHINESE


@contextmanager
def chinese() -> Iterator[None]:
    """Official papers are Chinese, whoever asks for them."""
    before = _catalogue.set(None)
    try:
        yield
    finally:
        _catalogue.reset(before)


def in_chinese(view: View) -> View:
    """A view whose answer is an official paper."""
    @wraps(view)
    def told(*args: Any, **named: Any) -> Any:
        with chinese():
            return view(*args, **named)
    return told  # type: ignore[return-value]


@blueprint.post("/language")
@public
def choose() -> Response:
    """Keep the language for this session, and go back to the page."""
    if request.form.get("language") in TAGS:
        session["language"] = request.form["language"]
    return redirect(way_back(request.form.get("back", "")) or url_for("home.desk"))


def way_back(wanted: str) -> str:
    """The address if it is a path of this site, or nothing."""
    parts = urlsplit(wanted)
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    is_plain = all(32 < ord(c) < 127 or ord(c) > 160 for c in wanted) and "\\" not in wanted
    return wanted if is_ours and is_plain and not wanted.startswith(current_app.static_url_path or "/static") else ""


def _choose_catalogue(app: Flask, **_: Any) -> None:
    chosen = session.get("language") if request.endpoint != "static" else None
    _catalogue.set(catalogue_of(chosen if chosen in TAGS else app.config["DEFAULT_LANGUAGE"]))


def _page_here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else ""


def register(app: Flask) -> None:
    """Hand gettext to the templates; Flask-Babel's own looks its catalogue up anew for each text."""
    app.config["DEFAULT_LANGUAGE"] = ENGLISH if app.config["SETTINGS"].locale.startswith(ENGLISH) else CHINESE
    request_started.connect(_choose_catalogue, app)
    app.teardown_request(lambda _: _catalogue.set(None) and None)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]
    app.jinja_env.filters["tr"] = tr
    app.jinja_env.globals.update(
        _=gettext, gettext=gettext, ngettext=ngettext, tr=tr, told=told, is_english=is_english, page_here=_page_here,
        html_lang=lambda: TAGS[language()], product=lambda: NAMES[language()])
