"""A report by hand, with one of everything, for the tests of the skins."""

from tracker.domain.house.links import to_case
from tracker.domain.reports.counting import Rate
from tracker.domain.reports.document import Chart, Column, Document, Figure, Section, Table

DONE = "办结率 = 已办结 / 应办件"
UNITS = ("朝阳洲街道", "西湖区城市管理局", "南昌铁路工务段", "桃源街道")
WIDE_HEADS = ("上期存量", "新增", "销号", "重开", "期末存量", "临期", "超期", "督办", "退回")


def report(**more: object) -> Document:
    """A weekly review as it might be; every kind of cell, and what a spreadsheet would take for a formula."""
    unit_rows = tuple((unit, *(10 * place + at for at in range(len(WIDE_HEADS))), Rate(40 + place, 48, DONE))
                      for place, unit in enumerate(UNITS, start=1))
    sums = tuple(sum(row[at] for row in unit_rows) for at in range(1, 10))
    given: dict[str, object] = {
        "name": "weekly", "period": "2026-W47", "area_code": "360103", "title": "西湖区信访问题整改周调度（2026年第47周）",
        "subtitle": "11月16日至11月20日",
        "as_of": "2026年11月20日 15:00", "sections": (_summary(), _units(unit_rows, sums), _overdue(), Section("需协调事项", tables=(
            Table("需市级协调", (Column("案件", "case"), Column("事由")), ()),))),
        "cases": {"received": ("XH-2026-000123", "XH-2026-000124"), "overdue": ("XH-2026-000045",)},
        "foot": ("账本封签 2026-11-19：" + "5a" * 32, "规则版本 2026-01-01。")}
    return Document(**(given | more))  # type: ignore[arg-type]


def _summary() -> Section:
    figures = (
        Figure("received", "新增受理", 48, "本周登记的案件", before=45, year_before=52),
        Figure("rate", "办结率", Rate(45, 48, DONE), DONE, before=Rate(227, 230, DONE), year_before=Rate(0, 0, DONE)),
        Figure("overdue", "超期", 7, "截至统计时点已过整改时限仍未办结", before=7))
    chart = Chart("朝阳洲街道超期最多：4 件", "bars", UNITS, (("超期", (4, 2, 1, 0)), ("临期", (2, 3, 0, 1)), ("其余在办", (5, 12, 3, 2))))
    return Section("总体情况", ("本周新增受理 48 件，办结 45 件，办结率 93.8%。", "存量平衡：60＋48－45＋1＝64，与实有存量一致。"), figures, (), (chart,))


def _units(rows: tuple[tuple[object, ...], ...], sums: tuple[int, ...]) -> Section:
    columns = (Column("单位", width=20), *(Column(head, "number", 8) for head in WIDE_HEADS), Column("办结率", "rate", 16))
    weeks = tuple(f"第{week}周" for week in range(36, 48))
    trend = Chart("近 12 周受理多于销号", "columns", weeks, (("受理", (12, 30, 25, 8, 9, 10, 11, 33, 20, 14, 9, 48)),
                                                     ("销号", (10, 20, 25, 8, 9, 10, 0, 33, 20, 14, 9, 45))))
    return Section("分单位调度", tables=(Table("各单位进展", columns, rows, ("合计", *sums, Rate(170, 192, DONE)), "责任单位可以不止一个，合计以件数计。"),),
                   # type: ignore[arg-type]
                   charts=(trend, Chart("期末存量逐周下降", "lines", weeks, (("期末存量", tuple(range(75, 63, -1))),))))


def _overdue() -> Section:
    columns = (Column("案件", "case", 18), Column("标题", "private", 24), Column("类型", width=12), Column("责任单位", width=20),
               Column("时限", "date", 14),
               Column("状态", "light", 14), Column("得分", "score", 8))
    rows = (("XH-2026-000045", "桃花河边垃圾", "固废", "朝阳洲街道", "2026-11-18", "超期 2天", "93.25"),
            ("XH-2026-000101", "<b>油烟&</b>", "=1+1", "西湖区城市管理局", "2026-11-24", "临期 2个工作日", None))
    links = tuple(to_case(row[0]) for row in rows)
    return Section("临期超期名单", tables=(Table("临期和超期", columns, rows, links=links),))
