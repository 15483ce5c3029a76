"""The search index as a whole: made anew from the cases and their facts."""

from tracker.services.house.work import Work, deed
from tracker.storage.cases import search


@deed
def rebuild(work: Work) -> int:
    """Make the search index anew, in one transaction; until it is there the old one answers. Returns how many cases it holds."""
    return search.rebuild(work.session)
