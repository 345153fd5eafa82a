"""Sheets for the desk itself: the recovery sheet of a new register, the scanner's test page, the command card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.platypus import Flowable, Spacer

from app.domain.numbering import Letter, payload
from app.forms import sentences as s
from app.forms import terms as t
from app.forms.blocks import note, signatures
from app.forms.codes import bar_code_width, put_bar_code
from app.forms.fields import Field, field_rows
from app.forms.lines import Signature
from app.forms.page import Head, compose
from app.forms.paragraph import Text
from app.forms.sheet import Drawn, Sheet
from app.forms.text import BAD, BODY, DIM, LINE, MM, Span, Style, put_within


@dataclass(frozen=True, kw_only=True, slots=True)
class RecoverySheet:
    """The key that opens the register when every account is lost; printed once, never kept as lines."""

    register: str
    register_number: int
    made: str = ""
    groups: tuple[str, ...] = ()
    check: str = ""
    signatures: tuple[Signature, ...] = (
        Signature(role="system_administrator"),
        Signature(role="security_administrator"),
    )


class KeyGroups(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """The key in numbered groups, large enough to be typed back without a mistake."""

    def __init__(self, groups: Sequence[str], across: int = 4) -> None:
        super().__init__()
        self._groups, self._across = groups, across

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Rows of four groups."""
        self.width = width
        self.height = -(-len(self._groups) // self._across) * 14 * MM
        return width, self.height

    def draw(self) -> None:
        """Draw each group in its box with its number."""
        if self.canv.counting:
            return
        width = self.width / self._across
        for index, group in enumerate(self._groups):
            row, column = divmod(index, self._across)
            x, y = column * width, self.height - (row + 1) * 14 * MM
            self.canv.setStrokeColor(LINE)
            self.canv.setLineWidth(0.5)
            self.canv.rect(x + 1 * MM, y + 1.5 * MM, width - 2 * MM, 11 * MM, stroke=1, fill=0)
            put_within(self.canv, x + 2 * MM, y + 9.6 * MM, str(index + 1), 6 * MM, Style(6, DIM))
            put_within(self.canv, x + width / 2, y + 4.6 * MM, group, width - 5 * MM, Style(15), "center", smallest=0.4)


def draw_recovery_sheet(content: RecoverySheet, sheet: Sheet) -> Drawn:
    """Register, key, warning, who sealed it."""
    fields = (
        Field(t.REGISTER, f"{content.register_number:03d}  {content.register}", wide=True),
        Field(t.MADE_ON, content.made),
        Field(t.KEY_CHECK, content.check),
    )

    def body() -> list[Flowable]:
        return [
            *field_rows(sheet, fields),
            Spacer(1, 5 * MM),
            Text(*sheet.spans(t.RECOVERY_KEY, Style(11, bold=True))),
            Spacer(1, 2 * MM),
            KeyGroups(content.groups),
            Spacer(1, 4 * MM),
            note(sheet, s.RECOVERY_WARNING, Style(11, BAD, bold=True)),
            Spacer(1, 2 * MM),
            note(sheet, s.RECOVERY_RULE, Style(9)),
            *signatures(sheet, content.signatures, 2),
        ]

    return compose(sheet, Head(), t.RECOVERY_SHEET, "", body)


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeLine:
    """A code with what it does or what it should read as."""

    code: str
    label: str
    note: str = ""


class CodeRow(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """Codes beside each other, each under its words, far enough apart to scan one and not the other."""

    def __init__(self, sheet: Sheet, lines: Sequence[CodeLine], height: float = 30 * MM, across: int = 2) -> None:
        super().__init__()
        self._sheet, self._lines, self._tall, self._across = sheet, lines, height, across

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """One row of the given height."""
        self.width, self.height = width, self._tall
        return width, self.height

    def draw(self) -> None:
        """Draw the words and the codes."""
        if self.canv.counting:
            return
        width = self.width / self._across
        for place, line in enumerate(self._lines):
            middle = place * width + width / 2
            label = self._sheet.word(line.label)
            put_within(self.canv, middle, self._tall - 6 * MM, label, width - 6 * MM, Style(12, bold=True), "center")
            if line.note:
                text = self._sheet.word(line.note)
                put_within(self.canv, middle, self._tall - 10 * MM, text, width - 6 * MM, Style(7.4, DIM), "center")
            code = 14 * MM
            put_bar_code(
                self.canv, line.code, middle - bar_code_width(line.code) / 2, 2 * MM, code, caption=_caption(line.code)
            )


def _caption(code: str) -> str | None:
    """Our own codes are shown in groups, test texts as they are."""
    return None if len(code) == 13 and code[1:].isdecimal() else code


def _code_rows(sheet: Sheet, lines: Sequence[CodeLine], across: int = 2) -> list[Flowable]:
    return [CodeRow(sheet, lines[start : start + across], across=across) for start in range(0, len(lines), across)]


@dataclass(frozen=True, kw_only=True, slots=True)
class CalibrationSheet:
    """Codes that find a wrong keyboard layout, caps lock, an input method or a missing Enter."""

    register: int
    tests: tuple[CodeLine, ...] = ()


def calibration(register: int) -> CalibrationSheet:
    """The test page for a register: each code trips over one wrong setting."""
    own = payload(Letter.COMMAND, register, 0)
    tests = (
        CodeLine(code=own, label="test_enter", note="test_enter_finds"),
        CodeLine(code="qwertzuy", label="test_layout", note="test_layout_finds"),
        CodeLine(code="AbCdEf", label="test_case", note="test_case_finds"),
        CodeLine(code="0123456789", label="test_digits", note="test_digits_finds"),
        CodeLine(code="-/.:;=+", label="test_signs", note="test_signs_finds"),
        CodeLine(code=own.lower(), label="test_again", note="test_again_finds"),
    )
    return CalibrationSheet(register=register, tests=tests)


def draw_calibration_sheet(content: CalibrationSheet, sheet: Sheet) -> Drawn:
    """The test codes in the order in which they are scanned."""

    def body() -> list[Flowable]:
        return [note(sheet, s.CALIBRATION_RULE, BODY), Spacer(1, 4 * MM), *_code_rows(sheet, content.tests)]

    return compose(sheet, Head(), t.CALIBRATION_SHEET, "", body)


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandCard:
    """What the clerk can tell the program by scanner."""

    commands: tuple[CodeLine, ...] = ()


def draw_command_card(content: CommandCard, sheet: Sheet) -> Drawn:
    """The commands, two beside each other, for the desk."""

    def body() -> list[Flowable]:
        return [
            Text(Span(sheet.say(s.COMMAND_RULE, "\n"), BODY)),
            Spacer(1, 4 * MM),
            *_code_rows(sheet, content.commands),
        ]

    return compose(sheet, Head(), t.COMMAND_CARD, "", body)
