"""A section of the railway as a patrol knows it: its stretch of the line, its mileage, and who answers for it on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Invalid, NotFound
from tracker.domain.house.say import Listed, Say
from tracker.domain.territory.shapes.layers import Layer, MapShape
from tracker.domain.territory.shapes.measures import of_layer
from tracker.domain.territory.shapes.mileage import Posts, read_mileage
from tracker.domain.territory.shapes.sections import LOCAL, RAIL, RAIL_UNIT, ChiefPost
from tracker.services.territory.shapes.ground import line_posts, shapes_on
from tracker.storage.people.accounts import Unit
from tracker.storage.territory.chiefs import posts_on

OTHER = {LOCAL: RAIL, RAIL: LOCAL}
SLACK = 0.5  # metres by which an end may be passed


@dataclass(frozen=True)
class LineSection:
    """A section on a day."""

    shape: MapShape
    line: Posts
    posts: tuple[ChiefPost, ...]

    @property
    def code(self) -> str:
        """By which it is called."""
        return self.shape.code

    @property
    def begin(self) -> float:
        """Where it begins, in metres along the line."""
        return self.shape.metre_from or 0.0

    @property
    def end(self) -> float:
        """Where it ends."""
        return self.shape.metre_to or 0.0

    @property
    def ends_told(self) -> str:
        """From where to where it goes."""
        return f"{self.line.told(self.begin)}—{self.line.told(self.end)}"

    def post(self, side: str, tier: int) -> ChiefPost | None:
        """Who answers for it on a side."""
        return next((post for post in self.posts if (post.side, post.tier) == (side, tier)), None)

    def metre(self, text: str, field: str) -> float:
        """How far along the line a mileage lies. Raises `Invalid` for one outside the section."""
        metre = self.line.metre_of(read_mileage(text, field), field)
        if not self.begin - SLACK <= metre <= self.end + SLACK:
            raise Invalid(Say("里程 {mileage} 不在区段 {section}（{ends}）内。", mileage=self.line.told(metre), section=self.code,
                              ends=self.ends_told), field=field)
        return min(max(metre, self.begin), self.end)


def sections_on(session: Session, on: date) -> tuple[LineSection, ...]:
    """Every section that lies on a line, by its code."""
    shapes, posts = shapes_on(session, on), posts_on(session, on)
    lines = {line.code: line for line in line_posts(shapes)}
    return tuple(LineSection(shape, lines[shape.line], tuple(post for post in posts if post.section == shape.code))
                 for shape in of_layer(shapes, Layer.section) if shape.line in lines and shape.metre_from is not None)


def section_named(sections: Sequence[LineSection], name: str, field: str = "section") -> LineSection:
    """The section with this code or name. Raises `Invalid` with those that there are."""
    wanted = name.strip()
    found = next((each for each in sections if wanted.upper() == each.code.upper() or wanted == each.shape.name), None)
    if found is None:
        names = Listed(each.code for each in sections) if sections else Say("无")
        raise Invalid(Say("没有区段“{name}”；已有：{names}。", name=wanted[:40], names=names), field=field)
    return found


def section_for(session: Session, code: str, on: date) -> LineSection:
    """The section of a page. Raises `NotFound`."""
    found = next((each for each in sections_on(session, on) if each.code == code), None)
    if found is None:
        raise NotFound(Say("没有区段“{name}”。", name=code[:40]))
    return found


def side_of(session: Session, actor: Actor) -> str:
    """On which side of the railway somebody stands: the railway's where any unit above them is one of the railway."""
    kinds = {unit.kind for unit_id in actor.unit_line if (unit := session.get(Unit, unit_id)) is not None}
    return RAIL if RAIL_UNIT in kinds else LOCAL


def holds_post(actor: Actor, post: ChiefPost) -> bool:
    """Whether a post is of the actor's unit, or of one above or below it."""
    return post.unit_id in actor.unit_line or post.unit_id in actor.units_below


def may_log(actor: Actor, section: LineSection) -> bool:
    """Whether somebody records patrols of a section: of one of its posts, or who goes out to inspect."""
    if actor.has(Permission.act_answer):
        return any(holds_post(actor, post) for post in section.posts)
    return actor.has(Permission.act_check) and actor.has(Permission.case_register)
