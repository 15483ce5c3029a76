"""Days and instants as people write them into a cell."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from tracker.domain.tables.cells import EARLIEST_YEAR, EMPTY_WORDS, Unreadable, text

_CLOCK_TIME = r"(?:[T ]*(\d{1,2})[:时点](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?)?分?)?"
_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?" + _CLOCK_TIME)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})" + _CLOCK_TIME)
_NAMED = re.compile(r"(\d{1,2})-([A-Z]{3})-(\d{2}|\d{4})" + _CLOCK_TIME)
_MONTHS = {name: at
           for at, name in enumerate(["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"], 1)}
# What stands beside a day and changes nothing: its name in the week, the half of the day where no hour follows, our own zone.
_BESIDE = re.compile(r"[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?|(?<=日)[上下中]午$|(?<=\d)\+08:?00$")
_DAY_FIRST = 12  # no month is higher, so 24/05/2026 can be read one way only
_CHINESE_DAY = re.compile(r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日")
_DIGITS = {sign: str(value % 10) for value, sign in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
_SERIAL_DAYS = range(25569, 73051)  # 1970 to 2099 as Excel counts days


def moment(cell: object, today: date, *, is_month_first: bool = False) -> datetime | date | None:
    """A date, or a date and a wall-clock time, in any of the ways they are written. Years that cannot be are refused."""
    if isinstance(cell, datetime):
        value: datetime | date | None = cell.replace(tzinfo=None, microsecond=0)
    elif isinstance(cell, date):
        value = cell
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        value = _from_serial(cell)
    else:
        value = _from_text(cell, is_month_first)
    if value is not None and not EARLIEST_YEAR <= value.year <= today.year + 1:
        raise Unreadable(f"的年份 {value.year} 不合理（应在 {EARLIEST_YEAR} 至 {today.year + 1} 之间）")
    return value


def day(cell: object, today: date, *, is_month_first: bool = False) -> date | None:
    """The date alone."""
    value = moment(cell, today, is_month_first=is_month_first)
    return value.date() if isinstance(value, datetime) else value


def _from_serial(number: float) -> datetime | date:
    if 19000101 <= number <= 21001231 and (found := _COMPACT.fullmatch(str(int(number)))):
        return _make_moment(*found.groups())
    if int(number) not in _SERIAL_DAYS:
        raise Unreadable(f"应为日期，“{text(number)}”无法识别")
    value = datetime(1899, 12, 30) + timedelta(seconds=round(number * 86400))  # noqa: DTZ001 - a cell has no zone
    return value.date() if number == int(number) else value


def _from_text(cell: object, is_month_first: bool) -> datetime | date | None:
    whole = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text(cell))).strip().upper()
    if whole.casefold() in EMPTY_WORDS:
        return None
    written = _BESIDE.sub("", whole.removeprefix("'")).strip()
    if re.fullmatch(r"\d{5}(\.\d+)?", written):
        return _from_serial(float(written))
    if parts := _read_parts(written, is_month_first):
        return _make_moment(*parts)
    raise Unreadable(f"应为日期，如 2026-11-23；“{whole[:30]}”无法识别")


def _read_parts(written: str, is_month_first: bool) -> tuple[str, ...] | None:
    """Year, month and day as digits, and the hour where one follows."""
    if found := _YEAR_FIRST.fullmatch(written) or _COMPACT.fullmatch(written):
        return found.groups()
    if found := _SLASHED.fullmatch(written):
        first, second, year, *clock_time = found.groups()
        if is_month_first:
            return year, first, second, *clock_time
        return (year, second, first, *clock_time) if int(first) > _DAY_FIRST >= int(second) else None
    if (found := _NAMED.fullmatch(written)) and found[2] in _MONTHS:
        year = found[3] if len(found[3]) == 4 else f"20{found[3]}"
        return year, str(_MONTHS[found[2]]), found[1], *found.groups()[3:]
    if found := _CHINESE_DAY.fullmatch(written):
        return "".join(_DIGITS[sign] for sign in found[1]), str(_small_number(found[2])), str(_small_number(found[3]))
    return None


def _small_number(written: str) -> int:
    """A Chinese number below a hundred."""
    tens, ten, ones = written.rpartition("十")
    return (int(_DIGITS[tens] if tens else "1") * 10 if ten else 0) + int(_DIGITS[ones] if ones else "0")


def _make_moment(year: str, month: str, on: str, hour: str | None = None, minute: str | None = None, second: str | None = None
          ) -> datetime | date:
    try:
        if hour is None:
            return date(int(year), int(month), int(on))
        return datetime(int(year), int(month), int(on), int(hour), int(minute or 0), int(second or 0))  # noqa: DTZ001
    except ValueError:
        raise Unreadable(f"的日期 {year}-{month}-{on} 不存在") from None
