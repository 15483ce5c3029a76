"""A client on one keep-alive connection, and pairs of requests: product and floor by turns, so that drift cancels."""

import http.client
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from threading import Thread
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took in milliseconds."""

    status: int
    body: bytes
    location: str
    ms: float


class Visitor:
    """Keeps its cookies and its connection."""

    def __init__(self, port: int, timeout: float = 120) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.cookies: dict[str, str] = {}
        self.token = ""

    def get(self, path: str) -> Answer:
        """A page."""
        return self._ask("GET", path, None)

    def post(self, path: str, form: Mapping[str, str]) -> Answer:
        """A form sent, with the token of this session. What it leaves in the session is dropped: a browser goes on to the next
        page, which shows the message and clears it, and otherwise a hundred of them would travel along."""
        return self._send(path, form, is_kept=False)

    def sign_in(self, login: str, password: str) -> None:
        """Through the sign-in page, as people do."""
        self.token = self._token("/login")
        answer = self._send("/login", {"login": login, "password": password}, is_kept=True)
        if answer.status != 302:
            raise SystemExit(f"{login} could not sign in: {answer.status}")

    def take_token(self, path: str) -> None:
        """The token that the forms of this session carry."""
        self.token = self._token(path)

    def _token(self, path: str) -> str:
        answer = self.get(path)
        found = TOKEN.search(answer.body.decode())
        if found is None:
            raise SystemExit(f"no form at {path}: {answer.status}")
        return found[1]

    def _send(self, path: str, form: Mapping[str, str], *, is_kept: bool) -> Answer:
        return self._ask("POST", path, urlencode({**form, "csrf_token": self.token} if self.token else form), is_kept)

    def _ask(self, method: str, path: str, body: str | None, is_kept: bool = True) -> Answer:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} if self.cookies else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begin = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        ms = (time.perf_counter() - begin) * 1000
        for cookie in (response.headers.get_all("Set-Cookie") or []) if is_kept else ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, content, response.headers.get("Location", ""), ms)


Ask = Callable[[], Answer]


@dataclass
class Pair:
    """The times of both sides, in milliseconds."""

    left: list[float] = field(default_factory=list)
    right: list[float] = field(default_factory=list)
    left_bytes: int = 0
    right_bytes: int = 0

    def add(self, left: Answer, right: Answer) -> None:
        """One more of each."""
        self.left.append(left.ms)
        self.right.append(right.ms)
        self.left_bytes, self.right_bytes = len(left.body), len(right.body)

    @property
    def quiet(self) -> float:
        """The ratio of the fastest tenths: what is left when nothing else ran on the machine."""
        left, right = (sorted(times)[len(times) // 10] for times in (self.left, self.right))
        return left / right

    @property
    def p50(self) -> tuple[float, float]:
        """Medians."""
        return median(self.left), median(self.right)


def timed(clients: list[tuple[Ask, Ask]], rounds: int, seconds: float, expected: int = 200, warm: int = 5) -> Pair:
    """Both sides asked by turns by each client at once; at most `rounds` pairs each, and no longer than `seconds`."""
    found, troubles = Pair(), list[str]()

    def run(left: Ask, right: Ask) -> None:
        until = time.monotonic() + seconds
        for turn in range(warm + rounds):
            if (turn > warm + 4 and time.monotonic() > until) or troubles:
                return
            first, second = (left, right) if turn % 2 else (right, left)
            answers = {first: first(), second: second()}
            troubles.extend(_trouble(answer, expected) for answer in answers.values() if answer.status != expected)
            if turn >= warm:
                found.add(answers[left], answers[right])

    threads = [Thread(target=run, args=client) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if troubles:
        raise RuntimeError(troubles[0])
    return found


def _trouble(answer: Answer, expected: int) -> str:
    return f"{answer.status} instead of {expected}: {answer.body[:2000].decode(errors='replace')}"
