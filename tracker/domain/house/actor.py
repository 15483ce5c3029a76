"""Who acts: permissions, roles and what each role grants."""

from dataclasses import dataclass, field
from enum import StrEnum


class Permission(StrEnum):
    """`room:verb`. Alphabetical.

    `clock:tick` belongs to the clock alone and is granted to no role.
    """

    account_confirm = "account:confirm"
    account_manage = "account:manage"
    act_answer = "act:answer"
    act_check = "act:check"
    act_decide = "act:decide"
    act_read = "act:read"
    act_run = "act:run"
    audit_read = "audit:read"
    case_accept = "case:accept"
    case_assign = "case:assign"
    case_attribute = "case:attribute"
    case_call_back = "case:call_back"
    case_close = "case:close"
    case_comment = "case:comment"
    case_correct = "case:correct"
    case_decide = "case:decide"
    case_designate = "case:designate"
    case_evidence = "case:evidence"
    case_export = "case:export"
    case_import = "case:import"
    case_look_back = "case:look_back"
    case_merge = "case:merge"
    case_notice = "case:notice"
    case_read = "case:read"
    case_rectify = "case:rectify"
    case_register = "case:register"
    case_supervise = "case:supervise"
    case_urge = "case:urge"
    case_verify = "case:verify"
    clock_tick = "clock:tick"
    draw_prepare = "draw:prepare"
    draw_read = "draw:read"
    draw_run = "draw:run"
    identity_decide = "identity:decide"
    identity_reveal = "identity:reveal"
    inspection_assign = "inspection:assign"
    inspection_record = "inspection:record"
    ledger_verify = "ledger:verify"
    list_activate = "list:activate"
    list_manage = "list:manage"
    office_manage = "office:manage"
    ops_manage = "ops:manage"
    penalty_decide = "penalty:decide"
    penalty_review = "penalty:review"
    penalty_work = "penalty:work"
    people_read = "people:read"
    publication_draft = "publication:draft"
    publication_review = "publication:review"
    referral_approve = "referral:approve"
    referral_work = "referral:work"
    report_edit = "report:edit"
    report_read = "report:read"
    report_sign = "report:sign"
    rules_manage = "rules:manage"
    site_decide = "site:decide"
    site_import = "site:import"
    site_manage = "site:manage"
    site_read = "site:read"
    supervision_read = "supervision:read"
    territory_activate = "territory:activate"
    territory_manage = "territory:manage"
    words_erase = "words:erase"


class Role(StrEnum):
    """The roles; a person may hold several, each within a unit or an area."""

    inspector = "inspector"
    clerk = "clerk"
    dispatcher = "dispatcher"
    officer = "officer"
    verifier = "verifier"
    lead = "lead"
    supervisor = "supervisor"
    auditor = "auditor"
    admin = "admin"
    custodian = "custodian"
    enforcer = "enforcer"
    legal = "legal"
    principal = "principal"


P = Permission

ROLE_GRANTS: dict[Role, frozenset[Permission]] = {
    Role.inspector: frozenset({P.act_check, P.act_read, P.case_attribute, P.case_read, P.case_register, P.case_comment,
                               P.case_evidence, P.case_look_back, P.inspection_record, P.site_read}),
    Role.clerk: frozenset({P.act_read, P.case_read, P.case_register, P.case_comment, P.case_evidence, P.case_import,
                           P.case_export, P.case_call_back, P.people_read, P.publication_draft, P.site_import, P.site_manage,
                           P.site_read}),
    Role.dispatcher: frozenset({P.act_read, P.act_run, P.case_read, P.case_register, P.case_comment, P.case_evidence,
                                P.case_accept, P.case_assign,
                                P.case_decide, P.case_designate, P.case_merge, P.case_notice, P.case_correct, P.case_urge,
                                P.case_supervise, P.case_import, P.case_export, P.case_call_back, P.case_look_back,
                                P.draw_prepare, P.draw_read, P.inspection_assign,
                                P.list_activate, P.people_read, P.publication_draft, P.publication_review, P.report_edit,
                                P.report_read, P.site_manage, P.site_read,
                                P.supervision_read,
                                P.territory_activate, P.territory_manage}),
    Role.officer: frozenset({P.act_answer, P.act_read, P.case_attribute, P.case_read, P.case_rectify, P.case_comment,
                             P.case_evidence, P.case_export, P.report_read, P.site_read}),
    Role.verifier: frozenset({P.act_check, P.act_read, P.case_read, P.case_verify, P.case_comment, P.case_look_back,
                              P.site_read}),
    Role.lead: frozenset({P.account_confirm, P.act_decide, P.act_read, P.act_run, P.case_read, P.case_close, P.case_comment,
                          P.case_urge, P.case_supervise,
                          P.case_export, P.draw_read, P.draw_run, P.identity_decide, P.list_activate, P.people_read,
                          P.publication_review, P.report_read, P.report_sign,
                          P.site_decide,
                          P.site_read, P.supervision_read, P.territory_activate, P.words_erase}),
    Role.supervisor: frozenset({P.act_read, P.case_read, P.case_designate, P.case_comment, P.case_urge, P.case_supervise,
                                P.case_export, P.case_look_back, P.draw_read, P.draw_run, P.people_read, P.report_read,
                                P.site_read, P.supervision_read}),
    Role.auditor: frozenset({P.act_read, P.audit_read, P.case_read, P.case_export, P.draw_read, P.draw_run, P.ledger_verify,
                             P.people_read, P.report_read, P.site_read, P.supervision_read}),
    Role.admin: frozenset({P.act_read, P.case_read, P.account_confirm, P.account_manage, P.list_manage, P.office_manage,
                           P.ops_manage,
                           P.rules_manage,
                           P.people_read, P.site_read, P.territory_manage}),
    Role.custodian: frozenset({P.identity_decide, P.identity_reveal, P.words_erase}),
    Role.enforcer: frozenset({P.act_read, P.penalty_work, P.publication_draft, P.referral_work, P.site_read}),
    Role.legal: frozenset({P.act_read, P.penalty_review, P.site_read}),
    Role.principal: frozenset({P.act_read, P.penalty_decide, P.referral_approve, P.site_read}),
}

# Who may put a case on the register that a step of an act has found.
REGISTERS_BY_ACT = (Permission.act_answer, Permission.act_check, Permission.act_run)

# Roles that see every case of an area, each by name: a new role sees none until it is written here. An officer sees what their
# unit leads or supports.
# One proposes them, another confirms; and somebody always holds each.
NEEDS_SECOND = frozenset({Role.admin, Role.custodian, Role.auditor})
NEEDS_FACTOR = frozenset({Role.admin, Role.custodian})  # who must show a second factor
AREA_READERS = frozenset({Role.inspector, Role.clerk, Role.dispatcher, Role.verifier, Role.lead, Role.supervisor, Role.auditor,
                          Role.admin})


@dataclass(frozen=True)
class Grant:
    """One role, within an area (`area_code`, "" = everywhere)."""

    role: Role
    area_code: str = ""

    def covers(self, code: str) -> bool:
        """Division codes are hierarchical: 330106 covers 330106002."""
        return code.startswith(self.area_code)


@dataclass(frozen=True)
class Absentee:
    """Whom somebody stands in for."""

    id: int
    name: str


@dataclass(frozen=True)
class Actor:
    """A person as the law sees one. `unit_line` is the own unit and every unit above it, nearest first.

    While standing in for somebody, `id` and `name` are the human's, grants and units are the principal's, and the human's own
    units stand in `own_unit_line`.
    """

    id: int
    name: str
    unit_id: int | None = None
    unit_line: tuple[int, ...] = ()
    units_below: tuple[int, ...] = ()
    grants: tuple[Grant, ...] = ()
    login: str = ""
    is_clock: bool = False
    acting_for: Absentee | None = None
    own_unit_line: tuple[int, ...] = ()
    is_head: bool = False  # of their unit
    sign_in: str = field(default="", compare=False)  # the fact of the sign-in in whose session they act; "cli", "clock"

    @property
    def persons(self) -> tuple[int, ...]:
        """Everybody who answers for what is done: the human, and whom they stand in for. Duties are separate for each."""
        return (self.id,) if self.acting_for is None else (self.id, self.acting_for.id)

    @property
    def right_holder_id(self) -> int:
        """The person whose rights are used."""
        return self.id if self.acting_for is None else self.acting_for.id

    @property
    def all_units(self) -> tuple[int, ...]:
        """The units of everybody who answers, with all above them."""
        return self.unit_line + self.own_unit_line

    @property
    def on_record(self) -> dict[str, object]:
        """What a fact says besides who acted: in which session, and for whom."""
        by: dict[str, object] = {"by": self.sign_in} if self.sign_in else {}
        return by if self.acting_for is None else by | {"for_id": self.acting_for.id}

    def has(self, permission: Permission) -> bool:
        """True when any grant of this person contains the permission, wherever."""
        return any(permission in ROLE_GRANTS[grant.role] for grant in self.grants)

    def has_in(self, permission: Permission, area_code: str) -> bool:
        """True when a grant that covers the area contains the permission."""
        return any(permission in ROLE_GRANTS[g.role] and g.covers(area_code) for g in self.grants)

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles held, in the order of `Role`."""
        held = {grant.role for grant in self.grants}
        return tuple(role for role in Role if role in held)

    def scope(self) -> "Scope":
        """The fence of every list this person reads."""
        areas = tuple(sorted({g.area_code for g in self.grants if g.role in AREA_READERS}))
        is_officer = any(g.role is Role.officer for g in self.grants)
        units = tuple(dict.fromkeys(self.unit_line + self.units_below)) if is_officer else ()
        return Scope(areas=areas, unit_ids=units, person_id=self.right_holder_id)


@dataclass(frozen=True)
class Scope:
    """What a reader may see: cases of these areas, of these units, or sponsored by this person. Empty means nothing."""

    areas: tuple[str, ...] = ()
    unit_ids: tuple[int, ...] = ()
    person_id: int | None = None

    def covers(self, area_code: str) -> bool:
        """Whether cases of this area are seen for the area alone: division codes are hierarchical text."""
        return any(area_code.startswith(area) for area in self.areas)


CLOCK = Actor(id=0, name="时钟", is_clock=True, login="clock", sign_in="clock")
# Who works at the machine's own command line without signing in: may bring in and take out tables, and takes no step.
OPERATOR = Actor(id=-1, name="系统操作员", login="operator", grants=(Grant(Role.clerk),),
                 sign_in="cli")
EVERYTHING = Scope(areas=("",))
