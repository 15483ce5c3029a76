"""Templates are compiled once for each language, with their fixed texts put in: a page says a hundred of them, and to look each
one up and escape it for every reader would take longer than to write the rest of the page."""

from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any

from flask import templating
from jinja2 import Template
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import escape

from tracker.web.house.drawing.languages import gettext, language

TEMPLATES = "templates"
CALL = ("name", "lparen", "string", "rparen")


class FixedTexts(Extension):
    """Says `_("…")` when a template is compiled, where nothing is filled in and nothing needs escaping."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """The tokens of a template, each such call replaced by what it says."""
        return _said_tokens(list(stream))


def _said_tokens(tokens: list[Token]) -> Iterator[Token]:
    at = 0
    while at < len(tokens):
        call = tokens[at:at + len(CALL)]
        if tokens[at].value == "_" and tuple(token.type for token in call) == CALL:
            text = str(gettext(call[2].value))
            if text == str(escape(text)):
                yield Token(call[2].lineno, "string", text)
                at += len(CALL)
                continue
        yield tokens[at]
        at += 1


class Templates(templating.Environment):
    """Those of the application, kept apart by language."""

    tongue = ""  # empty in the first one, which only hands on

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        self._of: dict[str, Templates] = {}

    def get_template(self, name: str | Template, parent: str | None = None,
                     globals: MutableMapping[str, Any] | None = None) -> Template:  # noqa: A002 - the library's own word
        """The template in the reader's language; one that belongs to a page being made, in that page's."""
        if self.tongue:
            return super().get_template(name, parent, globals)
        return self._speaking_templates(language()).get_template(name, parent, globals)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One plain table for all templates: to look a name up in a chain of them takes several times as long."""
        return {**self.globals, **d} if d else self.globals

    def _speaking_templates(self, tongue: str) -> "Templates":
        found = self._of.get(tongue)
        if found is None:
            found = self.overlay(extensions=[FixedTexts])
            found.tongue = tongue
            self._of[tongue] = found
        return found
