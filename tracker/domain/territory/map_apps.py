"""The phone's map applications that lead to a place: each wants its own datum. Only the point is handed over."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

NAMED = quote("案件地点")  # what the application calls the place: no title, no number


class ShownDatum(StrEnum):
    """What a map application measures against."""

    wgs84 = "wgs84"
    gcj02 = "gcj02"
    bd09 = "bd09"


@dataclass(frozen=True)
class MapApp:
    """One application: its word, its datum, and the address that opens it (in a browser where it is not installed)."""

    word: str
    datum: ShownDatum
    address: str

    def at(self, lat: float, lng: float) -> str:
        """The address for a point in the application's own datum."""
        return self.address.format(lat=f"{lat:.6f}", lng=f"{lng:.6f}", named=NAMED)


# Addresses as the makers document them (高德 URI API, 百度地图 URI API, 腾讯地图 URI API, RFC 5870).
MAP_APPS: tuple[MapApp, ...] = (
    MapApp("高德地图", ShownDatum.gcj02,
           "https://uri.amap.com/navigation?to={lng},{lat},{named}&mode=car&coordinate=gaode&callnative=1"),
    MapApp("百度地图", ShownDatum.bd09, "https://api.map.baidu.com/direction?destination=latlng:{lat},{lng}%7Cname:{named}"
                                    "&mode=driving&coord_type=bd09ll&output=html&src=xiaohao"),
    MapApp("腾讯地图", ShownDatum.gcj02,
           "https://apis.map.qq.com/uri/v1/routeplan?type=drive&to={named}&tocoord={lat},{lng}&referer=xiaohao"),
    MapApp("本机地图", ShownDatum.wgs84, "geo:{lat},{lng}?q={lat},{lng}"),
)
