"""Import and export of whole tables beside the plain way, each in a process of its own, with its peak of memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import xlsxwriter

from bench import child, texts
from bench.plain import HEADERS
from tracker.domain.cases.categories.first import FIRST_NAMES

IMPORT_SIZES = (1000, 100_000)


@dataclass(frozen=True)
class Race:
    """The product and the plain way at the same work."""

    name: str
    rows: int
    plain: child.Done
    product: child.Done
    size_mb: tuple[float, float]


def published_table(path: Path, count: int) -> None:
    """A published table of cases in the layout of 2024, as big as wanted; a third of it says 已办结."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet, random = book.add_worksheet(), Random(count)
    sheet.write_string(0, 0, "群众信访举报转办和边督边改公开情况一览表")
    sheet.write_string(1, 0, "（第十七批）")
    sheet.write_row(2, 0, HEADERS)
    for at in range(1, count + 1):
        category = random.choice(tuple(texts.TROUBLES))
        handled = random.random() < 1 / 3
        sheet.write_row(at + 2, 0, (
            at, f"D3JX2024{at:08}", texts.description(random, category), "西湖区", FIRST_NAMES[category],
            f"经现场核查，{random.choice(texts.TROUBLES[category])}情况属实。", random.choice(("属实", "部分属实", "不属实")),
            "整改到位，长效管理", random.choice(texts.MEASURES), "已办结" if handled else "", "无"))
    book.close()


def imports(folder: Path, environment_of: Callable[[str], Mapping[str, str]],
            sizes: tuple[int, ...] = IMPORT_SIZES) -> list[Race]:
    """Import .xlsx tables of these sizes into empty, migrated databases."""
    found = []
    for size in sizes:
        path = folder / f"published-{size}.xlsx"
        published_table(path, size)
        ours, plain = environment_of(f"import_{size}"), environment_of(f"plain_{size}")
        right = child.run(folder / "ours.json", ours, "flask", "data", "import", str(path), "--source", "D3JX")
        rows, url = folder / f"rows-{size}.pickle", plain["DATABASE_URL"]
        child.run(folder / "rows.json", plain, "plain", "rows_made", ours["DATABASE_URL"], url, str(rows))
        left = child.run(folder / "plain.json", plain, "plain", "read_and_insert", str(path), url, str(rows))
        rows.unlink()
        megabytes = path.stat().st_size / 1e6
        found.append(Race(f"import {size:,} rows .xlsx", size, left, right, (megabytes, megabytes)))
    return found


def exports(folder: Path, environment: Mapping[str, str], count: int) -> list[Race]:
    """Export the whole register."""
    found = []
    for kind in ("csv", "xlsx"):
        plain, ours = folder / f"plain.{kind}", folder / f"ours.{kind}"
        left = child.run(folder / "plain.json", environment, "plain", f"select_to_{kind}", environment["DATABASE_URL"],
                         str(plain))
        right = child.run(folder / "ours.json", environment, "flask", "data", "export", "--to", str(ours))
        sizes = plain.stat().st_size / 1e6, ours.stat().st_size / 1e6
        found.append(Race(f"export {count:,} cases .{kind}", count, left, right, sizes))
    return found
