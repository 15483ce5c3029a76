"""The worker of the web server. gunicorn's master starts it, watches it and starts another; waitress's event loop reads and
writes in it. A thread is taken only when a request is there whole, its body in memory or in a temporary file, and an answer that
fits the buffers leaves without one. So who sends slowly, or says nothing, holds a file descriptor and no more."""

import logging
import os
import resource
import time
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


HTTPChannel.parser_class = Request


class WholeRequests(Worker):
    """Reads whole requests in one loop and answers them in `--threads` threads."""

    def run(self) -> None:
        """Serve until the master says stop or is gone; then finish what has begun."""
        _allow_many_files()
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that requests wait for a thread is no news
        self.map: dict[int, Any] = {}
        dispatcher = self._open_listeners()
        while self.alive and os.getppid() == self.ppid:
            self._turn_once()
        self._finish_begun()
        dispatcher.shutdown(timeout=1)

    def _open_listeners(self) -> Any:
        largest = getattr(self.wsgi, "config", {}).get("MAX_CONTENT_LENGTH") or LARGEST_BODY
        server = create_server(
            self.wsgi, map=self.map, sockets=[each.sock for each in self.sockets], threads=self.cfg.threads,
            connection_limit=CONNECTIONS, channel_timeout=QUIET_SECONDS, cleanup_interval=15, asyncore_use_poll=True,
            max_request_header_size=65_536, max_request_body_size=largest + 1, outbuf_high_watermark=64 * MEGABYTE,
            clear_untrusted_proxy_headers=False,  # TRUSTED_PROXIES decides, in the application
            ident=None, log_socket_errors=False)
        return server.task_dispatcher

    def _turn_once(self) -> None:
        self.notify()
        wasyncore.loop(timeout=1, use_poll=True, map=self.map, count=1)

    def _finish_begun(self) -> None:
        for listener in [each for each in self.map.values() if isinstance(each, BaseWSGIServer)]:
            wasyncore.dispatcher.close(listener)
        until = time.monotonic() + self.cfg.graceful_timeout
        while time.monotonic() < until and any(_is_answering(each) for each in self.map.values()):
            self._turn_once()


def _is_answering(part: Any) -> bool:
    return isinstance(part, HTTPChannel) and bool(part.requests or part.total_outbufs_len)


def _allow_many_files() -> None:
    """A connection is a file, and so is a large body: the usual 1,024 are few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
