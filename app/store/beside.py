"""Proving what lies beside the ledger: the texts that entries name by digest, and which documents a search can find."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from app.domain.action import Ref, Subject
from app.domain.ledger import text_digest
from app.domain.words import N_, Says, says
from app.store.withdrawal import PART as WITHDRAWN

CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Wrong:
    """What does not agree with the book, and the entry that it denies."""

    sentence: Says
    at: int
    subject: Ref | None = None


def lost_to_search(connection: Connection) -> Wrong | None:
    """A document that a search can no longer find, or an index row of none; what each row says is not read again."""
    sides = (("documents", "search_docsize"), ("search_docsize", "documents"))
    odd = [
        connection.exec_driver_sql(
            f"SELECT a.id FROM {one} a LEFT JOIN {other} b ON b.id = a.id WHERE b.id IS NULL ORDER BY a.id LIMIT 1"  # noqa: S608 - own names
        ).scalar()
        for one, other in sides
    ]
    number = min((each for each in odd if each is not None), default=None)
    if number is None:
        return None
    ref = Ref(Subject.DOCUMENT, number)
    last = connection.exec_driver_sql(
        "SELECT max(seq) FROM ledger WHERE subject_kind = 'D' AND subject = ?", (number,)
    ).scalar()
    sentence = N_("The search index does not have {subject} as the book does.")
    return Wrong(says(sentence, subject=str(ref)), last or 0, ref)


def wrong_text(connection: Connection, named: dict[int, int]) -> Wrong | None:
    """Texts that are not what their digest says, that are gone, or that are empty though nobody withdrew them."""
    keys = connection.exec_driver_sql("SELECT key FROM parts WHERE part = ?", (WITHDRAWN.rstrip("."),)).all()
    taken = {key for (key,) in keys}  # an older backup still holds the words, and their digest would fit
    cursor = connection.connection.cursor()
    cursor.arraysize = CHUNK
    cursor.execute("SELECT digest, salt, words, withdrawn FROM texts")
    edited = N_("The text {digest} was edited outside the book; entry {seq} named it first.")
    wrong: list[tuple[int, str]] = []
    try:
        while rows := cursor.fetchmany():
            for stored in rows:
                digest, salt, words, withdrawn = stored
                if tuple(map(type, stored[:2])) != (str, bytes) or type(words) not in (str, type(None)):
                    wrong.append((0, str(digest)))  # only an edit outside the book leaves another type there
                    continue
                seq = named.pop(hash(digest.encode()), 0)
                if words is None:
                    said = connection.exec_driver_sql("SELECT body FROM ledger WHERE seq = ?", (withdrawn,)).scalar()
                    sound = said is not None and f'"{WITHDRAWN}{digest}":'.encode() in said
                else:
                    sound = seq > 0 and withdrawn is None and digest not in taken
                    sound = sound and text_digest(salt, words) == digest
                if not sound:
                    wrong.append((seq, digest))
    finally:
        cursor.close()
    wrong += [(seq, "") for seq in named.values()]
    if not wrong:
        return None
    seq, digest = min(wrong)
    gone = N_("A text that entry {seq} names is gone from the register.")
    return Wrong(says(edited, seq=seq, digest=digest) if digest else says(gone, seq=seq), seq)
