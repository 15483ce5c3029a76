"""The kinds of mail: one row each, from which follow what leaves first, what comes on a day off, and what a reader may choose."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Listed, Say


class MailPriority(IntEnum):
    """What leaves first, whatever waits: the lower number. Only what is `ordinary` is part of a reader's daily number."""

    security = 0
    ledger = 5
    listed = 10  # morning lists, reports: each once for its period
    pressing = 15
    ordinary = 20
    digest = 30


class HowMailed(StrEnum):
    """How somebody wants a kind of mail."""

    at_once = "at_once"
    in_digest = "in_digest"
    never = "never"


WAYS: dict[HowMailed, str] = {HowMailed.at_once: "随时收", HowMailed.in_digest: "并入每日汇总", HowMailed.never: "不收"}
ANY_WAY, DUTY, AT_ONCE = tuple(HowMailed), (HowMailed.at_once, HowMailed.in_digest), (HowMailed.at_once,)


@dataclass(frozen=True)
class MailKind:
    """One kind. The first of its `ways` holds until a reader chooses; `why` says why there are not all of them. `is_choice` is
    False for what nobody is asked about."""

    code: str
    word: str
    what_for: str
    priority: MailPriority = MailPriority.ordinary
    ways: tuple[HowMailed, ...] = ANY_WAY
    why: str = ""
    is_choice: bool = True

    @property
    def is_locked(self) -> bool:
        """Whether there is nothing to choose."""
        return len(self.ways) == 1

    @property
    def goes_into_digest(self) -> bool:
        """Whether one of many may wait for the digest."""
        return self.priority >= MailPriority.pressing


class Kinds:
    """Every kind, what leaves first before the others."""

    security = MailKind("security", "账号安全", "登录、密码、授权的变动", MailPriority.security, AT_ONCE, "账号是否被他人使用，须立刻知道")
    ledger = MailKind("ledger", "账本和证据告警", "账本签名停止、证据文件与登记不符", MailPriority.ledger, AT_ONCE, "须立刻查明")
    lists = MailKind("lists", "晨间清单和报告", "每日清单，日、周、月、季、年的报告", MailPriority.listed, AT_ONCE, "按期送达是调度制度的要求，谁收到留有回执")
    hourly = MailKind("hourly", "按小时计期限的事", "按工作小时计时限的案件、举报人信息申请", MailPriority.pressing, AT_ONCE, "期限按小时计，等不到次日")
    pressed = MailKind("pressed", "督办和催办", "督办、催办、提请市级协调", MailPriority.pressing, AT_ONCE, "督办有反馈期限，须及时收到")
    asked = MailKind("asked", "等我办理", "待交办、待签收、待整改、待核查、待审批、待销号", ways=DUTY, why="等您办理的事不能不收")
    informed = MailKind("informed", "案件进展", "与我有关、不必我办的变动")
    ended = MailKind("ended", "我登记的案件有了结果", "销号、不予受理、并案、移送、作废")
    chores = MailKind("chores", "导入等任务办完", "页面上交给系统办的任务")
    digest = MailKind("digest", "每日汇总", "并在一起的邮件", MailPriority.digest, AT_ONCE, is_choice=False)


KINDS: tuple[MailKind, ...] = tuple(row for row in vars(Kinds).values() if isinstance(row, MailKind))
CHOICES: tuple[MailKind, ...] = tuple(kind for kind in KINDS if kind.is_choice)


def kind_named(code: str) -> MailKind:
    """The kind of this code that one may choose about. Raises `Invalid` with the known ones."""
    for kind in CHOICES:
        if kind.code == code:
            return kind
    raise Invalid(Say("没有邮件类别“{code}”；可写：{known}。", code=code, known=Listed(kind.code for kind in CHOICES)), field="kind")


def way_for(kind: MailKind, wanted: str) -> HowMailed:
    """What somebody wants of a kind. Raises `Invalid` for what is no way, and with the reason for one that duty closes."""
    if wanted not in list(HowMailed):
        raise Invalid(Say("“{kind}”应选：{ways}。", kind=Say(kind.word), ways=Listed(Say(WAYS[way]) for way in kind.ways)),
                      field=kind.code)
    way = HowMailed(wanted)
    if way not in kind.ways:
        raise Invalid(Say("“{kind}”不能选“{way}”：{why}。", kind=Say(kind.word), way=Say(WAYS[way]), why=Say(kind.why)),
                      field=kind.code)
    return way
