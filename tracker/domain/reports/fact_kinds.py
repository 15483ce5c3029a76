"""What happens to reports and to appeals against them."""

from collections.abc import Mapping

from tracker.domain.house.ledger import FactKind


class ReportFacts:
    """Of a frozen report."""

    published = FactKind("report:published")


class AppealFacts:
    """Of an appeal: `appeal:<id>`."""

    raised = FactKind("appeal:raised", "text")
    rejected = FactKind("appeal:rejected", "reason")
    upheld = FactKind("appeal:upheld", "reason")


DECISIONS: Mapping[str, FactKind] = {"upheld": AppealFacts.upheld, "rejected": AppealFacts.rejected}  # by outcome
