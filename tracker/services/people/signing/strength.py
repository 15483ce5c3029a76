"""Whether a password is good enough: long, hard to guess, and not a common word or one of the office with a year behind it."""

import re
import unicodedata
from collections.abc import Collection
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session
from zxcvbn import zxcvbn

from tracker.domain.house.say import Say
from tracker.gateways.people.pinyin import spellings
from tracker.storage.people.accounts import Person, Unit
from tracker.storage.territory.territory import AreaRow

SHORTEST, LONGEST = 10, 200
RATED = 72  # zxcvbn refuses longer ones, and what is that long by itself is hard to guess
LEAST_SCORE = 3
MOST_PARTS = 3
FEWEST_LETTERS = 4  # fewer say nothing of what is mostly digits
LIST = Path(__file__).resolve().parents[3] / "reference" / "passwords-cn.txt"
COMMON = frozenset(line for line in LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
_NO_LETTER = re.compile(r"[\W\d_]+")


def trouble_of(password: str, words: Collection[str]) -> Say | str | None:
    """Why it is not good enough, never repeating it; None when it is. `words` are the person's and the office's."""
    if not SHORTEST <= len(password) <= LONGEST:
        return Say("密码应为 {shortest} 至 {longest} 个字符。", shortest=SHORTEST, longest=LONGEST)
    own = {letters for word in words for each in (word, *spellings(word)) if len(letters := letters_of(each)) > 1}
    if is_made_of(letters_of(password), own | COMMON):
        return "密码是常用词、人名、地名或本单位的词，加上数字和符号也容易被猜到，请换一个。"
    if zxcvbn(password[:RATED], user_inputs=sorted(own))["score"] < LEAST_SCORE:
        return "密码容易被猜到，请换一个：可用三四个不相干的词连在一起。"
    return None


def letters_of(text: str) -> str:
    """What is left without years, digits and marks, however wide the letters were typed."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold())


def is_made_of(letters: str, words: Collection[str]) -> bool:
    """Whether these letters are one of the words, or a few of them in a row."""
    if len(letters) < FEWEST_LETTERS:
        return False
    reached = {0}
    for _ in range(MOST_PARTS):
        reached |= {start + len(word) for start in reached for word in words if letters.startswith(word, start)}
    return len(letters) in reached


def words_for(session: Session, person: Person) -> set[str]:
    """The words that a guesser would try for this person: who they are, where they work, what the office deals with."""
    return {person.login, person.name, *re.split(r"[._-]", person.login), *_read_words(session)}


def _read_words(session: Session) -> set[str]:
    units = session.execute(select(Unit.name, Unit.code)).all()
    areas = session.scalars(select(AreaRow.name).distinct()).all()
    named = {*areas, *(name for name, _ in units)}
    return {*named, *(name[:-1] for name in named if len(name) > 2), *(code for _, code in units)}  # 西湖区 is 西湖 as well
