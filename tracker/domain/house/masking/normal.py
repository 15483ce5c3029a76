"""The normal form in which texts are compared with an identity, and where each of its characters stood."""

import re
import unicodedata

_BLANKS = r"\s\u00ad\u0300-\u036f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef"
_SKIPPED = re.compile(rf"[{_BLANKS}.·•‧∙⋅・ー\-‐-―−]+")
INVISIBLE = re.compile(r"[\u00ad\u0300-\u036f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
CHINESE_DIGITS = "〇零一二三四五六七八九幺○壹贰叁肆伍陆柒捌玖"
_AS_DIGITS = str.maketrans(CHINESE_DIGITS, "00123456789" + "10" + "123456789")


def normal(text: str) -> str:
    """NFKD, case-folded, without blanks, what cannot be seen, accents, dots and hyphens."""
    return _SKIPPED.sub("", unicodedata.normalize("NFKD", text).casefold())


def as_digits(form: str) -> str:
    """A normal form with Chinese digits as digits; no place in it moves."""
    return form.translate(_AS_DIGITS)


def placed(text: str) -> tuple[str, list[int]]:
    """The normal form, and for each of its characters the place in the text that it comes from."""
    form: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        said = char if "\u4e00" <= char <= "\u9fff" or "0" <= char <= "9" else normal(char)
        form.append(said)
        places.extend([place] * len(said))
    return "".join(form), places
