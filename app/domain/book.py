"""What the rules may ask of the register; the store answers, and a test may answer in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from app.domain.action import Subject
from app.domain.carrier import Carrier, Document, Envelope, Person, PersonId, Place

if TYPE_CHECKING:
    from app.domain.regime import Regime
    from app.domain.slip import Slip


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """The register itself: its number in codes, its unit, the language of its paper, what was chosen at set-up."""

    number: int
    unit: str
    language: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account as the rules see it: whose it is, which password is in force, whether it still opens."""

    id: int
    login: str
    person: PersonId
    generation: int
    open: bool


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What goes with a text that is withdrawn: every text that is it or quotes it, and an open slip that needs it."""

    digests: tuple[str, ...] = ()
    open_slip: str | None = None


class Book(Protocol):
    """What a rule may ask of the register beyond its own subject; what is not there raises `LookupError`.

    An answer costs by what it gives, not by the size of the book; but for `withdrawal_of`.
    """

    def register(self) -> RegisterFacts: ...
    def carrier(self, number: int) -> Carrier: ...
    def document(self, number: int) -> Document: ...
    def person(self, number: int) -> Person: ...
    def place(self, number: int) -> Place: ...
    def slip(self, number: int) -> Slip: ...
    def envelope(self, number: int) -> Envelope: ...
    def regime(self, code: str) -> Regime: ...
    def regimes(self) -> Sequence[Regime]: ...
    def load_carriers(self, numbers: Sequence[int]) -> None:
        """Read these at once, so that asking for each costs nothing."""

    def load_documents(self, numbers: Sequence[int]) -> None: ...
    def held_by(self, person: int) -> str | None:
        """The control number of something in somebody's hands or on their charge."""

    def regime_id(self, code: str) -> int | None:
        """The id of the version in force."""

    def slip_of_paper(self, number: int) -> int | None:
        """The slip a print was made of; None for none and for an unknown print."""

    def paper_is_kept(self, number: int) -> bool:
        """Whether a print was only looked at: no copy of it left."""

    def earliest_due(self, slip: int, *, but: Sequence[int]) -> date | None:
        """The first day on which a carrier out on the slip is due, these carriers aside."""

    def open_slip_of(self, kind: str, party: int) -> str | None:
        """The number of an open slip of that kind for that person."""

    def open_slip_asking(self, act: str, carrier: int, *, but: int | None) -> str | None:
        """The number of another open slip by which the act was applied for and is not done yet."""

    def open_slips_of(self, opener: int, *, but: int) -> Sequence[str]:
        """The numbers of the slips somebody opened that are open still."""

    def unopened_of(self, keeper: int) -> Sequence[str]:
        """The numbers of the unopened envelopes somebody answers for."""

    def receipts_of(self, keeper: int) -> Sequence[int]:
        """The slips of the envelopes somebody answers for that are not settled."""

    def places_kept_by(self, person: int) -> Sequence[int]:
        """The places somebody is named keeper of."""

    def count_in(self, place: int) -> int:
        """How many carriers should be in the place."""

    def lies_in(self, place: int, regime: str, level: str) -> bool:
        """Whether anything of the level lies in the place itself."""

    def lies_in_care(self, place: int, regime: str, level: str) -> bool:
        """Whether anything of the level lies where the keeper of the place answers."""

    def archive_numbers_taken(self, numbers: Sequence[str]) -> frozenset[str]:
        """Those of the numbers that carriers in the archive have."""

    def search_fields(self, document: int) -> Mapping[str, str]:
        """The texts of a document as the search index holds them, by field."""

    def has_overdue(self, person: int, today: date) -> bool:
        """Whether something in their hands was due before that day."""

    def copies_of(self, document: int) -> Sequence[Carrier]:
        """Every carrier of the document, in the order of copy numbers."""

    def in_container(self, envelope: int) -> Sequence[Carrier]:
        """What lies in an envelope or bag."""

    def charge_of(self, custodian: int) -> Sequence[Carrier]:
        """What somebody answers for, in the order it came."""

    def line_of(self, slip: int, carrier: int) -> tuple[int, Mapping[str, Any]] | None:
        """The last line about the carrier: its place on the slip, and what it says with carrier and status."""

    def lines_about(self, slip: int, carrier: int) -> Mapping[int, Mapping[str, Any]]:
        """Every line about the carrier, by place on the slip."""

    def lines_of(self, slip: int) -> Mapping[int, Mapping[str, Any]]:
        """Every line, by place on the slip."""

    def envelope_numbered(self, kind: str, number: str) -> int | None:
        """The envelope or bag of that number."""

    def number_is_taken(self, number: str) -> bool: ...
    def numbers_taken(self, numbers: Sequence[str]) -> frozenset[str]:
        """Those of the numbers that are control numbers of carriers."""

    def import_state(self, number: int) -> str | None: ...
    def carriers_of_import(self, number: int) -> Sequence[Carrier]: ...
    def slips_of_import(self, number: int) -> Sequence[int]:
        """The slips an import opened."""

    def touched_since_import(self, number: int) -> str | None:
        """The control number of a carrier on which something was done since."""

    def badge_is_taken(self, badge: str) -> bool: ...
    def login_is_taken(self, login: str) -> bool: ...
    def people_with(self, duty: str, today: date) -> Sequence[Person]:
        """Whoever holds the duty on that day."""

    def account_of(self, person: int) -> AccountFacts | None:
        """The open account of a person."""

    def account(self, number: int) -> AccountFacts | None: ...
    def last_moved(self, carrier: int) -> datetime | None:
        """When its state last changed, as it is said to have happened."""

    def entry(self, seq: int) -> bytes | None:
        """The bytes of an entry of the ledger."""

    def words(self, digest: str | None) -> str | None:
        """The text of that digest; None once it is withdrawn."""

    def digest_of(self, document: int, field: str) -> str | None:
        """The digest of a text of the document."""

    def withdrawal_of(self, digest: str) -> Withdrawal:
        """What goes with the text; walks all texts."""


class Numbers(Protocol):
    """Hands out the next number of a yearly series inside an act; the series gets its own entry."""

    def take(self, series: str) -> int: ...
    def following(self, series: str) -> int: ...
    def reach(self, series: str, number: int) -> None: ...
    def next_id(self, kind: Subject) -> int: ...
