"""Sound HTML, read as strictly as it was meant: every tag closed by hand and in order, and nothing where it may not stand."""

from html.parser import HTMLParser

VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
})
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "details", "dialog", "div", "dl", "fieldset", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
})
PRESSED = frozenset({
    "a", "button", "input", "select", "textarea", "label",
})
CHILDREN = {
    "ul": {"li"}, "ol": {"li"}, "dl": {"dt", "dd", "div"}, "table": {"caption", "colgroup", "thead", "tbody", "tfoot"},
    "thead": {"tr"}, "tbody": {"tr"}, "tfoot": {"tr"}, "tr": {"th", "td"}, "select": {"option", "optgroup"},
}
PARENTS = {"li": {"ul", "ol"}, "dt": {"dl", "div"}, "dd": {"dl", "div"}, "summary": {"details"}, "legend": {"fieldset"},
           "figcaption": {"figure"}, "caption": {"table"}, "tr": {"thead", "tbody", "tfoot"}, "option": {"select", "optgroup", "datalist"}}


def faults_of(source: str) -> list[str]:
    """What is wrong with a page's source, each with its line."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return reader.faults + [f"<{tag}> is never closed" for tag in reader.open]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        self._check(len(names) == len(set(names)), f"<{tag}> has an attribute twice")
        self._check_place(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._check(tag in VOID or "svg" in self.open, f"<{tag}/> closes itself")

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self._check(False, f"</{tag}> while <{self.open[-1] if self.open else ''}> is open")

    def handle_data(self, data: str) -> None:
        parent = self.open[-1] if self.open else ""
        self._check(not data.strip() or parent not in CHILDREN, f"bare text in <{parent}>")
        self._check("&" not in data or parent in ("script", "style"), "a bare &")

    def _check_place(self, tag: str) -> None:
        parent = self.open[-1] if self.open else ""
        self._check(tag in CHILDREN.get(parent, {tag}) | {"script", "template"}, f"<{tag}> in <{parent}>")
        self._check(parent in PARENTS.get(tag, {parent}), f"<{tag}> in <{parent}>")
        self._check(not ("p" in self.open and tag in BLOCKS), f"<{tag}> inside <p>")
        within = {"a", "button"} & set(self.open)
        self._check(not (within and tag in PRESSED), f"<{tag}> inside <{''.join(sorted(within))}>")
        self._check(not ("form" in self.open and tag == "form"), "a form in a form")

    def _check(self, is_sound: bool, fault: str) -> None:
        if not is_sound:
            self.faults.append(f"{self.getpos()[0]}: {fault}")
