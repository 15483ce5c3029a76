"""problem types and what is asked of them: what was written into the program is now rows"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

FIRST_DAY = date(2018, 1, 1)
# key, name, what tables of others call it
TYPES = (
    ("air", "大气", "空气、废气、异味、恶臭、恶臭异味、机动车、臭气、烟尘、air pollution work order、vehicle idling work order"),
    ("water", "水", "水体、污水、废水、黑臭水体、水环境、饮用水、water pollution"),
    ("soil", "土壤", ""),
    ("ecology", "生态", "生态破坏、自然生态、生态环境"),
    ("noise", "噪声", "噪音、振动、噪声振动、noise complaint"),
    ("radiation", "辐射", "电磁辐射、电磁"),
    ("solid_waste", "固废", "固体废物、固体废弃物、危险废物、危废、toxics hazardous materials work order、asbestos work order"),
    ("marine", "海洋", "海洋环境"),
    ("fume", "油烟", "餐饮油烟"),
    ("dust", "扬尘", "粉尘、construction and demolition"),
    ("garbage", "垃圾", "生活垃圾、建筑垃圾、illegal dumping work order"),
    ("livestock", "畜禽养殖", "畜禽、养殖"),
    ("heavy_metal", "重金属", ""),
    ("railway", "铁路沿线", "铁路"),
    ("other", "其他", "其它、service stations/storage tanks work order、permits issued by doe work order"),
)
# type, code, what is asked, of which kind, what may be answered, unit, hint
QUESTIONS = (
    ("noise", "period", "时段", "choice", "morning=6—12 时、afternoon=12—18 时、evening=18—22 时、night=22—6 时", "", ""),
    ("noise", "origin", "声源", "choice", "construction=建筑施工、trade=商铺经营、industry=工业生产、traffic=交通、living=社会生活", "", ""),
    ("noise", "is_at_night", "是否夜间", "yes", "", "", ""),
    ("noise", "decibels", "现场读数", "number", "", "分贝", ""),
    ("fume", "has_purifier", "是否安装净化器", "yes", "", "", ""),
    ("fume", "outlet", "排口朝向", "choice", "homes=居民楼、street=街面、roof=楼顶高空、drain=下水道", "", ""),
    ("dust", "is_covered", "是否裸土覆盖", "yes", "", "", ""),
    ("dust", "is_wet_work", "是否湿法作业", "yes", "", "", ""),
    ("dust", "bare_area", "裸露面积", "number", "", "平方米", ""),
    ("water", "colour", "水体颜色", "choice", "clear=清澈、yellow=发黄、black=发黑、green=发绿、white=乳白、other=其他", "", ""),
    ("water", "smell", "气味", "choice", "none=无异味、slight=轻微、strong=明显刺鼻", "", ""),
    ("water", "has_outfall", "是否见排口", "yes", "", "", ""),
    ("air", "smell", "气味", "choice", "none=无异味、slight=轻微、strong=明显刺鼻", "", ""),
    ("air", "smoke", "烟气", "choice", "none=未见、white=白烟、black=黑烟、yellow=黄烟", "", ""),
    ("solid_waste", "volume", "估算方量", "number", "", "立方米", ""),
    ("solid_waste", "kind", "主要成分", "choice", "building=建筑垃圾、industrial=工业固废、living=生活垃圾、hazardous=疑似危废", "", ""),
    ("garbage", "volume", "估算方量", "number", "", "立方米", ""),
    ("garbage", "is_burnt", "是否有焚烧痕迹", "yes", "", "", ""),
    ("livestock", "animals", "存栏数", "number", "", "头（只）", ""),
    ("livestock", "has_pond", "是否有粪污池", "yes", "", "", ""),
    ("railway", "line", "线路", "text", "", "", "如 京九线、沪昆高铁"),
    ("railway", "mileage", "里程", "text", "", "", "如 K1449+300"),
    ("railway", "side", "侧别", "choice", "left=左侧、right=右侧", "", ""),
    ("railway", "fence", "围栏内外", "choice", "inside=围栏内、outside=围栏外", "", ""),
    ("railway", "work", "整治内容", "choice", "demolish=拆、clear=清、green=绿、rebuild=改、decorate=装、light=亮", "", ""),
    ("railway", "from_track", "距线路中心", "number", "", "米", ""),
)
CATEGORY_ROWS = sa.table("categories", *map(sa.column, ("key", "name", "place", "parent", "successor", "aliases")),
                         sa.column("valid_from", sa.Date), sa.column("valid_to", sa.Date))
QUESTION_ROWS = sa.table("category_questions", *map(sa.column, ("category", "code", "place", "word", "kind", "choices", "unit",
                                                                 "hint")),
                         sa.column("is_required", sa.Boolean), sa.column("valid_from", sa.Date), sa.column("valid_to", sa.Date))


def upgrade() -> None:
    op.create_table(
        "categories",
        sa.Column("key", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent", sa.String(20), nullable=False),
        sa.Column("successor", sa.String(20), nullable=False),
        sa.Column("aliases", sa.String(500), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_categories_validity")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_categories")),
    )
    op.create_table(
        "category_questions",
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("word", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("choices", sa.String(500), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("hint", sa.String(200), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('yes', 'choice', 'number', 'text', 'date')", name=op.f("ck_category_questions_kind")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_category_questions_validity")),
        sa.ForeignKeyConstraint(["category"], ["categories.key"], name=op.f("fk_category_questions_category_categories"),
                                ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("category", "code", name=op.f("pk_category_questions")),
    )
    bind = op.get_bind()
    bind.execute(CATEGORY_ROWS.insert(), [
        {"key": key, "name": name, "place": 10 * at, "parent": "", "successor": "", "aliases": aliases, "valid_from": FIRST_DAY,
         "valid_to": None} for at, (key, name, aliases) in enumerate(TYPES, start=1)])
    bind.execute(QUESTION_ROWS.insert(), [
        {"category": category, "code": code, "place": 10 * at, "word": word, "kind": kind, "choices": choices, "unit": unit,
         "hint": hint, "is_required": False, "valid_from": FIRST_DAY, "valid_to": None}
        for at, (category, code, word, kind, choices, unit, hint) in enumerate(QUESTIONS, start=1)])


def downgrade() -> None:
    op.drop_table("category_questions")
    op.drop_table("categories")
