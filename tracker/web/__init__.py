"""Floor 3, the staff door. `register` is its table of contents."""

from flask import Flask

from tracker.web.acts import acts
from tracker.web.cadence import beats
from tracker.web.cases import cases, draft_pages, likeness, papers, photos, stale_forms, steps, visibility
from tracker.web.cases.identities import pages as identities
from tracker.web.cases.register import around, bulk, desk, map_page, matters, saved_views, triage
from tracker.web.coordination import (
    backlog,
    controls,
    interviews,
    line_sections,
    meetings,
    operations,
    patrols,
    programmes,
)
from tracker.web.enforcement import panels as enforcement_panels
from tracker.web.evidence import evidence, uploads
from tracker.web.house import addresses, guard, health, navigation, offline, refusals, security
from tracker.web.house.drawing import filters, languages
from tracker.web.house.drawing.speed import page_parts
from tracker.web.house.entry import posted
from tracker.web.house.help import pages as help_pages
from tracker.web.house.master import pages as master
from tracker.web.house.master import sheets as master_sheets
from tracker.web.inspection import draws, inspections, interests
from tracker.web.mail import own_mail, preview
from tracker.web.people import accounts, delegations, factors, own_sessions, people, proposals, units
from tracker.web.publications import publications
from tracker.web.reports import appeals, batches, circulars, city, dashboard, measures, reports
from tracker.web.rules import calendar, limits, rules, settings
from tracker.web.sites import audit_pages, class_pages, entry_pages, letter_pages, owed_pages, positive_pages, sites
from tracker.web.tables import as_of, exports, import_columns, imports, registers
from tracker.web.territory import areas, map_settings, offices, territory
from tracker.web.territory.lists import drafting as list_drafting
from tracker.web.territory.lists import pages as list_pages
from tracker.web.territory.shapes import line
from tracker.web.territory.shapes import pages as shape_pages
from tracker.web.upkeep import audit, erasures, ledger, running
from tracker.web.upkeep.founding import pages as setup
from tracker.web.upkeep.founding import start

__all__ = ["around", "list_drafting", "master_sheets", "register", "units"]
ROOMS = (
    health, languages, offline, master,
    settings, limits, rules, calendar,
    accounts, factors, own_sessions, people, delegations, proposals,
    territory, areas, list_pages, map_settings, offices, line, line_sections, shape_pages,
    evidence, uploads,
    preview, own_mail,
    desk, cases, draft_pages, steps, papers, photos, likeness, bulk, triage, visibility, map_page, matters, saved_views,
    identities, acts, backlog, meetings, interviews, sites, entry_pages, owed_pages,
    audit_pages, class_pages, letter_pages, positive_pages, controls, programmes, draws, inspections, interests,
    as_of, exports, imports, import_columns, registers,
    reports, measures, appeals, circulars, dashboard, city, batches, publications,
    beats, help_pages,
    audit, erasures, ledger, running, setup, start,
)


def register(app: Flask) -> None:
    """Open the door: pages, guard, refusals, menu, filters, headers."""
    addresses.register(app)
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    guard.stand_guard(app)
    for part in (posted, languages, refusals, navigation, delegations, filters, page_parts, security, appeals, circulars,
                 meetings, programmes, operations, interviews, patrols, controls, enforcement_panels, draws, inspections,
                 publications,
                 stale_forms,
                 help_pages):
        part.register(app)
