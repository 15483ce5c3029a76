"""A register of any size: cases with Chinese text, each with the chain of facts that its row is the fold of.

People and units enter by the product's deeds; cases and facts in bulk statements, oldest fact first, as they would have come.
"""

import heapq
import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from random import Random

from PIL import Image
from sqlalchemy import Connection, insert, select, text

from bench import texts
from bench.people import HOME, UNITS, Staff, hire
from bench.roads import District, Picture, travel
from bench.walk import Walk, day
from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.clock import SetClock
from tracker.domain.house.identifiers import format_case_number
from tracker.domain.house.ledger import Fact
from tracker.domain.house.log.fact_kinds import LEDGER, LedgerFacts
from tracker.gateways.evidence.images import inspect_upload
from tracker.services.house import positions
from tracker.services.house.work import Work, deed, wiring, with_clock
from tracker.services.rules import book
from tracker.services.upkeep.checks.unstated import state_seeds
from tracker.storage.cases import search
from tracker.storage.cases.belonging.parts import CasePart, UnitPart
from tracker.storage.cases.cases import Case, CaseCategory
from tracker.storage.evidence.evidence import EvidenceRow
from tracker.storage.house import log
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow
from tracker.storage.house.log import LogRow
from tracker.storage.house.preferences import Counter
from tracker.storage.house.words import WordRow
from tracker.storage.territory.territory import Source

YEARS = 3
PORTION = 2000
SOURCES = {"H12345": 45, "D3JX": 15, "MSG": 20, "H12369": 15, "PSJX": 5}
AREAS = ("001", "002", "004", "007", "009", "010", "011", "013", "014", "015")
Progress = Callable[[int], None]


def fill(count: int, seed: int = 1, units: int = UNITS, progress: Progress = lambda done: None) -> Staff:
    """Fill a migrated, empty database; within an application context. Returns who works there."""
    with with_clock(SetClock(wiring().clock.now() - timedelta(days=366 * YEARS)), is_silent=True):
        staff = hire(units)  # before their first case
    book.set_value(None, "hourly_registrations", "10000", wiring().clock.today(), "bench")
    db.session.remove()
    with db.engine.begin() as connection:
        keys = {row.key: row.id for row in connection.execute(select(Source.key, Source.id))}
        district = District(staff, _pictures(), keys, wiring().clock.now(), Random(seed))
        done, waiting = 0, _FactsInOrder(connection)
        walks = _walks(district, count)
        while portion := list(islice(walks, PORTION)):
            _write(connection, district, portion, done)
            waiting.add(portion)
            progress(done := done + len(portion))
        waiting.flush()
        _counters(connection, district, count)
        search.rebuild(connection)
    state_what_fill_wrote()
    return staff


@deed
def state_what_fill_wrote(work: Work) -> None:
    """Facts and files came in past the deeds: they enter the log at the end, and the ledger tells of the rows as of those that a
    migration filled."""
    work.record(LEDGER, LedgerFacts.demo_loaded, OPERATOR, {"bench": True})
    end = log.locked_end(work.session)
    query = select(FactRow).outerjoin(LogRow, LogRow.fact_id == FactRow.id).where(
        LogRow.position.is_(None), FactRow.stream.startswith("case:")).order_by(FactRow.id).limit(PORTION)
    last, position = 0, end.position
    while rows := work.session.scalars(query.where(FactRow.id > last)).all():
        log.enter(work.session, positions.rows_of([row.id for row in rows], [row.fact() for row in rows], position + 1,
                                                  end.logged_at, work.wiring.cipher))
        last, position = rows[-1].id, position + len(rows)
        work.session.expunge_all()
    state_seeds(work)


def _walks(district: District, count: int) -> Iterator[Walk]:
    begin, span = district.now - timedelta(days=365 * YEARS), timedelta(days=365 * YEARS, minutes=-5)
    serials = district.serials
    for index in range(count):
        at = begin + span * ((index + 1) / (count + 1))  # the product with the index would be more days than a timedelta holds
        year = day(at).year
        serials[year] = serials.get(year, 0) + 1
        yield _walk(district, at, format_case_number(year, serials[year]), index)


def _walk(district: District, at: datetime, number: str, index: int) -> Walk:
    random = district.random
    source = random.choices(tuple(SOURCES), tuple(SOURCES.values()))[0]
    categories = tuple(sorted(random.sample(tuple(texts.TROUBLES), random.choice((1, 1, 1, 2)))))
    area = HOME + random.choice(AREAS)
    row: dict[str, object] = {
        "number": number, "source_id": district.sources[source], "source_number": f"{source}{index + 1:08}",
        "is_key": random.random() < 0.02, "channel": random.choice(("phone", "web", "hotline", "wechat")),
        "title": texts.title(random, categories[0]), "description": texts.description(random, categories[0]),
        "place": f"{random.choice(texts.ROADS)}{random.randrange(1, 400)}号", "area_code": area, "jurisdiction": area,
        "lat": round(28.60 + random.random() / 10, 6), "lng": round(115.85 + random.random() / 10, 6), "datum": "wgs84",
        "received_on": day(at), "registered_by_id": random.choice(district.staff.clerks), "round": 1, "history": "own",
    }
    clerk = row["registered_by_id"]
    assert isinstance(clerk, int)
    return travel(district, Walk(row, categories, clerk, at), source, categories[0])


def _write(connection: Connection, district: District, walks: list[Walk], first: int) -> None:
    rows = [walk.row | {"id": first + at} for at, walk in enumerate(walks, start=1)]
    connection.execute(insert(Case.__table__), rows)  # type: ignore[arg-type]
    kinds = [{"case_id": row["id"], "category": c} for row, walk in zip(rows, walks, strict=True) for c in walk.categories]
    parts = [{"case_id": row["id"], "unit_id": row["lead_unit_id"], "part": UnitPart.lead.value}
             for row in rows if row["lead_unit_id"]]
    parts += [{"case_id": row["id"], "unit_id": unit, "part": UnitPart.supporting.value}
              for row, walk in zip(rows, walks, strict=True) for unit in walk.supporting]
    for table, lines in ((CaseCategory, kinds), (CasePart, parts), (EvidenceRow, district.evidence),
                         (WordRow, [word for walk in walks for word in walk.words])):
        if lines:
            connection.execute(insert(table), lines)
    district.evidence.clear()


class _FactsInOrder:
    """Facts go in by their instant, as they would have come in life: the facts of one case lie far apart."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._heap: list[tuple[datetime, str, int, Fact]] = []

    def add(self, walks: list[Walk]) -> None:
        """Facts of cases in order of registration; what is older than the newest registration can go in."""
        for walk in walks:
            for fact in walk.facts:
                heapq.heappush(self._heap, (fact.at, fact.stream, fact.seq, fact))
        self._until(walks[-1].facts[0].at)

    def flush(self) -> None:
        """All that is left."""
        self._until(None)

    def _until(self, limit: datetime | None) -> None:
        rows = []
        while self._heap and (limit is None or self._heap[0][0] <= limit):
            rows.append({name: each for name, each in vars(heapq.heappop(self._heap)[3]).items() if name != "texts"})
        for start in range(0, len(rows), PORTION):
            self._connection.execute(insert(FactRow.__table__), rows[start:start + PORTION])  # type: ignore[arg-type]


def _counters(connection: Connection, district: District, count: int) -> None:
    """The running numbers go on after the last one given."""
    drawn = {f"case:{year}": last for year, last in district.serials.items()} | {f"filing:{HOME}:{y}": n
                                                                                 for y, n in district.filings.items()}
    if drawn:
        connection.execute(insert(Counter), [{"key": key, "last": last} for key, last in drawn.items()])
    if connection.dialect.name == "postgresql":
        for table, last in (("cases", max(count, 1)), ("evidence", max(district.evidence_id, 1))):
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"))


def _pictures() -> list[Picture]:
    """Eight small photos in the blob store; the files of all cases point to them."""
    found = []
    for n in range(8):
        out = io.BytesIO()
        Image.effect_noise((96, 72), 10 + 12 * n).convert("RGB").save(out, "JPEG")
        content, own = out.getvalue(), wiring()
        seen = inspect_upload(f"{n}.jpg", content, max_bytes=own.upload_max_bytes, zone=own.zone).picture
        assert seen is not None
        found.append(Picture(own.blobs.put(content), own.blobs.put(seen.shown), own.blobs.put(seen.thumbnail), len(content)))
    return found
