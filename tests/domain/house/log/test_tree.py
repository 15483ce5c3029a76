"""The tree over the log: published vectors, an independent library, and every proof up to 65 leaves."""

import hashlib
from base64 import b64encode

import pymerkle
import pytest

from tracker.domain.house.log.tree import (
    EMPTY,
    Peaks,
    consistency_path,
    extends,
    hash_of_leaf,
    inclusion_path,
    leaf_of,
    node_of,
    root_by_path,
    root_of,
)

# The eight leaves and the roots of Certificate Transparency's own tests (RFC 6962 reference code).
CT_LEAVES = [bytes.fromhex(each) for each in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
CT_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def spans(leaves: list[bytes]):  # type: ignore[no-untyped-def]
    return lambda low, high: root_of(leaves[low:high])


def leaves_of(count: int) -> list[bytes]:
    return [hash_of_leaf(str(n).encode()) for n in range(count)]


def test_the_empty_tree_is_the_hash_of_nothing() -> None:
    assert EMPTY == hashlib.sha256(b"").digest() == Peaks().root()


def test_the_roots_are_those_of_certificate_transparency() -> None:
    leaves = [hash_of_leaf(each) for each in CT_LEAVES]
    assert [root_of(leaves[:n + 1]).hex() for n in range(len(leaves))] == list(CT_ROOTS)


def test_the_roots_are_those_of_another_library() -> None:
    other = pymerkle.InmemoryTree(algorithm="sha256")
    peaks = Peaks()
    for n in range(300):
        other.append_entry(str(n).encode())
        peaks.add(hash_of_leaf(str(n).encode()))
        if n in (0, 1, 2, 30, 63, 64, 255, 256, 299):
            assert peaks.root() == other.get_root()


def test_every_inclusion_proof_up_to_65_leaves_holds_and_no_other_leaf_fits() -> None:
    leaves = leaves_of(65)
    for size in range(1, 66):
        root = root_of(leaves[:size])
        for index in range(size):
            path = inclusion_path(index, size, spans(leaves))
            assert root_by_path(leaves[index], index, size, path) == root
            assert root_by_path(leaves[(index + 1) % 65], index, size, path) != root
            assert root_by_path(leaves[index], index, size, [*path, EMPTY]) is None


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 33, 64, 65])
def test_every_consistency_proof_holds_and_a_rewritten_past_has_none(size: int) -> None:
    leaves = leaves_of(size)
    root, forged = root_of(leaves), root_of([hash_of_leaf(b"forged"), *leaves[1:]])
    for old in range(1, size + 1):
        path = consistency_path(old, size, spans(leaves))
        assert extends(old, root_of(leaves[:old]), size, root, path)
        assert not extends(old, hash_of_leaf(b"x"), size, root, path)
        assert not extends(old, root_of(leaves[:old]), size, forged, path)


def test_a_tree_that_is_carried_on_grows_as_if_it_had_never_stopped() -> None:
    leaves, peaks = leaves_of(100), Peaks()
    for n, leaf in enumerate(leaves, start=1):
        peaks = peaks.copy()
        peaks.add(leaf)
        assert (peaks.size, peaks.root()) == (n, root_of(leaves[:n]))


def test_the_golden_log_of_three_facts() -> None:
    digests = [hashlib.sha256(each).hexdigest() for each in (b"a", b"b", b"c")]
    leaves = [leaf_of(digest, 1764381600000000 + n) for n, digest in enumerate(digests)]
    assert b64encode(root_of(leaves)).decode() == "d58EUr56wbMGUfZtmUFdQPpD/KaB8sbi0a0w7HlDrto="
    assert root_of(leaves) == node_of(node_of(leaves[0], leaves[1]), leaves[2])
