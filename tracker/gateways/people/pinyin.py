"""Chinese words as they are typed without tones: 西湖区 is xihuqu, and xhq for short."""

from itertools import islice, product

MOST_READINGS = 32


def spellings(word: str) -> frozenset[str]:
    """The pinyin of a word and its initials, in every reading of its characters; nothing for a word without Chinese."""
    if word.isascii():
        return frozenset()
    from pypinyin import Style, pinyin  # its tables take a third of a second, and few commands set a password

    readings = islice(product(*pinyin(word, style=Style.NORMAL, heteronym=True)), MOST_READINGS)
    return frozenset(text for each in readings for text in ("".join(each), "".join(syllable[:1] for syllable in each)))
