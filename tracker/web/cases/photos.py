"""One photo after the other: large, with what is known of it, and back to its case."""

from datetime import datetime

from flask import Blueprint, render_template

from tracker.domain.cases.wording import word
from tracker.domain.house.actor import Permission
from tracker.domain.house.say import Say
from tracker.services.house.work import reading
from tracker.services.territory import positions
from tracker.storage.cases import page as case_page
from tracker.storage.cases.albums import Album, album_of
from tracker.web.cases.view import pair_of
from tracker.web.house.drawing.filters import cn_moment
from tracker.web.house.guard import current_actor, needs

blueprint = Blueprint("photos", __name__, url_prefix="/evidence")


@blueprint.get("/<int:evidence_id>/view", endpoint="photo")
@needs(Permission.case_read)
def show_photo(evidence_id: int) -> str:
    """The photo with its caption, the before-photo beside an after-photo, the ones before and after it."""
    scope = current_actor().scope()
    album = album_of(reading(), scope, evidence_id)
    return render_template(
        "cases/photo.html", album=album, photo=album.photo, lines=_caption_lines(album), previous=album.beside(-1),
        following=album.beside(1), is_theirs=case_page.is_visible(reading(), scope, album.number))


def _caption_lines(album: Album) -> list[str]:
    """What is known of the photo, line by line: what it shows, taken when and where, received when and from whom, and what lies
    between it and its before-photo."""
    photo = album.photo
    lines: list[str] = [Say("{role}（第 {round} 轮）", role=Say(word(photo.role)), round=photo.round)]
    if photo.taken_at:
        lines.append(Say("拍摄时间 {at}（照片自带）", at=cn_moment(datetime.fromisoformat(photo.taken_at))))
    received = {"at": cn_moment(photo.uploaded_at), "name": photo.uploaded_by}
    lines.append(Say("上传 {at}，{name}", **received) if photo.uploaded_by else Say("上传 {at}", at=received["at"]))
    if photo.lat is not None and photo.lng is not None:
        lines.append(_place_told(album, photo.lat, photo.lng))
    if album.before is not None:
        lines.append(Say("与整改前照片{apart}", apart=pair_of(album.before, photo).words))
    return lines


def _place_told(album: Album, lat: float, lng: float) -> str:
    at = Say("拍摄位置 北纬 {lat:.6f}°，东经 {lng:.6f}°", lat=lat, lng=lng)
    if album.lat is None or album.lng is None:
        return at
    metres = round(positions.metres_apart(lat, lng, None, album.lat, album.lng, album.datum))
    return Say("{at}，距案件坐标 {metres} 米", at=at, metres=metres)
