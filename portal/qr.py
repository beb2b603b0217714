"""QR codes that lead to the page where a text is verified."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe

QUIET_ZONE = 4  # modules of white around the code, as its standard demands


def code(address: str) -> segno.QRCode:
    # Level M: still read with a seventh of it hidden by a fold or a stain.
    return segno.make(address, error="m", micro=False)


def svg(address: str, title: str) -> bytes:
    """The code as a picture, dark on white in every colour scheme, named ``title``."""
    out = io.BytesIO()
    code(address).save(
        out, "svg", scale=4, border=QUIET_ZONE, dark="#000", light="#fff", title=title, svgclass=None, lineclass=None
    )
    return out.getvalue()


def inline(address: str, title: str) -> SafeString:
    """The code as markup for a page: our policy lets no picture stand in an address."""
    markup = code(address).svg_inline(
        scale=5, border=QUIET_ZONE, dark="#000", light="#fff", title=title, svgclass="qr", lineclass=None
    )
    return mark_safe(markup)  # noqa: S308  drawn by segno, which escapes the title  # nosec B308 B703


def dark_modules(address: str) -> tuple[int, list[tuple[int, int]]]:
    """How many modules a side has, quiet zone included, and column and row of each dark one."""
    matrix = [*code(address).matrix_iter(border=QUIET_ZONE)]
    dark = [(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module]
    return len(matrix), dark
