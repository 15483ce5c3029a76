"""What readers hold in their hands: mails, folders of them, dossiers, pasted text; each piece with where it comes from."""

import mailbox
import zipfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from pathlib import Path

Piece = tuple[str, str]  # whence, text
NOTE_FILES = ("checkpoint.txt",)
MOST_BYTES = 50 * 1024 * 1024


def pieces(given: str) -> Iterator[Piece]:
    """The texts of a file, of every file in a folder, or the text itself. Files that are no text have none."""
    try:
        path = Path(given)
        is_there = "\n" not in given and len(given) < 4096 and path.exists()
    except (OSError, ValueError):
        is_there = False
    if not is_there:
        yield "", given
        return
    for each in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if each.is_file() and each.stat().st_size <= MOST_BYTES:
            yield from _of_file(each)


def _of_file(path: Path) -> Iterator[Piece]:
    if path.suffix == ".mbox":
        for kept in mailbox.mbox(path):
            yield from _of_mail(message_from_bytes(kept.as_bytes(), policy=policy.default))
    elif path.suffix == ".eml":
        yield from _of_mail(message_from_bytes(path.read_bytes(), policy=policy.default))
    elif zipfile.is_zipfile(path):
        yield from _of_zip(path)
    else:
        yield path.name, path.read_bytes().decode("utf-8", "ignore")


def _of_mail(mail: Message) -> Iterator[Piece]:
    """Text and page alike: a reader may have kept either."""
    whence = " ".join(filter(None, (str(mail.get("Date", ""))[:16].strip(), str(mail.get("Subject", "")))))
    for part in mail.walk():
        if isinstance(part, EmailMessage) and part.get_content_maintype() == "text":
            yield whence, str(part.get_content())


def _of_zip(path: Path) -> Iterator[Piece]:
    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            is_text = name.endswith((".txt", ".xml")) and file.getinfo(name).file_size <= MOST_BYTES
            if name in NOTE_FILES or is_text:
                yield path.name, file.read(name).decode("utf-8", "ignore")
