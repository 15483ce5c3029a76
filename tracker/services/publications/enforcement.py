"""What a decided penalty, and a card, would say to the public; a person is called by the surname alone."""

from tracker.domain.acts.facts import LinkRole
from tracker.domain.enforcement import cards, penalties
from tracker.domain.enforcement.cards import COLOURS, STANDING
from tracker.domain.enforcement.penalties import PenaltyState
from tracker.domain.house.actor import Actor
from tracker.domain.house.errors import NotFound
from tracker.domain.house.say import Listed, Say, finished
from tracker.services.acts import access, parties
from tracker.services.acts.sites import SITE_STREAM
from tracker.services.enforcement.looking import penalty_seen
from tracker.services.house.work import reading
from tracker.services.publications.projected import Projected, no_such_subject
from tracker.storage.acts.acts import Act
from tracker.storage.acts.page import ActPage
from tracker.storage.sites.register import names_of_sites

DECIDED = (PenaltyState.decided, PenaltyState.served, PenaltyState.closed)


def penalty_read(actor: Actor, number: str) -> Projected:
    """A decision: who, for what, by which law, what. Raises `NotFound` for one that is not decided."""
    page = _page_in(actor, number, penalties.KIND, DECIDED)
    seen, act = penalty_seen(reading(), page), reading().get(Act, page.head.id)
    assert act is not None
    party = _party_of(page, act)
    decided = seen.decided_on.isoformat() if seen.decided_on else ""
    texts = {"party": party, "document_no": page.head.document_no, "violation": seen.violation, "law": seen.law,
             "result": finished(seen.decided), "decided_on": decided}
    return Projected(finished(Say("行政处罚决定（{number}）", number=page.head.document_no)), page.head.area_code, texts,
                     seq=page.head.seq,
                     hands=_hands_of(page), sealed=parties.mask_of_act(act))


def card_read(actor: Actor, number: str) -> Projected:
    """A card that stands with a site, and on which penalty it rests."""
    page = _page_in(actor, number, cards.KIND, STANDING)
    act = reading().get(Act, page.head.id)
    assert act is not None
    grounds = [link.target.partition(":")[2] for link in page.links if link.role == LinkRole.ground]
    texts = {"party": _party_of(page, act), "colour": dict(COLOURS)[page.head.subkind], "ground": finished(Listed(grounds)),
             "flagged_on": page.head.began_on.isoformat() if page.head.began_on else ""}
    return Projected(finished(Say("环保{colour}警示（{number}）", colour=Say(texts["colour"]), number=page.head.number)),
                     page.head.area_code, texts, seq=page.head.seq,
                     hands=_hands_of(page))


def _page_in(actor: Actor, number: str, kind: str, states: tuple[str, ...]) -> ActPage:
    try:
        page = access.page_for(actor, number)
    except NotFound:
        raise no_such_subject(f"act:{number}") from None
    if page.head.kind != kind or page.head.state not in states:
        raise no_such_subject(f"act:{number}")
    return page


def _party_of(page: ActPage, act: Act) -> str:
    if act.person_party is not None:
        return finished(Say("{surname}某", surname=parties.surname_of(act)))
    codes = [link.target.removeprefix(SITE_STREAM) for link in page.links if link.target.startswith(SITE_STREAM)]
    return finished(Listed(names_of_sites(reading(), codes)))


def _hands_of(page: ActPage) -> frozenset[int]:
    return frozenset(hand.person_id for hand in page.hands)

