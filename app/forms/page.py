"""The page around every form: title, marks and code above; anchor, printer and page number below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from reportlab.platypus import BaseDocTemplate, Flowable, Frame, KeepTogether, PageTemplate, Spacer

from app.forms import sentences as s
from app.forms import terms as t
from app.forms.codes import bar_code_width, put_bar_code, put_qr, qr_size
from app.forms.paragraph import Text
from app.forms.sheet import Drawn, Language, Sheet
from app.forms.tables import Rows
from app.forms.terms import Term
from app.forms.text import BAD, DIM, INK, LINE, MM, Counting, PaperCanvas, Span, Style, measure, put, put_within

LEFT: Final = 18 * MM
RIGHT: Final = 15 * MM
TOP: Final = 15 * MM
_RUNNING_HEAD: Final = 6 * MM
_BOTTOM_EDGE: Final = 8 * MM
_SIDE: Final = 40 * MM
_SERIAL_ROOM: Final = 92 * MM
_TAIL_SHARE: Final = 0.62


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What stands at the top of a form: its serial number and code, its own level mark in the level's colour."""

    number: str = ""
    code: str = ""
    mark: str = ""
    colour: str = INK


class Title(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """The head of the first page: level mark at the left, title in the middle, the slip's code at the right."""

    def __init__(self, sheet: Sheet, head: Head, title: Term, form_number: str) -> None:
        super().__init__()
        self._head = head
        self._mark = Text(Span(head.mark, Style(13, head.colour, bold=True)), leading=1.2, max_lines=4)
        form = sheet.say(Term(f"Form {form_number}", f"表 {form_number}"), " · ") if form_number else ""
        number = f"{sheet.say(t.SERIAL)} {head.number}" if head.number else ""
        main, small = (title.zh, title.en) if sheet.language is Language.BOTH else (sheet.say(title), "")
        self._middle = [
            Text(Span(sheet.unit, Style(9.5, DIM)), align="center", max_lines=3),
            Text(Span(main, Style(17, INK, bold=True)), align="center", leading=1.45, max_lines=3),
            *([Text(Span(small.upper(), Style(7.8, DIM)), align="center", leading=1.5, max_lines=3)] if small else []),
            *_serial(number, form),
        ]

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The room of the tallest of the three."""
        self._mark.wrap(_SIDE - 3 * MM, height)
        middle = sum(text.wrap(width - 2 * _SIDE, height)[1] for text in self._middle)
        self.width, self.height = width, max(self._mark.height, middle, 15 * MM) + 3 * MM
        return width, self.height

    def draw(self) -> None:
        """Draw the three side by side."""
        canvas: PaperCanvas = self.canv
        if self._head.mark:
            self._mark.draw_at(canvas, 0, self.height)
        top = self.height
        for text in self._middle:
            text.draw_at(canvas, _SIDE, top)
            top -= text.height
        if self._head.code:
            # The code's quiet zone may lie in the margin: there is nothing else there.
            x = self.width - bar_code_width(self._head.code) + 2 * MM
            put_bar_code(canvas, self._head.code, x, self.height - 14 * MM, 14 * MM)


def _serial(number: str, form: str) -> list[Text]:
    """The serial number and the number of the form: beside each other, or each on its line where that is too long."""
    style = Style(8.2, INK)
    beside = "  ·  ".join(filter(None, (number, form)))
    parts = [beside] if measure(beside, style) <= _SERIAL_ROOM else [number, form]
    return [Text(Span(part, style), align="center", leading=1.8 if len(parts) == 1 else 1.4) for part in parts]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where text may stand on a page of this sheet."""

    width: float
    height: float
    bottom: float

    @property
    def tall(self) -> float:
        """The height between the top margin and the footer."""
        return self.height - TOP - self.bottom


def _frame(sheet: Sheet, *, landscape: bool) -> _Frame:
    width, height = sheet.size[::-1] if landscape else sheet.size
    code = qr_size(sheet.anchor.qr) if sheet.anchor else 13 * MM
    return _Frame(width, height, _BOTTOM_EDGE + max(code, 16 * MM) + 1.5 * MM)


def compose(
    sheet: Sheet,
    head: Head,
    title: Term,
    form_number: str,
    body: Callable[[], Sequence[Flowable]],
    *,
    landscape: bool = False,
    short_rule: bool = False,
) -> Drawn:
    """Draw a form: the title, its body over as many pages as needed, and on every page who printed what and when.

    `body` is called twice: a first run without ink finds how many pages there will be.
    """
    page = _frame(sheet, landscape=landscape)

    def furniture(total: int) -> Callable[[PaperCanvas, BaseDocTemplate], None]:
        def draw(canvas: PaperCanvas, doc: BaseDocTemplate) -> None:
            canvas.translate(*sheet.offset)
            if canvas.counting:
                return
            if doc.page > 1:
                _running_head(canvas, sheet, head, title, page)
            footer(canvas, sheet, page.width, page.bottom, doc.page, total, short_rule=short_rule)

        return draw

    def story() -> list[Flowable]:
        return [Title(sheet, head, title, form_number), Spacer(1, 2 * MM), *_kept(body(), page)]

    counted = _build(page, title, story(), furniture(1), Counting)
    return _build(page, title, story(), furniture(counted.pages), PaperCanvas)


def _build(
    page: _Frame,
    title: Term,
    story: list[Flowable],
    furniture: Callable[[PaperCanvas, BaseDocTemplate], None],
    canvas_type: type[PaperCanvas],
) -> Drawn:
    size = (page.width, page.height)
    out = BytesIO()
    doc = BaseDocTemplate(out, pagesize=size, title=title.en, author="", creator="Custos", invariant=1)
    frames = [
        Frame(LEFT, page.bottom, page.width - LEFT - RIGHT, page.tall - drop, 0, 0, 0, 0) for drop in (0, _RUNNING_HEAD)
    ]
    doc.addPageTemplates(
        [
            PageTemplate("first", [frames[0]], onPage=furniture, pagesize=size, autoNextPageTemplate="later"),
            PageTemplate("later", [frames[1]], onPage=furniture, pagesize=size),
        ]
    )
    made: list[PaperCanvas] = []

    def canvas(*args: object, **kwargs: object) -> PaperCanvas:
        made.append(canvas_type(*args, **kwargs))
        return made[-1]

    doc.build(story, canvasmaker=canvas)
    drawn = Drawn(out.getvalue(), tuple(sorted(made[0].missing)), doc.page)
    # reportlab's parts hold each other, some twelve to a page: let go here, or the window's thread collects them.
    for part in (made[0]._doc, made[0], doc):  # noqa: SLF001 - nothing public lets them go
        part.__dict__.clear()
    return drawn


def _kept(body: Sequence[Flowable], page: _Frame) -> list[Flowable]:
    """The body with everything after its last table tied to that table's last rows, as far as a page allows."""
    places = [index for index, flowable in enumerate(body) if isinstance(flowable, Rows) and flowable.flowing]
    start = places[-1] + 1 if places else 0
    if not places:  # the last part from its heading on: no page holds nothing but a note
        heads = [index for index, flowable in enumerate(body) if getattr(flowable, "keepWithNext", False)]
        start = heads[-1] if heads else max(0, len(body) - 3)
    tail = list(body[start:])
    height = sum(flowable.wrapOn(None, page.width - LEFT - RIGHT, page.tall)[1] for flowable in tail)
    if places and height <= _TAIL_SHARE * page.tall:
        body[places[-1]].tail = tail
        body[places[-1]].page_height = page.tall - _RUNNING_HEAD
        return list(body[:start])
    if height <= page.tall - _RUNNING_HEAD:
        return [*body[:start], KeepTogether(tail)]  # whoever signs sees at least the totals, or the part, they sign
    return [*body[:start], *tail[:-2], KeepTogether(tail[-2:])] if len(tail) > 1 else list(body)


def _running_head(canvas: PaperCanvas, sheet: Sheet, head: Head, title: Term, page: _Frame) -> None:
    y = page.height - TOP + 0.5 * MM
    width = page.width - LEFT - RIGHT
    style, room = Style(7.4, DIM), width * 0.78
    what = "  ·  ".join(filter(None, (sheet.say(title), head.number)))
    needed = min(measure(what, style), room * 0.8) + 0.1  # a long unit gives way: which paper it is must be read
    put_within(canvas, LEFT, y - 3 * MM, what, needed, style)
    put_within(canvas, LEFT + needed, y - 3 * MM, f"  ·  {sheet.unit}" if sheet.unit else "", room - needed, style)
    put_within(
        canvas, page.width - RIGHT, y - 3 * MM, head.mark, width * 0.2, Style(8.5, head.colour, bold=True), "right"
    )
    _rule(canvas, y - 4.6 * MM, page.width)


def _rule(canvas: PaperCanvas, y: float, width: float) -> None:
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.line(LEFT, y, width - RIGHT, y)


def footer(
    canvas: PaperCanvas,
    sheet: Sheet,
    width: float,
    top: float,
    number: int,
    total: int,
    *,
    short_rule: bool = False,
) -> None:
    """Below every form: where the book stood, who printed when, the rule for short items, page n of m."""
    _rule(canvas, top - 0.6 * MM, width)
    room = width - LEFT - RIGHT
    lines: list[str] = []
    if sheet.anchor:
        size = qr_size(sheet.anchor.qr)
        put_qr(canvas, sheet.anchor.qr, width - RIGHT - size + 1.5 * MM, top - 1 * MM - size)
        room -= size + 2 * MM
        lines.append(
            f"{sheet.say(t.REGISTER)} {sheet.anchor.register}  ·  {sheet.say(t.ENTRY)} {sheet.anchor.seq}"
            f"  ·  {sheet.anchor.text}"
        )
    printed = t.REPRINTED if sheet.reprint else t.PRINTED
    lines.append(f"{sheet.say(printed)} {sheet.printed_at:%Y-%m-%d %H:%M}  ·  {sheet.printed_by}")
    if sheet.anchor:
        lines.append(sheet.say(s.SCAN_TO_CHECK, "  "))
    if short_rule:
        lines.append(sheet.say(s.WRITE_SHORT, "  "))
    y = top - 4.2 * MM
    for line in lines:
        put_within(canvas, LEFT, y, line, room, Style(6.8, DIM), smallest=0.6)
        y -= 3.5 * MM
    page_of = sheet.say(Term(f"Page {number} of {total}", f"第 {number} 页 共 {total} 页"), " · ")
    put(canvas, LEFT + room / 2, y - 0.6 * MM, page_of, Style(7.4, INK), "center")
    if sheet.reprint:
        _reprint_mark(canvas, sheet, width)


def _reprint_mark(canvas: PaperCanvas, sheet: Sheet, width: float) -> None:
    """A reprint says so in the top margin of every page: it shows what was signed, and is not the signed one."""
    y = canvas._pagesize[1] - 10.5 * MM  # noqa: SLF001 - reportlab keeps no public page size
    canvas.setStrokeColor(BAD)
    canvas.setLineWidth(0.8)
    canvas.roundRect(width / 2 - 30 * MM, y - 1.7 * MM, 60 * MM, 6 * MM, 1.5 * MM, stroke=1, fill=0)
    put_within(canvas, width / 2, y, sheet.say(t.REPRINT), 56 * MM, Style(9.5, BAD, bold=True), "center")
