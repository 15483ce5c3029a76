"""The responsibility list （责任清单） as a whole: which of its lines clash, whom nobody answers for, and what another list would
change."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tracker.domain.house.errors import Conflict, Invalid
from tracker.domain.house.ledger import canonical
from tracker.domain.house.say import Listed, Say
from tracker.domain.rules.area_codes import bare_code
from tracker.domain.territory.routing import FENCE, FENCE_WORDS, RAILWAY, WORK, WORKS, RoutingFacts, RoutingRule, fitting

SHORTEST_KEYWORD = 2
TOLD = ("number", "clause", "category", "area_code", "side", "work", "keywords", "lead_unit_code", "supporting_unit_codes",
        "reason",
        "basis", "valid_from", "valid_to")


def lines_digest(rules: Iterable[RoutingRule]) -> str:
    """One hash over all lines: the same for the same list, whichever version it is."""
    lines = [{name: getattr(rule, name) for name in TOLD} for rule in sorted(rules, key=lambda rule: rule.number)]
    return hashlib.sha256(canonical({"lines": lines}).encode()).hexdigest()


def require_sound(rule: RoutingRule) -> None:
    """Raise `Invalid` for a line that cannot be meant."""
    if short := next((word for word in rule.keywords if len(word) < SHORTEST_KEYWORD), None):
        raise Invalid(Say("关键词“{word}”只有一个字，会误用于无关案件；请写两个字以上。", word=short), field="keywords")
    if rule.lead_unit_code in rule.supporting_unit_codes:
        raise Invalid("主办单位不能同时协办。", field="supporting_units")
    if rule.valid_from is not None and rule.valid_to is not None and rule.valid_to < rule.valid_from:
        raise Invalid(Say("终止日不能早于启用日 {begins}。", begins=rule.valid_from), field="valid_to")


def require_no_clash(rules: Sequence[RoutingRule]) -> None:
    """Raise `Conflict` where two lines take the same cases and give them to different units, naming both."""
    alike: dict[tuple[object, ...], list[RoutingRule]] = {}
    for rule in sorted(rules, key=lambda rule: rule.number):
        for other in alike.setdefault(rule.criteria, []):
            if other.lead_unit_code != rule.lead_unit_code and _days_overlap(other, rule):
                raise Conflict(Say("第 {one} 条和第 {other} 条的条件相同，主办单位却不同；请改成一条。", one=other.number, other=rule.number),
                               code="clash", field="lead_unit")
        alike[rule.criteria].append(rule)


def _days_overlap(one: RoutingRule, other: RoutingRule) -> bool:
    first = max(one.valid_from or date.min, other.valid_from or date.min)
    return first <= min(one.valid_to or date.max, other.valid_to or date.max)


def asks_told(rule: RoutingRule, words: Mapping[str, str]) -> str:
    """What a line asks, in words; `words` are those of areas and categories."""
    said = [Say(words.get(rule.category, rule.category))] if rule.category else []
    if rule.area_code:
        said.append(Say("{area}", area=words.get(rule.area_code, rule.area_code)))
    if rule.side:
        said.append(Say(FENCE_WORDS[rule.side]))
    if rule.work:
        said.append(Say("整治内容为“{work}”", work=Say(WORKS[rule.work])))
    if len(rule.keywords) == 1:
        said.append(Say("内容提到“{keyword}”", keyword=rule.keywords[0]))
    elif rule.keywords:
        said.append(Say("内容提到{words}之一", words=Listed(f"“{word}”" for word in rule.keywords)))
    return Listed(said) if said else Say("不限")


# --- the matrix -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MatrixCell:
    """What one matter in one place comes to: the line that leads where nothing more is said of it, and those that lead or support
    for what a case says besides."""

    matter: str
    area_code: str
    lead: RoutingRule | None
    others: tuple[RoutingRule, ...] = ()


def facts_of_matter(matter: str, area_code: str | None, side: str = "") -> RoutingFacts:
    """A case of which nothing more is known than its matter, a category or one of the works at the railway, its place, and its
    side of the fence."""
    is_work = matter.startswith(f"{WORK}:")
    answers: dict[str, object] = {FENCE: side} if side else {}
    if is_work:
        answers[WORK] = matter.partition(":")[2]
    return RoutingFacts(frozenset({RAILWAY if is_work else matter}), area_code, "", answers)


def matters_of(categories: Iterable[str], rules: Iterable[RoutingRule]) -> tuple[str, ...]:
    """The rows of the matrix: every category, and each of the works of which a line speaks."""
    return (*categories, *(f"{WORK}:{work}" for work in dict.fromkeys(rule.work for rule in rules if rule.work)))


def matrix_cell(rules: Sequence[RoutingRule], matter: str, area_code: str, on: date, side: str = "") -> MatrixCell:
    """One cell. A line that asks what is not known of the case does not lead it."""
    found = fitting(rules, facts_of_matter(matter, area_code, side), on)
    lead = found[0] if found else None
    return MatrixCell(matter, area_code, lead, tuple(
        rule for rule in rules if rule is not lead and rule.holds_on(on) and _may_touch(rule, matter, area_code, side)))


def _may_touch(rule: RoutingRule, matter: str, area_code: str, side: str) -> bool:
    """Whether a line could take a case of this matter there, if the case said more."""
    bare = RoutingRule(rule.number, rule.category, rule.area_code, (), rule.lead_unit_code, side=rule.side if side else None,
                       work=rule.work if matter.startswith(f"{WORK}:") else None)
    return bool(rule.keywords or rule.side
                or rule.work) and bool(fitting([bare], facts_of_matter(matter, area_code, side), date.max))


def gaps(rules: Sequence[RoutingRule], matters: Iterable[str], areas: Sequence[str], on: date) -> tuple[tuple[str, str], ...]:
    """The cells without any lead, as matter and area."""
    return tuple((matter, area) for matter in matters for area in areas
                 if not fitting(rules, facts_of_matter(matter, area), on))


# --- what another list would change -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SampleCase:
    """A case that is routed twice to see the difference."""

    number: str
    facts: RoutingFacts
    is_open: bool
    is_recent: bool


@dataclass
class LeadMove:
    """Cases that would go from one unit to another; None is nobody."""

    was: str | None
    now: str | None
    open: list[str] = field(default_factory=list)
    recent: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ListEffect:
    """What a list does to the cases that were looked at: who would be led by whom, lines that none of them meets, and lines that
    are met and always beaten, each with the lines that beat it."""

    open_count: int
    recent_count: int
    moves: tuple[LeadMove, ...]
    unmet: tuple[RoutingRule, ...]
    beaten: tuple[tuple[RoutingRule, tuple[RoutingRule, ...]], ...]


def effect_of(before: Sequence[RoutingRule], after: Sequence[RoutingRule], cases: Iterable[SampleCase], on: date) -> ListEffect:
    """Route every case with both lists."""
    moves: dict[tuple[str | None, str | None], LeadMove] = {}
    counted, met = Counter[str](), dict[int, Counter[int]]()
    then, now_on = _by_place(before, on), _by_place(after, on)
    for case in cases:
        counted.update({"open": case.is_open, "recent": case.is_recent})
        old, new = (fitting(_that_may_fit(rules, case), case.facts, on) for rules in (then, now_on))
        for rule in new:
            met.setdefault(rule.number, Counter())[new[0].number] += 1
        was, now = (found[0].lead_unit_code if found else None for found in (old, new))
        if was != now:
            move = moves.setdefault((was, now), LeadMove(was, now))
            move.open += [case.number] * case.is_open
            move.recent += [case.number] * case.is_recent
    return ListEffect(counted["open"], counted["recent"], tuple(sorted(moves.values(), key=_by_size)),
                      tuple(rule for rule in after if rule.number not in met), _beaten_lines(after, met))


def _by_place(rules: Sequence[RoutingRule], on: date) -> Mapping[tuple[str | None, str], Sequence[RoutingRule]]:
    """Lines by category and area: a case meets few of them, and a preview asks thousands of cases."""
    found: dict[tuple[str | None, str], list[RoutingRule]] = {}
    for rule in rules:
        if rule.holds_on(on):
            found.setdefault((rule.category, bare_code(rule.area_code or "")), []).append(rule)
    return found


def _that_may_fit(rules: Mapping[tuple[str | None, str], Sequence[RoutingRule]], case: SampleCase) -> list[RoutingRule]:
    code = bare_code(case.facts.area_code or "")
    return [rule for category in (None, *case.facts.categories) for length in range(len(code) + 1)
            for rule in rules.get((category, code[:length]), ())]


def _by_size(move: LeadMove) -> tuple[int, int, str, str]:
    return -len(move.recent), -len(move.open), move.was or "", move.now or ""


def _beaten_lines(rules: Sequence[RoutingRule], met: Mapping[int, Counter[int]]
                  ) -> tuple[tuple[RoutingRule, tuple[RoutingRule, ...]], ...]:
    known = {rule.number: rule for rule in rules}
    return tuple((rule, tuple(known[number] for number in sorted(met[rule.number])))
                 for rule in rules if rule.number in met and rule.number not in met[rule.number])
