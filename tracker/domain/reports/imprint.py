"""What every report says of itself: the instants it counts between, the latest seal of the ledger, that it is a draft, who leads
a chart, and how many there are of what there are any."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from tracker.domain.reports.document import Document
from tracker.domain.reports.inputs import Inputs

ADDRESSEES = "各街道（镇）、各责任单位"  # 主送 of an office that says nothing of its own


def minute(at: datetime) -> str:
    """An office instant to the minute."""
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


def counted_between(inputs: Inputs) -> str:
    """The stretch that is counted, as a subtitle."""
    return f"统计期 {minute(inputs.window.opens)} 至 {minute(inputs.window.cuts)}"


def foot(inputs: Inputs) -> tuple[str, ...]:
    """The last lines: the cut, and the seal that anchors the ledger outside the database."""
    sealed = f"账本封签（{inputs.seal[0]}）：{inputs.seal[1]}" if inputs.seal else "账本尚未封签。"
    return f"数据截至 {minute(inputs.window.cuts)}，由账本逐条统计，可凭账本重算。", sealed


def draft(document: Document, *, is_over: bool) -> Document:
    """The document as it goes out while it is no frozen one: nobody shall take it for the published period."""
    return replace(document, subtitle=f"{document.subtitle}（{'未存档的预览' if is_over else '统计期未结束，未存档的预览'}）")


def leader(head: str, rows: Sequence[tuple[str, int]], measure: str = "件") -> str:
    """A chart's title that states its answer: who has most."""
    most = max((value for _, value in rows), default=0)
    if most == 0:
        return f"{head}均为零"
    first = [name for name, value in rows if value == most]
    return f"{head}最多：{'、'.join(first[:3])}{'等' if len(first) > 3 else ''}，{most} {measure}"


def counts_told(counts: Iterable[tuple[str, int]], separator: str = "，") -> str:
    """How many cases of each, in a sentence: without those of which there are none."""
    return separator.join(f"{word} {count} 件" for word, count in counts if count)
