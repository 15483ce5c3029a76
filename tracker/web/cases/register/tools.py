"""What stands around the register's lines: columns to choose, steps for many cases, saved views, the export."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from tracker.domain.cases.register.columns import COLUMNS, STANDARD
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.services.cases.register import bulk
from tracker.services.cases.register.bulk import BulkStep
from tracker.services.house.caching import until_a_rule_changes
from tracker.storage.cases.register import view_lines
from tracker.storage.cases.register.orders import HEADINGS, ORDERS
from tracker.storage.cases.register.register import SORTS, Filters, RegisterLine
from tracker.storage.cases.register.view_lines import View
from tracker.web.house.drawing.speed.addresses import page_url

CHOICES = tuple(COLUMNS.items())
WIDE = 7


@dataclass(frozen=True)
class Heading:
    """A heading that sorts: the order that a press gives, and which way the lines are sorted by it now, if they are."""

    address: str
    word: str
    way: str


@dataclass(frozen=True)
class Tools:
    """The tools of one register page. `cols` is what its links carry: None for the standard columns."""

    columns: tuple[str, ...]
    steps: tuple[BulkStep, ...]
    views: tuple[View, ...]
    is_all_picked: bool
    may_export: bool
    query: str
    choices: tuple[tuple[str, str], ...]
    headings: Mapping[str, Heading]
    sorts: tuple[tuple[str, str], ...] = tuple(SORTS.items())
    most: int = bulk.MOST_OF_VIEW

    @property
    def cols(self) -> tuple[str, ...] | None:
        """The columns as the parameter of an address."""
        return None if self.columns == STANDARD else self.columns

    @property
    def is_wide(self) -> bool:
        """Whether the table may be wider than the page, and so gets a bar of its own to move it by."""
        return len(self.columns) > WIDE


def tools_of(actor: Actor, filters: Filters, lines: tuple[RegisterLine, ...], args: Any) -> Tools:
    """The tools of this reader for these lines. Raises `Invalid` for a column that does not exist."""
    columns = columns_of(args)
    return Tools(
        columns, bulk.open_steps(actor, tuple({line.state for line in lines})), views_of(actor),
        is_all_picked=args.get("pick") == "page", may_export=actor.has(Permission.case_export),
        query=address_of(filters, columns),
        choices=CHOICES, headings=headings_of(filters, None if columns == STANDARD else columns),
    )


def headings_of(filters: Filters, cols: tuple[str, ...] | None) -> dict[str, Heading]:
    """Those that sort, each with what a press on it gives: its first order, then the other way round."""
    found = {}
    for name, (first, second) in HEADINGS.items():
        following = second if filters.order == first else first
        way = ("descending" if filters.sorting.is_falling else "ascending") if filters.order in (first, second) else ""
        args: dict[str, Any] = filters.to_args(sort=following)
        found[name] = Heading(page_url("cases.register", cols=cols, **args), ORDERS[following].word, way)
    return found


def views_of(actor: Actor) -> tuple[View, ...]:
    """The reader's saved views and those of their unit, kept until somebody saves or drops one."""
    return until_a_rule_changes("views", lambda session: view_lines.views(session, actor.id, actor.unit_id),
                                (actor.id, actor.unit_id))


def columns_of(args: Any) -> tuple[str, ...]:
    """The chosen columns in the page's order; the standard ones when none is chosen."""
    asked = set(args.getlist("cols"))
    if asked - set(COLUMNS):
        raise Invalid(Say("没有“{asked}”这一列。", asked=min(asked - set(COLUMNS))[:40]), field="cols")
    return tuple(name for name in COLUMNS if name in asked) or STANDARD


def address_of(filters: Filters, columns: tuple[str, ...]) -> str:
    """The parameters of a view's address, as they are saved."""
    return urlencode(filters.to_args(cols=None if columns == STANDARD else columns), doseq=True)


def checked_address(query: str) -> str:
    """The same, of an address that somebody sent: only what the register knows is left. Raises `Invalid`."""
    args: MultiDict[str, str] = MultiDict(parse_qsl(query[:4000], max_num_fields=100))
    return address_of(Filters.from_args(args), columns_of(args))
