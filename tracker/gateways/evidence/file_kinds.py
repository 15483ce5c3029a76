"""What a file really is, whatever it is called: the first look before a table is read."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

from tracker.domain.house.errors import Invalid

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
SHEET_NAMES = (".xlsx", ".xlsm")
TEXT_NAMES = (".csv", ".tsv", ".txt")
_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF 文件"), (b"\xff\xd8\xff", "JPEG 图片"), (b"\x89PNG", "PNG 图片"), (b"GIF8", "GIF 图片"), (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"), (b"\x1f\x8b", "gzip 压缩包"), (b"SQLite format 3", "SQLite 数据库"), (b"{\\rtf", "RTF 文档"),
    (b"<html", "网页"), (b"<!doctype", "网页"), (b"<?xml", "XML 文件"), (b"\x7fELF", "程序文件"), (b"MZ", "程序文件"),
)

_SAVED_AS_XLS = "（有的系统导出的 .xls 其实是它：在 Excel 或 WPS 中打开，另存为 .xlsx 即可）"
_CALLED_XLS = (b"<html", b"<!doctype", b"<?xml")

@dataclass(frozen=True)
class PackageKind:
    """What an Office archive holds: the folder that tells it, and what it is called."""

    folder: str
    word: str


WORKBOOK, DOCUMENT = PackageKind("xl/", "Excel 工作簿"), PackageKind("word/", "Word 文档")
MAX_UNPACKED = 2 * 1024**3
MAX_RATIO = 200
RATIO_MATTERS_FROM = 16 * 1024**2
MAX_PARTS = 10_000


def is_workbook(path: Path) -> bool:
    """True for an Excel workbook, False for text. Raises `Invalid` for everything else and for a name that tells otherwise."""
    if not path.exists():
        raise Invalid(f"找不到文件“{path.name}”。", field="file")
    if not path.is_file():
        raise Invalid(f"“{path.name}”不是文件。", field="file")
    with path.open("rb") as stream:
        start = stream.read(4096)
    if not start:
        raise Invalid(f"文件“{path.name}”是空的（0 字节）。", field="file")
    _refuse_foreign(path, start)
    suffix = path.suffix.lower()
    if start.startswith(b"PK"):
        if suffix not in SHEET_NAMES:
            raise Invalid(f"文件名“{path.name}”与内容不符：内容是 Excel 工作簿或压缩包，请核对后把扩展名改为 .xlsx 再导入。", field="file")
        return True
    if suffix in SHEET_NAMES:
        raise Invalid(f"“{path.name}”不是 Excel 工作簿，或开头已损坏；如是文本表，请把扩展名改为 .csv 再导入。", field="file")
    if suffix not in TEXT_NAMES:
        raise Invalid(f"不支持“{path.name}”这类文件，请用 .xlsx、.csv 或 .docx。", field="file")
    return False


def _refuse_foreign(path: Path, start: bytes) -> None:
    if start.startswith(OLE):
        if _file_mentions(path, "EncryptedPackage".encode("utf-16-le")):
            raise Invalid(f"“{path.name}”设有打开密码，请在 Excel 中取消密码后另存再导入。", field="file")
        if path.suffix.lower() in SHEET_NAMES:
            raise Invalid(f"“{path.name}”名为 .xlsx，内容却是设有打开密码的工作簿或旧版 .xls：请在 Excel 或 WPS 中打开，取消密码，另存为 .xlsx 再导入。",
                          field="file")
        raise Invalid(f"“{path.name}”是旧版 .xls 格式，请在 Excel 或 WPS 中另存为 .xlsx 再导入。", field="file")
    head = start.lstrip(b"\xef\xbb\xbf \r\n\t")[:16]
    for sign, word in _SIGNS:
        if head.startswith(sign) or head.lower().startswith(sign):
            way_out = _SAVED_AS_XLS if sign in _CALLED_XLS else ""
            raise Invalid(f"“{path.name}”是{word}，不是表格，请用 .xlsx 或 .csv{way_out}。", field="file")


def _file_mentions(path: Path, words: bytes) -> bool:
    """The words stand somewhere in the file; read in pieces."""
    tail = b""
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            if words in tail + piece:
                return True
            tail = piece[-len(words) :]
    return False


def open_document(path: Path) -> zipfile.ZipFile:
    """The archive of a Word document, once it is known to be one and safe to unpack. Raises `Invalid`."""
    with path.open("rb") as stream:
        start = stream.read(4096)
    if not start:
        raise Invalid(f"文件“{path.name}”是空的（0 字节）。", field="file")
    _refuse_foreign(path, start)
    return open_package(path, DOCUMENT)


def open_package(path: Path, kind: "PackageKind | None" = None) -> zipfile.ZipFile:
    """The workbook's archive, once its directory has shown that unpacking it is safe."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Invalid(f"“{path.name}”已损坏或没有下载完整，无法打开。", field="file") from None
    try:
        _check_directory(path, archive, kind or WORKBOOK)
    except Invalid:
        archive.close()
        raise
    return archive


def _check_directory(path: Path, archive: zipfile.ZipFile, kind: PackageKind) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    unpacked = sum(part.file_size for part in parts)
    if any(part.flag_bits & 1 for part in parts):
        raise Invalid(f"“{path.name}”设有密码，请取消密码后再导入。", field="file")
    swollen = any(p.file_size > RATIO_MATTERS_FROM and p.file_size > MAX_RATIO * max(p.compress_size, 1) for p in parts)
    if unpacked > MAX_UNPACKED or swollen or len(parts) > MAX_PARTS:
        raise Invalid(f"“{path.name}”解压后会膨胀到 {unpacked / 1024**2:,.0f} MB（压缩炸弹或异常文件），已拒绝。", field="file")
    if "xl/workbook.bin" in names:
        raise Invalid(f"“{path.name}”是 .xlsb 二进制工作簿，请另存为 .xlsx 再导入。", field="file")
    if "[Content_Types].xml" not in names or not any(name.startswith(kind.folder) for name in names):
        raise Invalid(f"“{path.name}”是压缩包或其他文档，不是 {kind.word}。", field="file")
