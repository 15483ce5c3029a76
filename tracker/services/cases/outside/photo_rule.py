"""Whether an issue found on patrol must be shown, and what its first fact says where it is not."""

from datetime import date, datetime

from tracker.domain.cases.intake_fields import NO_PHOTO, ON_PATROL, is_shown_or_explained
from tracker.domain.house.errors import Invalid
from tracker.services.rules import values


def is_asked(on: date) -> bool:
    """Whether the office asks for it on that day."""
    return values.is_on("field_photos", "is_asked", on)


def require_photo(kind: str, photos: int, reason: str, on: date) -> None:
    """Raises `Invalid` where a source of this kind asks for a photo and there is neither one nor a reason why not."""
    if reason and reason not in dict(NO_PHOTO):
        raise Invalid("没有这个不拍照的原因，请重新选择。", field="no_photo")
    if is_asked(on) and not is_shown_or_explained(kind, photos, reason):
        raise Invalid("巡查问题要有一张现场照片；拍不了的，请在照片下面选原因。", field="no_photo")


def told(kind: str, reason: str, found_at: datetime | None, act: str = "") -> dict[str, str]:
    """What the first fact says of it, and by which act it was found."""
    said = {"act": act, "no_photo": reason if kind == ON_PATROL else "", "found_at": found_at.isoformat() if found_at else ""}
    return {name: value for name, value in said.items() if value}
