"""Who answers in the morning for a section of the railway: its chiefs on both sides; whoever holds no account leaves it to the
officers of the unit."""

from collections.abc import Iterable, Sequence

from tracker.domain.territory.shapes.sections import ChiefPost
from tracker.services.mail.offices import Offices


class SectionChiefs:
    """The posts of a day."""

    def __init__(self, posts: Iterable[ChiefPost], among: Offices) -> None:
        self._among = among
        self._posts: dict[str, list[ChiefPost]] = {}
        for post in posts:
            self._posts.setdefault(post.section, []).append(post)

    def __bool__(self) -> bool:
        return bool(self._posts)

    def people_of(self, post: ChiefPost) -> Sequence[int]:
        """Who answers for a post."""
        return (post.person_id,) if post.person_id is not None else self._among.officers(post.unit_id)

    def of(self, section: str, tier: int = 0) -> tuple[int, ...]:
        """Both sides' chiefs of a section, of one tier or of all."""
        return tuple(dict.fromkeys(person for post in self.posts(section, tier) for person in self.people_of(post)))

    def posts(self, section: str, tier: int = 0) -> list[ChiefPost]:
        """The posts of a section, of one tier or of all."""
        return [post for post in self._posts.get(section, ()) if tier in (0, post.tier)]

    @property
    def sections(self) -> tuple[str, ...]:
        """Every section in which anybody answers."""
        return tuple(self._posts)
