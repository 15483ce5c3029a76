"""Addresses compiled once for all tests: every test builds the whole product, and nine tenths of that were Werkzeug writing and
compiling the same two functions for each of its addresses."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing.rules import Rule

_compiled: dict[tuple[object, ...], Any] = {}
_compile: Callable[..., Any] = Rule._compile_builder


def _compiled_once(rule: Rule, append_unknown: bool = True) -> Any:
    """What Werkzeug makes of an address; it depends on these parts, and on the converters only by their names."""
    key = (rule.rule, rule.host, rule.subdomain, repr(rule.defaults), repr(rule._trace), append_unknown)
    if key not in _compiled:
        _compiled[key] = _compile(rule, append_unknown)
    return _compiled[key]


def remember() -> None:
    """From now on in this process."""
    Rule._compile_builder = _compiled_once  # type: ignore[method-assign]
