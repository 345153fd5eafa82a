"""One row of an old book read as a document and its copies; what cannot be read is refused by name, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from app.domain.carrier import ENDED, EVERYBODY, STATE_NAMES, DocumentState, State
from app.domain.characters import unkeepable
from app.domain.classification import Classification, Mark, as_received, lifts, objection_to
from app.domain.regime import Regime
from app.domain.words import N_, Term, says
from app.services.importing.aliases import DATES, EVERYBODY_WORDS, KINDS, PLAIN_REMARKS, STATES, TAKEN_OVER
from app.services.importing.book_row import BookRow
from app.services.importing.files import Cell, Row, heading
from app.services.importing.mapping import Columns, Mapping
from app.services.importing.marks import Marks, Unfit
from app.services.importing.values import MOST_COPIES, NO_DAY, Day, copy_numbers, day_of, text_of, whole_number

LONGEST_NUMBER = 200
LONGEST_REFERENCE = 1_000


class Reader:
    """Reads the rows of one file by its mapping, under one regime."""

    def __init__(self, mapping: Mapping, columns: Columns, regime: Regime, keeper: str, today: date) -> None:
        self._mapping = mapping
        self._columns = columns
        self._regime = regime
        self._keeper = keeper
        self._today = today
        self._marks = Marks(mapping, regime)
        self._states = STATES | {heading(text): State(value) for text, value in mapping.states.items()}
        self._claims = self._claimed()
        self._kept = self._read_columns()

    def _claimed(self) -> frozenset[str]:
        has = {*self._columns.of, *self._columns.templates}
        derived = {
            "caveats": {"caveats"}, "copy_no": {"copy_no", "copies"}, "foreign_code": {"source"},
            "as_written": DATES, "state": {"state", "holder", "voucher", "receipt", "sent_on", "archive_no"},
        }  # fmt: skip
        given = {name for name, sources in derived.items() if has & sources}
        return frozenset(has | given) - {"number", "source", "copies"}

    def _read_columns(self) -> Dict[int, str]:
        """The columns whose cells reach the register, and the field each is."""
        templates = {at: name for name, parts in self._columns.templates.items() for _, at in parts if at is not None}
        return templates | {at: name for name, places in self._columns.of.items() for at in places}

    # --- the row -------------------------------------------------------------------------------------------------

    def read(self, number: int, cells: Row) -> BookRow:
        """The row; raises `Unfit` with the column and what is wrong there."""
        for at, name in self._kept.items():
            cell = cells[at] if at < len(cells) else None
            if isinstance(cell, str) and (wrong := unkeepable(cell)):
                raise Unfit(name, wrong)
        row = BookRow(number, cells, claims=self._claims)
        days = {name: self._day(row, name) for name in DATES}
        written = ((self._columns.name(name), day.written) for name, day in days.items() if day.written)
        self._is_of_this_regime(row)
        kept = self._text(row, "as_written")  # of a list that was exported, with the names that columns had before
        if kept:
            row.flags.append(("as_written", says(N_("kept as written: {text}"), text=kept)))
        row.as_written = "; ".join(filter(None, (kept, *(f"{name}: {words}" for name, words in written))))
        row.issued, row.received_on, row.sent = days["issued"].day, days["received_on"].day, days["sent_on"].day
        self._identity(row)
        self._texts(row)
        self._classification(row)
        self._copies(row)
        self._custody(row, days)
        return row

    def _is_of_this_regime(self, row: BookRow) -> None:
        """A list of several regimes is taken over under each of them: 机密 is another thing in a company."""
        name = self._regime.name
        if (text := self._text(row, "regime")) and heading(text) not in map(
            heading, (self._regime.code, name.zh, name.en)
        ):
            reason = says(
                N_("it belongs to “{text}”, and this import is under {regime}: import the file once more under that"),
                text=text, regime=Term(name.zh, name.en),
            )  # fmt: skip
            raise Unfit("regime", reason)

    def _cell(self, cells: Row, name: str) -> Cell:
        at = self._columns.of.get(name)
        return cells[at[0]] if at and at[0] < len(cells) else None

    def _text(self, row: BookRow, name: str) -> str:
        """What the file says about the field, else the mapping's constant."""
        if template := self._columns.templates.get(name):
            return _filled(template, row.cells)
        cell = self._cell(row.cells, name)
        if isinstance(cell, datetime | date) and name not in DATES:
            row.flags.append((name, says(N_("the spreadsheet holds a date here: {text}"), text=text_of(cell))))
        return text_of(cell) or self._mapping.constants.get(name, "")

    def _day(self, row: BookRow, name: str) -> Day:
        if name not in self._columns.of:
            return NO_DAY
        day = day_of(self._cell(row.cells, name), self._mapping.dates)
        if day.why is not None:
            row.flags.append((name, day.why))
        elif name != "due" and day.day is not None and day.day > self._today:
            row.flags.append((name, says(N_("{day} lies in the future"), day=day.day)))
        return day

    def _identity(self, row: BookRow) -> None:
        for name in ("number", "source", "reference"):
            if isinstance(self._cell(row.cells, name), datetime | date) and name not in self._columns.templates and (
                name != "reference" or not (self._columns.has("number") or self._columns.has("source"))
            ):  # fmt: skip
                reason = says(N_("the spreadsheet turned this number into a date; what it was is lost"))
                raise Unfit(name, reason)
        row.number = " ".join(self._text(row, "number").split())
        row.source = " ".join(self._text(row, "source").split())
        row.reference = self._text(row, "reference")
        if not row.number and not row.source:
            row.source = " ".join(row.reference.split())
        if not row.number and not row.source:
            raise Unfit("number", says(N_("no number by which it could be known again")))
        for name in ("number", "source"):
            if len(getattr(row, name)) > LONGEST_NUMBER:
                raise Unfit(name, says(N_("longer than a number can be ({n} characters)"), n=LONGEST_NUMBER))
        if len(row.reference) > LONGEST_REFERENCE:
            raise Unfit("reference", says(N_("longer than a number can be ({n} characters)"), n=LONGEST_REFERENCE))

    def _texts(self, row: BookRow) -> None:
        row.short_title = self._text(row, "short_title")
        row.title = self._text(row, "title") or row.short_title
        if not row.title:
            raise Unfit("title", says(N_("no title")))
        row.originator = self._text(row, "originator")
        row.serial_no = self._text(row, "serial_no")
        row.archive_no = self._text(row, "archive_no")
        if template := self._columns.templates.get("remarks"):
            row.remarks = _filled(template, row.cells)
        else:
            at = self._columns.of.get("remarks", ())
            row.remarks = "; ".join(filter(None, (self._remark(row, i) for i in at if i < len(row.cells))))
        self._describe(row)

    def _remark(self, row: BookRow, at: int) -> str:
        """A remark; what another column adds to the remarks says which column it was."""
        words, name = text_of(row.cells[at]), self._columns.names[at]
        return words if not words or heading(name) in PLAIN_REMARKS else f"{name}: {words}"

    def _describe(self, row: BookRow) -> None:
        scope = [text_of(row.cells[i]) for i in self._columns.of.get("scope", ()) if i < len(row.cells)]
        words = ",".join(filter(None, scope)) or self._mapping.constants.get("scope", "")
        named = filter(None, (word.strip() for word in re.split(r"[,，、;；\n]", words)))
        row.scope = tuple(EVERYBODY if heading(word) in EVERYBODY_WORDS else word for word in named)
        if kind := self._text(row, "kind"):
            if heading(kind) not in KINDS:
                raise Unfit("kind", says(N_("“{text}” is no known kind of carrier"), text=kind))
            row.kind = KINDS[heading(kind)]
        if (pages := self._text(row, "pages")) and (counted := whole_number(pages)) is None:
            row.flags.append(("pages", says(N_("“{text}” is no number of pages"), text=pages)))
            row.as_written = "; ".join(filter(None, (row.as_written, f"{self._columns.name('pages')}: {pages}")))
        elif pages:
            row.pages = counted

    def _classification(self, row: BookRow) -> None:
        """Level, period and caveats; the period counts from the issue date, where that is known."""
        mark = self._marks.level(self._text(row, "level"))
        caveats, handling = self._marks.caveats(self._text(row, "caveats"))
        if handling:
            row.remarks = "; ".join(filter(None, (row.remarks, *handling)))
        period = self._marks.period(self._text(row, "period"), mark)
        if period is None:  # the regime says what holds then; the file says nothing
            row.claims -= {"period"}
        if objection := objection_to(mark.level, period, row.issued, self._regime):
            raise Unfit("period" if self._columns.has("period") else "level", objection.reason)
        if self._mapping.received:
            period = as_received(Mark(mark.level, period), row.issued, self._regime).period
        row.level, row.period = mark.level, str(period) if period is not None else None
        row.lifts = lifts(Classification(mark.level, period, row.issued), self._regime)
        row.caveats = tuple(sorted({*mark.caveats, *caveats}))

    # --- copies and custody ----------------------------------------------------------------------------------------

    def _copies(self, row: BookRow) -> None:
        cell = self._cell(row.cells, "copy_no")
        if isinstance(cell, datetime | date):
            raise Unfit("copy_no", says(N_("the spreadsheet turned this number into a date; what it was is lost")))
        numbers = copy_numbers(cell)
        if numbers is None:
            raise Unfit("copy_no", says(N_("“{text}” is no copy number and no span of them"), text=text_of(cell)))
        total = self._total(row)
        count = self._text(row, "copies")
        if not count and total and not self._columns.has("copy_no"):
            count = str(total)
        copies = whole_number(count) if count else None
        if count and not copies:
            raise Unfit("copies", says(N_("“{text}” is no number of copies"), text=count))
        if copies is not None and copies > MOST_COPIES:
            raise Unfit("copies", says(N_("more than {n} copies in one row"), n=MOST_COPIES))
        if len(numbers) > 1 and copies is not None and copies != len(numbers):
            reason = says(N_("{copies} copies, but the copy numbers are {n}"), copies=copies, n=len(numbers))
            raise Unfit("copies", reason)
        if len(numbers) == 1 and copies is not None and copies >= max(numbers[0], 2):
            row.copies_of = copies
        if total:
            row.copies_of = total
        row.copies = numbers or (tuple(range(1, copies + 1)) if copies and copies > 1 else (None,))

    def _total(self, row: BookRow) -> int | None:
        """Of how many copies this is one; where no column numbers them, it is how many there are."""
        if not (text := self._text(row, "copies_of")):
            return None
        if not (total := whole_number(text)):
            raise Unfit("copies_of", says(N_("“{text}” is no number of copies"), text=text))
        return total

    def _custody(self, row: BookRow, days: Dict[str, Day]) -> None:
        row.place, row.custodian = self._text(row, "place"), self._text(row, "custodian") or self._keeper
        row.holder, row.department = self._text(row, "holder"), self._text(row, "department")
        row.addressee, row.voucher = self._text(row, "addressee"), self._text(row, "voucher")
        row.due = days["due"].day
        receipt = self._text(row, "receipt")
        row.state = self._state(row, days, receipt)
        if row.state is State.EXTERNAL:
            row.voucher = row.voucher or receipt
        row.unfit = _wanting(row, days["due"])
        if row.state not in (State.LOAN, State.ISSUED):
            row.holder = ""

    def _state(self, row: BookRow, days: Dict[str, Day], receipt: str) -> State:
        if text := self._text(row, "state"):
            state = self._states.get(heading(text))
            if state is None:
                raise Unfit("state", says(N_("“{text}” is no known state"), text=text))
            return state
        if row.voucher:
            return State.DESTROYED
        if row.holder and not (days["returned_on"].day or days["returned_on"].written):
            return State.LOAN if self._columns.has("due") else State.ISSUED
        if self._columns.has("sent_on") and (days["sent_on"].day or days["sent_on"].written):
            return State.EXTERNAL if receipt else State.IN_TRANSIT
        return State.ARCHIVED if row.archive_no else State.IN_STOCK

    def document(self, row: BookRow) -> dict[str, Any]:
        """Fields of a new document, but for its free texts."""
        state = DocumentState.REGISTERED if self._mapping.received else DocumentState.CLASSIFIED
        fields: dict[str, Any] = {
            "regime": self._regime.code, "level": row.level, "state": state, "received": self._mapping.received,
            "reference": row.reference or None, "period": row.period, "caveats": list(row.caveats) or None,
            "issued": row.issued, "lifts": row.lifts, "fact.received_on": row.received_on,
        }  # fmt: skip
        return {name: value for name, value in fields.items() if value is not None}


def _wanting(row: BookRow, due: Day) -> Unfit | None:
    """What the row would have to say about where it is, if it is to be taken over."""
    state = says(STATE_NAMES[row.state])
    if row.state not in TAKEN_OVER:
        reason = N_("it is {state}; a book brings nothing in that state. Enter it by hand, or bring it to rest first")
        return Unfit("state", says(reason, state=state))
    if row.state is State.LOAN and row.due is None:
        return Unfit("due", due.why or says(N_("on loan without a due date")))
    if row.state in (State.LOAN, State.ISSUED) and not row.holder:
        return Unfit("holder", says(N_("out, but with nobody")))
    if row.state in ENDED and not row.voucher:
        return Unfit("voucher", says(N_("it is {state}, but no voucher is named"), state=state))
    if row.state not in ENDED and row.state is not State.ISSUED and not row.place:
        return Unfit(
            "place",
            says(N_("no place: write it in that column, or choose one for all rows (window, --place, mapping)")),
        )
    return None


def _filled(template: Sequence[tuple[str, int | None]], cells: Row) -> str:
    return "".join(
        piece if at is None else text_of(cells[at] if at < len(cells) else None) for piece, at in template
    ).strip()
