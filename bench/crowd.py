"""Many at once: connections that are kept alive, each with one request under way, driven from one loop that does as little as it
can, for it shares the machine with the server."""

import selectors
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle

GREATEST = 262_144
WARM_SECONDS = 1.0
HEAD_ENDS = b"\r\n\r\n"
LENGTH = b"\r\ncontent-length:"


@dataclass(frozen=True)
class Crowd:
    """What so many connections got: answers in a second, and how long each waited, in milliseconds, sorted."""

    connections: int
    seconds: float
    waits: Sequence[float]

    @property
    def rate(self) -> float:
        """Pages in a second."""
        return len(self.waits) / self.seconds

    def wait_of(self, share: float) -> float:
        """So long did this share of the answers take at most; 0.99 for all but one in a hundred."""
        return self.waits[min(int(len(self.waits) * share), len(self.waits) - 1)]


@dataclass
class _Caller:
    """One connection, and what has come of the answer that it waits for."""

    connection: socket.socket
    asked_at: float = 0.0
    come: bytearray = field(default_factory=bytearray)
    whole: int = 0  # bytes of the answer, 0 as long as its head has not come


def crowd(port: int, paths: Sequence[str], cookies: Mapping[str, str], connections: int, seconds: float) -> Crowd:
    """Ask for these pages in turn, on so many connections, for so long. Raises RuntimeError where an answer is no page."""
    requests = cycle([_request_for(path, cookies) for path in paths])
    selector, callers = selectors.DefaultSelector(), [_Caller(_connected(port)) for _ in range(connections)]
    for each in callers:
        selector.register(each.connection, selectors.EVENT_READ, each)
        _ask(each, next(requests))
    waits: list[float] = []
    begin = time.perf_counter() + WARM_SECONDS
    while (now := time.perf_counter()) < begin + seconds:
        for key, _ in selector.select(1):
            caller: _Caller = key.data
            if _is_answered(caller):
                now = time.perf_counter()
                if now >= begin:
                    waits.append((now - caller.asked_at) * 1000)
                _ask(caller, next(requests))
    for each in callers:
        each.connection.close()
    selector.close()
    return Crowd(connections, seconds, sorted(waits) or [float("inf")])


def _connected(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _request_for(path: str, cookies: Mapping[str, str]) -> bytes:
    told = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {told}\r\n\r\n".encode()


def _ask(caller: _Caller, request: bytes) -> None:
    caller.come.clear()
    caller.whole, caller.asked_at = 0, time.perf_counter()
    caller.connection.sendall(request)


def _is_answered(caller: _Caller) -> bool:
    """Whether the answer has come whole with what is there to be read."""
    came = caller.connection.recv(GREATEST)
    if not came:
        raise RuntimeError("the server hung up")
    caller.come += came
    if not caller.whole:
        caller.whole = _length_of(caller.come)
    return bool(caller.whole) and len(caller.come) >= caller.whole


def _length_of(come: bytearray) -> int:
    """How long the answer will be with its head; 0 when the head is not there yet."""
    ends = come.find(HEAD_ENDS)
    if ends < 0:
        return 0
    head = bytes(come[:ends + 2]).lower()
    if b" 200 " not in head[:20]:
        raise RuntimeError(head.decode(errors="replace").splitlines()[0])
    at = head.index(LENGTH) + len(LENGTH)
    return ends + len(HEAD_ENDS) + int(head[at:head.index(b"\r\n", at)])


# --- the table ------------------------------------------------------------------------------------------------------------------

SIZES = (1, 16, 100)
HEADS = ("page", "connections", "floor pages/s", "product pages/s", "ratio", "p50 ms", "p99 ms", "beside 16", "")
FEWEST = 0.9  # a hundred get as much as sixteen, give or take the noise of one run


def table(product: int, floor: int, pages: Mapping[str, tuple[Sequence[str], Sequence[str]]], cookies: Mapping[str, str],
          seconds: float) -> list[tuple[str, ...]]:
    """Each page with each number of connections, product and floor one after the other."""
    return [row for name, (ours, theirs) in pages.items()
            for row in _rows_of(name, [(crowd(product, ours, cookies, size, seconds), crowd(floor, theirs, {}, size, seconds))
                                       for size in SIZES])]


def _rows_of(name: str, pairs: Sequence[tuple[Crowd, Crowd]]) -> list[tuple[str, ...]]:
    beside = {ours.connections: ours.rate for ours, _ in pairs}[16]
    return [(name, str(ours.connections), f"{theirs.rate:.0f}", f"{ours.rate:.0f}", f"{theirs.rate / ours.rate:.2f} ×",
             f"{ours.wait_of(0.5):.0f}", f"{ours.wait_of(0.99):.0f}", f"{ours.rate / beside:.2f}", _verdict(ours, beside))
            for ours, theirs in pairs]


def _verdict(ours: Crowd, beside: float) -> str:
    if ours.connections <= 16:
        return ""
    return "ok" if ours.rate >= FEWEST * beside else "OVER"
