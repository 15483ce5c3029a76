"""A case as its papers tell it: the newest facts of their kinds, days in words, the office that signs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.cases.papers.official import FormRow
from tracker.domain.house.say import DateWords, finished
from tracker.domain.territory.offices import Office
from tracker.services.house.work import reading, wiring
from tracker.services.rules.categories import categories
from tracker.services.territory import offices
from tracker.storage.cases.entries import FactEntry
from tracker.storage.cases.page import CasePage, Head
from tracker.storage.house.log import short_head

BLANK_DAY = "　　年　　月　　日"


@dataclass(frozen=True)
class TellingCase:
    """A case, the office whose case it is, and the signed head of the ledger that stands now."""

    page: CasePage
    office: Office | None
    proof: str

    @property
    def head(self) -> Head:
        """Its row."""
        return self.page.head

    @property
    def office_name(self) -> str:
        """Who signs."""
        return self.office.name if self.office is not None else ""

    @property
    def foot(self) -> tuple[str, ...]:
        """What the paper rests on."""
        facts = self.page.facts
        return (f"账本 {self.head.number} 第 {facts[-1].seq} 条 {facts[-1].digest}", f"账本签名头：{self.proof or '—'}")

    def newest(self, kinds: Iterable[str]) -> FactEntry | None:
        """The newest fact of one of these kinds."""
        wanted = frozenset(kinds)
        return next((fact for fact in reversed(self.page.facts) if fact.kind in wanted), None)

    def text_of(self, fact: FactEntry | None, name: str) -> str:
        """What a fact says under a name; nothing where there is none."""
        return finished(str(fact.details.get(name) or "")) if fact is not None else ""

    def day_of(self, at: datetime | None) -> date | None:
        """The office's day of an instant."""
        return wiring().clock.local(at).date() if at is not None else None

    def about(self) -> tuple[FormRow, ...]:
        """What each paper says of the case first: whose it is, where, and what is complained of."""
        head = self.head
        batch = f"{head.source}（{head.batch_label}）" if head.batch_label else head.source
        number = f"{head.source_number}{'*' if head.is_key else ''}" if head.source_number else "—"
        return (
            FormRow((("案件编号", head.number), ("受理编号", number))),
            FormRow((("案件来源", batch), ("受理日期", day_words(head.received_on)))),
            FormRow((("问题类型", "、".join(categories().names.get(c, c) for c in self.page.categories) or "—"),
                     ("重点件", "是" if head.is_key else "否"))),
            FormRow((("问题地点", "　".join(filter(None, (head.area, head.place))) or "—"),)),
            FormRow((("问题基本\n情况", f"{head.title}\n{head.description}"),), least=26),
        )

    def units(self) -> FormRow:
        """Who answers for it."""
        return FormRow((("主办单位", self.head.lead_unit or "—"), ("协办单位", "、".join(self.page.supporting_units) or "无")))


def telling(page: CasePage) -> TellingCase:
    """The case of a page that its reader may see."""
    office = offices.all_offices().of(page.head.jurisdiction, wiring().clock.today())
    return TellingCase(page, office, short_head(reading()))


def day_words(on: date | None) -> str:
    """A day as it stands on paper; a dash for none."""
    return finished(DateWords(on)) if on is not None else "—"


def day_read(text: str) -> date | None:
    """A day as a fact tells it."""
    return date.fromisoformat(text) if text else None


def signed_line(name: str | None, on: date | None) -> str:
    """Who signed and when, or room for both."""
    return f"签字：{name}　　{day_words(on)}" if name and on else f"签字：　　　　　　{BLANK_DAY}"
