"""Deeds of cards: a site is flagged, asks to be rid of the card, and somebody else looks again."""

from sqlalchemy import select

from tracker.domain.acts.facts import LinkRole
from tracker.domain.acts.step_rows import TARGET
from tracker.domain.enforcement import penalties
from tracker.domain.enforcement.cards import (
    CHECKER,
    COLOURS,
    KIND,
    PRINCIPAL,
    RED,
    STANDING,
    YELLOW,
    CardSteps,
)
from tracker.domain.enforcement.penalties import PenaltyState
from tracker.domain.house.actor import Permission
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.say import Say, finished
from tracker.domain.rules.limits import Stage
from tracker.services.acts import clocks
from tracker.services.acts.effects import ACT, ActDeeds, ActDoing, Payload, take_hand, tie
from tracker.services.acts.sites import SITE_STREAM, site_named, tie_site
from tracker.services.enforcement.rows import day_given, give_hand
from tracker.storage.acts.acts import Act, ActHand, ActLink
from tracker.storage.publications.publications import published_of
from tracker.storage.sites.sites import Site

DECIDED = (PenaltyState.decided, PenaltyState.served, PenaltyState.closed)


def flag(doing: ActDoing) -> Payload:
    """A site is flagged, by two: for a yellow card it was punished, for a red one there is a ground."""
    site, act, colour = site_named(doing), doing.act, doing.text("colour")
    if site.unit_id is None:
        raise Incomplete(Say("“{name}”没有登记日常监管单位，请先登记。", name=site.name), field="site")
    if _has_card(doing, site, colour):
        raise Invalid(Say("“{name}”已挂同色的警示牌。", name=site.name), field="site")
    if colour == RED and not doing.text("ground"):
        raise Incomplete("红牌须选理由。", field="ground")
    if colour == YELLOW and not doing.text(TARGET):
        raise Incomplete("黄牌须填所依据的处罚编号。", field=TARGET)
    give_hand(doing, "principal", PRINCIPAL, Permission.penalty_decide)
    target = _penalty_tied(doing, site) if doing.text(TARGET) else ""
    tie_site(doing, site)
    act.subkind, act.unit_id, act.began_on = colour, site.unit_id, doing.today
    act.title = finished(Say("{site}：{colour}", site=site.name, colour=Say(dict(COLOURS)[colour])))
    return doing.told() | {"site": site.name, "site_code": site.code, TARGET: target, "unit_ids": [site.unit_id]}


def ask_removal(doing: ActDoing) -> Payload:
    """Its unit says what was put right, with what shows it."""
    if not doing.evidence:
        raise Incomplete("申请摘牌须上传整改的照片或文件。", field="files")
    act = doing.act
    clocks.start(doing.work, act.stream, KIND, Stage.recheck_card, doing.today, area_code=act.area_code, round_=act.round)
    return doing.told()


def recheck_pass(doing: ActDoing) -> Payload:
    """Somebody else has looked, and the card is gone."""
    clocks.stop(doing.work, doing.act.stream, Stage.recheck_card, doing.today)
    doing.act.ended_on = doing.today
    return doing.told()


def recheck_fail(doing: ActDoing) -> Payload:
    """It stays, and there is another round: who flagged it checks in that no more than in this."""
    work, act = doing.work, doing.act
    clocks.stop(work, act.stream, Stage.recheck_card, doing.today)
    take_hand(work, act, doing.actor, CHECKER)
    work.session.flush()
    lasting = work.session.scalars(select(ActHand).where(ActHand.act_id == act.id, ActHand.round == act.round,
                                                         ActHand.part.in_(doing.flow.lasting)))
    for hand in list(lasting):
        work.session.add(ActHand(act_id=act.id, round=act.round + 1, person_id=hand.person_id, part=hand.part, at=hand.at))
    act.round += 1
    work.session.flush()
    return doing.told()


def raise_to_red(doing: ActDoing) -> Payload:
    """A yellow card becomes red."""
    if doing.act.subkind == RED:
        raise Invalid("已经是红牌。", field="ground")
    doing.act.subkind = RED
    doing.act.title = doing.act.title.replace(dict(COLOURS)[YELLOW], dict(COLOURS)[RED])
    return doing.told()


def revoke(doing: ActDoing) -> Payload:
    """It rests on nothing any more; what was published of it is withdrawn within three working days."""
    act = doing.act
    on = day_given(doing, "revoked_on", act.began_on, "挂牌")
    if published_of(doing.work.session, act.stream) is not None:
        clocks.start(doing.work, act.stream, KIND, Stage.unpublish, on, area_code=act.area_code)
    act.ended_on = on
    return doing.told()


def _penalty_tied(doing: ActDoing, site: Site) -> str:
    """The decided penalty of this site on which the card rests. Raises `Invalid` for any other."""
    target = tie(doing, LinkRole.ground, doing.text(TARGET), field=TARGET)
    act = doing.work.session.scalar(select(Act).where(Act.number == target.removeprefix(ACT)))
    of_site = select(ActLink.act_id).where(ActLink.role == LinkRole.site, ActLink.target == SITE_STREAM + site.code)
    if act is None or act.kind != penalties.KIND or act.id not in set(doing.work.session.scalars(of_site)):
        raise Invalid(Say("“{number}”不是对“{site}”的处罚。", number=doing.text(TARGET), site=site.name), field=TARGET)
    if act.state not in DECIDED:
        raise Invalid(Say("{number} 现为“{state}”，还没有作出处罚决定，不能据此挂牌。", number=act.number,
                          state=Say(penalties.PENALTY.word_of_state(act.state))), field=TARGET, code="not_decided")
    return target


def _has_card(doing: ActDoing, site: Site, colour: str) -> bool:
    query = (select(Act.id).join(ActLink, ActLink.act_id == Act.id)
             .where(Act.kind == KIND, Act.subkind == colour, Act.state.in_([state.value for state in STANDING]),
                    ActLink.role == LinkRole.site, ActLink.target == SITE_STREAM + site.code))
    return doing.work.session.scalar(query) is not None


C = CardSteps
DEEDS: ActDeeds = {(KIND, C.flag.name): flag, (KIND, C.ask_removal.name): ask_removal, (KIND, C.recheck_pass.name): recheck_pass,
                   (KIND, C.recheck_fail.name): recheck_fail, (KIND, C.raise_.name): raise_to_red, (KIND, C.revoke.name): revoke}
