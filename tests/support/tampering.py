"""Changing history behind the product's back, as somebody with the database's own password could: the guards are taken away and
put back as they were."""

from collections.abc import Iterable

from sqlalchemy import Connection, Executable, text

from tracker.storage.house.base import db

OFF, ON = ("ALTER TABLE {} DISABLE TRIGGER ALL", "ALTER TABLE {} ENABLE TRIGGER ALL")


def tamper(*statements: str | Executable) -> None:
    """Run the statements on a database without guards, foreign keys included; afterwards every guard stands again."""
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        _tamper_with_sqlite(statements)
        return
    with db.engine.begin() as connection:
        tables = [row[0] for row in connection.execute(text("SELECT relname FROM pg_class WHERE relkind = 'r' AND "
                                                            "relnamespace = 'public'::regnamespace"))]
        _run_all(connection, [OFF.format(table) for table in tables])
        _run_all(connection, statements)
        _run_all(connection, [ON.format(table) for table in tables])


def _tamper_with_sqlite(statements: Iterable[str | Executable]) -> None:
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        guards = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        _run_all(connection, [f"DROP TRIGGER {name}" for name, _ in guards])
        _run_all(connection, statements)
        for _, sql in guards:
            connection.exec_driver_sql(sql)
        connection.commit()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _run_all(connection: Connection, statements: Iterable[str | Executable]) -> None:
    for statement in statements:
        connection.execute(text(statement) if isinstance(statement, str) else statement)
