"""What waits is put on the agenda of a meeting, one matter or all of them, by the ordinary step."""

from tracker.domain.coordination.agendas.backlog import BacklogMatter
from tracker.domain.coordination.meetings import MeetingSteps
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import Invalid
from tracker.domain.house.say import Say
from tracker.services.acts import steps
from tracker.services.coordination.agendas.backlog import backlog_for, questions_of
from tracker.services.house.work import Work, deed, reading

MOST = 50  # items that are put on an agenda at once


@deed
def list_matter(work: Work, actor: Actor, number: str, key: str, *, seq: int | None = None) -> str:
    """Put one matter on the agenda; returns its number. Raises `Invalid` for what does not wait, or stands on an agenda already,
    and what the step refuses."""
    matter = next((each for each in backlog_for(actor) if each.key == key), None)
    if matter is None:
        raise Invalid("这件事已不在待议事项中，请刷新。", field="key")
    if matter.listed:
        raise Invalid(Say("“{matter}”已列入 {meeting}。", matter=matter.number, meeting=matter.listed), field="key")
    _list_each(actor, number, (matter,), seq)
    return matter.number


@deed
def list_all(work: Work, actor: Actor, number: str, *, seq: int | None = None) -> int:
    """Put everything on the agenda that stands on none, in one transaction; returns how much it was. Raises what the step
    refuses; then nothing is on it."""
    left = tuple(each for each in backlog_for(actor) if not each.listed)[:MOST]
    if not left:
        raise Invalid("没有可以列入的待议事项。", field="key")
    _list_each(actor, number, left, seq)
    return len(left)


def _list_each(actor: Actor, number: str, matters: tuple[BacklogMatter, ...], seq: int | None) -> None:
    questions = questions_of(reading(), matters)
    for place, matter in enumerate(matters):
        given = {**matter.given, "question": questions[matter.key]}
        steps.take(actor, number, MeetingSteps.add_item.name, given, seq=seq if place == 0 else None)
