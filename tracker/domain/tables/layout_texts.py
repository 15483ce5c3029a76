"""A saved layout as people write it: a line for each header with what it holds, a line for each word with what it means. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.domain.tables.columns import CaseColumn, normalised
from tracker.domain.tables.plans import SKIPPED, is_told
from tracker.domain.tables.wording import COLUMN_WORDS

MEANS, OF = "=", "："
LEFT_OUT = "不导入"
_CODES = {word: column.value for column, word in COLUMN_WORDS.items()} | {column.value: column.value for column in CaseColumn}
Values = Mapping[CaseColumn, Mapping[str, str]]


def mapping_text(headers: Sequence[str], mapping: Mapping[str, str]) -> str:
    """A line for each header: what its column holds, that it is left out, or nothing where nobody has said."""
    return "\n".join(f"{header} {MEANS} {_word_of(mapping.get(header))}".strip() for header in headers)


def read_mapping(text: str) -> tuple[list[str], dict[str, str]]:
    """The headers in order, and what is said of them. Raises `Invalid` naming the line that means nothing."""
    headers, mapping = list[str](), dict[str, str]()
    for number, header, word in _pairs_of(text, "mapping"):
        header = normalised(header)
        if header in headers:
            raise Invalid(Say("第 {number} 行的表头“{header}”重复了。", number=number, header=header), field="mapping")
        headers.append(header)
        if not word:
            continue
        if word != LEFT_OUT and word not in _CODES:
            raise Invalid(Say("第 {number} 行：没有“{word}”这一栏。", number=number, word=word), field="mapping")
        mapping[header] = "" if word == LEFT_OUT else _CODES[word]
        twice = [each for each in mapping.values() if each and each == mapping[header]]
        if len(twice) > 1:
            raise Invalid(Say("第 {number} 行：已有一列对应“{word}”。", number=number, word=word), field="mapping")
    if not is_told(frozenset(CaseColumn(each) for each in mapping.values() if each)):
        raise Invalid("还没有选哪一列是“问题描述”：每件案件都要有。", field="mapping")
    return headers, mapping


def values_text(values: Values) -> str:
    """A line for each word of a column that means another."""
    return "\n".join(f"{_word_of(column.value)}{OF}{word} {MEANS} {LEFT_OUT if meant == SKIPPED else meant}"
                     for column, words in values.items() for word, meant in words.items())


def read_values(text: str) -> dict[CaseColumn, dict[str, str]]:
    """What words mean, by column. Raises `Invalid` naming the line that means nothing."""
    values: dict[CaseColumn, dict[str, str]] = {}
    for number, said, meant in _pairs_of(text, "words"):
        column, colon, word = said.partition(OF)
        if not colon or column.strip() not in _CODES or not word.strip() or not meant:
            raise Invalid(Say("第 {number} 行应写成“栏目：词 = 意思”，如“问题类型：灯光 = 其他”。", number=number), field="words")
        values.setdefault(CaseColumn(_CODES[column.strip()]), {})[word.strip()] = SKIPPED if meant == LEFT_OUT else meant
    return values


def _pairs_of(text: str, field: str) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        said, sign, meant = line.rpartition(MEANS)
        if not sign or not said.strip():
            raise Invalid(Say("第 {number} 行应写成“甲 = 乙”。", number=number), field=field)
        yield number, said.strip(), meant.strip()


def _word_of(code: str | None) -> str:
    if code is None:
        return ""
    return COLUMN_WORDS.get(CaseColumn(code), code) if code else LEFT_OUT
