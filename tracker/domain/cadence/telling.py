"""Whom a beat made by hand is told to."""

from enum import StrEnum


class Telling(StrEnum):
    """`usual` is what the clock would do: the readers, but for what it has missed too much of. `mailed` are the readers in any
    case but a day off; `silent` is nobody."""

    usual = "usual"
    mailed = "mailed"
    silent = "silent"
