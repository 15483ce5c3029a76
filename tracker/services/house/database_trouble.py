"""What the database itself refused, as a sentence: the last guard speaks through the names of its constraints."""

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

DATABASE_ERRORS: tuple[type[Exception], ...] = (SQLAlchemyError,)

SENTENCES: tuple[tuple[str, str], ...] = (
    ("this number is taken", "有人同时办理了这条记录，请刷新后再试。"),
    ("is append-only", "账本只能追加，不能修改或删除。"),
    ("verifier is of a rectifying unit", "核查人员不得来自整改单位。"),
    ("verifier_is_not_submitter", "整改、核查、销号须由三人分别办理。"),
    ("closer_is_not_submitter", "整改、核查、销号须由三人分别办理。"),
    ("closer_is_not_verifier", "整改、核查、销号须由三人分别办理。"),
    ("verifier_is_of_another_unit", "核查人员不得来自整改单位。"),
    ("uq_cases_source_number", "这个来源编号已经登记过。"),
    ("cases.source_number", "这个来源编号已经登记过。"),
    ("DeadlockDetected", "有人同时办理了相关的案件，请刷新后再试。"),
    ("uq_facts_stream_seq", "有人同时办理了这条记录，请刷新后再试。"),
    ("facts.stream", "有人同时办理了这条记录，请刷新后再试。"),
    ("no such table", "数据库还没有建表，请执行 flask db upgrade。"),
    ("UndefinedTable", "数据库还没有建表，请执行 flask db upgrade。"),
    ("no such column", "数据库的表结构旧了，请执行 flask db upgrade。"),
    ("UndefinedColumn", "数据库的表结构旧了，请执行 flask db upgrade。"),
    ("database is locked", "数据库正忙，请稍后再试。"),
    ("unable to open database file", "数据库文件打不开，请检查 DATABASE_URL。"),
    ("readonly database", "数据库文件不可写，请检查它的权限。"),
    ("disk is full", "磁盘已满，没有写入任何内容。"),
    ("DiskFull", "磁盘已满，没有写入任何内容。"),
    ("LockNotAvailable", "数据库正忙，请稍后再试。"),
    ("QueuePool limit", "数据库正忙，请稍后再试。"),
    ("disk I/O error", "数据库文件读写出错，请检查磁盘。"),
    ("not a database", "数据库文件已损坏，或不是数据库文件。"),
    ("malformed", "数据库文件已损坏，请从备份恢复。"),
)


def is_collision(error: BaseException | None) -> bool:
    """Whether somebody else was quicker: the same key twice, or two transactions waiting for each other."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return False
    state = getattr(error.orig, "sqlstate", "")
    return state in {"23505", "40P01", "40001"} or str(error.orig).startswith(
        ("UNIQUE constraint failed", "facts is append-only: this number is taken"))


def sentence_of(error: Exception) -> str:
    """One Chinese sentence for a database error; nothing of the statement or its values is repeated."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    text = f"{type(cause).__name__} {cause}"
    for sign, sentence in SENTENCES:
        if sign in text:
            return sentence
    if isinstance(error, IntegrityError):
        return "数据库拒绝了这次写入：与已有数据或约束冲突。"
    if isinstance(error, OperationalError):
        return "数据库连不上或没有应答，请检查 DATABASE_URL 和数据库服务。"
    return f"数据库出错({type(cause).__name__})，没有写入任何内容。"
