"""The worker of the web server. gunicorn's master starts it, watches it and starts another; waitress reads and writes HTTP in it.

Its threads wait for the same connections and whoever is woken goes the whole way: reads what has come, and where a request is
there whole, its body in memory or in a temporary file, answers it and writes. Nothing is handed from one thread to another. So
who sends slowly, takes slowly or says nothing holds a file descriptor and no more."""

import os
import resource
import select
import socket
import time
from collections import deque
from contextlib import suppress
from mmap import mmap
from struct import Struct
from threading import Lock, Semaphore, Thread
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer, create_server
from waitress.utilities import RequestEntityTooLarge

CONNECTIONS, FILES = 2000, 8192
QUIET_SECONDS = 120  # a connection that waits for no answer and neither sends nor takes anything for so long is closed
MEGABYTE = 1024 * 1024
LARGEST_BODY = 1024 * MEGABYTE  # where the application names none
AT_ONCE = 2  # so many threads work at a time, for more of them only take the interpreter from each other …
LONG_SECONDS = 0.2  # … but whoever takes longer, as for a disk or another machine, keeps nobody out


class Request(HTTPRequestParser):
    """A request. One that announces too large a body is not read further but shown to the application without it, for the page
    that says so is the application's."""

    error: Any

    def received(self, data: bytes) -> int:
        """Take in what came; how much of it belonged to this request."""
        taken: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge) and not self.chunked:
            self.error = None
            self.headers["CONNECTION"] = "close"
        return taken


class Connection(HTTPChannel):
    """A connection; one thread at a time attends to it."""

    parser_class = Request
    connected: bool

    def __init__(self, server: Any, sock: socket.socket, addr: Any, adj: Any, map: dict[int, Any]) -> None:  # noqa: A002
        super().__init__(server, sock, addr, adj, map=map)
        server.epoll.register(sock, select.EPOLLIN | select.EPOLLONESHOT)

    def attend(self) -> None:
        """Write what can be taken, or else read what has come and answer what has come whole."""
        if self.writable():
            self.handle_write()
        elif self.readable():
            self.handle_read()
        while self.requests and self.connected:
            self.service()
        if self.connected and self.writable():
            self.handle_write()

    def waits_for(self) -> int:
        """The events that it is to be attended for next."""
        return select.EPOLLOUT if self.writable() else select.EPOLLIN

    def is_answering(self) -> bool:
        """Whether something has yet to be said or sent."""
        return bool(self.requests or self.total_outbufs_len)

    def _flush_outbufs_below_high_watermark(self) -> None:
        """The answer is longer than is kept for its reader: this thread waits until some of it has been taken."""
        while self.connected and self.total_outbufs_len > self.adj.outbuf_high_watermark:
            taking = select.poll()
            taking.register(self.socket, select.POLLOUT)
            if not taking.poll(QUIET_SECONDS * 1000) or self._flush_exception(self._flush_some, do_close=False)[1]:
                self.connected = False


class NoHands:
    """Stands where waitress has its threads: each request is answered by who read it."""

    def add_task(self, task: HTTPChannel) -> None:
        """Nothing: who reads looks at what has come."""


class Shares:
    """How many connections each worker of this master holds, in memory that all of them see. Who holds more than another gives
    that one some milliseconds to take a new connection: otherwise whoever wakes first takes a whole crowd."""

    SLOTS, ALIVE_SECONDS, PATIENCE = 256, 3, 0.004

    def __init__(self) -> None:
        self._slot = Struct("=II")
        self._memory = mmap(-1, self.SLOTS * self._slot.size)

    def tell(self, own: int, held: int, now: float) -> None:
        """So many does this worker hold."""
        self._slot.pack_into(self._memory, own % self.SLOTS * self._slot.size, held, int(now))

    def is_fair(self, own: int, held: int, now: float) -> bool:
        """Whether no other worker that is alive holds fewer."""
        least = int(now) - self.ALIVE_SECONDS
        return not any(others < held and at > least for number, (others, at) in enumerate(self._slot.iter_unpack(self._memory))
                       if at and number != own % self.SLOTS)


SHARES = Shares()  # made in the master, which reads this file before it forks


class WholeRequests(Worker):
    """Serves in `--threads` threads."""

    def run(self) -> None:
        """Serve until the master says stop or is gone; then finish what has begun."""
        _allow_many_files()
        self.map: dict[int, Any] = {}
        self.epoll, self.gate = select.epoll(), Semaphore(AT_ONCE)
        self.turns, self.events = Lock(), deque[int]()
        self.may_serve, self.since = set[int](), dict[int, float]()
        listeners = self._open_listeners()
        for number in range(self.cfg.threads):
            Thread(target=self._serve_events, name=f"web-{number}", args=(number,), daemon=True).start()
        looked_at = 0.0
        while self.alive and os.getppid() == self.ppid:
            if time.monotonic() - looked_at >= 1:
                looked_at = time.monotonic()
                self._look_after(listeners)
            self._excuse_long()
            select.select([self.PIPE[0]], [], [], LONG_SECONDS)
        self._finish_begun(listeners)

    # --- each of the threads ----------------------------------------------------------------------------------------------------

    def _serve_events(self, number: int) -> None:
        while True:
            self.gate.acquire()
            self.may_serve.add(number)
            part = self.map.get(self._next_event())
            if isinstance(part, Connection):
                self._attend_to(part, number)
            elif part is not None:
                self._accept_from(part)
            self._leave_gate(number)

    def _next_event(self) -> int:
        """Whose turn it is: nobody has a second one before all that waited have had their first."""
        with self.turns:
            while not self.events:
                self.events.extend(fd for fd, _ in self.epoll.poll())
            return self.events.popleft()

    def _accept_from(self, listener: Any) -> None:
        """Take in all that wait at the door."""
        held = -1
        while held < len(self.map) <= CONNECTIONS:  # those that are too many wait until some are gone, see below
            held = len(self.map)
            if not SHARES.is_fair(self.age, held, time.monotonic()):
                time.sleep(SHARES.PATIENCE)
            listener.handle_accept()
            self._tell_share()
        self._watch_for(listener, select.EPOLLIN)

    def _attend_to(self, connection: Connection, number: int) -> None:
        self.since[number] = time.monotonic()
        try:
            connection.attend()
        except (Exception, SystemExit):
            self.log.exception("a connection is given up")
            connection.handle_close()
        finally:
            del self.since[number]
        if connection.connected:
            self._watch_for(connection, connection.waits_for())
        else:
            self._tell_share()

    def _leave_gate(self, number: int) -> None:
        """Another thread may serve; once for each that may."""
        with suppress(KeyError):
            self.may_serve.remove(number)
            self.gate.release()

    def _watch_for(self, part: Any, events: int) -> None:
        with suppress(OSError, ValueError, TypeError):  # closed meanwhile
            self.epoll.modify(part.socket, events | select.EPOLLONESHOT)

    def _tell_share(self) -> None:
        SHARES.tell(self.age, len(self.map), time.monotonic())

    # --- the first thread -------------------------------------------------------------------------------------------------------

    def _open_listeners(self) -> list[Any]:
        largest = getattr(self.wsgi, "config", {}).get("MAX_CONTENT_LENGTH") or LARGEST_BODY
        create_server(
            self.wsgi, map=self.map, _dispatcher=NoHands(), sockets=[each.sock for each in self.sockets],
            max_request_header_size=65_536, max_request_body_size=largest + 1, outbuf_high_watermark=64 * MEGABYTE,
            recv_bytes=MEGABYTE // 4, send_bytes=MEGABYTE // 4,
            clear_untrusted_proxy_headers=False,  # TRUSTED_PROXIES decides, in the application
            ident=None, log_socket_errors=False)
        listeners = [each for each in self.map.values() if isinstance(each, BaseWSGIServer)]
        for each in listeners:
            each.channel_class, each.epoll, each.pull_trigger = Connection, self.epoll, _pass_over
            self.epoll.register(each.socket, select.EPOLLIN | select.EPOLLONESHOT)
        return listeners

    def _excuse_long(self) -> None:
        """Who has been at work for long has its place taken by another."""
        began = time.monotonic() - LONG_SECONDS
        for number, since in list(self.since.items()):
            if since < began:
                self._leave_gate(number)

    def _look_after(self, listeners: list[Any]) -> None:
        """Every second: the master hears that all is well, those long quiet are closed, and there is room for others."""
        self.notify()
        self._tell_share()
        since = time.time() - QUIET_SECONDS
        for each in list(self.map.values()):
            if isinstance(each, Connection) and each.last_activity < since and not each.requests:
                _hang_up(each)
        for each in listeners:
            self._watch_for(each, select.EPOLLIN)

    def _finish_begun(self, listeners: list[Any]) -> None:
        for each in listeners:
            wasyncore.dispatcher.close(each)
        until = time.monotonic() + self.cfg.graceful_timeout
        while time.monotonic() < until and any(_is_answering(each) for each in list(self.map.values())):
            self.notify()
            time.sleep(0.05)


def _is_answering(part: Any) -> bool:
    return isinstance(part, Connection) and part.is_answering()


def _hang_up(connection: Connection) -> None:
    """Whoever watches it sees that it is over, and closes it."""
    with suppress(OSError, AttributeError):
        connection.socket.shutdown(socket.SHUT_RDWR)


def _pass_over() -> None:
    """waitress would wake its loop, of which there is none."""


def _allow_many_files() -> None:
    """A connection is a file, and so is a large body: the usual 1,024 are few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
