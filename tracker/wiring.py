"""What every room declares, collected and handed down as one `Wiring`: so the machinery that runs it imports no room's rows.

Only the bootstrap reads this file. A table of what is pure (`CASE_FLOW`, `REPORTS`, `BEATS`) stands in the law, where all may
read it, and is handed down by nobody.
"""

from dataclasses import replace

from tracker.domain.house.folds import Fold, Folds
from tracker.domain.house.rolls import Roll
from tracker.services.acts import jobs as act_jobs
from tracker.services.acts.effects import ActDeeds
from tracker.services.cadence import jobs as beat_jobs
from tracker.services.cases import identities as identities_of_cases
from tracker.services.cases.declarations import jobs as case_jobs
from tracker.services.cases.declarations import mails as case_mails
from tracker.services.coordination import (
    controls,
    interviews,
    meetings,
    operations,
    programmes,
    schedules,
)
from tracker.services.coordination import jobs as coordination_jobs
from tracker.services.coordination.agendas import invitations
from tracker.services.coordination.patrols import daily, joint, plans
from tracker.services.enforcement import cards, deciding, openings, publicity, referrals, rights
from tracker.services.evidence import jobs as evidence_jobs
from tracker.services.house.jobs import Job
from tracker.services.house.master.declaring import Master
from tracker.services.house.work import Wiring
from tracker.services.inspection import draws as draw_deeds
from tracker.services.inspection import inspections as inspection_deeds
from tracker.services.inspection import jobs as inspection_jobs
from tracker.services.inspection import masters as inspection_masters
from tracker.services.mail import jobs as mail_jobs
from tracker.services.mail import letters
from tracker.services.people import jobs as people_jobs
from tracker.services.people import masters as people_masters
from tracker.services.publications import jobs as publication_jobs
from tracker.services.reports import jobs as report_jobs
from tracker.services.rules import categories as problem_types
from tracker.services.rules import masters as rule_masters
from tracker.services.sites import jobs as site_jobs
from tracker.services.sites import masters as site_masters
from tracker.services.tables import jobs as table_jobs
from tracker.services.tables.imports import masters as layout_masters
from tracker.services.territory import area_sheet, sources
from tracker.services.territory import jobs as territory_jobs
from tracker.services.territory import offices as offices_of_areas
from tracker.services.territory.lists import lines as list_lines
from tracker.services.territory.shapes import chiefs
from tracker.services.upkeep import ledger_jobs
from tracker.services.upkeep.checks import unstated
from tracker.storage.acts import acts
from tracker.storage.cadence import beats
from tracker.storage.cases import cases, identities, saved_views
from tracker.storage.cases.belonging import parts
from tracker.storage.cases.works import rows as case_works
from tracker.storage.enforcement import penalties
from tracker.storage.evidence import evidence, uploads
from tracker.storage.house import ledger, log, posted_forms, preferences, runs, words
from tracker.storage.inspection import draws, inspections
from tracker.storage.mail import bodies, choices, outbox
from tracker.storage.people import accounts, delegations, sign_ins
from tracker.storage.publications import publications
from tracker.storage.reports import appeals, circulars, stored
from tracker.storage.rules import categories, rules
from tracker.storage.sites import owed, sites
from tracker.storage.tables import imports
from tracker.storage.territory import offices, shapes, territory

# Whoever reads the metadata must have read all of them.
TABLES = (accounts, acts, appeals, beats, bodies, case_works, cases, categories, choices, circulars, delegations, draws, evidence,
          identities,
          imports, inspections,
          ledger, log, offices,
          outbox, owed, parts, penalties, posted_forms, preferences, publications, rules, runs, saved_views, shapes, sign_ins,
          sites,
          stored, territory, uploads, words)

# Every table once: of which rows the ledger tells what, or why it tells nothing. Each stands below its table's model.
FOLDS: Folds = tuple(fold for table in TABLES for fold in table.FOLDS)

# In the order of the day, then the beats, then the pulse.
JOBS: Roll[Job] = Roll(lambda: (*case_jobs.JOBS, *evidence_jobs.JOBS, *people_jobs.JOBS, *territory_jobs.JOBS,
                                *coordination_jobs.JOBS, *site_jobs.JOBS,
                                *act_jobs.JOBS, *inspection_jobs.JOBS, *publication_jobs.JOBS, *ledger_jobs.JOBS,
                                *report_jobs.JOBS, *beat_jobs.JOBS, *mail_jobs.JOBS, *table_jobs.JOBS))

# What the steps of acts do beyond what their rows say, by kind and step.
ACT_DEEDS: ActDeeds = {**meetings.DEEDS, **programmes.DEEDS, **operations.DEEDS, **interviews.DEEDS, **joint.DEEDS,
                       **daily.DEEDS, **plans.DEEDS, **controls.DEEDS, **openings.DEEDS, **rights.DEEDS, **deciding.DEEDS,
                       **cards.DEEDS, **referrals.DEEDS, **publicity.DEEDS, **inspection_deeds.DEEDS, **draw_deeds.DEEDS}

# What administrators edit: each room's lists, in the order of the settings page.
MASTERS: Roll[Master] = Roll(lambda: (*sources.MASTERS, *problem_types.MASTERS, *offices_of_areas.MASTERS,
                                      *area_sheet.MASTERS, *people_masters.MASTERS,
                                      *rule_masters.MASTERS, *list_lines.MASTERS, *chiefs.MASTERS, *site_masters.MASTERS,
                                      *inspection_masters.MASTERS,
                                      *layout_masters.MASTERS))


def with_declarations(chosen: Wiring) -> Wiring:
    """The wiring that the bootstrap chose, with what the rooms declare."""
    return replace(chosen, home=offices_of_areas.home_area, tell=case_mails.tell, mask=identities_of_cases.masking_for,
                   post=letters.post, begin=unstated.state_beginning, jobs=JOBS, masters=MASTERS, act_deeds=ACT_DEEDS,
                   act_files=invitations.FILES,
                   duty_checks=schedules.DUTY_CHECKS,
                   folds={each.table: each for each in FOLDS if isinstance(each, Fold)})
