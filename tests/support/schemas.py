"""What a database looks like and what is in it, in a form that two databases can be compared by."""

from typing import Any

from sqlalchemy import Connection, inspect

# What SQLite keeps behind a full-text table is as the engine pleases.
SQLITE_SCHEMA = (
    "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'case\\_index\\_%' ESCAPE '\\'")
POSTGRES_SCHEMA = """
SELECT 'column ' || c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' '
       || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT 'constraint ' || conname || ' on ' || conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'trigger ' || tgname || ' on ' || tgrelid::regclass, pg_get_triggerdef(oid)
  FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function ' || proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
INDEX_WORDS = "CREATE VIRTUAL TABLE temp.index_words USING fts5vocab('main', 'case_index', 'instance')"

Row = dict[str, Any]


def schema(connection: Connection) -> dict[str, object]:
    """Every table, constraint, index, trigger and function by its name. Of a table that SQLite built anew, the constraints come
    in any order, so a definition there is its lines, sorted."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql(SQLITE_SCHEMA)
        return {name: sorted(line.strip(" \t,") for line in sql.splitlines()) for name, sql in found}
    return {row[0]: row[1] for row in connection.exec_driver_sql(POSTGRES_SCHEMA)}


def contents(connection: Connection) -> dict[str, list[Row]]:
    """The rows of every table but Alembic's and the search index."""
    names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"
             and not name.startswith("case_index")]
    return {name: [dict(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}").mappings()] for name in names}


def index_words(connection: Connection) -> set[tuple[Any, ...]]:
    """Every token of the search index with its case and its places."""
    if connection.dialect.name != "sqlite":
        return {tuple(row) for row in connection.exec_driver_sql("SELECT rowid, part, words::text FROM case_index")}
    connection.exec_driver_sql(INDEX_WORDS)
    try:
        return {tuple(row) for row in connection.exec_driver_sql('SELECT term, doc, "offset" FROM temp.index_words')}
    finally:
        connection.exec_driver_sql("DROP TABLE temp.index_words")
