"""Checkpoints as text: the golden note, what is found in mails, and what is no key."""

import hashlib

import pytest

from tracker.domain.house.log.notes import LogHead, Note, PublicKey, notes_in, read_vkey, shorts_in
from tracker.domain.house.log.tree import leaf_of, root_of
from tracker.gateways.house.signing import Signer, is_signed

GOLDEN = """xiaohao/360103
3
d58EUr56wbMGUfZtmUFdQPpD/KaB8sbi0a0w7HlDrto=

— xiaohao/360103 1Jh3KWfWmT/a9J3kss2ocRJ/H8gUxP6Lcgmw9GbnzVhsGZE+xg3UNr9lyUfUCJQBaKIFhcwfDT4Gu5k1x0hH5NzBhgg=
"""
VKEY = "xiaohao/360103+d4987729+AWbRRAv0fCP4Opd2LaNapYkdgHNJR9+6wve8FpSkYRaQ"
SHORT = "账本 3 · 779f0452 be7ac1b3 0651"
# The public key of Go's checksum database, as its users have it in their settings: another maker's vkey.
GO_VKEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"


def golden() -> tuple[Signer, LogHead]:
    leaves = [leaf_of(hashlib.sha256(each).hexdigest(), 1764381600000000 + n) for n, each in enumerate((b"a", b"b", b"c"))]
    return Signer("xiaohao/360103", hashlib.sha256(b"golden").digest()), LogHead("xiaohao/360103", 3, root_of(leaves))


def test_the_golden_note_its_key_and_its_short_form() -> None:
    signer, head = golden()
    assert Note(head, (signer.sign(head),)).text == GOLDEN
    assert (signer.public.vkey, head.short) == (VKEY, SHORT)


def test_a_key_of_another_maker_is_read_and_a_bent_one_is_not() -> None:
    key = read_vkey(GO_VKEY)
    assert isinstance(key, PublicKey)
    assert key.vkey == GO_VKEY
    assert read_vkey(GO_VKEY.replace("033de0ae", "033de0af")) is None
    assert [read_vkey(each) for each in ("", "a+b", "a+00000000+????", "x+00000000+AA==")] == [None] * 4


@pytest.mark.parametrize("form", [
    lambda text: text, lambda text: text.replace("\n", "\r\n"), lambda text: "".join(f"> {line}\n" for line in text.splitlines()),
    lambda text: f"尊敬的收件人：\n\n以下是检查点。\n\n{text}\n谢谢"])
def test_a_note_is_found_however_a_mail_program_left_it(form: object) -> None:
    (found,) = notes_in(form(GOLDEN))  # type: ignore[operator]
    assert found.text == GOLDEN
    assert is_signed(found, [golden()[0].public])


@pytest.mark.parametrize("text", [
    SHORT, "本报告：账本 3 · 779f0452 be7ac1b3 0651。", "账本　３ · ７７９ｆ０４５２ be7ac1b3 0651", "账本 3 · 779F0452BE7AC1B30651",
    "<p>账本 3 · 779f0452 be7ac1b3 0651</p>"])
def test_a_short_form_is_found_in_any_width(text: str) -> None:
    (found,) = shorts_in(text)
    assert (found.size, found.digits) == (3, "779f0452be7ac1b30651")


def test_a_note_signed_by_somebody_else_is_not_signed_by_us() -> None:
    _, head = golden()
    stranger = Signer("xiaohao/360103", hashlib.sha256(b"another").digest())
    assert not is_signed(Note(head, (stranger.sign(head),)), [golden()[0].public])
    moved = LogHead(head.origin, 4, head.root)
    assert not is_signed(Note(moved, (golden()[0].sign(head),)), [golden()[0].public])
