"""The problem types of an office: rows with days, and all that is asked of them. Who needs them is handed them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tracker.domain.cases.categories.questions import Answer, Question, kept_answers, read_answer
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.fields import Choices, FieldKind
from tracker.domain.house.say import Say

OTHER = "other"  # what a type is taken for that a table names and nobody here knows
BETWEEN = "·"  # a type and its question, as heading and as column of a table


@dataclass(frozen=True)
class Category:
    """One type. `aliases` are what tables of others call it; whoever ended may say who followed."""

    key: str
    name: str
    parent: str = ""
    successor: str = ""
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    questions: tuple[Question, ...] = ()

    def is_open_on(self, on: date) -> bool:
        """Whether it may be chosen on that day."""
        return (self.valid_from is None or self.valid_from <= on) and not self.has_ended(on)

    def has_ended(self, on: date) -> bool:
        """Whether its last day is over."""
        return self.valid_to is not None and self.valid_to < on


@dataclass(frozen=True)
class Categories:
    """All types, old ones too, in the order in which people see them."""

    rows: tuple[Category, ...] = ()

    @cached_property
    def by_key(self) -> Mapping[str, Category]:
        """Each by its key."""
        return {each.key: each for each in self.rows}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What each is called."""
        return {each.key: each.name for each in self.rows}

    @cached_property
    def by_alias(self) -> Mapping[str, str]:
        """The key for each word that means a type, in small letters: its name before what others call it."""
        words = {word.casefold(): each.key for each in self.rows for word in (each.key, *each.aliases)}
        return words | {each.name.casefold(): each.key for each in self.rows}

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Category, Question]]:
        """Each question by the name under which its answer is kept."""
        return {f"{each.key}_{question.code}": (each, question) for each in self.rows for question in each.questions}

    def within(self, key: str) -> frozenset[str]:
        """A type and those below it: what is asked for by its name."""
        return frozenset({key, *(each.key for each in self.rows if each.parent == key)})

    def open_on(self, on: date) -> Choices:
        """What may be chosen on a day."""
        return tuple((each.key, each.name) for each in self.rows if each.is_open_on(on))

    def shown_on(self, on: date) -> dict[str, str]:
        """What each is called for readers of that day: of one that ended, since when."""
        return {each.key: Say("{name}（至 {last}）", name=Say(each.name), last=each.valid_to) if each.has_ended(on) else each.name
                for each in self.rows if each.valid_from is None or each.valid_from <= on}

    def asked_on(self, on: date) -> tuple[tuple[str, tuple[Question, ...]], ...]:
        """What is asked on a day of each type that may be chosen."""
        asked = ((each.key, tuple(question for question in each.questions if question.is_asked_on(on)))
                 for each in self.rows if each.is_open_on(on))
        return tuple((key, found) for key, found in asked if found)

    def require_open(self, keys: Iterable[str], received: date, today: date) -> None:
        """Raise `Invalid` for a type that nobody knows, or that could be chosen neither on the day of receipt nor today."""
        for key in keys:
            found = self.by_key.get(key)
            if found is None:
                raise Invalid(Say("没有问题类型“{unknown}”。", unknown=key), field="categories")
            if found.is_open_on(received) or found.is_open_on(today):
                continue
            if not found.has_ended(today):
                raise Invalid(Say("问题类型“{name}”自 {first} 起才可选。", name=Say(found.name), first=found.valid_from),
                              field="categories")
            follower = self.names.get(found.successor)
            ended = Say("问题类型“{name}”已于 {last} 终止", name=Say(found.name), last=found.valid_to)
            raise Invalid(Say("{ended}，请改选“{follower}”。", ended=ended, follower=Say(follower)) if follower
                          else Say("{ended}，不能再选。", ended=ended), field="categories")

    def read_answers(self, raw: Mapping[str, object], chosen: Iterable[str], field: str = "{}") -> dict[str, Answer]:
        """The typed answers, by name; what was left empty is left out. Raises `Invalid` for a bad answer, for a question that
        nobody asks, and for one of a type that was not chosen. `field` makes the name of the form's field of a question's."""
        types, answers = set(chosen), dict[str, Answer]()
        for name, given in raw.items():
            if name not in self.by_name:
                raise Invalid(Say("没有问题“{name}”。", name=name), field=field.format(name))
            category, question = self.by_name[name]
            answer = read_answer(question, given, field.format(name))
            if answer is None:
                continue
            if category.key not in types:
                raise Invalid(Say("填写了“{question_word}”，但问题类型没有勾选“{category}”。请勾选，或清空这一项。",
                                  question_word=Say(question.word), category=Say(category.name)), field=field.format(name))
            answers[name] = answer
        return answers

    def require_answers(self, answers: Mapping[str, object], chosen: Iterable[str], on: date, field: str = "{}") -> None:
        """Raise `Incomplete` naming the first question of the chosen types that must be answered on that day, and is not."""
        types = set(chosen)
        for name, (category, question) in self.by_name.items():
            if category.key in types and question.is_required and question.is_asked_on(on) and name not in answers:
                raise Incomplete(Say("问题类型“{category}”必须填写“{question}”。", category=Say(category.name),
                                     question=Say(question.word)), field=field.format(name))

    def lines_of(self, kept: str | None) -> tuple[tuple[str, str], ...]:
        """Kept answers as pairs of a question and its answer in words, in the order of the types; of a question that is asked no
        more too."""
        answers = kept_answers(kept)
        return tuple((f"{category.name}{BETWEEN}{question.word}", question.told(answers[name]))
                     for name, (category, question) in self.by_name.items() if name in answers)

    def told_plainly(self, kept: str) -> dict[str, Answer]:
        """The answers that a fact may hold: nobody's own words, which may name people and of which it has the digest alone."""
        return {name: answer for name, answer in kept_answers(kept).items()
                if self.by_name[name][1].kind is not FieldKind.text}
