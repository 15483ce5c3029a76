"""The forms of a circular: its blocks, and its sign-off."""

from typing import Any

from wtforms import HiddenField

from tracker.domain.house.say import Say
from tracker.domain.reports.issuing.blocks import LONGEST, Block
from tracker.domain.tables.cells import whole_number
from tracker.services.reports.papers import CircularPaper
from tracker.web.house.forms import HouseForm, long_text, text

ROWS, CHARACTERS = (2, 12), 38  # of a box: at least and at most, and how much stands on a line


class _SeenForm(HouseForm):
    """Says which state of the circular was seen."""

    seq = HiddenField()

    def seen(self) -> int:
        """The number of the last fact that was seen; of a form without one, none that there is."""
        return whole_number(str(self.seq.data or "")) or 0

    def look_again(self, seq: int) -> None:
        """From now on this state was seen; what was typed stays."""
        self.seq.data = str(seq)


class CircularSignForm(_SeenForm):
    """The sign-off, with the number where the office gave another one than the next."""

    serial = text("文号序号", longest=5, is_required=False, hint="留空则取下一个；跳过的号视为另行使用")

    def wanted_serial(self) -> int | None:
        """The number that was typed; 0 for what is none."""
        typed = str(self.serial.data or "")
        return (whole_number(typed) or 0) if typed else None


class TextsForm(_SeenForm):
    """A box for each block."""

    blocks: tuple[Block, ...] = ()

    def texts(self) -> dict[str, str]:
        """What stands in the boxes, by the keys of the blocks."""
        return {block.key: str(self[block.key].data or "") for block in self.blocks}

    def restore(self, key: str) -> None:
        """Put the composed text back into its box."""
        for block in self.blocks:
            if block.key == key:
                self[key].data = block.composed


def texts_form(paper: CircularPaper) -> TextsForm:
    """The form of a circular as it stands."""
    boxes: dict[str, Any] = {block.key: long_text(_box_word(paper.blocks, block), longest=LONGEST, is_required=False,
                                                  rows=_rows_of(block), lang="zh-CN") for block in paper.blocks}
    made: TextsForm = type("BlocksForm", (TextsForm,), boxes)(data={
        "seq": paper.seq, **{block.key: block.text for block in paper.blocks}})
    made.blocks = paper.blocks
    return made


def _box_word(blocks: tuple[Block, ...], block: Block) -> str:
    """主送, or which paragraph of which part."""
    if not block.heading:
        return Say("主送") if block is blocks[0] else Say("开头")
    same = [each.key for each in blocks if each.heading == block.heading]
    return Say("{heading}，第 {place} 段", heading=block.heading, place=same.index(block.key) + 1)


def _rows_of(block: Block) -> int:
    lines = max(len(block.text), len(block.composed)) // CHARACTERS + 1
    return min(max(lines, ROWS[0]), ROWS[1])
