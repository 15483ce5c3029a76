"""What people write into a cell, read as a value: text, dates, types, findings, outcomes, numbers.

Each reader takes a raw cell and returns a value, None for an empty cell, or raises `Unreadable` with a sentence.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from tracker.domain.cases.wording import CATEGORIES, CHANNELS, FINDINGS

EARLIEST_YEAR = 1990
EMPTY_WORDS = frozenset({"", "-", "--", "—", "——", "/", "nan", "none", "null", "#n/a"})


class Formula(str):
    """A cell that holds a formula instead of a value."""

    __slots__ = ()


class Unreadable(ValueError):
    """A cell cannot be understood; the message is a Chinese clause that follows the name of its column."""


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")


def whole_number(written: str) -> int | None:
    """The number of at most eighteen plain digits; None for anything else, for an address or a form may say anything."""
    return int(written) if re.fullmatch(r"[0-9]{1,18}", written) else None


def without_control(written: str) -> str:
    """The text without characters that no cell can hold."""
    return _CONTROL.sub("", written)


def text(cell: object) -> str:
    """The text of a cell: control characters dropped, line ends unified, blanks at both ends and at line ends gone."""
    if cell is None or cell is False:
        return ""
    if isinstance(cell, str) and cell.isprintable():
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        cell = cell.date()
    plain = without_control(str(cell).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    lines = [line.rstrip() for line in plain.strip().split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def key(cell: object) -> str:
    """A short text for comparing: width, blanks and line breaks do not matter."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text(cell)))


# --- numbers of sources -------------------------------------------------------------------------------------------------

_DATED = (
    re.compile(r"[DX][1-9][A-Z]{2}(\d{8})\d{3,4}"),  # central: D3JX202405240023
    re.compile(r"[DX]\d{6}(\d{8})\d{2,4}"),  # provincial: D53250020230620035
    re.compile(r"[A-Z]{1,6}(\d{8})\d{1,4}"),  # local: BCD2022092601
    re.compile(r"(\d{8})\d{2}"),  # round 1: 2017043052
)


def source_number(cell: object) -> tuple[str | None, bool]:
    """The source's own number without its star, and whether it had one (a key case). Its grammar is nobody's business."""
    if isinstance(cell, int | float) and abs(cell) >= 1e15:
        raise Unreadable("以数字格式保存，末几位已失真，请在原表改为文本格式后重填")
    number = key(cell)
    is_starred = number.endswith(("*", "＊", "★", "※"))
    number = number.rstrip("*＊★※")
    return (None if number.casefold() in EMPTY_WORDS else number), is_starred


def date_in_number(number: str | None, today: date) -> date | None:
    """The day that a source number seems to carry; None when its grammar is unknown."""
    for shape in _DATED:
        if number and (found := shape.fullmatch(number)):
            try:
                on = date(int(found[1][:4]), int(found[1][4:6]), int(found[1][6:]))
            except ValueError:
                return None
            return on if EARLIEST_YEAR <= on.year <= today.year + 1 else None
    return None


def channel_in_number(number: str | None) -> str | None:
    """D is a call, X a letter, in the numbers of inspection teams."""
    if number and any(shape.fullmatch(number) for shape in _DATED[:2]):
        return "phone" if number[0] == "D" else "letter"
    return None


# --- dates ----------------------------------------------------------------------------------------------------------------

_CLOCK_TIME = r"(?:[T ]*(\d{1,2})[:时点](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?)?分?)?"
_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?" + _CLOCK_TIME)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})" + _CLOCK_TIME)
_NAMED = re.compile(r"(\d{1,2})-([A-Z]{3})-(\d{2}|\d{4})" + _CLOCK_TIME)
_MONTHS = {name: at
           for at, name in enumerate(["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"], 1)}
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
    written = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text(cell))).strip().upper()
    if written.casefold() in EMPTY_WORDS:
        return None
    if found := _YEAR_FIRST.fullmatch(written):
        return _make_moment(*found.groups())
    if found := _COMPACT.fullmatch(written):
        return _make_moment(*found.groups())
    if re.fullmatch(r"\d{5}(\.\d+)?", written):
        return _from_serial(float(written))
    if (found := _SLASHED.fullmatch(written)) and is_month_first:
        return _make_moment(found[3], found[1], found[2], *found.groups()[3:])
    if (found := _NAMED.fullmatch(written)) and found[2] in _MONTHS:
        year = found[3] if len(found[3]) == 4 else f"20{found[3]}"
        return _make_moment(year, str(_MONTHS[found[2]]), found[1], *found.groups()[3:])
    raise Unreadable(f"应为日期，如 2026-11-23；“{written[:30]}”无法识别")


def _make_moment(year: str, month: str, on: str, hour: str | None = None, minute: str | None = None, second: str | None = None
          ) -> datetime | date:
    try:
        if hour is None:
            return date(int(year), int(month), int(on))
        return datetime(int(year), int(month), int(on), int(hour), int(minute or 0), int(second or 0))  # noqa: DTZ001
    except ValueError:
        raise Unreadable(f"的日期 {year}-{month}-{on} 不存在") from None


# --- types, findings, outcomes --------------------------------------------------------------------------------------------

_CATEGORY_WORDS: dict[str, str] = {word: code for code, word in CATEGORIES.items()} | {code: code for code in CATEGORIES} | {
    "空气": "air", "废气": "air", "异味": "air", "恶臭": "air", "恶臭异味": "air", "机动车": "air", "臭气": "air", "烟尘": "air",
    "水体": "water", "污水": "water", "废水": "water", "黑臭水体": "water", "水环境": "water", "饮用水": "water",
    "生态破坏": "ecology", "自然生态": "ecology", "生态环境": "ecology", "噪音": "noise", "振动": "noise", "噪声振动": "noise",
    "电磁辐射": "radiation", "电磁": "radiation", "固体废物": "solid_waste", "固体废弃物": "solid_waste", "危险废物": "solid_waste",
    "危废": "solid_waste", "海洋环境": "marine", "餐饮油烟": "fume", "粉尘": "dust", "生活垃圾": "garbage", "建筑垃圾": "garbage",
    "畜禽": "livestock", "养殖": "livestock", "铁路": "railway", "其它": "other",
    "air pollution work order": "air", "vehicle idling work order": "air", "noise complaint": "noise",
    "construction and demolition": "dust", "illegal dumping work order": "garbage", "water pollution": "water",
    "toxics hazardous materials work order": "solid_waste", "asbestos work order": "solid_waste",
    "service stations/storage tanks work order": "other", "permits issued by doe work order": "other",
}
_BETWEEN_TYPES = re.compile(r"[、,;/\\|+&\s和及与]+")
_AROUND_TYPE = re.compile(r"(?:污染|问题|类|等)+$")


def categories(cell: object) -> tuple[tuple[str, ...], str]:
    """The codes of a cell that may name several types with any separator, and the words that no code stands for."""
    written = re.sub(r"[(\[].*?[)\]]", "", unicodedata.normalize("NFKC", text(cell)).casefold())
    if written in EMPTY_WORDS:
        return (), ""
    if written in _CATEGORY_WORDS:
        return (_CATEGORY_WORDS[written],), ""
    codes: list[str] = []
    unknown: list[str] = []
    for word in filter(None, _BETWEEN_TYPES.split(written)):
        code = _CATEGORY_WORDS.get(word) or _CATEGORY_WORDS.get(_AROUND_TYPE.sub("", word))
        codes.append(code or "other")
        if code is None:
            unknown.append(word)
    return tuple(dict.fromkeys(codes)), "、".join(unknown)


_FINDING_CODES = {word: code for code, word in FINDINGS.items()} | {"是": "true", "否": "false", "部分属实部分不属实": "partly"}
_FINDING = re.compile(r"(?:经(?:现场)?(?:调查|核查|核实|查)?,?|反映(?:情况|问题)?|举报(?:情况|问题|内容)?|情况|总体)*"
                      r"(部分属实|基本属实|不属实|属实|是|否)(?=$|[^\w]|[。,;:(])")
_UNDECIDED = re.compile(r"^(?:正在|待|尚在|尚未|未)")


def finding(cell: object) -> str | None:
    """属实 / 基本属实 / 部分属实 / 不属实 as a code, also where prose begins with it; None while nobody has found out."""
    written = key(cell)
    if written.casefold() in EMPTY_WORDS or _UNDECIDED.match(written):
        return None
    if written in _FINDING_CODES:
        return _FINDING_CODES[written]
    if found := _FINDING.match(written):
        return _FINDING_CODES[found[1]]
    raise Unreadable(f"只能是 属实、基本属实、部分属实、不属实（或 是、否）；“{written[:20]}”无法识别")


COMPLETED = "done"
OUTCOMES: dict[str, str] = {COMPLETED: "已办结", "phased": "阶段性办结", "open": "正在办理"}
_OUTCOME_WORDS = {
    "done": ("已办结", "办结", "是", "已完成", "已整改", "已销号"),
    "phased": ("阶段性办结", "阶段办结", "阶段性", "已阶段性办结"),
    "open": ("正在办理", "未办结", "办理中", "否", "正在整改", "整改中", "未完成", "正在办结"),
}
_OUTCOME_CODES = {word: code for code, words in _OUTCOME_WORDS.items() for word in words}


def outcome(cell: object) -> str | None:
    """已办结 / 阶段性办结 / 正在办理 as a code."""
    written = key(cell)
    if written.casefold() in EMPTY_WORDS:
        return None
    code = _OUTCOME_CODES.get(written) or _OUTCOME_CODES.get(re.split(r"[,。;:(]", written)[0])
    if code is None:
        raise Unreadable(f"只能是 已办结、阶段性办结、正在办理；“{written[:20]}”无法识别")
    return code


_CHANNEL_CODES = {word: code for code, word in CHANNELS.items()} | {code: code for code in CHANNELS} | {
    "电话": "phone", "来电举报": "phone", "信件": "letter", "来信举报": "letter", "邮政信箱": "letter", "网上": "web", "网络举报": "web",
    "12345": "hotline", "微信举报": "wechat",
}


def channel(cell: object) -> str | None:
    """How a complaint came in, as a code; `unknown` for a word that is not ours."""
    written = key(cell)
    return None if written.casefold() in EMPTY_WORDS else _CHANNEL_CODES.get(written, "unknown")


def coordinate(cell: object, limit: int) -> float | None:
    """A decimal degree; 0 and empty mean absent."""
    written = key(cell).rstrip("°")
    if written.casefold() in EMPTY_WORDS:
        return None
    try:
        value = float(written)
    except ValueError:
        raise Unreadable(f"应为十进制度数，“{written[:20]}”无法识别") from None
    if not -limit <= value <= limit:
        raise Unreadable(f"应在 -{limit} 至 {limit} 之间，“{written[:20]}”不合理")
    return value or None


def sentences(written: str) -> Iterator[str]:
    """The sentences of a text, without their full stops."""
    return (part.strip() for part in re.split(r"[。;;!?!?\n]", written) if part.strip())


def title_of(description: str, longest: int = 40) -> str:
    """A title for a complaint that came without one: its first sentence, shortened."""
    first = next(sentences(description), "")
    return first if len(first) <= longest else first[: longest - 1] + "…"
