"""What the pages are asked for: places in the lists, numbers of cases, read from the register itself."""

from collections.abc import Iterator
from itertools import cycle

from sqlalchemy import Engine, create_engine, text

from tracker.domain.cases.facts import OPEN

PAGE = 50
BIG, SMALL = "U000", "U007"  # the unit with two cases in five, and one of the others


class Targets:
    """Reads a register once, before anybody measures on it."""

    def __init__(self, database_url: str) -> None:
        self._engine: Engine = create_engine(database_url)

    def close(self) -> None:
        """Let the database go."""
        self._engine.dispose()

    def unit_id(self, code: str) -> int:
        """The id of a unit."""
        return int(self._one("SELECT id FROM units WHERE code = :code", code=code))

    def mark(self, page: int, where: str = "1=1") -> str:
        """The place in the order by due date that this page follows; "" when there are not that many pages."""
        query = f"SELECT list_due_on, id FROM cases WHERE {where} ORDER BY list_due_on, id LIMIT 1 OFFSET {(page - 1) * PAGE - 1}"
        with self._engine.connect() as connection:
            row = connection.execute(text(query)).first()
        return f"{row[0]}.{row[1]}" if row else ""

    def numbers(self, where: str, most: int = 2000) -> list[str]:
        """Numbers of cases, far apart."""
        query = f"SELECT number FROM cases WHERE {where} ORDER BY (id * 7919) % 10007, id LIMIT {most}"
        with self._engine.connect() as connection:
            return [row[0] for row in connection.execute(text(query))]

    def count(self, where: str = "1=1") -> int:
        """How many cases."""
        return int(self._one(f"SELECT count(*) FROM cases WHERE {where}"))

    def mean_text(self) -> float:
        """Characters of the mean description."""
        return float(self._one("SELECT avg(length(description)) FROM cases"))

    def facts(self) -> int:
        """How many facts."""
        return int(self._one("SELECT count(*) FROM facts"))

    def _one(self, query: str, **values: object) -> str:
        with self._engine.connect() as connection:
            return str(connection.execute(text(query), values).scalar_one())


def open_states() -> str:
    """The open states as parameters of an address."""
    return "&".join(f"state={state.value}" for state in OPEN)


def again(items: list[str]) -> Iterator[str]:
    """Round and round."""
    return cycle(items)
