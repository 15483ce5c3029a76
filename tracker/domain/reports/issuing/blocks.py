"""The text of a paper as blocks that may be worded otherwise: each keeps what was composed, and the document what was counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from tracker.domain.house.ledger import canonical
from tracker.domain.reports.document import Document, PaperPart, value_text
from tracker.domain.reports.issuing.heads import PaperHead

TO = "to"  # the key of 主送
LONGEST = 2000
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?![\d年月日时])")
_EVERY_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class BlockLevel(StrEnum):
    """What a block is in the paper."""

    addressee = "addressee"
    paragraph = "paragraph"


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its key, the heading it stands under, what was composed, and what it says now."""

    key: str
    level: BlockLevel
    heading: str
    composed: str
    text: str

    @property
    def is_edited(self) -> bool:
        """Whether somebody worded it otherwise."""
        return self.text != self.composed


def blocks_of(document: Document, addressees: str, edited: Mapping[str, str]) -> tuple[Block, ...]:
    """The blocks of a paper in their order; `edited` are the texts that stand in place of the composed ones."""
    return tuple(Block(key, level, heading, text, edited.get(key, text))
                 for key, level, heading, text in _composed_blocks(document, addressees))


def _composed_blocks(document: Document, addressees: str) -> Iterator[tuple[str, BlockLevel, str, str]]:
    yield TO, BlockLevel.addressee, "", addressees
    for at, section in enumerate(document.sections):
        if section.part is PaperPart.text:
            yield from ((f"s{at}p{place}", BlockLevel.paragraph, section.heading, text)
                        for place, text in enumerate(section.paragraphs))


def with_texts(document: Document, edited: Mapping[str, str]) -> Document:
    """The document with these texts; a text of several lines is several paragraphs, an empty one is none."""
    sections = []
    for at, section in enumerate(document.sections):
        texts = [edited.get(f"s{at}p{place}", text) for place, text in enumerate(section.paragraphs)]
        kept = tuple(line.strip() for text in texts for line in text.split("\n") if line.strip())
        sections.append(replace(section, paragraphs=kept) if section.part is PaperPart.text else section)
    return replace(document, sections=tuple(sections))


def uncounted_numbers(text: str, composed: str, document: Document) -> tuple[str, ...]:
    """The numbers in a text that stand neither in what was composed nor anywhere among the figures; days and times are none."""
    known = set(_EVERY_NUMBER.findall(" ".join((composed, *_said_of(document)))))
    return tuple(dict.fromkeys(number for number in _NUMBER.findall(text) if number not in known))


def _said_of(document: Document) -> Iterator[str]:
    yield document.title
    for section in document.sections:
        yield from section.paragraphs
        for figure in section.figures:
            yield from (value_text(each) for each in (figure.value, figure.before, figure.year_before))
        for table in section.tables:
            yield from (value_text(cell) for row in (*table.rows, table.total) for cell in row)


def paper_digest(report_digest: str, head: PaperHead, state: str, edited: Mapping[str, str]) -> str:
    """SHA-256 over what was issued."""
    return sha256(canonical(_hashed_plain(report_digest, head, state, edited)).encode()).hexdigest()


def issued_plain(report_digest: str, head: PaperHead, state: str, edited: Mapping[str, str],
                 blocks: Iterable[Block]) -> dict[str, object]:
    """What was issued as JSON can hold it: what its digest is made of, that digest, and every block as it reads."""
    hashed = _hashed_plain(report_digest, head, state, edited)
    return {"hashed": hashed, "digest": head.digest,
            "blocks": [{"key": each.key, "heading": each.heading, "text": each.text} for each in blocks]}


def _hashed_plain(report_digest: str, head: PaperHead, state: str, edited: Mapping[str, str]) -> dict[str, object]:
    """The frozen figures, what stands above and below the text, and every text that is not as it was composed."""
    said = {name: getattr(head, name) for name in ("number", "mark", "addressees", "office", "copies", "printed_by", "issued_on")}
    return {"report": report_digest, "head": said, "state": state, "texts": dict(edited)}
