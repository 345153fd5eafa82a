"""The columns of a list that is exported: what each is called, and the field it is when the list is imported again."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.words import N_
from app.i18n import LANGUAGES, translate

COLUMNS: Mapping[str, str] = {
    "number": N_("Number"),
    "copy_no": N_("Copy number"),
    "copies_of": N_("Of how many"),
    "regime": N_("Regime"),
    "level": N_("Level"),
    "caveats": N_("Caveats"),
    "period": N_("Period"),
    "kind": N_("Kind"),
    "state": N_("State"),
    "title": N_("Title"),
    "short_title": N_("Short title"),
    "reference": N_("Reference"),
    "originator": N_("Originator"),
    "issued": N_("Date of issue"),
    "holder": N_("Holder"),
    "department": N_("Department"),
    "place": N_("Place"),
    "custodian": N_("Custodian"),
    "due": N_("Due date"),
    "addressee": N_("Addressee"),
    "voucher": N_("Voucher"),
    "pages": N_("Pages"),
    "serial_no": N_("Serial number"),
    "archive_no": N_("Archive number"),
    "as_written": N_("Mark or date as written"),
    "scope": N_("Access scope"),
    "remarks": N_("Remarks"),
}
"""Field of an import → heading."""

CAVEATS_SPLIT = ";；,，/"
"""The signs between the caveats of a cell."""

QUOTE = "'"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheets take for the beginning of a formula, in the wide forms of Chinese input too."""


def tamed(text: str) -> str:
    """A text that a spreadsheet would run as a formula, with a quote before it."""
    return f"{QUOTE}{text}" if text.lstrip(QUOTE).startswith(DANGEROUS) else text


def untamed(text: str) -> str:
    """The text before it was tamed."""
    return text[1:] if text.startswith(QUOTE) and text.lstrip(QUOTE).startswith(DANGEROUS) else text


LONGEST_CELL = 32_767
"""What a cell of .xlsx holds, counted in halves of UTF-16."""


def fits_a_cell(text: str) -> bool:
    """Whether a cell of .xlsx holds the text whole."""
    return len(text) * 2 <= LONGEST_CELL or len(text.encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST_CELL


def in_every_language(words: str) -> tuple[str, ...]:
    """A text as lists write it, whichever language they were exported in."""
    return tuple(translate(words, language) for language in LANGUAGES)
