"""What people write into a cell, read as a value: text, types, findings, outcomes, numbers. Dates are in `moments`.

Each reader takes a raw cell and returns a value, None for an empty cell, or raises `Unreadable` with a sentence.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time

from tracker.domain.cases.categories.rows import OTHER
from tracker.domain.cases.wording import CHANNELS, FINDINGS
from tracker.domain.house.errors import Invalid
from tracker.domain.house.identifiers import number_key
from tracker.domain.territory.shapes.layers import SIDES
from tracker.domain.territory.shapes.mileage import read_mileage

EARLIEST_YEAR = 1990
EMPTY_WORDS = frozenset({"", "-", "--", "—", "——", "/", "nan", "none", "null", "#n/a"})


class Formula(str):
    """A cell that holds a formula instead of a value."""

    __slots__ = ()


class Reshaped(float):
    """A number that its sheet shows in another shape than it is kept in, such as 1,234.00 or 1.2E+09; `shape` is the format."""

    shape: str = ""


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


_SCIENTIFIC = re.compile(r"\d(?:\.\d*)?E\+\d+", re.IGNORECASE)
MOST_DIGITS = 15  # that a number keeps in a spreadsheet; those after it are zeros
_EXCEL_LOST = "被 Excel 改成了数字，末几位已经丢失，请在原表把这一列设为文本格式后重填"


def identifier(cell: object) -> str:
    """A number that names something (a file, a phone, an identity), as its sheet shows it. Raises where Excel has changed it."""
    if isinstance(cell, Reshaped):
        raise Unreadable(f"以数字格式“{cell.shape}”显示，与所存的数不同，请在原表把这一列设为文本格式后重填")
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 10**MOST_DIGITS:
        raise Unreadable(_EXCEL_LOST)
    written = text(cell)
    if is_scientific(written):
        raise Unreadable(_EXCEL_LOST)
    return written


def is_scientific(written: str) -> bool:
    """2.02E+15: a long number that Excel has shortened."""
    return "+" in written and _SCIENTIFIC.fullmatch(written) is not None


def source_number(cell: object) -> tuple[str | None, bool]:
    """The source's own number without its star, and whether it had one (a key case). Its grammar is nobody's business."""
    number = number_key(identifier(cell))
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


# --- along a railway --------------------------------------------------------------------------------------------------------


def mileage(cell: object) -> str:
    """A mileage as it is written properly; "" for none."""
    written = key(cell)
    if written.casefold() in EMPTY_WORDS:
        return ""
    try:
        return str(read_mileage(written))
    except Invalid:
        raise Unreadable(f"应写成 K1449+300 或 12.3 km 的样子，“{written[:20]}”无法识别") from None


def rail_side(cell: object) -> str:
    """Left or right of a line, as a code; "" for neither."""
    written = key(cell)
    if written.casefold() in EMPTY_WORDS:
        return ""
    if written not in _SIDES:
        raise Unreadable(f"只能是 左侧、右侧；“{written[:20]}”无法识别")
    return _SIDES[written]


_SIDES = {word: code for code, name in SIDES.items() for word in (name, name[:1], code)}

# --- types, findings, outcomes --------------------------------------------------------------------------------------------

_BETWEEN_TYPES = re.compile(r"[、,;/\\|+&\s和及与]+")
_AROUND_TYPE = re.compile(r"(?:污染|问题|类|等)+$")


def categories(cell: object, known: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """The codes of a cell that may name several types with any separator, and the words that no code stands for. `known` are the
    words that mean a type, in small letters."""
    written = re.sub(r"[(\[].*?[)\]]", "", unicodedata.normalize("NFKC", text(cell)).casefold())
    if written in EMPTY_WORDS:
        return (), ""
    if written in known:
        return (known[written],), ""
    codes: list[str] = []
    unknown: list[str] = []
    for word in filter(None, _BETWEEN_TYPES.split(written)):
        code = known.get(word) or known.get(_AROUND_TYPE.sub("", word))
        codes.append(code or OTHER)
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


# What published tables put into the cells of types, whatever an office calls its own: such a word is no header.
_TYPE_WORDS = (
    "大气", "空气", "废气", "异味", "恶臭", "恶臭异味", "机动车", "臭气", "烟尘", "水", "水体", "污水", "废水", "黑臭水体", "水环境", "饮用水",
    "土壤", "生态", "生态破坏", "自然生态", "生态环境", "噪声", "噪音", "振动", "噪声振动", "辐射", "电磁辐射", "电磁", "固废", "固体废物", "固体废弃物",
    "危险废物", "危废", "海洋", "海洋环境", "油烟", "餐饮油烟", "扬尘", "粉尘", "垃圾", "生活垃圾", "建筑垃圾", "畜禽养殖", "畜禽", "养殖", "重金属",
    "铁路沿线", "铁路", "其他", "其它",
)
_LISTED = frozenset(map(str.casefold, (*_TYPE_WORDS, *_FINDING_CODES, *_OUTCOME_CODES, *_CHANNEL_CODES)))


def is_listed_word(word: str) -> bool:
    """One of the words that stand in the cells of types, findings, outcomes and ways in."""
    return word.casefold() in _LISTED


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
