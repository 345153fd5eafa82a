"""Qt's own texts in the language of the window: the file dialog, Copy and Paste, Cancel."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

_NAME = "qt_words"


def speak(language: str) -> None:
    """Let Qt speak this language from now on."""
    application = QApplication.instance()
    if application is None:
        return
    if (before := application.findChild(QTranslator, _NAME)) is not None:
        application.removeTranslator(before)
        before.setObjectName("")
        before.deleteLater()
    words = QTranslator(application)
    words.setObjectName(_NAME)
    if words.load(QLocale(language), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(words)
