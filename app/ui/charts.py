"""Pictures that can be clicked through: bars with words on both axes, in the colours of the theme."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.i18n import _
from app.ui import theme
from app.ui.turns import Turns

PAUSE = 20
"""Milliseconds between two steps of drawing."""
BAR = 0.62
"""Share of its place that a bar fills."""
GAP = 14
"""Pixels at least between two numbers of an axis."""
SHADES = (1.0, 0.55, 0.28, 0.16)
"""How strongly the segments of one bar show, from the left; each also has its words in the legend."""


@dataclass(frozen=True)
class Segment:
    """One part of a bar: what a click on it asks for, its words, its number."""

    key: str
    words: str
    value: int


@dataclass(frozen=True)
class Bar:
    """One bar with its name and, where it has a colour of its own (a level), that colour."""

    words: str
    segments: tuple[Segment, ...]
    colour: str = ""

    @property
    def total(self) -> int:
        """The length of the whole bar."""
        return sum(segment.value for segment in self.segments)


@cache
def _pyqtgraph() -> Any:
    """The drawing library."""
    import pyqtgraph  # start-up: half a second that the first page must not wait for

    pyqtgraph.setConfigOptions(antialias=True)
    return pyqtgraph


@cache
def _turns_of(application: QCoreApplication) -> Turns:
    """The queue in which every picture of the program waits for its turn."""
    return Turns(application, PAUSE)


class BarChart(QFrame):
    """Bars, lying or standing, with axis words; it draws when it is first seen."""

    clicked = Signal(str)
    """The key of the segment that was clicked."""

    def __init__(
        self, title: str, *, names: str, numbers: str, lying: bool = True, parent: QWidget | None = None
    ) -> None:
        self._names, self._numbers, self._lying = names, numbers, lying
        self._bars: tuple[Bar, ...] = ()
        self._places: list[tuple[QRectF, Segment]] = []
        self._plot: Any = None
        super().__init__(parent)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._queue)
        theme.mark(self, panel=True)
        heading = QLabel(title, self)
        theme.mark(heading, strong=True)
        self._legend = QLabel(self)
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._legend.setWordWrap(True)
        theme.mark(self._legend, secondary=True)
        self._nothing = QLabel(_("Nothing to show."), self)
        theme.mark(self._nothing, dim=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(4)
        for widget in (heading, self._nothing, self._legend):
            layout.addWidget(widget)
        layout.addStretch(0)  # without a picture the words stay at the top
        self.setMinimumHeight(theme.line_height(self, 10))

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show these bars."""
        self._bars = tuple(bars)
        self.setAccessibleDescription("; ".join(f"{bar.words}: {bar.total}" for bar in self._bars))
        self._nothing.setVisible(not self._bars)
        self._draw_soon()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw_soon()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit)  # once the picture itself has its new size

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._draw_soon()

    def _draw_soon(self) -> None:
        """Once for all that changed."""
        self._later.start(0)

    def _queue(self) -> None:
        """One picture after the other, and each in two steps: keys are heard in between."""
        application = QCoreApplication.instance()
        if application is not None and self.isVisible():  # else it is drawn when it is seen
            _turns_of(application).follow(partial(self._do, self._prepare), partial(self._do, self._draw))

    def _do(self, step: Callable[[], None]) -> None:
        if shiboken6.isValid(self) and self.isVisible():
            step()

    def _prepare(self) -> None:
        if self._plot is None:
            self._plot = self._new_plot()

    def segment_at(self, at: QPointF) -> Segment | None:
        """The segment at a point of the picture's own coordinates."""
        return next((segment for place, segment in self._places if place.contains(at)), None)

    def _new_plot(self) -> Any:
        plot = _pyqtgraph().PlotWidget(self, enableMenu=False)
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=False, y=False)
        plot.hideButtons()
        plot.setFrameShape(QFrame.Shape.NoFrame)
        plot.getPlotItem().setContentsMargins(0, 0, 8, 0)
        plot.scene().sigMouseClicked.connect(self._on_click)
        self.layout().insertWidget(2, plot, 1)  # type: ignore[union-attr]
        return plot

    def _on_click(self, event: Any) -> None:
        segment = self.segment_at(self._plot.getPlotItem().vb.mapSceneToView(event.scenePos()))
        if segment is not None:
            self.clicked.emit(segment.key)

    def _draw(self) -> None:
        self._prepare()
        tokens, item = theme.current(), self._plot.getPlotItem()
        item.clear()
        self._places = []
        self._plot.setBackground(tokens.panel)
        self._plot.setVisible(bool(self._bars))
        self._nothing.setVisible(not self._bars)
        for at, bar in enumerate(self._bars):
            self._draw_bar(item, at, bar)
        self._draw_axes(item)
        self._show_legend()

    def _draw_bar(self, item: Any, at: int, bar: Bar) -> None:
        tokens, start = theme.current(), 0
        for shade, segment in zip(SHADES, bar.segments, strict=False):
            low, length = at - BAR / 2, segment.value
            place = QRectF(start, low, length, BAR) if self._lying else QRectF(low, start, BAR, length)
            brush = theme.blend(bar.colour or tokens.accent, shade)
            pen = tokens.ink if tokens.hair > 1 else brush
            item.addItem(
                _pyqtgraph().BarGraphItem(
                    x0=[place.x()], y0=[place.y()], width=[place.width()], height=[place.height()], brush=brush, pen=pen
                )
            )
            self._places.append((place, segment))
            start += length
        text = _pyqtgraph().TextItem(f"{bar.total:,}", color=tokens.ink, anchor=(0, 0.5) if self._lying else (0.5, 1))
        text.setFont(self.font())
        text.setPos(*((start, at) if self._lying else (at, start)))
        item.addItem(text)

    def _draw_axes(self, item: Any) -> None:
        tokens = theme.current()
        names, numbers = (
            item.getAxis("left" if self._lying else "bottom"),
            item.getAxis("bottom" if self._lying else "left"),
        )
        names.setTicks([[(at, bar.words) for at, bar in enumerate(self._bars)]])
        for axis, words in ((names, self._names), (numbers, self._numbers)):
            axis.setPen(tokens.line, width=tokens.hair)
            axis.setTextPen(tokens.ink if axis is names else tokens.dim)
            axis.setStyle(tickFont=self.font(), tickLength=0, tickAlpha=0, autoExpandTextSpace=True)
            axis.setLabel(words, color=tokens.dim, **{"font-size": f"{theme.size(theme.SMALL)}px"})
            axis.enableAutoSIPrefix(False)
        numbers.setStyle(hideOverlappingLabels=True, maxTickLevel=0)
        numbers.tickStrings = _as_beside_the_bars
        item.vb.invertY(self._lying)
        self._fit()

    def _fit(self) -> None:
        """Leave room behind the longest bar for its number, however narrow the picture is."""
        if self._plot is None:
            return
        item = self._plot.getPlotItem()
        longest = max((bar.total for bar in self._bars), default=0) or 1
        room = 1.18
        if self._lying:
            width, text = item.vb.width(), self.fontMetrics().horizontalAdvance(f"{longest:,}") + 16
            room = min(3.0, width / (width - text)) if width > text else 3.0
        long, across = (0, longest * room), (-0.6, len(self._bars) - 0.4)
        item.setRange(xRange=long if self._lying else across, yRange=across if self._lying else long, padding=0)
        self._number_axis(item, long[1])

    def _number_axis(self, item: Any, long: float) -> None:
        """Number the axis in round steps, so far apart that two numbers never read as one."""
        has = item.vb.width() if self._lying else item.vb.height()
        needs = self.fontMetrics().horizontalAdvance(f"{long:,.0f}") if self._lying else self.fontMetrics().height()
        if has > 1:
            step = round_step((needs + theme.size(GAP)) / has * long)
            item.getAxis("bottom" if self._lying else "left").setTickSpacing(step, step)

    def _show_legend(self) -> None:
        widest = max(self._bars, key=lambda bar: len(bar.segments), default=None)
        several = widest is not None and len(widest.segments) > 1
        self._legend.setVisible(several)
        if widest is not None and several:
            self._legend.setText(
                " &nbsp; ".join(
                    f'<span style="color:{theme.blend(theme.current().ink, shade)}">■</span> {segment.words}'
                    for shade, segment in zip(SHADES, widest.segments, strict=False)
                )
            )


def _as_beside_the_bars(values: Sequence[float], scale: float, _spacing: float) -> list[str]:
    """The numbers of an axis in the form of those beside the bars: 1,000 and never 1e+06."""
    return [f"{value * scale:,.0f}" for value in values]


def round_step(least: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … that is no less."""
    ten = 1
    while ten * 10 < least:
        ten *= 10
    return next(ten * each for each in (1, 2, 5, 10) if ten * each >= least)


def holdings_by_level(parent: QWidget | None = None) -> BarChart:
    """How much is held at each level, by where it is."""
    return BarChart(_("Holdings by level and state"), names=_("level"), numbers=_("carriers"), parent=parent)


def overdue_by_week(parent: QWidget | None = None) -> BarChart:
    """How much was overdue in each week."""
    return BarChart(_("Overdue by week"), names=_("week"), numbers=_("carriers"), lying=False, parent=parent)


def holdings_by_department(parent: QWidget | None = None) -> BarChart:
    """Who has how much."""
    return BarChart(_("Who has what"), names=_("department"), numbers=_("carriers"), parent=parent)
