"""Changing history behind the product's back, as somebody with the database's own password could: triggers dropped by hand."""

from sqlalchemy import text

from tracker.storage.house.base import db

SQLITE = (
    "facts_no_UPDATE", "facts_no_DELETE", "seals_no_UPDATE", "seals_no_DELETE", "reports_no_UPDATE", "reports_no_DELETE",
    "rule_values_no_UPDATE", "rule_values_no_DELETE", "words_no_UPDATE", "words_no_DELETE",
)
POSTGRES = (("facts_append_only", "facts"), ("seals_append_only", "seals"), ("reports_append_only", "reports"),
            ("rule_values_append_only", "rule_values"), ("words_only_erased", "words"))


def tamper(*statements: str) -> None:
    """Drop the guards, then run the statements."""
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        drops = [f"DROP TRIGGER IF EXISTS {name}" for name in SQLITE]
    else:
        drops = [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table in POSTGRES]
    with db.engine.begin() as connection:
        for statement in (*drops, *statements):
            connection.execute(text(statement))
