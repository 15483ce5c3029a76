"""What happens to the record of a beat."""

from tracker.domain.house.ledger import FactKind


class CadenceFacts:
    """Of a beat, a period and an area."""

    finished = FactKind("cadence:finished")
    signed = FactKind("cadence:signed", "note")
