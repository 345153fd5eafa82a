"""Boxes for numbers that take what a Chinese input method types wide: the toolkit's swallow ２ without a word."""

from __future__ import annotations

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox

from app.domain.characters import narrow


class WholeBox(QSpinBox):
    """A whole number."""

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        return super().validate(narrow(text), at)


class DecimalBox(QDoubleSpinBox):
    """A number with its decimals."""

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        return super().validate(narrow(text), at)
