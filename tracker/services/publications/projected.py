"""What a record would say to the public, whatever it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.domain.house.errors import NotFound
from tracker.domain.house.masking import Mask
from tracker.domain.house.say import Say

Line = tuple[str, ...]


@dataclass(frozen=True)
class Projected:
    """What a record would say to the public: its title, its texts by field, its table, how often it moved, who had a hand in it,
    and who must not be named."""

    title: str
    area_code: str
    texts: Mapping[str, str]
    columns: Line = ()
    rows: tuple[Line, ...] = ()
    seq: int = 0
    hands: frozenset[int] = frozenset()
    sealed: Mask = field(default_factory=Mask)

    @property
    def table(self) -> dict[str, object]:
        """Its table as it is kept."""
        return {"columns": list(self.columns), "rows": [list(row) for row in self.rows]} if self.columns else {}


def no_such_subject(subject: str) -> NotFound:
    """The one answer for absent and forbidden alike."""
    return NotFound(Say("没有找到可公开的“{subject}”，或您无权查看。", subject=subject[:60]))
