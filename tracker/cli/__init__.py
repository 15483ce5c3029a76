"""Floor 3, the operator's door: every command parses, calls one deed, prints. Refusals end as one sentence and an exit code."""

from importlib import import_module

from flask import Flask

GROUPS = (
    "acts.acts",
    "people.people", "people.delegations", "cases.case",
    "cases.identities", "cases.works", "coordination.programmes", "coordination.meetings", "coordination.patrols",
    "sites.sites", "inspection.draws", "inspection.inspections", "publications.publications", "rules.calendar",
    "tables.data", "upkeep.jobs",
    "cadence.supervision",
    "upkeep.ledger", "upkeep.words",
    "reports.circulars", "reports.measures",
    "cases.search", "territory.areas", "territory.lists", "territory.map", "territory.offices",
    "territory.place", "territory.shapes", "territory.chiefs",
    "upkeep.backup", "upkeep.database",
    "mail.outbox", "upkeep.demo", "upkeep.doctor", "upkeep.setup", "upkeep.config", "upkeep.audit",
    "house.master",
)


def register(app: Flask) -> None:
    """Add every group of commands. Each module has one called `group`."""
    for name in GROUPS:
        app.cli.add_command(import_module(f"{__name__}.{name}").group)
