"""What one mail tells of a case, so that it can stand as a line among others: kept beside the words of the mail."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Gist:
    """One case in a mail of several. `headline` is what happened, `note` the reason as it was given."""

    headline: str
    number: str
    title: str
    place: str
    note: str
    due: str

    @property
    def text(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def gist_of(text: str) -> Gist:
    """As it was."""
    return Gist(**json.loads(text))
