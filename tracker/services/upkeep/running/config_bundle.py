"""What an office has set, in one file for a neighbour: rules, limits, sources, problem types, the responsibility list, import
layouts; no people, no cases, no identities. What the neighbour does not have is named and left out; the list becomes a draft
(`adopt.md` §6.3)."""

import json
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tracker.domain.house.actor import OPERATOR
from tracker.domain.house.errors import Conflict, Invalid, Refusal
from tracker.domain.house.say import Say
from tracker.services.house.master import loading, sheets
from tracker.services.house.work import Work, deed, wiring
from tracker.services.people.taken_out import note_export
from tracker.services.rules import book
from tracker.services.tables.imports import carrying
from tracker.services.territory.lists import versions

FORMAT = "xiaohao-config/1"
MANIFEST, RULES, LAYOUTS = "manifest.json", "rules.json", "layouts.json"
LIST = "routing"
TABLES = ("sources", "categories", "questions", "limits", LIST)  # in the order in which they are taken in
ADDED = ("categories", "questions")  # bundles from before have none
MOST_BYTES = 50 * 1024 * 1024
Words = Mapping[str, Any]


@dataclass
class TakenBundle:
    """What a bundle did, or would do: a line for each part, and what was left out, each with its reason."""

    area: str
    done: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def export(to: Path) -> int:
    """Write the bundle; returns how many values and rows are in it. Raises `Conflict` where the file is there already."""
    if to.exists():
        raise Conflict(Say("文件 {to} 已存在，请换一个名字。", to=str(to)), field="file")
    today, count = wiring().clock.today(), 0
    rules = {page.rule.key: page.text for page in book.pages(today) if not page.is_default}
    kept = carrying.carried_out()
    with zipfile.ZipFile(to, "x", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(MANIFEST, _json_text({"format": FORMAT, "area": wiring().home_area, "on": today.isoformat()}))
        bundle.writestr(RULES, _json_text(rules))
        bundle.writestr(LAYOUTS, _json_text(kept))
        for name in TABLES:
            bundle.writestr(f"{name}.xlsx", sheets.export_table(None, name)[1])
            count += 1
    note_export(OPERATOR, "config", len(rules) + len(kept) + count, "zip")
    return len(rules) + len(kept) + count


def load(path: Path, *, is_dry: bool = False) -> TakenBundle:
    """Take a bundle in: what is the same here stays, what is other is set from today on, what cannot be is left out and said.
    Raises `Invalid` for what is no bundle."""
    with _open_bundle(path) as bundle, TemporaryDirectory(prefix="xiaohao-config-") as folder:
        manifest = _read_part(bundle, MANIFEST, dict)
        if manifest.get("format") != FORMAT:
            raise Invalid(Say("“{name}”不是本系统导出的配置包。", name=path.name), field="file")
        taken = TakenBundle(str(manifest.get("area", "")))
        for name in (name for name in TABLES if name not in ADDED or f"{name}.xlsx" in bundle.namelist()):
            (Path(folder) / f"{name}.xlsx").write_bytes(_part_of(bundle, f"{name}.xlsx"))
            if name != LIST:
                _take_table(taken, name, Path(folder) / f"{name}.xlsx", is_dry)
        with suppress(_NothingKept):
            _take_list(taken, Path(folder) / f"{LIST}.xlsx", is_dry)
        _take_rules(taken, _read_part(bundle, RULES, dict), is_dry)
        _take_layouts(taken, _read_part(bundle, LAYOUTS, list), is_dry)
        return taken


class _NothingKept(Exception):
    """Takes a draft away again that was begun for a look, or for lines of which none is new."""


@deed
def _take_list(work: Work, taken: TakenBundle, file: Path, is_dry: bool) -> None:
    """Lines go into the draft, or into a new one where there is none."""
    if versions.open_draft(work.session) is None:
        versions.draft(None, versions.DraftOrder())
    if not _take_table(taken, LIST, file, is_dry) or is_dry:
        raise _NothingKept


def _take_table(taken: TakenBundle, name: str, file: Path, is_dry: bool) -> int:
    """Returns how many rows are new or changed."""
    try:
        loaded = loading.load_table(None, name, file, is_dry=is_dry, skips_bad=True)
    except Refusal as refusal:
        taken.left_out.append(Say("{name}：{sentence}", name=name, sentence=refusal.sentence))
        return 0
    taken.done.append(Say("{name}：{counts}", name=name, counts=loaded.sentence))
    taken.left_out += [Say("{name} 第 {row} 行：{sentence}", name=name, row=row, sentence=said) for row, said in loaded.troubles]
    return loaded.count(loading.ADDED) + loaded.count(loading.CHANGED)


def _take_rules(taken: TakenBundle, rules: Words, is_dry: bool) -> None:
    today, changed = wiring().clock.today(), 0
    here = {page.rule.key: page.text for page in book.pages(today)}
    basis = Say("沿用 {area} 的配置", area=taken.area)
    for key, text in rules.items():
        if here.get(key) == text:
            continue
        try:
            _set_or_look(key, str(text), basis, is_dry)
            changed += 1
        except Refusal as refusal:
            taken.left_out.append(Say("{name}：{sentence}", name=key, sentence=refusal.sentence))
    taken.done.append(Say("规则：{count} 项改动", count=changed))


def _set_or_look(key: str, text: str, basis: str, is_dry: bool) -> None:
    today = wiring().clock.today()
    if is_dry:
        book.look_at(key, text, today, basis)
    else:
        book.set_value(None, key, text, today, basis)


def _take_layouts(taken: TakenBundle, kept: Words | list[Words], is_dry: bool) -> None:
    count = sum(carrying.carry_in(each, is_dry=is_dry) for each in kept if isinstance(each, dict))
    taken.done.append(Say("导入版式：新增 {count} 个", count=count))


def _open_bundle(path: Path) -> zipfile.ZipFile:
    try:
        bundle = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile):
        raise Invalid(Say("“{name}”不是本系统导出的配置包。", name=path.name), field="file") from None
    if sum(each.file_size for each in bundle.infolist()) > MOST_BYTES or not {MANIFEST, RULES, LAYOUTS}.union(
            f"{name}.xlsx" for name in TABLES).issubset(bundle.namelist()):
        bundle.close()
        raise Invalid(Say("“{name}”不是本系统导出的配置包。", name=path.name), field="file")
    return bundle


def _part_of(bundle: zipfile.ZipFile, name: str) -> bytes:
    try:
        return bundle.read(name)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError):  # torn, or under a password
        raise Invalid(Say("配置包里的 {name} 读不出。", name=name), field="file") from None


def _read_part(bundle: zipfile.ZipFile, name: str, shape: type) -> Any:
    try:
        said = json.loads(_part_of(bundle, name))
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, shape):
        raise Invalid(Say("配置包里的 {name} 读不出。", name=name), field="file")
    return said


def _json_text(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, indent=1)
