"""A database that is not there, busy, full or not writable: what people are told, since the same may go well later."""

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tracker.domain.house.say import Say
from tracker.services.house.database_trouble import is_collision

BUSY = Say("数据库正忙，请稍后再试。")
FULL = Say("服务器的磁盘已满，没有写入任何内容，请告知管理员。")
UNWRITABLE = Say("数据库现在不可写，没有写入任何内容，请告知管理员。")
SILENT = Say("数据库连不上或没有应答，请稍后再试。")
# SQLITE_BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB
OF_SQLITE = {5: BUSY, 6: BUSY, 7: BUSY, 8: UNWRITABLE, 10: SILENT, 11: SILENT, 13: FULL, 14: SILENT, 15: BUSY, 26: SILENT}
# beginnings of PostgreSQL's states: disk full, other wants, a lock waited for too long, read-only, connection, shutdown, files
OF_POSTGRES = {"53100": FULL, "53": BUSY, "55P03": BUSY, "57014": BUSY, "25006": UNWRITABLE, "08": SILENT, "57P": SILENT,
               "58": SILENT, "28": SILENT, "3D000": SILENT}


def outage_of(error: BaseException | None) -> Say | None:
    """What is wrong with the database itself, where the same may go well later: not there, busy, full, not writable. None where
    the request was at fault, or we are."""
    if isinstance(error, PoolTimeout):
        return BUSY
    cause = error.orig if isinstance(error, DBAPIError) else None
    if cause is None or is_collision(error):
        return None
    code, state = getattr(cause, "sqlite_errorcode", None), getattr(cause, "sqlstate", None)
    if code is not None:
        return OF_SQLITE.get(code & 0xFF)  # the higher bits only say more of the same
    if state is None:
        return SILENT if isinstance(error, OperationalError) else None
    return next((said for begin, said in OF_POSTGRES.items() if state.startswith(begin)), None)
