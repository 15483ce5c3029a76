"""sessions, links to set a password, proposed roles, throttles and the trail of sign-ins are rows; the mark of a session goes"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
ROLES = ("inspector", "clerk", "dispatcher", "officer", "verifier", "lead", "supervisor", "auditor", "admin", "custodian")
OUTCOMES = ("deactivated", "signed_in", "unknown_login", "wrong_password")

SQLITE_NO_UPDATE = """
CREATE TRIGGER sign_ins_no_UPDATE BEFORE UPDATE ON sign_ins
BEGIN SELECT RAISE(ABORT, 'sign_ins is append-only'); END
"""
SQLITE_NO_EARLY_DELETE = """
CREATE TRIGGER sign_ins_no_early_DELETE BEFORE DELETE ON sign_ins
WHEN OLD.at > datetime('now', '-6 months')
BEGIN SELECT RAISE(ABORT, 'sign_ins are kept for six months'); END
"""
SQLITE_NO_REPLACE = """
CREATE TRIGGER sign_ins_no_replace BEFORE INSERT ON sign_ins
WHEN EXISTS (SELECT 1 FROM sign_ins WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'sign_ins is append-only: this number is taken'); END
"""
POSTGRES_FUNCTION = """
CREATE FUNCTION refuse_early_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.at > now() - interval '6 months' THEN
    RAISE EXCEPTION '% are kept for six months', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END $$
"""


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=op.f(name), native_enum=False, create_constraint=True, length=40)


def person(is_nullable: bool = False) -> sa.Column[int]:
    return sa.Column("person_id", ID, nullable=is_nullable)


def upgrade() -> None:
    make_sessions()
    make_links_and_proposals()
    make_trail()
    op.create_table(
        "throttles",
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("scored_at", INSTANT, nullable=False),
        sa.Column("free_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttles")),
    )
    op.add_column("outbox", sa.Column("address", sa.String(200), nullable=True))
    op.add_column("people", sa.Column("email_since", INSTANT, nullable=True))
    op.drop_column("people", "session_mark")
    op.drop_table("ended_sessions")
    op.drop_table("sign_in_failures")


def make_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", ID, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        person(),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("address", sa.String(60), nullable=False),
        sa.Column("agent", sa.String(300), nullable=False),
        sa.Column("sign_in", sa.String(60), nullable=False),
        sa.Column("fresh_until", INSTANT, nullable=True),
        sa.Column("is_renewal_due", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("why", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sessions_person_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_sessions_digest")),
    )
    op.create_index(op.f("ix_sessions_person_id"), "sessions", ["person_id"])


def make_links_and_proposals() -> None:
    op.create_table(
        "sign_in_links",
        sa.Column("id", ID, nullable=False),
        person(),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("purpose", one_of("ck_sign_in_links_purpose", "invite", "reset", "setup"), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("made_by_id", ID, nullable=False),
        sa.Column("is_slip", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sign_in_links_person_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_in_links_digest")),
    )
    op.create_index(op.f("ix_sign_in_links_person_id"), "sign_in_links", ["person_id"])
    op.create_table(
        "role_proposals",
        sa.Column("id", ID, nullable=False),
        person(),
        sa.Column("role", one_of("ck_role_proposals_role", *ROLES), nullable=False),
        sa.Column("area_code", sa.String(12), nullable=False),
        sa.Column("proposed_by_id", ID, nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("outcome", one_of("ck_role_proposals_outcome", "confirmed", "refused"), nullable=True),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_role_proposals_decided")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_role_proposals_person_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_proposals")),
    )
    op.create_index(op.f("ix_role_proposals_person_id"), "role_proposals", ["person_id"])


def make_trail() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        person(is_nullable=True),
        sa.Column("login_mark", sa.String(80), nullable=False),
        sa.Column("outcome", one_of("ck_sign_ins_outcome", *OUTCOMES), nullable=False),
        sa.Column("address", sa.String(60), nullable=False),
        sa.Column("agent", sa.String(300), nullable=False),
        sa.Column("is_known_browser", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("session_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sign_ins_person_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_sign_ins_session_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
    )
    op.create_index("ix_sign_ins_person_id_at", "sign_ins", ["person_id", "at"])
    op.create_index("ix_sign_ins_address_at", "sign_ins", ["address", "at"])
    if op.get_bind().dialect.name == "sqlite":
        for guard in (SQLITE_NO_UPDATE, SQLITE_NO_EARLY_DELETE, SQLITE_NO_REPLACE):
            op.execute(guard)
        return
    op.execute(POSTGRES_FUNCTION)
    op.execute("CREATE TRIGGER sign_ins_no_update BEFORE UPDATE ON sign_ins FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.execute("CREATE TRIGGER sign_ins_no_early_delete BEFORE DELETE ON sign_ins "
               "FOR EACH ROW EXECUTE FUNCTION refuse_early_delete()")
    op.execute("CREATE TRIGGER sign_ins_no_truncate BEFORE TRUNCATE ON sign_ins "
               "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")


def downgrade() -> None:
    op.create_table(
        "sign_in_failures",
        sa.Column("id", ID, nullable=False),
        sa.Column("login", sa.String(60), nullable=False),
        sa.Column("count", ID, nullable=False),
        sa.Column("locked_until", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
        sa.UniqueConstraint("login", name=op.f("uq_sign_in_failures_login")),
    )
    op.create_table(
        "ended_sessions",
        sa.Column("mark", sa.String(60), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_ended_sessions")),
    )
    op.add_column("people", sa.Column("session_mark", sa.String(40), server_default="", nullable=False))
    op.drop_column("people", "email_since")
    op.drop_column("outbox", "address")
    for table in ("throttles", "sign_ins", "role_proposals", "sign_in_links", "sessions"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_early_delete()")
