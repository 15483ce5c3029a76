"""The course of a case: from its registration to where its story ends, each step by the person whose turn it is."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select

from tracker.demo import checking, incidents, reporters, sentences, works
from tracker.demo.railway import RAIL
from tracker.demo.walk import Walk, Walking
from tracker.domain.cases.facts import CaseState
from tracker.domain.cases.flow import Steps
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.house.actor import CLOCK, OPERATOR, Role
from tracker.domain.house.errors import Incomplete
from tracker.domain.rules.deadlines import notice_window
from tracker.domain.territory.routing import Routed, RoutingFacts, route
from tracker.services.cases import assigning, identities, intake
from tracker.services.cases.intake import RegisterOrder
from tracker.services.rules import rules
from tracker.services.territory.shapes.places import Suggested
from tracker.storage.cases.cases import Case

S = CaseState
NOTICE_WORKDAYS = 10


@dataclass(frozen=True)
class Plot:
    """Where a case of a source comes to rest and what happens on the way. `age`: registered so many working days before the end.

    `end` is the state it is left in; "closed" stories without an age are spread over the year.
    """

    source: str
    end: str = "closed"
    incidents: tuple[str, ...] = ()
    age: int | None = None
    is_master: bool = False
    end_again: str = "closed"  # where it comes to rest once it was reopened
    signed: int | None = None  # the working day before the end on which a closed one is signed, not before its time


def live(walk: Walk, story: Plot) -> Walking:
    """The whole course. Each stage ends the story when it is the state in which the case is to be left."""
    yield from register(walk, story)
    yield from go_on(walk, story)


def go_on(walk: Walk, story: Plot) -> Walking:
    """From its registration to its end."""
    yield from incidents.at(walk, story.incidents, "registered")
    if story.end in incidents.EARLY_ENDS:
        yield from incidents.EARLY_ENDS[story.end](walk)
        return
    if story.end == "registered":
        return
    yield from hand_out(walk, is_left_open=story.end == "checking")
    if story.end == "checking":
        return
    yield from incidents.at(walk, story.incidents, "assigned")
    if walk.is_in(S.registered):
        yield from hand_out(walk)
    if story.end in ("assigned", "disputed"):
        return
    yield walk.later(0, 1)
    walk.take(walk.officer(), Steps.acknowledge.name)
    works.set_works(walk)
    if story.end != "rectifying" or story.incidents or walk.rng.random() < 0.5:
        yield from begin(walk)
    yield from incidents.at(walk, story.incidents, "rectifying")
    if story.end in ("rectifying", "suspended", "phased"):
        return
    yield from rectify_until_verified(walk, story)
    yield from finish(walk, story)


def register(walk: Walk, story: Plot) -> Walking:
    """Into the register, by a patrol or a clerk; a reporter goes to their own sealed record."""
    yield walk.matter.start
    matter, is_patrol = walk.matter, not walk.is_petition
    order = RegisterOrder(
        source=matter.source, title=matter.title, description=matter.text, categories=matter.family.categories,
        place=f"西湖区{matter.street.name}{matter.spot}", area_code=matter.street.area_code, area_text="西湖区",
        source_number=matter.number, is_key=matter.is_key, batch_label=matter.batch, channel=_draw_channel(walk),
        received_on=walk.today, lat=walk.latitude, lng=walk.longitude, datum="wgs84",
        accuracy_metres=_drawn_accuracy(walk), answers=matter.answers)
    photos = [walk.photo(1, EvidenceRole.before) for _ in range(walk.rng.choice((1, 1, 1, 1, 1, 2)))] if is_patrol else []
    walk.outcome = intake.register(walk.one(Role.inspector if is_patrol else Role.clerk), order, uploads=photos)
    if walk.is_petition:
        case_id = walk.year.work.session.scalars(select(Case.id).where(Case.number == walk.said.number)).one()
        identities.keep(walk.year.work, case_id, OPERATOR, **reporters.somebody(walk.rng, matter.street.name), is_masked=True)
    if story.is_master:
        walk.year.masters.append(walk)
    if walk.rng.random() < 0.05:
        yield walk.later(0)
        walk.take(walk.one(Role.dispatcher), Steps.comment.name, text=walk.rng.choice(sentences.COMMENTS))


def hand_out(walk: Walk, *, is_left_open: bool = False) -> Walking:
    """Assigned as the responsibility list says, with the street beside a department; a key case gets its sponsor."""
    yield walk.later(0, 1)
    matter = walk.matter
    routed = _routed_by_rules(walk)
    if walk.said.step != Steps.grant_return.name:
        walk.lead, walk.supporting = routed.lead, tuple(u for u in routed.supporting if walk.rng.random() < 0.7)
        if walk.lead != matter.street.unit and walk.rng.random() < 0.5:
            walk.supporting = (*walk.supporting, matter.street.unit)
    given: dict[str, object] = {"lead_unit": walk.lead, "supporting_units": "、".join(walk.supporting),
                                "reason": walk.rng.choice(sentences.OPINIONS)}
    if matter.has_sponsor and walk.sponsor is None:
        walk.sponsor = walk.one(Role.lead)
        given["sponsor"] = walk.sponsor.login
    if matter.source == RAIL:
        left_out = ("lead_unit", "supporting_units")
        more = {name: value for name, value in given.items() if name not in left_out}
        yield from checking.settle(walk, walk.lead, walk.supporting, more, is_left_open=is_left_open)
        return
    walk.take(walk.one(Role.dispatcher), Steps.assign.name, **given)


def _routed_by_rules(walk: Walk) -> Routed | Suggested:
    """Whom the rules would have lead it: beside the railway by the map, else by the responsibility list."""
    matter = walk.matter
    if matter.source == RAIL:
        found = assigning.suggested(walk.year.cast.holding(Role.dispatcher)[0], walk.said.number, walk.today)
        if found is not None and found.lead:
            return found
    asked = RoutingFacts(frozenset(matter.family.categories), matter.street.area_code, f"{matter.title}\n{matter.text}",
                         matter.answers)
    routed = route(rules.routing(walk.today), asked, walk.today)
    assert routed is not None, "the responsibility list has a line for every street"
    return routed


def _drawn_accuracy(walk: Walk) -> float:
    """Beside the railway they carry better instruments."""
    metres = walk.rng.randint(3, 30)
    return float(3 + metres % 5 if walk.matter.source == RAIL else metres)


def begin(walk: Walk) -> Walking:
    """What supporting units say, and a first look at the spot: for petitions this is where the before-photo comes from."""
    walk.hear_supporters()
    if walk.is_petition and walk.rng.random() < 0.8:
        yield walk.later(0, 1)
        walk.take(walk.officer(), Steps.add_evidence.name, [walk.photo(1, EvidenceRole.before)], evidence_role="before")
    if walk.rng.random() < (0.5 if walk.is_petition else 0.12):
        yield walk.later(0, 1)
        photos = [walk.photo(0.5)] if walk.rng.random() < 0.5 else []
        walk.report(photos)


def rectify_until_verified(walk: Walk, story: Plot) -> Walking:
    """Work, submission, verification; rejected work goes round again."""
    is_rejected, is_withdrawn = "rejected" in story.incidents, "withdrawn" in story.incidents
    while not walk.is_in(S.verified):
        slow = "late" in story.incidents
        yield walk.later(5, 7) if slow else walk.later(1, 3)
        _submit_work(walk, story)
        if is_withdrawn:
            is_withdrawn = False
            yield walk.later(0)
            assert walk.submitter is not None
            walk.take(walk.submitter, Steps.withdraw.name, reason=walk.rng.choice(sentences.WITHDRAWALS))
            continue
        if story.end == "submitted":
            return
        yield walk.later(1, 2)
        if is_rejected:
            is_rejected = False
            photos = [walk.photo(0.35, has_people=True)]
            walk.take(walk.verifier(), Steps.reject.name, photos, reason=walk.rng.choice(sentences.REJECTIONS),
                      **works.answers(walk, is_good=False))
            continue
        _verify_onsite(walk, story)


def finish(walk: Walk, story: Plot) -> Walking:
    """From verified to closed: the public notice where the source asks for one, then the signature of a third person."""
    if story.end in ("submitted", "verified"):
        return
    if "close_refused" in story.incidents:
        yield walk.later(1, 2)
        walk.take(walk.closer(), Steps.refuse_close.name, reason=walk.rng.choice(sentences.CLOSE_REFUSALS))
        yield from rectify_until_verified(walk, Plot(story.source))
    if walk.matter.source == "D2JX" or story.end == "noticing":  # others may be published too
        yield from publish(walk, story)
        if not walk.is_in(S.noticed):
            return
    yield walk.later(0, 2) if story.signed is None else walk.before_end(story.signed)
    walk.take(walk.closer(), Steps.close.name, reason=walk.rng.choice(sentences.CLOSE_OPINIONS))
    yield from incidents.at(walk, story.incidents, "closed")
    if walk.is_in(S.rectifying) and story.end_again != "rectifying":  # reopened after a look-back
        again = Plot(story.source, story.end_again)
        yield from rectify_until_verified(walk, again)
        yield from finish(walk, again)


def publish(walk: Walk, story: Plot) -> Walking:
    """The public notice. Left undone where the calendar for its window is not published yet."""
    yield walk.later(1)
    try:
        window = notice_window(walk.today, NOTICE_WORKDAYS, walk.year.calendar)
    except Incomplete:
        return
    text = sentences.NOTICE.format(title=walk.matter.title, measures=walk.rng.choice(walk.matter.family.measures))
    walk.take(walk.one(Role.dispatcher), Steps.open_notice.name, notice_text=text, notice_workdays=NOTICE_WORKDAYS)
    if story.end == "noticing":
        return
    if "objected" in story.incidents:
        yield walk.later(2, 5)
        objection, reason = walk.rng.choice(sentences.OBJECTIONS)
        _raise_objection(walk, objection)
        walk.take(walk.one(Role.dispatcher), Steps.dismiss_objection.name, objection_no=1, reason=reason)
    if "sustained" in story.incidents:
        yield walk.later(2, 4)
        objection, reason = sentences.SUSTAINED
        _raise_objection(walk, objection)
        number = 2 if "objected" in story.incidents else 1
        walk.take(walk.one(Role.dispatcher), Steps.sustain_objection.name, objection_no=number, reason=reason)
        yield from rectify_until_verified(walk, Plot(story.source))
        yield from publish(walk, Plot(story.source))
        return
    yield datetime.combine(window.last + timedelta(days=1), time(0, 5), walk.year.clock.zone)
    walk.take(CLOCK, Steps.end_notice.name)


def _raise_objection(walk: Walk, objection: str) -> None:
    walk.take(walk.one(Role.dispatcher), Steps.receive_objection.name, objector="resident", objection=objection,
              received_on=walk.today)


def _submit_work(walk: Walk, story: Plot) -> None:
    walk.submitter = walk.officer()
    is_unfounded = "unfounded" in story.incidents
    given: dict[str, object] = {
        "finding": "false" if is_unfounded else walk.rng.choices(("true", "mostly", "partly"), (70, 18, 12))[0],
        "measures": walk.rng.choice(sentences.UNFOUNDED if is_unfounded else walk.matter.family.measures),
    }
    if is_unfounded:
        given["no_work_basis"] = walk.rng.choice(sentences.UNFOUNDED)
    count = 0 if is_unfounded else max(walk.before_count, walk.rng.choice((1, 1, 1, 1, 1, 2)))  # one for each before-photo
    photos = [walk.photo(0, EvidenceRole.after) for _ in range(count)]
    walk.take(walk.submitter, Steps.submit.name, photos, **given)


def _verify_onsite(walk: Walk, story: Plot) -> None:
    verifier = walk.verifier()
    at = walk.year.clock.local(walk.year.clock.now()) - timedelta(minutes=walk.rng.randint(5, 60))
    has_photo = not walk.is_petition or walk.rng.random() < 0.5
    beside = walk.one(Role.inspector)
    walk.take(verifier, Steps.verify.name, [walk.photo(0, has_people=True)] if has_photo else [],
              onsite_at=at.strftime("%Y-%m-%d %H:%M"), onsite_people=f"{verifier.name}、{beside.name}",
              conclusion=walk.rng.choice(sentences.CONCLUSIONS), **works.answers(walk, is_good=True))


def _draw_channel(walk: Walk) -> str:
    choices = {"PATROL": ("patrol", "patrol", "patrol", "onsite", "drone", "device"), "RAIL": ("train", "onsite", "drone"),
               "H12369": ("phone", "wechat", "letter", "visit")}
    return walk.rng.choice(choices.get(walk.matter.source, ("",)))
