"""The guides of `docs/guide` as pages: one for each kind of work, one's own first."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tracker.domain.house.actor import Role

DOCS = Path(__file__).parents[4] / "docs"
PICTURES = DOCS / "pictures"
R = Role


@dataclass(frozen=True)
class Guide:
    """One guide: its name in addresses, its file and title, and whose work it tells."""

    name: str
    title: str
    roles: tuple[Role, ...]


GUIDES: tuple[Guide, ...] = (
    Guide("inspector", "巡查员", (R.inspector, R.clerk)),
    Guide("unit", "责任单位", (R.officer,)),
    Guide("verifier", "核查员", (R.verifier,)),
    Guide("dispatcher", "调度员", (R.dispatcher, R.clerk)),
    Guide("lead", "区领导", (R.lead, R.supervisor)),
    Guide("enforcement", "执法人员", (R.enforcer, R.legal, R.principal)),
    Guide("admin", "管理员", (R.admin, R.custodian, R.auditor)),
)


@dataclass(frozen=True)
class Told:
    """A guide as HTML, and its headings (anchor, words) for the list of contents."""

    html: str
    headings: tuple[tuple[str, str], ...]


def own_first(roles: Iterable[Role]) -> tuple[tuple[Guide, bool], ...]:
    """Every guide, each with whether it is for one of these roles; those come first."""
    held = frozenset(roles)
    return tuple(sorted(((each, not held.isdisjoint(each.roles)) for each in GUIDES), key=lambda told: not told[1]))


def guide_named(name: str) -> Guide | None:
    """The guide of this name, if there is one."""
    return next((each for each in GUIDES if each.name == name), None)


def told(guide: Guide, address: str, pictures: str) -> Told:
    """What the guide says. `address` is a guide's, with NAME for its name, and `pictures` is a picture's, with FILE for it."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse((DOCS / "guide" / f"{guide.title}.md").read_text())[3:]  # the page has its own title
    headings = tuple(_mark_headings(tokens))
    for token in tokens:
        for child in token.children or ():
            _lead_here(child, address, pictures)
    return Told(reader.renderer.render(tokens, reader.options, {}), headings)


def _mark_headings(tokens: list[Token]) -> Iterable[tuple[str, str]]:
    for number, (opening, words) in enumerate(pairwise(tokens)):
        if opening.type == "heading_open":
            opening.attrSet("id", f"h{number}")
            yield f"h{number}", words.content


def _lead_here(token: Token, address: str, pictures: str) -> None:
    """A picture and a link to another guide lead to pages of the product."""
    if token.type == "image":
        token.attrSet("src", pictures.replace("FILE", Path(str(token.attrGet("src"))).name))
        token.attrSet("loading", "lazy")
    elif token.type == "link_open":
        led_to = Path(unquote(str(token.attrGet("href"))))
        name = next((each.name for each in GUIDES if led_to.name == f"{each.title}.md"), None)
        if name is not None:
            token.attrSet("href", address.replace("NAME", name))
