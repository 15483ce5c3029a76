"""What mails say, each text kept once however many its readers. The page is packed; the text stands plain, so that what tells of
a case can be found."""

import hashlib
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from sqlalchemy import LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.house.folds import Folds, Unfolded
from tracker.storage.house.base import Base, EngineInsert, inserting


class MailBody(Base):
    """One text with its page, if it has one, and with what a mail of several says instead."""

    __tablename__ = "mail_bodies"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str]
    packed: Mapped[bytes | None] = mapped_column(LargeBinary)
    gist: Mapped[str] = mapped_column(default="", server_default="")


FOLDS: Folds = (Unfolded("mail_bodies", "the words of mails, which follow from facts and are tidied by rule"),)


@dataclass(frozen=True)
class MailText:
    """Text and page of a mail; of one about a case also the line by which it stands among others."""

    text: str
    html: str | None = None
    gist: str = ""

    @property
    def digest(self) -> str:
        """The same for the same words."""
        return hashlib.sha256(json.dumps(self._digest_parts(), ensure_ascii=False).encode()).hexdigest()

    @property
    def row(self) -> dict[str, object]:
        """As it is kept."""
        return {"digest": self.digest, "text": str(self.text), "packed": zlib.compress(self.html.encode(), 6) if self.html
                else None, "gist": self.gist}

    def _digest_parts(self) -> list[str | None]:
        return [str(self.text), self.html, *([self.gist] if self.gist else [])]


def unpacked(body: MailBody | None) -> MailText:
    """As it was; empty where it is gone."""
    if body is None:
        return MailText("")
    return MailText(body.text, zlib.decompress(body.packed).decode() if body.packed else None, body.gist)


_KEEPING = {insert: insert(MailBody.__table__).on_conflict_do_nothing(index_elements=["digest"])
            for insert in get_args(EngineInsert)}


def keep(session: Session, texts: Iterable[MailText]) -> None:
    """Write those that are not there yet."""
    rows = list({each.digest: each.row for each in texts}.values())
    if rows:
        session.execute(_KEEPING[inserting(session)], rows)


def texts_of(session: Session, digests: Iterable[str | None]) -> dict[str | None, MailText]:
    """Those of some digests."""
    wanted = {each for each in digests if each}
    query = select(MailBody).where(MailBody.digest.in_(wanted))
    return {body.digest: unpacked(body) for body in session.scalars(query)} if wanted else {}
