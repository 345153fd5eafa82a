"""Labels: for carriers, media and persons, on sheets of labels from label N on or one by one from a roll."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from app.forms import terms as t
from app.forms.codes import bar_code_width, put_bar_code
from app.forms.sheet import Drawn, Sheet
from app.forms.terms import Term
from app.forms.text import DIM, INK, LINE, MM, PaperCanvas, Style, begun, measure, put_within

L = TypeVar("L")
_SMALLEST: Final = 0.45
"""What is bold names the thing or the person: it is set smaller rather than cut."""


@dataclass(frozen=True, slots=True)
class Stock:
    """A sheet or roll of labels, in millimetres; `inset` keeps text off the edges a printer cannot reach."""

    name: str
    page: tuple[float, float]
    grid: tuple[int, int]
    label: tuple[float, float]
    corner: tuple[float, float] = (0.0, 0.0)
    pitch: tuple[float, float] = (0.0, 0.0)
    inset: float = 2.5

    @property
    def per_page(self) -> int:
        """Labels on one page."""
        return self.grid[0] * self.grid[1]


STOCKS: Final[dict[str, Stock]] = {
    "a4-70x37": Stock("A4, 3 × 8, 70 × 37 mm", (210, 297), (3, 8), (70, 37), (0, 0.5), (70, 37), inset=5.0),
    "a4-99x38": Stock("A4, 2 × 7, 99.1 × 38.1 mm", (210, 297), (2, 7), (99.1, 38.1), (4.65, 15.15), (101.6, 38.1)),
    "a4-52x29": Stock("A4, 4 × 10, 52.5 × 29.7 mm", (210, 297), (4, 10), (52.5, 29.7), (0, 0), (52.5, 29.7), inset=4.5),
    "letter-66x25": Stock(
        "Letter, 3 × 10, 66.7 × 25.4 mm", (215.9, 279.4), (3, 10), (66.7, 25.4), (4.8, 12.7), (69.9, 25.4)
    ),
    "roll-70x40": Stock("Roll, 70 × 40 mm", (70, 40), (1, 1), (70, 40)),
    "roll-50x30": Stock("Roll, 50 × 30 mm", (50, 30), (1, 1), (50, 30), inset=2.0),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class CarrierLabel:
    """What is stuck on one copy; the title is the unclassified short title (domain.md 4.5)."""

    number: str
    code: str
    mark: str = ""
    colour: str = INK
    copy: str = ""
    registry: str = ""
    short_title: str = ""
    pages: int | None = None
    holder: str = ""
    return_by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MediaLabel:
    """What is stuck on one medium: its secrecy number, who answers for it, what it may be used for."""

    number: str
    code: str
    mark: str = ""
    colour: str = INK
    serial: str = ""
    keeper: str = ""
    use: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Badge:
    """A person's badge, scanned into a person field; no level on it, it is worn in the street."""

    name: str
    code: str
    department: str = ""
    duty: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CarrierLabels:
    """Labels of one run."""

    labels: tuple[CarrierLabel, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class MediaLabels:
    """Labels of one run."""

    labels: tuple[MediaLabel, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Badges:
    """Badges of one run."""

    labels: tuple[Badge, ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    """One label on the page, in points from its lower left corner."""

    x: float
    y: float
    width: float
    height: float
    inset: float


def draw_carrier_labels(content: CarrierLabels, sheet: Sheet) -> Drawn:
    """One label for each carrier."""
    return _draw(content.labels, sheet, t.CARRIER_LABELS.en, _carrier_label)


def draw_media_labels(content: MediaLabels, sheet: Sheet) -> Drawn:
    """One label for each medium."""
    return _draw(content.labels, sheet, t.MEDIA_LABELS.en, _media_label)


def draw_badges(content: Badges, sheet: Sheet) -> Drawn:
    """One badge for each person."""
    return _draw(content.labels, sheet, t.BADGES.en, _badge)


def _draw(labels: Sequence[L], sheet: Sheet, title: str, one: Callable[[PaperCanvas, Sheet, L, _Cell], None]) -> Drawn:
    stock = STOCKS[sheet.stock]
    out, canvas = begun(title, (stock.page[0] * MM, stock.page[1] * MM))
    pages = 0
    for label, (turn, cell) in zip(labels, _cells(stock, sheet.first_label), strict=False):
        if turn and pages:
            canvas.showPage()
        if turn or not pages:
            canvas.translate(*sheet.offset)
            pages += 1
        one(canvas, sheet, label, cell)
    canvas.showPage()
    canvas.save()
    return Drawn(out.getvalue(), tuple(sorted(canvas.missing)), max(pages, 1))


def _cells(stock: Stock, first: int) -> Iterator[tuple[bool, _Cell]]:
    """Where each label goes, and whether a page starts with it."""
    width, height = stock.label[0] * MM, stock.label[1] * MM
    place = (first - 1) % stock.per_page
    while True:
        row, column = divmod(place, stock.grid[0])
        x = (stock.corner[0] + column * stock.pitch[0]) * MM
        top = (stock.page[1] - stock.corner[1] - row * stock.pitch[1]) * MM
        yield place == 0, _Cell(x, top - height, width, height, stock.inset * MM)
        place = (place + 1) % stock.per_page


def ink_on(colour: str) -> str:
    """White or black, whichever can be read on the colour and on a grey copy of it."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#FFFFFF" if 0.299 * red + 0.587 * green + 0.114 * blue < 140 else "#000000"


def _band(canvas: PaperCanvas, cell: _Cell, mark: str, copy: str, colour: str) -> float:
    """The strip in the level's colour with the level's words; gives the height that is left below it."""
    tall = cell.height * 0.2
    x, y = cell.x + 1 * MM, cell.y + cell.height - 1 * MM - tall
    canvas.setFillColor(colour)
    canvas.roundRect(x, y, cell.width - 2 * MM, tall, 1 * MM, stroke=0, fill=1)
    ink = ink_on(colour)
    room = cell.width - 2 * cell.inset
    size = tall * 0.62
    beside = min(measure(copy, Style(size * 0.72)), room * 0.5) if copy else 0.0
    base = y + tall * 0.28
    put_within(
        canvas, cell.x + cell.inset, base, mark, room - beside - 2 * MM, Style(size, ink, bold=True), smallest=0.5
    )
    put_within(canvas, cell.x + cell.width - cell.inset, base, copy, beside, Style(size * 0.72, ink), "right")
    return y - cell.y


def _code(canvas: PaperCanvas, cell: _Cell, payload: str, height: float) -> None:
    x = cell.x + (cell.width - bar_code_width(payload)) / 2
    put_bar_code(canvas, payload, x, cell.y + 1.2 * MM, height)


def _texts(canvas: PaperCanvas, cell: _Cell, top: float, rows: Sequence[tuple[str, str, Style]]) -> None:
    """Lines between band and code: at the left and at the right, shrunk rather than run together."""
    room = cell.width - 2 * cell.inset
    y = cell.y + top
    for left, right, style in rows:
        y -= style.size * 1.22
        gap = 1.5 * MM if right else 0.0
        spare = max(room * 0.45, room - gap - measure(left, style))  # what the left does not need is the right's
        beside = min(measure(right, Style(style.size * 0.9)), spare) if right else 0.0
        smallest = _SMALLEST if style.bold else 0.75
        put_within(canvas, cell.x + cell.inset, y, left, room - beside - gap, style, smallest=smallest)
        put_within(canvas, cell.x + cell.width - cell.inset, y, right, beside, Style(style.size * 0.9, DIM), "right")


def _carrier_label(canvas: PaperCanvas, sheet: Sheet, label: CarrierLabel, cell: _Cell) -> None:
    top = _band(canvas, cell, label.mark, label.copy, label.colour)
    code = cell.height * (0.36 if cell.height > 33 * MM else 0.32)
    scale = min(1.0, (top - code - 1.4 * MM) / (11.2 * MM))
    pages = "" if label.pages is None else f"{label.pages} {sheet.say(_pages(label.pages), '/')}"
    back = f"{sheet.say(t.RETURN_LABEL, '/')} {label.return_by}" if label.return_by else ""
    again = sheet.say(t.LABEL_AGAIN, "/") if sheet.reprint else ""
    number = Style(10 * scale, bold=True)
    beside = measure(label.number, number) * 0.75 + measure(pages, number) <= cell.width - 2 * cell.inset
    rights = (pages, back, again) if beside else ("", pages, " ".join(filter(None, (again, back))))
    rows = (
        (label.number, rights[0], number),
        (label.short_title, rights[1], Style(7.6 * scale)),
        (" · ".join(filter(None, (label.registry or sheet.unit, label.holder))), rights[2], Style(6.6 * scale)),
    )
    _texts(canvas, cell, top - 0.3 * MM, rows)
    _code(canvas, cell, label.code, code)


def _pages(count: int) -> Term:
    return Term(t.PAGE.of(count), t.PAGE.zh)


def _media_label(canvas: PaperCanvas, sheet: Sheet, label: MediaLabel, cell: _Cell) -> None:
    top = _band(canvas, cell, label.mark, "", label.colour)
    code = cell.height * (0.36 if cell.height > 33 * MM else 0.32)
    scale = min(1.0, (top - code - 1.4 * MM) / (11.2 * MM))
    again = sheet.say(t.LABEL_AGAIN, "/") if sheet.reprint else ""
    keeper = f"{sheet.say(t.ANSWERS_FOR_IT, '/')} {label.keeper}" if label.keeper else ""
    rows = (
        (label.number, again, Style(9.5 * scale, bold=True)),
        (f"{sheet.say(t.SERIAL_NUMBER, '/')} {label.serial}", keeper, Style(7.2 * scale)),
        (f"{sheet.say(t.USE, '/')} {label.use}", "", Style(6.8 * scale)),
    )
    _texts(canvas, cell, top - 0.3 * MM, rows)
    _code(canvas, cell, label.code, code)


def _badge(canvas: PaperCanvas, sheet: Sheet, label: Badge, cell: _Cell) -> None:
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.4)
    canvas.roundRect(cell.x + 1 * MM, cell.y + 0.6 * MM, cell.width - 2 * MM, cell.height - 1.2 * MM, 1.5 * MM)
    code = cell.height * 0.36
    scale = min(1.0, (cell.height - code - 3 * MM) / (14 * MM))
    rows = (
        (sheet.unit, "", Style(6.6 * scale, DIM)),
        (label.name, "", Style(13 * scale, bold=True)),
        (label.department, label.duty, Style(7.6 * scale)),
    )
    _texts(canvas, cell, cell.height - 2.2 * MM, rows)
    _code(canvas, cell, label.code, code)
