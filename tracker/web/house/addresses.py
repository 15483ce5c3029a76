"""What may stand in an address: numbers of rows, never longer than a database counts."""

from flask import Flask
from werkzeug.routing import IntegerConverter


class RowNumber(IntegerConverter):
    """The number of a row; a longer one is no address at all, and no question for a database."""

    regex = r"\d{1,18}"


def register(app: Flask) -> None:
    """To be called before any address is added."""
    app.url_map.converters["int"] = RowNumber
