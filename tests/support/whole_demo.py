"""The whole demo district loaded in a folder that is thrown away, its ledger verified, and what it holds counted.

    python -m tests.support.whole_demo                 as of today; some minutes
    python -m tests.support.whole_demo --on 2026-11-02 as of the beginning of a day

Exits with 1 where something of it does not hold.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import flask_migrate
from argon2 import PasswordHasher
from sqlalchemy import func, select

from tests.support import databases
from tracker import create_app
from tracker.demo.loading import load
from tracker.domain.house.clock import SetClock
from tracker.gateways.mail.sending import FolderSender
from tracker.services.house.work import reading
from tracker.services.people.passwords import PASSWORDS
from tracker.services.upkeep.integrity import verify
from tracker.storage.acts.acts import Act
from tracker.storage.cases.cases import Case
from tracker.storage.publications.publications import Publication
from tracker.storage.sites.owed import SiteObligation
from tracker.storage.sites.sites import Site, SiteEntry

OFFICE = ZoneInfo("Asia/Shanghai")
COUNTED = (("cases", Case.state), ("sites", Site.site_class), ("entries", SiteEntry.register), ("reports", SiteObligation.kind),
           ("publications", Publication.state))


def main() -> int:
    """Load, verify, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.whole_demo", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--on", type=date.fromisoformat, help="the day as which it loads")
    asked = parser.parse_args()
    PASSWORDS.use(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with tempfile.TemporaryDirectory(prefix="xiaohao-demo-") as made:
        return _loaded_in(Path(made), asked.on)


def _loaded_in(folder: Path, on: date | None) -> int:
    clock = SetClock(datetime.combine(on, time(0, 30), OFFICE), OFFICE.key) if on is not None else None
    (url,) = databases.empty("sqlite", folder)
    app = create_app(databases.settings_for(url, folder), clock=clock)
    with app.app_context():
        flask_migrate.upgrade()
        loaded = load(keep=lambda accounts: None, mailer=FolderSender(folder / "outbox", "xiaohao@localhost"))
        print(f"{loaded.first} … {loaded.until}, {loaded.fact_count} facts of cases")  # noqa: T201 - what it is run for
        for line in _count_lines():
            print(line)  # noqa: T201
        troubles = verify().troubles
        for each in troubles:
            print(f"TROUBLE {each}", file=sys.stderr)  # noqa: T201
        print(f"{len(troubles)} troubles")  # noqa: T201
    databases.close(app)
    return 1 if troubles else 0


def _count_lines() -> Iterator[str]:
    session = reading()
    for word, column in COUNTED:
        found = session.execute(select(column, func.count()).group_by(column).order_by(column)).all()
        yield f"{word} {sum(row[1] for row in found)}: " + ", ".join(f"{row[0] or '-'} {row[1]}" for row in found)
    acts = session.execute(select(Act.kind, Act.state, func.count()).group_by(Act.kind, Act.state).order_by(Act.kind, Act.state))
    kinds: dict[str, list[str]] = {}
    for kind, state, count in acts:
        kinds.setdefault(kind, []).append(f"{state} {count}")
    yield from (f"{kind}: {', '.join(states)}" for kind, states in kinds.items())


if __name__ == "__main__":
    sys.exit(main())
