"""When and where a photo was taken, written on what is shown of it, where the office says so."""

from datetime import datetime

from tracker.domain.house.say import Say
from tracker.gateways.evidence.marks import marked
from tracker.services.house.work import wiring
from tracker.services.rules import values
from tracker.storage.evidence.evidence import EvidenceRow


def shown_with_mark(shown: bytes, row: EvidenceRow, place: str) -> bytes:
    """The copy to be shown, with its mark where the office's rule asks for one today."""
    if not values.is_on("field_photos", "is_marked", wiring().clock.today()):
        return shown
    return marked(shown, mark_of(row, place))


def mark_of(row: EvidenceRow, place: str) -> list[str]:
    """When it was taken, else when it was received; the place of its case, and its own point, which of a sealed photo nobody is
    told."""
    taken = _instant_of(row.taken_at)
    moment = f"{wiring().clock.local(taken or row.uploaded_at):%Y-%m-%d %H:%M}"
    is_placed = row.lat is not None and row.lng is not None and not row.is_original_sealed
    point = f"{row.lat:.5f}, {row.lng:.5f}" if is_placed else ""
    lines = [str(Say("{moment} 拍摄", moment=moment) if taken else Say("{moment} 收到", moment=moment)), f"{place}  {point}".strip()]
    return [line for line in lines if line]


def _instant_of(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
