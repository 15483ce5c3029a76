"""The forms of publications: their texts, what overrules a finding, and a reason."""

from datetime import date
from typing import Any

from wtforms import HiddenField

from tracker.domain.house.errors import Incomplete
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.publications.kinds import PUBLIC_KINDS, PublicField
from tracker.domain.tables.cells import whole_number
from tracker.services.publications.publishing import LONGEST_REASON, LONGEST_TITLE, Wording
from tracker.storage.publications.publications import Publication
from tracker.web.house.forms import HouseForm, long_text, text
from tracker.web.territory.area_forms import day_field

FROM, TO = Given("from_on", "公开自", FieldKind.date), Given("to_on", "公开至", FieldKind.date, is_required=False)


class SeenForm(HouseForm):
    """Says which state was seen."""

    seq = HiddenField()

    def seen(self) -> int:
        """The number of the last change that was seen; of a form without one, none that there is."""
        return whole_number(str(self.seq.data or "")) or 0


class ReviewForm(SeenForm):
    """Why what is not green goes out all the same."""

    overruled = long_text("仍要公开的理由", longest=LONGEST_REASON, is_required=False, rows=3)


class ReasonForm(SeenForm):
    """Why it is sent back, withdrawn or discarded."""

    reason = long_text("理由", longest=LONGEST_REASON, rows=4)


class WordingForm(SeenForm):
    """Title, days and a box for each text."""

    title = text("标题", longest=LONGEST_TITLE)
    from_on = day_field("公开自")
    to_on = day_field("公开至", is_required=False, hint="不填则一直公开，直到撤下或换成新版")
    fields: tuple[PublicField, ...] = ()

    def wording(self) -> Wording:
        """What was typed. Raises `Invalid` or `Incomplete`."""
        first, last = read(FROM, self.from_on.data or ""), read(TO, self.to_on.data or "")
        if not isinstance(first, date):
            raise Incomplete("请填写“公开自”。", field="from_on")
        return Wording(str(self.title.data or ""), {each.name: str(self[each.name].data or "") for each in self.fields}, first,
                       last if isinstance(last, date) else None)


def wording_form(row: Publication) -> WordingForm:
    """The form of a draft as it stands."""
    fields = PUBLIC_KINDS[row.kind].fields
    boxes: dict[str, Any] = {each.name: long_text(each.word, longest=each.longest, is_required=False, rows=5) for each in fields}
    made: WordingForm = type("TextsForm", (WordingForm,), boxes)(data={
        "seq": row.seq, "title": row.title, "from_on": row.from_on.isoformat(),
        "to_on": row.to_on.isoformat() if row.to_on else "",
        **row.body["texts"]})
    made.fields = fields
    return made
