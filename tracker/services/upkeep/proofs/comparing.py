"""The ledger as it stands, compared with what readers hold of it (`ledger.md` §5.5): notes and short forms, all sizes in one
pass."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations

from sqlalchemy.orm import Session

from tracker.domain.house.errors import Invalid
from tracker.domain.house.log.notes import SHORT_DIGITS, Note, ShortHead, notes_in, shorts_in
from tracker.domain.house.say import Say
from tracker.gateways.house.signing import is_signed
from tracker.gateways.upkeep.handed_out import Piece, pieces
from tracker.services.house.work import reading
from tracker.services.upkeep.checks.tree import roots_at
from tracker.services.upkeep.heads import known_keys, origin_of
from tracker.storage.house import log

LEAST_DIGITS = 16


@dataclass(frozen=True)
class Held:
    """A head in somebody's hands: where it stood, how far it reaches, how its root begins."""

    whence: str
    size: int
    digits: str

    def is_of(self, root: bytes) -> bool:
        """Whether the root begins like this."""
        return root.hex().startswith(self.digits)

    def contradicts(self, other: "Held") -> bool:
        """Whether no one history can have given out both."""
        least = min(len(self.digits), len(other.digits))
        return self.size == other.size and self.digits[:least] != other.digits[:least]


@dataclass
class ComparedHeads:
    """What came of a comparison."""

    agreed: int = 0
    differing: list[Held] = field(default_factory=list)
    newer: list[Held] = field(default_factory=list)  # beyond the ledger: it was put back
    split: list[tuple[Held, Held]] = field(default_factory=list)  # of one length, with two roots: two histories were told
    foreign: list[str] = field(default_factory=list)  # origins of other ledgers
    unsigned: int = 0  # notes that no known key signed

    @property
    def count(self) -> int:
        """How many were compared."""
        return self.agreed + len(self.differing) + len(self.newer)

    @property
    def holds(self) -> bool:
        """Whether nothing contradicts the ledger."""
        return not self.differing and not self.newer

    def sentences(self) -> list[str]:
        """What is said of it, the outcome first."""
        bad = [*self.differing, *self.newer]
        said: list[str] = [Say("比对 {count} 处：{agreed} 处相符，{differing} 处不符", count=self.count, agreed=self.agreed,
                               differing=len(bad))
                if bad else Say("比对 {count} 处：全部相符", count=self.count)]
        said += [Say("不符：{whence}（第 {size:,} 条）", whence=each.whence or Say("贴入的文字"), size=each.size) for each in self.differing]
        said += [Say("检查点比账本新：账本被回退：{whence}（第 {size:,} 条）", whence=each.whence or Say("贴入的文字"), size=each.size)
                 for each in self.newer]
        said += [Say("同一长度两个根：第 {size:,} 条，{one}与{other}各执一份，曾有两份不同的账本", size=one.size,
                     one=one.whence or Say("贴入的文字"), other=other.whence or Say("贴入的文字")) for one, other in self.split]
        said += [Say("另有属于“{origin}”的检查点，没有比对", origin=origin) for origin in dict.fromkeys(self.foreign)]
        return said + ([Say("另有 {count} 个检查点的签名不是已知的密钥，不算相符", count=self.unsigned)] if self.unsigned else [])


def compare_with(given: Iterable[str]) -> ComparedHeads:
    """Compare files, folders or texts with the ledger. Raises `Invalid` (code `no_checkpoint`) where there is nothing to
    compare."""
    session = reading()
    compared, held = ComparedHeads(), []
    for each in given:
        for piece in pieces(each):
            held += _held_in(session, piece, compared)
    if not held and not compared.foreign and not compared.unsigned:
        raise Invalid("没有找到检查点：请给出日报、报告或检查点的文字。", code="no_checkpoint")
    _weigh_all(session, list(dict.fromkeys(held)), compared)
    return compared


def compare_text(text: str) -> ComparedHeads:
    """The same for what somebody pasted: never a file of ours."""
    session = reading()
    compared = ComparedHeads()
    held = _held_in(session, ("", text), compared)
    if not held and not compared.foreign and not compared.unsigned:
        raise Invalid("没有找到检查点：请把邮件末尾“账本 …”那一行，或整个检查点贴进来。", code="no_checkpoint", field="text")
    _weigh_all(session, list(dict.fromkeys(held)), compared)
    return compared


def _held_in(session: Session, piece: Piece, compared: ComparedHeads) -> list[Held]:
    whence, text = piece
    held = [Held(whence, each.size, each.digits) for each in shorts_in(text) if _is_telling(each)]
    keys, origin = known_keys(session), origin_of(session)
    for note in notes_in(text):
        if note.head.origin != origin:
            compared.foreign.append(note.head.origin)
        elif not is_signed(note, keys):
            compared.unsigned += 1
        else:
            held.append(_of_note(whence, note))
    return held


def _is_telling(short: ShortHead) -> bool:
    """Whether enough digits are left to tell anything. Raises `Invalid` otherwise."""
    if len(short.digits) < LEAST_DIGITS:
        raise Invalid(Say("“账本 {size}”后面只有 {count} 位，至少要 {least} 位（共 {most} 位）才能比对。", size=short.size,
                          count=len(short.digits), least=LEAST_DIGITS, most=SHORT_DIGITS), code="short_digits", field="text")
    return True


def _of_note(whence: str, note: Note) -> Held:
    return Held(whence, note.head.size, note.head.root.hex())


def _contradicting_pairs(held: list[Held]) -> list[tuple[Held, Held]]:
    """Of each length at which two of them cannot both be true, the first two that are not."""
    by_size: dict[int, list[Held]] = defaultdict(list)
    for each in held:
        by_size[each.size].append(each)
    pairs = (next(((one, other) for one, other in combinations(those, 2) if one.contradicts(other)), None)
             for those in by_size.values())
    return [pair for pair in pairs if pair is not None]


def _weigh_all(session: Session, held: list[Held], compared: ComparedHeads) -> None:
    last = log.end(session)[0]
    compared.split = _contradicting_pairs(held)
    roots = roots_at(session, {each.size for each in held if each.size <= last})
    for each in held:
        if each.size > last:
            compared.newer.append(each)
        elif each.size in roots and each.is_of(roots[each.size]):
            compared.agreed += 1
        else:
            compared.differing.append(each)
