"""What the page of a kind of act shows besides what all have. A room above hands in its own when the door is opened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, current_app

from tracker.domain.house.actor import Actor
from tracker.domain.house.fields import Given
from tracker.services.acts.steps import ActOffer
from tracker.storage.acts.page import ActPage
from tracker.storage.cases.entries import FactEntry

PANELS = "act_panels"


@dataclass(frozen=True)
class ActPanel:
    """A template, and what it is told of an act and its facts. `shows_duties`: the duties stand in it, with what may be done;
    `shows_clocks`: so do the limits. `offers` narrows what the form with which an act begins asks of somebody to what there is
    today; `before` is what is to be known before a step is taken, `listed` what a list of the kind says of its acts, by id."""

    template: str
    told: Callable[[ActPage, tuple[FactEntry, ...]], Mapping[str, Any]]
    shows_duties: bool = False
    shows_clocks: bool = False
    before: Callable[[ActPage, str], list[str]] | None = None
    listed: Callable[[Sequence[int]], Mapping[int, str]] | None = None
    offers: Callable[[Actor, tuple[Given, ...]], tuple[Given, ...]] | None = None


def hand_in(app: Flask, kind: str, panel: ActPanel) -> None:
    """The panel of a kind."""
    app.extensions.setdefault(PANELS, {})[kind] = panel


def panel_of(kind: str) -> ActPanel | None:
    """The panel of a kind, None where it has none."""
    found: dict[str, ActPanel] = current_app.extensions.get(PANELS, {})
    return found.get(kind)


def told_before(page: ActPage | None, step: str) -> list[str]:
    """What is to be known before a step is taken."""
    panel = panel_of(page.head.kind) if page is not None else None
    return panel.before(page, step) if panel is not None and panel.before is not None and page is not None else []


def said_in_list(kind: str, ids: Sequence[int]) -> Mapping[int, str]:
    """What a list of one kind says of these acts besides what all lists do."""
    panel = panel_of(kind)
    return panel.listed(ids) if panel is not None and panel.listed is not None and ids else {}


def narrowed_offer(actor: Actor, kind: str, offer: ActOffer) -> ActOffer:
    """What the form with which an act begins asks of somebody."""
    panel = panel_of(kind)
    return offer if panel is None or panel.offers is None else replace(offer, given=panel.offers(actor, offer.given))
