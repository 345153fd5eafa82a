"""Every place in the program, in the order of the rail; a new page is one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.ui.page import Page
from app.ui.pages.carriers import CarriersPage
from app.ui.pages.counter import CounterPage
from app.ui.pages.documents import DocumentsPage
from app.ui.pages.life import CHAPTERS
from app.ui.pages.people import PeoplePage
from app.ui.pages.slips import SlipsPage
from app.ui.pages.today import TodayPage
from app.ui.workplace import Workplace

PLACES: tuple[Callable[[Workplace], Page], ...] = (
    TodayPage,
    CounterPage,
    CarriersPage,
    DocumentsPage,
    SlipsPage,
    *CHAPTERS,
    PeoplePage,
)
"""Each is built with the workplace; pages of one section stand together."""


def slips_waiting(open_slips: Mapping[str, int]) -> dict[str, int]:
    """How many slips are open on each page that lists them; Slips lists all."""
    found = {chapter.code: sum(open_slips.get(kind, 0) for kind in chapter.kinds) for chapter in CHAPTERS}
    return {SlipsPage.code: sum(open_slips.values()), **found}


def pages_of(workplace: Workplace) -> Sequence[Page]:
    """All pages, for the frame to keep those that the duties may use."""
    return [build(workplace) for build in PLACES]
