"""Tables as files for a spreadsheet program: complete in Tajik letters, and nothing in them runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

BOM = "\ufeff"  # Without it spreadsheets take Ғ Ӣ Қ for another encoding.
# A cell that begins so would be run as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET_NAME_MAX = 31

Row = Sequence[object]


def safe(cell: str) -> str:
    """The cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def csv_file(name: str, rows: Iterable[Row]) -> HttpResponse:
    table = io.StringIO(BOM, newline="")
    table.seek(0, io.SEEK_END)
    csv.writer(table).writerows([_cell(cell) for cell in row] for row in rows)
    return _file(name, table.getvalue().encode(), "text/csv; charset=utf-8")


def xlsx_file(name: str, sheets: Iterable[tuple[str, Sequence[Row]]]) -> HttpResponse:
    """A sheet for each title; the first row of each is its head."""
    # Twenty megabytes that few processes ever need.
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet("".join(" " if sign in "[]:*?/\\" else sign for sign in title)[:SHEET_NAME_MAX])
        for row in rows:
            sheet.append([_cell(cell) for cell in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "B2"
        sheet.column_dimensions["A"].width = 40
    file = io.BytesIO()
    book.save(file)
    return _file(name, file.getvalue(), XLSX)


def _cell(cell: object) -> object:
    return cell if isinstance(cell, int) else "" if cell is None else safe(str(cell))


def _file(name: str, content: bytes, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=content_type, headers=headers)
