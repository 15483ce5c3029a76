"""The problem types of a row, and its answers to what is asked of them: columns that are headed type·question. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date

from tracker.domain.cases.categories.rows import BETWEEN, Categories
from tracker.domain.house.errors import Refusal
from tracker.domain.tables.cells import COMPLETED
from tracker.domain.tables.columns import normalised
from tracker.domain.tables.incoming_rows import IncomingCase


def answer_columns(labels: Mapping[int, str], types: Categories) -> dict[int, str]:
    """By place, the names of the questions that columns answer."""
    heads = {normalised(f"{category.name}{BETWEEN}{question.word}"): name for name, (category, question) in types.by_name.items()}
    return {at: heads[word] for at, label in labels.items() if (word := normalised(label)) in heads}


def is_handled_elsewhere(case: IncomingCase) -> bool:
    """Whether the row tells of a case that is done, or that another register holds: it comes as it is."""
    return bool(case.number) or case.outcome == COMPLETED


def type_faults(case: IncomingCase, types: Categories, today: date) -> Iterator[str]:
    """What is wrong with the types of a row and with its answers, a sentence each."""
    try:
        types.require_open(case.categories, case.received_on or today, today)
        answers = types.read_answers(dict(case.answers), case.categories)
        if not is_handled_elsewhere(case):
            types.require_answers(answers, case.categories, today)
    except Refusal as refusal:
        yield refusal.sentence
