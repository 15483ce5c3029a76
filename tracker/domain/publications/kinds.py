"""What may be made public, each kind with the texts that the public reads. Where it is about an act, `act_kind` says of which
kind; that act then takes its own step of publishing, if it has one, in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PublicField:
    """One text of a publication."""

    name: str
    word: str
    longest: int = 2000


@dataclass(frozen=True)
class PublicKind:
    """One kind: its code, its word, the first word of the stream that it is about, and its texts."""

    code: str
    word: str
    subject: str
    fields: tuple[PublicField, ...]
    act_kind: str = ""


PUBLIC_KINDS: Mapping[str, PublicKind] = {kind.code: kind for kind in (
    PublicKind("penalty", "行政处罚决定", "act", (
        PublicField("party", "当事人", 120), PublicField("document_no", "决定书文号", 80), PublicField("violation", "违法行为", 200),
        PublicField("law", "处罚依据", 500), PublicField("result", "处罚内容", 500), PublicField("decided_on", "决定日期", 20)), "penalty"),
    PublicKind("card", "环保警示牌", "act", (
        PublicField("party", "监管对象", 120), PublicField("colour", "颜色", 20), PublicField("ground", "依据的处罚", 200),
        PublicField("flagged_on", "挂牌日期", 20)), "card"),
    PublicKind("class_roster", "监管对象分类名录", "classes", (PublicField("text", "说明"),)),
    PublicKind("draw", "双随机抽取结果", "act", (
        PublicField("attempts", "封存情况", 2000), PublicField("roster_digest", "名录摘要", 64), PublicField("commitment", "密值摘要", 64),
        PublicField("witness", "见证", 200), PublicField("secret", "密值", 64), PublicField("seed", "种子", 64),
        PublicField("result_digest", "结果摘要", 64), PublicField("text", "说明")), "draw"),
    PublicKind("inspection", "检查结果", "act", (PublicField("text", "说明"),), act_kind="inspection"),
)}


def classes_of(area_code: str, year: int) -> str:
    """The subject of the list of classes of an area in a year."""
    return f"classes:{area_code}/{year}"
