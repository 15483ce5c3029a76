"""What must be green before the public may read a text: no phone, no identity or card number, no plate, no name of a person whom
the record keeps sealed. Who reviews may overrule a finding, with a reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.house.masking import Mask, mask_text
from tracker.domain.publications.plates import PLATE


class Finding(StrEnum):
    """What was found."""

    number = "number"
    plate = "plate"
    person = "person"
    moved = "moved"


FINDINGS: Mapping[Finding, str] = {
    Finding.number: "有手机号码或身份证号", Finding.plate: "有车牌号码", Finding.person: "有加密保存的个人姓名",
    Finding.moved: "起草以后，所公开的事项又有了新的进展",
}
NEVER_OVERRULED = frozenset({Finding.person})


@dataclass(frozen=True)
class Checked:
    """One finding, and where: the word of the field, "" for the whole."""

    finding: Finding
    where: str = ""


def findings_in(texts: Mapping[str, str], sealed: Mask, *, is_moved: bool) -> tuple[Checked, ...]:
    """What is not green. `texts` by the words of their fields; `sealed` hides the people whom the record keeps sealed."""
    found = [Checked(finding, word) for word, text in texts.items() for finding in _found_in(text, sealed)]
    return (*found, *((Checked(Finding.moved),) if is_moved else ()))


def _found_in(text: str, sealed: Mask) -> Iterable[Finding]:
    if mask_text(text) != text:
        yield Finding.number
    if PLATE.search(text.upper()):
        yield Finding.plate
    if sealed.apply(text) != text:
        yield Finding.person
