"""Where a case lies by the railway, as people say it: a point, or a mileage of a line. Without a map the words are kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.domain.cases.belonging.candidates import DRONE, TRAIN
from tracker.domain.cases.belonging.fields import HEADINGS, SEEN_FROM
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.masking import mask_text
from tracker.domain.house.say import Listed, Say
from tracker.domain.territory import positions as points
from tracker.domain.territory.positions import Datum, Located, LocatedBy
from tracker.domain.territory.shapes.attribution import Attribution
from tracker.domain.territory.shapes.layers import SIDES
from tracker.domain.territory.shapes.mileage import Posts, metre_on, read_mileage
from tracker.domain.territory.shapes.tangent import point_at
from tracker.services.house.work import wiring
from tracker.services.rules import values
from tracker.services.territory.shapes import places

_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
LONGEST_LINE = 60


@dataclass(frozen=True)
class SpotPoint:
    """A point with how well it is known."""

    lat: float
    lng: float
    accuracy: float | None
    located_by: LocatedBy


@dataclass(frozen=True)
class Stretch:
    """A place on a line, or a stretch of it: the mileage as it is written properly, and how far along the line where that is
    known. `point` lies on the line itself."""

    line: str
    mileage: str
    mileage_to: str
    metre: float | None
    side: str
    point: SpotPoint | None

    def told(self) -> dict[str, object]:
        """The columns of the place, as far as they are known."""
        said = {"line": self.line, "mileage": self.mileage, "mileage_to": self.mileage_to, "side": self.side,
                "metre": None if self.metre is None else round(self.metre, 1)}
        return {name: value for name, value in said.items() if value not in (None, "")}


def read_point(text: str, field: str) -> SpotPoint:
    """The point of two numbers, with its accuracy where there is a third. Raises `Invalid`."""
    numbers = [float(each) for each in _NUMBERS.findall(text)]
    if len(numbers) < 2:
        raise Invalid("现场位置应写成“北纬, 东经”，如 28.66090, 115.92005；没有定位的，改填里程。", field=field)
    lat, lng, accuracy = numbers[0], numbers[1], numbers[2] if len(numbers) > 2 else None
    points.check(lat, lng, field=field, box=points.box_of(wiring().home_area))
    points.check_accuracy(accuracy, field)
    return SpotPoint(lat, lng, accuracy, LocatedBy.text if accuracy is None else LocatedBy.device)


def read_stretch(said: Mapping[str, str], on: date, error: float | None, fields: tuple[str, str, str] = ("line", "mileage",
                 "mileage_to")) -> Stretch:
    """The stretch that `line`, `mileage`, `mileage_to` and `side` mean on a day. Raises `Invalid` for a mileage that no line has;
    where no line is drawn, it is only written properly."""
    line, first, last, side = (said.get(name, "").strip() for name in ("line", "mileage", "mileage_to", "side"))
    if side and side not in SIDES:
        raise Invalid(Say("没有“{side}”这一侧；可填：{known}。", side=side[:20], known=Listed(SIDES)), field="side")
    if len(line) > LONGEST_LINE:
        raise Invalid(Say("线路名称最多 {longest} 字。", longest=LONGEST_LINE), field=fields[0])
    if last and not first:
        raise Incomplete("填了“到”的里程，也要填从哪里起。", field=fields[1])
    lines = places.rules_on(on).ground.posts
    if not lines or not first:
        return Stretch(line, _written_properly(first, fields[1]), _written_properly(last, fields[2]), None, side, None)
    posts, metre = _metre_named(lines, line, first, fields)
    end = posts.metre_of(read_mileage(last, fields[2]), fields[2]) if last else None
    if end is not None and end <= metre:
        raise Invalid(Say("里程应由小到大：{first} 到 {last}。", first=first[:20], last=last[:20]), field=fields[2])
    return Stretch(posts.name, posts.told(metre), posts.told(end) if end is not None else "", metre, side,
                   _point_on(posts.code, metre, on, error))


def _written_properly(mileage: str, field: str) -> str:
    return str(read_mileage(mileage, field)) if mileage else ""


def _metre_named(lines: tuple[Posts, ...], line: str, mileage: str, fields: tuple[str, str, str]) -> tuple[Posts, float]:
    """The line and how far along it. Who names no line means the only one."""
    if not line and len(lines) > 1:
        raise Incomplete(Say("请填写“线路”：{lines}。", lines=Listed(each.ends_told() for each in lines)), field=fields[0])
    return metre_on(lines, line or lines[0].name, mileage)


def _point_on(code: str, metre: float, on: date, error: float | None) -> SpotPoint:
    lng, lat = point_at(places.rules_on(on).ground.shapes[code].course, metre)
    return SpotPoint(round(lat, 6), round(lng, 6), error, LocatedBy.text)


@dataclass(frozen=True)
class Sighting:
    """Where something was seen from a train, from the air or along a line, as it is said at registration."""

    line: str = ""
    mileage: str = ""
    mileage_to: str = ""
    side: str = ""
    train_no: str = ""
    heading: str = ""
    flight_no: str = ""
    flown_by: str = ""

    def seen_from(self) -> dict[str, object]:
        """The columns that say what it was seen from. Raises `Invalid`."""
        if self.heading and self.heading not in HEADINGS:
            raise Invalid(Say("没有“{heading}”这个方向；可填：{known}。", heading=self.heading[:20], known=Listed(HEADINGS)),
                          field="heading")
        for asked in SEEN_FROM:
            if (count := len(getattr(self, asked.name))) > asked.longest:
                raise Invalid(Say("{asked_word}最多 {longest} 字，现为 {count} 字。", asked_word=Say(asked.word), longest=asked.longest,
                                  count=count), field=asked.name)
        said = {asked.name: mask_text(getattr(self, asked.name).strip()) for asked in SEEN_FROM} | {"heading": self.heading}
        return {name: value for name, value in said.items() if value}


NOT_SAID = Sighting()


def sighted(said: Sighting, where: Located, channel: str, on: date, *, is_checked: bool
            ) -> tuple[dict[str, object], dict[str, object]]:
    """Where a case lies as it is registered: the columns of the place beside it, and those of its point that differ from what was
    given. `is_checked`: it will be confirmed whose it is, so that a place seen from afar is taken for no better than it is."""
    error = usual_error(channel, on) if is_checked else None
    if said == NOT_SAID:
        return {}, _no_better(where, error)
    found = read_stretch(vars(said), on, error)
    columns = found.told() | said.seen_from()
    if where.lat is not None or found.point is None:
        return columns, _no_better(where, error)
    point = found.point
    return columns, {"lat": point.lat, "lng": point.lng, "datum": Datum.wgs84.value, "accuracy_metres": point.accuracy,
                          "located_by": point.located_by.value}


def require_sighting(said: Sighting, where: Located, channel: str) -> None:
    """Who saw it from a train says where on the line, or else by which train and which way it went. Raises `Incomplete`."""
    if channel == TRAIN and where.lat is None and not said.mileage and not (said.train_no and said.heading):
        raise Incomplete("乘火车发现的问题，请填里程；说不出里程的，填车次和方向。", field="mileage")


def _no_better(where: Located, error: float | None) -> dict[str, object]:
    if where.lat is None or error is None:
        return {}
    return {"accuracy_metres": max(where.accuracy_metres or 0.0, error)}


def usual_error(channel: str, on: date) -> float | None:
    """How well a place is known that was seen in this way, where nobody says; None where that is not known."""
    return _metres_of(channel, on) if channel in (TRAIN, DRONE) else None


def is_far_apart(metres: float, on: date) -> bool:
    """Whether two places are too far apart to be the same without a second look."""
    return metres > _metres_of("far", on)


def _metres_of(name: str, on: date) -> float:
    known = values.value("sighting_errors", on)
    assert isinstance(known, dict)
    return float(known[name])


def place_found(found: Attribution | None) -> dict[str, object]:
    """The columns of the place that the map gives."""
    if found is None:
        return {}
    each = found.measures
    owner = each.owners[0].unit_code if len(each.owners) == 1 else ""
    said = {"section_code": each.section.code if each.section is not None else "",
            "line": each.line.name if each.line is not None else "", "mileage": each.mileage, "side": each.side,
            "fence": each.fence.value, "owner_code": owner, "rule_code": found.rule,
            "fence_metres": None if each.fence_metres is None else round(each.fence_metres, 1)}
    return {name: value for name, value in said.items() if value not in (None, "")}
