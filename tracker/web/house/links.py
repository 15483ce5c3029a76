"""Links that law and deeds hand up, as addresses of this application's router."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from tracker.domain.house.links import Link, Place

# The endpoint of each page, and what its keys are called there.
ENDPOINTS: Mapping[Place, tuple[str, tuple[str, ...]]] = {
    Place.act: ("acts.show", ("number",)), Place.acts: ("acts.acts", ()),
    Place.appeals: ("appeals.of_report", ("name", "period")),
    Place.case: ("cases.show", ("number",)),
    Place.circular: ("circulars.circular", ("name", "period")), Place.desk: ("home.desk", ()),
    Place.identity_request: ("identities.request_page", ("request_id",)),
    Place.import_job: ("imports.job", ("job_id",)),
    Place.ledger: ("ledger.ledger", ()), Place.not_me: ("accounts.not_me", ("code",)),
    Place.people: ("people.people", ()), Place.person: ("people.person", ("login",)),
    Place.register: ("cases.register", ()), Place.report: ("reports.report", ("name", "period")),
    Place.report_cases: ("reports.cases", ("name", "period")),
    Place.section: ("line_sections.section", ("code",)), Place.set_password: ("accounts.set_password", ()),
    Place.setup: ("setup.begin", ()), Place.site: ("sites.show", ("code",)), Place.step: ("steps.ask", ("number", "step")),
}


def address_here(link: Link) -> str | None:
    """The address of a page; none for what an old report wrote that is no address."""
    if link.place is Place.written:
        (address,) = link.keys
        return address if address.startswith("/") else None
    endpoint, names = ENDPOINTS[link.place]
    values: dict[str, Any] = dict(zip(names, link.keys, strict=True)) | dict(link.asked)
    return url_for(endpoint, **values)
