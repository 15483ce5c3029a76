"""What a reader asks of the register, read from the parameters of an address."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.wording import LIGHTS
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.house.say import Say
from tracker.domain.tables.cells import whole_number
from tracker.storage.cases.register.orders import ORDERS, ListOrder

ANY = "any"  # as a sponsor: whoever it is
NOBODY = "none"  # as a unit: not assigned yet; as an area: no street is named
SORTS = {name: order.word for name, order in ORDERS.items()}


@dataclass(frozen=True)
class Filters:
    """What a reader asks of the register; every field is one parameter of the address."""

    state: tuple[CaseState, ...] = ()
    light: str = ""
    source: str = ""
    unit: str = ""
    area: str = ""
    type: str = ""
    batch: str = ""
    sponsor: str = ""
    is_key: bool = False
    is_overdue: bool = False
    is_pending: bool = False
    is_supervised: bool = False
    is_unsettled: bool = False
    received_from: date | None = None
    received_to: date | None = None
    closed_from: date | None = None
    closed_to: date | None = None
    q: str = ""
    sort: str = ""

    @classmethod
    def from_args(cls, args: Mapping[str, Any]) -> "Filters":
        """Reads the parameters of an address. Raises `Invalid` naming the first one that means nothing."""
        states = args.getlist("state") if hasattr(args, "getlist") else _as_list(args.get("state", ()))
        return cls(
            state=tuple(dict.fromkeys(_one_of("state", "状态", code, CaseState) for code in states if code)),
            light=_read_code(args, "light", "灯色", LIGHTS), source=_read_text(args, "source", "来源"),
            unit=_read_text(args, "unit", "单位"), area=_read_text(args, "area", "区划"),
            type=_read_text(args, "type", "类型"), batch=_read_text(args, "batch", "批次"),
            sponsor=_read_sponsor(args), is_key=_is_on(args, "key"), is_overdue=_is_on(args, "overdue"),
            is_pending=_is_on(args, "pending"), is_supervised=_is_on(args, "supervised"),
            is_unsettled=_is_on(args, "unsettled"),
            received_from=_read_day(args, "received_from", "受理起"), received_to=_read_day(args, "received_to", "受理止"),
            closed_from=_read_day(args, "closed_from", "销号起"), closed_to=_read_day(args, "closed_to", "销号止"),
            q=_read_text(args, "q", "搜索", 100), sort=_read_code(args, "sort", "排序", SORTS),
        )

    def to_args(self, **changes: object) -> dict[str, object]:
        """The parameters of the address of this view; `changes` replace some, None drops one."""
        values = zip(PARAMETERS, vars(self).values(), strict=True)
        asked = {name: changes[name] if name in changes else _as_text(value)
                 for name, value in values if value or name in changes}
        return {name: value for name, value in (asked | changes).items() if value}

    @property
    def order(self) -> str:
        """By due date where the view is of work at hand; else the newest first: the oldest dates are long done."""
        return self.sort or ("due" if self.state or self.light or self.is_overdue or self.is_pending else "newest")

    @property
    def sorting(self) -> ListOrder:
        """The same, as what it sorts by."""
        return ORDERS[self.order]

    @property
    def is_backwards(self) -> bool:
        """Whether a stretch of days ends before it begins, so that nothing can lie in it."""
        stretches = (self.received_from, self.received_to), (self.closed_from, self.closed_to)
        return any(first and last and first > last for first, last in stretches)

    @property
    def is_plain(self) -> bool:
        """Whether nothing is asked, so that an empty list means an empty register."""
        return not self.to_args(sort=None)


PARAMETERS = tuple(field.name.removeprefix("is_") for field in fields(Filters))


def _as_list(value: object) -> list[str]:
    return [value] if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else []


def _as_text(value: object) -> object:
    if isinstance(value, tuple):
        return [item.value for item in value]
    if isinstance(value, bool):
        return "1" if value else ""
    return value.isoformat() if isinstance(value, date) else value


def _one_of(name: str, word: str, code: str, kind: type[CaseState]) -> CaseState:
    try:
        return kind(code)
    except ValueError:
        raise Invalid(Say("“{word}”里没有“{code}”。", word=word, code=code[:40]), field=name) from None


def _read_code(args: Mapping[str, Any], name: str, word: str, known: Mapping[str, str]) -> str:
    code = str(args.get(name) or "")
    if code and code not in known:
        raise Invalid(Say("“{word}”里没有“{code}”。", word=word, code=code[:40]), field=name)
    return code


def _read_sponsor(args: Mapping[str, Any]) -> str:
    """Whoever it is, or the person of this number."""
    code = _read_text(args, "sponsor", "包案领导")
    if code and code != ANY and whole_number(code) is None:
        raise Invalid(Say("“包案领导”里没有“{code}”。", code=code[:40]), field="sponsor")
    return code


def _is_on(args: Mapping[str, Any], name: str) -> bool:
    return args.get(name) not in (None, "", "0")


def _read_text(args: Mapping[str, Any], name: str, word: str, longest: int = 60) -> str:
    text = read(Given(name, word, FieldKind.text, longest=longest), args.get(name))
    return str(text or "")


def _read_day(args: Mapping[str, Any], name: str, word: str) -> date | None:
    day = read(Given(name, word, FieldKind.date), args.get(name))
    return day if isinstance(day, date) else None
