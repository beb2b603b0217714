"""Small office documents for the tests, made by hand: Open XML, OpenDocument, and the older container OLE."""

from __future__ import annotations

import io
import struct
import zipfile

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
PLAIN = '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument"/>'
MACROS = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
ENABLED = (
    '<Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
)


def packed(entries: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def open_xml(folder: str = "word", types: str = PLAIN, **more: bytes | str) -> bytes:
    """A DOCX, or an XLSX or PPTX by its ``folder``; ``more``: further entries of that folder (``__`` for a dot)."""
    entries = {f"{folder}/{name.replace('__', '.')}": content for name, content in more.items()}
    return packed({"[Content_Types].xml": TYPES.format(types), f"{folder}/document.xml": "<w/>"} | entries)


def open_document(kind: str = "text", manifest: str = "<manifest/>", **more: bytes | str) -> bytes:
    """An ODT, ODS or ODP."""
    entries = {"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": "<office/>"}
    return packed(entries | {"META-INF/manifest.xml": manifest} | {k.replace("__", "/"): v for k, v in more.items()})


def ole(*names: str, head: bytes = b"", far: bool = False) -> bytes:
    """A file of the older container with these streams; each begins in a sector that starts with ``head``.

    ``far``: larger than the first list of its sectors' tables can describe, with the directory at its end.
    """
    sector, data_sectors = 512, 128 * 115 if far else 1
    tables = (data_sectors + 140) // 128 + 1 if far else 1
    lists = 1 if far else 0
    first_directory = data_sectors + tables + lists
    entries = b"".join(_entry(name, 2 if place else 5, 0) for place, name in enumerate(("Root Entry", *names)))
    directory = entries.ljust(-(-len(entries) // sector) * sector, b"\0")
    directory_sectors = len(directory) // sector
    fat = [0xFFFFFFFE] * data_sectors + [0xFFFFFFFD] * tables + [0xFFFFFFFC] * lists
    fat += [first_directory + place + 1 for place in range(directory_sectors - 1)] + [0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (tables * 128 - len(fat))
    table_numbers = list(range(data_sectors, data_sectors + tables))
    near, rest = table_numbers[:109], table_numbers[109:]
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, tables, first_directory, 0, 4096, 0xFFFFFFFE, 0, data_sectors + tables if far else 0xFFFFFFFE, lists,
    )  # fmt: skip
    header += struct.pack("<109I", *near, *[0xFFFFFFFF] * (109 - len(near)))
    more = struct.pack("<128I", *rest, *[0xFFFFFFFF] * (127 - len(rest)), 0xFFFFFFFE) if far else b""
    body = head.ljust(sector, b"\0").ljust(data_sectors * sector, b"\0")
    return header + body + struct.pack(f"<{len(fat)}I", *fat) + more + directory


def _entry(name: str, kind: int, start: int) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBB12x16x4x8x8xIII", encoded, len(encoded), kind, 1, start, 4096, 0)
