"""A dossier that proves itself to a stranger: with `check.py` alone, and every change in it is named."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.makers import Town
from tracker.domain.cases.facts import CaseState
from tracker.domain.house.actor import EVERYTHING, Scope
from tracker.domain.house.errors import Invalid, NotFound
from tracker.services.upkeep import seals
from tracker.services.upkeep.proofs import proving

pytestmark = pytest.mark.one_engine

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def dossier(town: Town) -> tuple[str, bytes]:
    """A closed case with photos, sealed and signed, among others."""
    town.case_in(CaseState.assigned)
    number = town.case_in(CaseState.closed, "PATROL")
    town.do(number, "comment", text="已回访")
    town.registered()
    seals.seal()
    return number, proving.prove(EVERYTHING, number).content


def checked(folder: Path, content: bytes, *others: str) -> tuple[int, str]:
    """What `check.py` says in a process that knows nothing of the product."""
    file = folder / "d.zip"
    file.write_bytes(content)
    with zipfile.ZipFile(file) as inside:
        inside.extract("check.py", folder)
    done = subprocess.run([sys.executable, "-I", "check.py", "d.zip", *others], cwd=folder, capture_output=True, text=True,
                          env={"PYTHONIOENCODING": "utf-8"}, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


def changed(content: bytes, change: Change, files: dict[str, bytes] | None = None) -> bytes:
    """The dossier with its ledger changed, or files in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            inside = (files or {}).get(name, old.read(name))
            if name == "ledger.json":
                told = json.loads(inside)
                change(told)
                inside = json.dumps(told, ensure_ascii=False).encode()
            new.writestr(name, inside)
    return made.getvalue()


def first_evidence(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return next(name for name in file.namelist() if name.startswith("evidence/"))


def test_a_dossier_agrees_with_its_checkpoint_its_key_and_the_mail(dossier: tuple[str, bytes], town: Town,
                                                                   tmp_path: Path) -> None:
    number, content = dossier
    (tmp_path / "mail.txt").write_text(seals.note_of(town.clock.today()) or "")
    status, said = checked(tmp_path, content, "mail.txt")
    assert (status, said[:4]) == (0, "相符：案")
    assert f"案件 {number} 共 8 条记录、3 份证据" in said
    assert f"截至 {town.clock.today()} 封签没有更多记录。" in said


TAMPERINGS: dict[str, tuple[Change, str]] = {
    "an actor": (lambda d: d["facts"][2].update(actor_id=99), "第 3 条的内容与哈希不符"),
    "an instant": (lambda d: d["facts"][2].update(at="2020-01-01T00:00:00.000000+00:00"), "第 3 条的内容与哈希不符"),
    "when it was logged": (lambda d: d["facts"][2].update(logged_at=1), "第 3 条不在账本的检查点之内"),
    "a word": (lambda d: d["words"][0].update(text="别的话"), "的文字被改动"),
    "a word too many": (lambda d: d["words"].append(dict(d["words"][0], name="other")), "多出文字：other"),
    "the middle": (lambda d: d["facts"].pop(3), "第 4 条缺失或不衔接"),
    "the tail": (lambda d: (d["facts"].pop(), d["words"].pop()), "封签时本案有 8 条，卷宗只有 7 条"),
    "the tail with the seal's head": (lambda d: (d["facts"].pop(), d["words"].pop(),
                                                 d["seal"]["head"].update(seq=7, digest=d["facts"][-1]["digest"])),
                                      "封签里本案的最后一条被改动"),
    "the seal": (lambda d: d["seal"]["fact"].update(body=d["seal"]["fact"]["body"].replace("heads_root", "heads-root")),
                 "封签的内容与哈希不符"),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_every_change_in_it_is_named(dossier: tuple[str, bytes], tmp_path: Path, what: str) -> None:
    change, expected = TAMPERINGS[what]
    status, said = checked(tmp_path, changed(dossier[1], change))
    assert status != 0
    assert expected in said


def test_another_photo_or_another_note_is_named(dossier: tuple[str, bytes], town: Town, tmp_path: Path) -> None:
    content = dossier[1]
    status, said = checked(tmp_path, changed(content, lambda d: None, {first_evidence(content): b"another"}))
    assert (status, "证据被改动或不见了" in said) == (1, True)
    note = (seals.note_of(town.clock.today()) or "").split("\n")
    note[1] = str(int(note[1]) - 1)
    status, said = checked(tmp_path, changed(content, lambda d: None, {"checkpoint.txt": "\n".join(note).encode()}))
    assert (status, "有效签名" in said) == (1, True)


def test_a_mail_with_another_root_contradicts_it(dossier: tuple[str, bytes], town: Town, tmp_path: Path) -> None:
    note = seals.note_of(town.clock.today()) or ""
    (tmp_path / "mail.txt").write_text(f"账本 {note.splitlines()[1]} · 00000000 00000000 0000")
    status, said = checked(tmp_path, dossier[1], "mail.txt")
    assert (status, "检查点与所持的邮件不同" in said) == (1, True)


def test_withheld_words_betray_nothing_and_what_is_left_still_holds(dossier: tuple[str, bytes], tmp_path: Path) -> None:
    content = proving.prove(EVERYTHING, dossier[0], has_words=False).content
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert "已回访" not in file.read("ledger.json").decode()
    assert checked(tmp_path, content)[0] == 0


def test_facts_after_the_checkpoint_are_counted_and_a_case_before_any_is_refused(dossier: tuple[str, bytes], town: Town) -> None:
    town.do(dossier[0], "comment", text="又一条")
    assert proving.prove(EVERYTHING, dossier[0]).later == 1
    late = town.registered()
    with pytest.raises(Invalid, match="检查点之后"):
        proving.prove(EVERYTHING, late)


def test_absent_and_unseen_cases_look_alike(dossier: tuple[str, bytes]) -> None:
    said = set()
    for scope, number in ((EVERYTHING, "XH-2026-999999"), (Scope(areas=("110101",)), dossier[0])):
        with pytest.raises(NotFound) as refused:
            proving.prove(scope, number)
        said.add(refused.value.sentence)
    assert len(said) == 1


def test_the_checker_is_short_enough_to_be_read() -> None:
    assert len(proving.CHECKER.read_text().splitlines()) <= 80
