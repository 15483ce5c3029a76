"""Datums: coordinates of the maps that are shifted by law (GCJ-02) as the phones and our own map have them (WGS-84)."""

from geocoordinates_ffi import Gcj02, Wgs84, gcj02_to_wgs84_refined, out_of_china, wgs84_to_bd09, wgs84_to_gcj02

SHIFTED = "gcj02"


def on_the_map(lat: float, lng: float, datum: str | None) -> tuple[float, float]:
    """A point as WGS-84. CGCS2000 lies within centimetres of it; what was placed by eye or without a datum stays where it is."""
    if datum != SHIFTED or out_of_china(lat, lng):
        return lat, lng
    found = gcj02_to_wgs84_refined(Gcj02(lat=lat, lon=lng))
    return found.lat, found.lon


def shifted(lat: float, lng: float) -> tuple[float, float]:
    """A WGS-84 point as GCJ-02, as commercial maps would have it."""
    found = wgs84_to_gcj02(Wgs84(lat=lat, lon=lng))
    return found.lat, found.lon


def shifted_twice(lat: float, lng: float) -> tuple[float, float]:
    """A WGS-84 point as BD-09, as Baidu's maps have it; outside the country nothing is shifted."""
    if out_of_china(lat, lng):
        return lat, lng
    found = wgs84_to_bd09(Wgs84(lat=lat, lon=lng))
    return found.lat, found.lon
