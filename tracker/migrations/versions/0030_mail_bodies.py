"""what a mail says is kept once, however many its readers: text and page leave the outbox for mail_bodies"""

import hashlib
import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

OUTBOX = sa.table("outbox", *map(sa.column, ("id", "text", "html", "body_digest")))
BODIES = sa.table("mail_bodies", *map(sa.column, ("digest", "text", "packed")))
PORTION = 200


def upgrade() -> None:
    op.create_table(
        "mail_bodies",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_mail_bodies")),
    )
    op.add_column("outbox", sa.Column("body_digest", sa.String(64), nullable=True))
    _move_words()
    with op.batch_alter_table("outbox") as table:
        table.drop_column("text")
        table.drop_column("html")
        table.create_foreign_key(op.f("fk_outbox_body_digest"), "mail_bodies", ["body_digest"], ["digest"], ondelete="RESTRICT")
        table.create_index("ix_outbox_body_digest", ["body_digest"])


def _move_words() -> None:
    bind, last, known = op.get_bind(), 0, set[str]()
    query = sa.select(OUTBOX.c.id, OUTBOX.c.text, OUTBOX.c.html).order_by(OUTBOX.c.id).limit(PORTION)
    while rows := bind.execute(query.where(OUTBOX.c.id > last)).all():
        for row in rows:
            if not row.text and not row.html:
                continue  # a secret that was sent
            digest = hashlib.sha256(json.dumps([row.text, row.html], ensure_ascii=False).encode()).hexdigest()
            if digest not in known:
                bind.execute(BODIES.insert().values(digest=digest, text=row.text, packed=(
                    zlib.compress(row.html.encode(), 6) if row.html else None)))
                known.add(digest)
            bind.execute(OUTBOX.update().where(OUTBOX.c.id == row.id).values(body_digest=digest))
        last = rows[-1].id


def downgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("text", sa.String(), server_default="", nullable=False))
        table.add_column(sa.Column("html", sa.String(), nullable=True))
    bind = op.get_bind()
    for digest, text, packed in bind.execute(sa.select(BODIES.c.digest, BODIES.c.text, BODIES.c.packed)).all():
        bind.execute(OUTBOX.update().where(OUTBOX.c.body_digest == digest).values(
            text=text, html=zlib.decompress(packed).decode() if packed else None))
    with op.batch_alter_table("outbox") as table:
        table.drop_index("ix_outbox_body_digest")
        table.drop_constraint(op.f("fk_outbox_body_digest"), type_="foreignkey")
        table.drop_column("body_digest")
        table.alter_column("text", server_default=None)
    op.drop_table("mail_bodies")
