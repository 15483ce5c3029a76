"""A WSGI application without the product, to try its web server on."""

import hashlib
import time
from collections.abc import Callable, Iterable


def app(environ: dict[str, object], start_response: Callable[..., object]) -> Iterable[bytes]:
    """What came with the request; `/slow` takes a second to say so."""
    if environ["PATH_INFO"] == "/slow":
        time.sleep(1)
    body = environ["wsgi.input"].read()  # type: ignore[attr-defined]
    said = "\n".join(str(part) for part in (
        len(body), hashlib.sha256(body).hexdigest(), environ.get("CONTENT_LENGTH", ""), environ.get("HTTP_X_FORWARDED_FOR", ""),
        environ["wsgi.url_scheme"], environ["REMOTE_ADDR"]))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(said)))])
    return [said.encode()]


app.config = {"MAX_CONTENT_LENGTH": 64 * 1024 * 1024}  # type: ignore[attr-defined]
