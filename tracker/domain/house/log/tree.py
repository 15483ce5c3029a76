"""The tree over the log: one hash for all entries up to a position, and the proofs that two such hashes agree.

Leaves and nodes are hashed as RFC 9162 §2.1 says; positions begin at 1, so entry n is leaf n - 1.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

EMPTY = hashlib.sha256(b"").digest()
BLOCK = 256  # entries of a full subtree whose hash is kept, so that a proof needs no walk over all of them
Span = Callable[[int, int], bytes]  # the hash of the entries from the first up to, not including, the second


def leaf_of(digest: str, logged_at: int) -> bytes:
    """The leaf of an entry: the fact's digest (64 hex digits) and the microsecond at which it was logged."""
    return hash_of_leaf(bytes.fromhex(digest) + logged_at.to_bytes(8, "big"))


def hash_of_leaf(content: bytes) -> bytes:
    """The hash of a leaf with this content."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_of(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Peaks:
    """A tree that only grows: the roots of its full subtrees, the largest first. Adding costs one hash on average."""

    size: int = 0
    hashes: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        """Append one leaf."""
        carried, size = leaf, self.size
        while size & 1:
            carried, size = node_of(self.hashes.pop(), carried), size >> 1
        self.hashes.append(carried)
        self.size += 1

    def root(self) -> bytes:
        """The root over everything added so far."""
        if not self.hashes:
            return EMPTY
        rest = self.hashes[-1]
        for peak in reversed(self.hashes[:-1]):
            rest = node_of(peak, rest)
        return rest

    def copy(self) -> "Peaks":
        """One that grows on its own."""
        return Peaks(self.size, list(self.hashes))


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes."""
    peaks = Peaks()
    for leaf in leaves:
        peaks.add(leaf)
    return peaks.root()


def inclusion_path(index: int, size: int, span: Span) -> list[bytes]:
    """The hashes that lead from leaf `index` (from 0) to the root of the first `size` leaves, the lowest first."""
    path, low, high = [], 0, size
    while high - low > 1:
        middle = low + _left_part(high - low)
        path.append(span(middle, high) if index < middle else span(low, middle))
        low, high = (low, middle) if index < middle else (middle, high)
    return path[::-1]


def root_by_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root to which a path leads; None when it has not the length that such a path has."""
    turns, low, high = [], 0, size
    while high - low > 1:
        middle = low + _left_part(high - low)
        turns.append(index < middle)
        low, high = (low, middle) if index < middle else (middle, high)
    if not 0 <= index < size or len(turns) != len(path):
        return None
    for is_left, beside in zip(reversed(turns), path, strict=True):
        leaf = node_of(leaf, beside) if is_left else node_of(beside, leaf)
    return leaf


def consistency_path(old: int, size: int, span: Span) -> list[bytes]:
    """The hashes that show the tree of `old` leaves to be the beginning of that of `size` (RFC 9162 §2.1.4.1)."""
    path: list[bytes] = []
    low, high, is_whole = 0, size, True
    while old != high:
        middle = low + _left_part(high - low)
        if old <= middle:
            path.append(span(middle, high))
            high = middle
        else:
            path.append(span(low, middle))
            low, is_whole = middle, False
    if not is_whole:
        path.append(span(low, high))
    return path[::-1]


def extends(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the path shows that the tree with `root` begins with the one of `old_root` (RFC 9162 §2.1.4.2)."""
    if old in (0, size):
        return not path and (old == 0 or old_root == root)
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not 0 < old < size or not steps:
        return False
    here, last = old - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first = second = steps[0]
    for beside in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first, second = node_of(beside, first), node_of(beside, second)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            second = node_of(second, beside)
        here, last = here >> 1, last >> 1
    return last == 0 and first == old_root and second == root


def _left_part(size: int) -> int:
    """How many of the leaves stand in the left subtree: the largest power of two below their number."""
    return 1 << (size - 1).bit_length() - 1
