"""Rows of an .xlsx workbook, streamed: neither the sheet nor its strings are ever held in memory.

openpyxl's read-only mode keeps every shared string in a list, trusts the sheet's stated size and leaves one empty
element per row behind: 150 to 200 MB for 100,000 rows where this takes 32, and more time as well. So only
its knowledge of dates is used here, and the XML goes through expat, which holds nothing and refuses entities below.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_datetime
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from tracker.domain.house.errors import Invalid
from tracker.domain.tables.merges import Merged
from tracker.gateways.evidence.file_kinds import open_package
from tracker.gateways.tables.xlsx_rows import Attributes, Hidden, RowTaker, Strings, column_number, shape_of, unescaped

PIECE = 1 << 16
MOST_MERGED = 200_000
_LONGEST_TAG = 200
_MERGED = re.compile(rb'mergeCell [^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"[^>]*>')
STRINGS = "xl/sharedStrings.xml"


class Workbook:
    """An open workbook: its visible sheets, in order, each streamed when asked for."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive = archive
        self._name = name
        self.read_bytes = self.all_bytes = 0
        folder, targets = "xl/", self._relation_targets()
        self.hidden: list[str] = []
        self._aside: dict[str, str] = {}  # the parts of hidden sheets
        self._sheets: list[tuple[str, str]] = []
        self._epoch = WINDOWS_EPOCH
        for tag, attributes in self._part_elements("xl/workbook.xml"):
            if tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                self._epoch = MAC_EPOCH
            if tag == "sheet":
                target = targets.get(_local_attribute(attributes, "id"), "")
                part = target.lstrip("/") if target.startswith("/") else folder + target
                if "worksheet" in part and part in archive.namelist():
                    self._add_sheet(attributes, part)
        self._shapes = self._cell_shapes()
        self._strings = Strings(lambda: self._shared_texts())
        self.read_bytes, parts = 0, {STRINGS} & set(archive.namelist()) | {part for _, part in self._sheets}
        self.all_bytes = sum(archive.getinfo(part).file_size for part in parts)

    def _add_sheet(self, attributes: Attributes, part: str) -> None:
        name = attributes.get("name", part)
        if attributes.get("state", "visible") == "visible":
            self._sheets.append((name, part))
        else:
            self.hidden.append(name)
            self._aside[name] = part

    def hidden_rows(self, name: str) -> Iterator[tuple[int, list[object]]]:
        """The rows of a hidden sheet of ours; nothing where there is none of that name."""
        return self._part_rows(self._aside[name], Hidden()) if name in self._aside else iter(())

    def sheets(self) -> Iterator[tuple[str, Iterator[tuple[int, list[object]]], Hidden, list[Merged]]]:
        """Name and rows of each visible sheet, what of it is hidden, and its merged cells."""
        for name, part in self._sheets:
            hidden = Hidden()
            yield name, self._part_rows(part, hidden), hidden, self._merged_cells(part)

    def close(self) -> None:
        """Close the archive and forget the strings."""
        self._strings.close()
        self._archive.close()

    def _merged_cells(self, part: str) -> list[Merged]:
        """They stand below the rows, so the part is looked through once without being parsed."""
        tail, found = b"", list[Merged]()
        try:
            with self._archive.open(part) as stream:
                while piece := stream.read(PIECE):
                    piece = tail + piece
                    if b"mergeCell " in piece:
                        found += [at for each in _MERGED.finditer(piece) if (at := _merged_at(*each.groups()))]
                    tail = piece[piece.rfind(b"<"):][-_LONGEST_TAG:]
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
            return []  # whoever reads the rows says so
        return list(dict.fromkeys(found))[:MOST_MERGED]

    def _part_rows(self, part: str, hidden: Hidden) -> Iterator[tuple[int, list[object]]]:
        rows = RowTaker(self._name, self._strings, self._shapes, self._epoch, hidden)
        for _ in self._parse_part(part, rows.start, rows.end, rows.text):
            yield from rows.take()

    def _relation_targets(self) -> dict[str, str]:
        part = "xl/_rels/workbook.xml.rels"
        return {a.get("Id", ""): a.get("Target", "") for tag, a in self._part_elements(part) if tag == "Relationship"}

    def _cell_shapes(self) -> dict[int, str]:
        """Which cell styles show dates, and whether as date, time or both; and which show numbers otherwise than plainly."""
        formats: dict[int, str] = dict(BUILTIN_FORMATS)
        styles: list[int] = []
        inside = ""
        for tag, attributes in self._part_elements("xl/styles.xml"):
            if tag == "numFmt":
                formats[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
            if tag in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
                inside = tag
            if tag == "xf" and inside == "cellXfs":
                styles.append(int(attributes.get("numFmtId", 0)))
        kinds = ((style, is_datetime(code := formats.get(number, "")) or shape_of(code)) for style, number in enumerate(styles))
        return {style: kind for style, kind in kinds if kind}

    def _shared_texts(self) -> Iterator[str]:
        """The shared strings, in order. Phonetic guides (rPh) are no part of the text."""
        if STRINGS not in self._archive.namelist():
            return
        done: list[str] = []
        pieces: list[str] = []
        within: list[str] = []

        def start(tag: str, attributes: Attributes) -> None:
            within.append(tag)

        def text(piece: str) -> None:
            if within[-1] == "t" and "rPh" not in within:
                pieces.append(piece)

        def end(tag: str) -> None:
            within.pop()
            if tag == "si":
                done.append(unescaped("".join(pieces)))
                pieces.clear()

        for _ in self._parse_part(STRINGS, start, end, text):
            yield from done
            done.clear()

    def _part_elements(self, part: str) -> Iterator[tuple[str, Attributes]]:
        found: list[tuple[str, Attributes]] = []
        if part in self._archive.namelist():
            for _ in self._parse_part(part, lambda tag, attributes: found.append((tag, attributes)), None, None):
                yield from found
                found.clear()

    def _parse_part(self, part: str, start: Callable[[str, Attributes], None], end: Callable[[str], None] | None,
                    text: Callable[[str], None] | None) -> Iterator[None]:
        """Feed a part through expat, stopping after each piece so that the caller can take what came out."""
        parser = expat.ParserCreate()
        parser.buffer_text = True

        def first(tag: str, attributes: Attributes) -> None:
            """Some writers put a prefix before every tag; most do not, and then nothing has to be cut off."""
            if ":" in tag:
                parser.StartElementHandler = lambda name, given: start(name.rpartition(":")[2], given)
                parser.EndElementHandler = end and (lambda name: end(name.rpartition(":")[2]))
            else:
                parser.StartElementHandler, parser.EndElementHandler = start, end
            start(tag.rpartition(":")[2], attributes)

        parser.StartElementHandler = first
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        try:
            with self._archive.open(part) as stream:
                while piece := stream.read(PIECE):
                    parser.Parse(piece, False)
                    self.read_bytes += len(piece)
                    yield
                parser.Parse(b"", True)
                yield
        except (zipfile.BadZipFile, zlib.error, EOFError, expat.ExpatError, OSError, KeyError, NotImplementedError) as error:
            raise Invalid(f"“{self._name}”的内容已损坏（{part}），请在 Excel 或 WPS 中打开修复、另存后再导入。", field="file") from error

    def _refuse_doctype(self, *_: object) -> None:
        raise Invalid(f"“{self._name}”的内部含有实体声明，不是正常的工作簿，已拒绝。", field="file")


def _merged_at(left: bytes, top: bytes, right: bytes, bottom: bytes) -> Merged | None:
    columns = column_number(left.decode()) - 1, column_number(right.decode()) - 1
    return Merged(int(top), columns[0], int(bottom), columns[1]) if int(bottom) >= int(top) and columns[1] >= columns[0] else None


def _local_attribute(attributes: Attributes, name: str) -> str:
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name and ":" in key), "")


@contextmanager
def open_workbook(path: Path) -> Iterator[Workbook]:
    """The workbook, closed afterwards. Raises `Invalid` when it cannot be read."""
    workbook = Workbook(open_package(path), path.name)
    try:
        yield workbook
    finally:
        workbook.close()
