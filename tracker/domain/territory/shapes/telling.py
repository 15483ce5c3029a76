"""Why a place is whose it is, as at most four messages: the fence, the register of owners, who leads by what, and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tracker.domain.house.say import Listed, Say
from tracker.domain.territory.routing import FENCE_WORDS
from tracker.domain.territory.shapes.attribution import RAIL, Attribution
from tracker.domain.territory.shapes.fence_rules import PARTIES
from tracker.domain.territory.shapes.layers import SIDES, Edition, MapShape, OwnerKind
from tracker.domain.territory.shapes.measures import Fence, Measures

Names = Mapping[str, str]
NOBODY = Say("责任清单没有适用的条目，由调度员判定主办单位。")


def with_reasons(found: Attribution, names: Names, list_year: int | None) -> Attribution:
    """The same, with its sentences. `names` are those of units, areas and categories; `list_year` is the year in which the
    responsibility list in force began."""
    said = [_fence_said(found), *([] if found.measures.is_beyond else [_owners_said(found.measures)]),
            _lead_said(found, names, list_year), _rest_said(found, names)]
    return replace(found, why=tuple(each for each in said if each is not None))


def paragraph(why: Sequence[Say]) -> Say:
    """The messages as one paragraph."""
    return Listed(why, "")


def _fence_said(found: Attribution) -> Say:
    each = found.measures
    if each.is_beyond:
        return _beyond_said(each)
    where, drawn = _where_said(each), each.fence_shape
    if drawn is None or each.fence is Fence.unknown or each.fence_metres is None:
        if found.reported:
            return Say("围栏为界：点位在{where}，离线路{metres:.1f}米，这一段没有画围栏，登记时注明在{said}；", where=where,
                       metres=each.line_metres or 0.0, said=Say(FENCE_WORDS[found.reported]))
        return Say("围栏为界：点位在{where}，离线路{metres:.1f}米，这一段没有画围栏；", where=where, metres=each.line_metres or 0.0)
    year, number = _edition_of(drawn)
    if each.fence is Fence.on_line:
        return Say("围栏为界：点位在{where}，离围栏线{metres:.1f}米，误差{error:g}米，分不清围栏内外（围栏图{year}年第{number}版）；", where=where,
                   metres=each.fence_metres, error=each.error, year=year, number=number)
    party = PARTIES["rail" if each.fence is Fence.inside else "local"]
    return Say("围栏为界：点位在{where}，{fence}{metres:.1f}米（围栏图{year}年第{number}版，误差{error:g}米），属{party}；", where=where,
               fence=Say(FENCE_WORDS[each.fence.value]), metres=each.fence_metres, year=year, number=number, error=each.error,
               party=Say(party))


def _beyond_said(each: Measures) -> Say:
    place = Say("城区" if each.is_built_up else "农村")
    if each.beyond is None or (each.line is None and each.fence_shape is None):
        return Say("地图上没有铁路线路，不属铁路沿线范围。")
    if each.fence_shape is not None:
        return Say("点位在围栏外{metres:.1f}米，超出{place}沿线{corridor:g}米，不属铁路沿线范围。", metres=each.beyond, place=place,
                   corridor=each.corridor)
    assert each.line is not None
    return Say("点位离{line}{metres:.1f}米，超出{place}沿线{corridor:g}米，不属铁路沿线范围。", line=each.line.name, metres=each.beyond,
               place=place, corridor=each.corridor)


def _where_said(each: Measures) -> Say:
    if each.line is None:
        return Say("铁路用地")
    if each.side:
        return Say("{line}{mileage}{side}", line=each.line.name, mileage=each.mileage, side=Say(SIDES[each.side]))
    return Say("{line}{mileage}", line=each.line.name, mileage=each.mileage)


def _owners_said(each: Measures) -> Say:
    if not each.owners:
        return Say("产权为主：产权登记中此处无记录。")
    owners, first = Listed(dict.fromkeys(shape.name for shape in each.owners)), each.owners[0]
    year, number = _edition_of(first)
    if each.owner_class == "several":
        disputed = any(shape.owner_kind == OwnerKind.disputed for shape in each.owners)
        return (Say("产权为主：产权登记中此处（{owners}）有争议，登记须先更正。", owners=owners) if disputed
                else Say("产权为主：产权登记中此处重叠着{owners}，登记须先更正。", owners=owners))
    if first.owner_kind == OwnerKind.third:
        return Say("产权为主：产权登记（{year}年第{number}版）中此处为{owners}，是责任主体，由属地主办。", year=year, number=number, owners=owners)
    party = PARTIES["rail" if first.owner_kind == OwnerKind.railway else "local"]
    return Say("产权为主：产权登记（{year}年第{number}版）中此处为{owners}，属{party}。", year=year, number=number, owners=owners,
               party=Say(party))


def _lead_said(found: Attribution, names: Names, list_year: int | None) -> Say | None:
    if found.candidates:
        units = Listed(names.get(code, code) for code in found.candidates)
        return Say("候选单位：{units}。", units=units)
    if found.lead is None:
        return NOBODY
    if found.routed is not None and found.lead == found.routed.lead:
        return _list_said(found, list_year)
    lead, section = names.get(found.lead, found.lead), found.measures.section
    if found.party == RAIL and section is not None and section.unit_code == found.lead:
        return Say("{section}（{code}）的铁路责任单位是{lead}，由{lead}主办。", section=section.name, code=section.code, lead=lead)
    return Say("由产权单位{lead}主办。" if found.measures.owners else "由{lead}主办。", lead=lead)


def _list_said(found: Attribution, list_year: int | None) -> Say:
    """The list's own sentence, with the year of the version."""
    routed = found.routed
    assert routed is not None
    why = routed.why
    if not isinstance(why, Say) or routed.rule.version is None or list_year is None:
        return why if isinstance(why, Say) else Say("{why}", why=why)
    pattern = ("按责任清单{year}年第{version}版第{clause}条：{because}，由{lead}主办；{reason}。" if "reason" in why.values
               else "按责任清单{year}年第{version}版第{clause}条：{because}，由{lead}主办。")
    return Say(pattern, year=list_year, **why.values)


def _rest_said(found: Attribution, names: Names) -> Say | None:
    if found.candidates:
        return Say("请先更正产权登记。" if found.measures.owner_class == "several" else "两边都是候选单位，须先到现场复核。")
    units = {each: Listed(names.get(code, code) for code in codes)
             for each, codes in (("supporting", found.supporting), ("informed", found.informed)) if codes}
    if found.confidence == "doubtful":
        return (Say("{units}协办；须先到现场复核。", units=units["supporting"]) if "supporting" in units
                else Say("须先到现场复核。"))
    if len(units) == 2:
        return Say("{supporting}协办，{informed}知会。", **units)
    if "supporting" in units:
        return Say("{units}协办。", units=units["supporting"])
    return Say("{units}知会。", units=units["informed"]) if "informed" in units else None


def _edition_of(shape: MapShape) -> tuple[int, int]:
    edition = shape.edition or Edition(0, 0)
    return edition.year, edition.number
