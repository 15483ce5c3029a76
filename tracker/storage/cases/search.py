"""The search index: the tokens of every case, kept in step in the transaction that changes a text.

SQLite has them in a full-text table without content, PostgreSQL in a column of lexemes with their places; the tokens are ours in
both, so both find the same. No reporter is ever in it: only texts that every reader of a case may see.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    Text,
    bindparam,
    column,
    false,
    func,
    select,
    table,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from tracker.domain.cases.flow import Steps
from tracker.domain.cases.search_texts import TELLING_KINDS, case_texts, told_in
from tracker.domain.house.say import read_json
from tracker.domain.house.search import BREAK, Phrase, phrases, tokens_of
from tracker.domain.house.words import told_with
from tracker.storage.cases.cases import Case
from tracker.storage.house import words
from tracker.storage.house.ledger import FactRow

INDEX = table("case_index", column("rowid", Integer), column("words"))
PORTION = 500
COMMON = 3000  # hits from which on it is quicker to walk a list than to sort all that was found
# PostgreSQL counts places in a text up to 16383, and 255 of one word, so a longer one is kept in parts that overlap by more than
# the length of a query.
PART, MOST_PLACES, OVERLAP = 16_000, 255, 200
CASES, FACTS = Case.__table__.c, FactRow.__table__.c
ROW = (CASES.id, CASES.number, CASES.source_number, CASES.title, CASES.description, CASES.place, CASES.area_text)
INSERT_SQLITE = text("INSERT INTO case_index (rowid, words) VALUES (:id, :words)")
DELETE_SQLITE = text("INSERT INTO case_index (case_index, rowid, words) VALUES ('delete', :id, :words)")
EMPTY_SQLITE = text("INSERT INTO case_index (case_index) VALUES ('delete-all')")
INSERT_POSTGRES = text("INSERT INTO case_index (rowid, part, words) VALUES (:id, :part, CAST(:words AS tsvector))")
DELETE_POSTGRES = text("DELETE FROM case_index WHERE rowid = :id")
EMPTY_POSTGRES = text("DELETE FROM case_index")
_TOLD = select(FACTS.stream, FACTS.seq, FACTS.kind, FACTS.body, *words.OF_FACT).select_from(words.beside(FactRow.__table__))
CHANGING = (*TELLING_KINDS, Steps.correct_field.fact)  # facts of a case that change its texts
Texts = Mapping[int, Sequence[str]]  # by case


class SearchWay(Enum):
    """How a page of a list is read when something is searched for."""

    gathered = "all that is found, then sorted"
    walked = "along the list, past what is not found"
    streamed = "along the index, the newest first"


# --- asking ---------------------------------------------------------------------------------------------------------------


class _Query(TypeDecorator[tuple[Phrase, ...]]):
    """Phrases in the words of the database at hand. Tokens hold letters and digits only, so nothing in them is syntax."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Phrase, ...] | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return " AND ".join('"' + " ".join(p.tokens) + '"' + (" *" if p.is_open else "") for p in value)
        return " & ".join("(" + " <-> ".join(f"'{t}'" for t in p.tokens) + (":*" if p.is_open else "") + ")" for p in value)


class _holds(FunctionElement[bool]):  # noqa: N801  # a function of SQL
    """The tokens of a row hold the phrases."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> "_holds":
        """Already a condition: SQLite would otherwise be asked for `= 1` of it."""
        return self


@compiles(_holds, "sqlite")
def _sqlite_match(element: Any, compiler: Any, **kw: Any) -> str:
    return f"case_index MATCH {compiler.process(element.clauses, **kw)}"


@compiles(_holds, "postgresql")
def _at_at(element: Any, compiler: Any, **kw: Any) -> str:
    return f"case_index.words @@ CAST({compiler.process(element.clauses, **kw)} AS tsquery)"


def found(q: str, way: SearchWay = SearchWay.gathered) -> ColumnElement[bool]:
    """The condition on `cases` that holds for what the query finds; nothing for a query without a letter or digit. A streamed one
    is a condition on cases joined with the index."""
    asked = phrases(q)
    if not asked:
        return false()
    holds = _holds(bindparam(None, asked, type_=_Query()))
    if way is SearchWay.streamed:
        return holds
    # `+ 0` keeps SQLite from gathering the hits first.
    return (CASES.id + 0 if way is SearchWay.walked else CASES.id).in_(select(INDEX.c.rowid).where(holds))


def way_of(session: Session, q: str, *, is_newest_first: bool, is_one_walk: bool) -> SearchWay:
    """How SQLite, which keeps no count of words, had best read a page. PostgreSQL sees to that by itself."""
    asked = phrases(q)
    if not asked or not _is_sqlite(session):
        return SearchWay.gathered
    if is_newest_first:
        return SearchWay.streamed
    holds = _holds(bindparam(None, asked, type_=_Query()))
    is_common = is_one_walk and session.scalar(select(INDEX.c.rowid).where(holds).limit(1).offset(COMMON)) is not None
    return SearchWay.walked if is_common else SearchWay.gathered


def is_mapped(name: str | None, kind: str, parents: Mapping[str, Any]) -> bool:
    """Whether Alembic shall compare something with the models: the index and what SQLite keeps behind it have none."""
    return kind != "table" or not str(name).startswith(INDEX.name)


# --- keeping in step --------------------------------------------------------------------------------------------------------


def add(session: Session | Connection, texts: Texts) -> None:
    """Index cases that are not in the index yet."""
    if not texts:
        return
    if _is_sqlite(session):
        session.execute(INSERT_SQLITE, [{"id": i, "words": " ".join(tokens_of(each))} for i, each in texts.items()])
    else:
        session.execute(INSERT_POSTGRES, [
            {"id": i, "part": number, "words": words} for i, each in texts.items()
            for number, words in enumerate(_part_lexemes(tokens_of(each)))
        ])


def replace(session: Session, case_id: int, before: Sequence[str], now: Sequence[str]) -> None:
    """The texts of a case have changed. `before` must be what was indexed: the table without content cannot look it up."""
    if list(before) == list(now):
        return
    if _is_sqlite(session):
        session.execute(DELETE_SQLITE, {"id": case_id, "words": " ".join(tokens_of(before))})
    else:
        session.execute(DELETE_POSTGRES, {"id": case_id})
    add(session, {case_id: now})


def texts_of(session: Session, case_id: int) -> Sequence[str]:
    """The texts by which a case is found, as they are now."""
    (found_texts,) = _index_texts(session, session.execute(select(*ROW).where(CASES.id == case_id)).all()).values()
    return found_texts


def rebuild(connection: Session | Connection) -> int:
    """Empty the index and fill it anew, in portions; returns how many cases. The caller commits."""
    connection.execute(EMPTY_SQLITE if _is_sqlite(connection) else EMPTY_POSTGRES)
    done = last = 0
    while rows := connection.execute(select(*ROW).where(CASES.id > last).order_by(CASES.id).limit(PORTION)).all():
        add(connection, _index_texts(connection, rows))
        done, last = done + len(rows), rows[-1].id
    return done


def _is_sqlite(connection: Session | Connection) -> bool:
    return (connection.get_bind() if isinstance(connection, Session) else connection).dialect.name == "sqlite"


def _index_texts(connection: Session | Connection, rows: Iterable[Any]) -> dict[int, list[str]]:
    """The texts of these case rows, and of their facts what is public."""
    listed = list(rows)
    told: defaultdict[int, list[str]] = defaultdict(list)
    streams = {f"case:{row.number}": row.id for row in listed}
    # Inside a function, the kind is nothing to look facts up by: SQLite would read all of a kind for every portion.
    is_telling = func.coalesce(FACTS.kind, "").in_(TELLING_KINDS)
    query = _TOLD.where(FACTS.stream.in_(streams), is_telling).order_by(FACTS.stream, FACTS.seq)
    for (stream, _, kind, body), texts in words.gathered(connection.execute(query)):
        told[streams[stream]] += told_in(kind, told_with(read_json(body), texts))
    return {row.id: case_texts(row.number, row._mapping, told[row.id]) for row in listed}


def _part_lexemes(tokens: Sequence[str]) -> Iterator[str]:
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
