"""Addresses that are put together once: `url_for` builds each anew, which a page full of them feels."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask import current_app, request, url_for

PLACE = "9876543210"  # stands where the number of a case, or of a file, will stand


def asset(path: str) -> str:
    """The address of a static file with its content's hash, so that it may be kept for a year."""
    if current_app.debug:
        return url_for("static", filename=path)
    return _asset_address(current_app.static_folder or "", path, request.script_root)


@lru_cache(maxsize=500)
def _asset_address(folder: str, path: str, root: str) -> str:
    return url_for("static", filename=path, v=_content_mark(Path(folder, path)))


def _content_mark(path: Path) -> str | None:
    return sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else None


def page_url(endpoint: str, place: str = "", **args: object) -> str:
    """The address of a page with its parameters, and with the one place in its path where it has one."""
    asked = tuple([(name, tuple(value) if isinstance(value, list) else value) for name, value in args.items() if value])
    return _page_address(endpoint, place, request.script_root, asked)


def record_url(endpoint: str, place: object) -> str:
    """The address of a page of one record, by its number or its id: there are too many records to remember each."""
    before, after = _address_around(endpoint, request.script_root)
    return f"{before}{quote(str(place), safe='')}{after}"


@lru_cache(maxsize=500)
def _address_around(endpoint: str, root: str) -> tuple[str, str]:
    """What stands before and after the one place in the path of a page."""
    rule = next(current_app.url_map.iter_rules(endpoint))
    places: dict[str, Any] = dict.fromkeys(rule.arguments, PLACE)
    before, _, after = url_for(endpoint, **places).partition(PLACE)
    return before, after


@lru_cache(maxsize=5000)
def _page_address(endpoint: str, place: str, root: str, asked: tuple[tuple[str, object], ...]) -> str:
    rule = next(current_app.url_map.iter_rules(endpoint))
    places: dict[str, Any] = dict.fromkeys(rule.arguments, place)
    address = url_for(endpoint, **places)
    return f"{address}?{urlencode(asked, doseq=True)}" if asked else address
