"""What must be green before the public may read a text: no phone, no identity or card number, no plate, no name of a person whom
the record keeps sealed. Who reviews may overrule a finding, with a reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.house.masking import Mask, mask_text
from tracker.domain.publications.plates import PLATE


class ReviewFinding(StrEnum):
    """What was found."""

    number = "number"
    plate = "plate"
    person = "person"
    moved = "moved"


FINDINGS: Mapping[ReviewFinding, str] = {
    ReviewFinding.number: "有手机号码或身份证号", ReviewFinding.plate: "有车牌号码", ReviewFinding.person: "有加密保存的个人姓名",
    ReviewFinding.moved: "起草以后，所公开的事项又有了新的进展",
}
NEVER_OVERRULED = frozenset({ReviewFinding.person})


@dataclass(frozen=True)
class Checked:
    """One finding, and where: the word of the field, "" for the whole."""

    finding: ReviewFinding
    where: str = ""


def findings_in(texts: Mapping[str, str], sealed: Mask, *, is_moved: bool) -> tuple[Checked, ...]:
    """What is not green. `texts` by the words of their fields; `sealed` hides the people whom the record keeps sealed."""
    found = [Checked(finding, word) for word, text in texts.items() for finding in _found_in(text, sealed)]
    return (*found, *((Checked(ReviewFinding.moved),) if is_moved else ()))


def _found_in(text: str, sealed: Mask) -> Iterable[ReviewFinding]:
    if mask_text(text) != text:
        yield ReviewFinding.number
    if PLATE.search(text.upper()):
        yield ReviewFinding.plate
    if sealed.apply(text) != text:
        yield ReviewFinding.person
