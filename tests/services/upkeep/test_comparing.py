"""What readers hold is compared with the ledger: mails, notes, folders, pasted text."""

import json
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.support.makers import Town
from tests.support.tampering import tamper
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.errors import Invalid
from tracker.domain.house.ledger import digest_of
from tracker.domain.house.log.notes import LogHead, Note
from tracker.services.house.work import wiring
from tracker.services.upkeep import head_alarm, seals
from tracker.services.upkeep.checks.tree import roots_at
from tracker.services.upkeep.proofs import comparing
from tracker.storage.house import log
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow


def mail_with(text: str, subject: str = "日报") -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["Date"] = subject, "Tue, 03 Nov 2026 17:00:00 +0800"
    mail.set_content(text)
    mail.add_alternative(f"<p>{text}</p>", subtype="html")
    return mail.as_bytes()


def short_of(town: Town) -> str:
    town.registered()
    head_alarm.sign_or_tell()
    head = log.newest_head(db.session())
    assert head is not None
    return head.short


def test_a_note_a_short_form_and_a_folder_of_mails_agree(town: Town, tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    for n in range(3):
        (folder / f"{n}.eml").write_bytes(mail_with(short_of(town)))
    seals.seal()
    (folder / "note.txt").write_text(seals.note_of(town.clock.today()) or "")
    compared = comparing.compare_with([str(folder)])
    assert (compared.count, compared.agreed, compared.holds) == (4, 4, True)
    assert compared.sentences()[0] == "比对 4 处：全部相符"


def test_a_rewritten_past_differs_from_a_mail_though_everything_was_signed_anew(town: Town, tmp_path: Path) -> None:
    """Rows 4 and 28: whoever owns the machine rewrites the log, macs, heads and all; the mail stays what it was."""
    number = town.case_in(CaseState.assigned)
    short = short_of(town)
    forge_anew(number)
    head_alarm.forget_trouble()
    (tmp_path / "heads" / "state.json").unlink()
    (tmp_path / "mail.eml").write_bytes(mail_with(short, "2026-11-03 的日报"))
    compared = comparing.compare_with([str(tmp_path / "mail.eml")])
    assert not compared.holds
    assert "2026-11-03 的日报" in compared.sentences()[1]


def test_two_readers_who_were_told_two_histories_see_it_from_both_notes_together(town: Town) -> None:
    """Row 32: of one length, two roots, each signed by whoever owns the machine."""
    number = town.case_in(CaseState.assigned)
    town.registered()
    seals.seal()
    first = seals.note_of(town.clock.today()) or ""
    forge_anew(number)
    session, size = db.session(), int(first.split("\n")[1])
    root = roots_at(session, {size})[size]
    head = LogHead("xiaohao/360103", size, root)
    second = Note(head, (wiring().signing.signer(head.origin).sign(head),)).text
    said = comparing.compare_text(f"{first}\n{second}").sentences()
    assert any(each.startswith(f"同一长度两个根：第 {size:,} 条") for each in said), said
    assert not any("两个根" in each for each in comparing.compare_text(second).sentences())


def forge_anew(number: str) -> None:
    """Change who registered a case, with its chain, its entries and their macs."""
    facts = list(db.session.query(FactRow).filter(FactRow.stream == f"case:{number}").order_by(FactRow.seq))
    entries = {entry.fact.digest: entry for entry in log.entries(db.session()) if entry.fact is not None}
    previous, statements = "0" * 64, []
    for fact in facts:
        digest = digest_of(fact.stream, fact.seq, fact.kind, fact.actor_id + 1, fact.at, fact.body, previous)
        entry = entries[fact.digest]
        mac = wiring().cipher.entry_mac(entry.position, digest, entry.logged_at)
        statements += [
            f"UPDATE facts SET actor_id = actor_id + 1, previous = '{previous}', digest = '{digest}' WHERE id = {fact.id}",
                       f"UPDATE log SET mac = '{mac}' WHERE position = {entry.position}"]
        previous = digest
    tamper(*statements)


def test_a_checkpoint_beyond_the_log_says_that_it_was_put_back(town: Town) -> None:
    town.registered()
    compared = comparing.compare_text("账本 9999 · 779f0452 be7ac1b3 0651")
    assert "账本被回退" in compared.sentences()[1]


@pytest.mark.parametrize(("text", "said"), [
    ("什么都没有", "没有找到检查点"), ("账本 3 · 779f0452", "至少要 16 位")])
def test_what_proves_nothing_is_refused(town: Town, text: str, said: str) -> None:
    town.registered()
    with pytest.raises(Invalid, match=said):
        comparing.compare_text(text)


def test_another_ledger_s_note_is_named_and_counted_apart(town: Town) -> None:
    short = short_of(town)
    seals.seal()
    note = (seals.note_of(town.clock.today()) or "").replace("xiaohao/360103", "xiaohao/330106")
    compared = comparing.compare_text(f"{short}\n\n{note}")
    assert (compared.agreed, compared.foreign) == (1, ["xiaohao/330106"])


def test_a_note_that_nobody_we_know_signed_is_no_agreement(town: Town) -> None:
    town.registered()
    seals.seal()
    lines = (seals.note_of(town.clock.today()) or "").split("— ")
    compared = comparing.compare_text(f"{lines[0]}— xiaohao/360103 {'A' * 92}\n")
    assert (compared.count, compared.unsigned) == (0, 1)


def test_the_command_says_it_with_its_exit_status(town: Town, cli: Any) -> None:
    short = short_of(town)
    assert cli.invoke(args=["ledger", "verify", "--against", short]).exit_code == 0
    changed = short[:-1] + ("0" if short[-1] != "0" else "1")
    bad = cli.invoke(args=["ledger", "verify", "--against", changed])
    assert (bad.exit_code, "1 处不符" in bad.output) == (1, True)
    assert cli.invoke(args=["ledger", "verify", "--against", "没有"]).exit_code == 2
    told = cli.invoke(args=["ledger", "verify", "--against", short, "--json"])
    assert json.loads(told.output) == {"count": 1, "agreed": 1, "holds": True}


def test_numbers_without_end_and_files_of_noise_hold_no_checkpoint(town: Town, tmp_path: Path) -> None:
    town.registered()
    noise = tmp_path / "noise"
    noise.write_bytes(bytes(range(256)) * 20)
    endless = "9" * 6000
    for given in (f"账本 {endless} · 779f0452 be7ac1b3 0651", f"xiaohao/360103\n{endless}\n{'A' * 43}=\n\n— x AAAAAAAA\n",
                  str(noise)):
        with pytest.raises(Invalid, match="没有找到检查点"):
            comparing.compare_with([given])


@pytest.mark.parametrize("asked", [
    ["prove", "{number}", "--to", "/nowhere/x.zip"], ["cosign", "{noise}", "--key", "{noise}"],
    ["keys", "rotate", "--new", "{noise}", "--reason", "到期"],
    ["keys", "retire", "zz", "--lost", "--new", "{noise}", "--reason", "遗失"],
    ["heads", "accept", "--reason", " "], ["clock", "accept", "--reason", ""], ["checkpoint", "--position", "0"],
    ["checkpoint", "--to", "/nowhere/note.txt"], ["prove", "{number}", "--to", "{noise}", "--at", "1"],
    ["verify", "--since", "x"]])
def test_what_a_command_cannot_do_is_one_sentence(town: Town, cli: Any, tmp_path: Path, asked: list[str]) -> None:
    number, noise = town.registered(), tmp_path / "noise"
    noise.write_bytes(bytes(range(256)))
    seals.seal()
    done = cli.invoke(args=["ledger", *(each.format(number=number, noise=noise) for each in asked)])
    assert done.exit_code == 1
    assert not done.exception or isinstance(done.exception, SystemExit)
    assert done.output.strip().endswith(("。", "；可用 --help 查看")) or "无法识别" in done.output
