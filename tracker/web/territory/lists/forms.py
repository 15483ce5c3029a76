"""The forms of the responsibility list: a new draft, a try, putting a draft in force."""

from collections.abc import Iterable
from datetime import date

from wtforms import HiddenField, SelectField

from tracker.domain.house.errors import Incomplete
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.house.say import Say
from tracker.domain.territory.routing import FENCE, FENCE_WORDS, WORK, WORKS
from tracker.services.rules.categories import categories
from tracker.services.territory.lists.versions import MOST_DOCUMENT, MOST_REASON, MOST_TITLE, ActivateOrder, DraftOrder
from tracker.web.house.business_day import today
from tracker.web.house.forms import HouseForm, listed, text
from tracker.web.territory.area_forms import day_field

FIRST_DAY = Given("first_day", "起用日", FieldKind.date)
EMPTY = "0"


class ListDraftForm(HouseForm):
    """A new draft."""

    title = text("名称", longest=MOST_TITLE)
    document_no = text("文号", longest=MOST_DOCUMENT, is_required=False, hint="还没有文号可以先空着")
    copied_from = SelectField("以哪一版为底稿")

    def offer(self, numbers: Iterable[int]) -> "ListDraftForm":
        """Hand in the versions that may be copied, the newest first."""
        self.copied_from.choices = [*listed((str(number), Say("第 {number} 版", number=number)) for number in numbers),
                                    *listed([(EMPTY, "空白清单")])]
        return self

    def order(self) -> DraftOrder:
        """What is asked for."""
        return DraftOrder(self.title.data or "", self.document_no.data or "", int(self.copied_from.data or EMPTY))


class ActivateForm(HouseForm):
    """From which day, and why there are cells without anybody."""

    first_day = day_field("起用日", hint="今天或以后；上一版到前一天为止")
    reason = text("无人负责的理由", longest=MOST_REASON, is_required=False, hint="有格子无人负责时必须写明")
    seen = HiddenField()

    def day(self) -> date:
        """The first day. Raises `Invalid` or `Incomplete`."""
        day = read(FIRST_DAY, self.first_day.data)
        if not isinstance(day, date):
            raise Incomplete("请填写“起用日”。", field="first_day")
        return day

    def order(self, number: int) -> ActivateOrder:
        """What is asked for."""
        seen = self.seen.data or ""
        return ActivateOrder(number, self.day(), self.reason.data or "", int(seen) if seen.isdigit() else None)


class TryForm(HouseForm):
    """A place and a problem; it writes nothing and is an address."""

    area_code = SelectField("在哪里")
    category = SelectField("问题类型")
    said = text("说了什么", longest=300, is_required=False, hint="标题或描述里的话")
    side = SelectField("围栏内外", choices=listed(FENCE_WORDS.items(), "没有说"))
    work = SelectField("整治内容", choices=listed(WORKS.items(), "没有说"))

    def offer(self, places: Iterable[tuple[str, str]]) -> "TryForm":
        """Hand in the places."""
        self.area_code.choices = listed(places, "说不准")
        self.category.choices = listed(categories().open_on(today().on), "说不准")
        return self

    def answers(self) -> dict[str, object]:
        """What the form of a case would have been told."""
        return {name: field.data for name, field in ((FENCE, self.side), (WORK, self.work)) if field.data}
