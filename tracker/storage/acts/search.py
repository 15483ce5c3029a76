"""What a search finds among acts: every word of the query stands in the number, the title, the name of a unit or in what was said
in its facts. Words that were erased or masked are found no more, for it is they that are read."""

from sqlalchemy import ColumnElement, and_, exists, false, literal, or_

from tracker.domain.house.search import folded
from tracker.storage.acts.acts import Duty
from tracker.storage.acts.scope import ACTS
from tracker.storage.house.words import WordRow
from tracker.storage.people.accounts import Unit

# By names of their own: the query around them may read the same tables.
WORDS, UNITS, DUTIES = (each.__table__.alias(f"sought_{each.__tablename__}").c for each in (WordRow, Unit, Duty))
MARK = "\\"


def found(q: str) -> ColumnElement[bool]:
    """The condition on `acts` that holds for what the query finds; nothing for a query without a letter or digit."""
    asked = [word for word in folded(q).split() if any(each.isalnum() for each in word)]
    return and_(*map(_word_holds, dict.fromkeys(asked))) if asked else false()


def _word_holds(word: str) -> ColumnElement[bool]:
    like = "%" + word.replace(MARK, MARK * 2).replace("%", f"{MARK}%").replace("_", f"{MARK}_") + "%"

    def stands_in(column: ColumnElement[str]) -> ColumnElement[bool]:
        return column.ilike(like, escape=MARK)

    of_duties = exists().where(DUTIES.act_id == ACTS.id, DUTIES.unit_id == UNITS.id)
    return or_(stands_in(ACTS.number), stands_in(ACTS.title),
               exists().where(or_(UNITS.id == ACTS.unit_id, of_duties), stands_in(UNITS.name)),
               exists().where(WORDS.stream == literal("act:") + ACTS.number, stands_in(WORDS.text)))
