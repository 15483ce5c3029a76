"""The signed heads of the ledger in files of their own, outside the database: how far this clock has signed, and every note.

One folder for each machine: `state.json` is carried on by the next signing, `2026-12.txt` holds the notes of a month, each below
a line with its instant.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from tracker.domain.house.errors import Broken
from tracker.domain.house.log.tree import BLOCK, Peaks
from tracker.domain.house.say import Say

MARK = "# "


@dataclass
class Carried:
    """How far a clock has signed: the tree so far, the leaves since the last full block, the last microsecond, and when."""

    peaks: Peaks = field(default_factory=Peaks)
    tail: list[bytes] = field(default_factory=list)
    logged_at: int = 0
    signed_at: str = ""

    def add(self, leaf: bytes, logged_at: int) -> None:
        """One entry more."""
        if len(self.tail) == BLOCK:
            self.tail = []
        self.tail.append(leaf)
        self.peaks.add(leaf)
        self.logged_at = logged_at

    def copy(self) -> "Carried":
        """One that is carried on by itself."""
        return Carried(self.peaks.copy(), list(self.tail), self.logged_at, self.signed_at)


class HeadStore(Protocol):
    """Where a clock keeps its heads."""

    def locked(self) -> AbstractContextManager[None]:
        """Nobody else on this machine signs meanwhile."""

    def read(self) -> Carried | None:
        """How far was signed; None where nothing is kept."""

    def write(self, carried: Carried, notes: list[tuple[datetime, str]]) -> None:
        """Keep notes, oldest first, and how far they reach."""

    def texts(self) -> Iterator[str]:
        """Every note that is kept, file by file."""


class HeadFiles:
    """Heads in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else on this machine signs meanwhile. Raises `Broken` where the folder cannot be written."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self.folder / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise _write_trouble(error) from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def read(self) -> Carried | None:
        """How far was signed; None where nothing is kept. Raises `Broken` for what cannot be read."""
        path = self.folder / "state.json"
        if not path.exists():
            return None
        try:
            kept = json.loads(path.read_text())
            return Carried(Peaks(kept["size"], [bytes.fromhex(each) for each in kept["peaks"]]),
                           [bytes.fromhex(each) for each in kept["tail"]], kept["logged_at"], kept["signed_at"])
        except (OSError, ValueError, KeyError, TypeError):
            raise Broken("签名头文件读不出或已损坏，已停止签名。", code="heads_unreadable") from None

    def write(self, carried: Carried, notes: list[tuple[datetime, str]]) -> None:
        """Keep notes, oldest first, and how far they reach: the notes are on the disk before the state says so."""
        kept = {"size": carried.peaks.size, "peaks": [each.hex() for each in carried.peaks.hashes],
                "tail": [each.hex() for each in carried.tail], "logged_at": carried.logged_at, "signed_at": carried.signed_at}
        try:
            for moment, note in notes:
                with (self.folder / f"{moment:%Y-%m}.txt").open("a", encoding="utf-8") as file:
                    file.write(f"{MARK}{moment.isoformat(timespec='seconds')}\n{note}\n")
            fresh = self.folder / "state.json.new"
            with fresh.open("w") as file:
                json.dump(kept, file)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.folder / "state.json")
        except OSError as error:
            raise _write_trouble(error) from None

    def texts(self) -> Iterator[str]:
        """Every note that is kept, file by file, the oldest first."""
        for path in sorted(self.folder.glob("????-??.txt")):
            yield path.read_text(encoding="utf-8")

    def thin(self, today: date) -> int:
        """Of months that ended more than 31 days ago keep one note an hour, the last. Returns how many went."""
        gone = 0
        for path in sorted(self.folder.glob("????-??.txt")):
            following = (date.fromisoformat(f"{path.stem}-01") + timedelta(days=32)).replace(day=1)
            if following + timedelta(days=31) > today:
                continue
            pieces = path.read_text(encoding="utf-8").split(f"\n{MARK}")
            hours = {piece.removeprefix(MARK)[:13]: piece.removeprefix(MARK) for piece in pieces}
            if len(hours) < len(pieces):
                fresh = path.with_suffix(".new")
                fresh.write_text(MARK + f"\n{MARK}".join(hours.values()), encoding="utf-8")
                fresh.replace(path)
                gone += len(pieces) - len(hours)
        return gone


class StagedHeads:
    """Heads of a work that is not committed yet: they reach their store by `release`, after the commit."""

    def __init__(self, store: HeadStore) -> None:
        self._store, self._carried = store, store.read()
        self._notes: list[tuple[datetime, str]] = []

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else sees them yet."""
        yield

    def read(self) -> Carried | None:
        """How far was signed."""
        return self._carried

    def write(self, carried: Carried, notes: list[tuple[datetime, str]]) -> None:
        """Keep them here."""
        self._carried = carried
        self._notes += notes

    def texts(self) -> Iterator[str]:
        """What the store has."""
        return self._store.texts()

    def release(self) -> None:
        """Put them into their store."""
        if self._notes and self._carried is not None:
            with self._store.locked():
                self._store.write(self._carried, self._notes)


def _write_trouble(error: OSError) -> Broken:
    return Broken(Say("签名头的文件夹写不进({kind})，已停止签名；请检查 LEDGER_HEADS。", kind=type(error).__name__), code="heads_write_trouble")
