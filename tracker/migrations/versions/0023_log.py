"""the log over all facts: positions, macs, what is handed out of it; the daily seals become facts of the stream `ledger`"""

import hashlib
import hmac
import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
GENESIS, PORTION, MOST_NAMED = "0" * 64, 5000, 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SQLITE_GUARD = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
SQLITE_NO_REPLACE = """
CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken})
BEGIN SELECT RAISE(ABORT, '{table} is append-only: this number is taken'); END
"""
FACTS = sa.table("facts", sa.column("id"), sa.column("stream"), sa.column("seq"), sa.column("kind"), sa.column("actor_id"),
                 sa.column("at", sa.DateTime(timezone=True)), sa.column("body"), sa.column("previous"), sa.column("digest"))
LOG = sa.table("log", sa.column("position"), sa.column("fact_id"), sa.column("logged_at"), sa.column("mac"))
SEALS = sa.table("seals", sa.column("day", sa.Date()), sa.column("digest"), sa.column("stream_count"), sa.column("fact_count"),
                 sa.column("sealed_at", sa.DateTime(timezone=True)))


def upgrade() -> None:
    op.create_table(
        "log",
        sa.Column("position", BIG, nullable=False, autoincrement=False),
        sa.Column("fact_id", BIG, nullable=False),
        sa.Column("logged_at", BIG, nullable=False),
        sa.Column("mac", sa.String(80), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_log_position")),
        sa.ForeignKeyConstraint(["fact_id"], ["facts.id"], name=op.f("fk_log_fact_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log")),
        sa.UniqueConstraint("fact_id", name=op.f("uq_log_fact_id")),
    )
    op.create_table(
        "log_blocks",
        sa.Column("number", BIG, nullable=False, autoincrement=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_blocks")),
    )
    op.create_table(
        "checkpoints",
        sa.Column("size", BIG, nullable=False, autoincrement=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoints")),
    )
    op.create_index(op.f("ix_checkpoints_day"), "checkpoints", ["day"])
    op.create_table(
        "public_heads",
        sa.Column("position", BIG, nullable=False, autoincrement=False),
        sa.Column("origin", sa.String(100), nullable=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_public_heads")),
    )
    _take_in_old_facts()
    op.drop_table("seals")
    _guard("log", "position = NEW.position OR fact_id = NEW.fact_id")


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM public_heads")):
        raise SystemExit("账本的签名头已经发出，不能退回到没有账本的版本。")
    for name in ("public_heads", "checkpoints", "log_blocks", "log"):
        op.drop_table(name)
    op.create_table(
        "seals",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("stream_count", BIG, nullable=False),
        sa.Column("fact_count", BIG, nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_seals")),
    )
    _guard("seals", "day = NEW.day")


def _guard(table: str, taken: str) -> None:
    """Append-only, on both engines."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(SQLITE_GUARD.format(table=table, verb=verb))
        op.execute(SQLITE_NO_REPLACE.format(table=table, taken=taken))
        return
    op.execute(f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
               "FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
               "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")


def _take_in_old_facts() -> None:
    """Give every fact there is its position, in the order of its id, once chains and seals have been looked at."""
    bind, said = op.get_bind(), op.get_context().opts
    total = bind.scalar(sa.select(sa.func.count()).select_from(FACTS))
    if not total:
        return
    troubles = [*_chain_troubles(bind), *_seal_troubles(bind)]
    if troubles and not said.get("accepts_troubles"):
        raise SystemExit(f"账本有 {len(troubles)} 处不符，没有升级；第一处：{troubles[0]}。查明后可加 -x accept-troubles 升级，"
                         "不符之处会写进账本。")
    now = said["now"]
    logged_at = (now - EPOCH) // timedelta(microseconds=1)
    tree = _log_all(bind, _entry_key(said["identity_key"]), logged_at)
    seals = {row.day.isoformat(): row.digest for row in bind.execute(sa.select(SEALS).order_by(SEALS.c.day))}
    body = {"origin": said["ledger_origin"], "facts": total, "root": _root(tree), "seals": seals, "troubles": troubles[:MOST_NAMED],
            "trouble_count": len(troubles), "logged_at": now.isoformat(timespec="microseconds")}
    if not bind.scalar(sa.select(sa.func.count()).select_from(FACTS).where(FACTS.c.kind == "ledger:begun")):
        _begin(bind, body, now, logged_at, total, _entry_key(said["identity_key"]))


def _count_on(bind: sa.Connection) -> None:
    """PostgreSQL's counter of ids stands behind rows that came with their own."""
    if bind.dialect.name == "postgresql":
        bind.execute(sa.text("SELECT setval(pg_get_serial_sequence('facts', 'id'), (SELECT max(id) FROM facts))"))


def _begin(bind: sa.Connection, body: dict[str, object], now: datetime, logged_at: int, total: int, key: tuple[str, bytes]) -> None:
    _count_on(bind)
    last = bind.execute(sa.select(FACTS.c.seq, FACTS.c.digest).where(FACTS.c.stream == "ledger").order_by(FACTS.c.seq.desc())
                        .limit(1)).first()
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    seq, previous = (last.seq + 1, last.digest) if last else (1, GENESIS)
    digest = _digest("ledger", seq, "ledger:begun", 0, now, text, previous)
    bind.execute(FACTS.insert().values(stream="ledger", seq=seq, kind="ledger:begun", actor_id=0, at=now, body=text,
                                       previous=previous, digest=digest))
    fact_id = bind.scalar(sa.select(FACTS.c.id).where(FACTS.c.stream == "ledger", FACTS.c.seq == seq))
    bind.execute(LOG.insert().values(position=total + 1, fact_id=fact_id, logged_at=logged_at,
                                     mac=_mac(key, total + 1, digest, logged_at)))


def _log_all(bind: sa.Connection, key: tuple[str, bytes], logged_at: int) -> list[tuple[int, bytes]]:
    """Write the entries; the tree over them comes back as its full subtrees, each with its height."""
    tree: list[tuple[int, bytes]] = []
    stamp, position, last_id = logged_at.to_bytes(8, "big"), 0, 0
    while rows := bind.execute(sa.select(FACTS.c.id, FACTS.c.digest).where(FACTS.c.id > last_id).order_by(FACTS.c.id)
                               .limit(PORTION)).all():
        entries = []
        for row in rows:
            position += 1
            entries.append({"position": position, "fact_id": row.id, "logged_at": logged_at,
                            "mac": _mac(key, position, row.digest, logged_at)})
            height, carried = 0, hashlib.sha256(b"\x00" + bytes.fromhex(row.digest) + stamp).digest()
            while tree and tree[-1][0] == height:
                height, carried = height + 1, hashlib.sha256(b"\x01" + tree.pop()[1] + carried).digest()
            tree.append((height, carried))
        bind.execute(LOG.insert(), entries)
        last_id = rows[-1].id
    return tree


def _root(tree: list[tuple[int, bytes]]) -> str:
    rest = tree[-1][1]
    for _, left in reversed(tree[:-1]):
        rest = hashlib.sha256(b"\x01" + left + rest).digest()
    return rest.hex()


def _entry_key(identity_key: str) -> tuple[str, bytes]:
    """Id and entry key (HKDF-SHA256 without salt) of the newest IDENTITY_KEY."""
    raw = b64decode(identity_key.split(",")[0].strip(), altchars=b"-_")
    secret = hmac.digest(b"\x00" * 32, raw, "sha256")
    return hashlib.sha256(b"xiaohao key id" + raw).hexdigest()[:8], hmac.digest(secret, b"xiaohao log entry\x01", "sha256")


def _mac(key: tuple[str, bytes], position: int, digest: str, logged_at: int) -> str:
    said = position.to_bytes(8, "big") + bytes.fromhex(digest) + logged_at.to_bytes(8, "big")
    return f"{key[0]}:{hmac.digest(key[1], said, 'sha256').hex()}"


def _digest(stream: str, seq: int, kind: str, actor_id: int, at: datetime, body: str, previous: str) -> str:
    moment = (at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)).isoformat(timespec="microseconds")
    parts = (stream, str(seq), kind, str(actor_id), moment, body, previous)
    return hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()


def _chain_troubles(bind: sa.Connection) -> list[str]:
    """The first thing wrong in each stream."""
    troubles, ends, bad = [], {}, set()
    query = sa.select(FACTS).order_by(FACTS.c.stream, FACTS.c.seq).execution_options(yield_per=PORTION)
    for row in bind.execute(query):
        seq, previous = ends.get(row.stream, (0, GENESIS))
        digest = _digest(row.stream, row.seq, row.kind, row.actor_id, row.at, row.body, row.previous)
        if row.stream not in bad and (row.seq != seq + 1 or row.previous != previous or row.digest != digest):
            bad.add(row.stream)
            troubles.append(f"{row.stream}#{row.seq} {row.kind}")
        ends = {row.stream: (row.seq, row.digest)}
    return troubles


def _seal_troubles(bind: sa.Connection) -> list[str]:
    """Whether the facts still bear out the last seal; it covers all before it."""
    last = bind.execute(sa.select(SEALS).order_by(SEALS.c.fact_count.desc(), SEALS.c.day.desc()).limit(1)).first()
    if last is None or last.fact_count == 0:
        return []
    ends: dict[str, tuple[int, str]] = {}
    ids = bind.scalars(sa.select(FACTS.c.id).order_by(FACTS.c.id).offset(last.fact_count - 1).limit(1)).first()
    if ids is not None:
        for row in bind.execute(sa.select(FACTS.c.stream, FACTS.c.seq, FACTS.c.digest).where(FACTS.c.id <= ids)
                                .execution_options(yield_per=PORTION)):
            ends[row.stream] = max(ends.get(row.stream, (0, "")), (row.seq, row.digest))
    running = hashlib.sha256()
    for stream in sorted(ends, key=str.encode):
        running.update(f"{stream}\n{ends[stream][0]}\n{ends[stream][1]}\n".encode())
    holds = running.hexdigest() == last.digest and len(ends) == last.stream_count
    return [] if holds else [f"{last.day} 的封签与现有记录不符"]
