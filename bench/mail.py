"""Mails per second: the outbox of the product beside bare smtplib, to the same server on this machine, in the same run.

    .venv/bin/python -m bench.mail [--mails 500] [--pages]
"""

import argparse
import os
import smtplib
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

import flask_migrate

from tests.support.databases import close, settings_for
from tests.support.makers import Town
from tests.support.papers import report
from tests.support.post_office import Inbox, open_office
from tracker import create_app
from tracker.domain.house.clock import SetClock
from tracker.domain.house.links import to_case
from tracker.domain.mail.kinds import Kinds
from tracker.gateways.mail.pages import render
from tracker.gateways.mail.sending import build_message, mail_sender
from tracker.services.house import work
from tracker.services.house.work import Work, wiring
from tracker.services.mail import outbox
from tracker.services.mail.letters import Letter, put
from tracker.services.reports import mails as report_mails
from tracker.storage.house.base import db

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WORDS = {"number": "XH-2026-000123", "due": "2026-03-09", "title": "夜间施工噪声扰民", "place": "云锦路 12 号", "notes": (),
         "link": to_case("XH-2026-000123")}


class Swallowing(Inbox):
    """Takes everything and keeps nothing."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - named by the library
        return "250 OK"


def main() -> None:
    """Both ways by turns, three times; the best of each."""
    options = argparse.ArgumentParser()
    options.add_argument("--mails", type=int, default=500)
    options.add_argument("--pages", action="store_true", help="a report with page and pictures instead of a short text")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, open_office(Swallowing()) as port:
        app = create_app(settings_for(f"sqlite:///{folder}/bench.db", Path(folder)), clock=SetClock(NOW))
        with app.app_context():
            flask_migrate.upgrade()
            town, own = Town.founded(), wiring()
            work.bind(db.engine, replace(own, mail=mail_sender(f"smtp://127.0.0.1:{port}", own.mail_from)))
            bare, ours = [], []
            for turn in range(3):
                bare.append(timed(lambda: by_hand(port, given.mails, given.pages)))
                write(town, turn, given.mails, given.pages)
                ours.append(timed(outbox.send_due))
            assert outbox.counts() == {"sent": 3 * given.mails}
        close(app)
    (bare_wall, bare_cpu), (wall, cpu) = map(min, zip(*bare, strict=True)), map(min, zip(*ours, strict=True))
    print(f"{given.mails} mails{' with page and pictures' if given.pages else ''}, load {os.getloadavg()[0]:.1f}: "
          f"bare smtplib {given.mails / bare_wall:.0f}/s, outbox {given.mails / wall:.0f}/s, ratio {wall / bare_wall:.2f}; "
          f"CPU of the sender {bare_cpu / given.mails * 1000:.2f} and {cpu / given.mails * 1000:.2f} ms a mail, ratio "
          f"{cpu / bare_cpu:.2f}")


def by_hand(port: int, count: int, is_page: bool) -> None:
    """The same mails on one connection, and nothing remembered."""
    words, pictures = report_mails.words_of(report()) if is_page else (WORDS, {})
    page = render("report" if is_page else "case_assigned", {"base_url": wiring().base_url, **words})
    with smtplib.SMTP("127.0.0.1", port) as server:
        for n in range(count):
            server.send_message(build_message(f"【销号】{page.subject}", page.text, f"p{n}@example.cn", f"bare-{n}@localhost",
                                              mail_from=wiring().mail_from, date=NOW, html=page.html, pictures=pictures
                                              if is_page else None))


def write(town: Town, turn: int, count: int, is_page: bool) -> None:
    """So many letters into the outbox, to everybody by turns; the clock moves a day on, so that nobody has had too many."""
    town.clock.advance(days=1)
    people = sorted(town.people.values())
    words, pictures = report_mails.words_of(report()) if is_page else (WORDS, {})
    with Work(wiring()) as open_work:
        put(open_work, [Letter(people[n % len(people)], "report" if is_page else "case_assigned", f"{turn}/{n}", words, None,
                               pictures, kind=Kinds.lists)
                        for n in range(count)])


def timed(deed: Any) -> tuple[float, float]:
    """Seconds, and seconds of this thread's CPU: the mail server works in another."""
    begun, worked = perf_counter(), thread_time()
    deed()
    return perf_counter() - begun, thread_time() - worked


if __name__ == "__main__":
    main()
