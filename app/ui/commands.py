"""What the palette offers beside the pages: acts that begin something, paper of the desk, what the window can do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from app.actions import CATALOGUE
from app.domain.action import Ref, Subject
from app.domain.words import N_
from app.i18n import CHINESE, ENGLISH
from app.ui.page import Command
from app.ui.workplace import Workplace

BEGIN = (
    "propose_classification", "print_copies", "sign_for_envelope", "register_received", "open_handover",
    "register_person", "register_place", "open_account",
)  # fmt: skip
"""Acts that begin something and need no subject."""
PAPER_OF_THE_DESK = (
    ("command_card", N_("Print the command card")),
    ("calibration_sheet", N_("Print the scanner's calibration sheet")),
)
BOOKS_OF_THE_YEAR = (
    ("incoming_register", N_("Print this year's incoming register")),
    ("loan_log", N_("Print this year's loan log")),
)
IMPORT = N_("Import an existing book…")
IMPORTS = N_("Books taken over…")
THE_REGISTER = Ref(Subject.REGISTER, 1)


def commands_of(workplace: Workplace) -> list[Command]:
    """Every command the duties of the person allow."""
    acts = [CATALOGUE[code] for code in BEGIN if code in CATALOGUE]
    commands = [
        Command(act.label, partial(workplace.perform, act), icon="plus")
        for act in acts
        if act.brings_forth() and (not act.duties or workplace.duties & set(act.duties))
    ]
    commands.append(
        Command(CATALOGUE["change_password"].label, partial(workplace.perform, "change_password"), icon="key")
    )
    sheet = CATALOGUE["replace_recovery"]
    if workplace.duties & set(sheet.duties):
        commands.append(Command(sheet.label, partial(workplace.perform, sheet), icon="lifebuoy"))
    if "registry_clerk" in workplace.duties:
        commands.append(Command(IMPORT, partial(begin_import, workplace), icon="import"))
        commands += _papers(workplace, BOOKS_OF_THE_YEAR)
    if workplace.duties & set(CATALOGUE["void_import"].duties):
        commands.append(Command(IMPORTS, partial(_show_imports, workplace), icon="import"))
    commands += _papers(workplace, PAPER_OF_THE_DESK)
    window = workplace.window
    commands += [
        Command(N_("Lock now"), window.lock_wanted.emit, "Ctrl+L", "lock-outline"),
        Command(N_("English"), _language(workplace, ENGLISH), icon="translate"),
        Command(N_("Chinese"), _language(workplace, CHINESE), icon="translate"),
    ]
    return commands


def _papers(workplace: Workplace, papers: Iterable[tuple[str, str]]) -> list[Command]:
    return [
        Command(label, partial(workplace.preview, code, THE_REGISTER), icon="printer-outline") for code, label in papers
    ]


def _language(workplace: Workplace, language: str) -> Callable[[], None]:
    return partial(workplace.window.use_language, language)


def begin_import(workplace: Workplace, *_clicked: object) -> None:
    """Open the import of a book that was kept elsewhere."""
    from app.ui.importing import ImportDialog  # start-up: only an import needs it

    ImportDialog(workplace).open()


def _show_imports(workplace: Workplace) -> None:
    from app.ui.imports_dialog import ImportsDialog  # start-up: as above

    ImportsDialog(workplace).open()
