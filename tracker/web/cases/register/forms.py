"""The registration form: what, where, from whom."""

from functools import lru_cache
from typing import Any

from flask import Request
from wtforms import BooleanField, FileField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.domain.cases.belonging.candidates import TRAIN
from tracker.domain.cases.belonging.fields import HEADINGS
from tracker.domain.cases.intake_fields import DESCRIPTION, NO_PHOTO, PLACE, SOURCE_NUMBER, TITLE, is_shown_or_explained
from tracker.domain.cases.step_fields import FROM_REPORTER
from tracker.domain.cases.wording import CHANNELS
from tracker.domain.coordination.operations import SOURCE
from tracker.domain.evidence.sources import SOURCES
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import Choices, FieldKind, Given, read
from tracker.domain.territory.positions import Datum, LocatedBy
from tracker.domain.territory.shapes.layers import SIDES
from tracker.services.cases.belonging.positions import Sighting
from tracker.services.cases.identities import Reporter
from tracker.services.cases.intake import RegisterOrder
from tracker.services.cases.outside import photo_rule
from tracker.services.cases.outside.noted import seen_from_train
from tracker.services.evidence.evidence import Upload
from tracker.services.house.work import wiring
from tracker.services.rules.categories import categories
from tracker.services.rules.rules import offered_sources
from tracker.services.territory.shapes import places
from tracker.web.cases.question_forms import (
    PREFIX,
    Asked,
    BoundQuestions,
    answers_of,
    asked_of,
    number_of,
    point_fields,
    question_fields,
)
from tracker.web.house.entry.posted import sent_id
from tracker.web.house.forms import HouseForm, at_most, chosen, listed, long_text, text, uploads_of
from tracker.web.house.steps.forms import PHOTOS

PATROL = next(rule for rule in SOURCES if rule.kind == "patrol")  # what an inspector notes on the way
OPER = next(rule for rule in SOURCES if rule.key == SOURCE)  # what an operation finds
NAME_HINT = "姓名和号码会从标题、描述、地点和以后的各项文字中隐去；外号、拼音、亲属称呼不能识别，请不要写进文字"
RECEIVED = Given("received_on", "受理日期", FieldKind.date, is_required=False)


class RegisterForm(HouseForm):
    """Five required fields; the rest is optional. What is said of the reporter goes to the restricted record alone."""

    file_1 = FileField("照片 1", render_kw={"accept": PHOTOS, "optional": True})
    file_2 = FileField("照片 2", render_kw={"accept": PHOTOS, "optional": True})
    file_3 = FileField("照片 3", render_kw={"accept": PHOTOS, "optional": True})
    is_from_reporter = BooleanField(FROM_REPORTER.word, description=FROM_REPORTER.hint, render_kw={"optional": True})
    no_photo = SelectField("没有照片的原因", choices=listed(NO_PHOTO, "有照片的不用选"), default="", render_kw={"optional": True})
    found_at = HiddenField(validators=[at_most(40)])
    operation = HiddenField(validators=[at_most(40)])  # the number of the one that found it
    title = text(TITLE.word, longest=TITLE.longest, is_required=False, hint="不填就用“地点：问题类型”")
    description = long_text(DESCRIPTION.word, longest=DESCRIPTION.longest, hint="一句话说清看到了什么。不要写举报人的姓名和电话，下面有专门的栏目")
    categories = SelectMultipleField("问题类型", [chosen("问题类型")], choices=[], widget=ListWidget(prefix_label=False),
                                     option_widget=CheckboxInput())
    place = text(PLACE.word, longest=PLACE.longest, hint="道路、门牌、小区或点位")
    area_code = SelectField("所在街道（镇）", default="", render_kw={"optional": True})
    source = SelectField("来源", [chosen("来源")])
    channel = SelectField("渠道", [chosen("渠道")], choices=listed(CHANNELS.items(), "请选择"))
    line = text("线路", longest=60, is_required=False)
    mileage = text("里程", longest=20, is_required=False, hint="如 K1449+300；看到一段的，再填到哪里")
    mileage_to = text("到", longest=20, is_required=False)
    side = SelectField("在线路哪一侧", choices=listed(SIDES.items(), "不确定"), default="", render_kw={"optional": True})
    train_no = text("列车车次", longest=20, is_required=False)
    heading = SelectField("方向", choices=listed(HEADINGS.items(), "不清楚"), default="", render_kw={"optional": True})
    flight_no = text("架次", longest=40, is_required=False)
    flown_by = text("飞行单位", longest=60, is_required=False)
    source_number = text(SOURCE_NUMBER.word, longest=SOURCE_NUMBER.longest, is_required=False, hint="上级或热线给的编号；末尾带 * 的按重点件登记")
    received_on = StringField("受理日期", description="不填则为今天；巡查问题为发现的那天", render_kw={"type": "date", "optional": True})
    is_key = BooleanField("重点件")
    reporter_name = text("举报人姓名", longest=60, is_required=False, autocomplete="off", hint=NAME_HINT)
    reporter_phone = text("举报人电话", longest=40, is_required=False, autocomplete="off", type="tel")
    reporter_address = text("举报人地址", longest=200, is_required=False, autocomplete="off")

    def offer(self, sources: Choices, areas: Choices) -> "RegisterForm":
        """Hand in what can be chosen."""
        self.source.choices = listed(sources, "请选择")
        self.area_code.choices = listed(areas, "不确定，只写地点")
        self.categories.choices = listed(categories().open_on(wiring().clock.today()))
        return self

    def propose_patrol(self) -> None:
        """Who patrols says where it comes from only when it comes from elsewhere."""
        if any(choice.value == PATROL.key for choice in self.source.choices):
            self.source.data, self.channel.data = PATROL.key, PATROL.channel

    def propose_operation(self, number: str) -> None:
        """What an operation finds."""
        self.operation.data, self.source.data, self.channel.data = number[:40], OPER.key, OPER.channel

    def validate_received_on(self, field: StringField) -> None:
        """A date, where one is given."""
        try:
            read(RECEIVED, field.data)
        except Invalid as invalid:
            raise ValidationError(invalid.sentence) from None

    def order(self) -> RegisterOrder:
        """What is asked for."""
        return RegisterOrder(
            client_id=sent_id() or None, source=self.source.data, channel=self.channel.data,
            title=self.title.data, description=self.description.data,
            place=self.place.data, area_code=self.area_code.data or None, categories=tuple(self.categories.data),
            source_number=self.source_number.data or None, is_key=self.is_key.data,
            received_on=read(RECEIVED, self.received_on.data),  # type: ignore[arg-type]
            sighting=self.sighting,
            answers=answers_of(self), **self._point_values(), no_photo=self.no_photo.data or "",
        )

    @property
    def sighting(self) -> Sighting:
        """What was seen along a railway, and from what."""
        return Sighting(**{name: self[name].data or "" for name in Sighting.__dataclass_fields__})

    def fill_from_train(self) -> None:
        """Where and what, in the words of what was tapped, of something that was seen from a train."""
        if self.channel.data == TRAIN:
            place, description = seen_from_train(self.sighting, self.categories.data or ())
            self.place.data, self.description.data = self.place.data or place, self.description.data or description

    @property
    def ride_source(self) -> str:
        """The source of what is seen from a train, where this person may choose it."""
        offered = {choice.value for choice in self.source.choices}
        return next((each.key for each in offered_sources() if each.needs_confirmation and each.key in offered), "")

    @property
    def asks_photo(self) -> str:
        """The sources of which a photo is asked, or a reason why not."""
        is_asked = photo_rule.is_asked(wiring().clock.today())
        return " ".join(rule.key for rule in SOURCES if is_asked and not is_shown_or_explained(rule.kind, 0, ""))

    @property
    def home_area(self) -> str:
        """The district on which the map opens."""
        return wiring().home_area

    @property
    def rail_lines(self) -> list[dict[str, object]]:
        """The railway lines with their kilometre posts, by which a mileage goes on."""
        posts = places.rules_on(wiring().clock.today()).ground.posts
        return [{"code": each.code, "name": each.name, "posts": each.posts} for each in posts]

    def asked(self) -> list[BoundQuestions]:
        """The questions of the problem types."""
        return asked_of(asking_form(), asked_today())

    def _point_values(self) -> dict[str, Any]:
        """The point of the case, and what the phone said; numbers that nobody's script filled in were typed."""
        numbers = {name: number_of(self[name]) for name in ("lat", "lng", "accuracy_metres", "device_lat", "device_lng",
                                                            "device_accuracy_metres")}
        if (numbers["device_lat"] or 0, numbers["device_lng"] or 0) == (0, 0):
            numbers |= dict.fromkeys(("device_lat", "device_lng", "device_accuracy_metres"))
        device_datum = Datum.wgs84.value if numbers["device_lat"] is not None else None
        if numbers["lat"] is None and numbers["lng"] is None:
            return numbers | {"accuracy_metres": None, "device_datum": device_datum}
        return numbers | {"datum": self["datum"].data, "located_by": self["located_by"].data or LocatedBy.text.value,
                          "device_datum": device_datum}

    def reporter(self) -> Reporter:
        """Who reported it."""
        return Reporter(self.reporter_name.data or "", self.reporter_phone.data or "", self.reporter_address.data or "")

    def uploads(self) -> list[Upload]:
        """The chosen photos."""
        return uploads_of((field, None) for field in (self.file_1, self.file_2, self.file_3))


for _name, _field in point_fields().items():
    setattr(RegisterForm, _name, _field)


class AskingForm(RegisterForm):
    """With the questions of all problem types: half of all fields, left away where nobody answered one."""

    asks: Asked = ()

    def asked(self) -> list[BoundQuestions]:
        """The questions of the problem types."""
        return asked_of(self, self.asks)


@lru_cache(maxsize=4)
def asking_class(asks: Asked) -> type[AskingForm]:
    """The form with these questions."""
    return type("AskingFormOfToday", (AskingForm,), {**question_fields(asks), "asks": asks})


def asked_today() -> Asked:
    """What whoever registers a case today is asked."""
    return categories().asked_on(wiring().clock.today())


def asking_form() -> AskingForm:
    """The form with today's questions."""
    return asking_class(asked_today())()


def form_of(request: Request) -> RegisterForm:
    """The form for what came, or the empty one."""
    is_asking = request.method == "GET" or any(name.startswith(PREFIX) for name in request.form)
    return asking_form() if is_asking else RegisterForm()
