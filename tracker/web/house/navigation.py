"""The menu: which entries there are, who sees them, and which endpoints belong to each."""

from dataclasses import dataclass

from flask import Flask, request
from flask_login import current_user

from tracker.domain.cases.flow import CASE_FLOW
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.upkeep.flows import ACT_FLOWS
from tracker.web.house.guard import current_actor, may_read


@dataclass(frozen=True)
class MenuEntry:
    """One entry of the menu. `rooms` are the blueprints whose pages light it up."""

    word: str
    endpoint: str
    icon: str
    rooms: tuple[str, ...]
    permission: Permission | None = None
    also: Permission | None = None  # who holds this one comes as well
    is_extra: bool = False  # on a phone it stands under 更多


NAVIGATION: tuple[MenuEntry, ...] = (
    MenuEntry("我的", "home.desk", "desk", ("home", "matters")),
    MenuEntry("台账", "cases.register", "list",
              ("cases", "papers", "photos", "near", "bulk", "triage", "exports", "as_of", "batches", "views",
                                               "steps", "evidence", "case_access"), Permission.case_read),
    MenuEntry("地图", "map.map", "map", ("map",), Permission.case_read),
    MenuEntry("调度", "supervision.supervision", "chart", ("supervision", "mail_preview", "dashboard", "city"),
              Permission.supervision_read),
    MenuEntry("联动", "acts.acts", "people", ("acts", "controls", "interviews", "meetings", "backlog", "programmes"),
              Permission.act_read, is_extra=True),
    MenuEntry("监管", "sites.listing", "list", ("sites", "site_entries", "registers", "obligations", "positive", "audits", "draws",
                                              "inspections", "interests", "letters", "site_classes"),
              Permission.site_read, is_extra=True),
    MenuEntry("公开", "publications.listing", "list", ("publications",), Permission.publication_review,
              Permission.publication_draft, is_extra=True),
    MenuEntry("导入", "imports.start", "import", ("imports", "import_columns"), Permission.case_import, is_extra=True),
    MenuEntry("报告", "reports.reports", "report", ("reports", "measures", "appeals", "circulars"), Permission.report_read),
    MenuEntry("人员", "people.people", "people", ("people", "proposals"), Permission.people_read, is_extra=True),
    MenuEntry("属地", "territory.territory", "place", ("territory", "areas", "rule_lists", "line", "line_sections", "shapes"),
              is_extra=True),
    MenuEntry("身份", "identities.requests", "lock", ("identities",), Permission.identity_decide, is_extra=True),
    MenuEntry("账本", "ledger.ledger", "lock", ("ledger",), is_extra=True),
    MenuEntry("审计", "audit.audit", "list", ("audit",), Permission.audit_read, is_extra=True),
    MenuEntry("文字删除", "erasures.requests", "lock", ("erasures",), Permission.words_erase, is_extra=True),
    MenuEntry("设置", "settings.overview", "cog",
              ("settings", "map_settings", "offices", "start", "limits", "rules", "work_calendar", "master", "running"),
              Permission.rules_manage, is_extra=True),
)
LOG_AN_ISSUE = MenuEntry("登记问题", "cases.new", "plus", (), Permission.case_register)
LOGGING = frozenset({"cases.new", "cases.create"})
OUTSIDE = frozenset({Permission.case_register, *(who.permission for step in CASE_FLOW.steps.values() if step.is_outside
                                                 for who in step.who),
                     *(who.permission for flow in ACT_FLOWS.values() for step in flow.steps if step.is_outside
                       for who in step.who)})

# Endpoints that no entry leads to, with the reason why.
EXCLUDED: dict[str, str] = {
    "static": "files", "health.healthz": "for machines", "health.readyz": "for machines", "accounts.sign_in": "before the menu",
    "accounts.sign_out": "a button", "languages.choose": "a button", "accounts.password": "the own account leads there",
    "home.favicon": "for browsers", "offline.worker": "for browsers",
    "offline.manifest": "for browsers", "offline.icon": "for browsers",
    "help.index": "the head and the foot lead there", "help.guide": "the list of guides leads there", "help.picture": "a picture",
    "help.put_away": "a button", "offline.no_network": "the worker shows it", "uploads.receive": "for scripts",
    "uploads.thumb": "a picture", "uploads.drop": "for scripts",
    "drafts.drafts": "the quiet bar leads there", "drafts.session": "for scripts",
    "accounts.mine": "the name in the head leads there", "delegations.mine": "the own account leads there",
    "delegations.add": "a button",
    "delegations.revoke": "a button", "delegations.add_for": "a button", "delegations.revoke_for": "a button",
    "delegations.choose": "a button",
    "accounts.set_password": "links in mails lead there", "accounts.not_me": "links in mails lead there",
    "accounts.forgotten": "the sign-in leads there", "accounts.ask_for_colleague": "a button",
    "accounts.confirm": "pages that ask for the password again lead there",
    "setup.begin": "before there is anybody", "setup.go_on": "a button",
    "own_mail.own_mail": "the own account leads there", "own_mail.choose": "a button",
    "own_sessions.sessions": "the own account leads there", "own_sessions.end": "a button",
    "factors.mine": "the own account leads there", "factors.begin": "a button", "factors.confirm": "a form of the same page",
    "factors.codes": "a button", "factors.remove": "a button", "factors.check": "asked for after the password",
    "people.reset_factor": "a button", "own_sessions.end_others": "a button", "own_sessions.end_all": "a button",
}


def visible_entries() -> tuple[tuple[MenuEntry, bool], ...]:
    """The entries of this person, each with whether it is where they are."""
    if not current_user.is_authenticated:
        return ()
    actor, here = current_actor(), request.blueprint if not is_logging() else None
    return tuple((e, here in e.rooms) for e in NAVIGATION if _is_shown(actor, e))


def _is_shown(actor: Actor, entry: MenuEntry) -> bool:
    asked = [each for each in (entry.permission, entry.also) if each is not None]
    return not asked or any(may_read(actor, each) for each in asked)


def may_log_an_issue() -> bool:
    """Whether this person sees the button 登记问题."""
    return current_user.is_authenticated and current_actor().has(Permission.case_register)


def works_outside() -> bool:
    """Whether this person fills in forms on the spot, which keep drafts on the device."""
    return current_user.is_authenticated and any(current_actor().has(permission) for permission in OUTSIDE)


def is_logging() -> bool:
    """Whether this is the page of 登记问题, which lies in no entry's room."""
    return request.endpoint in LOGGING


def may_search() -> bool:
    """Whether this person may read cases, and so search them."""
    return current_user.is_authenticated and current_actor().has(Permission.case_read)


def register(app: Flask) -> None:
    """Hand the menu to the layouts."""
    app.jinja_env.globals.update(
        visible_entries=visible_entries, may_log_an_issue=may_log_an_issue, works_outside=works_outside,
        may_search=may_search, is_logging=is_logging, LOG_AN_ISSUE=LOG_AN_ISSUE)
