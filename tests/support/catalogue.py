"""The English catalogue, as the tests read it."""

from functools import cache

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.support.project_files import ROOT

PO = ROOT / "tracker" / "translations" / "en" / "LC_MESSAGES" / "messages.po"


@cache
def catalogue() -> Catalog:
    with PO.open("rb") as source:
        return read_po(source)


@cache
def english() -> dict[str, str]:
    return {str(entry.id): str(entry.string) for entry in catalogue() if entry.id and not entry.context}


def meant(context: str) -> dict[str, str]:
    """The words that English tells apart, as they are said where this is meant."""
    return {str(entry.id): str(entry.string) for entry in catalogue() if entry.context == context}
