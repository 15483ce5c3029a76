"""A product whose database has no table yet."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import databases
from tracker import create_app


@pytest.fixture
def old_product(engine_name: str, tmp_path: Path) -> Iterator[Any]:
    """The product inside an application context, on a database without a table."""
    folder = tmp_path / "old"
    folder.mkdir()
    for url in databases.empty(engine_name, folder):
        product = create_app(databases.settings_for(url, folder))
        with product.app_context():
            yield product
        databases.close(product)
