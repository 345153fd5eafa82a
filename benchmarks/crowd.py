"""What grows in one person's hands: a charge, a handover and a receipt of 5,000 lines, a document of 500 copies."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from app.actions.handover import OpenHandover
from app.actions.intake import OpenEnvelope, SignForEnvelope
from app.actions.receiving import RegisterReceived
from app.domain.action import Authority, Ref, Signature, Subject
from app.services.desk import Desk
from app.store import database as files
from benchmarks import measures

LINES, COPIES = 5_000, 500
CLERK, SECOND, LEADER, GIVER, RECEIVER = 1, 2, 4, 6, 7
PLACE = 3


def gather(folder: Path) -> None:
    """Put all of it into a bench register, through the door."""
    with files.open_database(folder, measures.key_of(folder)) as database:
        desk = measures.confirmed(database)
        _received(desk, 1, CLERK)
        _received(desk, LINES // COPIES, GIVER)
        leader = measures.desk_of(database, LEADER, measures.NOON + timedelta(minutes=5))
        leader.perform(OpenHandover(giver=GIVER, receiver=RECEIVER, supervisor=SECOND, named_by=LEADER))


def _received(desk: Desk, documents: int, custodian: int) -> None:
    """One envelope with so many documents, each in so many copies."""
    channel = desk.regimes()[0].channels()[0].value.code
    signed = desk.perform(
        SignForEnvelope(number=f"E-{custodian}", regime="cn-state", sender="Ministry", channel=channel, items=documents)
    )
    envelope = next(ref for ref in signed.subjects if ref.kind is Subject.ENVELOPE)
    both = Authority(signatures=(Signature(SECOND, "second"),))
    desk.perform(OpenEnvelope(second=SECOND), [Ref(Subject.ENVELOPE, envelope.id)], both)
    for number in range(1, documents + 1):
        desk.perform(
            RegisterReceived(
                envelope=envelope.id, regime="cn-state", level="mimi", title=f"Circular {number} in {COPIES} copies",
                short_title=f"C {number}", originator="Ministry", pages=4, copies=COPIES, place=PLACE,
                scope_units=("*",), custodian=custodian,
            )
        )  # fmt: skip
