"""Text on paper: measured character by character, wrapped, drawn from as many fonts as it needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from operator import itemgetter
from typing import Final, Literal, TypeAlias

from reportlab import rl_config
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from app.forms.fonts import BOX_SCALE, Glyph, glyph, named
from app.forms.joining import joined_up, turned_round

MM: Final = 72 / 25.4
INK: Final = "#1B2430"
DIM: Final = "#5B6673"
LINE: Final = "#B9BBB5"
SOFT: Final = "#EEEEEA"
BAD: Final = "#B3261E"

Align: TypeAlias = Literal["left", "center", "right"]

_NOT_FIRST: Final = frozenset("，。、；：！？）」』】》〉〕”’·…％℃,.;:!?)]}%’”/-–—")
_NOT_LAST: Final = frozenset("（「『【《〈〔“‘([{")
LEADING: Final = 1.32
_BOLD_STROKE: Final = 0.028
"""The embedded font has no bold cut: its outline is stroked by this part of the size."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a run of text looks."""

    size: float = 9.0
    colour: str = INK
    bold: bool = False


BODY: Final = Style()
SMALL: Final = Style(size=7.2)
NOTE: Final = Style(size=7.2, colour=DIM)


@dataclass(frozen=True, slots=True)
class Span:
    """Text in one style."""

    text: str
    style: Style = BODY


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Characters of one line that share font and style; `missing` is the character no font has."""

    shown: str
    style: Style
    font: str
    width: float
    missing: str = ""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One measured line; `size` is its largest type."""

    pieces: tuple[TextPiece, ...]
    width: float
    size: float


# Streams as bytes: reportlab's default turns them into text first, a quarter larger and slower, for printers of 1990.
rl_config.useA85 = 0


class PaperCanvas(Canvas):  # type: ignore[misc]  # reportlab is untyped
    """A canvas that remembers which characters it could not print; a counting one only turns pages."""

    counting = False

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.missing: set[str] = set()

    def setFillColor(self, aColor: str, alpha: float | None = None) -> None:  # noqa: N802, N803 - reportlab's names
        """Set the colour by its hexadecimal name; reportlab would read the name anew each time, 40 µs a run of text."""
        super().setFillColor(_colour(aColor), alpha)

    def setStrokeColor(self, aColor: str, alpha: float | None = None) -> None:  # noqa: N802, N803 - as above
        """Set the colour of lines by its hexadecimal name."""
        super().setStrokeColor(_colour(aColor), alpha)


def begun(title: str, size: tuple[float, float]) -> tuple[BytesIO, PaperCanvas]:
    """A canvas of that size in points, and where its bytes will be once it is saved."""
    out = BytesIO()
    canvas = PaperCanvas(out, pagesize=size, invariant=1)
    canvas.setTitle(title)
    canvas.setAuthor("")
    canvas.setCreator("Custos")
    return out, canvas


@cache
def _colour(name: str | Color) -> Color:
    return HexColor(name) if isinstance(name, str) else name


class Counting(PaperCanvas):
    """A canvas on which nothing is drawn: it finds how many pages there will be."""

    counting = True


def clean(text: str) -> str:
    """The text with line ends of every kind as one, tabs and odd spaces as plain spaces, joining letters joined."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = "".join(" " if char == "\t" or (char != " " and char.isspace() and char != "\n") else char for char in text)
    return joined_up(text)


def _is_wide(char: str) -> bool:
    return char >= "\u2e80"


def _may_break(before: str, after: str) -> bool:
    if after in _NOT_FIRST or before in _NOT_LAST:
        return False
    joined = before in "-/" and after.isalpha()  # never inside a number such as L-2026-088
    return before == " " or joined or _is_wide(before) or _is_wide(after)


def wrap(spans: Sequence[Span], width: float, max_lines: int) -> tuple[TextLine, ...]:
    """The lines of the text; past `max_lines` the last one ends in an ellipsis and how many characters are left out."""
    return _wrap(tuple(spans), round(width, 2), max_lines)


@lru_cache(maxsize=512)  # wrapped when its row is measured, drawn soon after
def _wrap(spans: tuple[Span, ...], width: float, max_lines: int) -> tuple[TextLine, ...]:
    chars = [(char, span.style) for span in spans for char in clean(span.text)]
    lines: list[TextLine] = []
    start = 0
    for start, end in _breaks(chars, width):
        if len(lines) == max_lines - 1 and end < len(chars):
            lines.append(_cut_short(chars[start:], width))
            return tuple(lines)
        lines.append(_line(chars[start:end]))
    return tuple(lines) or (_line([]),)


def _breaks(chars: Sequence[tuple[str, Style]], width: float) -> Iterator[tuple[int, int]]:
    """Where each line starts and ends; a line ends at its last break, or in the middle of a word too long for one."""
    start, chance, used = 0, 0, 0.0
    index = 0
    while index < len(chars):
        char, style = chars[index]
        if char == "\n":
            yield start, index + 1
            start = chance = index = index + 1
            used = 0.0
            continue
        if index > start and _may_break(chars[index - 1][0], char):
            chance = index
        used += glyph(char).width * style.size
        if used > width and index > start and char != " ":
            end = chance if chance > start else index
            yield start, end
            start = chance = index = end
            used = 0.0
            continue
        index += 1
    if start < len(chars):
        yield start, len(chars)


def _cut_short(chars: Sequence[tuple[str, Style]], width: float) -> TextLine:
    style = chars[0][1]
    tail = f"… [+{len(chars):,}]"
    room = width - measure(tail, style)
    kept: list[tuple[str, Style]] = []
    for char, of in chars:
        room -= glyph(char).width * of.size
        if room < 0 or char == "\n":
            break
        kept.append((char, of))
    tail = f"… [+{len(chars) - len(kept):,}]"
    return _line([*kept, *((char, style) for char in tail)])


def _line(chars: Sequence[tuple[str, Style]]) -> TextLine:
    end = len(chars)
    while end and chars[end - 1][0] in " \n":
        end -= 1
    pieces: list[TextPiece] = []
    run, run_width = "", 0.0
    drawn: tuple[Glyph, Style] | None = None
    for char, style in turned_round(chars[:end], itemgetter(0)):
        form = glyph(char)
        same = drawn is not None and drawn[0].font == form.font and drawn[1] == style and not form.stand_in
        if run and drawn is not None and not same:
            pieces.append(TextPiece(run, drawn[1], drawn[0].font, run_width))
            run, run_width = "", 0.0
        if form.stand_in:
            pieces.append(TextPiece(form.stand_in, style, form.font, form.width * style.size, char))
            drawn = None
            continue
        run += char
        run_width += form.width * style.size
        drawn = (form, style)
    if run and drawn is not None:
        pieces.append(TextPiece(run, drawn[1], drawn[0].font, run_width))
    size = max((style.size for _, style in chars), default=BODY.size)
    return TextLine(tuple(pieces), sum(piece.width for piece in pieces), size)


def measure(text: str, style: Style = BODY) -> float:
    """The width of the text on one line."""
    return sum(glyph(char).width for char in clean(text)) * style.size


def longest_word(spans: Sequence[Span]) -> float:
    """The width below which a word of the text would be torn apart."""
    widest = width = 0.0
    before = " "
    for span in spans:
        for char in clean(span.text):
            width = 0.0 if char in " \n" or _may_break(before, char) else width
            width += glyph(char).width * span.style.size if char not in " \n" else 0.0
            widest = max(widest, width)
            before = char
    return widest


def put(canvas: PaperCanvas, x: float, y: float, text: str, style: Style = BODY, align: Align = "left") -> None:
    """Write one line with its base line at `y`; `x` is its left end, middle or right end."""
    put_line(canvas, x, y, _line([(char, style) for char in clean(text).replace("\n", " ")]), align)


def put_within(  # noqa: PLR0913, PLR0917 - a place, a room and a look
    canvas: PaperCanvas,
    x: float,
    y: float,
    text: str,
    width: float,
    style: Style = BODY,
    align: Align = "left",
    smallest: float = 0.75,
) -> None:
    """Write one line into `width`: a little smaller if need be, and cut with an ellipsis beyond that."""
    text = clean(text).replace("\n", " ")
    needed = measure(text, style)
    if needed > width:
        scale = max(smallest, width / needed * 0.995)
        style = Style(style.size * scale, style.colour, style.bold)
    chars = [(char, style) for char in text]
    line = _line(chars) if needed <= width or measure(text, style) <= width else _cut_short(chars, width)
    put_line(canvas, x, y, line, align)


def put_line(canvas: PaperCanvas, x: float, y: float, line: TextLine, align: Align = "left") -> None:
    """Draw a measured line."""
    if canvas.counting:
        return
    x -= {"left": 0.0, "center": line.width / 2, "right": line.width}[align]
    for piece in line.pieces:
        if piece.missing:
            _put_code_point(canvas, x, y, piece)
        else:
            _put_piece(canvas, x, y, piece)
        x += piece.width


def _put_piece(canvas: PaperCanvas, x: float, y: float, piece: TextPiece) -> None:
    style = piece.style
    canvas.setFillColor(style.colour)
    text = canvas.beginText(x, y)
    text.setFont(piece.font, style.size)
    if style.bold:
        canvas.setStrokeColor(style.colour)
        canvas.setLineWidth(style.size * _BOLD_STROKE)
        text.setTextRenderMode(2)
    text.textOut(piece.shown)
    if style.bold:
        text.setTextRenderMode(0)
    canvas.drawText(text)


def _put_code_point(canvas: PaperCanvas, x: float, y: float, piece: TextPiece) -> None:
    size = piece.style.size
    canvas.missing.add(named(piece.missing))
    canvas.setStrokeColor(piece.style.colour)
    canvas.setLineWidth(0.4)
    canvas.rect(x + size * 0.05, y - size * 0.12, piece.width - size * 0.1, size * 0.82, stroke=1, fill=0)
    small = Style(size * BOX_SCALE, piece.style.colour)
    put(canvas, x + piece.width / 2, y + size * 0.07, piece.shown, small, "center")


def height_of(lines: Sequence[TextLine]) -> float:
    """The height of the lines under each other."""
    return sum(line.size for line in lines) * LEADING


def put_lines(canvas: PaperCanvas, lines: Sequence[TextLine], x: float, top: float, width: float, align: Align) -> None:
    """Draw lines under each other below `top`, within `width`."""
    left = x + {"left": 0.0, "center": width / 2, "right": width}[align]
    for line in lines:
        put_line(canvas, left, top - line.size * (LEADING / 2 + 0.36), line, align)
        top -= line.size * LEADING
