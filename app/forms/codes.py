"""Bar codes and QR codes, their modules drawn straight on the page as one path, quiet zones kept free."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import Final

import segno
from barcode.codex import Code128

from app.domain.numbering import spaced
from app.forms.text import INK, PaperCanvas, Style, put_within

DOT: Final = 72 / 203
"""One dot of a label printer; modules are whole dots, or the bars come out uneven."""
BAR: Final = 2 * DOT
QR_MODULE: Final = 3 * DOT
_QUIET_BARS: Final = 10
_QUIET_QR: Final = 4
_CODE_STYLE: Final = Style(size=7.0)


def _on_a_dot(length: float) -> float:
    return round(length / DOT) * DOT


@lru_cache(maxsize=512)
def _bars(payload: str) -> tuple[tuple[int, int], ...]:
    """Each bar as (first module, modules)."""
    (modules,) = Code128(payload).build()
    bars: list[tuple[int, int]] = []
    place = 0
    for shade, run in groupby(modules):
        length = len(list(run))
        if shade == "1":
            bars.append((place, length))
        place += length
    return tuple(bars)


def bar_code_width(payload: str, module: float = BAR) -> float:
    """The width of the code with its quiet zones: 36 mm for one of ours."""
    first, length = _bars(payload)[-1]
    return (first + length + 2 * _QUIET_BARS) * module


def put_bar_code(
    canvas: PaperCanvas, payload: str, x: float, y: float, height: float, *, caption: str | None = None
) -> None:
    """Draw a Code 128 whose quiet zone starts at `x`; the code as people read it stands below, within the height."""
    if canvas.counting:
        return
    caption = spaced(payload) if caption is None else caption
    foot = _CODE_STYLE.size * 1.4 if caption else 0.0
    left = _on_a_dot(x + _QUIET_BARS * BAR)
    path = canvas.beginPath()
    for first, length in _bars(payload):
        path.rect(left + first * BAR, y + foot, length * BAR, height - foot)
    canvas.setFillColor("#000000")
    canvas.drawPath(path, stroke=0, fill=1)
    if caption:
        width = bar_code_width(payload)
        put_within(canvas, x + width / 2, y + foot * 0.16, caption, width, Style(_CODE_STYLE.size, INK), "center")


@lru_cache(maxsize=64)
def _rows(payload: str) -> tuple[tuple[tuple[int, int], ...], ...]:
    rows = []
    for row in segno.make(payload, error="m", micro=False).matrix:
        runs: list[tuple[int, int]] = []
        place = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                runs.append((place, length))
            place += length
        rows.append(tuple(runs))
    return tuple(rows)


def qr_size(payload: str, module: float = QR_MODULE) -> float:
    """The side of the QR code with its quiet zone."""
    return (len(_rows(payload)) + 2 * _QUIET_QR) * module


def put_qr(canvas: PaperCanvas, payload: str, x: float, y: float, module: float = QR_MODULE) -> None:
    """Draw a QR code whose quiet zone starts at (`x`, `y`)."""
    if canvas.counting:
        return
    rows = _rows(payload)
    left = _on_a_dot(x + _QUIET_QR * module)
    top = _on_a_dot(y + (_QUIET_QR + len(rows)) * module)
    path = canvas.beginPath()
    for index, runs in enumerate(rows, 1):
        for first, length in runs:
            path.rect(left + first * module, top - index * module, length * module, module)
    canvas.setFillColor("#000000")
    canvas.drawPath(path, stroke=0, fill=1)
