"""The sources of cases as shipped: what differs between them is this table, never a second lifecycle."""

from dataclasses import dataclass
from datetime import datetime

from tracker.domain.evidence.evidence import Requirement

R = Requirement
PETITION_GATES = ((R.after_photo,), (R.onsite_record,), (R.after_photo, R.onsite_record))
PATROL_GATES = ((R.before_after_pair,), (R.onsite_record, R.onsite_photo), (R.before_after_pair, R.onsite_record, R.onsite_photo))


SAMPLE = "sample"  # the kind of what another city published: it is imported at the command line, and offered nowhere


@dataclass(frozen=True, slots=True)
class SourceRule:
    """One source. The gates list what a submission, a verification and a closing must show."""

    key: str
    name: str
    kind: str
    channel: str
    is_notice_required: bool
    gates: tuple[tuple[Requirement, ...], tuple[Requirement, ...], tuple[Requirement, ...]]


SOURCES: tuple[SourceRule, ...] = (
    SourceRule("D3JX", "第三轮中央生态环境保护督察信访件", "inspectorate", "transfer", False, PETITION_GATES),
    SourceRule("D2JX", "第二轮中央生态环境保护督察信访件", "inspectorate", "transfer", True, PETITION_GATES),
    SourceRule("PSJX", "省级生态环境保护督察信访件", "inspectorate", "transfer", False, PETITION_GATES),
    SourceRule("H12345", "12345热线工单", "hotline", "hotline", False, PETITION_GATES),
    SourceRule("H12369", "环境信访举报", "hotline", "phone", False, PETITION_GATES),
    SourceRule("MSG", "网络留言", "message", "web", False, PETITION_GATES),
    SourceRule("PATROL", "日常巡查问题", "patrol", "patrol", False, PATROL_GATES),
    SourceRule("RAIL", "铁路沿线环境问题", "patrol", "train", False, PATROL_GATES),
    SourceRule("OPER", "专项行动问题", "patrol", "onsite", False, PATROL_GATES),
    SourceRule("CONTROL", "管控核查问题", "patrol", "patrol", False, PATROL_GATES),
    SourceRule("INSPECT", "监督检查问题", "patrol", "onsite", False, PATROL_GATES),
    SourceRule("CHICAGO", "外地公开样例（芝加哥）", SAMPLE, "web", False, PETITION_GATES),
)

# The keys of inspections end in the letters of a province; the shipped ones in those of the demo's. What an own district has
# besides, by the beginning of the key: its name, and after which shipped source it asks for what it asks.
SHIPPED_LETTERS = "JX"
OWN_SOURCES: dict[str, tuple[str, str]] = {
    "D4": ("第四轮中央生态环境保护督察信访件", "D3"), "SJ": ("市级生态环境保护督察信访件", "PS"),
}
NOTICED = ("D2", "D3", "D4")  # rounds whose published items carry a public notice


def under_letters(key: str, letters: str) -> str:
    """The key of a shipped source as a district under these letters has it."""
    return key.removesuffix(SHIPPED_LETTERS) + letters if key.endswith(SHIPPED_LETTERS) else key


def gate_text(requirements: tuple[Requirement, ...]) -> str:
    """A gate as the table keeps it."""
    return ",".join(requirements)


def gate_from(text: str) -> tuple[Requirement, ...]:
    """A gate read back."""
    return tuple(Requirement(part) for part in text.split(",") if part)


def asks_notice(is_required: bool, since: datetime | None, verified_at: datetime | None) -> bool:
    """Whether a case of a source needs a public notice: by the rule that held when it was verified; by the newest until then."""
    is_older = since is not None and verified_at is not None and verified_at < since
    return is_required is not is_older
