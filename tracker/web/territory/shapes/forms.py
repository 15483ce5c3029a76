"""The forms of the railway's shapes: a file, and putting a draft in force."""

from datetime import date

from werkzeug.datastructures import FileStorage
from wtforms import FileField, SelectField

from tracker.domain.house.errors import Incomplete
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.territory.boundaries import LONGEST_SOURCE
from tracker.domain.territory.positions import DATUMS as DATUM_WORDS
from tracker.domain.territory.positions import Datum
from tracker.domain.territory.shapes.layers import LAYERS
from tracker.services.territory.shapes.versions import MOST_DOCUMENT, ActivateShapes, LoadOrder
from tracker.web.house.forms import HouseForm, listed, text
from tracker.web.territory.area_forms import day_field

WANTED = Given("first_day", "打算起用日", FieldKind.date, is_required=False)
FIRST_DAY = Given("first_day", "起用日", FieldKind.date)
DATUMS = (Datum.cgcs2000, Datum.wgs84, Datum.gcj02)


class ShapeFileForm(HouseForm):
    """A file, and what is said of it."""

    layer = SelectField("图层", choices=listed((each.value, word) for each, word in LAYERS.items()), default="fence")
    file = FileField("图形文件", description="GeoJSON（.geojson、.json），最大 5 MB；每个图形要有代码（code）",
                     render_kw={"accept": ".geojson,.json,application/geo+json"})
    datum = SelectField("坐标系", choices=listed((each.value, DATUM_WORDS[each]) for each in DATUMS), default=DATUMS[0].value)
    source = text("数据来源", longest=LONGEST_SOURCE, hint="交付的单位和时间，如“南昌工务段 2026 年 1 月提供”")
    document_no = text("文号", longest=MOST_DOCUMENT, is_required=False)
    first_day = day_field("打算起用日", is_required=False, hint="不填则启用时再定")

    def order(self) -> LoadOrder:
        """What is asked for. Raises `Incomplete` without a file."""
        chosen, day = self.file.data, read(WANTED, self.first_day.data or "")
        if not isinstance(chosen, FileStorage) or not chosen.filename:
            raise Incomplete("请选择图形文件。", field="file")
        return LoadOrder(self.layer.data, chosen.filename, chosen.stream.read(), self.source.data or "",
                         self.document_no.data or "", day if isinstance(day, date) else None, self.datum.data)


class ActivateShapesForm(HouseForm):
    """From which day; which overlaps may stay is ticked beside each."""

    first_day = day_field("起用日", hint="今天或以后；被替换的图形到前一天为止")

    def day(self) -> date:
        """The first day. Raises `Invalid` or `Incomplete`."""
        day = read(FIRST_DAY, self.first_day.data)
        if not isinstance(day, date):
            raise Incomplete("请填写“起用日”。", field="first_day")
        return day

    def order(self, kept: frozenset[str]) -> ActivateShapes:
        """What is asked for."""
        return ActivateShapes(self.day(), kept)
