"""Three roles of law enforcement, and the source of what inspections find.

Revision ID: 0055
Revises: 0054
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

BEFORE = ("inspector", "clerk", "dispatcher", "officer", "verifier", "lead", "supervisor", "auditor", "admin", "custodian")
NEW = ("enforcer", "legal", "principal")
TABLES = ("role_grants", "role_proposals")
SOURCES = sa.table("sources", *map(sa.column, ("key", "name", "kind", "channel", "submit_gate", "verify_gate", "close_gate")),
                   sa.column("is_notice_required", sa.Boolean), sa.column("valid_from", sa.Date))
INSPECT = {"key": "INSPECT", "name": "监督检查问题", "kind": "patrol", "channel": "onsite", "is_notice_required": False,
           "submit_gate": "before_after_pair", "verify_gate": "onsite_record,onsite_photo",
           "close_gate": "before_after_pair,onsite_record,onsite_photo", "valid_from": date(2018, 1, 1)}


def one_of(roles: tuple[str, ...]) -> str:
    """The condition as both engines keep it."""
    return "role IN ({})".format(", ".join(f"'{role}'" for role in roles))


def upgrade() -> None:
    """A source that an office has under this key already stays as it is."""
    for table in TABLES:
        change_check(table, "role", one_of(BEFORE), one_of(BEFORE + NEW))
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM sources WHERE key = 'INSPECT'")) == 0:
        op.bulk_insert(SOURCES, [INSPECT])


def downgrade() -> None:
    """The older product knows nobody of these roles; the source stays where cases came from it."""
    op.execute("DELETE FROM sources WHERE key = 'INSPECT' AND NOT EXISTS (SELECT 1 FROM cases WHERE cases.source_id = sources.id)")
    for table in TABLES:
        rows = sa.table(table, sa.column("role"))
        op.execute(rows.delete().where(rows.c.role.in_(NEW)))
        change_check(table, "role", one_of(BEFORE + NEW), one_of(BEFORE))


def change_check(table: str, name: str, before: str, after: str) -> None:
    """Another condition for a CHECK of this name."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, after)
        return
    sql = bind.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).scalar_one()
    if sql.count(before) != 1:
        raise RuntimeError(f"ck_{table}_{name} does not read as it did")
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    bind.exec_driver_sql("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?",
                         (sql.replace(before, after), table))
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
