"""Code and templates that read Chinese: what compares a text with Chinese words, or searches, splits or cuts it at them."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from tests.support.project_files import name_of, project_files, python_files

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
READING = {
    "compile", "contains", "count", "endswith", "find", "findall", "finditer", "fullmatch", "ilike", "index", "like", "lstrip",
    "maketrans", "match", "partition", "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rpartition", "rsplit",
    "rstrip", "search", "split", "startswith", "strip", "sub", "subn",
}
COMPARING = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)


def is_spelled(node: ast.AST, known: frozenset[str]) -> bool:
    """Whether this is Chinese text, or some of it: written here, or a name of such."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(CHINESE.search(node.value))
    if isinstance(node, ast.Name | ast.Attribute):
        return ast.unparse(node) in known
    if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.JoinedStr):
        return any(is_spelled(each, known) for each in (node.values if isinstance(node, ast.JoinedStr) else node.elts))
    if isinstance(node, ast.Dict):  # whoever asks it, asks by its keys
        return any(is_spelled(each, known) for each in node.keys if each is not None)
    if isinstance(node, ast.BinOp):
        return is_spelled(node.left, known) or is_spelled(node.right, known)
    return isinstance(node, ast.Call) and ast.unparse(node.func) in ("frozenset", "set", "tuple", "Say") and any(
        is_spelled(each, known) for each in node.args)


def is_read(node: ast.AST, known: frozenset[str]) -> bool:
    """Whether Chinese is read here."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        return any(isinstance(op, COMPARING) and (is_spelled(a, known) or is_spelled(b, known))
                   for op, a, b in zip(node.ops, sides, sides[1:], strict=False))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        is_asked = node.func.attr == "get" and is_spelled(node.func.value, known)
        return is_asked or (node.func.attr in READING and any(is_spelled(each, known) for each in node.args))
    if isinstance(node, ast.Subscript):
        return isinstance(node.ctx, ast.Load) and not isinstance(node.slice, ast.Constant) and isinstance(
            node.value, ast.Dict) and is_spelled(node.value, known)
    return isinstance(node, ast.MatchValue) and is_spelled(node.value, known)


def constants_of(tree: ast.Module) -> Iterator[str]:
    """The names of a module that stand for Chinese text."""
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                yield from _names_of(target, node.value)


def _names_of(target: ast.expr, value: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for each, given in zip(target.elts, value.elts, strict=True):
            yield from _names_of(each, given)
    elif is_spelled(value, frozenset()):
        yield ast.unparse(target)


def names_known(tree: ast.Module, constants: dict[str, frozenset[str]]) -> frozenset[str]:
    """The names that stand for Chinese text in a module: its own and what it imports, as it calls them."""
    found = set(constants_of(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                own = alias.asname or alias.name
                if alias.name in constants.get(node.module, ()):
                    found.add(own)
                found |= {f"{own}.{name}" for name in constants.get(f"{node.module}.{alias.name}", ())}
    return frozenset(found)


def reads_of(tree: ast.Module, constants: dict[str, frozenset[str]]) -> list[int]:
    """The lines of a module in which Chinese is read."""
    known = names_known(tree, constants)
    return sorted({node.lineno for node in ast.walk(tree) if isinstance(node, ast.expr | ast.MatchValue)
                   and is_read(node, known)})  # type: ignore[attr-defined]


def reads_in_code() -> list[tuple[str, int]]:
    """Every place of the product's code that reads Chinese: file and line."""
    trees = {path: ast.parse(path.read_text()) for path in python_files("tracker") if "migrations" not in path.parts}
    constants = {_module_of(path): frozenset(constants_of(tree)) for path, tree in trees.items()}
    return [(name_of(path), line) for path, tree in trees.items() for line in reads_of(tree, constants)]


def _module_of(path: Path) -> str:
    return name_of(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def reads_in_templates() -> list[tuple[str, int]]:
    """Every place of a template that compares, searches or cuts a text by Chinese words."""
    paths = [path for path in project_files() if name_of(path).startswith("templates/")]
    return [(name_of(path), line) for path in paths if path.suffix in (".html", ".txt", ".xml")
            for line in template_reads(path.read_text())]


def template_reads(source: str) -> list[int]:
    """The lines of a template in which Chinese is read."""
    tree = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"]).parse(source)
    return sorted({node.lineno for node in tree.find_all((nodes.Compare, nodes.Call, nodes.Filter)) if _is_read_there(node)})


def _is_read_there(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Compare):
        return _says_chinese([node.expr, *(each.expr for each in node.ops)])
    if isinstance(node, nodes.Filter):
        return node.name in ("replace", "select", "selectattr", "reject", "rejectattr") and _says_chinese(node.args)
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr) and node.node.attr in READING and _says_chinese(
        node.args)


def _says_chinese(found: Iterable[nodes.Node]) -> bool:
    return any(isinstance(part, nodes.Const) and CHINESE.search(str(part.value)) for each in found
               for part in (each, *(each.find_all(nodes.Const) if isinstance(each, nodes.Tuple | nodes.List) else ())))
