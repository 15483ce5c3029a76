"""Where the page of an act leads for what the public shall read of it: it is drafted and reviewed among publications."""

from collections.abc import Collection
from typing import Any

from flask import url_for

from tracker.domain.acts.step_rows import ActStep
from tracker.domain.house.actor import Permission
from tracker.domain.publications.flow import PublicationState
from tracker.services.house.work import reading
from tracker.storage.acts.page import ActPage
from tracker.storage.publications.publications import of_subject
from tracker.web.house.guard import current_actor


def may_draft(page: ActPage, froms: Collection[str]) -> bool:
    """Whether this person drafts what the public shall read of it, in these states."""
    return page.head.state in froms and current_actor().has_in(Permission.publication_draft, page.head.area_code)


def told_publicity(page: ActPage, publish: ActStep, withdraw: ActStep | None = None) -> dict[str, Any]:
    """Who may draft what the public shall read of it; its steps lead to the version that they are about."""
    versions = {row.state: row.id for row in reversed(of_subject(reading(), page.head.stream))}
    about = {publish.name: versions.get(PublicationState.draft)}
    if withdraw is not None:
        about[withdraw.name] = versions.get(PublicationState.published)
    return {"may_draft": may_draft(page, publish.froms), "step_links": {
        name: url_for("publications.show", number=number) if number else url_for("publications.listing")
        for name, number in about.items()}}
