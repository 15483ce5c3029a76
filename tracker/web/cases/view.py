"""What the case page, its print view and its dossier tell alike: facts with their words, pairs of photos, gates, family."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from tracker.domain.cases.flow import Steps
from tracker.domain.cases.wording import CHANNELS, FINDINGS, HISTORIES, SUPERVISION, word
from tracker.domain.evidence.evidence import EvidenceRole
from tracker.domain.evidence.photo_pairs import Between, Shot, between
from tracker.domain.house.actor import Scope
from tracker.domain.house.say import Listed, Say
from tracker.domain.territory.positions import DATUMS, FAR_FROM_PIN_METRES, LOCATED_BY, LocatedBy
from tracker.services.evidence import evidence
from tracker.services.house.work import reading
from tracker.services.rules.categories import categories
from tracker.services.territory import positions
from tracker.storage.cases import family
from tracker.storage.cases.exhibits import EvidenceLine, paired
from tracker.storage.cases.page import CasePage, Head
from tracker.web.cases.belonging import asked_of_units, belonging_of
from tracker.web.cases.stages import rail
from tracker.web.cases.timeline import sentences
from tracker.web.cases.works.telling import works_lines
from tracker.web.house.business_day import today
from tracker.web.house.drawing.filters import cn_date, cn_moment

FAR_APART_METRES = 200
TOO_SOON = timedelta(minutes=10)  # an after-photo taken this soon after the before-photo shows hardly any work
Line = tuple[str, str]


@dataclass(frozen=True)
class Pair:
    """An after-photo beside its before-photo, with what lies between them in words. `is_odd` where a reader should look twice."""

    before: EvidenceLine | None
    after: EvidenceLine
    words: str
    is_odd: bool


def told_of(page: CasePage, scope: Scope) -> dict[str, Any]:
    """Everything that a template needs to tell a case."""
    return {
        "page": page, "case": page.head, "rail": rail(page), "timeline": sentences(page), "pairs": pairs_of(page),
        "loose": page.loose(),
        "gates": evidence.checklist(page.head.gates, page.dossier()),
        "members": family.members_of(reading(), scope, page.head.id) if page.head.member_count else (),
        "belonging": belonging_of(page), "asked": asked_of_units(page), "where": where_of(page.head), "ways": ways_of(page.head),
        "works": works_lines(page),
        "answers": categories().lines_of(page.head.answers),
        "closing": next((f for f in reversed(page.facts) if f.kind == Steps.close.fact), None),
    }


def where_of(head: Head) -> tuple[str, ...]:
    """Where the case lies, in sentences: its point with datum and accuracy, what the phone said, what is odd. Empty without a
    point."""
    if head.lat is None or head.lng is None:
        return ()
    by, datum = LOCATED_BY.get(head.located_by or ""), DATUMS.get(head.datum or "")  # type: ignore[call-overload]
    parts = (by, datum, _accuracy_told(head.accuracy_metres))
    told = Listed((Say(part) for part in parts if part), "，")
    point = Say("北纬 {lat:.6f}°，东经 {lng:.6f}°", lat=head.lat, lng=head.lng)
    lines = (Say("{point}（{told}）", point=point, told=told) if told else point, _from_device(head),
             positions.doubt(head.lat, head.lng, head.datum))
    return tuple(line for line in lines if line)


def ways_of(head: Head) -> list[Line]:
    """The phone's map applications with the address of the case's point in each. Empty without a point."""
    return [] if head.lat is None or head.lng is None else positions.ways_to(head.lat, head.lng, head.datum)


def _accuracy_told(metres: float | None) -> str:
    return Say("精度 ±{metres:.0f} 米", metres=metres) if metres is not None else ""


def _from_device(head: Head) -> str:
    """How far the point is from the phone's own fix, where somebody moved it."""
    if head.lat is None or head.lng is None or head.device_lat is None or head.device_lng is None:
        return ""
    if head.located_by == LocatedBy.device:
        return ""
    metres = round(positions.metres_apart(head.lat, head.lng, head.datum, head.device_lat, head.device_lng, head.device_datum))
    apart = Say("手机定位与图钉相差 {metres} 米", metres=metres)
    fix = Listed(filter(None, (apart, _accuracy_told(head.device_accuracy_metres))), "，")
    return Say("{fix}。相差较大，请核对。" if metres > FAR_FROM_PIN_METRES else "{fix}。", fix=fix)


def pairs_of(page: CasePage) -> list[Pair]:
    """The pairs of photos, as they are tied; a photo that was shown before is told."""
    return pairs_among(page.evidence)


def pairs_among(evidence: Sequence[EvidenceLine]) -> list[Pair]:
    """The same, of the files of any case."""
    first: dict[str, EvidenceLine] = {}
    for each in evidence:
        first.setdefault(each.digest, each)
    return [_told_again(pair_of(before, after), first[after.digest]) for before, after in paired(evidence)]


def _told_again(pair: Pair, first: EvidenceLine) -> Pair:
    """The pair, with a word of the file that was sent in before under another name or round."""
    if first.id == pair.after.id:
        return pair
    said = Say("整改后照片与第 {round} 轮的“{role}”是同一个文件", round=first.round, role=Say(word(first.role)))
    return replace(pair, words=Listed(filter(None, (pair.words, said)), "；"), is_odd=True)


def pair_of(before: EvidenceLine | None, after: EvidenceLine) -> Pair:
    """Two photos side by side, with the time and the way between them in words."""
    if before is None:
        return Pair(None, after, "", is_odd=False)
    found = between(_photo_shot(before), _photo_shot(after))
    is_odd = found.passed < TOO_SOON or (found.metres or 0) > FAR_APART_METRES
    return Pair(before, after, Listed((_interval_told(found), _distance_told(found)), "；"), is_odd)


def _photo_shot(photo: EvidenceLine) -> Shot:
    taken_at = datetime.fromisoformat(photo.taken_at) if photo.taken_at else None
    return Shot(photo.uploaded_at, taken_at, photo.lat, photo.lng)


def _interval_told(found: Between) -> str:
    by = Say("拍摄时间" if found.is_by_device else "上传时间")
    if found.passed < timedelta():
        return Say("整改后照片的{by}早于整改前", by=by)
    minutes = int(found.passed.total_seconds() // 60)
    return Say("相隔 {length}（按{by}）", length=_length_told(minutes), by=by)


def _length_told(minutes: int) -> str:
    if minutes >= 1440:
        return Say("{days} 天", days=minutes // 1440)
    return Say("{hours} 小时", hours=minutes // 60) if minutes >= 60 else Say("{minutes} 分钟", minutes=minutes)


def _distance_told(found: Between) -> str:
    if found.metres is None:
        return Say("两张照片没有都带定位，不计距离")
    return Say("相距约 {metres} 米", metres=found.metres) if found.metres < 1000 else Say("相距约 {metres:.1f} 公里",
                                                                                      metres=found.metres / 1000)


def facts_of(page: CasePage) -> list[Line]:
    """What the case is, as heading and text."""
    head, known = page.head, categories().shown_on(today().on)
    lines = [
        ("案件编号", head.number), ("来源", Say("{source}（{batch}）", source=head.source, batch=head.batch_label) if head.batch_label
                                else head.source),
        ("来源编号", head.source_number or ""), ("受理渠道", CHANNELS.get(head.channel, head.channel)),
        ("受理日期", cn_date(head.received_on)),
        ("地点", head.place), ("坐标", Listed(where_of(head), "；")), ("区划", head.area),
        ("问题类型", Listed(Say(known.get(c, c)) for c in page.categories)),
        ("状态", word(head.state)), ("重点件", "是" if head.is_key else ""), ("督办", SUPERVISION.get(head.supervision_level or "", "")),
        ("是否属实", FINDINGS.get(head.finding or "", "")), ("历史", HISTORIES["imported"] if head.history == "imported" else ""),
        ("并入", head.master or ""), *categories().lines_of(head.answers), ("问题描述", head.description),
    ]
    return [line for line in lines if line[1]]


def duty_of(page: CasePage) -> list[Line]:
    """Who answers for the case, and until when."""
    head = page.head
    notice = Say("{first} 至 {last}", first=cn_date(head.notice_from_on),
                 last=cn_date(head.notice_to_on)) if head.notice_to_on else ""
    closed = Say("{at}，{by}，备案号 {filing_no}", at=cn_moment(head.closed_at), by=head.closed_by, filing_no=head.filing_no)
    lines = [
        ("主办单位", Say("{unit}（指定）", unit=head.lead_unit) if head.is_designated else head.lead_unit or "尚未交办"),
        ("协办单位", Listed(_support_told(page)) or "无"), ("包案领导", head.sponsor or "无"),
        ("交办日期", cn_date(head.assigned_on) if head.assigned_on else ""), ("整改时限", due_told(head)),
        *works_lines(page),
        ("整改轮次", Say("第 {round} 轮", round=head.round)), ("延期", Say("{count} 次", count=head.extension_count)
                                                         if head.extension_count else ""),
        ("退回", Say("{count} 次", count=head.return_count) if head.return_count else ""), ("公示", notice),
        ("销号", closed if head.closed_at else ""),
    ]
    return [line for line in lines if line[1]]


def _support_told(page: CasePage) -> Iterator[str]:
    """Each supporting unit with what became of its opinion."""
    names = dict(zip(page.supporting_unit_ids, page.supporting_units, strict=True))
    for unit, name in names.items():
        day = page.support_days.get(str(unit))
        if day is None:
            yield name
        elif day["answered_on"] is not None:
            yield Say("{unit}（{day}已提意见）", unit=name, day=cn_date(day["answered_on"]))
        else:
            late = day["due_on"] is not None and day["due_on"] < today().on
            yield Say("{unit}（应于{day}前提意见，已超期）" if late else "{unit}（应于{day}前提意见）", unit=name, day=cn_date(day["due_on"]))


def due_told(head: Head) -> str:
    """The due date with its mark, and the first one where it was moved."""
    if head.due_on is None:
        return "未定时限"
    moved = Say("（原定 {original_due_on}）",
                original_due_on=cn_date(head.original_due_on)) if head.original_due_on not in (None, head.due_on) else ""
    return cn_date(head.due_on) + ("（暂定）" if head.is_due_provisional else "") + moved


def caption_of(photo: EvidenceLine) -> str:
    """What stands under a photo."""
    role = Say("{role}（第 {round} 轮）", role=Say(word(photo.role)),
               round=photo.round) if photo.role is not EvidenceRole.before else word(photo.role)
    return f"{role} · {cn_moment(photo.uploaded_at)}" + (f" · {photo.uploaded_by}" if photo.uploaded_by else "")
