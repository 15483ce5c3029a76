"""月通报: what was registered, by channel, type and street, beside the month before and the year before; and the last twelve
months."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from tracker.domain.cases.flow import Steps
from tracker.domain.cases.stories import Move, Story
from tracker.domain.cases.wording import CHANNELS
from tracker.domain.house.errors import Broken
from tracker.domain.reports.counting import NO_BASE, NO_RATE, Piles, Rate, check_split
from tracker.domain.reports.document import Cell, Chart, Column, Section, Table
from tracker.domain.reports.imprint import counts_told, leader
from tracker.domain.reports.inputs import Inputs
from tracker.domain.reports.monthly.growth import signed
from tracker.domain.rules.periods import Period

STREET_DIGITS = 9
NO_STREET, NO_TYPE = "未填街道（镇）", "未分类"
PERIODS = ("now", "before", "year_before")
SHARE = "占比 = 该项件数 ÷ 本月登记件数"


def street_of(values: Mapping[str, object]) -> str:
    """The code of the street or town of a case, "" when only the district is known."""
    code = str(values.get("area_code") or "")
    return code[:STREET_DIGITS] if len(code) >= STREET_DIGITS else ""


def street_name(code: str, inputs: Inputs) -> str:
    """The street's name as it was when the report was made."""
    return inputs.areas.get(code, code) if code else NO_STREET


def types_text(categories: object, inputs: Inputs) -> str:
    """Problem types in words."""
    return "、".join(inputs.categories.get(str(each), str(each))
                    for each in categories) if isinstance(categories, list | tuple) and categories else NO_TYPE


class Splits:
    """Counts what is new in the three periods compared."""

    def __init__(self, *, is_torn: bool = False) -> None:
        self._is_torn = is_torn  # then the year before cannot be told apart
        self.by_channel: dict[str, Piles[str]] = {name: Piles() for name in PERIODS}
        self.by_type: dict[str, Piles[str]] = {name: Piles() for name in PERIODS}
        self.by_street: dict[str, Piles[str]] = {name: Piles() for name in PERIODS}
        self.totals: Piles[str] = Piles()
        self.imported = 0

    def add(self, period: str, number: str, end: Move) -> None:
        """CaseCount one case that was registered in a period, as it stood at its end."""
        self.totals.add(number, (period,))
        self.by_channel[period].add(number, (str(end.values.get("channel") or "unknown"),))
        self.by_street[period].add(number, (street_of(end.values),))
        self.by_type[period].add(number, dict.fromkeys(end.values.get("categories") or ("",)))
        self.imported += period == "now" and end.values.get("history") == "imported"

    def section(self, inputs: Inputs) -> Section:
        """Three tables and the picture of the types. Raises `Broken` when an exclusive split does not add up."""
        tables = (
            self._split_table("渠道", self.by_channel, lambda key: CHANNELS.get(key, key), True),
            self._split_table("问题类型", self.by_type, lambda key: inputs.categories.get(key, NO_TYPE), False),
            self._split_table("街道（镇）", self.by_street, lambda key: street_name(key, inputs), True),
        )
        if not self.totals["now"]:
            return Section("二、案件构成", ("本月没有登记案件。",))
        parts = self.by_type["now"]
        rows = [(inputs.categories.get(key, NO_TYPE), parts[key]) for key in _ordered_keys(parts)]
        chart = Chart(leader("本月登记案件的问题类型", rows), "bars", tuple(name for name, _ in rows),
                      (("件数", tuple(count for _, count in rows)),))
        return Section("二、案件构成", (self._leading_words(inputs),), tables=tables, charts=(chart,))

    def _leading_words(self, inputs: Inputs) -> str:
        total, said = self.totals["now"], []
        leading: tuple[tuple[str, Piles[str], Callable[[str], str]], ...] = (
            ("渠道以", self.by_channel["now"], lambda key: CHANNELS.get(key, key)),
            ("问题类型以", self.by_type["now"], lambda key: inputs.categories.get(key, NO_TYPE)),
            ("街道（镇）以", self.by_street["now"], lambda key: street_name(key, inputs)))
        for what, parts, name in leading:
            first = _ordered_keys(parts)[0]
            said.append(f"{what}{name(first)}最多，{parts[first]} 件，占 {Rate(parts[first], total, SHARE).text()}")
        imported = f"其中 {self.imported} 件为导入的历史案件，其办理结果取自来源表格，不是本系统步骤。" if self.imported else ""
        return f"本月登记的 {total} 件案件中，{'；'.join(said)}。{imported}"

    def _split_table(self, what: str, parts: Mapping[str, Piles[str]], name: Callable[[str], str],
                     is_exclusive: bool) -> Table:
        now, before, year_before = (parts[each] for each in PERIODS)
        total, checked = self.totals["now"], check_split(now, self.totals["now"], is_exclusive)
        if not checked.agrees:
            raise Broken(f"月通报按{what}各项之和 {checked.parts_sum} 与总数 {checked.total} 不符。", code="unreconciled")
        keys = _ordered_keys(Piles.of_all((now, before, year_before)), now)
        rows = tuple((name(key), now[key], Rate(now[key], total, SHARE), before[key], signed(now[key], before[key]),
                      *self._year_cells(now[key], year_before[key])) for key in keys)
        was, last_year = self.totals["before"], self.totals["year_before"]
        whole = ("案件数", total, Rate(total, total, SHARE), was, signed(total, was), *self._year_cells(total, last_year))
        note = (f"各项之和 {checked.parts_sum} 件，等于案件数。" if is_exclusive else
                f"一件案件可以涉及多种问题，各项之和 {checked.parts_sum} 件（一件多类的分别计），占比之和可以超过 100%。")
        columns = (Column(what, width=18), Column("本月", "number"), Column("占比", "rate", 14),
                   Column("上月", "number", is_for_sheets=True), Column("环比", "score"),
                   Column("去年同月", "number", is_for_sheets=True), Column("同比", "score", is_for_sheets=True))
        return Table(f"按{what}", columns, rows, whole, note)


    def _year_cells(self, now: int, before: int) -> tuple[Cell, Cell]:
        return (NO_RATE, NO_BASE) if self._is_torn else (before, signed(now, before))


def _ordered_keys(parts: Mapping[str, int], first_by: Mapping[str, int] | None = None) -> list[str]:
    by = parts if first_by is None else first_by
    return sorted(parts, key=lambda key: (-by[key], -parts[key], key == "", key))


class Trend:
    """Registered and closed, month by month, for the twelve months that end with the period."""

    def __init__(self, period: Period) -> None:
        months = [period]
        while len(months) < 12:
            months.insert(0, months[0].before())
        self.months = tuple(months)
        self._at = {(month.first.year, month.first.month): place for place, month in enumerate(months)}
        self.received, self.closed = [0] * 12, [0] * 12

    def add(self, story: Story) -> None:
        """CaseCount one case: once in the month of its registration, and once in every month in which it was closed."""
        if (place := self._month_index(story.registered_on)) is not None:
            self.received[place] += 1
        if story.last.on < self.months[0].first:
            return
        for place in {self._month_index(move.on) for move in story.moves if move.kind == Steps.close.fact}:
            if place is not None:
                self.closed[place] += 1

    def chart(self) -> Chart:
        """The picture, whose title says whether more came in than went out."""
        came, went = sum(self.received), sum(self.closed)
        told = "两者相等" if came == went else f"登记比销号{'多' if came > went else '少'} {abs(came - went)} 件"
        counts = counts_told((("登记", came), ("销号", went)), "、")
        none = "没有登记和销号" if not counts else "没有销号" if came else "没有登记"
        title = f"近12个月{counts}，{told}" if came and went else f"近12个月{'，'.join(filter(None, (counts, none)))}"
        return Chart(title, "lines", tuple(month.key for month in self.months),
                     (("登记", tuple(self.received)), ("销号", tuple(self.closed))))

    def _month_index(self, on: date) -> int | None:
        return self._at.get((on.year, on.month))

