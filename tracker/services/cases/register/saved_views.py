"""Naming a view of the register, and dropping one. A view opens nothing: who follows it sees what their own scope lets them."""

from sqlalchemy import func, select

from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Conflict, Invalid, NotFound
from tracker.domain.house.say import Say
from tracker.services.house import permits
from tracker.services.house.caching import rules_changed
from tracker.services.house.work import Work, deed
from tracker.storage.cases.saved_views import SavedView

MOST = 30
LONGEST_NAME, LONGEST_QUERY = 40, 1000


@deed
def save(work: Work, actor: Actor, name: str, query: str, *, is_shared: bool = False) -> int:
    """Keep a view under a name; an own one of the same name is replaced. Raises `Invalid` for the name, `Conflict` for too
    many."""
    permits.require(actor, Permission.case_read)
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid(Say("视图名称应为 1 至 {longest_name} 字。", longest_name=LONGEST_NAME), field="name")
    if len(query) > LONGEST_QUERY:
        raise Invalid("这个视图的条件太多，不能保存。", field="name")
    if is_shared and actor.unit_id is None:
        raise Invalid("您不属于任何单位，不能与本单位共享。", field="shared")
    row = _own_view(work, actor, SavedView.name == name) or _add_view(work, actor, name)
    row.query, row.unit_id = query, actor.unit_id if is_shared else None
    work.session.flush()
    rules_changed(work.session)  # each process keeps the views that it has read
    return row.id


@deed
def drop(work: Work, actor: Actor, view_id: int) -> str:
    """Delete an own view; its name. Raises `NotFound` for anybody else's, too."""
    row = _own_view(work, actor, SavedView.id == view_id)
    if row is None:
        raise NotFound("没有这个视图，或它不是您保存的。")
    work.session.delete(row)
    rules_changed(work.session)
    return row.name


def _own_view(work: Work, actor: Actor, condition: object) -> SavedView | None:
    query = select(SavedView).where(SavedView.person_id == actor.id, condition)  # type: ignore[arg-type]
    return work.session.scalars(query).one_or_none()


def _add_view(work: Work, actor: Actor, name: str) -> SavedView:
    count = work.session.scalar(select(func.count()).select_from(SavedView).where(SavedView.person_id == actor.id)) or 0
    if count >= MOST:
        raise Conflict(Say("每人最多保存 {most} 个视图，请先删除不用的。", most=MOST), code="too_many_views")
    row = SavedView(person_id=actor.id, name=name, created_at=work.clock.now())
    work.session.add(row)
    return row
