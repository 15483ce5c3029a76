"""The registry of sites at scale: sites, entries, owed reports and inspections copied by SQL from one of each that came by its
deed; and the draw of a quarter over the sites of a city."""

import csv
import json
import time
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, text

from bench.people import HOME, UNITS
from bench.register import AREAS
from config import Settings
from tracker import create_app
from tracker.domain.house.actor import Grant, Role
from tracker.domain.house.clock import SetClock
from tracker.domain.sites.registers import SiteRegister
from tracker.services.acts import steps
from tracker.services.house.master import rows
from tracker.services.house.work import reading, wiring, with_clock
from tracker.services.people import access, accounts
from tracker.services.sites import entering, entries, obligations
from tracker.services.upkeep import seals
from tracker.storage.acts.acts import FAR, Act, ActLink
from tracker.storage.house.base import db
from tracker.storage.inspection.draws import DrawRow
from tracker.storage.inspection.inspections import Inspection
from tracker.storage.sites.owed import SiteObligation
from tracker.storage.sites.sites import Site, SiteEntry

PORTION = 20_000
KINDS = ("company", "company", "company", "construction", "catering", "station")
CITY, OFFICERS = {"A": 169, "B": 579, "C": 1892}, 30  # of the bulletin; of whose first quarter 211 are drawn
PAGES = {
    "sites, page 1": "/sites", "sites, deep": "/sites?after={deep}", "one class": "/sites?class=A",
    "suspended": "/sites?status=suspended", "one unit": "/sites?unit=U007", "one area": "/sites?area=360103007",
    "one trade": "/sites?trade=C26", "on the positive list": "/sites?register=positive_list",
    "permits not renewed": "/sites?light=permit-red", "registrations that end": "/sites?light=registration-yellow",
    "reports overdue": "/sites?light=report-red", "by name": "/sites?q={name}", "one site": "/sites/{deep}",
    "reports by day": "/sites/obligations", "inspections, page 1": "/acts?kind=inspection",
    "inspections that are over": "/acts?kind=inspection&over=1",
}


def fill_sites(count: int) -> None:
    """So many sites: a permit for one in three, a registration for the others, one in six on the positive list; of permits and
    reports one in a hundred is late; an inspection for every second, of which one in ten is to come."""
    with create_app(Settings.from_env()).app_context():
        today = wiring().clock.today()
        _first_of_each(today)
        db.session.remove()
        with db.engine.begin() as connection:
            first = {model: dict(connection.execute(select(model.__table__).order_by(model.id).limit(1)).mappings().one())
                     for model in (Site, SiteEntry, SiteObligation, Act)}
            first[Inspection] = dict(connection.execute(select(Inspection.__table__)).mappings().one())
            units = list(connection.scalars(text("SELECT id FROM units WHERE code LIKE 'U0%' ORDER BY id")))
            _write_copies(connection, Site, _site_copies(first[Site], units, count))
            _write_copies(connection, SiteEntry, _entry_copies(first[SiteEntry], count, today))
            _write_copies(connection, SiteObligation, _report_copies(first[SiteObligation], count, today))
            _write_copies(connection, Act, _act_copies(first[Act], count))
            _write_copies(connection, Inspection, _inspection_copies(first[Inspection], count, today))
            _write_copies(connection, ActLink, ({"act_id": first[Act]["id"] + at, "role": "site", "target": f"site:S-{at:06d}",
                                                 "position": 0} for at in range(2, count, 2)))
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        db.engine.dispose()


def _first_of_each(today: date) -> None:
    clerk, dispatcher = access.at_command_line("clerk0"), access.at_command_line("dispatcher0")
    rows.save_row(clerk, "sites", None, {"name": "第1号厂", "kind": "company", "area_code": HOME, "unit": "U000"})
    entering.enter(clerk, "S-000001", SiteRegister.permit, {
        "number": "许000001", "value": "simple", "valid_from": date(today.year - 1, 1, 1).isoformat(), "reports": ["year"]})
    obligations.make_obligations(today)
    for place in range(2):
        rows.save_row(dispatcher, "inspectors", None, {"person": f"verifier{place}", "certificate_no": f"赣{place}",
                                                       "valid_from": "2020-01-01"})
    steps.begin(dispatcher, "inspection", {
        "site": "S-000001", "mode": "on_site", "origin": "complaint", "planned_on": today.isoformat(),
        "inspectors": "verifier0、verifier1"})


def _write_copies(connection: Connection, model: Any, copies: Iterable[dict[str, Any]]) -> None:
    portion: list[dict[str, Any]] = []
    for each in copies:
        portion.append(each)
        if len(portion) == PORTION:
            connection.execute(insert(model.__table__), portion)
            portion = []
    if portion:
        connection.execute(insert(model.__table__), portion)


def _site_copies(first: dict[str, Any], units: list[int], count: int) -> Iterator[dict[str, Any]]:
    for at in range(2, count + 1):
        yield {**first, "id": first["id"] + at - 1, "code": f"S-{at:06d}", "name": f"第{at}号厂", "normalised": f"第{at}号厂",
               "kind": KINDS[at % len(KINDS)], "unit_id": units[at % min(UNITS, len(units))],
               "area_code": f"{HOME}{AREAS[at % len(AREAS)]}",
               "trade_code": f"C{13 + at % 30}", "site_class": "A" if at % 15 == 0 else "B" if at % 5 == 0 else "C",
               "status": "suspended" if at % 100 == 7 else "active"}


def _entry_copies(first: dict[str, Any], count: int, today: date) -> Iterator[dict[str, Any]]:
    nothing = {"value": "", "payload": {}, "valid_to": None, "number": ""}
    serial = first["id"]
    for at in range(2, count + 1):
        last = today + timedelta(days=30 if at % 99 == 0 or at % 100 == 1 else 900)
        kind = {"register": "permit", "number": f"许{at:06d}", "valid_to": last} if at % 3 == 0 else {
            **nothing, "register": "registration", "number": f"登{at:06d}", "valid_to": last}
        more = [{**nothing, "register": "positive_list", "valid_to": last}] if at % 6 == 0 else []
        for each in (kind, *more):
            serial += 1
            yield {**first, "id": serial, "site_id": at, **each}


def _report_copies(first: dict[str, Any], count: int, today: date) -> Iterator[dict[str, Any]]:
    serial, entry = first["id"], 1
    for at in range(2, count + 1):
        entry += 1
        if at % 3 == 0:
            serial += 1
            late = {"due_on": first["period_to"] + timedelta(days=20)} if at % 99 == 0 else {
                "satisfied_on": today, "satisfied_at": first["recorded_at"]}
            yield {**first, "id": serial, "site_id": at, "entry_id": entry, **late}
        entry += at % 6 == 0


def _act_copies(first: dict[str, Any], count: int) -> Iterator[dict[str, Any]]:
    for at in range(2, count, 2):
        over = {} if at % 20 == 0 else {"state": "published", "is_over": True, "closed_at": first["opened_at"],
                                        "list_due_on": FAR, "sight": "area"}
        yield {**first, "id": first["id"] + at, "number": f"JC-2020-{at:06d}", "title": f"第{at}号厂", **over}


def _inspection_copies(first: dict[str, Any], count: int, today: date) -> Iterator[dict[str, Any]]:
    for at in range(2, count, 2):
        done = {} if at % 20 == 0 else {
            "done_on": today - timedelta(days=at % 300 + 1), "result": "ok", "is_certificate_shown": True,
            "started_at": datetime.combine(today - timedelta(days=at % 300 + 1), datetime.min.time(), wiring().zone)}
        yield {**first, "act_id": first["act_id"] + at, "site_id": at, **done}


def registrations(path: Path, count: int) -> None:
    """A file of registrations."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("名称", "登记编号", "有效期起", "有效期止"), *(
            (f"登记第{n}户", f"登{n:05d}", "2024-06-01", "2029-05-31") for n in range(1, count + 1))])


def draw_quarter(count: int) -> None:
    """The draw of a first quarter over the sites of the bulletin's city; seconds of each step, as JSON."""
    with create_app(Settings.from_env()).app_context():
        clock = SetClock(datetime(2027, 1, 5, 9, tzinfo=wiring().zone))
        with with_clock(clock, is_silent=True):
            _stand_ready(count)
            print(json.dumps(_timed_draw(clock)))


def _stand_ready(count: int) -> None:
    dispatcher, clerk, lead = (access.at_command_line(login) for login in ("dispatcher0", "clerk0", "lead0"))
    for place in range(OFFICERS):
        login = f"sent{place:02}"
        accounts.add_person(None, login=login, name=f"检查{place}", title="", email=f"{login}@bench.invalid", unit="VERIFY",
                            password=None, roles=[Grant(Role.inspector, HOME)])
        rows.save_row(dispatcher, "inspectors", None, {"person": login, "certificate_no": login, "valid_from": "2020-01-01"})
    letters = [letter for letter, whole in CITY.items() for _ in range(whole)]
    for at, letter in enumerate(letters[:count], start=1):
        code = f"S-{at:06d}"
        rows.save_row(clerk, "sites", None, {"name": f"第{at}号厂", "kind": "company", "area_code": HOME, "unit": "U000"})
        entries.propose_class(dispatcher, code, letter, ("pollution",), "年度分类", valid_from=date(2027, 1, 1))
        entries.decide_class(lead, code, is_accepted=True)


def _timed_draw(clock: SetClock) -> dict[str, float]:
    dispatcher, lead, taken = access.at_command_line("dispatcher0"), access.at_command_line("lead0"), dict[str, float]()

    def take(step: str, work: Any) -> Any:
        begin = time.perf_counter()
        found = work()
        taken[step] = round(time.perf_counter() - begin, 2)
        return found

    number = take("prepare", lambda: steps.begin(dispatcher, "draw", {"quarter": "2027Q1", "roster_on": "2027-01-05"}).number)
    take("commit", lambda: steps.take(dispatcher, number, "commit", {"witness_source": "上证指数收盘", "witness_on": "2027-01-06"}))
    seals.seal(clock.today())
    clock.advance(timedelta(days=1))
    take("draw", lambda: steps.take(lead, number, "draw", {"witness": "上证指数2027-01-06收盘:3466.33", "planned_on": "2027-01-08"}))
    drawn = reading().scalar(select(DrawRow.act_id).join(Act, Act.id == DrawRow.act_id).where(Act.number == number))
    query = text("SELECT count(*) FROM draw_sites WHERE act_id = :act")
    return {**taken, "drawn": float(reading().execute(query, {"act": drawn}).scalar_one())}
