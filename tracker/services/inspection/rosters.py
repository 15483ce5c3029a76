"""The roster of a draw: which sites stand on the list of a day, why some are out, who may be sent where, how many are due."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tracker.domain.inspection.drawing import ListedSite, Roster, Stratum
from tracker.domain.inspection.draws import DrawQuarter, level_of, read_quarter
from tracker.domain.inspection.quotas import DrawRule, OutReason, first_reason, quota_of, quota_with, rules_for
from tracker.domain.sites.registers import SiteStatus
from tracker.services.rules import values
from tracker.storage.inspection import listing
from tracker.storage.inspection.listing import SiteThen
from tracker.storage.inspection.positive import listed_until
from tracker.storage.inspection.roster import Officer, barred_on, officers_on


@dataclass(frozen=True)
class RosterQuestion:
    """Of which draw: its quarter, area and day, and which sites and officers were excluded by hand."""

    number: str
    area_code: str
    quarter: DrawQuarter
    on: date
    sites: frozenset[str] = frozenset()
    officers: frozenset[str] = frozenset()

    @property
    def level(self) -> str:
        """Whose draw it is."""
        return level_of(self.area_code)


@dataclass(frozen=True)
class MadeRoster:
    """A roster, with what it knows of its sites and officers beyond what is committed to."""

    roster: Roster
    sites: Mapping[str, SiteThen]
    officers: Mapping[str, Officer]

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Of each class how many are listed, stand outside and are due."""
        return {each.site_class: {
            "listed": sum(site.site_class == each.site_class for site in self.roster.sites),
            "pool": len(self.roster.pool(each.site_class)), "quota": each.quota} for each in self.roster.strata}


def question_of(number: str, area_code: str, quarter: str, on: date, excluded: Iterable[Mapping[str, object]]) -> RosterQuestion:
    """The question of a draw as its act keeps it."""
    rows = list(excluded)
    return RosterQuestion(number, area_code, read_quarter(quarter), on,
                          frozenset(str(row["site"]) for row in rows if row.get("site")),
                          frozenset(str(row["officer"]) for row in rows if row.get("officer")))


def made_roster(session: Session, asked: RosterQuestion) -> MadeRoster:
    """The roster by the registry of its day."""
    ways: Any = values.value("draw_ways", asked.on)
    rules = rules_for(asked.level, values.value("draw_rules", asked.on))  # type: ignore[arg-type]
    known = [site for site in listing.sites_on(session, asked.area_code, asked.on)
             if site.site_class in {rule.site_class for rule in rules}]
    officers = [each for each in officers_on(session, asked.on, asked.area_code) if each.login not in asked.officers]
    until = listed_until(session, asked.on)
    sites = tuple(_listed_sites(session, asked, known, rules, until if ways["positive_mode"] == "skip" else {}))
    roster = Roster(asked.number, tuple(_strata_due(session, asked, rules, sites, len(officers))), sites,
                    tuple(each.login for each in officers),
                    _barred_pairs(session, asked, known, officers, is_rotated=ways["is_rotated"]),
                    values.number("draw_team", asked.on), values.number("draw_most_sites", asked.on))
    return MadeRoster(roster, {each.code: each for each in known}, {each.login: each for each in officers})


def _listed_sites(session: Session, asked: RosterQuestion, known: Iterable[SiteThen], rules: Iterable[DrawRule],
                  until: Mapping[int, date | None]) -> Iterable[ListedSite]:
    """Every site of the list, with the first reason why it stands outside and how often it was drawn in its cycle."""
    cap, waiting = values.number("onsite_cap", asked.on), listing.waiting_to_be_seen(session)
    visits = listing.visited_on_site(session, date(asked.on.year, 1, 1), asked.on) if cap else {}
    times = {rule.site_class: listing.drawn_times(session, asked.level, _quarters_of(asked.quarter, rule.cover_years))
             for rule in rules}
    for site in known:
        applying = {reason for reason, holds in (
            (OutReason.not_active, site.status != SiteStatus.active), (OutReason.positive_list, site.id in until),
            (OutReason.onsite_cap, bool(cap) and visits.get(site.id, 0) >= cap), (OutReason.open_inspection, site.id in waiting),
            (OutReason.excluded, site.code in asked.sites)) if holds}
        yield ListedSite(site.code, site.site_class, first_reason(applying), times[site.site_class][site.id])


def _strata_due(session: Session, asked: RosterQuestion, rules: Iterable[DrawRule], sites: tuple[ListedSite, ...],
                officers: int) -> Iterable[Stratum]:
    earlier = [str(DrawQuarter(asked.quarter.year, place)) for place in range(1, asked.quarter.place)]
    before = listing.drawn_before(session, asked.level, asked.area_code, earlier)
    for rule in rules:
        own = [site for site in sites if site.site_class == rule.site_class]
        quota = quota_of(rule, len(own), asked.quarter.place, before[rule.site_class], officers)
        yield Stratum(rule.site_class, quota_with(rule, quota, (site for site in own if not site.out)), rule.fresh_first)


def _barred_pairs(session: Session, asked: RosterQuestion, known: Iterable[SiteThen], officers: Iterable[Officer], *,
               is_rotated: bool) -> tuple[tuple[str, str], ...]:
    logins, codes = {each.person_id: each.login for each in officers}, {each.id: each.code for each in known}
    pairs = {(logins[person], codes[site]) for person, site in barred_on(session, asked.on) if person in logins and site in codes}
    if is_rotated:
        pairs |= {(login, codes[site]) for login, site in listing.seen_last_by(session)
                  if login in logins.values() and site in codes}
    return tuple(sorted(pairs))


def _quarters_of(quarter: DrawQuarter, years: int) -> list[str]:
    """The quarters of a cycle: this year's and those of the years before."""
    return [str(DrawQuarter(quarter.year - back, place)) for back in range(years) for place in (1, 2, 3, 4)]
