"""What each piece of the speed machinery saves: the same work with it and without it by turns, in one process, in seconds of its
CPU."""

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from importlib import import_module
from statistics import median
from typing import Any

from bench import works
from bench.pieces import PIECES, Piece
from bench.works import Known, Stand, known
from tracker.demo import responsibility
from tracker.domain.house.actor import OPERATOR, Grant, Role
from tracker.services.cadence import gaps
from tracker.services.house.work import Work, wiring
from tracker.services.territory import boundaries, outlines
from tracker.storage.cadence.beats import BeatRecord
from tracker.storage.house.base import db

NOTHING = Piece("(nothing: the noise)", ("list", "case"), "")
FEWEST, MOST = 3, 100


@dataclass(frozen=True)
class Saving:
    """One piece on one work: medians of the milliseconds with and without, and of the ratios of all pairs, so that drift
    cancels."""

    name: str
    work: str
    left: float
    right: float
    ratio: float
    pairs: int
    holds: str
    even_so: str


Pair = tuple[works.Work, works.Work]


def measure(seconds: str, password: str, wanted: str = "") -> None:
    """Every piece, or those whose names end so; JSON on the last line. `seconds` are for each work of a piece."""
    asked = tuple(filter(None, wanted.split(",")))
    people = known(password)
    usual = Stand(people)
    with usual.app.app_context():
        _keep_books()
        _fill_tables()
    gc.collect()
    gc.freeze()  # what stands is no part of what is measured
    pieces = [piece for piece in PIECES if not asked or piece.name.endswith(asked)]
    found = [timed(piece, key, pair, float(seconds)) for piece in (NOTHING, *pieces)
             for key, pair in _pairs(piece, usual, people)]
    print(json.dumps([asdict(each) for each in found]))


def _pairs(piece: Piece, usual: Stand, people: Known) -> Iterator[tuple[str, Pair]]:
    """Each work of a piece, with and without it."""
    if piece is NOTHING:
        yield from ((key, (usual.work(key), usual.work(key))) for key in piece.serves)
    elif "." in piece.name:
        off = _switch(piece.name)
        yield from ((key, (usual.work(key), _while(off, usual.work(key)))) for key in piece.serves)
    else:
        other = Stand(people, without=(piece.name,))
        yield from ((key, (usual.work(key), other.work(key))) for key in piece.serves)


def timed(piece: Piece, key: str, pair: Pair, seconds: float) -> Saving:
    """Both by turns, once each to begin with, until the time is over."""
    times: tuple[list[float], list[float]] = [], []
    for work in pair:
        work()
    until = time.monotonic() + seconds
    for turn in range(MOST):
        if turn >= FEWEST and time.monotonic() > until:
            break
        for side in (0, 1) if turn % 2 else (1, 0):
            begin = time.process_time()
            pair[side]()
            times[side].append((time.process_time() - begin) * 1000)
    ratio = median(right / left for left, right in zip(*times, strict=True))
    return Saving(piece.name, key, median(times[0]), median(times[1]), ratio, len(times[0]), piece.holds, piece.even_so)


# --- the switches -------------------------------------------------------------------------------------------------------------


Switch = Callable[[], Any]  # a context in which the piece is off


def _while(off: Switch, work: works.Work) -> works.Work:
    def done() -> None:
        with off():
            work()

    return done


def _switch(name: str) -> Switch:
    """A function that remembers is called past its memory, a class of indexes makes each anew."""
    place, _, own = name.rpartition(".")
    found = getattr(import_module(place), own)
    if isinstance(found, type):
        return lambda: _unindexed(found)
    return lambda: _standing_in(found, found.__wrapped__)


@contextmanager
def _standing_in(usual: Any, other: Any) -> Iterator[None]:
    """Wherever the product knows the one function, it meets the other."""
    if usual not in _SITES:
        _SITES[usual] = [(module, name) for key, module in list(sys.modules.items()) if key.startswith("tracker")
                         for name, value in list(vars(module).items()) if value is usual]
    for module, name in _SITES[usual]:
        setattr(module, name, other)
    try:
        yield
    finally:
        for module, name in _SITES[usual]:
            setattr(module, name, usual)


_SITES: dict[Any, list[tuple[Any, str]]] = {}


@contextmanager
def _unindexed(kind: type) -> Iterator[None]:
    indexes = {name: value for name, value in vars(kind).items() if isinstance(value, cached_property)}
    for name, value in indexes.items():
        setattr(kind, name, property(value.func))
    try:
        yield
    finally:
        for name, value in indexes.items():
            setattr(kind, name, value)


# --- the books of the clock ---------------------------------------------------------------------------------------------------


def _keep_books() -> None:
    """A year in which the clock missed nothing: a desk asks whether it did."""
    now = wiring().clock.now()
    since = now.replace(year=now.year - 1, day=1)
    pairs = [f"{cadence.id}/{area}" for cadence, area in gaps.books().pairs()]
    gaps.open_books(pairs, since)
    for gap in gaps.missing(now):
        beat = gap.beat
        db.session.add(BeatRecord(
            cadence=beat.cadence.id, period=beat.period.key, area_code=beat.area_code, due_at=beat.due_at, state="done",
            claimed_by="bench",
            lease_until=beat.due_at, tries=1, started_at=beat.due_at, finished_at=beat.due_at))
    db.session.commit()


def _fill_tables() -> None:
    """A responsibility list, and boundaries of the district's own."""
    with Work(wiring()) as work:
        responsibility.post(work)
    admin = replace(OPERATOR, grants=(Grant(Role.admin),))
    boundaries.load(admin, "own.geojson", json.dumps(outlines.shipped()).encode(), source="区自然资源局")
