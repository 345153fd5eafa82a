"""How the window looks: colours by name, one style sheet built from them, fonts, icons."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QStyleFactory, QWidget

from app.paths import resource

BODY, SECONDARY, SMALL, HEADING, SCAN, READ_AT_ARM = 13, 12, 11, 20, 17, 22
"""Type sizes in logical pixels at a scale of 1."""
ICON = 16
INDENT = 8
PLACED_SOON = 20
"""Milliseconds after which it is asked again whether a new window has its place."""
FRAME, EDGES = 28, 4
"""Pixels that the title of a window takes from the height of the screen, and its edges from the width."""
LOW = 560
"""A dialog at its usual size wants as much height."""
NARROWEST_FOR_CARD = 1180
"""Below this width of the window the card pane gives way to the page."""


@dataclass(frozen=True)
class Tokens:
    """The colours of one theme, by what they mean."""

    name: str
    ground: str
    panel: str
    rail: str
    ink: str
    dim: str
    line: str
    accent: str
    on_accent: str
    soft: str
    good: str
    warn: str
    bad: str
    press: str
    hair: int = 1
    """Width of a line; high contrast doubles it."""


LIGHT = Tokens(
    name="light",
    ground="#F6F6F3",
    panel="#FFFFFF",
    rail="#EEEEEA",
    ink="#1B2430",
    dim="#5B6673",
    line="#DCDDD8",
    accent="#1F4E79",
    on_accent="#FFFFFF",
    soft="#E9EEF4",
    good="#1F7A4D",
    warn="#A65B00",
    bad="#B3261E",
    press="#DDE5EE",
)
DARK = Tokens(
    name="dark",
    ground="#14181D",
    panel="#1B2128",
    rail="#171C22",
    ink="#E6EAEE",
    dim="#9AA5B1",
    line="#2C343D",
    accent="#7FB2E5",
    on_accent="#0E1722",
    soft="#22303E",
    good="#5CC08B",
    warn="#E0A04A",
    bad="#F2766B",
    press="#2B3D50",
)
CONTRAST = Tokens(
    name="contrast",
    ground="#FFFFFF",
    panel="#FFFFFF",
    rail="#FFFFFF",
    ink="#000000",
    dim="#000000",
    line="#000000",
    accent="#000000",
    on_accent="#FFFFFF",
    soft="#FFFFFF",
    good="#00501E",
    warn="#6B3000",
    bad="#8F0000",
    press="#E0E0E0",
    hair=2,
)
THEMES = {tokens.name: tokens for tokens in (LIGHT, DARK, CONTRAST)}


class _Current:
    """The theme of the window; charts and delegates ask for it when they draw."""

    tokens = LIGHT
    scale = 1.0
    is_styled = False


def current() -> Tokens:
    """The colours the window shows now."""
    return _Current.tokens


def use(name: str, scale: float | None = None) -> None:
    """Show every window of the program in this theme from now on, at the scale it had unless one is named."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        missing = "a theme needs the application first"
        raise TypeError(missing)
    _Current.tokens, _Current.scale = THEMES[name], scale or _Current.scale
    if not _Current.is_styled:  # a second time polishes every widget there is once more, for nothing
        application.setStyle(QStyleFactory.create("Fusion"))
        _Current.is_styled = True
    application.setFont(body_font())
    application.setPalette(_palette(_Current.tokens))
    application.setStyleSheet(style_sheet(_Current.tokens, _Current.scale))


def style_sheet(tokens: Tokens, scale: float = 1.0) -> str:
    """The one style sheet with this theme's colours and sizes written in."""
    sizes = {
        "body": round(BODY * scale),
        "secondary": round(SECONDARY * scale),
        "small": round(SMALL * scale),
        "heading": round(HEADING * scale),
        "large": round(READ_AT_ARM * scale),
        "scan": round(SCAN * scale),
        "focus": tokens.hair + 1,
        "tick": resource("icons/tick-dark.svg" if tokens.name == "dark" else "icons/tick.svg"),
        "down": resource("icons/down-dark.svg" if tokens.name == "dark" else "icons/down.svg"),
    }
    text = resource("styles/custos.qss").read_text(encoding="utf-8")
    values = {key: str(value) for key, value in {**asdict(tokens), **sizes}.items()}
    return Template(text).substitute(values)


def body_font() -> QFont:
    """The face of everything: Latin from Noto, Chinese from WenQuanYi, ours when the system has none."""
    _bring_chinese()
    font = QFont()
    families = ["Noto Sans", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "Microsoft YaHei"]
    font.setFamilies([family for family in families if family in QFontDatabase.families()])
    font.setPixelSize(round(BODY * _Current.scale))
    return font


def size(pixels: int) -> int:
    """A length in logical pixels at the scale this person chose."""
    return round(pixels * _Current.scale)


def fit(window: QWidget, width: int, height: int) -> None:
    """Give a window its usual size, but no more than the screen has: its buttons are at the bottom and the right."""
    room = window.screen().availableSize()
    window.resize(min(width, room.width() - EDGES), min(height, room.height() - size(FRAME)))


def is_low(window: QWidget) -> bool:
    """Whether the screen is lower than a dialog is at its usual size, as a small one at 200 %."""
    return window.screen().availableSize().height() < size(LOW)


def grow(window: QWidget, by: int) -> None:
    """Make room for what came, as far as the screen has it.

    A window that is resized before the window manager has placed it lands in the corner, its title out of sight.
    """
    if window.isVisible() and not window.windowHandle().isExposed():
        QTimer.singleShot(PLACED_SOON, window, lambda: grow(window, by))
        return
    fit(window, window.width(), window.height() + by)


def indent(box: QAbstractSpinBox) -> None:
    """Let the number begin where the text of a line does; the style sheet's padding stops at the line inside."""
    if (line := box.findChild(QLineEdit)) is not None:
        line.setTextMargins(size(INDENT), 0, 0, 0)


def line_height(widget: QWidget, lines: float = 1.0) -> int:
    """The height of so many lines of the widget's text, so that nothing is clipped at any scale."""
    return round(QFontMetrics(widget.font()).height() * lines)


def icon(name: str, colour: str | None = None) -> QIcon:
    """One of the Material icons, in dim unless a colour is named."""
    import qtawesome  # start-up: the sign-in window has no icon

    drawn: QIcon = qtawesome.icon(f"mdi6.{name}", color=colour or _Current.tokens.dim)
    return drawn


def icon_size() -> QSize:
    """How large an icon stands beside text."""
    return QSize(size(ICON), size(ICON))


def swatch(colour: str) -> QIcon:
    """A small square of a colour, beside the words that say the same."""
    square = QPixmap(icon_size())
    square.fill(QColor(colour))
    return QIcon(square)


def colour_of(kind: str) -> str:
    """The colour that goes with good, warn and bad; anything else is plain ink."""
    return {"good": _Current.tokens.good, "warn": _Current.tokens.warn, "bad": _Current.tokens.bad}.get(
        kind, _Current.tokens.ink
    )


def mark(widget: QWidget, **properties: str | bool) -> None:
    """Set what the style sheet looks at and have it look again, if it has looked already."""
    changed = [name for name, value in properties.items() if widget.property(name) != value]
    for name in changed:
        widget.setProperty(name, properties[name])
    if changed and widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def blend(colour: str, share: float, ground: str | None = None) -> str:
    """A colour mixed into the ground: lighter steps of one level, never another hue."""
    over, under = QColor(colour), QColor(ground or _Current.tokens.panel)
    parts = ((over.red(), under.red()), (over.green(), under.green()), (over.blue(), under.blue()))
    return QColor(*(round(a * share + b * (1 - share)) for a, b in parts)).name()


def _bring_chinese() -> None:
    """A workstation without any Chinese font gets the one that ships with the program."""
    if not QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese):
        QFontDatabase.addApplicationFont(str(resource("fonts/wqy-microhei.ttc")))


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in {
        role.Window: tokens.ground,
        role.WindowText: tokens.ink,
        role.Base: tokens.panel,
        role.AlternateBase: tokens.ground,
        role.Text: tokens.ink,
        role.Button: tokens.panel,
        role.ButtonText: tokens.ink,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.ToolTipBase: tokens.panel,
        role.ToolTipText: tokens.ink,
        role.PlaceholderText: tokens.dim,
        role.Link: tokens.accent,
        role.Mid: tokens.line,
        role.Accent: tokens.accent,
    }.items():
        palette.setColor(which, QColor(colour))
    for which in (role.Text, role.ButtonText, role.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(tokens.dim))
    return palette
