"""What the pages of penalties, cards and referrals show of themselves: the party and its rights, amounts, limits, papers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Flask

from tracker.domain.enforcement import cards, penalties, referrals
from tracker.domain.enforcement.rights import violations_of
from tracker.domain.house.actor import Actor
from tracker.domain.house.fields import FieldKind, Given
from tracker.domain.rules.limits import LIMITS_OF_OTHERS, LIMITS_OF_POLICE
from tracker.services.acts import access
from tracker.services.enforcement import looking
from tracker.services.house.work import reading
from tracker.services.rules import values
from tracker.storage.acts import register as act_register
from tracker.storage.acts.page import ActPage
from tracker.storage.cases.entries import FactEntry
from tracker.web.acts import panels
from tracker.web.acts.panels import ActPanel
from tracker.web.acts.publicity import told_publicity
from tracker.web.house.business_day import today
from tracker.web.house.guard import current_actor


def _told_limits(page: ActPage, facts: tuple[FactEntry, ...]) -> dict[str, Any]:
    """Its limits, with those of others apart, and the papers of each step."""
    return {
        "limits": [(clock, clock.stage in LIMITS_OF_OTHERS, clock.stage in LIMITS_OF_POLICE) for clock in page.clocks],
        "papers": [(fact, [each["id"] for each in fact.details["evidence"] if isinstance(each, dict)]) for fact in facts
                   if fact.details.get("evidence")],
        "opened": facts[0].details if facts else {},
    }


def _told_penalty(page: ActPage, facts: tuple[FactEntry, ...]) -> Mapping[str, Any]:
    seen = looking.penalty_seen(reading(), page)
    streams = [f"act:{number}" for number in (*seen.duplicates, *seen.referrals)]
    may_open = act_register.titles_of(reading(), access.scope_of(current_actor()), streams)
    publicity = told_publicity(page, penalties.PenaltySteps.publish, penalties.PenaltySteps.withdraw_publication)
    return {**_told_limits(page, facts), **publicity, "penalty": seen, "may_open": may_open}


def _told_card(page: ActPage, facts: tuple[FactEntry, ...]) -> Mapping[str, Any]:
    return {**_told_limits(page, facts), **told_publicity(page, cards.CardSteps.publish, cards.CardSteps.withdraw_publication),
            "colour": dict(cards.COLOURS)[page.head.subkind], "effects": cards.CARD.effects_in(page.head.state)}


def _told_referral(page: ActPage, facts: tuple[FactEntry, ...]) -> Mapping[str, Any]:
    sent = next((fact.details for fact in reversed(facts) if fact.kind == referrals.ReferralSteps.send.fact), {})
    having = [(word, sent.get(name) == referrals.ATTACHED) for name, word, _ in referrals.SENT_PAPERS] if sent else []
    return {**_told_limits(page, facts), "sent": sent, "having": having, "paid_before": looking.paid_before(reading(), page),
            "bars_fine": referrals.bars_fine(page.head.state)}


def _known_violations(actor: Actor, fields: tuple[Given, ...]) -> tuple[Given, ...]:
    """What may be punished today, to choose from."""
    rows = values.value("violations", today().on)
    assert isinstance(rows, list)
    known = tuple((each.code, each.name) for each in violations_of(rows))
    return tuple(replace(given, kind=FieldKind.choice, choices=known, hint="") if given.name == "violation" else given
                 for given in fields)


def _before_penalty(page: ActPage, step: str) -> list[str]:
    return looking.before_step(reading(), page, step)


def register(app: Flask) -> None:
    """Hand in the panels."""
    panels.hand_in(app, penalties.KIND, ActPanel("acts/kinds/penalty.html", _told_penalty, shows_clocks=True,
                                                 before=_before_penalty, offers=_known_violations,
                                                 listed=lambda ids: looking.amounts_listed(reading(), ids)))
    panels.hand_in(app, cards.KIND, ActPanel("acts/kinds/card.html", _told_card, shows_clocks=True))
    panels.hand_in(app, referrals.KIND, ActPanel("acts/kinds/referral.html", _told_referral, shows_clocks=True))
