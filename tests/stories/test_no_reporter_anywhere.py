"""A reporter with a name like no other: in no page, file, search, log or error of anybody but the custodian who gives a
reason."""

import gzip
import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.custody import opened_on_pages
from tests.support.district import PEOPLE
from tests.support.secrets import found_below, found_in, without
from tests.support.tables import save_csv
from tests.support.tour import addresses, prepare
from tests.support.visitors import in_town, main_of, send, token_of, visitor
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.clock import SetClock
from tracker.gateways.mail.sending import MemorySender, build_message
from tracker.services.cadence import beats
from tracker.services.cases import identities
from tracker.services.house.work import Work, wiring
from tracker.services.mail import outbox
from tracker.services.tables.importing import import_file
from tracker.storage.cases.cases import Case
from tracker.storage.cases.identities import Identity
from tracker.storage.house.base import db
from tracker.storage.mail.outbox import Message
from tracker.storage.people.accounts import Person
from tracker.storage.reports.stored import StoredReport

pytestmark = [pytest.mark.one_engine, pytest.mark.slow, pytest.mark.timeout(300)]
NAME, PHONE, HOME = "金丝雀欧阳", "13912345678", "金丝雀路一号院"
SECRETS = ("金丝雀", PHONE, "139 1234 5678")
REPORTER = {"reporter_name": NAME, "reporter_phone": PHONE, "reporter_address": HOME}
TYPED = {"title": "河边垃圾", "description": "河边长期堆放垃圾", "source": "H12345", "channel": "hotline", "place": "桃花河东岸",
         "categories": ["garbage"], "area_code": "360103002"}
NOW = datetime(2026, 3, 2, tzinfo=UTC)
KINDS = ("xlsx", "docx", "json")
Given = Iterator[tuple[str, bytes]]


@pytest.fixture
def numbers(app: Flask, tmp_path: Path) -> dict[str, str]:
    """The district of the tour: this reporter is behind each of its cases, by hand, by the form at the door and by a table."""
    prepared = prepare(app)
    assert send(visitor(app, "clerk"), "/cases/new", {**TYPED, **REPORTER}).status_code == 302
    table = save_csv(tmp_path / "in.csv", [["受理编号", "交办问题基本情况", "举报人", "联系电话"], ["A1", f"{NAME}（{PHONE}）反映油烟", NAME, PHONE]])
    with in_town(app):
        import_file(OPERATOR, table)
        table.unlink()
        with Work(wiring()) as work:
            for case_id in work.session.scalars(select(Case.id).where(Case.id.not_in(select(Identity.case_id)))).all():
                identities.keep(work, case_id, name=NAME, phone=PHONE, address=HOME, text=f"{NAME}说")
    return prepared


def test_a_reporter_is_named_nowhere(app: Flask, numbers: dict[str, str], clock: SetClock, mailer: MemorySender, tmp_path: Path,
                                     caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    a_month_passes(app, clock)
    assert NAME in opened_by_the_custodian(app, numbers["closed"]).text
    shown: dict[str, bytes] = {}
    for source in (pages_of_everybody(app, numbers), files_of_every_case(app), files_of_every_report(app), searches(app),
                   errors(app),
                   commands(app, numbers["closed"], tmp_path), mails(app, mailer)):
        before = len(shown)
        shown.update(source)
        assert len(shown) > before
    assert {where: said for where, content in shown.items() if (said := found_in(content, SECRETS))} == {}
    assert found_in(caplog.text.encode(), SECRETS) == []
    assert found_below(tmp_path, SECRETS) == {}
    assert {"all.tar.gz", "m.docx"} <= {path.name for path in tmp_path.rglob("*")}


@pytest.mark.parametrize("pack", [
    lambda said: gzip.compress(said), lambda said: quote(said.decode()).encode(), lambda said: json.dumps(said.decode()).encode(),
    lambda said: zipped(zipped(said)), lambda said: build_message("通报", said.decode(), "a@b.cn", "1@b.cn", mail_from="c@d.cn",
                                                                  date=NOW).as_bytes(),
])
def test_the_search_sees_into_what_is_packed(pack: Callable[[bytes], bytes]) -> None:
    assert found_in(pack(f"报告：{NAME}".encode()), SECRETS) == ["金丝雀"]
    assert found_in(pack("报告：某某".encode()), SECRETS) == []


def zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", content)
    return packed.getvalue()


def a_month_passes(app: Flask, clock: SetClock) -> None:
    """Until the circular of March and the appraisal of the quarter are out, with all that was missed, and the mail of it."""
    with in_town(app):
        beats.run_due()
        clock.move_to(datetime(2026, 4, 8, 10, tzinfo=wiring().zone))
        beats.run_due()
        assert {"daily", "weekly", "monthly", "quarterly", "annual"} <= set(db.session.scalars(select(StoredReport.name)))


def opened_by_the_custodian(app: Flask, number: str) -> Any:
    return opened_on_pages(visitor(app, "custodian"), visitor(app, "lead"), number)


def pages_of_everybody(app: Flask, numbers: dict[str, str]) -> Given:
    """Every address there is, for everybody there is: the page, its file, or its refusal."""
    for login in ("", *(login for login, *_ in PEOPLE)):
        client = visitor(app, login)
        yield from asked(client, login, addresses(app, numbers))


def files_of_every_case(app: Flask) -> Given:
    with in_town(app):
        found = list(db.session.scalars(select(Case.number)))
    for login in ("dispatcher", "auditor"):
        paths = [f"/cases/{number}{part}" for number in found
                 for part in ("", "/print", "/dossier.docx", "/due", "/access", "/similar")]
        yield from asked(visitor(app, login), login, [*paths, "/cases/export.csv", "/cases/export.xlsx"])


def files_of_every_report(app: Flask) -> Given:
    with in_town(app):
        found = db.session.execute(select(StoredReport.name, StoredReport.period)).all()
    kept = {row.name: row.period for row in found}  # one of each kind in every skin
    paths = [f"/reports/{name}/{period}{part}" for name, period in kept.items()
             for part in ("", "?preview=1", "/print", *(f"/file.{kind}" for kind in KINDS))]
    yield from asked(visitor(app, "dispatcher"), "dispatcher", paths)
    yield from asked(visitor(app, "auditor"), "auditor", [f"/reports/{name}/{period}" for name, period in found])


def asked(client: Any, login: str, paths: list[str]) -> Given:
    for path in paths:
        answer = client.get(path)
        yield f"{login} {path} {answer.status_code}", str(answer.headers).encode() + answer.data
        answer.close()


def searches(app: Flask) -> Given:
    """Who searches for the reporter finds no case; the field shows what was asked for, and only that."""
    for login in ("dispatcher", "lead", "auditor", "admin", "custodian", "clerk"):
        for wanted in ("金丝雀", NAME, NAME[-2:], PHONE, HOME):
            for path in ("/cases", "/people", "/map", "/dashboard"):
                answer = visitor(app, login).get(path, query_string={"q": wanted})
                if answer.status_code == 200 and path == "/cases":
                    assert "/cases/XH-" not in main_of(answer), (login, wanted)
                yield f"{login} {path} {wanted}", without(answer.data, wanted)


def errors(app: Flask) -> Given:
    """What goes wrong with a reporter in the hands: nothing of it in the page of the fault, nor in the log."""
    app.testing = False
    client = visitor(app, "clerk")
    token = token_of(client.get("/my"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identities, "keep", _breaks)
        answer = client.post("/cases/new", data={**TYPED, **REPORTER, "csrf_token": token})
    assert answer.status_code == 500
    yield "a fault of ours", answer.data
    yield "another's case", without(client.get(f"/cases/{NAME}").data, NAME)
    officer = visitor(app, "officer")
    yield "no right", officer.post("/cases/new", data={**TYPED, **REPORTER, "csrf_token": token_of(officer.get("/my"))}).data
    app.testing = True


def _breaks(*given: object, **more: object) -> int:
    raise RuntimeError("nothing works")


def commands(app: Flask, number: str, folder: Path) -> Given:
    """What an operator reads at the command line, and the files that are written there."""
    runner, out = app.test_cli_runner(), folder / "out"
    out.mkdir()
    for line in (f"case show {number} --json", f"case steps {number} --as dispatcher", "people list", "outbox list",
                 "supervision list", "reports list", "reports verify",
                 "ledger verify", "data batches", "doctor", f"data export --to {out}/all.xlsx", f"backup create {out}/all.tar.gz",
                 *(f"reports render monthly --period 2026-03 --format {kind} --to {out}/m.{kind}" for kind in ("html", *KINDS))):
        result = runner.invoke(args=line.split())
        assert result.exit_code == 0 or line == "doctor", (line, result.output)
        yield line, result.output.encode()


def mails(app: Flask, mailer: MemorySender) -> Given:
    with in_town(app):
        for _ in range(20):
            outbox.send_due()
        for mail in db.session.scalars(select(Message)):
            yield mail.dedupe_key, f"{mail.subject}\n{mail.text}\n{mail.html}\n{mail.pictures}".encode()
        assert len(set(db.session.scalars(select(Person.email)))) > 5
    for message in mailer.messages:
        yield str(message), message.as_bytes()
