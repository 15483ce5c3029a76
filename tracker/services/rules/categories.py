"""Problem types and their questions: read once, and as master data."""

import re
from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.cases.categories.questions import Question
from tracker.domain.cases.categories.rows import Categories, Category
from tracker.domain.cases.facts import ACTIVE
from tracker.domain.house.actor import Actor, Permission
from tracker.domain.house.errors import Conflict, Invalid
from tracker.domain.house.fields import Choices, FieldKind
from tracker.domain.house.master import LISTED, MasterEdit, MasterField, MasterTable, MasterValues, cell_text, listed_parts
from tracker.domain.house.say import Say
from tracker.domain.rules.fact_kinds import CategoryFacts
from tracker.services.house.caching import rules_changed, until_a_rule_changes
from tracker.services.house.master.declaring import Master
from tracker.services.house.work import Work
from tracker.storage.cases.cases import Case, CaseCategory
from tracker.storage.rules.categories import CategoryRow, QuestionRow

MEANS = "="  # between the code of an answer and its word
_KEY = re.compile(r"[a-z][a-z0-9_]{0,19}")
QUESTION_KINDS: dict[str, str] = {"yes": "是否", "choice": "选择", "number": "数字", "text": "文字", "date": "日期"}
_PLACE = MasterField("place", "顺序", FieldKind.number, hint="小的在前", least=1, most=9999, is_required=True, is_listed=False)
_FIRST = MasterField("valid_from", "启用日", FieldKind.date, hint="从哪天起可选", is_required=True)
_LAST = MasterField("valid_to", "终止日", FieldKind.date, hint="最后一天；次日起不再可选，旧案照旧")

CATEGORIES = MasterTable("categories", "问题类型", "案件属于哪一类，各类叫什么、排在哪里，终止后由哪一类接替", (
    MasterField("key", "代码", hint="小写字母、数字和 _，如 light", longest=20, is_required=True, is_fixed=True),
    MasterField("name", "名称", longest=20, is_required=True),
    _PLACE,
    MasterField("parent", "上级类型", FieldKind.choice, hint="按上级筛选时，下级的案件也在内"),
    MasterField("aliases", "别名", hint="其他单位表中的写法，用、分开；导入时归为这一类", longest=500, is_listed=False),
    _FIRST, _LAST,
    MasterField("successor", "接替类型", FieldKind.choice, hint="终止以后改选哪一类", is_listed=False),
), Permission.rules_manage)
QUESTIONS = MasterTable("questions", "补充问题", "登记时按问题类型多问哪几句；必填的不答不能登记", (
    MasterField("category", "问题类型", FieldKind.choice, is_required=True, is_fixed=True),
    MasterField("code", "代码", hint="小写字母、数字和 _，如 period", longest=20, is_required=True, is_fixed=True),
    MasterField("word", "问题", longest=30, is_required=True),
    MasterField("kind", "回答方式", FieldKind.choice, choices=tuple(QUESTION_KINDS.items()), is_required=True, is_fixed=True),
    MasterField("choices", "选项", hint="只用于选择：几个答案用、分开，如 白天、夜间", longest=500, is_listed=False),
    MasterField("unit", "计量单位", hint="只用于数字，如 分贝", longest=20, is_listed=False),
    MasterField("hint", "提示", longest=60, is_listed=False),
    MasterField("is_required", "必填", FieldKind.yes),
    _PLACE, _FIRST, _LAST,
), Permission.rules_manage, key=("category", "code"))


def categories() -> Categories:
    """All problem types, old ones too, with their questions."""
    return until_a_rule_changes("categories", _read_categories)


def _read_categories(session: Session) -> Categories:
    asked: dict[str, list[Question]] = {}
    for row in session.scalars(select(QuestionRow).order_by(QuestionRow.place, QuestionRow.code)):
        asked.setdefault(row.category, []).append(Question(
            row.code, row.word, FieldKind(row.kind), choices_of(row.choices), row.unit, row.hint, is_required=row.is_required,
            valid_from=row.valid_from, valid_to=row.valid_to))
    rows = session.scalars(select(CategoryRow).order_by(CategoryRow.place, CategoryRow.key))
    return Categories(tuple(Category(row.key, row.name, row.parent, row.successor, listed_parts(row.aliases), row.valid_from,
                                     row.valid_to, tuple(asked.get(row.key, ()))) for row in rows))


def choices_of(text: str) -> Choices:
    """The answers that may be chosen: a word stands for itself, unless it has a code."""
    return tuple((code.strip(), (word or code).strip()) for code, _, word in (
        part.partition(MEANS) for part in listed_parts(text)))


def _offered_types(session: Session) -> Choices:
    return tuple(_read_categories(session).names.items())


# --- types ------------------------------------------------------------------------------------------------------------------


def _type_rows(session: Session) -> Iterator[MasterValues]:
    for row in session.scalars(select(CategoryRow).order_by(CategoryRow.place, CategoryRow.key)):
        yield {field.name: getattr(row, field.name) or None for field in CATEGORIES.fields}


def _save_type(work: Work, by: Actor, edit: MasterEdit) -> None:
    known, values, key = _read_categories(work.session), edit.values, str(edit.values["key"])
    _require_key(key, "key")
    _require_order(edit)
    _check_words(known, edit)
    _check_kin(known, edit)
    row = work.session.get(CategoryRow, key, with_for_update=True) or CategoryRow(key=key)
    _put_values(work, row, edit, {"aliases": LISTED.join(dict.fromkeys(listed_parts(cell_text(values["aliases"]))))})
    work.record(f"category:{key}", CategoryFacts.added if edit.is_new else CategoryFacts.changed, by, edit.told())


def _put_values(work: Work, row: CategoryRow | QuestionRow, edit: MasterEdit, read: MasterValues) -> None:
    for field in edit.table.fields:
        value = read.get(field.name, edit.values[field.name])
        setattr(row, field.name, "" if value is None and field.name != "valid_to" else value)
    work.session.add(row)
    rules_changed(work.session)


def _require_key(key: str, field: str) -> None:
    if not _KEY.fullmatch(key):
        raise Invalid(Say("代码应以小写字母开头，由 1 至 20 个小写字母、数字或 _ 组成，“{key}”不符合。", key=key), field=field)


def _require_order(edit: MasterEdit) -> None:
    begins, ends = edit.values["valid_from"], edit.values["valid_to"]
    if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
        raise Invalid(Say("自 {begins} 起，最后一天不能更早。", begins=begins), field="valid_to")


def _check_words(known: Categories, edit: MasterEdit) -> None:
    """No word means two types, or the next import would have to guess."""
    others = Categories(tuple(each for each in known.rows if each.key != edit.values["key"]))
    for word in (cell_text(edit.values["name"]), *listed_parts(cell_text(edit.values["aliases"]))):
        if (taken := others.by_alias.get(word.casefold())) is not None:
            field = "name" if word == edit.values["name"] else "aliases"
            raise Conflict(Say("“{word}”已经是“{name}”的名称或别名。", word=word, name=others.names[taken]), code="taken", field=field)


def _check_kin(known: Categories, edit: MasterEdit) -> None:
    key, parent, successor = (edit.values[name] for name in ("key", "parent", "successor"))
    for field, word, other in (("parent", "上级类型", parent), ("successor", "接替类型", successor)):
        if other == key:
            raise Invalid(Say("“{word}”不能是它自己。", word=Say(word)), field=field)
    if parent and (known.by_key[str(parent)].parent or any(each.parent == key for each in known.rows)):
        raise Invalid("类型只分两级：上级类型自己不能再有上级。", field="parent")
    if successor and edit.values["valid_to"] is None:
        raise Invalid("写了接替类型，也要写终止日。", field="valid_to")
    ends = edit.values["valid_to"]
    if successor and isinstance(ends, date) and known.by_key[str(successor)].has_ended(ends):
        raise Invalid(Say("接替类型“{name}”那时已经终止。", name=known.names[str(successor)]), field="successor")


def _type_effects(session: Session, edit: MasterEdit) -> tuple[str, ...]:
    said: list[str] = []
    cases = select(func.count()).select_from(CaseCategory).where(CaseCategory.category == edit.values["key"])
    if "name" in edit.changed and not edit.is_new:
        said.append(Say("已有 {count} 件案件属于这一类，以后都显示新名称；已冻结的报告不变。", count=session.scalar(cases) or 0))
    if edit.values["valid_to"] and "valid_to" in edit.changed:
        running = cases.join(Case, Case.id == CaseCategory.case_id).where(Case.state.in_(ACTIVE))
        said.append(Say("终止日次日起不再可选；办理中的 {count} 件照常办理。", count=session.scalar(running) or 0))
    return tuple(said)


# --- questions --------------------------------------------------------------------------------------------------------------


def _question_rows(session: Session) -> Iterator[MasterValues]:
    query = select(QuestionRow).join(CategoryRow, CategoryRow.key == QuestionRow.category)
    for row in session.scalars(query.order_by(CategoryRow.place, CategoryRow.key, QuestionRow.place, QuestionRow.code)):
        yield {field.name: row.is_required if field.name == "is_required" else getattr(row, field.name) or None
               for field in QUESTIONS.fields}


def _save_question(work: Work, by: Actor, edit: MasterEdit) -> None:
    values, category, code = edit.values, str(edit.values["category"]), str(edit.values["code"])
    _require_key(code, "code")
    _require_order(edit)
    _check_answers(edit)
    taken = _read_categories(work.session).by_name.get(f"{category}_{code}")
    if edit.is_new and taken is not None:
        raise Conflict(Say("代码“{code}”和“{name}”的一问重了，请换一个。", code=code, name=taken[0].name), code="taken", field="code")
    row = work.session.get(QuestionRow, (category, code), with_for_update=True) or QuestionRow(category=category, code=code)
    _put_values(work, row, edit, {"choices": LISTED.join(listed_parts(cell_text(values["choices"])))})
    kind = CategoryFacts.question_added if edit.is_new else CategoryFacts.question_changed
    work.record(f"category:{category}", kind, by, edit.told())


def _check_answers(edit: MasterEdit) -> None:
    kind, given = edit.values["kind"], choices_of(cell_text(edit.values["choices"]))
    if (kind == FieldKind.choice) is (len(given) < 2):
        raise Invalid("“选择”至少要写两个选项，用、分开。" if kind == FieldKind.choice else "只有“选择”才有选项。", field="choices")
    if len({code for code, _ in given}) < len(given) or len({word for _, word in given}) < len(given):
        raise Invalid("选项有重复的。", field="choices")
    if edit.values["unit"] and kind != FieldKind.number:
        raise Invalid("只有“数字”才有计量单位。", field="unit")


def _question_effects(session: Session, edit: MasterEdit) -> tuple[str, ...]:
    if "is_required" in edit.changed and edit.values["is_required"]:
        return (Say("以后登记、导入这一类的待办案件都要回答这一问；已登记的不补。"),)
    return ()


MASTERS = (
    Master(CATEGORIES, _type_rows, _save_type, lambda values: f"category:{values['key']}",
           {"parent": _offered_types, "successor": _offered_types}, _type_effects),
    Master(QUESTIONS, _question_rows, _save_question, lambda values: f"category:{values['category']}",
           {"category": _offered_types}, _question_effects, is_stream_shared=True),
)
