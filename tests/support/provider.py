"""A provider of a single sign-on on a loopback port: it signs what it is told to say, and checks the proof of who asks (PKCE)."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tests.support.serving import _Silent

CLIENT_ID, CLIENT_SECRET = "xiaohao", "kept between the two"


@dataclass
class Provider:
    """`claims` is what it says of whoever comes next; `key` signs, `shown_key` is what it publishes."""

    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}))
    shown_key: RSAKey | None = None
    base: str = ""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def agreed(self, address: str) -> str:
        """Somebody sent here agrees; the path to which their browser goes back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT_ID and asked["code_challenge_method"] == "S256" and asked["response_type"] == "code"
        code = secrets.token_urlsafe(8)
        self._codes[code] = asked
        back = urlsplit(asked["redirect_uri"])
        return f"{back.path}?code={code}&state={asked['state']}"

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        pages = {"/.well-known/openid-configuration": self._metadata, "/jwks": self._jwks, "/token": self._token}
        said = json.dumps(pages[request.path](request))
        return Response(said, content_type="application/json")(environ, start_response)

    def _metadata(self, request: Request) -> dict[str, Any]:
        return {"issuer": self.base, "authorization_endpoint": f"{self.base}/authorize", "token_endpoint": f"{self.base}/token",
                "jwks_uri": f"{self.base}/jwks", "id_token_signing_alg_values_supported": ["RS256"]}

    def _jwks(self, request: Request) -> dict[str, Any]:
        return {"keys": [(self.shown_key or self.key).as_dict(private=False)]}

    def _token(self, request: Request) -> dict[str, Any]:
        asked = self._codes.pop(request.form["code"])
        proof = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(proof).decode().rstrip("=") == asked["code_challenge"]
        now = int(time.time())
        claims = {"iss": self.base, "aud": CLIENT_ID, "sub": "1", "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims | self.claims, self.key)
        return {"access_token": "a", "token_type": "Bearer", "id_token": token}


@contextmanager
def provider() -> Iterator[Provider]:
    """One that answers until the end of the block."""
    made = Provider()
    server = make_server("127.0.0.1", 0, made, threaded=True, request_handler=_Silent)
    made.base = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
