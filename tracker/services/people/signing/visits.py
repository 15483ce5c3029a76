"""From where somebody comes."""

from dataclasses import dataclass

LONGEST_ADDRESS, LONGEST_AGENT = 60, 300


@dataclass(frozen=True)
class Visit:
    """What a request says of itself. `browser` is the mark of a browser in which this person signed in before, "" elsewhere."""

    address: str = ""
    agent: str = ""
    browser: str = ""

    @property
    def kept_address(self) -> str:
        """As the rows hold it."""
        return self.address[:LONGEST_ADDRESS]

    @property
    def kept_agent(self) -> str:
        """As the rows hold it."""
        return self.agent[:LONGEST_AGENT]


NOWHERE = Visit()
