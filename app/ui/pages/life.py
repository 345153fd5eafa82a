"""The Life section: each chapter is the list of its slips, with what can be begun there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from app.domain.action import Ref, Subject
from app.domain.words import N_
from app.services.desk import Receipt
from app.store.reads import CarrierLine
from app.ui.beginning import AskCarrier, NewScannedSlip
from app.ui.pages.envelopes import EnvelopesPane
from app.ui.pages.slips import New, SlipsBase

LIFE = N_("Life")
WORKS_HERE = (
    "registry_clerk", "archivist", "secrecy_officer", "department_leader", "unit_leader", "general_manager",
    "classification_authority",
)  # fmt: skip
CLERKS = ("registry_clerk", "secrecy_officer")


class LifePage(SlipsBase):
    """One chapter."""

    section = LIFE
    duties: tuple[str, ...] = WORKS_HERE

    def _may(self, *duties: str) -> bool:
        return bool(self._workplace.duties & set(duties))

    def _new_slip(self, kind: str, act: str) -> None:
        NewScannedSlip(self._workplace, kind, act, self.open_number).open()

    def open_number(self, slip: int) -> None:
        """Show a slip that was just begun here, on the page that is here by now: another language makes it anew."""
        ref = Ref(Subject.SLIP, slip)
        self._workplace.window.go(self.code, lambda page: page.open(ref) if isinstance(page, LifePage) else None)

    def _open_born(self, receipt: Receipt) -> None:
        slip = receipt.slip or next((ref.id for ref in receipt.subjects if ref.kind is Subject.SLIP), None)
        if slip is not None:
            self.open_number(slip)


class MakingPage(LifePage):
    """Classification, print jobs and copy requests."""

    code, title, icon = "making", N_("Making and copying"), "pencil-outline"
    kinds = ("classification", "printing", "copying")
    empty = N_("Nothing is being made. What is written here begins with its classification.")

    def news(self) -> Sequence[New]:
        act = self._workplace.perform
        return (
            (N_("Propose a classification…"), lambda: act("propose_classification", on_done=self._open_born)),
            (N_("New print job…"), lambda: act("print_copies", on_done=self._open_born)),
            (N_("New copy request…"), self._copy),
        )

    def _copy(self) -> None:
        AskCarrier(self._workplace, N_("Which copy is copied?"), self._copy_of).open()

    def _copy_of(self, line: CarrierLine) -> None:
        self._workplace.perform(
            "copy_carrier", known={"original": line.id}, header=f"{line.number} · {line.title}", on_done=self._open_born
        )


class IncomingPage(LifePage):
    """Envelopes with their clocks, and the receipts they came in on."""

    code, title, icon = "incoming", N_("Incoming"), "email-open-outline"
    kinds = ("receipt",)
    empty = N_("No receipt is open. One begins with each envelope that is signed for.")
    duties = CLERKS

    envelopes: EnvelopesPane
    """Above the list, and built with it."""

    def news(self) -> Sequence[New]:
        return ((N_("Sign for an envelope…"), self._sign_for),)

    def _sign_for(self) -> None:
        self._workplace.perform("sign_for_envelope", on_done=self._choose_born)

    def _choose_born(self, receipt: Receipt) -> None:
        """The steps below the list are on the envelope that was just signed for, not on an older one."""
        born = next((ref.id for ref in receipt.subjects if ref.kind is Subject.ENVELOPE), None)
        if born is not None:
            self.envelopes.choose_next(born)

    def above(self, parent: QWidget) -> QWidget:
        self.envelopes = EnvelopesPane(self._workplace, parent)
        return self.envelopes

    def reload(self) -> None:
        super().reload()
        self.envelopes.reload()

    def open(self, ref: Ref) -> None:
        """Show a receipt, or choose an envelope."""
        if ref.kind is Subject.ENVELOPE:
            self.pane.back()
            self.envelopes.choose(ref.id)
        else:
            super().open(ref)


class OutgoingPage(LifePage):
    """Parcels and their receipts."""

    code, title, icon = "outgoing", N_("Outgoing"), "send-outline"
    kinds = ("parcel",)
    empty = N_("No parcel is under way. Begin one, then scan what goes in.")

    def news(self) -> Sequence[New]:
        return ((N_("New parcel…"), partial(self._new_slip, "parcel", "dispatch")),)


class LoansPage(LifePage):
    """Loans and what they wait for."""

    code, title, icon = "loans", N_("Loans and circulation"), "book-account-outline"
    kinds = ("loan",)
    empty = N_("Nothing is out on loan. A loan begins at the Counter, with a badge or a copy.")

    def news(self) -> Sequence[New]:
        return ((N_("Lend or take back at the counter"), lambda: self._workplace.window.go("counter")),)


class HandoverPage(LifePage):
    """Charges handed over."""

    code, title, icon = "handover", N_("Handover"), "handshake-outline"
    kinds = ("handover",)
    empty = N_("No handover is under way. It lists by itself all that the giver answers for.")

    def news(self) -> Sequence[New]:
        if not self._may("registry_clerk", "secrecy_officer", "department_leader", "unit_leader"):
            return ()
        return (
            (
                N_("Hand over a charge…"),
                lambda: self._workplace.perform("open_handover", on_done=self._open_born),
            ),
        )


class ArchivePage(LifePage):
    """Filing in the archive room and transfer to the archives."""

    code, title, icon = "archive", N_("Archive"), "archive-outline"
    kinds = ("filing", "transfer")
    empty = N_("No filing list and no transfer is open. Begin one, then scan what goes on it.")

    def news(self) -> Sequence[New]:
        if not self._may("registry_clerk", "archivist"):
            return ()
        return (
            (N_("New filing list…"), partial(self._new_slip, "filing", "file_to_archive")),
            (N_("New transfer to the archives…"), partial(self._new_slip, "transfer", "transfer_to_archives")),
        )


class DestructionPage(LifePage):
    """Destruction lists, bags and certificates."""

    code, title, icon = "destruction", N_("Destruction"), "fire"
    kinds = ("destruction",)
    empty = N_("No destruction list is open. Begin one, then scan what is proposed.")

    def news(self) -> Sequence[New]:
        return ((N_("New destruction list…"), partial(self._new_slip, "destruction", "propose_destruction")),)


CHAPTERS: tuple[type[LifePage], ...] = (
    MakingPage,
    IncomingPage,
    OutgoingPage,
    LoansPage,
    HandoverPage,
    ArchivePage,
    DestructionPage,
)
"""In the order of a life."""
