"""Money in fen, as whole numbers: read however it is typed, printed exactly; no float ever touches it."""

import re
import unicodedata
from decimal import Decimal

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say

FEN, MOST_FEN = 100, 10**12
_AMOUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(万元|万|元)?", re.ASCII)
UNITS = {"": 1, "元": 1, "万": 10_000, "万元": 10_000}


def read_money(raw: object, word: str, field: str) -> int:
    """An amount as it was typed (51.2万, 512,000, 512000元, 512000.00) in fen. Raises `Invalid` naming the field: for what is no
    amount, negative, finer than a fen, or beyond ten billion yuan."""
    text = unicodedata.normalize("NFKC", str(raw)).translate({0xFF0C: ","})
    fits = _AMOUNT.fullmatch("".join(text.split()).removeprefix("¥"))
    if fits is None:
        raise Invalid(Say("“{word}”应为不小于 0 的金额，如 51.2万、512,000 或 512000元；“{raw}”无法识别。", word=Say(word),
                          raw=str(raw)[:40]), field=field)
    yuan = Decimal(f"{fits[1].replace(',', '')}.{fits[2] or 0}")
    fen = yuan * UNITS[fits[3] or ""] * FEN
    if fen != int(fen) or (UNITS[fits[3] or ""] == 1 and len(fits[2] or "") > 2):
        raise Invalid(Say("“{word}”最多到分，“{raw}”的小数位太多。", word=Say(word), raw=str(raw)[:40]), field=field)
    if fen > MOST_FEN:
        raise Invalid(Say("“{word}”超过 {most} 元，请核对。", word=Say(word), most=yuan_text(MOST_FEN)), field=field)
    return int(fen)


def yuan_text(fen: int) -> str:
    """In yuan with two decimals: 50,000.00."""
    return f"{fen // FEN:,}.{fen % FEN:02d}"


def wan_text(fen: int) -> str:
    """In ten thousand yuan, exactly: 51.2, never rounded."""
    return f"{(Decimal(fen) / (FEN * 10_000)).normalize():f}"
