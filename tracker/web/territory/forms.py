"""The form of a boundary file."""

from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, FileField, SelectField

from tracker.domain.territory.boundaries import DATUMS, LONGEST_SOURCE
from tracker.domain.territory.offices import FIELDS, LONGEST_LIST, LONGEST_NAME, LONGEST_SHORT
from tracker.domain.territory.positions import DATUMS as WORDS
from tracker.domain.territory.tiles import LONGEST_ADDRESS, LONGEST_CREDIT
from tracker.web.house.forms import HouseForm, listed, text


class BoundaryForm(HouseForm):
    """The file, where it comes from, its approval number."""

    file = FileField("边界文件", description="GeoJSON（.geojson、.json），最大 2 MB，区划为面（Polygon 或 MultiPolygon）",
                     render_kw={"accept": ".geojson,.json,application/geo+json"})
    datum = SelectField("坐标系", choices=listed((each.value, WORDS[each]) for each in DATUMS), default=DATUMS[0].value)
    source = text("数据来源", longest=LONGEST_SOURCE, hint="显示在地图角上，如“西湖区自然资源分局 2026 年 1 月提供”")
    approval = text("审图号", longest=30, is_required=False, hint="如 赣S（2025）018号；公开使用的地图须有审图号")

    def sent(self) -> tuple[str, bytes]:
        """Name and bytes of the file; both empty when none was chosen."""
        chosen = self.file.data
        if not isinstance(chosen, FileStorage) or not chosen.filename:
            return "", b""
        return chosen.filename, chosen.stream.read()


class TilesForm(HouseForm):
    """Tiles of others under the maps, and what stands at their foot."""

    base = text("底图地址", longest=LONGEST_ADDRESS, hint="https:// 开头，里面有 {x}、{y}、{z}；要密钥的写 {key}")
    label = text("注记地址", longest=LONGEST_ADDRESS, is_required=False, hint="地名和底图分开的才填，须在同一个主机")
    credit = text("底图来源", longest=LONGEST_CREDIT, hint="显示在地图角上，如 天地图")
    approval = text("底图审图号", longest=30, mark="tile-approval", hint="如 GS（2024）0650号，照底图网站上写的填")
    key = text("密钥", longest=100, is_required=False, autocomplete="off", hint="加密保存；浏览器取底图时要用，所以办案人员能看到它")


class OfficeForm(HouseForm):
    """What an office says of itself."""

    name = text(FIELDS["name"], longest=LONGEST_NAME, hint="全称，印在一案一档和通报上")
    document_short = text(FIELDS["document_short"], longest=LONGEST_SHORT, hint="发文字号的开头，2 至 8 个字，如 东环督")
    filing_short = text(FIELDS["filing_short"], longest=LONGEST_SHORT, hint="销号文号的开头，2 至 8 个字，如 东环销")
    addressees = text(FIELDS["addressees"], longest=LONGEST_LIST, is_required=False, hint="通报的主送机关，如 各街道办事处、区直各部门")
    copies = text(FIELDS["copies"], longest=LONGEST_LIST, is_required=False)
    imprint = text(FIELDS["imprint"], longest=LONGEST_LIST, is_required=False)
    has_imprint = BooleanField("文末印版记（抄送、印发机关和日期）")

    def given(self) -> dict[str, object]:
        """All of it, by field."""
        return {name: self[name].data for name in FIELDS}


class OpenOfficeForm(OfficeForm):
    """Another office, and the area that it is for."""

    area_code = text("区划代码", longest=12, autocomplete="off", hint="本系统区划里的一个区县或乡镇街道，如 360104")
