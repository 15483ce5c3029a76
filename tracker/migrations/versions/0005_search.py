"""the search index, filled from the cases that are there

What a token is and which texts count stand here as they were with this revision. When the product counts otherwise, a later
revision fills the index anew."""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import add
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

CASES = sa.table("cases", sa.column("id", sa.Integer),
                 *map(sa.column, ("number", "source_number", "title", "description", "place", "area_text")))
FACTS = sa.table("facts", sa.column("seq", sa.Integer), *(sa.column(name, sa.Text) for name in ("stream", "kind", "body")))
INSERT_SQLITE = sa.text("INSERT INTO case_index (rowid, words) VALUES (:id, :words)")
INSERT_POSTGRES = sa.text("INSERT INTO case_index (rowid, part, words) VALUES (:id, :part, CAST(:words AS tsvector))")
PORTION = 500
# PostgreSQL counts places in a text up to 16383, and 255 of one word, so a longer one is kept in parts that overlap.
PART, MOST_PLACES, OVERLAP = 16_000, 255, 200
BREAK = "_"  # between two texts of a case
LONGEST = 64  # of a number or Latin word, what is looked at
PUBLIC_TEXTS = ("measures", "conclusion", "notice_text", "investigation", "target")
TELLING_KINDS = ("case:submitted", "case:verified", "case:notice_opened", "case:history_noted", "case:history_imported")
RUNS = re.compile(r"[a-z]+|[0-9]+|[^\W_a-z0-9]+")
SERIAL = re.compile(r"[0-9]+$")


def upgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        # The tokens are made by us: this tokenizer leaves everything beyond ASCII as it is.
        op.execute("CREATE VIRTUAL TABLE case_index USING fts5(words, content='', tokenize=\"ascii tokenchars '_'\")")
    else:
        op.execute("CREATE TABLE case_index (rowid BIGINT NOT NULL REFERENCES cases (id) ON DELETE CASCADE, part INTEGER NOT NULL, "
                   "words TSVECTOR NOT NULL, CONSTRAINT pk_case_index PRIMARY KEY (rowid, part))")
        op.execute("CREATE INDEX ix_case_index_words ON case_index USING gin (words)")
    _fill(bind)


def downgrade() -> None:
    op.execute("DROP TABLE case_index")


def _fill(bind: sa.Connection) -> None:
    last = 0
    while rows := bind.execute(sa.select(CASES).where(CASES.c.id > last).order_by(CASES.c.id).limit(PORTION)).all():
        texts = _texts(bind, rows)
        if bind.dialect.name == "sqlite":
            bind.execute(INSERT_SQLITE, [{"id": id_, "words": " ".join(_tokens_of(each))} for id_, each in texts.items()])
        else:
            bind.execute(INSERT_POSTGRES, [{"id": id_, "part": number, "words": words} for id_, each in texts.items()
                                           for number, words in enumerate(_lexemes(_tokens_of(each)))])
        last = rows[-1].id


def _texts(bind: sa.Connection, rows: Sequence[Any]) -> dict[int, list[str]]:
    """The texts of these cases, and of their facts what is public."""
    told: defaultdict[int, list[str]] = defaultdict(list)
    streams = {f"case:{row.number}": row.id for row in rows}
    # Inside a function, the kind is nothing to look facts up by: SQLite would read all of a kind for every portion.
    is_telling = sa.func.coalesce(FACTS.c.kind, "").in_(TELLING_KINDS)
    query = sa.select(FACTS.c.stream, FACTS.c.kind, FACTS.c.body).where(FACTS.c.stream.in_(streams), is_telling)
    for fact in bind.execute(query.order_by(FACTS.c.stream, FACTS.c.seq)):
        told[streams[fact.stream]] += _told(json.loads(fact.body))
    return {row.id: _case_texts(row, told[row.id]) for row in rows}


def _told(payload: Mapping[str, Any]) -> list[str]:
    """The public texts of one fact."""
    published = payload.get("published")
    said = [payload, published] if isinstance(published, Mapping) else [payload]
    return [text for each in said for name in PUBLIC_TEXTS if isinstance(text := each.get(name), str) and text]


def _case_texts(row: Any, told: Iterable[str]) -> list[str]:
    """Its numbers, the running one also without its zeros, what and where, and what facts say in public."""
    serial = SERIAL.search(row.number)
    short = serial.group().lstrip("0") if serial else ""
    named = (row.source_number, row.title, row.description, row.place, row.area_text)
    return [row.number, short, *(text for text in named if text), *told]


def _tokens_of(texts: Iterable[str]) -> list[str]:
    """The tokens of several texts, kept apart; one text twice counts once."""
    found: list[str] = []
    for text in dict.fromkeys(texts):
        if text:
            found += [*_tokens(text), BREAK]
    return found


def _tokens(text: str) -> list[str]:
    """Of Chinese the overlapping pairs and the last character alone; a number or a Latin word is one token."""
    found: list[str] = []
    for run in RUNS.findall(unicodedata.normalize("NFKC", text).casefold()):
        if run[0] < "\x80":
            found.append(run[:LONGEST])
        else:
            found.extend(map(add, run, run[1:]))
            found.append(run[-1])
    return found


def _lexemes(tokens: Sequence[str]) -> Iterator[str]:
    """The text form of a tsvector, of each part: every token with its places."""
    start = end = 0
    while end < len(tokens):
        places: defaultdict[str, list[str]] = defaultdict(list)
        for end in range(start, len(tokens)):  # where a part ends, the next one begins
            token = tokens[end]
            if end - start >= PART or len(places[token]) >= MOST_PLACES:
                break
            if token != BREAK:
                places[token].append(str(end - start + 1))
        else:
            end = len(tokens)
        yield " ".join(f"'{token}':{','.join(at)}" for token, at in places.items() if at)
        start = max(end - OVERLAP, start + 1)
