"""What happens to reports and to appeals against them."""

from collections.abc import Mapping

from tracker.domain.house.ledger import FactKind


class ReportFacts:
    """Of a frozen report."""

    published = FactKind("report:published")


class CircularFacts:
    """Of a circular that is signed before it goes out: `circular:<report>/<period>/<area>`. What a paragraph said before and says
    now lies apart."""

    composed = FactKind("circular:composed")
    edited = FactKind("circular:edited", "before", "text")
    signed = FactKind("circular:signed")
    issued_unsigned = FactKind("circular:issued_unsigned")


class AppealFacts:
    """Of an appeal: `appeal:<id>`."""

    raised = FactKind("appeal:raised", "text")
    rejected = FactKind("appeal:rejected", "reason")
    upheld = FactKind("appeal:upheld", "reason")


DECISIONS: Mapping[str, FactKind] = {"upheld": AppealFacts.upheld, "rejected": AppealFacts.rejected}  # by outcome
