"""A natural person as the party of an act: sealed when kept, opened in memory to mask texts, and shown to few on request."""

from collections.abc import Iterable
from contextlib import suppress

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Broken, NotAllowed, NotFound
from tracker.domain.house.identifiers import squeeze
from tracker.domain.house.masking import Mask, Said, mask_of
from tracker.domain.house.say import Say
from tracker.domain.people.fact_kinds import PersonFacts
from tracker.services.acts import access
from tracker.services.house.work import Work, deed, wiring
from tracker.services.people.persons import stream_of
from tracker.storage.acts.acts import Act
from tracker.storage.acts.page import ActPage

ERASED_PARTY = ""  # what stands in the row once the name was erased: that it was a person stays
DIGEST = "party_digest"  # under which a fact tells one person from another, without a name


def keep_party(work: Work, act: Act, name: str) -> dict[str, object]:
    """Seal who the act is about; returns what the fact says of it."""
    act.person_party = work.wiring.cipher.seal(name, act.stream)
    return {DIGEST: work.wiring.cipher.keyed_digest(f"name:{squeeze(name)}")}


def erase_party(act: Act) -> None:
    """The name is gone for good; the act and its facts stay."""
    act.person_party = ERASED_PARTY


def mask_of_parties(work: Work, act: Act | None, named: Iterable[str] = ()) -> Mask:
    """What hides the party of an act, and those who are about to become one; a lost key must not stop the work on it."""
    names = list(named)
    if act is not None and act.person_party:
        with suppress(Broken):
            names.append(_opened_name(act))
    return mask_of(Said(name) for name in names)


def mask_of_act(act: Act) -> Mask:
    """What hides the person who is its party, with nobody else."""
    return mask_of([Said(_opened_name(act))] if act.person_party else [])


def surname_of(act: Act) -> str:
    """The first character of the name, which may be told; nothing once it was erased."""
    return _opened_name(act)[:1] if act.person_party else ""


def may_know(actor: Actor, page: ActPage) -> bool:
    """Whether somebody may learn who the party is: a hand of the act, or who runs acts in its area; of a kind that begins unseen
    by others, who may take a step of it there."""
    hands, flow = {hand.person_id for hand in page.hands}, access.flow_of(page.head.kind)
    asked = flow.permissions if flow.narrow_in else {Permission.act_run}
    return page.head.has_person_party and not page.head.is_party_erased and (not hands.isdisjoint(actor.persons)
                                           or any(actor.has_in(each, page.head.area_code) for each in asked))


@deed
def reveal(work: Work, actor: Actor, number: str) -> str:
    """The name of the person; a fact says who has read it. Raises `NotFound` and `NotAllowed`."""
    page = access.page_for(actor, number)
    if not page.head.has_person_party:
        raise NotFound(Say("{number} 没有登记个人。", number=page.head.number))
    if page.head.is_party_erased:
        raise NotFound(Say("{number} 的个人姓名已依法删除。", number=page.head.number))
    if not may_know(actor, page):
        raise NotAllowed("姓名只有经手人和本区域办理这类事项的人能看。", code="not_a_hand")
    name = _opened_name(access.act_for(work, actor, number))
    work.record(stream_of(actor.id), PersonFacts.party_read, actor, {"act": page.head.number})
    return name


def _opened_name(act: Act) -> str:
    assert act.person_party is not None
    return wiring().cipher.open(act.person_party, act.stream)
