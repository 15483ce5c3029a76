"""A WSGI application without the product, to try its web server on."""

import hashlib
import os
import time
from collections.abc import Callable, Iterable

LARGE = 16 * 1024 * 1024
MORE: dict[str, Callable[[], bytes]] = {"/large": lambda: b"x" * LARGE, "/who": lambda: str(os.getpid()).encode()}


def app(environ: dict[str, object], start_response: Callable[..., object]) -> Iterable[bytes]:
    """What came with the request; `/slow` takes a second to say so, `/large` says much more, `/who` which process it is."""
    if environ["PATH_INFO"] == "/slow":
        time.sleep(1)
    if environ["PATH_INFO"] in MORE:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [MORE[str(environ["PATH_INFO"])]()]
    body = environ["wsgi.input"].read()  # type: ignore[attr-defined]
    said = "\n".join(str(part) for part in (
        len(body), hashlib.sha256(body).hexdigest(), environ.get("CONTENT_LENGTH", ""), environ.get("HTTP_X_FORWARDED_FOR", ""),
        environ["wsgi.url_scheme"], environ["REMOTE_ADDR"]))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(said)))])
    return [said.encode()]


app.config = {"MAX_CONTENT_LENGTH": 64 * 1024 * 1024}  # type: ignore[attr-defined]
