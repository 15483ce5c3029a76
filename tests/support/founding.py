"""An installation that nobody has set up yet, and what an office says of itself."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import flask_migrate

from tests.support import databases
from tracker import create_app
from tracker.domain.house.clock import SetClock
from tracker.gateways.mail.sending import MemorySender
from tracker.services.upkeep.founding.setting_up import FoundingOrder

OFFICE = {"name": "青山湖区整改办", "document_short": "青环督", "filing_short": "青环销"}


def unclaimed(engine_name: str, folder: Path, clock: SetClock, mailer: MemorySender | None = None, **more: Any) -> Iterator[Any]:
    """The product as an own district, migrated and empty."""
    for url in databases.empty(engine_name, folder):
        settings = replace(databases.settings_for(url, folder), district="own", **more)
        product = create_app(settings, clock=clock, mailer=mailer or MemorySender())
        product.testing = True
        with product.app_context():
            flask_migrate.upgrade()
        yield product
        databases.close(product)


def order(area_code: str = "360111", **more: Any) -> FoundingOrder:
    """What an office gives."""
    return replace(FoundingOrder(area_code, OFFICE, "guanli", "张三", "zhang@example.org"), **more)
