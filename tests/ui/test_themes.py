"""Words stand out from what they lie on, in every theme and in every state of a button."""

import re

import pytest
from PySide6.QtGui import QColor

from app.ui import theme

LEAST = 4.5
"""WCAG 2.2, 1.4.3; what cannot be pressed is let off there, not here."""
RULE = re.compile(r"(?m)^(QPushButton[^{]*)\{([^}]*)\}")


def light(colour: str) -> float:
    parts = QColor(colour).getRgbF()[:3]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", theme.THEMES)
def test_a_button_can_be_read_in_every_state(name: str) -> None:
    wrong = []
    for button, style in RULE.findall(theme.style_sheet(theme.THEMES[name])):
        ground = re.search(r"background: (#\w+)", style)
        ink = re.search(r"(?<!-)color: (#\w+)", style)
        if ground and ink and contrast(ground[1], ink[1]) < LEAST:
            wrong.append((button.strip(), ground[1], ink[1]))
    assert wrong == []
