"""What the speed machinery serves: requests to an application in this very process, and work without one. Each can be done again
and again and leaves the register as large as it was, but for new cases and reminders."""

import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

from flask.testing import FlaskClient

from bench.made import TOKEN
from bench.people import HOME
from bench.tables import published_table
from bench.targets import BIG, Targets, open_states
from config import Settings
from tests.support.papers import report
from tests.support.railway import FILES, content
from tracker import create_app
from tracker.domain.cadence.beats import beat_named
from tracker.domain.rules.periods import period_of
from tracker.domain.territory.shapes.layers import Layer
from tracker.gateways.mail.pages import render
from tracker.gateways.reports import docx, xlsx
from tracker.gateways.reports.picture_scenes import SCENES
from tracker.gateways.reports.pictures import StagedShot, photograph
from tracker.services.cadence import morning
from tracker.services.house.work import reading, wiring
from tracker.services.people import access
from tracker.services.reports import reports
from tracker.services.rules import reference, rules
from tracker.services.tables.import_reading import quiet, read_file
from tracker.services.territory.shapes import places, versions
from tracker.services.territory.shapes.places import RailPlace
from tracker.services.territory.shapes.versions import ActivateShapes, LoadOrder
from tracker.storage.tables.staging import Spool

Work = Callable[[], object]
# the reader reads English
LOGINS = {"dispatcher": "dispatcher0", "officer": "officer0", "lead": "lead0", "reader": "dispatcher1"}
ROWS = 200  # of the table that is read
FORM = {"title": "抚生路12号工地夜间施工扬尘很大", "description": "抚生路12号工地每天晚上十点以后施工扬尘很大，附近居民不敢开窗，请尽快派人查处。",
        "place": "抚生路12号", "area_code": f"{HOME}009", "source": "H12345", "channel": "hotline", "categories": "dust",
        "near_seen": "1"}
OPEN = f"/cases?{open_states()}"
PATHS = {  # who asks for what
    "list": ("dispatcher", OPEN), "own": ("officer", OPEN), "new": ("dispatcher", "/cases/new"),
    "desk": ("dispatcher", "/"), "acts": ("dispatcher", "/acts"), "lead-desk": ("lead", "/"),
    "dashboard": ("dispatcher", "/dashboard"),
    "city": ("dispatcher", "/city"),
    "probe": ("lead", "/readyz"),
    "english": ("reader", OPEN), "english-dashboard": ("reader", "/dashboard"), "preview": ("dispatcher", "/supervision/preview"),
    "map": ("dispatcher", "/map"), "map-cases": ("dispatcher", "/map/cases.json"),
    "districts": ("dispatcher", "/map/districts.json"),
    "where": ("dispatcher", "/cases/where.json?lat=28.65&lng=115.89"),
}


@dataclass(frozen=True)
class Known:
    """Who signs in, and the cases that are asked for; read from the register once."""

    password: str
    closed: tuple[str, ...]
    urged: str
    seqs: Iterator[int]


def known(password: str) -> Known:
    """From the register of this process's settings."""
    targets = Targets(os.environ["DATABASE_URL"])
    urged = targets.numbers(f"state = 'assigned' AND lead_unit_id = {targets.unit_id(BIG)}", 1)[0]
    closed = tuple(targets.numbers("state = 'closed'"))
    targets.close()
    return Known(password, closed, urged, iter(range(2, 100_000)))  # an assigned case has two facts


class Stand:
    """An application in this process, perhaps without some piece, with people signed in."""

    def __init__(self, known: Known, without: Collection[str] = ()) -> None:
        self.app = create_app(Settings.from_env(), without=without)
        self.known, self._closed = known, cycle(known.closed)
        self._clients = {who: self.app.test_client() for who in LOGINS}
        self._tokens = {who: self._signed_in(client, LOGINS[who])
                        for who, client in self._clients.items()}
        self.post("reader", "/language", {"language": "en"}, is_kept=True)

    def work(self, key: str) -> Work:
        """The work of this name."""
        if key in PATHS:
            return lambda: self.get(*PATHS[key])
        if key in ASKED:
            return lambda: ASKED[key](self)
        return inside(self, DONE[key](self))

    def get(self, who: str, path: str) -> None:
        """A page."""
        answer = self._clients[who].get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"

    def post(self, who: str, path: str, form: Mapping[str, str], *, is_kept: bool = False) -> None:
        """A form; what it leaves in the session is dropped, as `bench.visitor` does."""
        client = self._clients[who]
        name = self.app.config["SESSION_COOKIE_NAME"]
        before = client.get_cookie(name)
        answer = client.post(path, data={**form, "csrf_token": self._tokens[who]})
        assert answer.status_code == 302, f"{path}: {answer.status_code}"
        if not is_kept and before is not None:
            client.set_cookie(name, before.value)

    def next_closed(self) -> str:
        """The number of another closed case."""
        return next(self._closed)

    def _signed_in(self, client: FlaskClient, login: str) -> str:
        answer = client.post("/login", data={"login": login, "password": self.known.password,
                                             "csrf_token": _token(client, "/login")})
        assert answer.status_code == 302, answer.status_code
        return _token(client, "/?")


def _token(client: FlaskClient, path: str) -> str:
    found = TOKEN.search(client.get(path).get_data(as_text=True))
    assert found is not None, path
    return found[1]


@contextmanager
def _context(stand: Stand) -> Iterator[None]:
    with stand.app.app_context():
        yield


def inside(stand: Stand, work: Work) -> Work:
    """The work in a context of the application, with a transaction of its own."""
    def done() -> None:
        with _context(stand):
            work()

    return done


ASKED: dict[str, Callable[[Stand], None]] = {
    "case": lambda stand: stand.get("dispatcher", f"/cases/{stand.next_closed()}"),
    "english-case": lambda stand: stand.get("reader", f"/cases/{stand.next_closed()}"),
    "create": lambda stand: stand.post("dispatcher", "/cases/new", FORM),
    "urge": lambda stand: stand.post("dispatcher", f"/cases/{stand.known.urged}/steps/urge",
                                     {"seq": str(next(stand.known.seqs)), "text": "请尽快"}),
}


# --- without a request ------------------------------------------------------------------------------------------------------


def _morning(stand: Stand) -> Work:
    """The letters of the next morning, rendered."""
    def done() -> None:
        for letter in morning.preview(rules.calendar().next_workday(wiring().clock.today())):
            render(letter.mail, {"base_url": wiring().base_url, **letter.words})

    return done


def _skin(write: Callable[..., bytes]) -> Callable[[Stand], Work]:
    """A report of one page, with three charts."""
    return lambda stand: lambda: write(report())


def _built(name: str) -> object:
    kind = beat_named(reports.report_named(name).cadence).kind
    return reports.build(name, period_of(kind, wiring().clock.today()).before(), wiring().home_area).document


def _imported(stand: Stand) -> Work:
    path = Path(tempfile.gettempdir()) / f"xiaohao-machinery-{os.getpid()}.xlsx"
    published_table(path, ROWS)

    def done() -> None:
        with Spool() as spool:
            read_file(path, spool, wiring().clock.today(), "D3JX", lambda code: True, quiet)

    return done


def _placed(stand: Stand) -> Work:
    """Places of an import's column, looked up in the whole country."""
    return lambda: [reference.country().candidates(name) for name in ("浔阳区", "杭州市西湖区", "360403", "江西省九江市")] and None


def _explained(stand: Stand) -> Work:
    """Whose a place at the railway is, with the line and the fence of the examples in force."""
    with stand.app.app_context():
        if not versions.all_sets(reading()):
            for layer in (Layer.line, Layer.fence, Layer.built_up):
                number = versions.load(None, LoadOrder(layer, "railway.geojson", content(*FILES[layer]), "示例"))
                order = ActivateShapes(wiring().clock.today())
                versions.activate(access.at_command_line(LOGINS["lead"]), number, order)
        on = wiring().clock.today()
    spot = RailPlace(28.662707, 115.91975, "wgs84", 5.0)
    return lambda: places.explained(spot, on)


SHOT = StagedShot(next(iter(SCENES)), 0.5, datetime(2026, 3, 2, tzinfo=UTC), "抚生路12号", 28.65, 115.89, 7, has_people=True)
DONE: dict[str, Callable[[Stand], Work]] = {
    "morning": _morning, "docx": _skin(docx.write), "xlsx": _skin(xlsx.write), "monthly": lambda stand: lambda: _built("monthly"),
    "place": _explained, "import": _imported, "places": _placed, "photograph": lambda stand: lambda: photograph(SHOT),
}
