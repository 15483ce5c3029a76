"""The guards that the database keeps by itself: triggers, CHECKs, foreign and unique keys, by name with their text."""

import json
import re
from hashlib import sha256
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

PINNED = Path(__file__).with_name("guards.json")
KINDS = {"CHECK": "check", "FOREIGN": "foreign_key", "UNIQUE": "unique"}
_SQLITE = text("SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'table') AND sql IS NOT NULL")
_CONSTRAINT = re.compile(r"CONSTRAINT \"?(\w+)\"? ((CHECK|FOREIGN|UNIQUE).*)")
_CAST = re.compile(r"::[a-z]+(?: varying)?(?:\(\d+\))?(?:\[\])?")
_ROUND_ONE_TERM = re.compile(r"(?<!\w)\(('[^']*'|[\w.]+|ARRAY\[[^\[\]()]*\])\)")
_POSTGRES = text("""
SELECT CASE contype WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign_key' ELSE 'unique' END, conname,
       pg_get_constraintdef(oid) || ' ' || convalidated
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'u')
UNION ALL
SELECT 'trigger', tgname, pg_get_triggerdef(t.oid) || ' ' || tgenabled::text || ' ' || prosrc
  FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT tgisinternal
""")


def guards(session: Session) -> dict[str, str]:
    """Every guard that stands in the database, as `kind name`, with a digest of its text."""
    if session.get_bind().dialect.name == "postgresql":
        return {f"{kind} {name}": _text_digest(said if kind == "trigger" else _without_casts(said))
                for kind, name, said in session.execute(_POSTGRES)}
    found: dict[str, str] = {}
    for kind, name, said in session.execute(_SQLITE):
        if kind == "trigger":
            found[f"trigger {name}"] = _text_digest(said)
            continue
        for line in said.splitlines():  # a table that SQLite built anew has its constraints in any order, each on a line
            if match := _CONSTRAINT.match(line.strip(" \t,")):
                found[f"{KINDS[match[3]]} {match[1]}"] = _text_digest(match[2])
    return found


def pinned(session: Session) -> dict[str, str]:
    """The guards that the migrations make on this engine."""
    every: dict[str, dict[str, str]] = json.loads(PINNED.read_text())
    return every[session.get_bind().dialect.name]


def _without_casts(said: str) -> str:
    """A constraint as PostgreSQL tells it, without casts and the brackets round one term: it writes them otherwise once a dump
    has come back."""
    said, before = _CAST.sub("", said), ""
    while said != before:
        before, said = said, _ROUND_ONE_TERM.sub(r"\1", said)
    return said


def _text_digest(said: str) -> str:
    return sha256(" ".join(said.split()).encode()).hexdigest()[:16]
