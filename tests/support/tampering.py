"""Changing history behind the product's back, as somebody with the database's own password could: triggers dropped by hand."""

from sqlalchemy import Connection, text

from tracker.storage.house.base import db

SQLITE = (
    "facts_no_UPDATE", "facts_no_DELETE", "log_no_UPDATE", "log_no_DELETE", "reports_no_UPDATE", "reports_no_DELETE",
    "rule_values_no_UPDATE", "rule_values_no_DELETE",
)
POSTGRES = (("facts_append_only", "facts"), ("log_append_only", "log"), ("reports_append_only", "reports"),
            ("rule_values_append_only", "rule_values"))


def tamper(*statements: str) -> None:
    """Drop the guards, then run the statements."""
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        drops = [f"DROP TRIGGER IF EXISTS {name}" for name in SQLITE]
    else:
        drops = [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table in POSTGRES]
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _let_references_dangle(connection)
        for statement in (*drops, *statements):
            connection.execute(text(statement))
        if db.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _let_references_dangle(connection: Connection) -> None:
    """An entry of the log may lose its fact."""
    if db.engine.dialect.name == "sqlite":
        connection.exec_driver_sql("COMMIT")  # the engine's own BEGIN, within which the pragma does nothing
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    else:
        connection.exec_driver_sql("ALTER TABLE log DROP CONSTRAINT IF EXISTS fk_log_fact_id")
