"""Mileage （里程） of a railway: how people write it, and where it lies along a line by its kilometre posts."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Listed, Say

PLAIN = "K"
KILOMETRE = 1000.0
SLACK = 0.5  # metres by which an end may be passed: posts and lines are measured apart
_POSTED = re.compile(r"([A-Z]{0,3})(\d{1,4})\+(\d{1,4}(?:\.\d{1,3})?)")
_DECIMAL = re.compile(r"([A-Z]{0,3}?)(\d{1,4}(?:\.\d{1,3})?)(?:KM|\u516c\u91cc|\u5343\u7c73)")


@dataclass(frozen=True)
class Mileage:
    """A kilometre post and the metres beyond it; `prefix` is what stands before the number, DK for the designers' mileage."""

    kilometre: int
    metres: float
    prefix: str = PLAIN

    def __str__(self) -> str:
        return f"{self.prefix}{self.kilometre}+{round(self.metres):03d}"


def read_mileage(text: str, field: str = "mileage") -> Mileage:
    """The mileage that a text means: K1449+300, k1449+300, "K1449 + 300", DK12+300 or 12.3 km. Raises `Invalid`."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if found := _POSTED.fullmatch(plain):
        return Mileage(int(found[2]), float(found[3]), found[1] or PLAIN)
    if found := _DECIMAL.fullmatch(plain):
        whole, _, part = found[2].partition(".")
        return Mileage(int(whole), float(f"0.{part or 0}") * KILOMETRE, found[1] or PLAIN)
    raise Invalid(Say("里程应写成 K1449+300 或 12.3 km 的样子，“{text}”无法识别。", text=text.strip()[:40]), field=field)


@dataclass(frozen=True)
class Posts:
    """The kilometre posts of a line: each kilometre with its distance from the line's beginning, both growing."""

    code: str
    name: str
    posts: tuple[tuple[int, float], ...]
    length: float
    aliases: tuple[str, ...] = ()

    def told(self, metre: float) -> str:
        """The mileage so many metres along the line. A long kilometre keeps its post: K1449+1005."""
        whole = float(round(metre))
        before = [post for post in self.posts if post[1] <= whole + 1e-9]
        kilometre, begins = before[-1] if before else self._post_before(whole)
        beyond = whole - begins
        following = self.posts[len(before)] if len(before) < len(self.posts) else None
        if beyond >= KILOMETRE and (following is None or following[0] > kilometre + 1):  # posts are missing
            most = int(beyond // KILOMETRE) if following is None else min(int(beyond // KILOMETRE), following[0] - kilometre - 1)
            kilometre, beyond = kilometre + most, beyond - most * KILOMETRE
        return str(Mileage(kilometre, beyond))

    def metre_of(self, mileage: Mileage, field: str = "mileage") -> float:
        """How far along the line a mileage lies. Raises `Invalid` for one that the line does not have."""
        if mileage.prefix != PLAIN and mileage.prefix not in self.aliases:
            raise Invalid(Say("{line}没有“{prefix}”里程；请按运营里程填写，如 {example}。", line=self.name, prefix=mileage.prefix,
                              example=self.told(0)), field=field)
        begins = self._begin_of(mileage.kilometre)
        ends = next((metre for kilometre, metre in self.posts if kilometre == mileage.kilometre + 1), None)
        metre = begins + mileage.metres
        if (mileage.metres > KILOMETRE and ends is None) or (ends is not None and metre > ends + SLACK):
            long = (ends - begins) if ends is not None else KILOMETRE
            raise Invalid(Say("{line}的 K{kilometre} 这一公里只有 {long:.0f} 米，没有 {mileage}。", line=self.name,
                              kilometre=mileage.kilometre, long=long, mileage=str(mileage)), field=field)
        if not -SLACK <= metre <= self.length + SLACK:
            raise Invalid(Say("里程 {mileage} 不在线路上：{lines}。", mileage=str(mileage), lines=self.ends_told()), field=field)
        return min(max(metre, 0.0), self.length)

    def ends_told(self) -> Say:
        """From where to where it has mileage."""
        return Say("{line} {first}—{last}", line=self.name, first=self.told(0), last=self.told(self.length))

    def _begin_of(self, kilometre: int) -> float:
        """Where a kilometre begins; between and beyond the posts each is a thousand metres."""
        known = [post for post in self.posts if post[0] <= kilometre]
        at, metre = known[-1] if known else self.posts[0]
        return metre + (kilometre - at) * KILOMETRE

    def _post_before(self, metre: float) -> tuple[int, float]:
        kilometre, begins = self.posts[0]
        missing = -int((metre - begins) // KILOMETRE)
        return kilometre - missing, begins - missing * KILOMETRE


def metre_on(lines: Iterable[Posts], line: str, text: str) -> tuple[Posts, float]:
    """The line that is called so and how far along it a mileage lies. Raises `Invalid`, listing the lines and their ends."""
    known = tuple(lines)
    found = next((each for each in known if line.strip() in (each.code, each.name)), None)
    if found is None:
        raise Invalid(Say("没有线路“{line}”；已有：{lines}。", line=line.strip()[:40],
                          lines=Listed(each.ends_told() for each in known) if known else Say("无")), field="line")
    return found, found.metre_of(read_mileage(text))


def posts_of(code: str, name: str, extra: Mapping[str, object], length: float) -> Posts:
    """The posts that a line's file says."""
    listed, aliases = extra.get("posts"), extra.get("aliases")
    assert isinstance(listed, Sequence)
    return Posts(code, name, tuple((int(each[0]), float(each[1])) for each in listed), length,
                 tuple(map(str, aliases)) if isinstance(aliases, Sequence) and not isinstance(aliases, str) else ())
