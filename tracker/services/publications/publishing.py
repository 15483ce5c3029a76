"""What is done to a publication: drafted from its record, edited, sent back, reviewed and published by another, withdrawn.

Where it is about an act, that act takes its own step in the same transaction: publishing, and withdrawing where it has one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.domain.house.actor import CLOCK, Actor
from tracker.domain.house.errors import Incomplete, Invalid
from tracker.domain.house.masking import mask_text
from tracker.domain.house.say import Listed, Say
from tracker.domain.publications.checks import FINDINGS, NEVER_OVERRULED, Checked, findings_in
from tracker.domain.publications.fact_kinds import PublicationFacts
from tracker.domain.publications.flow import PUBLICATION_FLOW, PublicationState, PublicationSteps, Standing, refusal_sentence
from tracker.domain.publications.kinds import PUBLIC_KINDS
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.services.acts import steps as act_steps
from tracker.services.house.work import Work, deed, reading
from tracker.services.publications.projected import Projected
from tracker.services.publications.projections import kind_named, projected
from tracker.services.publications.rows import act_number, close_row, digest_of, row_for_step, standing_of, tell_step
from tracker.storage.publications.publications import Publication, next_version, past_their_last, published_of

LONGEST_TITLE, LONGEST_REASON = 120, 500
PUBLISH, WITHDRAW = "publish", "withdraw_publication"  # the steps of an act


@dataclass(frozen=True)
class Wording:
    """What a draft is to say: its title, its texts by field, from when and until when it stands on the door."""

    title: str
    texts: Mapping[str, str]
    from_on: date
    to_on: date | None = None


@deed
def draft(work: Work, actor: Actor, kind_code: str, subject: str) -> int:
    """A draft as the record fills it; the one that waits where there is one. Raises `NotFound`, `NotAllowed`."""
    kind = kind_named(kind_code)
    found = projected(actor, kind, subject)
    standing = Standing(PublicationState.draft, found.area_code)
    PUBLICATION_FLOW.require(PublicationSteps.edit, actor, standing, refusal_sentence)
    waiting = work.session.scalar(select(Publication.id).where(
        Publication.kind == kind.code, Publication.subject == subject, Publication.state == PublicationState.draft))
    if waiting is not None:
        return waiting
    row = Publication(
        kind=kind.code, subject=subject, subject_seq=found.seq, version=next_version(work.session, kind.code, subject),
        area_code=found.area_code, title=found.title[:LONGEST_TITLE], from_on=work.clock.today(), to_on=None,
        body={"texts": dict(found.texts), "table": found.table}, state=PublicationState.draft, seq=1, digest="",
        drafted_at=work.clock.now(), drafted_by_id=actor.id, editors={"ids": sorted(actor.persons)}, closed_ground="")
    work.session.add(row)
    work.session.flush()
    work.record(row.stream, PublicationFacts.drafted, actor, {"subject": subject})
    return row.id


@deed
def edit(work: Work, actor: Actor, number: int, wording: Wording, seq: int) -> None:
    """Another wording; what the record says is read again. Raises `NotFound`, `NotAllowed`, `Conflict`, `Invalid` naming the
    field."""
    row = row_for_step(work, actor, number, PublicationSteps.edit, seq)
    found = projected(actor, kind_named(row.kind), row.subject)
    row.title, row.from_on, row.to_on = _checked_title(wording.title), wording.from_on, wording.to_on
    if wording.to_on is not None and wording.to_on < wording.from_on:
        raise Invalid(Say("“公开至”{to_on} 早于“公开自”{from_on}。", to_on=wording.to_on, from_on=wording.from_on), field="to_on")
    row.body = {"texts": _checked_texts(row.kind, wording.texts), "table": found.table}
    row.subject_seq = found.seq
    row.editors = {"ids": sorted({*row.editors["ids"], *actor.persons})}
    tell_step(work, actor, row, PublicationFacts.edited)


@deed
def publish(work: Work, actor: Actor, number: int, seq: int, overruled: str = "") -> None:
    """Reviewed by another, and from its first day on the door. What is not green must be overruled with a reason; the version
    before is replaced; the act that it is about takes its step. Raises `NotFound`, `NotAllowed`, `Conflict`, `Incomplete`."""
    row = row_for_step(work, actor, number, PublicationSteps.publish, seq)
    kind, found = kind_named(row.kind), projected(actor, kind_named(row.kind), row.subject)
    _require_green(findings_of(row, found), overruled)
    if row.to_on is not None and row.to_on < work.clock.today():
        raise Invalid("公开期已经过了，请先修改“公开至”。", field="to_on")
    before = published_of(work.session, row.subject)
    if before is not None:
        close_row(work, actor, before, PublicationState.superseded, PublicationFacts.superseded)
    row.state, row.reviewed_by_id, row.published_at = PublicationState.published, actor.id, work.clock.now()
    row.digest = digest_of(row.title, row.body)
    tell_step(work, actor, row, PublicationFacts.published, {"digest": row.digest} | (
        {"overruled": mask_text(overruled.strip())} if overruled.strip() else {}))
    if _act_has(kind.act_kind, PUBLISH):
        act_steps.take(actor, act_number(row), PUBLISH, {})


def _act_has(act_kind: str, step: str) -> bool:
    """Whether the act that it is about takes this step with it."""
    return act_kind in ACT_FLOWS and step in ACT_FLOWS[act_kind].lifecycle.steps


@deed
def discard(work: Work, actor: Actor, number: int, seq: int, reason: str) -> None:
    """A draft that goes nowhere; its text is erased."""
    row = row_for_step(work, actor, number, PublicationSteps.discard, seq)
    close_row(work, actor, row, PublicationState.discarded, PublicationFacts.discarded, _checked_reason(reason))


@deed
def send_back(work: Work, actor: Actor, number: int, seq: int, reason: str) -> None:
    """What is to be worded otherwise, said by who reviews."""
    row = row_for_step(work, actor, number, PublicationSteps.return_, seq)
    tell_step(work, actor, row, PublicationFacts.returned, {"reason": _checked_reason(reason)})


@deed
def withdraw(work: Work, actor: Actor, number: int, seq: int, reason: str) -> None:
    """Off the door, with the reason that stays there in its place; the text is erased. Raises `NotFound`, `NotAllowed`,
    `Incomplete`."""
    row = row_for_step(work, actor, number, PublicationSteps.withdraw, seq)
    ground = _checked_reason(reason)
    close_row(work, actor, row, PublicationState.withdrawn, PublicationFacts.withdrawn, ground)
    if _act_has(kind_named(row.kind).act_kind, WITHDRAW):
        act_steps.take(actor, act_number(row), WITHDRAW, {"reason": ground})


def expire(on: date) -> int:
    """What is past its last day leaves the door. How many."""
    return sum(_expire_one(number, on) for number in past_their_last(reading(), on))


@deed
def _expire_one(work: Work, number: int, on: date) -> bool:
    row = work.session.scalar(select(Publication).where(Publication.id == number).with_for_update()
                              .execution_options(populate_existing=True))
    if row is None or PUBLICATION_FLOW.refusal(PublicationSteps.expire, CLOCK, standing_of(work.session, row, on)) is not None:
        return False
    close_row(work, CLOCK, row, PublicationState.withdrawn, PublicationFacts.expired, "公开期满")
    return True


def findings_of(row: Publication, found: Projected) -> tuple[Checked, ...]:
    """What is not green of a draft, against what its record says today."""
    words = {field.name: field.word for field in PUBLIC_KINDS[row.kind].fields}
    texts = {words.get(name, name): str(text) for name, text in row.body["texts"].items()}
    lines = "\n".join(" ".join(map(str, line)) for line in row.body["table"].get("rows", ()))
    return findings_in({"标题": row.title, **texts, "表格": lines}, found.sealed, is_moved=found.seq != row.subject_seq)


def _require_green(found: tuple[Checked, ...], overruled: str) -> None:
    said = Listed(dict.fromkeys(Say("{where}{finding}", where=Say(each.where), finding=Say(FINDINGS[each.finding]))
                                for each in found))
    if any(each.finding in NEVER_OVERRULED for each in found):
        raise Invalid(Say("不能公开：{found}。请先修改。", found=said), code="not_green")
    if found and not overruled.strip():
        raise Incomplete(Say("复核发现：{found}。请先修改；确需照此公开的，写明理由。", found=said), field="overruled")
    if len(overruled) > LONGEST_REASON:
        raise Invalid(Say("“理由”最多 {longest} 字，现有 {count} 字。", longest=LONGEST_REASON, count=len(overruled)), field="overruled")


def _checked_title(title: str) -> str:
    plain = " ".join(title.split())
    if not plain:
        raise Incomplete("请填写“标题”。", field="title")
    if len(plain) > LONGEST_TITLE:
        raise Invalid(Say("“标题”最多 {longest} 字，现有 {count} 字。", longest=LONGEST_TITLE, count=len(plain)), field="title")
    return plain


def _checked_texts(kind: str, texts: Mapping[str, str]) -> dict[str, str]:
    known = {field.name: field for field in PUBLIC_KINDS[kind].fields}
    for name, text in texts.items():
        if name not in known:
            raise Invalid(Say("这类公开内容没有“{name}”这一项。", name=name[:40]), field="texts")
        if len(text) > known[name].longest:
            raise Invalid(Say("“{word}”最多 {longest} 字，现有 {count} 字。", word=Say(known[name].word), longest=known[name].longest,
                              count=len(text)), field=name)
    return {name: texts.get(name, "").strip() for name in known}


def _checked_reason(reason: str) -> str:
    plain = mask_text(reason.strip())
    if not plain:
        raise Incomplete("请写明理由。", field="reason")
    if len(plain) > LONGEST_REASON:
        raise Invalid(Say("“理由”最多 {longest} 字，现有 {count} 字。", longest=LONGEST_REASON, count=len(plain)), field="reason")
    return plain
