"""Running numbers without holes: what is missing of a series, as ranges."""

from collections.abc import Collection, Iterable, Iterator

Range = tuple[int, int]  # both ends belong to it


def holes(given: Collection[int], last: int) -> Iterator[Range]:
    """The ranges of 1 to `last` of which no number was given."""
    before = 0
    for number in (*sorted(number for number in given if number <= last), last + 1):
        if number > before + 1:
            yield before + 1, number - 1
        before = number


def unexplained(missing: Iterable[Range], skipped: Collection[Range]) -> Iterator[int]:
    """The missing numbers that no skipped range holds."""
    for first, last in missing:
        number = first
        while number <= last:
            ends = [end for start, end in skipped if start <= number <= end]
            if not ends:
                yield number
            number = max(ends, default=number) + 1
