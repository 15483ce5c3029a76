"""The language of a page: Chinese as everything is written, or the English of the catalogue. Templates say `_()`; sentences that
the code made go through `tr` when they are shown. In Chinese both hand back what they got."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from babel.messages.pofile import read_po
from flask import Blueprint, Flask, current_app, redirect, request, request_started, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from tracker.web.house.guard import public

blueprint = Blueprint("languages", __name__)
FOLDER = Path(__file__).resolve().parents[3] / "translations"
CHINESE, ENGLISH = "zh", "en"
# The name of the product, which is also the word of a step.
NAMES = {CHINESE: "销号", ENGLISH: "Xiaohao"}
TAGS = {CHINESE: "zh-CN", ENGLISH: "en"}
HAS_CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
NUMBERED = re.compile(r"(.*\D) (\d+)")
DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
PERIOD = re.compile(r"(\d{4})年(?:(\d{1,2})月|第(\d{1,2})周|第(\d)季度)?")
LISTS = ("、", " · ")
LONGEST_SAID, DEEPEST_SAID = 300, 5
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SLOT = re.compile(r"\{\w*\}")
COUNTED = re.compile(r"(?:(?<![\d.])(1)(?!\d)((?: [A-Za-z-]+){1,3}?)|)\(s\)")
View = TypeVar("View", bound=Callable[..., Any])


class Catalogue:
    """The translations into one language. `meant` has those of words that stand for more than one thing: (what is meant, the
    word). `most_kept` sentences are remembered as they were said."""

    def __init__(self, entries: dict[str, str], meant: Mapping[tuple[str, str], str] | None = None, *,
                 most_kept: int = 4000) -> None:
        self.entries, self.meant = entries, meant or {}
        slotted = [text for text in entries if SLOT.search(text)]
        slotted.sort(key=lambda text: -len(SLOT.sub("", text)))
        self._patterns = [(_slot_pattern(text), SLOT.findall(text), entries[text]) for text in slotted]
        self._kept = lru_cache(maxsize=most_kept)(self._sentence_said)

    def said(self, text: str, depth: int = 0) -> str:
        """A sentence of the code in this language. Sentences of ours are neither as long nor as deep as what somebody may have
        written into one; what is stays as it is, for to look for sentences in it could take minutes."""
        return self._kept(text, depth) if len(text) <= LONGEST_SAID and depth <= DEEPEST_SAID else text

    def filled(self, text: str, values: dict[str, Any]) -> Markup:
        """A text of a template."""
        said = self.entries.get(text, text)
        # templates and the catalogue are ours
        return Markup(counted(Markup(said) % values if values or "%" in said else said))  # noqa: S704

    def _sentence_said(self, text: str, depth: int) -> str:
        """A sentence of the code: as it stands in the catalogue, or with what was filled in; unknown ones stay."""
        exact = self.entries.get(text)
        if exact is not None:
            return exact
        if not HAS_CHINESE.search(text):
            return text
        listed = next((said for mark in LISTS if mark in text and (said := self._list_said(text, mark, depth))), "")
        if listed:
            return listed
        for pattern, slots, said in self._patterns:
            found = pattern.fullmatch(text)
            if found:
                return counted(self._fill_slots(said, slots, found.groups(), depth))
        numbered = NUMBERED.fullmatch(text)
        if numbered:
            return f"{self.said(numbered[1], depth + 1)} {numbered[2]}"
        period = PERIOD.fullmatch(text)
        return _english_period(period) if period else DATE.sub(_english_date, text)

    def _list_said(self, text: str, mark: str, depth: int) -> str:
        """A list of the code; empty where one of its parts cannot be said, as in what people wrote."""
        said = self.entries.get(mark, mark).join(self.said(part, depth + 1) for part in text.split(mark))
        return "" if HAS_CHINESE.search(said) else said

    def _fill_slots(self, said: str, slots: list[str], parts: tuple[str, ...], depth: int) -> str:
        meant = {slot: self.said(part, depth + 1) for slot, part in zip(slots, parts, strict=True)}
        return SLOT.sub(lambda slot: meant.get(slot[0], slot[0]), said)


def counted(text: str) -> str:
    """1 day, 2 days for "day(s)"; 1 person, 2 people."""
    return COUNTED.sub(lambda found: f"1{found[2]}" if found[1] else "s", text).replace(" persons",
                                                                                        " people") if "(s)" in text else text


def _slot_pattern(text: str) -> re.Pattern[str]:
    return re.compile("(.*?)".join(re.escape(part) for part in SLOT.split(text)), re.DOTALL)


def _english_date(found: re.Match[str]) -> str:
    return f"{int(found[3])} {MONTHS[int(found[2]) - 1]} {found[1]}"


def _english_period(found: re.Match[str]) -> str:
    """2026年11月, 2026年第47周, 2026年第4季度 or 2026年."""
    year, month, week, quarter = found.groups()
    if month:
        return f"{MONTHS[int(month) - 1]} {year}"
    return f"week {week} of {year}" if week else f"Q{quarter} {year}" if quarter else year


@cache
def catalogue_of(language: str) -> Catalogue | None:
    """The catalogue, read at its first use in this process; none for Chinese."""
    if language == CHINESE:
        return None
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        known = [entry for entry in read_po(source) if entry.id and entry.string and not entry.fuzzy]
    return Catalogue({str(entry.id): str(entry.string) for entry in known if not entry.context},
                     {(entry.context, str(entry.id)): str(entry.string) for entry in known if entry.context})


# Set at the start of each request; where no request is, everything is Chinese.
_catalogue: ContextVar[Catalogue | None] = ContextVar("catalogue", default=None)


def gettext(text: str, **values: Any) -> Markup:
    """A text of a template in the reader's language."""
    found = _catalogue.get()
    if found is not None:
        return found.filled(text, values)
    return Markup(text) % values if values or "%" in text else Markup(text)  # noqa: S704 - a template's own text


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
    return counted(str(tr(pattern)).format_map(values))


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
