"""Sealed texts open for whoever holds the key, in their own place, untouched; and for nobody else."""

import pytest

from tracker.domain.house.errors import Broken
from tracker.gateways.house.cipher import Cipher, new_key

OLD, NEW = "b2xkIG9sZCBvbGQgb2xkIG9sZCBvbGQgb2xkIG9sZCA=", "bmV3IG5ldyBuZXcgbmV3IG5ldyBuZXcgbmV3IG5ldyA="


def test_what_was_sealed_opens_again() -> None:
    cipher = Cipher(NEW)
    token = cipher.seal("张三 13800000000", "identities/7")
    assert "张三" not in token
    assert cipher.open(token, "identities/7") == "张三 13800000000"


def test_the_same_text_never_looks_the_same() -> None:
    cipher = Cipher(NEW)
    assert cipher.seal("张三") != cipher.seal("张三")


def test_a_token_moved_to_another_row_does_not_open() -> None:
    cipher = Cipher(NEW)
    with pytest.raises(Broken, match="被改动过"):
        cipher.open(cipher.seal("张三", "identities/7"), "identities/8")


@pytest.mark.parametrize("place", [10, -4])
def test_a_token_that_was_touched_does_not_open(place: int) -> None:
    token = Cipher(NEW).seal("张三")
    touched = list(token)
    touched[place] = "A" if touched[place] != "A" else "B"
    with pytest.raises(Broken):
        Cipher(NEW).open("".join(touched))


@pytest.mark.parametrize("token", ["", "zzz", "{id}:", "{id}:不是", "{id}:AAAA"])
def test_nonsense_is_broken_and_no_crash(token: str) -> None:
    with pytest.raises(Broken):
        Cipher(NEW).open(token.replace("{id}", Cipher(NEW).seal("x").partition(":")[0]))


def test_every_new_key_is_another_and_fits() -> None:
    assert new_key() != new_key()
    fresh = Cipher(new_key())
    assert fresh.open(fresh.seal("张三")) == "张三"


def test_after_rotation_the_new_key_seals_and_the_old_still_opens() -> None:
    old_token = Cipher(OLD).seal("张三")
    rotated = Cipher(f"{NEW}, {OLD}")
    assert rotated.open(old_token) == "张三"
    assert rotated.is_stale(old_token)
    assert not rotated.is_stale(rotated.seal("张三"))
    assert Cipher(NEW).open(rotated.seal("张三")) == "张三"


def test_without_the_old_key_the_sentence_names_the_setting() -> None:
    with pytest.raises(Broken, match="IDENTITY_KEY"):
        Cipher(NEW).open(Cipher(OLD).seal("张三"))


def test_a_keyed_digest_is_stable_and_needs_its_key() -> None:
    digest = Cipher(OLD).keyed_digest("13800000000")
    assert digest == Cipher(OLD).keyed_digest("13800000000")
    assert Cipher(f"{NEW},{OLD}").matches("13800000000", digest)
    assert not Cipher(f"{NEW},{OLD}").matches("13800000001", digest)
    assert not Cipher(NEW).matches("13800000000", digest)
