"""What may be asked beyond the six required fields, by problem type: one table for forms, deeds and pages. Nothing here is
required."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.domain.cases.wording import CATEGORIES
from tracker.domain.house.errors import Invalid
from tracker.domain.house.fields import FieldKind, Given, read
from tracker.domain.house.say import Say
from tracker.domain.territory.routing import FENCE_WORDS, WORKS

Answer = str | int | float | bool
LARGEST = 10_000_000
_NUMBER = re.compile(r"[0-9]+(\.[0-9]{1,3})?")


@dataclass(frozen=True)
class Question:
    """One question of a problem type. `kind` is text, choice, number or yes."""

    code: str
    word: str
    kind: FieldKind = FieldKind.text
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    hint: str = ""
    longest: int = 60

    def told(self, answer: Answer) -> str:
        """An answer in words."""
        if isinstance(answer, bool):
            return "是" if answer else "否"
        return f"{dict(self.choices).get(str(answer), answer)}" + (f" {self.unit}" if self.unit else "")


def _choice_question(code: str, word: str, *words: tuple[str, str], hint: str = "") -> Question:
    return Question(code, word, FieldKind.choice, words, hint=hint)


def _yes_question(code: str, word: str) -> Question:
    return Question(code, word, FieldKind.yes)


def _number_question(code: str, word: str, unit: str, hint: str = "") -> Question:
    return Question(code, word, FieldKind.number, unit=unit, hint=hint)


_SMELL = _choice_question("smell", "气味", ("none", "无异味"), ("slight", "轻微"), ("strong", "明显刺鼻"))
QUESTIONS: dict[str, tuple[Question, ...]] = {
    "noise": (
        _choice_question("period", "时段", ("morning", "6—12 时"), ("afternoon", "12—18 时"), ("evening", "18—22 时"),
                         ("night", "22—6 时")),
        _choice_question("origin", "声源", ("construction", "建筑施工"), ("trade", "商铺经营"), ("industry", "工业生产"), ("traffic", "交通"),
                         ("living", "社会生活")),
        _yes_question("is_at_night", "是否夜间"), _number_question("decibels", "现场读数", "分贝"),
    ),
    "fume": (
        _yes_question("has_purifier", "是否安装净化器"),
        _choice_question("outlet", "排口朝向", ("homes", "居民楼"), ("street", "街面"), ("roof", "楼顶高空"), ("drain", "下水道")),
    ),
    "dust": (
        _yes_question("is_covered", "是否裸土覆盖"), _yes_question("is_wet_work", "是否湿法作业"),
        _number_question("bare_area", "裸露面积", "平方米"),
    ),
    "water": (
        _choice_question("colour", "水体颜色", ("clear", "清澈"), ("yellow", "发黄"), ("black", "发黑"), ("green", "发绿"), ("white", "乳白"),
                         ("other", "其他")),
        _SMELL, _yes_question("has_outfall", "是否见排口"),
    ),
    "air": (_SMELL, _choice_question("smoke", "烟气", ("none", "未见"), ("white", "白烟"), ("black", "黑烟"), ("yellow", "黄烟"))),
    "solid_waste": (
        _number_question("volume", "估算方量", "立方米"),
        _choice_question("kind", "主要成分", ("building", "建筑垃圾"), ("industrial", "工业固废"), ("living", "生活垃圾"), ("hazardous", "疑似危废")),
    ),
    "garbage": (_number_question("volume", "估算方量", "立方米"), _yes_question("is_burnt", "是否有焚烧痕迹")),
    "livestock": (_number_question("animals", "存栏数", "头（只）"), _yes_question("has_pond", "是否有粪污池")),
    "railway": (
        Question("line", "线路", hint="如 京九线、沪昆高铁", longest=30), Question("mileage", "里程", hint="如 K1449+300", longest=20),
        _choice_question("side", "侧别", ("left", "左侧"), ("right", "右侧")),
        _choice_question("fence", "围栏内外", *FENCE_WORDS.items()),
        _choice_question("work", "整治内容", *WORKS.items()), _number_question("from_track", "距线路中心", "米"),
    ),
}
BY_NAME: dict[str, tuple[str, Question]] = {
    f"{category}_{question.code}": (category, question) for category, asked in QUESTIONS.items() for question in asked
}


def read_answers(raw: Mapping[str, object], categories: Iterable[str], field: str = "{}") -> dict[str, Answer]:
    """The typed answers, by name; what was left empty is left out. Raises `Invalid` for a bad answer, for a question that nobody
    asks, and for one of a type that was not chosen. `field` makes the name of the form's field out of a question's."""
    chosen, answers = set(categories), dict[str, Answer]()
    for name, given in raw.items():
        if name not in BY_NAME:
            raise Invalid(Say("没有问题“{name}”。", name=name), field=field.format(name))
        category, question = BY_NAME[name]
        answer = read_answer(question, given, field.format(name))
        if answer is None:
            continue
        if category not in chosen:
            raise Invalid(Say("填写了“{question_word}”，但问题类型没有勾选“{category}”。请勾选，或清空这一项。", question_word=Say(question.word),
                              category=Say(CATEGORIES[category])), field=field.format(name))
        answers[name] = answer
    return answers


def read_answer(question: Question, raw: object, field: str) -> Answer | None:
    """One typed answer, None when nothing was given. Raises `Invalid` with a sentence."""
    if question.kind is FieldKind.number:
        return _read_number(question, raw, field)
    value = read(Given(field, question.word, question.kind, is_required=False, choices=question.choices,
                       longest=question.longest), raw)
    return value if isinstance(value, str | bool) else None


def _read_number(question: Question, raw: object, field: str) -> int | float | None:
    text = str("" if raw is None else raw).strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(text) or float(text) > LARGEST:
        raise Invalid(Say("“{question_word}”应为不小于 0 的数，小数不超过三位；“{text}”无法识别。", question_word=Say(question.word), text=text[:20]),
                      field=field)
    return float(text) if "." in text else int(text)


def written(answers: Mapping[str, Answer]) -> str | None:
    """Answers as a case row keeps them; None when there are none."""
    return json.dumps(dict(answers), ensure_ascii=False, sort_keys=True, separators=(",", ":")) if answers else None


def kept_answers(kept: str | None) -> dict[str, Answer]:
    """The answers of a case row, by name."""
    answers: dict[str, Answer] = json.loads(kept) if kept else {}
    return answers


def lines_of(kept: str | None) -> tuple[tuple[str, str], ...]:
    """Kept answers as pairs of a question and its answer in words, in the order of the table. One that is asked no more is left
    out."""
    answers = kept_answers(kept)
    return tuple((f"{CATEGORIES[category]}·{question.word}", question.told(answers[name]))
                 for name, (category, question) in BY_NAME.items() if name in answers)


def told_plainly(kept: str) -> dict[str, Answer]:
    """The answers that a fact may hold: nobody's own words, which may name people and of which it has the digest alone."""
    return {name: answer for name, answer in kept_answers(kept).items() if BY_NAME[name][1].kind is not FieldKind.text}
