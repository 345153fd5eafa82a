"""What the columns of a file mean: by their names, or by a mapping file that also says what words and dates mean."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import msgspec

from app.domain.words import N_, Says, says
from app.i18n import translate
from app.paths import content_of, resource
from app.services.importing.aliases import COLUMNS, FIELDS, REPEATABLE, TAKEN_OVER
from app.services.importing.files import NotImportable, heading
from app.services.list_columns import CAVEATS_SPLIT
from app.store.failures import system_words


class Marked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one way of writing a level stands for."""

    level: str
    caveats: tuple[str, ...] = ()


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """What a mapping file says; every part may be left out, then columns are known by their names."""

    name: str = ""
    regime: str = ""
    sheet: str | None = None
    encoding: str | None = None
    columns: dict[str, str] = {}
    """Column in the file → field."""
    templates: dict[str, str] = {}
    """Field → text with columns in braces, e.g. source = "{Volume ID}/{Seq}"."""
    constants: dict[str, str] = {}
    """Field → what holds where the file says nothing: level, place, custodian, scope, originator, kind, period."""
    levels: dict[str, str | Marked] = {}
    caveats: dict[str, str] = {}
    """As written → code; empty keeps the words among the remarks, as handling that is no caveat of the regime."""
    caveats_split: str = CAVEATS_SPLIT
    states: dict[str, str] = {}
    dates: tuple[str, ...] = ()
    """Ways in which dates are written, e.g. MM/DD/YYYY; without one, 03/04/2026 is ambiguous and kept as written."""
    received: bool = True
    """Whether the documents came from elsewhere."""
    unknown_people: Literal["reject", "register"] = "reject"
    unknown_places: Literal["reject", "register"] = "reject"
    place_grade: int = 1
    """The protection of places that are entered with the book."""

    @cached_property
    def by_heading(self) -> Dict[str, str]:
        """Columns as `heading` folds them, and the field each is."""
        named = {heading(column): field for column, field in self.columns.items()}
        used = set(named.values()) | set(self.templates)
        return named | {
            column: field
            for column, field in COLUMNS.items()
            if column not in named and (field in REPEATABLE or field not in used)
        }

    def score(self, row: Sequence[str]) -> int:
        """How many cells of a row are columns: the header is the row with the most, and two at the least."""
        wanted = {heading(column) for column in self.columns}
        known = sum(1 for cell in row if cell in self.by_heading) + sum(1 for cell in row if cell and cell in wanted)
        return known if known > 1 else 0


BY_NAME = Mapping()


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of one file is which field."""

    names: tuple[str, ...]
    of: Dict[str, tuple[int, ...]]
    templates: Dict[str, tuple[tuple[str, int | None], ...]]
    unknown: tuple[str, ...]

    def has(self, field: str) -> bool:
        """Whether the file says anything about the field."""
        return field in self.of or field in self.templates

    def name(self, field: str) -> str:
        """What the file calls the field; what it has no column for, by our name."""
        found = self.of.get(field)
        return self.names[found[0]] if found else translate(FIELDS.get(field, field))


def columns_of(mapping: Mapping, header: Sequence[str], names: Sequence[str]) -> Columns:
    """The fields of a file's columns; of two columns for one field the first counts."""
    of: dict[str, list[int]] = {}
    unknown = []
    for index, cell in enumerate(header):
        field = mapping.by_heading.get(cell)
        if field is None or (field in of and field not in REPEATABLE):
            if cell:
                unknown.append(names[index])
        elif field != "ignore":
            of.setdefault(field, []).append(index)
    missing = [column for column in mapping.columns if heading(column) not in header]
    if missing:
        raise NotImportable(
            says(N_("The file has no column {columns}, which the mapping names."), columns=tuple(missing)),
            says(N_("Its columns are: {columns}."), columns=tuple(name for name in names if name)),
        )
    templates = {field: _template(text, header, names) for field, text in mapping.templates.items()}
    return Columns(tuple(names), {field: tuple(at) for field, at in of.items()}, templates, tuple(unknown))


def _template(text: str, header: Sequence[str], names: Sequence[str]) -> tuple[tuple[str, int | None], ...]:
    parts: list[tuple[str, int | None]] = []
    for index, piece in enumerate(re.split(r"\{([^{}]*)\}", text)):
        if index % 2 == 0:
            parts.append((piece, None))
        elif heading(piece) in header:
            parts.append(("", list(header).index(heading(piece))))
        else:
            raise NotImportable(
                says(N_("The file has no column {columns}, which the mapping names."), columns=(piece,)),
                says(N_("Its columns are: {columns}."), columns=tuple(name for name in names if name)),
            )
    return tuple(parts)


def shipped_mappings() -> tuple[str, ...]:
    """The mappings that come with the program, by name."""
    return tuple(sorted(file.stem for file in resource("mappings").glob("*.toml")))


def load_mapping(named: str | Path | None, regime: str = "", place: str = "", come_along: int | None = None) -> Mapping:
    """A mapping by the name of a shipped one or by its file; what was chosen beside it goes before.

    `come_along` is the protection of the places that are entered with the book, as people are then.
    Without a name, columns are known by their headings; `NotImportable` says where a mapping is wrong.
    """
    mapping = _read(named) if named else BY_NAME
    chosen: dict[str, Any] = {"regime": regime} if regime else {}
    if place:
        chosen["constants"] = {**mapping.constants, "place": place}
    if come_along is not None:
        chosen |= {"unknown_people": "register", "unknown_places": "register", "place_grade": come_along}
    return msgspec.structs.replace(mapping, **chosen)


def _read(named: str | Path) -> Mapping:
    file = resource(f"mappings/{named}.toml") if str(named) in shipped_mappings() else Path(named)
    try:
        mapping = msgspec.convert(tomllib.loads(content_of(file).decode()), Mapping)
    except OSError as error:
        raise NotImportable(
            says(
                N_("The mapping {file} cannot be read: {cause}."),
                file=file.name or str(file),
                cause=system_words(error),
            ),
            says(N_("Shipped mappings are: {names}."), names=shipped_mappings()),
        ) from error
    except UnicodeDecodeError as error:
        wrong = says(N_("The mapping {file} is not written in {encoding}."), file=file.name, encoding="UTF-8")
        raise NotImportable(wrong, says(N_("Save it again as UTF-8."))) from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise _wrong(file, str(error)) from error
    unknown = sorted({*mapping.columns.values(), *mapping.templates, *mapping.constants} - FIELDS.keys())
    if unknown:
        raise NotImportable(
            says(N_("The mapping {file} names unknown fields: {fields}."), file=file.name, fields=tuple(unknown)),
            says(N_("The fields are: {fields}."), fields=tuple(FIELDS)),
        )
    for way in mapping.dates:
        if not _whole(way):
            raise _wrong(file, says(N_("“{text}” is no way of writing a date, such as DD/MM/YYYY"), text=way))
    for state in mapping.states.values():
        if state not in IMPORTED_STATES:
            known = says(N_("“{text}” is no state; the states are {known}"), text=state, known=IMPORTED_STATES)
            raise _wrong(file, known)
    return mapping


IMPORTED_STATES = tuple(state.value for state in TAKEN_OVER)
"""The same by code, as a mapping file names them."""


def _whole(way: str) -> bool:
    """Whether a way of writing dates has year, month and day, each once."""
    return sorted(piece[0] for piece in re.findall(r"YYYY|MM?|DD?", way)) == ["D", "M", "Y"]


def _wrong(file: Path, cause: Says | str) -> NotImportable:
    return NotImportable(
        says(N_("The mapping {file} is wrong: {cause}."), file=file.name, cause=cause),
        says(N_("Correct it there; docs/manual/import.md shows a whole one.")),
    )
