"""Penalties, cards and referrals: their limits, their states, and the typed columns of a penalty, which the database holds to the
law of punishments by itself."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LIMITS = sa.table("limits", *map(sa.column, ("source_key", "stage", "amount", "unit", "basis")),
                  sa.column("is_first_day_counted", sa.Boolean), sa.column("rolls", sa.Boolean),
                  sa.column("effective_from", sa.Date), sa.column("effective_to", sa.Date))
OF_LAW = (
    ("decide", 90, "calendar_day", "《行政处罚法》(2021年)第六十条：自立案之日起90日内作出决定"),
    ("plead", 5, "working_day", "产品默认值：《行政处罚法》(2021年)第四十四条、第四十五条未定日数（可在期限规则中修改）"),
    ("hearing_request", 5, "working_day", "《行政处罚法》(2021年)第六十四条、第八十五条：告知后5个工作日内提出"),
    ("serve", 7, "working_day", "《行政处罚法》(2021年)第六十一条、第八十五条：7个工作日内送达"),
    ("pay", 15, "calendar_day", "《行政处罚法》(2021年)第六十七条：收到决定书之日起15日内缴纳"),
    ("publish", 7, "working_day", "《行政处罚法》(2021年)第四十八条应当公开；7个工作日为产品默认值（可在期限规则中修改）"),
    ("unpublish", 3, "working_day", "《行政处罚法》(2021年)第四十八条、第八十五条：3个工作日内撤回并说明理由"),
    ("recheck_card", 15, "working_day", "产品默认值，无法规依据：申请摘牌后15个工作日内复核（可在期限规则中修改）"),
    ("approve_referral", 3, "calendar_day", "《行政执法机关移送涉嫌犯罪案件的规定》(2020年)第五条：接到报告之日起3日内决定"),
    ("send_referral", 24, "natural_hour", "《行政执法机关移送涉嫌犯罪案件的规定》(2020年)第五条：决定批准后24小时内移送"),
    ("police_forward", 24, "natural_hour", "《行政执法机关移送涉嫌犯罪案件的规定》(2020年)第七条：不属于本机关管辖的24小时内转送"),
    ("police_decide", 3, "calendar_day", "《行政执法机关移送涉嫌犯罪案件的规定》(2020年)第八条：3日内决定是否立案"),
    ("object_referral", 3, "calendar_day", "《行政执法机关移送涉嫌犯罪案件的规定》(2020年)第九条：接到不予立案通知后3日内"),
    ("police_review", 3, "calendar_day", "《行政执法机关移送涉嫌犯罪案件的规定》(2020年)第九条：收到复议申请后3日内"),
    ("hand_over_goods", 3, "calendar_day", "《行政执法机关移送涉嫌犯罪案件的规定》(2020年)第十二条：接到立案通知后3日内移交"),
    ("send_advised", 3, "calendar_day", "参照检察意见办理惯例：收到检察意见后3日内移送（可在期限规则中修改）"),
)
STATES = sa.table("act_states", sa.column("kind"), sa.column("state"), sa.column("is_over", sa.Boolean))
GOING_ON = {
    "penalty": ("clue", "filed", "investigated", "notified", "hearing", "heard", "decided", "served", "spared"),
    "card": ("flagged", "asked"),
    "referral": ("suspected", "approved", "sent", "received", "filed", "not_filed", "reviewing", "at_procuratorate"),
}
OVER = {"penalty": ("closed", "not_filed", "handed_over", "revoked"), "card": ("removed", "revoked"),
        "referral": ("refused", "ended")}
CHECKS = {
    "amount_has_basis": "fine_fen IS NULL OR fine_fen = 0 OR length(trim(amount_basis)) > 0",
    "amounts": "(notified_fine_fen IS NULL OR notified_fine_fen >= 0) AND (fine_fen IS NULL OR fine_fen >= 0) "
               "AND (confiscated_fen IS NULL OR confiscated_fen >= 0) AND paid_fen >= 0",
    "dates_in_order": "(filed_on IS NULL OR filed_on >= discovered_on) "
                      "AND (notice_served_on IS NULL OR notice_served_on >= filed_on) "
                      "AND (heard_on IS NULL OR heard_on >= notice_served_on) "
                      "AND (decided_on IS NULL OR decided_on >= discovered_on) "
                      "AND (served_on IS NULL OR served_on >= decided_on) "
                      "AND (pay_due_on IS NULL OR pay_due_on >= served_on) "
                      "AND (revoked_on IS NULL OR revoked_on >= decided_on)",
    "decided_after_notice": "decided_on IS NULL OR is_on_the_spot "
                            "OR (notice_served_on IS NOT NULL AND notice_served_on <= decided_on)",
    "decided_after_rights": "decided_on IS NULL OR is_on_the_spot OR (right_until_on IS NOT NULL AND decided_on > right_until_on)",
    "fine_is_decided": "fine_fen IS NULL OR decided_on IS NOT NULL",
    "not_heavier_than_notified": "fine_fen IS NULL OR is_on_the_spot OR fine_fen <= COALESCE(notified_fine_fen, 0)",
    "paid_after_service": "paid_fen = 0 OR served_on IS NOT NULL",
}


def upgrade() -> None:
    """The rows, and the table of the columns of a penalty that have a type."""
    op.bulk_insert(LIMITS, [
        {"source_key": "", "stage": stage, "amount": amount, "unit": unit, "basis": basis, "is_first_day_counted": False,
         "rolls": False, "effective_from": date(2018, 1, 1), "effective_to": None} for stage, amount, unit, basis in OF_LAW])
    op.bulk_insert(STATES, [{"kind": kind, "state": state, "is_over": is_over}
                            for is_over, every in ((False, GOING_ON), (True, OVER))
                            for kind, states in every.items() for state in states])
    op.create_table(
        "penalties",
        sa.Column("act_id", BIG, nullable=False),
        sa.Column("violation_code", sa.String(20), nullable=False),
        sa.Column("law_text", sa.Text(), nullable=False),
        sa.Column("is_on_the_spot", sa.Boolean(), nullable=False),
        sa.Column("happened_to_on", sa.Date(), nullable=False),
        sa.Column("discovered_on", sa.Date(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("notice_served_on", sa.Date(), nullable=True),
        sa.Column("notified_fine_fen", BIG, nullable=True),
        sa.Column("right_until_on", sa.Date(), nullable=True),
        sa.Column("heard_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("fine_fen", BIG, nullable=True),
        sa.Column("amount_basis", sa.Text(), nullable=False),
        sa.Column("confiscated_fen", BIG, nullable=True),
        sa.Column("other_kinds", sa.Text(), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("pay_due_on", sa.Date(), nullable=True),
        sa.Column("paid_fen", BIG, nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        *(sa.CheckConstraint(text, name=op.f(f"ck_penalties_{name}")) for name, text in CHECKS.items()),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_penalties_act_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_penalties")),
    )
    op.create_index("ix_penalties_decided", "penalties", ["decided_on"])
    op.create_index("ix_penalties_filed", "penalties", ["filed_on"])


def downgrade() -> None:
    """Gone."""
    op.drop_table("penalties")
    op.execute("DELETE FROM act_states WHERE kind IN ('penalty', 'card', 'referral')")
    op.execute(LIMITS.delete().where(LIMITS.c.stage.in_([stage for stage, *_ in OF_LAW])))
