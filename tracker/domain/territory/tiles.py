"""Tiles of others under the maps: where they come from, and what must be said of it. Off until an office sets them. Pure."""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Say
from tracker.domain.territory.boundaries import check_approval

PLACES, KEY = ("{x}", "{y}", "{z}"), "{key}"
LONGEST_ADDRESS, LONGEST_CREDIT = 500, 60
_SLOT = re.compile(r"\{[^}]*\}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")
_KEY = re.compile(r"[A-Za-z0-9_-]{8,100}")
# Whose tiles are shifted, by the end of the host: GCJ-02 or BD-09, where pins would stand some 600 metres off.
SHIFTED = ("amap.com", "autonavi.com", "gtimg.com", "qq.com", "baidu.com", "bdimg.com", "bdstatic.com", "google.cn", "google.com",
           "googleapis.com", "gstatic.com", "geoq.cn", "virtualearth.net", "sogou.com", "sogoucdn.com", "mapabc.com",
           "map.so.com", "petalmaps.com", "supermapol.com")
_TIANDITU = ("https://t0.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
             "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}")


@dataclass(frozen=True)
class TileSource:
    """One host whose tiles lie under the maps: the ground, and names over it where they come apart."""

    base: str
    label: str
    credit: str
    approval: str
    key: str = ""

    @property
    def origin(self) -> str:
        """What pages with a map may fetch pictures from."""
        return origin_of(self.base)


PRESET = TileSource(_TIANDITU.format(layer="vec"), _TIANDITU.format(layer="cva"), "天地图", "")


def origin_of(address: str) -> str:
    """Scheme and host of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def checked_tiles(base: str, label: str, credit: str, approval: str, key: str, *, before: TileSource | None = None) -> TileSource:
    """What was typed, as a source of tiles; a key left blank stays what it was, for the same host alone. Raises `Invalid` or
    `Incomplete` naming what is wrong."""
    said = TileSource(base.strip(), label.strip(), " ".join(credit.split()), check_approval(approval), key.strip())
    _check_address(said.base, "base")
    if said.label:
        _check_address(said.label, "label")
        if origin_of(said.label) != said.origin:
            raise Invalid("注记地址应和底图地址在同一个主机：地图只放行这一个主机。", field="label")
    if not 2 <= len(said.credit) <= LONGEST_CREDIT:
        raise Incomplete(Say("请写明底图的来源，2 至 {longest} 字，它显示在地图角上。", longest=LONGEST_CREDIT), field="credit")
    if not said.approval:
        raise Incomplete("请填底图的审图号，它显示在地图角上；没有审图号的底图不能用。", field="approval")
    return _with_key(said, before)


def _with_key(said: TileSource, before: TileSource | None) -> TileSource:
    is_asked = KEY in said.base or KEY in said.label
    if is_asked and not said.key and before is not None and before.origin == said.origin:
        said = replace(said, key=before.key)
    if is_asked and not _KEY.fullmatch(said.key):
        raise Invalid("地址里有 {key}，密钥应为 8 至 100 个字母、数字、_ 或 -。", field="key")
    if said.key and not is_asked:
        raise Invalid("填了密钥，地址里却没有 {key}。", field="key")
    return said


def _check_address(address: str, field: str) -> None:
    parts, host = urlsplit(address) if _is_splittable(address) else None, ""
    if parts is not None:
        host = parts.netloc.lower()
    if parts is None or parts.scheme != "https" or not _HOST.fullmatch(host) or len(address) > LONGEST_ADDRESS:
        raise Invalid("瓦片地址应为 https:// 开头的网址，里面有 {x}、{y}、{z}。", field=field)
    slots = _SLOT.findall(address)
    if strange := next((slot for slot in slots if slot not in (*PLACES, KEY)), None):
        raise Invalid(Say("瓦片地址里不认识“{strange}”，只能有 x、y、z 和 key。", strange=strange), field=field)
    if any(slots.count(place) != 1 for place in PLACES):
        raise Invalid("瓦片地址应为 https:// 开头的网址，里面有 {x}、{y}、{z}。", field=field)
    name = host.partition(":")[0]
    if any(name == shifted or name.endswith(f".{shifted}") for shifted in SHIFTED):
        raise Invalid(Say("{host} 的底图用 GCJ-02 一类的偏移坐标，点位会偏约 600 米，不能用；请用 WGS-84 或 CGCS2000 的底图，如天地图。",
                          host=name), field=field)


def _is_splittable(address: str) -> bool:
    if not address.isascii() or any(sign.isspace() or sign in "\"'<>\\;," for sign in address):
        return False
    try:
        urlsplit(address)
    except ValueError:
        return False
    return True
