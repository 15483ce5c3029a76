"""月通报: what an office says of a month, and behind it the month in figures with 环比 and 同比, the overdue by name, the ranking, the
hot spots of complaints, and what was corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import Steps
from tracker.domain.cases.stories import Move, Story
from tracker.domain.reports.beside.acts import acts_tables
from tracker.domain.reports.corrections import Corrections
from tracker.domain.reports.counting import NO_BASE, NO_RATE, CaseCount, Rate
from tracker.domain.reports.daily import PATROL_CHANNELS
from tracker.domain.reports.document import Cell, Column, Document, Figure, PaperPart, Section, Table
from tracker.domain.reports.imprint import counted_between, counts_told, foot
from tracker.domain.reports.inputs import Inputs, Reach
from tracker.domain.reports.monthly import hot_spots, prose
from tracker.domain.reports.monthly.growth import grown
from tracker.domain.reports.monthly.matters import City, Overdue, Railway
from tracker.domain.reports.monthly.splits import Splits, Trend, street_name, street_of, types_text
from tracker.domain.reports.monthly.units import Units
from tracker.domain.reports.rates import COUNTS, RATES, Mark, Marked, MarkTally, Measure, figure, mark, span_of, whole
from tracker.domain.rules.periods import Period

M = Mark
MOST_SPOTS = 20
NEW_COMPLAINTS = "本月受理的信访投诉（渠道不是巡查、设备发现的案件），按受理日计；作废的和撤回导入的不计"
DEFINITIONS = (
    "统计范围：本区登记的全部案件，每件只计一次；另按单位分别统计，两者都列出。撤回导入的案件不计入任何一期。",
    "统计期自本月 1 日 0 时起至月末 24 时止；登记、销号等按本系统记录的日期归入各月，信访投诉热点按受理日归入。",
    "应办 = 月初未销号 + 本月登记 + 本月重开或撤销并案 = 月末已销号 + 另列（并案、移送、不予受理、作废）+ 月末未销号。",
    "各项比率都列出分子、分母和口径，保留一位小数，四舍五入；分母为零的记“—”。渠道、街道（镇）各项之和等于总数，问题类型和协办可以超过总数。",
    f"环比与上月相比，同比与去年同月相比，对比数由同一账本按同一口径统计；对比数为零或分不开的记“{NO_BASE}”。比率的对比数为该月当时的时点数。",
    "案件只以编号、类型、街道（镇）、单位和时限列名，不列标题和反映人信息；热点地点已脱敏并略去门牌房号。",
)


def compared(period: Period, rules: Mapping[str, Any]) -> tuple[tuple[date, date], ...]:
    """The days whose complaints are compared: the month with what a hot spot of it may reach back to, the one before, and a year
    before."""
    reached = period.first - timedelta(days=hot_spots.thresholds(rules).days - 1)
    return (reached, period.last), *((each.first, each.last) for each in (period.before(), period.year_before()))


def reach(inputs: Inputs) -> Reach:
    """Back to the first day that anything is compared with."""
    on = min(first for first, _ in compared(inputs.period, inputs.rules))
    return Reach(datetime.combine(on, time(), inputs.window.opens.tzinfo), on)


class Monthly:
    """Counts one month, the month before and the same month a year before, from the same stories."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs, period = inputs, inputs.period
        self.spans = {"now": span_of(inputs), "before": whole(period.before()), "year_before": whole(period.year_before())}
        self.tallies = {name: MarkTally(keeps_cases=name == "now") for name in self.spans}
        span = self.spans["now"]
        self.splits, self.trend, self.units = Splits(is_torn=bool(inputs.torn)), Trend(period), Units(inputs)
        self.overdue, self.railway, self.city = Overdue(inputs, span), Railway(inputs), City(inputs, span)
        self.corrections = Corrections(span)
        self.limits, self.compared = hot_spots.thresholds(inputs.rules), compared(period, inputs.rules)
        self.months = hot_spots.Months(*((each.first, each.last) for each in self.spans.values()))
        self.complaints: list[hot_spots.Complaint] = []
        self._area_names = tuple(sorted({name for name in inputs.areas.values() if name}))

    def add(self, story: Story) -> None:
        """CaseCount one case; one whose import was taken back only shows as a correction."""
        self.corrections.add(story)
        if story.is_withdrawn:
            return
        self.trend.add(story)
        for name, span in self.spans.items():
            if (marked := mark(story, span)) is not None:
                self.tallies[name].add(story.number, marked.marks)
                if M.new in marked.marks:
                    self.splits.add(name, story.number, marked.end)
                if name == "now":
                    self._add_now(story, marked)
        if self._is_compared(story):
            self.complaints.append(self._complaint_of(story))

    def add_merged(self, story: Story) -> None:
        """A case of an area that went wholly into this one: it counts in the months before, which this one is compared with."""
        if story.last.on >= self.inputs.period.first:
            return
        self.trend.add(story)
        for name in ("before", "year_before"):
            if (marked := mark(story, self.spans[name])) is not None:
                self.tallies[name].add(story.number, marked.marks)
                if M.new in marked.marks:
                    self.splits.add(name, story.number, marked.end)
        if self._is_compared(story):
            self.complaints.append(self._complaint_of(story))

    def wanted(self) -> tuple[str, ...]:
        """Complaints are compared by their places and by whom they name."""
        return tuple(each.number for each in self.complaints)

    def document(self, texts: Mapping[str, tuple[str, str]]) -> Document:
        """The finished circular. Raises `Broken` when a split that must add up does not."""
        inputs, period, now = self.inputs, self.inputs.period, self.tallies["now"]
        spots = hot_spots.find((self._with_texts(each, texts) for each in self.complaints), self.months, self.limits)
        hot, hot_cases = self._hot_spots(spots)
        cases = {key: numbers for measure in (*COUNTS, *RATES) for key, numbers in now.behind(measure).items()}
        cases |= hot_cases | self.corrections.numbers() | {"railway": tuple(self.railway.numbers)}
        sections = (*self._text_sections(spots, hot), *self._annex_sections(hot),
                    Section("口径说明", (*DEFINITIONS, hot_spots.method(self.limits)), part=PaperPart.notes))
        return Document(
            name="monthly", period=period.key, area_code=inputs.area_code, title=f"{inputs.area_name}生态环境问题整改月通报（{period.word}）",
            subtitle=counted_between(inputs), as_of=inputs.window.cuts.isoformat(), sections=sections,
            cases={key: tuple(sorted(numbers)) for key, numbers in cases.items()}, foot=foot(inputs))

    # --- counting ---------------------------------------------------------------------------------------------------------

    def _add_now(self, story: Story, marked: Marked) -> None:
        self.units.add(story.number, marked)
        for part in (self.overdue, self.railway, self.city):
            part.add(story, marked)

    def _is_compared(self, story: Story) -> bool:
        """A complaint of one of the three months, or of the days before that a hot spot of this month may reach back to."""
        values, on = story.last.values, story.get("received_on")
        if values.get("channel") in PATROL_CHANNELS or story.last.state is CaseState.voided:
            return False
        return any(first <= on <= last for first, last in self.compared)

    def _complaint_of(self, story: Story) -> hot_spots.Complaint:
        values, inputs = story.last.values, self.inputs
        reporter = inputs.reporters.get(story.number)
        voice = story.number if reporter is None else f"#{reporter}"
        closed_on = next((move.on for move in story.moves if move.kind == Steps.close.fact), None)
        return hot_spots.Complaint(story.number, values["received_on"], street_of(values),
                                   self._point_of(story.number, story.last), voice,
                                   tuple(values.get("categories") or ()), closed_on)

    def _point_of(self, number: str, last: Move) -> hot_spots.Point | None:
        """Where it lies, in WGS-84; a point of another datum counts only where the inputs bring it converted."""
        if (known := self.inputs.points.get(number)) is not None:
            return known
        lat, lng = last.values.get("lat"), last.values.get("lng")
        return None if lat is None or lng is None or last.values.get("datum") == "gcj02" else (lat, lng)

    def _with_texts(self, each: hot_spots.Complaint, texts: Mapping[str, tuple[str, str]]) -> hot_spots.Complaint:
        title, place = texts.get(each.number, ("", ""))
        return hot_spots.Complaint(
            each.number, each.received_on, each.street, each.point, each.voice, each.categories, each.closed_on,
            place=hot_spots.place_key(place, self._area_names), target=hot_spots.target_key(title),
            label=hot_spots.place_label(place, self._area_names))

    # --- saying -----------------------------------------------------------------------------------------------------------

    def _text_sections(self, spots: tuple[hot_spots.Spot, ...], hot: Section) -> Iterator[Section]:
        """What the office writes: each of these paragraphs may be worded otherwise before it is signed."""
        inputs, counts = self.inputs, self.tallies["now"].counts
        streets = dict.fromkeys(street_name(spot.street, inputs) for spot in spots)
        findings = tuple(prose.Findings(counts, self.overdue.lines, spots, tuple(streets), len(self.city.lines)).found())
        split = self.splits.section(inputs).paragraphs if counts[M.new] else ()
        overview = (*self._summary_paragraphs(), *split, self._quality_text(), *hot.paragraphs)
        for heading, paragraphs in (
                ("", (f"现将{inputs.period.word}生态环境问题整改情况通报如下。",)), ("一、总体情况", overview),
                ("二、表扬与批评", prose.verdicts(self.units)), ("三、存在问题", (prose.problems(findings),)),
                ("四、下一步要求", prose.demands(findings, counts[M.stock]))):
            yield Section(heading, paragraphs, part=PaperPart.text)

    def _annex_sections(self, hot: Section) -> Iterator[Section]:
        """The numbers and lists behind the text, numbered as far as there is anything in them. The sentences of most stand in the
        text."""
        measures = Section("", figures=(*self._compared_figures(COUNTS), *self._compared_figures(RATES), *hot.figures),
                           charts=(self.trend.chart(),))
        known = (("主要指标", measures, False), ("责任单位办理情况", self.units.section(), False), ("责任单位排名", self.units.ranked(), False),
                 ("超期案件名单", self.overdue.section(), False), ("信访投诉热点", replace(hot, figures=()), False),
                 ("案件构成", self.splits.section(self.inputs), False), ("铁路沿线环境问题", self.railway.section(), True),
                 ("提请市级协调和督办事项", self.city.section(), False), ("联动事项", Section("", tables=acts_tables(self.inputs)), False),
                 ("对往期数据的更正", self.corrections.section(), True))
        filled = [each for each in known if each[1].figures or each[1].tables]
        for number, (title, each, has_words) in enumerate(filled, start=1):
            yield replace(each, heading=f"附件{number}　{title}", paragraphs=each.paragraphs if has_words else (),
                          part=PaperPart.annex)

    def _summary_paragraphs(self) -> tuple[str, ...]:
        now, before, year_before = (tally.counts for tally in self.tallies.values())
        word, area = self.inputs.period.word, self.inputs.area_name
        came = self._growth_told("登记生态环境案件", now[M.new], before[M.new], year_before[M.new])
        went = self._growth_told("销号", now[M.closed], before[M.closed], year_before[M.closed])
        load = counts_told((("月初未销号", now[M.opening]), ("本月登记", now[M.new]), ("重开和撤销并案", now[M.returned])), "、")
        ends = counts_told((("已销号", now[M.struck_off]), ("并案、移送、不予受理和作废（另列）共", now[M.apart]), ("未销号", now[M.stock])))
        phased = f"；阶段性办结 {now[M.phased]} 件，另列，不计入办结" if now[M.phased] else ""
        return (f"{word}，{area}{came}；{went}。",
                f"本月应办 {now[M.load]} 件，其中{load}；月末{ends}。" if now[M.load] else "本月没有应办的案件。",
                f"{_overdue_told(now[M.overdue], before[M.overdue])}{phased}。", *self._mergers_told())

    def _growth_told(self, what: str, now: int, before: int, year_before: int) -> str:
        """How many there were, against the month before and the year before; of nothing how many the month before had."""
        if now:
            return f"{what} {now} 件，{grown('环比', now, before)}，{self._grown_in_a_year(now, year_before)}"
        return f"没有{what}" + (f"（上月 {before} 件）" if before else "")

    def _compared_figures(self, measures: Iterable[Measure]) -> tuple[Figure, ...]:
        found = tuple(figure(each, *self.tallies.values()) for each in measures)
        return tuple(replace(each, year_before=None) for each in found) if self.inputs.torn else found

    def _grown_in_a_year(self, now: int, before: int) -> str:
        return f"同比{NO_BASE}" if self.inputs.torn else grown("同比", now, before)

    def _mergers_told(self) -> Iterator[str]:
        """What of the comparison is owed to areas that are no more."""
        names = self.inputs.areas
        if self.inputs.merged:
            yield f"区划调整：{'、'.join(names.get(code, code) for code in self.inputs.merged)}已整体并入，对比月的数字包括它当时的案件。"
        if self.inputs.torn:
            yield f"区划调整：{'、'.join(self.inputs.torn)}只有一部分并入，去年同期的数字分不开，同比{NO_BASE}。"

    def _quality_text(self) -> str:
        values = {each.key: self.tallies["now"].value(each) for each in RATES}

        def text(key: str) -> str:
            value = values[key]
            assert isinstance(value, Rate)
            return f"{value.text()}（{value.numerator}/{value.denominator}）" if value.denominator else NO_RATE

        suspended = self.tallies["now"].counts[M.due_suspended]
        left_out = f"（另有缓办 {suspended} 件时限在本月届满，不计入）" if suspended else ""
        told = {"completion": "月末办结率", "completion_with_phased": "含阶段性办结为", "on_time": "按期办结率",
                "first_pass": "一次核查通过率", "rework": "返工率", "extension": "延期率", "return": "退回率", "recurrence": "复发率"}
        said = [f"{word} {text(key)}{left_out if key == 'on_time' else ''}" for key, word in told.items()
                if _is_worth_saying(values[key])]
        return f"{'，'.join(said)}。" if said else "本月没有可以计算比率的案件。"

    def _hot_spots(self, spots: tuple[hot_spots.Spot, ...]) -> tuple[Section, dict[str, tuple[str, ...]]]:
        spans, inputs = self.months, self.inputs
        received = {name: tuple(each.number for each in self.complaints if first <= each.received_on <= last)
                    for name, (first, last) in (("now", spans.now), ("before", spans.before), ("year_before", spans.year_before))}
        numbers = tuple(each.number for spot in spots for each in spot.reports)
        figures = (
            Figure("complaints", "本月信访投诉", len(received["now"]), NEW_COMPLAINTS, len(received["before"]),
                   None if inputs.torn else len(received["year_before"])),
            Figure("hot_spot_reports", "热点涉及投诉", len(numbers), "计入本月各热点的投诉件数，含认定时段内上月受理的"))
        came = self._growth_told("受理信访投诉", *(len(each) for each in received.values()))
        again = sum(each.is_after_closing for each in spots)
        more = f"，其中销号后再投诉 {again} 处" if again else ""
        said = f"本月{came}。" + (f"投诉集中的点位和对象 {len(spots)} 处，涉及投诉 {len(numbers)} 件{more}。" if spots else "没有达到认定标准的投诉热点。")
        cases = {"complaints": received["now"], "hot_spot_reports": numbers}
        cases |= {f"hot_spot/{place}": tuple(each.number for each in spot.reports) for place, spot in enumerate(spots, start=1)}
        tables = (self._spot_table(spots),) if spots else ()
        return Section("信访投诉热点", (said,), figures, tables), cases

    def _spot_table(self, spots: tuple[hot_spots.Spot, ...]) -> Table:
        columns = (Column("名次", "number", 6), Column("点位或对象", width=20), Column("街道（镇）", width=12), Column("认定依据"),
                   Column("主要类型", width=12),
                   Column("反映人（人）", "number"), Column("件数", "number"), Column("本月", "number"), Column("上月", "number"),
                   Column("去年同月", "number"),
                   Column("说明", width=12), Column("案件编号", width=24))
        rows = tuple(self._spot_row(place, spot) for place, spot in enumerate(spots[:MOST_SPOTS], start=1))
        more = f"共 {len(spots)} 处，列前 {MOST_SPOTS} 处。" if len(spots) > MOST_SPOTS else ""
        return Table("信访投诉热点", columns, rows, note=f"{more}按反映人数、件数、本月件数依次排序。")

    def _spot_row(self, place: int, spot: hot_spots.Spot) -> tuple[Cell, ...]:
        numbers = [each.number for each in spot.reports]
        listed = "、".join(numbers[:5]) + (f"等 {len(numbers)} 件" if len(numbers) > 5 else "")
        return (place, spot.label, street_name(spot.street, self.inputs), hot_spots.GROUNDS[spot.ground],
                types_text(spot.categories[:2], self.inputs), spot.voices, CaseCount(numbers),
                spot.this_month, spot.month_before, spot.year_before, "销号后再投诉" if spot.is_after_closing else "", listed)


def _overdue_told(now: int, before: int) -> str:
    if not now:
        return "月末没有超期案件" + (f"（上月末 {before} 件）" if before else "")
    change = f"比上月末{'增加' if now > before else '减少'} {abs(now - before)} 件"
    return f"月末超期 {now} 件，{'与上月末持平' if now == before else change}"


def _is_worth_saying(value: int | Rate) -> bool:
    """A rate that has a base, and of failures one that is not nothing."""
    return isinstance(value, Rate) and value.denominator > 0 and value.numerator > 0
