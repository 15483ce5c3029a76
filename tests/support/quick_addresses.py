"""Addresses compiled once for all tests: every test builds the whole product, and most of that was Werkzeug taking apart and
compiling the same few hundred addresses."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing.rules import Rule

KEPT = ("_parts", "_trace", "_converters", "arguments")
_compiled: dict[tuple[object, ...], dict[str, Any]] = {}
_compile: Callable[[Rule], None] = Rule.compile


def _compile_once(rule: Rule) -> None:
    """What Werkzeug makes of an address depends on these parts, and on the converters only by their names."""
    assert rule.map is not None
    key = (rule.rule, rule.host, rule.subdomain, repr(rule.defaults), rule.merge_slashes, rule.map.host_matching, rule.is_leaf)
    if key not in _compiled:
        _compile(rule)
        _compiled[key] = {name: getattr(rule, name) for name in KEPT} | {
            name: getattr(rule, name).__func__ for name in ("_build", "_build_unknown")}
    for name, value in _compiled[key].items():
        setattr(rule, name, value.__get__(rule, None) if callable(value) else value)


def remember() -> None:
    """From now on in this process."""
    Rule.compile = _compile_once  # type: ignore[method-assign]
