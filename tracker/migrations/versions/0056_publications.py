"""What the public reads, or shall read once another person has reviewed it.

Revision ID: 0056
Revises: 0055
"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STATES = ("draft", "published", "withdrawn", "superseded", "discarded")
WITHOUT = "state IN ('draft', 'discarded')"
SAID = "a publication does not go away"
POSTGRES = f"""
CREATE FUNCTION refuse_publication_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def upgrade() -> None:
    make_table()
    for name, state in (("draft", "draft"), ("open", "published")):
        only = sa.text(f"state = '{state}'")
        op.create_index(f"uq_publications_{name}", "publications", ["kind", "subject"], unique=True, sqlite_where=only,
                        postgresql_where=only)
    op.create_index("ix_publications_area", "publications", ["area_code", "state", "id"])
    op.create_index("ix_publications_subject", "publications", ["subject", "id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE TRIGGER publications_stay BEFORE DELETE ON publications "
                   f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END")
        return
    op.execute(POSTGRES)
    op.execute("CREATE TRIGGER publications_stay BEFORE DELETE ON publications "
               "FOR EACH ROW EXECUTE FUNCTION refuse_publication_delete()")


def make_table() -> None:
    op.create_table(
        "publications",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("subject_seq", ID, nullable=False),
        sa.Column("version", ID, nullable=False),
        sa.Column("area_code", sa.String(12), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Enum(*STATES, name=op.f("ck_publications_state"), native_enum=False, create_constraint=True,
                                   length=40), nullable=False),
        sa.Column("seq", ID, nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("drafted_by_id", ID, nullable=False),
        sa.Column("editors", sa.Text(), nullable=False),
        sa.Column("reviewed_by_id", ID, nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_ground", sa.String(500), nullable=False),
        sa.CheckConstraint(f"({WITHOUT}) = (published_at IS NULL)", name=op.f("ck_publications_published")),
        sa.CheckConstraint(f"({WITHOUT}) = (digest = '')", name=op.f("ck_publications_digest")),
        sa.CheckConstraint("(published_at IS NULL) = (reviewed_by_id IS NULL)", name=op.f("ck_publications_reviewed")),
        sa.CheckConstraint("reviewed_by_id <> drafted_by_id", name=op.f("ck_publications_reviewer_is_another")),
        sa.CheckConstraint("(state IN ('draft', 'published')) = (closed_at IS NULL)", name=op.f("ck_publications_closed")),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_publications_days")),
        sa.CheckConstraint("version >= 1 AND seq >= 1 AND subject_seq >= 0", name=op.f("ck_publications_counted")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["people.id"], name=op.f("fk_publications_drafted_by_id"),
                                ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["people.id"], name=op.f("fk_publications_reviewed_by_id"),
                                ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint("kind", "subject", "version", name=op.f("uq_publications_kind_subject_version")),
    )


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER publications_stay" + ("" if is_sqlite else " ON publications"))
    op.drop_table("publications")
    if not is_sqlite:
        op.execute("DROP FUNCTION refuse_publication_delete()")
